"""The parts of the commission pipeline."""
