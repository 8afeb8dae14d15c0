"""A signal is never lost and never blocks, wherever the main thread is when it comes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time

from core.cli.stopping import stopped_by_signals

BUSY = """
from core.cli.stopping import stopped_by_signals
with stopped_by_signals() as stop:
    print("ready", flush=True)
    while not stop.is_set():
        stop.wait(0.00001)  # most of its time the event's lock is held
print("ended", flush=True)
"""


def test_a_signal_sets_the_event_and_the_handlers_come_back() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with stopped_by_signals() as stop:
        assert not stop.is_set()
        os.kill(os.getpid(), signal.SIGTERM)
        assert stop.wait(10)
        os.kill(os.getpid(), signal.SIGINT)  # a second one does no harm
    assert signal.getsignal(signal.SIGTERM) is before
    _until(lambda: not any(thread.name == "signals" for thread in threading.enumerate()))


def test_a_signal_that_comes_while_the_event_is_looked_at_ends_the_command() -> None:
    for _ in range(5):
        with subprocess.Popen([sys.executable, "-c", BUSY], stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            time.sleep(0.02)
            process.send_signal(signal.SIGTERM)
            try:
                assert process.communicate(timeout=20)[0] == "ended\n"
            finally:
                process.kill()


def _until(holds: object, seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not holds():  # type: ignore[operator]
        assert time.monotonic() < deadline
        time.sleep(0.01)
