"""Who signs the tokens for the API: we do, with a secret, or an issuer of the team's, whose public key we have.

The key's type pins the algorithm; what a token's own header says of algorithm or key is never followed.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import SettingsError
from core.services.access.secret import signing_secret
from core.settings import Settings

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes

OURS = "HS256"
AUDIENCE, SCREEN = "jorge-api", "jorge-screen"
SHORTEST_RSA = 2_048  # bits
ALLOWED = f"must be the public key in PEM, or the path of its file: RSA of {SHORTEST_RSA} bits or more, or EC P-256"
_PEM = "-----BEGIN "


@dataclass(frozen=True, slots=True)
class Issuer:
    """How tokens for the API are checked. ``key`` is the secret, or a public key of the library that checks."""

    key: Any
    algorithm: str
    audience: str | None  # None: a token may name none, or AUDIENCE
    name: str | None  # of the claim ``iss``; None: any

    @property
    def is_ours(self) -> bool:
        """Whether we can sign, too."""
        return self.algorithm == OURS

    @property
    def advice(self) -> str:
        """What to do for a valid token."""
        return "make one with: jorge token" if self.is_ours else "get one from the issuer of your tokens"


def issuer_in(settings: Settings) -> Issuer:
    """The issuer that is set. Raises SettingsError for a secret or a key that cannot be used, or for both at once."""
    given, name = settings.jorge_jwt_public_key, settings.jorge_jwt_issuer
    if settings.jorge_jwt_audience == SCREEN:
        raise SettingsError(f"JORGE_JWT_AUDIENCE is {SCREEN!r}, the audience of our pages; use another")
    if given is None:
        return Issuer(signing_secret(settings), OURS, settings.jorge_jwt_audience or AUDIENCE, name)
    if settings.jorge_jwt_secret is not None:
        raise SettingsError("JORGE_JWT_SECRET and JORGE_JWT_PUBLIC_KEY are both set; set only one of them")
    key, algorithm = _public_key(given)
    return Issuer(key, algorithm, settings.jorge_jwt_audience, name)


def _public_key(given: str) -> tuple[PublicKeyTypes, str]:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    pem = given.replace("\\n", "\n") if _PEM in given else _read(given)  # one line in a file .env
    try:
        key = load_pem_public_key(pem.strip().encode())
    except (ValueError, UnsupportedAlgorithm) as error:
        raise SettingsError(f"JORGE_JWT_PUBLIC_KEY is {_kind_of(pem)}; {ALLOWED}") from error
    return key, _algorithm(key)


def _read(path: str) -> str:
    try:
        return Path(path).expanduser().read_text(encoding="ascii")
    except (OSError, ValueError) as error:
        cause = getattr(error, "strerror", None) or "it is no text"
        raise SettingsError(f"JORGE_JWT_PUBLIC_KEY names the file {path[:200]!r} ({cause}); {ALLOWED}") from error


def _algorithm(key: PublicKeyTypes) -> str:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

    if isinstance(key, RSAPublicKey):
        if key.key_size >= SHORTEST_RSA:
            return "RS256"
        found = f"an RSA key of {key.key_size} bits"
    elif isinstance(key, EllipticCurvePublicKey):
        if key.curve.name == "secp256r1":
            return "ES256"
        found = f"a key on the curve {key.curve.name}"
    else:
        found = f"a key of the kind {type(key).__name__.removesuffix('PublicKey')}"
    raise SettingsError(f"JORGE_JWT_PUBLIC_KEY is {found}; {ALLOWED}")


def _kind_of(pem: str) -> str:
    """What a text that is no public key seems to be; never the text: it may be a private key."""
    for mark, kind in (("PRIVATE KEY", "a private key"), ("CERTIFICATE", "a certificate")):
        if f"{mark}-----" in pem:
            return kind
    return "no public key" if _PEM in pem else "a file without a key"
