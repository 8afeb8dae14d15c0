"""The server's log: one line of JSON on stderr for each request and each fault.

Lines are written by a thread of their own: a terminal that hangs stops no request, it only costs lines.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from logging.handlers import QueueHandler, QueueListener
from queue import Full, Queue
from typing import Any, Final

import orjson

LOGGERS: Final = ("jorge", "core")
WAITING: Final = 10_000  # lines


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


class _Lines(QueueHandler):
    """Hands finished lines on; drops them while too many wait."""

    def prepare(self, record: logging.LogRecord) -> logging.LogRecord:
        return logging.makeLogRecord({"msg": self.format(record), "levelno": record.levelno})

    def enqueue(self, record: logging.LogRecord) -> None:
        try:
            self.queue.put_nowait(record)
        except Full:
            return


@contextmanager
def logging_to_stderr(level: str) -> Iterator[None]:
    """Write our loggers' records from ``level`` on to stderr until the block ends."""
    waiting: Queue[logging.LogRecord] = Queue(WAITING)
    lines = _Lines(waiting)
    lines.setFormatter(JsonLines())
    writer = QueueListener(waiting, logging.StreamHandler(sys.stderr))
    for name in LOGGERS:
        logger = logging.getLogger(name)
        logger.setLevel(level)
        logger.addHandler(lines)
        logger.propagate = False
    writer.start()
    try:
        yield
    finally:
        writer.stop()
        for name in LOGGERS:
            logging.getLogger(name).removeHandler(lines)
            logging.getLogger(name).propagate = True
