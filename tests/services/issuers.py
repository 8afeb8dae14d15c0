"""An issuer of tokens elsewhere: its keys, and the tokens that it signs."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from core.leads import utc_now

Private = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@cache
def rsa_key(bits: int = 2_048) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65_537, key_size=bits)


@cache
def ec_key(curve: type[ec.EllipticCurve] = ec.SECP256R1) -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(curve())


def public_pem(key: Any) -> str:
    pem: bytes = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return pem.decode()


def private_pem(key: Private) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def issued(
    key: Any, algorithm: str, headers: dict[str, Any] | None = None, drop: tuple[str, ...] = (), **claims: object
) -> str:
    """A token with claims of the issuer's choice."""
    now = utc_now()
    told = {"sub": "ana", "role": "agent", "iat": now, "exp": now + timedelta(hours=1)} | claims
    return jwt.encode(
        {name: told[name] for name in told if name not in drop}, key, algorithm=algorithm, headers=headers
    )
