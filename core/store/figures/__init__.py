"""Figures that the database sums up, each as a few rows: what the analyses and the pipeline are computed from."""
