"""Whatever is in a file: an answer or one clear FileError, soon, and in bounded memory."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from core.errors import FileError
from core.leads import Lead, LeadHistory
from core.transfer import ReadLead, Rejected, read_leads, recognise, sniff

Made = Callable[..., Path]
TEXTS = ("name,email,budget,created\n", "Name;Phone\n", "ana@example.com", "5125550101", "Select", "x" * 400, "é", "🏡")
WRONG = ("-1", "nan", "1e999", "7/22/2026", "\ud800", "=1+1", "450.000,00", "\x00")
MARKS = ('"', '""', "'", ",", ";", "\t", "|", "\n", "\r", "\r\n", " ")
PIECES = st.sampled_from((*TEXTS, *WRONG, *MARKS))


def _read(path: Path) -> str:
    """Read all of a file; return the refusal, "." when there is none."""
    try:
        dialect = sniff(path)
        mapping = recognise(dialect.columns)
        if not mapping.fields:
            mapping = mapping.with_field(dialect.columns[0], "name")
        for row in read_leads(path, mapping, dialect=dialect):
            assert isinstance(row, ReadLead | Rejected)
            assert row.row_number > dialect.header_row
            if isinstance(row, ReadLead):
                assert len(row.cells) == len(dialect.columns)
            else:
                assert row.reason.startswith(f"row {row.row_number}: ")
    except FileError as error:
        return str(error)
    return "."


def _one_sentence(refusal: str) -> bool:
    return refusal.endswith(".") and "\n" not in refusal


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=400))
@example(b"\xff\xfe")
@example(b"\xff\xfe\x00")
@example(b"\xff\xfe\x00\x00a")
@example(b"\x00\xd8a\x00,\x00b\x00\n\x00")
def test_any_bytes_end_in_rows_or_a_file_error(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "bytes.csv"
    for start in (b"", b"name,email\n"):
        path.write_bytes(start + content)
        assert _one_sentence(_read(path))


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(PIECES, max_size=40), st.sampled_from(["utf-8", "utf-16", "utf-16-le", "cp1252"]))
def test_any_pieces_of_a_list_end_in_rows_or_a_file_error(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[str], encoding: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "pieces.csv"
    path.write_bytes("".join(pieces).encode(encoding, "surrogatepass" if "utf" in encoding else "replace"))
    assert _one_sentence(_read(path))


@pytest.mark.parametrize(
    "line",
    [
        b'x","\n',
        b'"\n',
        b'a,""\n',
        b",\n",
        b"=\n",
        b"a@a@a@a\n",
        b"1.1.1.1.1\n",
        b"'''\n",
        b"\r",
        b'"""\n',
        b"\xed\xa0\x80\n",
    ],
)
def test_many_rows_of_the_same_trap_take_no_longer_than_seconds(made: Made, line: bytes) -> None:
    path = made(b"name,email\n" + line * (300_000 // len(line)))
    began = time.thread_time()
    assert _one_sentence(_read(path))
    assert time.thread_time() - began < 10


def test_a_long_file_is_read_in_little_memory(made: Made) -> None:
    row = "Ana Lima,ana%d@example.com,(512) 555-0101,7/22/2026,500k-600k,A house with a yard near the park\n"
    path = made("name,email,phone,created,budget,message\n" + "".join(row % n for n in range(12_000)))
    tracemalloc.start()
    try:
        assert sum(1 for _ in read_leads(path)) == 12_000
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert path.stat().st_size > 1_000_000
    assert peak < 8_000_000


def test_what_is_read_passes_the_validation_of_the_lead_types(files: Path) -> None:
    for path in files.glob("*.csv"):
        for row in read_leads(path):
            if isinstance(row, ReadLead):
                history = row.history
                assert LeadHistory.model_validate_json(history.model_dump_json()) == history
                assert Lead.model_validate(history.lead.model_dump()) == history.lead
