"""``jorge report``."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.cli.main import main


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JORGE_DATA_DIR", str(tmp_path / "data"))


def test_the_format_is_that_of_the_name_or_as_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", "-o", str(tmp_path / "week.pptx"), "--days", "14"]) == 0
    assert (tmp_path / "week.pptx").read_bytes().startswith(b"PK")
    assert main(["report", "--format", "pdf", "-o", str(tmp_path / "week")]) == 0
    assert (tmp_path / "week").read_bytes().startswith(b"%PDF")
    assert "kB" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--days", "0"], "days is 0; must be from 1 to 366"),
        (["--zone", "Mars/Olympus"], "zone is 'Mars/Olympus'; must be a name such as America/Chicago"),
    ],
)
def test_what_cannot_be_used_is_told_in_a_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], told: str
) -> None:
    assert main(["report", "-o", str(tmp_path / "week.pdf"), *words]) == 2
    assert told in capsys.readouterr().err
