"""Who sits at the command line, for what is noted of a change."""

from __future__ import annotations

import getpass


def person() -> str:
    """The user's name on this machine."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # no name for this user, as in some containers
        return "command-line"
