"""The parts of the reports."""
