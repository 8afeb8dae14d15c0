"""Learns from any table with an outcome: finds columns that know the future, fits, and says how sure it is."""
