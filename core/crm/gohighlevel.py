"""Custom fields of GoHighLevel's contacts over its REST API (version 2021-07-28)."""

from __future__ import annotations

from collections.abc import Mapping
from types import TracebackType
from typing import Final
from urllib.parse import quote, urlsplit

from core.errors import CrmUnavailable, InputError, SettingsError

VERSION: Final = "2021-07-28"
TIMEOUT_S: Final = 10.0
LONGEST_WAIT_S: Final = 3_600.0
_LOOPBACK: Final = ("127.0.0.1", "::1", "localhost")


class GoHighLevel:
    """A connection for one thread; it tries once and follows no redirect: the token is for the address that is set.

    Raises SettingsError for what is no address of the web, or one that would send the token unencrypted.
    """

    def __init__(self, address: str, token: str, timeout_s: float = TIMEOUT_S) -> None:
        import httpx2

        parts = urlsplit(address)
        local = parts.hostname in _LOOPBACK
        if parts.scheme not in ("https", "http") or not parts.hostname or (parts.scheme == "http" and not local):
            raise SettingsError(f"JORGE_GHL_API_URL is {address[:100]!r}; must begin with https://")
        headers = {"Authorization": f"Bearer {token}", "Version": VERSION, "Accept": "application/json"}
        self._http = httpx2.Client(
            base_url=address.rstrip("/"),
            headers=headers,
            timeout=timeout_s,
            follow_redirects=False,
            trust_env=not local,  # a proxy must not come between where the address is this machine
        )

    def __enter__(self) -> GoHighLevel:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def set_fields(self, contact_id: str, fields: Mapping[str, str | float]) -> None:
        """Give custom fields, by id, their values.

        Raises CrmUnavailable when it may work later, InputError when this contact or these fields never will.
        """
        import httpx2

        told = [{"id": name, "field_value": value} for name, value in fields.items()]
        try:
            answer = self._http.put(f"/contacts/{quote(contact_id, safe='')}", json={"customFields": told})
        except httpx2.HTTPError as error:
            raise CrmUnavailable(f"the CRM does not answer ({type(error).__name__}); it is tried again") from error
        status = answer.status_code
        if status in (401, 403):
            raise CrmUnavailable(f"the CRM refuses the token ({status}); check JORGE_GHL_API_TOKEN and its scopes")
        if status == 429:
            wait_s = _seconds(answer.headers.get("retry-after"))
            raise CrmUnavailable("the CRM wants fewer requests (429); it is told later", wait_s)
        if status >= 500 or 300 <= status < 400:
            raise CrmUnavailable(f"the CRM answers with {status}; it is tried again")
        if status >= 400:
            raise InputError(
                f"the CRM does not take the fields of this contact ({status}); check the ids of the fields"
            )


def _seconds(told: str | None) -> float | None:
    """A Retry-After in seconds; a date, which few send, counts as not told."""
    return min(float(told), LONGEST_WAIT_S) if told and told.strip().isdigit() else None
