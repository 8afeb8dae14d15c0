"""The commands in this process: what they print, and with which status they end."""

from __future__ import annotations

import csv
import io
import json
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from core.cli import main as main_module
from core.cli.main import COMMANDS, main
from core.leads import Lead, LeadHistory
from core.services.access import Role, check_token
from core.services.center import CommandCenter
from core.settings import load_settings
from core.transfer import SCORE_COLUMNS
from tests.services.stump import estimator, register

FILES = Path(__file__).parents[1] / "transfer" / "files"


@pytest.fixture(autouse=True)
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings and models of the test's own, as a user would set them."""
    monkeypatch.setenv("JORGE_DATA_DIR", str(tmp_path / "data"))
    for name in ("JORGE_DATABASE_URL", "JORGE_REDIS_URL", "JORGE_JWT_SECRET", "JORGE_THRESHOLD"):
        monkeypatch.delenv(name, raising=False)
    register(tmp_path / "models")
    monkeypatch.setattr(CommandCenter.__init__, "__defaults__", (tmp_path / "models",))
    return tmp_path


Out = pytest.CaptureFixture[str]


def one_line(capsys: Out) -> str:
    captured = capsys.readouterr()
    assert captured.out == ""
    lines = captured.err.strip().splitlines()
    assert len(lines) == 1, captured.err
    return lines[0]


def test_a_reader_who_has_enough_ends_a_command_without_a_word() -> None:
    program = f"{sys.executable} -m core --help | true; echo ${{PIPESTATUS[0]}}"
    ended = subprocess.run(["bash", "-c", program], capture_output=True, text=True, timeout=60)
    assert (ended.stdout, ended.stderr) == ("0\n", "")


def test_the_data_folder_is_for_its_owner_alone(workspace: Path) -> None:
    assert main(["token"]) == 0
    assert stat.S_IMODE((workspace / "data").stat().st_mode) == 0o700


def test_without_a_command_the_commands_are_listed(capsys: Out) -> None:
    assert main([]) == 2
    assert main(["--help"]) == 0
    printed = capsys.readouterr().out
    assert all(name in printed for name in COMMANDS)


def test_an_unknown_command_is_one_line_and_status_2(capsys: Out) -> None:
    assert main(["scores"]) == 2
    assert "no command 'scores'" in one_line(capsys)


