"""The parts of the threshold's page."""
