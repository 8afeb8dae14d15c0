"""Scores: what a client sends, how it is read, what the model says of it, and what is kept and answered."""
