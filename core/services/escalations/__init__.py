"""The second opinion: which leads Claude is asked about, inside which budget, and what it was worth."""
