"""What a killed program left beside a file goes after half a day; one that is told to stop leaves nothing."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from core.cli.written import write_file
from core.drafts import drop_left
from core.services.reports.folder import keep
from core.transfer import ScoreWriter

HOUR = 3_600


def left(path: Path, hours: float) -> Path:
    """A file, or a folder where the name ends in a slash, that was last touched so many hours ago."""
    path.write_text("half")
    os.utime(path, (time.time() - hours * HOUR,) * 2)
    return path


def test_only_drafts_of_that_name_that_nobody_touched_for_half_a_day_go(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "mine").write_text("mine")
    old = left(tmp_path / ".a[1].csv.abcd_123.part", 13)
    kept = [
        left(tmp_path / ".a[1].csv.abcd_124.part", 11),  # may still be written
        left(tmp_path / ".a1.csv.abcd_123.part", 13),  # of another file
        left(tmp_path / ".a[1].csv.abcd_1234.part", 13),  # no name of tempfile's
        left(tmp_path / "a[1].csv", 13),
    ]
    room = tmp_path / ".a[1].csv.ABCDEFGH.part"
    room.mkdir()
    (room / "half").write_text("half")
    (room / "link").symlink_to(tmp_path / "elsewhere")
    os.utime(room, (0, 0))
    drop_left(tmp_path, ".a[1].csv.", ".part")
    assert not old.exists()
    assert not room.exists()
    assert all(path.exists() for path in kept)
    assert (tmp_path / "elsewhere" / "mine").exists()


@pytest.mark.parametrize("writing", ["a command", "scores", "a report"])
def test_who_writes_a_file_anew_removes_what_was_left_of_it(writing: str, tmp_path: Path) -> None:
    if writing == "a command":
        begun = left(tmp_path / ".out.csv.abcdefgh.part", 13)
        write_file(tmp_path / "out.csv", b"whole")
    elif writing == "scores":
        begun = left(tmp_path / ".out.csv.abcdefgh.part", 13)
        with ScoreWriter(tmp_path / "out.csv", []):
            pass
    else:
        begun = left(tmp_path / ".jorge-report-abcdefgh", 13)
        keep(tmp_path, "2026-03-02-0600", {"pdf": b"whole"}, 5)
    assert not begun.exists()
    assert len(list(tmp_path.iterdir())) == 1


class Stopped(BaseException):
    """As what the handler of a signal raises."""


@contextmanager
def stopped_at(step: int) -> Iterator[list[int]]:
    """Raise Stopped once, before the ``step``-th instruction of the modules that write; yields how many there were."""
    ours = tuple(sys.modules[of.__module__].__file__ for of in (write_file, drop_left, keep, ScoreWriter))
    done = [0]

    def trace(frame: FrameType, event: str, _argument: object) -> Callable[..., Any] | None:
        if frame.f_code.co_filename not in ours:
            return None
        frame.f_trace_lines, frame.f_trace_opcodes = False, True
        if event == "opcode":
            done[0] += 1
            if done[0] == step:
                raise Stopped
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        yield done
    finally:
        sys.settrace(before)


def write_scores(path: Path) -> None:
    with ScoreWriter(path, ["Name"]) as writer:
        writer.write("90", "Ana")
        writer.reject(2, "no name", "")


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # opened, and no time to close it
@pytest.mark.parametrize("writing", ["a command", "scores", "a report"])
def test_who_is_told_to_stop_at_any_moment_leaves_no_draft(writing: str, tmp_path: Path) -> None:
    def write() -> None:
        if writing == "a command":
            write_file(tmp_path / "out.csv", b"whole")
        elif writing == "scores":
            write_scores(tmp_path / "out.csv")
        else:
            keep(tmp_path, "2026-03-02-0600", {"pdf": b"whole"}, 5)

    stopped = 0
    for step in count(1):
        with stopped_at(step) as done:
            try:
                write()
            except Stopped:
                stopped += 1
        assert not [path.name for path in tmp_path.iterdir() if path.name.startswith(".")], step
        if done[0] < step:
            break
    assert stopped > 50
