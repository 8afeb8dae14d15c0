"""What is known of a lead at one moment: its touches, what it wrote, and the signals in that."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple, TypeVar

from core.features.signal import Signal
from core.features.text.fields import field_signals, forget_fields
from core.features.text.prepared import Prepared
from core.features.text.read import read
from core.leads import Direction, Interaction, InteractionKind, Lead, LeadHistory
from core.leads.clock import CLOCK_SKEW

REMEMBERED_MESSAGES, REMEMBERED_CHARACTERS = 4096, 1000  # about 10 MB at most
Found = TypeVar("Found")
_NOTE, _INBOUND = InteractionKind.NOTE, Direction.INBOUND
_MOMENT = itemgetter(0)
_NOBODY = Lead(lead_id="unknown")
_NONE: list[Signal] = []  # what was found of a kind that was not


Met = tuple[datetime, InteractionKind, bool, int, Interaction]


class Message(NamedTuple):
    """One thing that the lead wrote; ``asked`` and ``length`` count its questions and characters.

    ``number`` is the index into ``history.interactions``, or -1 for the lead's own field, as in ``Signal.message``.
    """

    number: int
    text: str
    length: int
    asked: int
    signals: tuple[Signal, ...]


class Evidence:
    """All that ``history`` tells at ``as_of``; what happened later is left out.

    ``met`` are the touches up to ``as_of``, oldest first, without the team's notes, which are no contact: when, of
    which kind, whether it was the lead's doing, the index into ``history.interactions``, and the touch itself, whose
    fields take longer to read. ``moments`` are when, ``inbound`` the lead's own;
    ``messages`` what the lead wrote, oldest first, its own field ``message`` before the others; ``fields`` the
    signals in its other fields; ``signals`` all, those of fields first, then by message, oldest first.
    ``for_features`` leaves out signals that no feature is computed from.
    """

    __slots__ = (
        "_by_kind",
        "_once",
        "as_of",
        "fields",
        "inbound",
        "lead",
        "messages",
        "met",
        "moments",
        "signals",
        "wrote",
    )

    def __init__(self, history: LeadHistory, as_of: datetime, for_features: bool = False) -> None:
        self.as_of = as_of if as_of.tzinfo else as_of.replace(tzinfo=UTC)
        created_at = history.lead.created_at
        known = created_at is None or created_at <= self.as_of + CLOCK_SKEW
        self.lead = history.lead if known else _NOBODY
        indexed = [
            (moment, index, touch)
            for index, touch in enumerate(history.interactions)
            if (moment := touch.occurred_at) <= self.as_of
        ]
        indexed.sort(key=_MOMENT)  # at the same moment they keep their order
        self.met: list[Met] = [
            (moment, kind, touch.direction is _INBOUND, index, touch)
            for moment, index, touch in indexed
            if (kind := touch.kind) is not _NOTE
        ]
        self.moments = [moment for moment, _, _, _, _ in self.met]
        self.inbound = [touch for _, _, theirs, _, touch in self.met if theirs]
        self.fields = field_signals(self.lead, self._written_on())
        self.messages = self._messages(for_features)
        self.wrote = bool(self.messages)
        found = list(self.fields)
        for message in self.messages:
            found += message.signals
        self.signals = tuple(found)
        self._by_kind: dict[str, list[Signal]] = {}
        for signal in found:
            self._by_kind.setdefault(signal.kind, []).append(signal)
        self._once: dict[object, Any] = {}

    def _written_on(self) -> date:
        return min(self.lead.created_at or self.as_of, self.as_of).date()

    def _messages(self, for_features: bool) -> list[Message]:
        written = [(at, index, text) for at, _, theirs, index, touch in self.met if theirs and (text := touch.text)]
        own, messages = self.lead.message, list[Message]()
        if own and own.strip() and all(own.strip() != text.strip() for _, _, text in written):
            messages.append(read_message(own, self._written_on(), -1, "message", for_features))
        for at, index, text in written:
            message = read_message(text, at.date(), index, None, for_features)
            if message.length:
                messages.append(message)
        return messages

    def text_of(self, signal: Signal) -> str:
        """The message that ``signal`` was found in."""
        return self.once(_texts)[signal.message]

    def once(self, find: Callable[[Evidence], Found]) -> Found:
        """``find(self)``, looked for once however many features ask."""
        if find not in self._once:
            self._once[find] = find(self)
        found: Found = self._once[find]
        return found

    def of(self, kind: str) -> list[Signal]:
        """Return the signals of one kind, in the same order."""
        return self._by_kind.get(kind, _NONE)

    def mentioned(self, kind: str) -> float:
        """Return 1 when a signal of this kind was found, 0 when the lead wrote without one, else unknown.

        >>> [said(*texts).mentioned("family") for texts in (["For my two kids"], ["A house"], [])]
        [1.0, 0.0, -1.0]
        """
        if kind in self._by_kind:
            return 1.0
        return 0.0 if self.wrote else -1.0

    def newest(self, kind: str) -> list[Signal]:
        """Return the signals of one kind in the newest message that has any with a value, else those of fields."""
        if kind not in self._by_kind:
            return _NONE
        told = [signal for signal in self._by_kind[kind] if signal.value is not None]
        return [signal for signal in told if signal.message == told[-1].message] if told else []


def _texts(evidence: Evidence) -> dict[int, str]:
    return {message.number: message.text for message in evidence.messages}


def by_lead(touch: Interaction) -> bool:
    """Whether the lead did this; a note is always the team's own."""
    return touch.direction is _INBOUND and touch.kind is not _NOTE


