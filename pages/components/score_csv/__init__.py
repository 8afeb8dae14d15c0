"""The parts of scoring a file."""
