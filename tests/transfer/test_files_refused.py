"""Files that cannot be used: one clear sentence each."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest

from core.errors import FileError
from core.transfer import MOST_COLUMNS, ReadLead, Rejected, read_leads, sniff

Made = Callable[..., Path]


def _zip() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
    return target.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b"\r\n \r\n\t\r\n", "is empty"),
        (b"name,email,phone\n", "column names but no rows"),
        (b"name,email,phone\n,,\n\n", "column names but no rows"),
        (_zip(), "zip or Excel"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "old Excel"),
        (b"%PDF-1.7\n1 0 obj", "PDF"),
        (b"\x1f\x8b\x08" + bytes(20), "gzip"),
        (b"<!DOCTYPE html><html>Sign in</html>", "web page"),
        (bytes(range(256)) * 40, "binary data"),
        (b"\x00" * 1000, "binary data"),
        (b"na\x00me,email\nAna,a@example.com\n" + b"Bo,b@example.com\n" * 9, "NUL"),
        (b"Ana Lima,ana@example.com,5125550101\nBo Roe,bo@example.com,5125550102\n", "looks like a lead"),
        (b"n," * 1200 + b"n\n" + b"1," * 1200 + b"1\n", f"at most {MOST_COLUMNS:,}"),
        (b",\n" * 200_000 + b"name,email\nAna,a@example.com\n", "nothing but blank cells"),
        (b'name,email\n"' + b"x" * 3_000_000, "too long"),
    ],
)
def test_a_file_that_is_no_list_is_refused_in_one_sentence(made: Made, content: bytes, words: str) -> None:
    with pytest.raises(FileError) as refused:
        sniff(made(content))
    message = str(refused.value)
    assert words in message
    assert message.endswith(".")
    assert "\n" not in message
    assert len(message) < 300


def test_folders_addresses_devices_and_missing_files_are_refused(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    for path, words in [
        (tmp_path, "folder"),
        (tmp_path / "none.csv", "no file"),
        (pipe, "no file"),
        (Path("/dev/zero"), "no file"),
        (Path("https://example.com/leads.csv"), "no file"),
        (Path("a\x00b.csv"), "file"),
        (Path("x" * 5000), "file"),
        (cast(Path, "https://example.com/leads.csv"), "download it first"),
    ]:
        with pytest.raises(FileError, match=words):
            sniff(path)


def test_a_file_with_no_column_that_we_know_asks_what_they_hold(made: Made) -> None:
    with pytest.raises(FileError, match="say which column holds what"):
        read_leads(made("shoe,hat\n43,58\n"))


def test_one_endless_row_in_the_middle_stops_the_reading_and_names_its_row(made: Made) -> None:
    rows = "".join(f"Lead {n},l{n}@example.com\n" for n in range(30_000))
    path = made("name,email\n" + rows + '"' + "x\n" * 600_000)
    with pytest.raises(FileError, match="row 30002 is longer than"):
        list(read_leads(path))


@pytest.mark.parametrize("rows", [0, 1, 2])
def test_an_endless_row_near_the_beginning_is_named_too(made: Made, rows: int) -> None:
    path = made("name,email\n" + "Bo,bo@example.com\n" * rows + "Ana," + "x" * 600_000 + "\nCy,cy@example.com\n")
    with pytest.raises(FileError, match=rf"(?i)row {rows + 2} is (too long|longer)"):
        list(read_leads(path))


def test_a_quotation_mark_that_never_closes_spoils_its_own_row_only(made: Made) -> None:
    path = made('name,email\n"Ana,a@example.com\nBo,b@example.com\nCy,c@example.com\n')
    rows = list(read_leads(path))
    assert [row.row_number for row in rows] == [2, 3, 4]
    assert isinstance(rows[0], Rejected)
    assert rows[0].reason == "row 2: a quotation mark opens a cell that never ends. Correct the row."
    assert [row.history.lead.name for row in rows if isinstance(row, ReadLead)] == ["Bo", "Cy"]


def test_the_same_holds_in_a_long_file(made: Made) -> None:
    rows = [f"Lead {n},lead{n}@example.com\n" for n in range(20_000)]
    rows[500] = '"' + rows[500]
    found = list(read_leads(made("name,email\n" + "".join(rows))))
    assert [row.row_number for row in found] == list(range(2, 20_002))
    assert [row.row_number for row in found if isinstance(row, Rejected)] == [502]


def test_a_file_cut_off_in_a_quoted_note_makes_no_leads_of_its_lines(made: Made) -> None:
    path = made('name,email,notes\nAna,a@example.com,ok\nBo,b@example.com,"first line\nsecond line\nthird li')
    first, second = read_leads(path)
    assert isinstance(first, ReadLead)
    assert isinstance(second, Rejected)


def test_a_file_that_grows_other_letters_far_down_is_read_on(made: Made) -> None:
    head = b"name,email\n" + b"Ana,a%d@example.com\n" * 20_000
    utf8 = list(read_leads(made(head + "José,j@example.com\n".encode())))
    cp1252 = list(read_leads(made(head + "José,j@example.com\n".encode("cp1252"))))
    for rows in (utf8, cp1252):
        assert isinstance(rows[-1], ReadLead)
        assert rows[-1].history.lead.name == "José"


def test_a_hundred_blank_rows_above_and_below_the_header_are_passed_over(made: Made) -> None:
    (row,) = read_leads(made(",\n" * 300 + "name,email\n" + ",\n" * 300 + "Ana,a@example.com\n" + ",\n" * 200_000))
    assert row.row_number == 602


def test_a_title_above_the_header_is_passed_over(made: Made) -> None:
    dialect = sniff(made("Leads of July\n\nName,Email\nAna,a@example.com\n"))
    assert (dialect.header_row, dialect.columns) == (3, ("Name", "Email"))


def test_repeated_and_missing_column_names_are_told_apart(made: Made) -> None:
    dialect = sniff(made("Email,Email,,Email (2)\na@example.com,b@example.com,x,c\n"))
    assert dialect.columns == ("Email", "Email (2)", "column 3", "Email (2) (3)")
    assert dialect.header == ("Email", "Email", "", "Email (2)")


def test_a_list_of_one_column_is_a_list(made: Made) -> None:
    (row,) = read_leads(made("email\nana@example.com\n"))
    assert isinstance(row, ReadLead)
    assert row.history.lead.email == "ana@example.com"


def test_line_ends_of_every_system_are_read(made: Made) -> None:
    for end in ("\n", "\r\n", "\r"):
        rows = list(read_leads(made(f"name,email{end}Ana,a@example.com{end}{end}Bo,b@example.com")))
        assert [row.row_number for row in rows] == [2, 4]


def test_utf_16_without_a_mark_is_read(made: Made) -> None:
    for codec in ("utf-16-le", "utf-16-be"):
        (row,) = read_leads(made("name,email\nAna Lima,ana@example.com\n", encoding=codec))
        assert isinstance(row, ReadLead)
        assert row.history.lead.name == "Ana Lima"


def test_other_alphabets_of_old_programs_are_recognised(made: Made) -> None:
    text = "name,email\nИван Петров,ivan@example.com\nОльга Смирнова,olga@example.com\n"
    first, _ = read_leads(made(text, encoding="cp1251"))
    assert isinstance(first, ReadLead)
    assert first.history.lead.name == "Иван Петров"
