"""Does this installation work? Five checks on real things, in a folder that is thrown away.

The user's data folder is only read (which model answers), a configured database is only asked for a sign of life, and
what is put into a configured Redis for a moment is taken out again.
"""

from core.validation.checks import CHECKS, Check, Finding, validate

__all__ = ["CHECKS", "Check", "Finding", "validate"]
