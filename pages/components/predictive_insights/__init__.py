"""The parts of predictive insights."""
