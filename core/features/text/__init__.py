"""What a text tells: small parsers, each for one kind of signal, over one prepared text."""
