"""Works on a batch in this process and in one beside it, whose interpreters do not wait for each other.

This process reads leads from the front, the other from the middle on; then this one comes to meet it from the back.
Later the other writes contributions while this one saves. Nobody waits for the other, however busy the machine is, and
an end of the other costs nothing but time.
"""

from __future__ import annotations

import logging
import os
import select
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from time import monotonic
from typing import TYPE_CHECKING, Final

import numpy as np

from core.features import values_of
from core.leads import LeadHistory
from core.scoring import Score
from core.services.running.cores import cores
from core.services.scores.reading.words import Row, row_of, take_answers, to_read, to_write
from core.settings import PROJECT_ROOT

if TYPE_CHECKING:
    from core.services.center import CommandCenter

FEWEST: Final = 32  # of fewer leads the other reads too little to be worth the asking
OURS: Final = 0.5  # the share that is not sent; who is done first reads on in the other's share
PATIENCE_S: Final = 0.1  # for a process that takes no request
SOON_S: Final = 0.002  # for the next of what it has written; what is late is written here
AT_ONCE_BYTES: Final = 1 << 18
STUCK_S: Final = 30.0  # for one that took a request and never answers it
RESTART_S: Final = 10.0
COMMAND: Final = (sys.executable, "-m", "core.services.scores.reading.process")
_log = logging.getLogger(__name__)


def features_of(
    center: CommandCenter, histories: Sequence[LeadHistory], as_of: datetime, *, parallel: bool = True
) -> list[Row]:
    """``values_of`` each; where there are many, ``parallel`` lets the process beside a server read some of them."""
    reader = center.reader if parallel and len(histories) >= FEWEST else None
    return _alone(histories, as_of) if reader is None else reader.features(histories, as_of)


@contextmanager
def written_meanwhile(
    center: CommandCenter, scores: Sequence[Score], *, parallel: bool = True
) -> Iterator[list[bytes]]:
    """Where there are many scores, have ``contributions_json`` of each written beside a server during the block.

    The list is filled when the block ends, with those of the first scores: of all, of none or of some.
    """
    reader = center.reader if parallel and len(scores) >= FEWEST else None
    if reader is None or any(score.own_columns for score in scores):
        yield []
    else:
        with reader.writing(scores) as written:
            yield written


def can_read_beside() -> bool:
    """Whether another process would have a core to read on; on Windows no socket can be handed to it."""
    return cores() > 1 and os.name == "posix"


class Reader:
    """The process beside this one: started by the first ``features``, and anew by the next after it has ended.

    One caller at a time has it; others, and all until it is loaded, work alone. ``rows_read`` and ``texts_written``
    count what came from it.
    """

    def __init__(self, command: Sequence[str] = COMMAND, restart_s: float = RESTART_S) -> None:
        self._command, self._restart_s = command, restart_s
        self._lock = threading.Lock()
        self._beside: _Beside | None = None
        self._started_at: float | None = None
        self._closed = False
        self.rows_read = self.texts_written = 0

    @property
    def pid(self) -> int | None:
        """The process that reads; None while there is none."""
        beside = self._beside
        return None if beside is None else beside.process.pid

    def features(self, histories: Sequence[LeadHistory], as_of: datetime) -> list[Row]:
        """``values_of`` each of ``histories``, in their order. Raises what that raises."""
        if not self._lock.acquire(blocking=False):
            return _alone(histories, as_of)
        try:
            beside = self._ready()
            return _alone(histories, as_of) if beside is None else self._together(beside, histories, as_of)
        finally:
            self._lock.release()

    def _together(self, beside: _Beside, histories: Sequence[LeadHistory], as_of: datetime) -> list[Row]:
        ours = round(OURS * len(histories))
        beside.ask(to_read(histories[ours:], as_of), len(histories) - ours)
        front, back = _alone(histories[:ours], as_of), list[Row]()
        while len(front) + beside.answered() + len(back) < len(histories):
            back.append(values_of(histories[-1 - len(back)], as_of))
        met = len(histories) - len(back)
        self.rows_read += met - ours
        theirs = [
            values_of(history, as_of) if np.isnan(row[0]) else row  # what cannot be read there raises here
            for history, row in zip(histories[ours:met], map(row_of, beside.answers), strict=False)
        ]
        return [*front, *theirs, *reversed(back)]

    @contextmanager
    def writing(self, scores: Sequence[Score]) -> Iterator[list[bytes]]:
        """As ``written_meanwhile``; a process is not started for it."""
        written: list[bytes] = []
        if not self._lock.acquire(blocking=False):
            yield written
            return
        try:
            beside = self._beside
            if beside is None or not beside.loaded:
                yield written
                return
            beside.ask(to_write(scores), len(scores))
            yield written
            written += beside.soon()
            self.texts_written += len(written)
        finally:
            self._lock.release()

    def _ready(self) -> _Beside | None:
        """The process when it waits for a request; it is started when there is none."""
        if self._beside is not None and self._beside.ended:
            if self._beside.close() != 0:  # 0 after a minute without work
                _log.warning("The process that reads batches beside this one ended; the next batch starts it again.")
            self._beside = None
        if self._beside is None:
            self._start()
            return None
        return self._beside if self._beside.waits() else None

    def _start(self) -> None:
        now = monotonic()
        if self._closed or (self._started_at is not None and now - self._started_at < self._restart_s):
            return
        self._started_at = now
        try:
            self._beside = _Beside(self._command)
        except OSError as error:
            _log.warning("No process to read batches beside this one could be started: %s", error.strerror)

    def forget(self) -> None:
        """End the process with what it remembers of leads, after what it has in hand; the next batch starts another."""
        with self._lock:
            if self._beside is not None:
                self._beside.close()
                self._beside, self._started_at = None, None

    def close(self) -> None:
        """End the process; whoever has it reads on alone."""
        self._closed = True
        beside = self._beside
        if beside is not None:
            beside.process.kill()
        with self._lock:
            if self._beside is not None:
                self._beside.close()
                self._beside = None


