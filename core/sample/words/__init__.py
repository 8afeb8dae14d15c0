"""The words that the sample leads and their agents write with."""
