"""Works for a server until that or a quiet minute ends it: features of leads, and contributions of scores as JSON.

``python -m core.services.scores.reading.process`` is started by ``reader`` beside it with a socket for its input. It
opens no store and no model, and is a program of its own so that nothing of a server is run twice.
"""

from __future__ import annotations

import gc
import os
import select
import socket
import sys
from datetime import datetime
from typing import Final

from core.features import values_of
from core.leads import LeadHistory
from core.scoring.contributions_json import contributions_json
from core.scoring.explain import largest_first
from core.services.scores.reading.words import (
    LENGTH_BYTES,
    READY,
    UNREAD,
    Row,
    ToRead,
    ToWrite,
    requested,
    with_lengths,
)

QUIET_S: Final = 60.0
ROWS_AT_ONCE: Final = 4  # what the server would wait for at most, against what sending costs


def main() -> int:
    """Answer requests; 0 when there are no more."""
    with socket.socket(fileno=os.dup(sys.stdin.fileno())) as server:
        gc.disable()
        gc.freeze()
        try:
            server.sendall(READY)
            while select.select([server], [], [], QUIET_S)[0]:
                order = requested(_exactly(server, int.from_bytes(_exactly(server, LENGTH_BYTES), "little")))
                if isinstance(order, ToWrite):
                    _write(server, order)
                else:
                    _read_all(server, order)
                gc.collect()  # while nobody waits
        except (EOFError, ConnectionError):  # the server is gone, perhaps in the middle
            pass
    return 0


def _exactly(server: socket.socket, size: int) -> bytes:
    """The next bytes, and none of a request behind them, of which ``select`` would know nothing. Raises EOFError."""
    came = b""
    while len(came) < size:
        part = server.recv(size - len(came), socket.MSG_WAITALL)
        if not part:
            raise EOFError
        came += part
    return came


def _write(server: socket.socket, order: ToWrite) -> None:
    """All at once: nobody waits for the first, and more than the socket holds would halt this process."""
    texts = [
        contributions_json(features, contributions, largest_first(contributions)).encode()
        for features, contributions in zip(*order, strict=True)
    ]
    server.sendall(with_lengths(texts))


def _read_all(server: socket.socket, order: ToRead) -> None:
    histories, as_of = order
    for start in range(0, len(histories), ROWS_AT_ONCE):
        if select.select([server], [], [], 0)[0]:  # the server asks for something else: it has read the rest itself
            server.sendall(with_lengths([UNREAD.tobytes()] * (len(histories) - start)))
            return
        portion = histories[start : start + ROWS_AT_ONCE]
        server.sendall(with_lengths(_read(history, as_of).tobytes() for history in portion))


def _read(history: LeadHistory, as_of: datetime) -> Row:
    """The server reads again what cannot be read here, and gets the error."""
    try:
        return values_of(history, as_of)
    except Exception:
        return UNREAD


if __name__ == "__main__":
    sys.exit(main())
