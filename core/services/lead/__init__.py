"""Leads as people work with them: the list, one lead, what would change its score, its mail, its personal data."""
