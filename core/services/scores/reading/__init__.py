"""The features of many leads at once, read by two processes."""
