"""The team's CRM: what it tells becomes leads, and what we know of them may be written back."""
