"""What one process remembers of access; the parts of this folder fill it when they are first needed."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.services.access.actor import Actor
    from core.services.access.caller import Caller
    from core.services.access.issuer import Issuer
    from core.services.access.keys import KeyRing
    from core.services.access.rates import Limiter
    from core.services.center import CommandCenter


@dataclass(slots=True)
class AccessState:
    """Kept by a command center for ``core.services.access``."""

    secret: str | None = None
    issuer: Issuer | None = None
    keys: KeyRing | None = None
    limiter: Limiter | None = None
    making: Lock = field(default_factory=Lock)
    views: dict[Actor, CommandCenter] = field(default_factory=dict)
    refused: set[object] = field(default_factory=set)  # sign-ins that are noted already
    known: dict[bytes, Caller] = field(default_factory=dict)  # by digest of the token

    def close(self) -> None:
        """Write what waits and let go of connections."""
        if self.keys is not None:
            self.keys.close()
        if self.limiter is not None:
            self.limiter.close()
