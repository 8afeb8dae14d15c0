"""Broken and strange files: a small part of ``python -m tests.measure.files``."""

from __future__ import annotations

import warnings
from pathlib import Path

from core.services.center import CommandCenter
from core.training.table.look import look_at
from tests.measure.files import Ended, file_of, monsters, take


def test_whatever_is_in_a_file_it_ends_in_a_result_or_one_sentence(center: CommandCenter, tmp_path: Path) -> None:
    ended = Ended()
    for number in range(80):
        take(center, tmp_path, f"file {number}", file_of(number), ended)
    assert ended.wrong == []
    assert ended.results > 80, "of four readers, many can still use a file"
    assert sum(ended.refusals.values()) > 80


def test_a_packed_or_endless_file_is_refused_before_it_is_unpacked_or_held(
    center: CommandCenter, tmp_path: Path
) -> None:
    ended, sent = Ended(), monsters(packed_mb=16)
    for name, content in sent.items():
        take(center, tmp_path, name, content, ended)
    assert ended.wrong == []
    assert ended.results == 0
    assert sum(ended.refusals.values()) == 4 * len(sent), "each by all four readers"


def test_a_look_at_a_file_whose_quotation_mark_never_ends_finds_no_row_and_no_date(tmp_path: Path) -> None:
    path = tmp_path / "leads.csv"
    path.write_bytes(b'name,email\n"Ana,a@example.com\n')
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = look_at(path)
    assert [len(column.codes) for column in found.columns] == [0, 0]
    assert (found.outcomes, found.dates) == ((), ())
