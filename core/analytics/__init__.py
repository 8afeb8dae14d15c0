"""What the record says about the past and what follows from it: plain numbers in, plain numbers out."""
