"""Whether a webhook comes from GoHighLevel: an RSA signature (SHA-256, PKCS#1 v1.5) over the body as it came."""

from __future__ import annotations

import base64
import binascii
import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from core.errors import SettingsError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

SHORTEST: Final = 2_048  # bits
LONGEST_SIGNATURE: Final = 4_096  # characters
_BLOCK: Final = re.compile(r"-----BEGIN ([A-Z ]+)-----.*?-----END \1-----", re.DOTALL)
_ALLOWED: Final = (
    f"must be public RSA keys of {SHORTEST} bits or more in PEM, or paths of their files, separated by commas"
)


@lru_cache(maxsize=8)
def keys_in(setting: str) -> tuple[RSAPublicKey, ...]:
    """The keys of ``JORGE_GHL_WEBHOOK_KEYS``. Raises SettingsError, without the text: it may be a private key."""
    pems = setting.replace("\\n", "\n") if "-----BEGIN " in setting else "\n".join(map(_read, _paths(setting)))
    blocks = [found[0] for found in _BLOCK.finditer(pems)]
    if not blocks:
        raise SettingsError(f"JORGE_GHL_WEBHOOK_KEYS holds no key; {_ALLOWED}")
    return tuple(map(_key, blocks))


def is_signed(body: bytes, signature: str, keys: tuple[RSAPublicKey, ...]) -> bool:
    """Whether one of ``keys`` signed ``body``; ``signature`` is base64."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.hashes import SHA256

    if len(signature) > LONGEST_SIGNATURE:
        return False
    try:
        given = base64.b64decode(signature, validate=True)
    except (binascii.Error, ValueError):
        return False
    for key in keys:
        try:
            key.verify(given, body, PKCS1v15(), SHA256())
        except InvalidSignature:
            continue
        return True
    return False


def _key(pem: str) -> RSAPublicKey:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        key = load_pem_public_key(pem.encode())
    except (ValueError, UnsupportedAlgorithm) as error:
        kind = "a private key" if "PRIVATE KEY-----" in pem else "something that is no public key"
        raise SettingsError(f"JORGE_GHL_WEBHOOK_KEYS holds {kind}; {_ALLOWED}") from error
    if not isinstance(key, RSAPublicKey) or key.key_size < SHORTEST:
        raise SettingsError(f"JORGE_GHL_WEBHOOK_KEYS holds a key of another kind, or a short one; {_ALLOWED}")
    return key


def _paths(setting: str) -> list[str]:
    return [path.strip() for path in setting.split(",") if path.strip()]


def _read(path: str) -> str:
    try:
        return Path(path).expanduser().read_text(encoding="ascii")
    except (OSError, ValueError) as error:
        cause = getattr(error, "strerror", None) or "it is no text"
        raise SettingsError(f"JORGE_GHL_WEBHOOK_KEYS names the file {path[:200]!r} ({cause}); {_ALLOWED}") from error
