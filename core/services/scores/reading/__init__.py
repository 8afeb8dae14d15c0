"""A batch by two processes: both read what its leads tell, and one writes contributions while the other saves."""
