"""A signal is never lost and never blocks, wherever the main thread is when it comes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

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


def test_a_command_that_is_ended_by_sigterm_leaves_nothing_half_written(tmp_path: Path) -> None:
    leads, env = tmp_path / "leads.csv", {**os.environ, "JORGE_DATA_DIR": str(tmp_path / "data")}
    leads.write_text("email,message\n" + "".join(f"{n}@example.com,I want to buy\n" for n in range(300_000)))
    command = [sys.executable, "-m", "core", "score", str(leads), "-o", str(tmp_path / "scored.csv")]
    with subprocess.Popen(command, env=env, stderr=subprocess.PIPE, text=True) as process:
        try:
            _until(lambda: list(tmp_path.glob(".scored.csv.*.part")) or process.poll() is not None, 60)
            process.send_signal(signal.SIGTERM)
            said = process.communicate(timeout=20)[1]
        finally:
            process.kill()
    assert (process.returncode, said) == (143, "")
    assert {path.name for path in tmp_path.iterdir()} == {"leads.csv", "data"}


def _until(holds: object, seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not holds():  # type: ignore[operator]
        assert time.monotonic() < deadline
        time.sleep(0.01)
