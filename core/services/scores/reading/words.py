"""What a server and the process beside it tell each other.

A request is a pickle: a moment and what each of some leads tells, or the numbers of some scores. There is an answer for
each of them, in their order: a row of 28 float32, of NaN for a lead that cannot be read; or the contributions as JSON.
Each of all these has its length before it.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.features.catalog import NAMES
from core.leads import Interaction, Lead, LeadHistory
from core.scoring import Score

Row = NDArray[np.float32]
LENGTH_BYTES: Final = 4
READY: Final = bytes(LENGTH_BYTES)  # the first that is sent, an answer of nothing: everything is loaded
UNREAD: Final[Row] = np.full(len(NAMES), np.nan, np.float32)


class ToRead(NamedTuple):
    """Leads, and the moment as of which they are read."""

    histories: list[LeadHistory]
    as_of: datetime


class ToWrite(NamedTuple):
    """Features and contributions of scores, of shape (n, 28)."""

    features: NDArray[np.float32]
    contributions: NDArray[np.float64]


def to_read(histories: Sequence[LeadHistory], as_of: datetime) -> bytes:
    """The request to read ``histories`` as of a moment; what they hold is pickled sooner than they are themselves.

    >>> from datetime import UTC
    >>> asked = [LeadHistory(lead=Lead(lead_id="a", budget_range="500k"))]
    >>> told = requested(to_read(asked, datetime(2026, 3, 1, tzinfo=UTC))[LENGTH_BYTES:])
    >>> told.histories == asked, told.as_of.year
    (True, 2026)
    """
    told = [(vars(history.lead), [vars(touch) for touch in history.interactions]) for history in histories]
    return with_lengths([pickle.dumps((as_of, told), pickle.HIGHEST_PROTOCOL)])


def to_write(scores: Sequence[Score]) -> bytes:
    """The request to write the contributions of scores, which have no columns but the 28."""
    told = ToWrite(np.stack([one.features for one in scores]), np.stack([one.contributions for one in scores]))
    return with_lengths([pickle.dumps(told, pickle.HIGHEST_PROTOCOL)])


def requested(asked: bytes) -> ToRead | ToWrite:
    """What a request asks for, of which the length was taken off."""
    told = pickle.loads(asked)  # noqa: S301 - from the process that started this one
    if isinstance(told, ToWrite):
        return told
    as_of, leads = told
    return ToRead([_history(lead, touches) for lead, touches in leads], as_of)


def _history(lead: dict[str, Any], touches: list[dict[str, Any]]) -> LeadHistory:
    """Every value was checked where it came in."""
    touched = tuple(map(Interaction.of_checked, touches))
    return LeadHistory.model_construct(lead=Lead.of_checked(lead), interactions=touched)


def with_lengths(told: Iterable[bytes]) -> bytes:
    """Requests or answers as they are sent."""
    return b"".join(part for one in told for part in (len(one).to_bytes(LENGTH_BYTES, "little"), one))


def take_answers(came: bytearray) -> list[bytes]:
    """The whole answers at the beginning of what has come, which are taken out of it.

    >>> came = bytearray(with_lengths([b"a", b"", b"bcd"]))
    >>> del came[-1]
    >>> take_answers(came), bytes(came[LENGTH_BYTES:])
    ([b'a', b''], b'bc')
    """
    found, at = [], 0
    while at + LENGTH_BYTES <= len(came):
        start = at + LENGTH_BYTES
        end = start + int.from_bytes(came[at:start], "little")
        if end > len(came):
            break
        found.append(bytes(came[start:end]))
        at = end
    del came[:at]
    return found


def row_of(answer: bytes) -> Row:
    """A lead's features as they were answered.

    >>> row_of(UNREAD.tobytes()).shape
    (28,)
    """
    return np.frombuffer(answer, np.float32)
