"""Which other sites may call the API from a browser."""

from __future__ import annotations

import re
from typing import Final

from core.errors import SettingsError

_ORIGIN: Final = re.compile(r"https?://(?:[a-z0-9_.-]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?")


def origins_in(setting: str) -> list[str]:
    """The origins of ``JORGE_CORS_ORIGINS``, as browsers send them. Raises SettingsError.

    >>> origins_in("https://CRM.example/, http://localhost:3000")
    ['https://crm.example', 'http://localhost:3000']
    """
    origins = [part.strip().rstrip("/").lower() for part in setting.split(",") if part.strip()]
    for origin in origins:
        if not _ORIGIN.fullmatch(origin):
            shown = origin.rpartition("@")[2]  # what stands before may be a password
            raise SettingsError(
                f"JORGE_CORS_ORIGINS has {shown[:100]!r}; must be origins like https://crm.example, each with http:// "
                "or https:// and without a path, separated by commas"
            )
    return origins
