"""What a command writes is whole, or was never there."""

from __future__ import annotations

import os
import resource
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from core.cli.written import write_file
from core.errors import InputError


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def test_a_disk_that_is_full_leaves_what_stood_there_and_nothing_beside(tmp_path: Path) -> None:
    path = tmp_path / "ana.json"
    with files_of_at_most(1_000), pytest.raises(InputError, match=r"ana\.json cannot be written \(File too large\)"):
        write_file(path, b"x" * 5_000)
    assert list(tmp_path.iterdir()) == []
    path.write_bytes(b"earlier")
    with files_of_at_most(1_000), pytest.raises(InputError):
        write_file(path, b"x" * 5_000)
    assert [one.name for one in tmp_path.iterdir()] == ["ana.json"]
    assert path.read_bytes() == b"earlier"


def test_a_file_keeps_who_may_read_it_and_a_link_leads_on(tmp_path: Path) -> None:
    path, link = tmp_path / "week.pdf", tmp_path / "newest.pdf"
    before = os.umask(0o027)
    try:
        write_file(path, b"1")
        write_file(tmp_path / "ana.json", b"1", private=True)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert stat.S_IMODE((tmp_path / "ana.json").stat().st_mode) == 0o600
    path.chmod(0o604)
    link.symlink_to(path)
    write_file(link, b"2", private=True)
    assert (link.is_symlink(), path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (True, b"2", 0o604)


def test_a_pipe_is_written_into(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    write_file(pipe, b"told")
    reader.join(10)
    assert read == [b"told"]


def test_a_place_that_is_none_is_told(tmp_path: Path) -> None:
    for place, why in ((tmp_path, "Is a directory"), (tmp_path / "no" / "x.pdf", "No such file or directory")):
        with pytest.raises(InputError, match=rf"cannot be written \({why}\); name another file with -o"):
            write_file(place, b"x")