def test_a_wrong_setting_is_one_line_that_names_key_value_and_what_is_allowed(
    capsys: Out, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JORGE_THRESHOLD", "1.5")
    assert main(["token"]) == 2
    line = one_line(capsys)
    assert "JORGE_THRESHOLD" in line
    assert "1.5" in line


def test_a_fault_of_ours_is_one_line_and_no_stack_trace(capsys: Out, monkeypatch: pytest.MonkeyPatch) -> None:
    import core.cli.token

    def fails(_: object) -> int:
        raise ZeroDivisionError("by\nzero")

    monkeypatch.setattr(core.cli.token, "run", fails)
    assert main(["token"]) == 1
    assert "ZeroDivisionError" in one_line(capsys)


def test_ctrl_c_ends_quietly(capsys: Out, monkeypatch: pytest.MonkeyPatch) -> None:
    import core.cli.token

    def interrupted(_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(core.cli.token, "run", interrupted)
    assert main(["token"]) == main_module.INTERRUPTED
    assert capsys.readouterr().err == ""


def test_a_token_stands_on_its_own_on_stdout_and_is_valid(capsys: Out) -> None:
    assert main(["token", "--role", "manager", "--hours", "2"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1
    with CommandCenter(load_settings()) as center:
        assert check_token(center, lines[0]).role is Role.MANAGER


def test_a_token_for_no_time_is_refused(capsys: Out) -> None:
    assert main(["token", "--hours", "0"]) == 2
    assert "hours is 0" in one_line(capsys)


def read(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("name", sorted(path.name for path in FILES.glob("*.csv")))
def test_every_export_that_we_know_is_scored(name: str, workspace: Path, capsys: Out) -> None:
    out = workspace / "out.csv"
    assert main(["score", str(FILES / name), "-o", str(out)]) == 0
    rows = read(out)
    assert rows
    assert list(rows[0])[: len(SCORE_COLUMNS)] == list(SCORE_COLUMNS)
    assert all(0 <= float(row["ml_score"]) <= 100 for row in rows)
    assert all(0.5 <= float(row["ml_confidence"]) <= 1 for row in rows)
    noun = "lead" if len(rows) == 1 else "leads"
    assert f"{len(rows)} {noun} scored" in capsys.readouterr().out


def test_rows_that_cannot_be_used_are_beside_the_output_and_the_status_is_0(workspace: Path, capsys: Out) -> None:
    source = workspace / "in.csv"
    source.write_text("Name,Email,Budget\nAna,ana@example.com,500000\nBo,bo@example.com,-1\n")
    assert main(["score", str(source), "-o", str(workspace / "OUT.csv")]) == 0
    assert [row["row_number"] for row in read(workspace / "OUT.rejected.csv")] == ["3"]
    assert f"1 row rejected, 0 repeated: {workspace / 'OUT.rejected.csv'}" in capsys.readouterr().out


def test_leads_are_stored_only_with_save(workspace: Path) -> None:
    source = workspace / "in.csv"
    source.write_text("Name,Email\nAna,ana@example.com\n")
    for words, stored in (([], 0), (["--save"], 1)):
        assert main(["score", str(source), "-o", str(workspace / "OUT.csv"), *words]) == 0
        with CommandCenter(load_settings()) as center:
            assert center.store.browse().total == stored


@pytest.mark.parametrize("content", [b"", b"Name,Email\n", b"PK\x03\x04\x00\x00", b"a,b\n1,2\n"])
def test_a_file_that_cannot_be_used_is_one_line_and_status_2(content: bytes, workspace: Path, capsys: Out) -> None:
    (workspace / "in.csv").write_bytes(content)
    assert main(["score", str(workspace / "in.csv"), "-o", str(workspace / "out.csv")]) == 2
    assert one_line(capsys).startswith("jorge score: ")
    assert not (workspace / "out.csv").exists()


def test_a_missing_file_model_or_sense_is_status_2(workspace: Path, capsys: Out) -> None:
    source, out = workspace / "in.csv", str(workspace / "out.csv")
    assert main(["score", str(source), "-o", out]) == 2
    one_line(capsys)
    source.write_text("Name\nAna\n")
    assert main(["score", str(source), "-o", out, "--model", "nope"]) == 2
    assert "nope" in one_line(capsys)
    assert main(["score", str(source), "-o", out, "--threshold", "0.2"]) == 2
    assert "0.2" in one_line(capsys)
    assert main(["score", str(source), "-o", str(workspace / "no folder" / "out.csv")]) == 2


def test_the_threshold_of_the_command_decides_what_is_escalated(workspace: Path) -> None:
    source, out = workspace / "in.csv", workspace / "out.csv"
    source.write_text("Name,Budget\nAna,500000\n")  # the stump says .4, so it is .6 sure
    for threshold, escalated in (("0.6", "false"), ("0.61", "true")):
        assert main(["score", str(source), "-o", str(out), "--threshold", threshold]) == 0
        assert read(out)[0]["escalation_recommended"] == escalated


def test_the_registry_is_listed_shown_promoted_and_rolled_back(workspace: Path, capsys: Out) -> None:
    register(workspace / "models", "stump-2", default=False, grown=estimator())
    assert main(["models"]) == 0
    assert "stump-1" in capsys.readouterr().out
    assert main(["models", "show", "stump-2"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["version"], shown["champion"], shown["card"]) == ("stump-2", False, {"rows": 4})
    assert main(["models", "promote", "stump-2"]) == 0
    with CommandCenter(load_settings()) as center:
        assert center.model.version == "stump-2"
    assert main(["models", "rollback"]) == 0
    with CommandCenter(load_settings()) as center:
        assert center.model.version == "stump-1"
    capsys.readouterr()
    assert main(["models", "promote", "../../etc"]) == 2
    assert main(["models", "rollback"]) == 2


def test_the_sample_is_loaded_once_and_cleared(capsys: Out) -> None:
    assert main(["sample", "--leads", "20"]) == 0
    assert "20 sample leads" in capsys.readouterr().out
    assert main(["sample", "--leads", "20"]) == 2
    one_line(capsys)
    assert main(["sample", "--clear"]) == 0
    with CommandCenter(load_settings()) as center:
        assert center.store.browse().total == 0


def test_a_name_cannot_steer_the_terminal(capsys: Out) -> None:
    with CommandCenter(load_settings()) as center:
        lead = Lead(lead_id="ana", name="Ana\x1b]52;c;aGk=\x07\x1b[2J\x9b1mLima", phone="+15125550198")
        center.store.save_histories([LeadHistory(lead=lead)])
    assert main(["personal", "find", "ana"]) == 0
    assert capsys.readouterr().out == "ana\tAna ]52;c;aGk= [2J 1mLima\t-\t+15125550198\n"
    assert main(["personal", "find", "no\x1b[2J body"]) == 2
    assert capsys.readouterr().err.rstrip("\n").isprintable()


def extract(lines: list[object], monkeypatch: pytest.MonkeyPatch, capsys: Out) -> tuple[int, list[Any]]:
    text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode()), encoding="utf-8"))
    monkeypatch.setattr("sys.stdout", out)
    status = main(["extract"])
    out.seek(0)
    return status, [json.loads(line) for line in out]


def test_extract_finds_signals_and_says_where_they_stand(monkeypatch: pytest.MonkeyPatch, capsys: Out) -> None:
    text = "Looking in 78704, up to $650k, we are pre-approved."
    status, answers = extract([{"messages": ["Hello", text]}], monkeypatch, capsys)
    assert status == 0
    assert len(answers[0]["features"]) == 28
    for signal in answers[0]["signals"]:
        assert ["Hello", text][signal["message"]][signal["start"] : signal["end"]] == signal["text"]
    assert {"price", "zip", "pre_approval"} <= {signal["kind"] for signal in answers[0]["signals"]}
    assert answers[0]["features"]["budget_midpoint_usd"] == 650_000


def test_messages_without_dates_leave_what_needs_dates_unknown(monkeypatch: pytest.MonkeyPatch, capsys: Out) -> None:
    dated = {"text": "When can we see it?", "timestamp": "2026-01-01T00:00:00Z"}
    _, (bare, full) = extract([{"messages": ["When can we see it?"]}, {"messages": [dated]}], monkeypatch, capsys)
    assert bare["features"]["interaction_count"] is None
    assert bare["features"]["days_since_last_interaction"] is None
    assert full["features"]["days_since_last_interaction"] > 0
    assert bare["features"]["questions_asked"] == full["features"]["questions_asked"] == 1


def test_extract_takes_the_data_of_a_lead_and_whole_requests(monkeypatch: pytest.MonkeyPatch, capsys: Out) -> None:
    data = {"budget_range": "500k-750k"}
    _, answers = extract([data, {"lead_id": "a", "lead_data": data}], monkeypatch, capsys)
    assert answers[0] == answers[1]
    assert answers[0]["features"]["budget_midpoint_usd"] == 625_000


def test_a_line_that_cannot_be_used_is_answered_in_its_place(monkeypatch: pytest.MonkeyPatch, capsys: Out) -> None:
    many: dict[str, object] = {f"k{number}": 1 for number in range(101)}
    bad = ["{", "[]", {"messages": "x"}, {"messages": [1]}, {"colour": "red"}, {"messages": ["a\u0000"]}]
    bad.append({"messages": [many]})
    status, answers = extract([*bad, {"messages": ["Hi"]}], monkeypatch, capsys)
    assert status == 2
    assert len(answers) == 8
    assert all("error" in answer for answer in answers[:7])
    assert "features" in answers[7]
    assert len(capsys.readouterr().err.splitlines()) == 7
