"""Reads leads for a server: leads come in, the features of each go out, until the server or a quiet minute ends it.

``python -m core.services.scores.reading.process`` is started by ``reader`` beside it with a socket for its input. It
opens no store and no model, and is a program of its own so that nothing of a server is run twice.
"""

from __future__ import annotations

import gc
import os
import pickle
import select
import socket
import sys
from datetime import datetime
from typing import Final

from core.features import values_of
from core.leads import LeadHistory
from core.services.scores.reading.words import READY, UNREAD, Row, answer, requested

QUIET_S: Final = 60.0
ROWS_AT_ONCE: Final = 4  # what the server would wait for at most, against what sending costs


def main() -> int:
    """Answer requests; 0 when there are no more."""
    with socket.socket(fileno=os.dup(sys.stdin.fileno())) as server, server.makefile("rb") as asked:
        gc.disable()
        gc.freeze()
        try:
            server.sendall(READY)
            while select.select([server], [], [], QUIET_S)[0]:
                histories, as_of = requested(asked)
                _answer(server, histories, as_of)
                gc.collect()  # while nobody waits
        except (EOFError, ConnectionError, pickle.UnpicklingError):  # the server is gone, perhaps in the middle
            pass
    return 0


def _answer(server: socket.socket, histories: list[LeadHistory], as_of: datetime) -> None:
    for start in range(0, len(histories), ROWS_AT_ONCE):
        server.sendall(answer(_read(history, as_of) for history in histories[start : start + ROWS_AT_ONCE]))


def _read(history: LeadHistory, as_of: datetime) -> Row:
    """The server reads again what cannot be read here, and gets the error."""
    try:
        return values_of(history, as_of)
    except Exception:
        return UNREAD


if __name__ == "__main__":
    sys.exit(main())
