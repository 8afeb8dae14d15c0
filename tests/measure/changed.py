"""Calls of the API whose bodies are changed and broken at random; the same number is the same call."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx

from core.api import examples
from core.leads import utc_now
from tests.measure.hostile import hostile
from tests.services.crm.hooks import LOCATION, sign

MOST_DEPTH = 2_000
MOST_CHARACTERS = 12_000_000  # past the bound of every route; what is repeated within repetitions would take gigabytes
TEXTS = hostile(400)
ODD: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 2**63, -(2**63), 10**30, 1e308, 5e-324, 0.1, float("nan"), float("inf")),
    *("", " ", "\x00", "\ud800", "0", "1e999", "x" * 10_000, "2026-13-45T99:99:99Z", "9999-12-31T23:59:59Z"),
    *("0001-01-01T00:00:00+14:00", [], {}, [[]], [None], {"": None}, {"__proto__": {}}, ["x"] * 500),
)
CRM_TYPES = ("ContactCreate", "ContactUpdate", "InboundMessage", "OpportunityCreate", "AppointmentCreate", "NoteCreate")
MAIL = b"From: a@b.example\nMessage-ID: <%d@x>\nContent-Type: text/html\n\n<p>Name: Ana Lima<br>Email: a@b.example</p>"


@dataclass(frozen=True)
class Call:
    """One request."""

    method: str
    path: str
    body: bytes = b""
    kind: str = "application/json"
    signature: str | None = None

    def headers(self, token: str) -> dict[str, str]:
        signed = {} if self.signature is None else {"x-wh-signature": self.signature}
        return {"content-type": self.kind, "authorization": f"Bearer {token}", **signed}


class Maker:
    """Calls by number: the same number is the same call (but for the moment of a webhook)."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def call(self, number: int) -> Call:
        """The call with this number."""
        chance = random.Random(f"{self._seed}:{number}")
        ways: dict[Callable[[random.Random, int], Call], int] = {_score: 4, _batch: 2, _outcome: 1}
        ways |= {_webhook: 3, _mail_fields: 1, _raw_mail: 1, _address: 1}
        return chance.choices(list(ways), list(ways.values()))[0](chance, number)


def _score(chance: random.Random, number: int) -> Call:
    told = copy.deepcopy(examples.SCORE_REQUEST)
    told["lead_id"] = f"lead_{number % 500}"
    return Call("POST", "/v1/ml/score", _changed(chance, told))


def _batch(chance: random.Random, number: int) -> Call:
    return Call("POST", "/v1/ml/batch-score", _changed(chance, copy.deepcopy(examples.BATCH_REQUEST)))


def _outcome(chance: random.Random, number: int) -> Call:
    told = examples.OUTCOME_REQUEST | {"lead_id": f"lead_{number % 500}"}
    return Call("POST", "/v1/ml/outcomes", _changed(chance, told))


def _webhook(chance: random.Random, number: int) -> Call:
    told = copy.deepcopy(examples.WEBHOOK_REQUEST) | {
        "type": chance.choice(CRM_TYPES),
        "webhookId": f"w{number}",
        "locationId": LOCATION,
        "id": f"c{number % 300}",
        "contactId": f"c{number % 300}",
        "timestamp": utc_now().isoformat(),
        "body": "Is it still there?",
        "direction": "inbound",
        "monetaryValue": 500_000,
        "status": "open",
        "appointment": {"id": "a1", "contactId": f"c{number % 300}", "startTime": "2026-02-01T10:00:00Z"},
    }
    body = _changed(chance, told)
    return Call("POST", "/v1/webhooks/gohighlevel", body, signature=sign(body) if chance.random() < 0.95 else "x")


def _mail_fields(chance: random.Random, number: int) -> Call:
    told = chance.choice((examples.MAIL_REQUEST, examples.METADATA_REQUEST)) | {"message_id": f"<{number}@x>"}
    return Call("POST", "/v1/leads/email", _changed(chance, told))


def _raw_mail(chance: random.Random, number: int) -> Call:
    text = chance.choice(TEXTS).encode("utf-8", "replace")
    mail = (MAIL % number).replace(b"Ana Lima", text) if chance.random() < 0.7 else MAIL % number
    return Call("POST", "/v1/leads/email", _bytes_changed(chance, mail, 0.7), "message/rfc822")


def _address(chance: random.Random, number: int) -> Call:
    value = httpx.QueryParams({"v": str(chance.choice(ODD + tuple(TEXTS))).encode("utf-8", "replace")})
    text = str(value)[2:]
    path = chance.choice(("/v1/ml/leads?page={}", "/v1/ml/leads?tier={}", "/v1/ml/score/{}", "/v1/ml/leads/{}", "/{}"))
    return Call("GET", path.format(text[:2_000]))


def _changed(chance: random.Random, told: Any) -> bytes:
    """One to four changes of what is told, then perhaps of its bytes."""
    for _ in range(chance.choice((1, 1, 2, 4))):
        _change_one(chance, told)
    if chance.random() < 0.02:
        return b"[" * MOST_DEPTH + b"]" * chance.choice((0, MOST_DEPTH))
    escaped = chance.random() < 0.5
    body = json.dumps(told, ensure_ascii=escaped).encode("utf-8", "surrogatepass")
    return _bytes_changed(chance, body, 0.15)


def _change_one(chance: random.Random, told: Any) -> None:
    """One change, unless the body would be far beyond every bound: what stands in many places changes in all."""
    holder, at = chance.choice(_places(told))
    before = copy.copy(holder)
    way = chance.random()
    if way < 0.45:
        holder[at] = copy.deepcopy(chance.choice(ODD))
    elif way < 0.75:
        holder[at] = chance.choice(TEXTS)
    elif way < 0.85:
        del holder[at]
    elif way < 0.93 and isinstance(holder, dict):
        holder[chance.choice(TEXTS)] = chance.choice(ODD)
    else:
        holder[at] = [copy.deepcopy(holder[at])] * chance.choice((1, 3, 150))
    if _characters(told, {}) > MOST_CHARACTERS:
        holder.clear()
        (holder.update if isinstance(holder, dict) else holder.extend)(before)


def _characters(told: Any, known: dict[int, int]) -> int:
    """About how long ``told`` is as JSON; what stands in many places is looked at once."""
    if not isinstance(told, dict | list):
        return 6 * len(told) if isinstance(told, str) else 6
    if id(told) not in known:
        names = 6 * sum(map(len, told)) if isinstance(told, dict) else 0
        values = told.values() if isinstance(told, dict) else told
        known[id(told)] = names + 2 * len(told) + sum(_characters(value, known) for value in values)
    return known[id(told)]


def _places(told: Any) -> list[tuple[Any, Any]]:
    """Everything in an object or list that can be replaced."""
    found: list[tuple[Any, Any]] = []
    waiting = [told]
    while waiting:
        holder = waiting.pop()
        if isinstance(holder, dict | list):
            within = list(holder.items() if isinstance(holder, dict) else enumerate(holder))[:50]
            found += [(holder, at) for at, _ in within]
            waiting += [value for _, value in within]
    return found or [({"a": 1}, "a")]


def _bytes_changed(chance: random.Random, body: bytes, share: float) -> bytes:
    if chance.random() > share or not body:
        return body
    at = chance.randrange(len(body))
    put = chance.choice((b"", b"\x00", b"\xff", b'"', b"\\u0000", b"\\ud83d", b"NaN", b"1e999", b"}{", b"\xed\xa0\x80"))
    return chance.choice((body[:at], body[:at] + put + body[at + 1 :], body[:at] + put + body[at:], put + body))
