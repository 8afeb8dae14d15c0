"""The model's life: trained, compared, tried, promoted, watched, and kept with its versions."""
