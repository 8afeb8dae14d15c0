"""Learns a model from leads whose outcome is known, and measures it on leads that came later."""
