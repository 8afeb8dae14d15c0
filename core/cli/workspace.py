"""The workspace as whoever sits at the command line uses it."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from contextlib import contextmanager

from core.services.access import trusted
from core.services.center import CommandCenter
from core.settings import Settings, load_settings


@contextmanager
def workspace(settings: Settings | None = None) -> Iterator[CommandCenter]:
    """The workspace of ``settings`` (None: of the environment), closed at the end; changes are noted as this user's."""
    with CommandCenter(settings or load_settings()) as center:
        yield center.acting_as(trusted(_user()))


def _user() -> str:
    """The user's name on this machine."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # no name for this user, as in some containers
        return "command-line"
