"""The parts of one lead's screen."""
