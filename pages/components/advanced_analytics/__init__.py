"""The parts of advanced analytics."""
