"""Money: what open leads are expected to bring, the plans that say who gets what, and the goals."""