def read_message(
    text: str, written_on: date, index: int, field: str | None = None, for_features: bool = False
) -> Message:
    """Read one text of a lead. Short ones are remembered: a new message has the older ones read again."""
    if len(text) > REMEMBERED_CHARACTERS:
        return _read_message(text, written_on, index, field, for_features)
    return _remembered(text, written_on, index, field, for_features)


def _read_message(text: str, written_on: date, index: int, field: str | None, for_features: bool) -> Message:
    prepared = Prepared(text, written_on, index, field)
    signals = tuple(read(prepared, for_features))
    asked = len([signal for signal in signals if signal.kind == "question"])
    return Message(index, text, prepared.length, asked, signals)


_remembered = lru_cache(maxsize=REMEMBERED_MESSAGES)(_read_message)


def forget_texts() -> None:
    """Let go of every text that is remembered in this process, as after an erasure; it is read again when it comes."""
    _remembered.cache_clear()
    forget_fields()


EXAMPLE_START = datetime(2026, 1, 5, 9, tzinfo=UTC)  # a Monday


def said(*texts: str, **fields: object) -> Evidence:
    """Return the evidence of a lead that wrote these texts, a day apart; for examples and tests.

    >>> said("Hello", "Bye").wrote
    True
    """
    touches = tuple(
        Interaction(occurred_at=EXAMPLE_START + timedelta(days=day), kind=InteractionKind.EMAIL, text=text)
        for day, text in enumerate(texts)
    )
    lead = Lead.model_validate({"lead_id": "example", **fields})
    return Evidence(LeadHistory(lead=lead, interactions=touches), EXAMPLE_START + timedelta(days=30))


def touched(*touches: str, **fields: object) -> Evidence:
    """Return the evidence of touches like ``"2.5 in email"``: hours from the start, direction, kind.

    It is seen thirty days after the start. For examples and tests.

    >>> len(touched("0 out email", "2.5 in email").inbound)
    1
    """
    made = []
    for touch in touches:
        hours, direction, kind = touch.split()
        made.append(
            Interaction(
                occurred_at=EXAMPLE_START + timedelta(hours=float(hours)),
                kind=InteractionKind(kind),
                direction=Direction.INBOUND if direction == "in" else Direction.OUTBOUND,
            )
        )
    lead = Lead.model_validate({"lead_id": "example", **fields})
    return Evidence(LeadHistory(lead=lead, interactions=tuple(made)), EXAMPLE_START + timedelta(days=30))
