"""JSON web tokens, made and checked.

Tokens for the API and tokens for a page's WebSocket have audiences of their own, so that one never serves as the other.
A page's are always ours, whoever issues those for the API.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from core.errors import SettingsError, Unauthenticated
from core.leads import utc_now
from core.services.access.caller import Caller, Role, Scope
from core.services.access.issuer import AUDIENCE, OURS, SCREEN, Issuer, issuer_in
from core.services.access.secret import signing_secret

if TYPE_CHECKING:
    from core.services.center import CommandCenter

LONGEST_TOKEN = 4_096
LONGEST_SUBJECT = 255
SCREEN_LIFETIME = timedelta(minutes=10)
LONGEST_HOURS = 24.0 * 366
LEEWAY_S = 5
ELSEWHERE = "the token is for another audience"


def api_token(center: CommandCenter, subject: str, role: Role, hours: float, *, counted: bool = True) -> str:
    """A token for the API; calls with one that is not ``counted`` know no limit.

    Raises SettingsError for a lifetime outside (0, 8784] hours, a subject that is empty or longer than 255 characters,
    and when tokens come from an issuer elsewhere.
    """
    if not 0 < hours <= LONGEST_HOURS:
        raise SettingsError(f"hours is {hours}; must be above 0 and at most {LONGEST_HOURS:.0f}")
    if not 0 < len(subject) <= LONGEST_SUBJECT:
        raise SettingsError(f"subject has {len(subject)} characters; must have 1 to {LONGEST_SUBJECT}")
    issuer = issuer_of(center)
    if not issuer.is_ours:
        raise SettingsError(
            "tokens come from the issuer whose key is JORGE_JWT_PUBLIC_KEY, not from here; ask there for one, "
            "or make a key for a program with: jorge keys make"
        )
    claims = {"role": role.value, "aud": issuer.audience} | ({"iss": issuer.name} if issuer.name else {})
    return _signed(issuer.key, subject, claims | ({} if counted else {"counted": False}), timedelta(hours=hours))


def screen_token(center: CommandCenter, subject: str = "screen") -> str:
    """A token of ten minutes for the WebSocket of a page that the center's actor opened; the API refuses it.

    It also says when the sign-in of that actor ends, and with it the page.
    """
    actor = center.actor
    until = None if actor.until is None else int(actor.until.timestamp())
    claims = {"role": (actor.role or Role.AGENT).value, "agent": actor.agent, "until": until, "aud": SCREEN}
    return _signed(_secret(center), actor.email or subject, claims, SCREEN_LIFETIME)


def check_token(center: CommandCenter, token: str) -> Caller:
    """Whom a token for the API names. Raises Unauthenticated for one that is not valid now, or not for the API."""
    issuer = issuer_of(center)
    claims = _claims(token, issuer)
    counted = not issuer.is_ours or claims.get("counted") is not False
    try:
        role = Role(claims.get("role", ""))
    except ValueError as error:
        roles = ", ".join(Role)
        raise Unauthenticated(f"the token's role is none of {roles}; {issuer.advice}") from error
    return Caller.by_role(claims["sub"], role, claims["exp"], counted=counted)


def check_screen_token(center: CommandCenter, token: str) -> Caller:
    """Whom a page's token names; they may listen and nothing else. Raises Unauthenticated."""
    claims = _claims(token, Issuer(_secret(center), OURS, SCREEN, None))
    role, agent, told = Role(claims["role"]), claims.get("agent"), claims.get("until")
    until = None if told is None else datetime.fromtimestamp(told, UTC)
    caller = Caller(claims["sub"], frozenset({Scope.READ}), role, until, counted=False, page=True, agent=agent)
    caller.require_now()
    return caller


def check_setting(center: CommandCenter) -> None:
    """Raise SettingsError for a secret or a key that cannot be used."""
    issuer_of(center)
    _secret(center)


def issuer_of(center: CommandCenter) -> Issuer:
    """Who issues tokens for the API, found out once. Raises SettingsError."""
    state = center.access
    if state.issuer is None:
        state.issuer = issuer_in(center.settings)
    return state.issuer


def _secret(center: CommandCenter) -> str:
    state = center.access
    if state.secret is None:
        state.secret = signing_secret(center.settings)
    return state.secret


def _claims(token: str, issuer: Issuer) -> dict[str, Any]:
    """What a valid token says; ``exp`` as a moment."""
    import jwt

    if len(token) > LONGEST_TOKEN:
        raise Unauthenticated(f"the token is longer than {LONGEST_TOKEN:,} characters; {issuer.advice}")
    required = ["exp", "iat", "sub"] if issuer.audience is None else ["exp", "iat", "sub", "aud"]
    try:
        claims = jwt.decode(
            token,
            issuer.key,
            algorithms=[issuer.algorithm],
            audience=issuer.audience,
            issuer=issuer.name,
            leeway=LEEWAY_S,
            options={"require": required, "verify_aud": issuer.audience is not None},
        )
        claims["exp"] = datetime.fromtimestamp(int(claims["exp"]), UTC)
    except (jwt.PyJWTError, ValueError, OverflowError, OSError) as error:  # no JSON, no time
        raise Unauthenticated(f"{_wrong(error)}; {issuer.advice}") from error
    if not 0 < len(claims["sub"]) <= LONGEST_SUBJECT:
        raise Unauthenticated(f"the token's subject must have 1 to {LONGEST_SUBJECT} characters; {issuer.advice}")
    if issuer.audience is None and not _meant_for_us(claims.get("aud")):
        raise Unauthenticated(f"{ELSEWHERE}; {issuer.advice}")
    return claims


def _wrong(error: Exception) -> str:
    """What is wrong with a token whose signature fits, which is looked at first; of any other only that it is none."""
    import jwt

    told: dict[type[Exception], str] = {
        jwt.ExpiredSignatureError: "the token has expired",
        jwt.ImmatureSignatureError: "the token is not valid yet by this server's clock",
        jwt.InvalidAudienceError: ELSEWHERE,
        jwt.InvalidIssuerError: "the token is of another issuer",
    }
    if isinstance(error, jwt.MissingRequiredClaimError):
        return f"the token lacks {error.claim}"
    return told.get(type(error), "the token is not valid")


def _meant_for_us(audience: object) -> bool:
    """With no audience set, a token may name none; one for somebody else is never taken."""
    return audience is None or audience == AUDIENCE or (isinstance(audience, list) and AUDIENCE in audience)


def _signed(key: str, subject: str, claims: dict[str, Any], lifetime: timedelta) -> str:
    import jwt

    now = utc_now()
    return jwt.encode(claims | {"sub": subject, "iat": now, "exp": now + lifetime}, key, algorithm=OURS)
