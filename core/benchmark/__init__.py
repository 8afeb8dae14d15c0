"""Measures our own kernels against scikit-learn and shap in the same run, on distinct leads, by the median."""