def _alone(histories: Sequence[LeadHistory], as_of: datetime) -> list[Row]:
    return [values_of(history, as_of) for history in histories]


class _Beside:
    """A running process and the socket to it. Nothing here raises for what becomes of it: ``ended`` tells."""

    def __init__(self, command: Sequence[str]) -> None:
        self._socket, theirs = socket.socketpair()
        with theirs:
            self.process = subprocess.Popen(
                command,
                stdin=theirs.fileno(),
                cwd=PROJECT_ROOT,
                start_new_session=True,  # Ctrl-C in the terminal is for the process that was started there
            )
        threading.Thread(target=self.process.wait, name="reading-end", daemon=True).start()  # leaves no zombie
        self._socket.setblocking(False)
        self._takes_more = select.poll()  # select() knows no socket above 1,023, and a server may have more
        self._takes_more.register(self._socket, select.POLLOUT)
        self._has_more = select.poll()
        self._has_more.register(self._socket, select.POLLIN)
        self._owed, self._asked_at = 1, monotonic()  # READY
        self._late = 1  # so many of what is owed are thrown away
        self._came = bytearray()
        self._ready = self._failed = False
        self.answers = list[bytes]()

    @property
    def ended(self) -> bool:
        """Whether nothing more will come of it."""
        return self._failed or self.process.poll() is not None

    @property
    def loaded(self) -> bool:
        """Whether it takes requests, or is at work on one."""
        self._take()
        return not self.ended and self._ready

    def waits(self) -> bool:
        """Whether it has answered all that it was asked."""
        self._take()
        if self._owed and monotonic() - self._asked_at > STUCK_S:
            self._end()
        return not self._failed and self._owed == 0

    def ask(self, request: bytes, answers: int) -> None:
        """Ask for so many answers; ``answers`` has those that came. What is still owed of earlier ones is not kept."""
        self.answers, self._late, self._owed, self._asked_at = [], self._owed, self._owed + answers, monotonic()
        told = memoryview(request)
        try:
            while told:
                if not self._takes_more.poll(1000 * PATIENCE_S):
                    raise TimeoutError
                told = told[self._socket.send(told) :]
        except OSError:
            self._end()

    def answered(self) -> int:
        """How many answers have come."""
        self._take()
        return len(self.answers)

    def soon(self) -> list[bytes]:
        """What has come, and what follows without a halt."""
        while not self._failed and self._owed and self._has_more.poll(1000 * SOON_S):
            self._take()
        return self.answers

    def _take(self) -> None:
        while self._owed and not self._failed:
            try:
                came = self._socket.recv(AT_ONCE_BYTES)
            except BlockingIOError:
                return
            except OSError:
                came = b""
            self._came += came
            self._sort_out()
            if not came:
                self._end()

    def _sort_out(self) -> None:
        found = take_answers(self._came)
        late = min(self._late, len(found))
        self.answers += found[late:]
        self._late -= late
        self._owed -= len(found)
        self._ready = self._ready or bool(found)

    def _end(self) -> None:
        self._failed = True
        self.process.kill()

    def close(self) -> int:
        """End it; returns how it ended."""
        self.process.kill()
        with suppress(OSError):
            self._socket.close()
        return self.process.wait()
