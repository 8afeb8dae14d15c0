"""The process beside a server: it asks, it tells, it ends with its server, and it comes back when it is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from core.escalation.fake import running_fake
from core.services.background.keeper import STARTING, STOPPED, Background
from core.services.background.words import told_by
from core.services.center import CommandCenter
from core.services.escalations.desk_state import DeskState
from core.services.performance import Performance
from core.services.scores import scoring
from core.store.opinions import Status
from tests.realtime.waiting import alive
from tests.services.centers import models_dir, settings_in
from tests.services.escalations.conftest import until
from tests.services.made import told

__all__ = ["models_dir"]


@contextmanager
def beside(performance: Performance, command: tuple[str, ...] = ()) -> Iterator[Background]:
    running = Background(performance, command, first_after_s=0.0) if command else Background(performance)
    running.start()
    try:
        yield running
    finally:
        running.close()


def counted() -> Performance:
    return Performance(lambda _: None)


def python(code: str) -> tuple[str, ...]:
    return (sys.executable, "-c", code)


TALKS = """
import sys
desk = '{"now": "asking", "why": "", "until": null, "problem": null}'
print('{"desk": ' + desk + ', "escalated": {"worth_asking": 2}}', flush=True)
sys.stdin.read()
"""


def test_what_the_process_tells_is_known_and_counted() -> None:
    performance = counted()
    with beside(performance, python(TALKS)) as running:
        until(lambda: running.desk.now is DeskState.ASKING)
        until(lambda: performance.totals().escalations.get("worth_asking") == 2)


def test_closing_ends_the_process() -> None:
    with beside(counted(), python(TALKS)) as running:
        until(lambda: running.desk.now is DeskState.ASKING)
        pid = running.pid
    assert pid is not None
    until(lambda: not alive(pid))
    assert running.pid is None


def test_a_process_that_was_killed_is_started_again_and_the_screen_says_so_meanwhile() -> None:
    performance = counted()
    with beside(performance, python(TALKS)) as running:
        until(lambda: running.desk.now is DeskState.ASKING)
        first = running.pid
        assert first is not None
        os.kill(first, signal.SIGKILL)
        until(lambda: running.desk.why == STOPPED)
        until(lambda: running.pid not in (None, first) and running.desk.now is DeskState.ASKING)
    assert performance.totals().escalations == {"worth_asking": 4}  # two from each


def test_a_command_that_cannot_be_started_is_said() -> None:
    with beside(counted(), ("/no/such/program",)) as running:
        until(lambda: running.desk.why == "What asks Claude could not be started (No such file or directory).")


def test_the_process_is_not_started_before_the_first_screen_had_its_turn() -> None:
    with beside(counted()) as running:
        assert running.pid is None
        assert running.desk.why == STARTING


@pytest.mark.parametrize(
    "line", [b"", b"{}", b"[1]", b'{"desk": {"now": "away", "why": "", "until": null, "problem": null}}', b"\xff"]
)
def test_anything_else_than_its_words_is_refused(line: bytes) -> None:
    with pytest.raises(ValueError, match=r"background|away|unexpected|line 1"):
        told_by(line)


def test_it_asks_claude_and_ends_when_its_server_does(tmp_path: Path, models_dir: Path) -> None:
    with running_fake() as address, CommandCenter(settings_in(tmp_path / "data"), models_dir) as center:
        scoring.score_lead(center, told("ana", pre_approval=None))
        assert center.store.opinions.count(Status.ANSWERED) == 0
        environment = os.environ | {
            "JORGE_DATA_DIR": str(tmp_path / "data"),
            "ANTHROPIC_API_KEY": "a key",
            "ANTHROPIC_BASE_URL": address,
        }
        command = [sys.executable, "-m", "core", "background"]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment) as process:
            until(lambda: center.store.opinions.count(Status.ANSWERED) == 1, 120.0)
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.close()
            assert process.wait(30) == 0
            told_lines = [told_by(line) for line in process.stdout]
        assert DeskState.ASKING in [one.desk.now for one in told_lines]


def test_a_signal_ends_it_as_well(tmp_path: Path) -> None:
    environment = os.environ | {"JORGE_DATA_DIR": str(tmp_path / "data")}
    command = [sys.executable, "-m", "core", "background"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment) as process:
        assert process.stdout is not None
        assert told_by(process.stdout.readline()).desk.now is DeskState.OFF  # it is up
        process.send_signal(signal.SIGTERM)
        try:
            assert process.wait(30) == 0
        finally:
            process.kill()
