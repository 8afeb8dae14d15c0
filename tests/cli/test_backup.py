"""``jorge backup``, ``restore`` and ``migrate``, as they are typed."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.cli.main import main
from core.cli.serve import only_server_of
from core.services.center import CommandCenter
from core.store.schema import HEAD
from tests.services.centers import settings_in
from tests.store.made import scored


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "data"
    monkeypatch.setenv("JORGE_DATA_DIR", str(folder))
    monkeypatch.delenv("JORGE_DATABASE_URL", raising=False)
    return folder


def leads_in(data_dir: Path, *more: str) -> int:
    with CommandCenter(settings_in(data_dir)) as center:
        center.store.save_scored([scored(lead_id) for lead_id in more])
        return center.store.lead_count()


def test_there_and_back(data_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    leads_in(data_dir, "a", "b")
    assert main(["backup", str(tmp_path / "kept"), "--keep", "3"]) == 0
    out = capsys.readouterr()
    path = Path(out.out.strip())
    assert path.parent == tmp_path / "kept"
    assert out.err.startswith("2 leads, ")
    leads_in(data_dir, "c")
    with only_server_of(data_dir):
        assert main(["restore", str(path)]) == 2
    assert "already uses the data folder" in capsys.readouterr().err
    assert leads_in(data_dir) == 3
    assert main(["restore", str(path)]) == 0
    assert "2 leads." in capsys.readouterr().out
    assert leads_in(data_dir) == 2


def test_nothing_to_back_up_is_said(data_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["backup", str(tmp_path / "kept")]) == 2
    assert "nothing to back up" in capsys.readouterr().err
    assert list((tmp_path / "kept").iterdir()) == []


def test_tables_go_back_only_when_that_is_meant(data_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    leads_in(data_dir, "a")
    assert main(["migrate"]) == 0
    assert f"* {HEAD}  " in capsys.readouterr().out
    assert main(["migrate", "--to", "0010"]) == 2
    assert "add --discard" in capsys.readouterr().err
    with only_server_of(data_dir):
        assert main(["migrate", "--to", "0010", "--discard"]) == 2
    assert main(["migrate", "--to", "0010", "--discard"]) == 0
    assert "* 0010  " in capsys.readouterr().out
    assert main(["migrate", "--to", HEAD]) == 0
    assert leads_in(data_dir) == 1
