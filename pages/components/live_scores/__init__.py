"""The parts of the live scores."""
