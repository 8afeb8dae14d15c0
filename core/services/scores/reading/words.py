"""What a server and the process that reads beside it tell each other: leads one way, rows of features the other.

A request is a pickle: the moment, then what each lead tells. An answer is a row of 28 float32 for each of them, in
their order and nothing between; a lead that cannot be read has a row of NaN.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, BinaryIO, Final

import numpy as np
from numpy.typing import NDArray

from core.features.catalog import NAMES
from core.leads import Interaction, Lead, LeadHistory

Row = NDArray[np.float32]
READY: Final = b"\x00"  # the first that is sent: everything is loaded
ROW_BYTES: Final = len(NAMES) * np.dtype(np.float32).itemsize
UNREAD: Final[Row] = np.full(len(NAMES), np.nan, np.float32)


def request(histories: Sequence[LeadHistory], as_of: datetime) -> bytes:
    """The request to read ``histories`` as of a moment; what they hold is pickled sooner than they are themselves.

    >>> from datetime import UTC
    >>> from io import BytesIO
    >>> asked = [LeadHistory(lead=Lead(lead_id="a", budget_range="500k"))]
    >>> told, moment = requested(BytesIO(request(asked, datetime(2026, 3, 1, tzinfo=UTC))))
    >>> told == asked, moment.year
    (True, 2026)
    """
    told = [(vars(history.lead), [vars(touch) for touch in history.interactions]) for history in histories]
    return pickle.dumps((as_of, told), pickle.HIGHEST_PROTOCOL)


def requested(asked: BinaryIO) -> tuple[list[LeadHistory], datetime]:
    """The leads of the next request, and the moment. Raises EOFError when no other will come."""
    as_of, told = pickle.load(asked)  # noqa: S301 - from the process that started this one
    return [_history(lead, touches) for lead, touches in told], as_of


def _history(lead: dict[str, Any], touches: list[dict[str, Any]]) -> LeadHistory:
    """Every value was checked where it came in."""
    touched = tuple(map(Interaction.of_checked, touches))
    return LeadHistory.model_construct(lead=Lead.of_checked(lead), interactions=touched)


def answer(rows: Iterable[Row]) -> bytes:
    """Some rows of an answer."""
    return b"".join(row.tobytes() for row in rows)


def rows_in(answered: bytes) -> Sequence[Row]:
    """The whole rows of what has come of an answer.

    >>> [row.tolist() == UNREAD.tolist() for row in rows_in(answer([UNREAD + 1]) + b"half")], len(rows_in(b""))
    ([False], 0)
    """
    whole = len(answered) // ROW_BYTES
    return list(np.frombuffer(answered, np.float32, whole * len(NAMES)).reshape(whole, len(NAMES)))
