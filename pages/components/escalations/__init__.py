"""The parts of the second opinions."""
