"""A sender of webhooks: its key pair, its signature, its events and a contact of it."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any

import orjson
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from core.leads import utc_now

Tell = Callable[..., None]
LOCATION = "ve9EPM428h8vShlRW1KT"
ANA: dict[str, Any] = {
    "id": "nmFmQEsNgz6AVpgLVUJ0",
    "firstName": "Ana",
    "lastName": "Lima",
    "name": "ana lima",
    "email": "Ana@Example.com",
    "phone": "(512) 555-0198",
    "source": "zillow",
    "dateAdded": "2026-06-08T10:28:39-07:00",
    "tags": ["Seller lead", "hot"],
    "assignedTo": "user7",
    "customFields": [{"id": "cf1", "value": "500k-750k"}, {"id": "cf2", "value": ["Downtown", "Hyde Park"]}],
}
AT = {"contactId": ANA["id"]}


@cache
def key(which: str = "today") -> RSAPrivateKey:
    return generate_private_key(public_exponent=65_537, key_size=2_048)


def public(which: str = "today") -> str:
    pem = key(which).public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return pem.decode()


def sign(body: bytes, which: str = "today") -> str:
    return base64.b64encode(key(which).sign(body, PKCS1v15(), SHA256())).decode()


def event(kind: str, webhook_id: str, at: datetime | None = None, **fields: Any) -> dict[str, Any]:
    """An event as it is sent, of ``at`` (now)."""
    moment = (at or utc_now()).isoformat().replace("+00:00", "Z")
    return {"type": kind, "webhookId": webhook_id, "timestamp": moment, "locationId": LOCATION, **fields}


def body(kind: str, webhook_id: str = "w1", at: datetime | None = None, **fields: Any) -> bytes:
    return orjson.dumps(event(kind, webhook_id, at, **fields))
