"""The parts of the model's status."""
