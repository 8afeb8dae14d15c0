"""``jorge personal`` as somebody uses it who was asked what is kept, or to erase it."""

from __future__ import annotations

import io
import json
import stat
from pathlib import Path

import pytest

from core.cli.main import main
from core.leads import Lead, LeadHistory
from core.services import audit
from core.services.center import CommandCenter
from core.settings import load_settings

Out = pytest.CaptureFixture[str]
HOUSEHOLD = {"ana": "Ana Lima", "leo": "Leo Lima"}  # one phone, as a couple has


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A household of two and somebody else; Redis is down, so that no command waits for one of its own."""
    monkeypatch.setenv("JORGE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("JORGE_REDIS_URL", "redis://127.0.0.1:1/0")
    monkeypatch.delenv("JORGE_DATABASE_URL", raising=False)
    people = [Lead(lead_id=lead_id, name=name, phone="+15125550198") for lead_id, name in HOUSEHOLD.items()]
    with CommandCenter(load_settings()) as center:
        center.store.save_histories(
            [LeadHistory(lead=one) for one in (*people, Lead(lead_id="bo", name="Bo Ode", email="bo@example.com"))]
        )
    return tmp_path


def left() -> set[str]:
    with CommandCenter(load_settings()) as center:
        return {lead_id for lead_id in ("ana", "leo", "bo") if center.store.histories([lead_id])}


def said(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))


def test_who_is_somebody_else_is_left_alone(capsys: Out) -> None:
    assert main(["personal", "export", "(512) 555-0198", "--only", "leo"]) == 0
    assert [one["name"] for one in json.loads(capsys.readouterr().out)["kept"]["leads"]] == ["Leo Lima"]
    assert main(["personal", "erase", "(512) 555-0198", "--only", "leo", "--yes"]) == 0
    assert "of 1 lead.\n" in capsys.readouterr().out
    assert left() == {"ana", "bo"}


@pytest.mark.parametrize("action", ["export", "erase"])
def test_only_takes_no_lead_of_somebody_else(action: str, capsys: Out) -> None:
    assert main(["personal", action, "5125550198", "--only", "ana", "--only", "bo"]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err == "jorge personal: --only is 'bo'; must be a lead of this person: ana, leo\n"
    assert left() == {"ana", "leo", "bo"}


def test_erasing_shows_whom_it_means_and_asks(monkeypatch: pytest.MonkeyPatch, capsys: Out) -> None:
    for answer in ("", "\n", "y\n", "no\n"):
        said(answer, monkeypatch)
        assert main(["personal", "erase", "ana"]) == 2
        told = capsys.readouterr()
        assert told.err == "jorge personal: nothing was erased; type yes, or add --yes\n"
        assert told.out.startswith(
            "ana\tAna Lima\t-\t+15125550198\nleo\tLeo Lima\t-\t+15125550198\n"
            "Erase these 2 leads for good? Type yes: "
        )  # fmt: skip
    assert left() == {"ana", "leo", "bo"}
    said("Yes\n", monkeypatch)
    assert main(["personal", "erase", "ana"]) == 0
    assert "of 2 leads.\nRedis is down" in capsys.readouterr().out
    assert left() == {"bo"}
    assert main(["personal", "erase", "ana", "--yes"]) == 2
    assert capsys.readouterr().err == "jorge personal: nothing is kept under this address, number or id\n"


def test_a_file_of_a_person_is_for_its_owner_alone(kept: Path, capsys: Out) -> None:
    out = kept / "bo.json"
    assert main(["personal", "export", "BO@example.com", "-o", str(out)]) == 0
    assert capsys.readouterr().out == ""
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert json.loads(out.read_text(encoding="utf-8"))["kept"]["leads"][0]["email"] == "bo@example.com"
    with CommandCenter(load_settings()) as center:
        assert [entry.action for entry in audit.find(center)] == ["person exported"]
    assert main(["personal", "export", "bo", "-o", str(kept)]) == 2
    assert "cannot be written (Is a directory); name another file with -o" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        ["erase", "bo", "-o", "bo.json"],  # who wants a file first must not lose what would have been in it
        ["find", "bo", "--yes"],
        ["forget", "bo"],
        ["erase"],
        [],
    ],
)
def test_what_an_action_does_not_know_ends_it_before_anything_is_done(words: list[str], capsys: Out) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["personal", *words])
    assert ended.value.code == 2
    assert "usage: jorge personal" in capsys.readouterr().err
    assert left() == {"ana", "leo", "bo"}


def test_help_of_an_action_names_its_options(capsys: Out) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["personal", "erase", "--help"])
    assert ended.value.code == 0
    told = capsys.readouterr().out
    assert "--only LEAD_ID" in told
    assert "--yes" in told
