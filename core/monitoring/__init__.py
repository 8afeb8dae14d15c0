"""A model in life: whether the leads are still those it was measured on, and whether what it says still comes true."""
