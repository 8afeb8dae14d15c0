"""Signing in with the team's identity provider: what Streamlit needs of our settings, and who its claims name.

Streamlit talks OpenID Connect and keeps the claims in a signed cookie; who may come in, and as what, is decided here.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from core.errors import Forbidden, SettingsError, Unauthenticated
from core.leads import utc_now
from core.services import audit
from core.services.access.actor import THIS_COMPUTER, Actor
from core.services.access.caller import Role
from core.services.access.people import everybody, keep
from core.services.access.secret import kept_secret
from core.settings import Settings

if TYPE_CHECKING:
    from core.services.center import CommandCenter
    from core.store.people import StoredPerson

PROVIDER: Final = "jorge"  # Streamlit takes no underscore here
COOKIE_FILE: Final = "cookie_secret"
NOBODY: Final = "none"  # the role of a person whose claim gives none
_MIXED: Final = ("/common/", "/organizations/", "/consumers/")
_OPEN: Final = "JORGE_OIDC_METADATA_URL"
_ORDER: Final = tuple(Role)


def is_set_up(settings: Settings) -> bool:
    """Whether people sign in; where not, whoever sits at this computer is its admin."""
    return settings.jorge_oidc_metadata_url is not None


def secrets(settings: Settings) -> dict[str, Any]:
    """What ``st.App(secrets=...)`` takes; nothing where no provider is set. Raises SettingsError."""
    url = settings.jorge_oidc_metadata_url
    if url is None:
        return {}
    check(settings)
    assert settings.jorge_oidc_client_secret is not None  # noqa: S101 - check() has seen to it
    given = settings.jorge_cookie_secret
    cookie = kept_secret(settings, COOKIE_FILE, "JORGE_COOKIE_SECRET") if given is None else given.get_secret_value()
    provider = {
        "client_id": settings.jorge_oidc_client_id,
        "client_secret": settings.jorge_oidc_client_secret.get_secret_value(),
        "server_metadata_url": url,
    }
    callback = f"{settings.jorge_oidc_public_url.rstrip('/')}/oauth2callback"
    return {"auth": {"redirect_uri": callback, "cookie_secret": cookie, PROVIDER: provider}}


def check(settings: Settings) -> None:
    """Raise SettingsError for settings of the sign-in that cannot work together."""
    url = settings.jorge_oidc_metadata_url
    if url is None:
        return
    if not _is_safe(url):
        raise SettingsError(f"{_OPEN} is {url!r}; must begin with https:// (http:// only for this machine)")
    if any(part in url for part in _MIXED):
        raise SettingsError(f"{_OPEN} is {url!r}; name your own tenant there, or every company's people could sign in")
    for key in ("jorge_oidc_client_id", "jorge_oidc_client_secret"):
        if not getattr(settings, key):
            raise SettingsError(f"{key.upper()} is not set; {_OPEN} needs it, get it from your provider")
    if not _is_safe(settings.jorge_oidc_public_url):
        raise SettingsError(
            f"JORGE_OIDC_PUBLIC_URL is {settings.jorge_oidc_public_url!r}; must be the address at which people open "
            "the dashboard, with https:// (http:// only for this machine)"
        )
    cookie = settings.jorge_cookie_secret
    if cookie is not None and len(cookie.get_secret_value().encode()) < 32:
        raise SettingsError("JORGE_COOKIE_SECRET is too short; must have 32 bytes or more")
    roles_of(settings)


def roles_of(settings: Settings) -> dict[str, Role]:
    """Which value of the claim gives which role. Raises SettingsError.

    >>> roles_of(Settings(jorge_oidc_roles="Sales=agent, Owners=admin", _env_file=None))
    {'Sales': <Role.AGENT: 'agent'>, 'Owners': <Role.ADMIN: 'admin'>}
    """
    found = {}
    for part in filter(None, (part.strip() for part in settings.jorge_oidc_roles.split(","))):
        value, _, role = part.rpartition("=")
        if not value.strip() or role.strip() not in list(Role):
            allowed = "VALUE=ROLE, separated by commas, with roles agent, manager and admin"
            raise SettingsError(f"JORGE_OIDC_ROLES has {part!r}; must be {allowed}")
        found[value.strip()] = Role(role.strip())
    return found


def role_in(settings: Settings, claims: Mapping[str, Any]) -> Role | None:
    """The highest role that the claims give; None for none. A value without a mapping counts as a role by its name."""
    name = settings.jorge_oidc_role_claim
    if name is None:
        return None
    told: Any = claims.get(name)
    if told is None and "." in name:  # as in realm_access.roles
        told = claims
        for step in name.split("."):
            told = told.get(step) if isinstance(told, Mapping) else None
    values = [told] if isinstance(told, str) else list(told) if isinstance(told, list | tuple) else []
    mapping = roles_of(settings) or {role.value: role for role in Role}
    roles = [mapping[value] for value in values if isinstance(value, str) and value in mapping]
    return max(roles, key=_ORDER.index, default=None)


def signed_in(center: CommandCenter, claims: Mapping[str, Any]) -> Actor:
    """Who the claims of a sign-in name, with the role of this second.

    Raises Unauthenticated when it is time to sign in again, Forbidden for an account without a role; both say why.
    """
    email, since = _email_in(claims), _moment(claims.get("iat"))
    settings = center.settings
    lasts = timedelta(hours=settings.jorge_oidc_hours)
    if since is None or utc_now() - since > lasts:
        raise Unauthenticated(f"You signed in more than {settings.jorge_oidc_hours:g} hours ago; sign in again")
    person = everybody(center).get(email)
    if email in settings.admins:
        person = _known(center, person, email, claims, Role.ADMIN.value, since, claimed=False)
    elif settings.jorge_oidc_role_claim is not None and (person is None or person.from_claim):
        claimed = role_in(settings, claims)
        if claimed is not None or person is not None:
            person = _known(center, person, email, claims, claimed or NOBODY, since, claimed=True)
    if person is None or person.revoked_at is not None or person.role == NOBODY:
        _refused(center, email, since)
        taken = person is not None and person.revoked_at is not None
        why = "Your access was taken away" if taken else "Your account has no role here"
        raise Forbidden(f"{why}; ask an admin of your team for one")
    if person.signed_in_at is None or person.signed_in_at < since:
        _note(center, person, since)
    return Actor.in_role(person.name or email, Role(person.role), person.agent, email, since + lasts)


def here(center: CommandCenter, address: str | None) -> Actor:
    """Who uses a dashboard without a provider from ``address``; Forbidden for another machine unless that is wanted."""
    if not address or center.settings.jorge_without_sign_in or not is_foreign(address):
        return THIS_COMPUTER
    raise Forbidden(
        "No sign-in is set up, so this dashboard opens on its own machine only; docs/sign-in.md says how to set one up"
    )


def is_foreign(address: str) -> bool:
    """Whether an address is surely another machine's; a name is none, as a server's own tests have.

    >>> [is_foreign(address) for address in ("10.1.2.3", "2001:db8::7", "127.0.0.1", "testclient")]
    [True, True, False, False]
    """
    try:
        return not ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def is_loopback(address: str) -> bool:
    """Whether an address is this machine's own.

    >>> [is_loopback(address) for address in ("127.0.0.1", "::1", "localhost", "0.0.0.0", "10.1.2.3")]
    [True, True, True, False, False]
    """
    try:
        return address == "localhost" or ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _known(
    center: CommandCenter,
    person: StoredPerson | None,
    email: str,
    claims: Mapping[str, Any],
    role: str,
    since: datetime,
    *,
    claimed: bool,
) -> StoredPerson:
    """The person with the role of the newest sign-in, so that an older cookie elsewhere gives no older role."""
    from core.store.people import StoredPerson

    if person is not None and not claimed and (person.role, person.revoked_at) == (role, None):
        return person
    if person is not None and claimed and person.claimed_at is not None and since <= person.claimed_at:
        return person
    called = _text(claims.get("name"))
    if person is None:
        by = "identity provider" if claimed else "JORGE_OIDC_ADMINS"
        person = StoredPerson(email, called, role, None, claimed, utc_now(), by)
    known = replace(person, role=role, claimed_at=since if claimed else None, revoked_at=None)
    told = center.settings.jorge_oidc_agent_claim  # the name alone would not do: many may change their own
    known = replace(known, name=known.name or called, agent=_text(claims.get(told)) if told else known.agent)
    keep(_as_themselves(center, known.email), known)
    return known


def _note(center: CommandCenter, person: StoredPerson, since: datetime) -> None:
    if center.store.people.signed_in(person.email, since):
        center.kept.forget("people")
        themselves = _as_themselves(center, person.name or person.email)
        audit.note(themselves, "signed in", person.email, role=person.role)


def _refused(center: CommandCenter, email: str, since: datetime) -> None:
    """Noted once a sign-in, not at each click on the screen that refuses."""
    seen = ("refused", email, since)
    if seen not in center.access.refused:
        if len(center.access.refused) > 1_000:
            center.access.refused.clear()
        center.access.refused.add(seen)
        audit.note(_as_themselves(center, email), "sign-in refused", email)


def _as_themselves(center: CommandCenter, name: str) -> CommandCenter:
    """The center of who signs in, for what is noted of them while nothing is known of what they may."""
    return center.acting_as(Actor(name, frozenset()))


def _email_in(claims: Mapping[str, Any]) -> str:
    email = _text(claims.get("email"))
    if email is None or "@" not in email:
        raise Forbidden("Your account came without an e-mail address; ask an admin to let the provider send it")
    if claims.get("email_verified") in (False, "false"):
        raise Forbidden("Your provider has not verified your e-mail address; verify it there, then sign in again")
    return email.lower()


def _moment(told: object) -> datetime | None:
    return datetime.fromtimestamp(told, UTC) if isinstance(told, int | float) and 0 < told < 1e11 else None


def _text(told: object) -> str | None:
    """One line of a claim, None for what is none."""
    text = told.strip() if isinstance(told, str) else ""
    return text if text and text.isprintable() and len(text) <= 200 else None


def _is_safe(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))
