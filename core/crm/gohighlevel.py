"""Custom fields of contacts, and what stages and users are called, over GoHighLevel's REST API (version 2021-07-28)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlsplit

from core.errors import CrmUnavailable, InputError, SettingsError

if TYPE_CHECKING:
    import httpx2

VERSION: Final = "2021-07-28"
TIMEOUT_S: Final = 10.0
LONGEST_WAIT_S: Final = 3_600.0
PAGE: Final = 100
MOST_USERS: Final = 100_000
_LOOPBACK: Final = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, slots=True)
class Named:
    """What an id is called; ``email`` is of users alone."""

    name_id: str
    name: str
    email: str | None = None


def is_this_machine(address: str) -> bool:
    """Whether the CRM's address is a stand-in here. Raises SettingsError for one that cannot be used."""
    try:
        parts = urlsplit(address)
        local = parts.hostname in _LOOPBACK
        fit = bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and local))
    except ValueError:
        fit = False
    if not fit:
        raise SettingsError(f"JORGE_GHL_API_URL is {address[:100]!r}; must begin with https://")
    return local


class GoHighLevel:
    """A connection for one thread; it tries once and follows no redirect: the token is for the address that is set.

    Raises SettingsError for what is no address of the web, or one that would send the token unencrypted.
    """

    def __init__(self, address: str, token: str, timeout_s: float = TIMEOUT_S) -> None:
        import httpx2

        local = is_this_machine(address)
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
        told = [{"id": name, "field_value": value} for name, value in fields.items()]
        status = self._ask("PUT", f"/contacts/{quote(contact_id, safe='')}", json={"customFields": told}).status_code
        if status >= 400:
            raise InputError(
                f"the CRM does not take the fields of this contact ({status}); check the ids of the fields"
            )

    def stages(self, location_id: str) -> list[Named]:
        """The stages of all pipelines of a location. Raises CrmUnavailable, InputError."""
        return [
            found
            for pipeline in self._list("/opportunities/pipelines", location_id, "pipelines")
            for stage in _objects(pipeline.get("stages"))
            if (found := _named(stage)) is not None
        ]

    def users(self, location_id: str) -> list[Named]:
        """The users of a location with their e-mails. Raises CrmUnavailable, InputError.

        Users are searched in the agency that the location belongs to. A token that may not look at the location (scope
        ``locations.readonly``) gets them by the path that the CRM calls deprecated.
        """
        company = self._company(location_id)
        told = self._list("/users/", location_id, "users") if company is None else self._search(company, location_id)
        return [user for one in told if (user := _named(one)) is not None]

    def _company(self, location_id: str) -> str | None:
        """The agency of a location; None where the token may not know."""
        answer = self._ask("GET", f"/locations/{quote(location_id, safe='')}", refusable=True)
        location = _object(answer).get("location") if answer.status_code < 400 else None
        company = location.get("companyId") if isinstance(location, dict) else None
        return company if isinstance(company, str) and company else None

    def _search(self, company: str, location_id: str) -> list[dict[str, Any]]:
        """All users, page by page, until one brings nobody new."""
        found: dict[str, dict[str, Any]] = {}
        skip = 0
        while True:
            asked = {"companyId": company, "skip": str(skip), "limit": str(PAGE)}
            told = self._list("/users/search", location_id, "users", **asked)
            new = {str(user.get("id")): user for user in told if str(user.get("id")) not in found}
            found |= new
            skip += len(told)
            if not new or len(found) > MOST_USERS:
                return list(found.values())

    def _list(self, path: str, location_id: str, name: str, **more: str) -> list[dict[str, Any]]:
        answer = self._ask("GET", path, params={"locationId": location_id, **more})
        if answer.status_code >= 400:
            raise InputError(f"the CRM does not tell its {name} ({answer.status_code}); check JORGE_GHL_LOCATION_IDS")
        return _objects(_object(answer).get(name))

    def _ask(self, method: str, path: str, *, refusable: bool = False, **more: Any) -> httpx2.Response:
        """The answer, unless it says that it may work later; a ``refusable`` one may be a refusal of the token.

        Raises CrmUnavailable.
        """
        import httpx2

        try:
            answer = self._http.request(method, path, **more)
        except httpx2.HTTPError as error:
            raise CrmUnavailable(f"the CRM does not answer ({type(error).__name__}); it is tried again") from error
        status = answer.status_code
        if status in (401, 403) and not refusable:
            raise CrmUnavailable(f"the CRM refuses the token ({status}); check JORGE_GHL_API_TOKEN and its scopes")
        if status == 429:
            wait_s = _seconds(answer.headers.get("retry-after"))
            raise CrmUnavailable("the CRM wants fewer requests (429); it is told later", wait_s)
        if status >= 500 or 300 <= status < 400:
            raise CrmUnavailable(f"the CRM answers with {status}; it is tried again")
        return answer


def _object(answer: httpx2.Response) -> dict[str, Any]:
    """What an answer holds. Raises CrmUnavailable for what is no JSON."""
    try:
        told = answer.json()
    except ValueError as error:
        raise CrmUnavailable("an answer of the CRM cannot be read; it is tried again") from error
    return told if isinstance(told, dict) else {}


def _objects(told: object) -> list[dict[str, Any]]:
    return [one for one in told if isinstance(one, dict)] if isinstance(told, list) else []


def _named(told: Mapping[str, Any]) -> Named | None:
    """An id with its name, of first and last name where there is no whole one; None without either.

    >>> _named({"id": "u1", "firstName": "Ana", "lastName": "Diaz", "email": "Ana@team.example"})
    Named(name_id='u1', name='Ana Diaz', email='Ana@team.example')
    """
    parts = [told.get("name")] if told.get("name") else [told.get("firstName"), told.get("lastName")]
    name = " ".join(" ".join(str(part).split()) for part in parts if part)[:200]
    email = told.get("email")
    if not isinstance(told.get("id"), str) or not name:
        return None
    return Named(told["id"][:100], name, email.strip() if isinstance(email, str) and email.strip() else None)


def _seconds(told: str | None) -> float | None:
    """A Retry-After in seconds; a date, which few send, counts as not told."""
    return min(float(told), LONGEST_WAIT_S) if told and told.strip().isdigit() else None
