"""The server's log: one line of JSON on stderr for each request and each fault.

Lines are written by a thread of their own: a terminal that hangs stops no request, it only costs lines.
"""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from queue import Full, Queue
from typing import Any, Final, TextIO

import orjson

LOGGERS: Final = ("jorge", "core")
WAITING: Final = 10_000  # lines
STOP_S: Final = 2.0


class JsonLines(logging.Formatter):
    """A record as one line of JSON; of an exception only its type, because its text may hold a lead's words."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")[:-6] + "Z",
            "level": record.levelname,
            "logger": record.name,
        }
        fields = getattr(record, "fields", None)
        line |= {"message": record.getMessage()} if fields is None else fields
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
        return orjson.dumps(line, default=str).decode()


class TemplateLines(JsonLines):
    """Of a library's record only the words that its authors wrote: the rest may be a stranger's, from an address."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        known = logging.makeLogRecord(vars(record) | {"args": None})
        return super().format(known)


class _Waiting(logging.Handler):
    """Puts finished lines in a row for the writer; drops them while too many wait."""

    def __init__(self, row: Queue[str | None]) -> None:
        super().__init__()
        self._row = row
        self.setFormatter(JsonLines())

    def emit(self, record: logging.LogRecord) -> None:
        with suppress(Full):
            self._row.put_nowait(self.format(record))


def _write(row: Queue[str | None], out: TextIO) -> None:
    while (line := row.get()) is not None:
        with suppress(OSError, ValueError):  # whoever read it is gone
            out.write(line + "\n")
            out.flush()


@contextmanager
def logging_to_stderr(level: str) -> Iterator[None]:
    """Write our loggers' records from ``level`` on to stderr until the block ends."""
    row: Queue[str | None] = Queue(WAITING)
    lines = _Waiting(row)
    writer = threading.Thread(target=_write, args=(row, sys.stderr), name="log", daemon=True)
    writer.start()
    loggers = [logging.getLogger(name) for name in LOGGERS]
    for logger in loggers:
        logger.setLevel(level)
        logger.addHandler(lines)
        logger.propagate = False
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeHandler(lines)
            logger.propagate = True
        with suppress(Full):
            row.put(None, timeout=STOP_S)
        writer.join(STOP_S)
