"""The parts of the list of leads."""
