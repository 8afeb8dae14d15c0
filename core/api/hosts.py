"""Under which names the API may be called.

A page elsewhere may let its own name point to this machine (DNS rebinding): the browser then takes our answers for the
page's own. Such a call still carries the page's name as Host, which is how it is told apart. An address of numbers
cannot be bent that way, so those are always allowed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import ip_address

from starlette.types import Scope

_HOST = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9_.-]+))(?::\d{1,5})?")
_ITSELF = "localhost"


@dataclass(frozen=True, slots=True)
class Hosts:
    """Names besides ``localhost`` and addresses: ``api.example.com``, ``.example.com`` with all below it, ``*``."""

    names: frozenset[str]

    @classmethod
    def of(cls, setting: str) -> Hosts:
        """The names of a setting, separated by commas."""
        return cls(frozenset(name.strip().lower() for name in setting.split(",") if name.strip()))

    def allow(self, scope: Scope) -> bool:
        """Whether a request came under a name that is ours: exactly one Host, and an allowed one."""
        if "*" in self.names:
            return True
        hosts = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
        return len(hosts) == 1 and self._allow_name(hosts[0])

    def _allow_name(self, host: str) -> bool:
        """
        >>> hosts = Hosts.of("crm.example, .team.example")
        >>> [hosts._allow_name(name) for name in ("localhost:8501", "[::1]:8501", "192.168.1.20", "CRM.example")]
        [True, True, True, True]
        >>> [hosts._allow_name(name) for name in ("a.team.example", "evil.example", "crm.example.evil.example", "")]
        [True, False, False, False]
        """
        found = _HOST.fullmatch(host)
        if found is None:
            return False
        name = (found[1] or found[2]).lower().removesuffix(".")
        if name == _ITSELF or name in self.names or _is_address(name):
            return True
        return any(f".{below}" in self.names for below in _above(name))


def _above(name: str) -> list[str]:
    """
    >>> _above("a.team.example")
    ['a.team.example', 'team.example', 'example']
    """
    parts = name.split(".")
    return [".".join(parts[place:]) for place in range(len(parts))]


@lru_cache(maxsize=256)
def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
