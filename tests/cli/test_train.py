"""``jorge train`` on a file: what it prints, what it registers, and with which status it ends."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from core.cli.main import main
from core.leads import Lead, LeadHistory
from core.services.center import CommandCenter
from core.services.lead.leads import lead_detail
from core.services.lead.what_if import scenario
from core.services.scores.scoring import score_lead
from core.settings import load_settings
from tests.services.stump import register
from tests.training.exports import known_export, plain_export, shuffled_export, write

PROMISED = {
    "rows", "positives", "split", "holdout_rows", "roc_auc", "roc_auc_low", "roc_auc_high", "brier", "brier_baseline",
    "ece", "lift_at_10", "selective", "columns_used", "columns_dropped", "leakage_suspects", "signal", "version",
    "warnings",
}  # fmt: skip
Out = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("JORGE_DATA_DIR", str(tmp_path / "data"))
    register(tmp_path / "models")
    monkeypatch.setattr(CommandCenter.__init__, "__defaults__", (tmp_path / "models",))
    return tmp_path


def train(path: Path, *more: str) -> int:
    return main(["train", str(path), "--outcome", "Won", *more])


def as_json(capsys: Out) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_json_holds_what_is_promised_and_the_version_scores_the_file(workspace: Path, capsys: Out) -> None:
    path = plain_export(workspace / "a.csv")
    assert train(path, "--name", "mine", "--json") == 0
    found = as_json(capsys)
    assert set(found) >= PROMISED
    assert (found["rows"], found["split"], found["signal"], found["version"]) == (600, "stratified", "usable", "mine")
    assert set(found["selective"][0]) == {"threshold", "coverage", "accuracy"}
    out = workspace / "out.csv"
    assert main(["score", str(path), "-o", str(out), "--model", "mine"]) == 0
    with out.open() as file:
        scored = list(csv.DictReader(file))
    assert len(scored) == 600
    reasons = [row["reason_1"] for row in scored if row["reason_1"]]
    assert all(reason.startswith(("Strength: ", "Group: ")) for reason in reasons)
    won = [float(row["ml_score"]) for row in scored if row["Won"] == "yes"]
    lost = [float(row["ml_score"]) for row in scored if row["Won"] == "no"]
    assert sum(won) / len(won) > 1.5 * sum(lost) / len(lost)


def test_a_version_with_own_columns_is_promoted_and_answers_live_leads(workspace: Path, capsys: Out) -> None:
    assert train(known_export(workspace / "a.csv"), "--name", "mine") == 0
    assert "Registered as mine. Let it answer with: jorge models promote mine" in capsys.readouterr().out
    assert main(["models", "promote", "mine", "--reason", "our own closings"]) == 0
    with CommandCenter(load_settings(), workspace / "models") as center:
        score_lead(center, LeadHistory(lead=Lead(lead_id="a", budget_range="500k-750k")))
        stored = lead_detail(center, "a").scores[0]
        assert stored.score.model_version == "mine"
        summed = stored.score.base_value + stored.score.contributions.sum()
        assert summed == pytest.approx(stored.score.raw_probability, abs=1e-12)
        curves = scenario(center, center.store.history("a"), stored).curves()
        assert "budget_midpoint_usd" in {curve.feature for curve in curves}


def test_a_version_of_own_columns_alone_answers_for_a_reason_and_is_never_tried_on_live_leads(
    workspace: Path, capsys: Out
) -> None:
    assert train(plain_export(workspace / "a.csv"), "--name", "mine") == 0
    assert "use it on files: jorge score IN.csv --model mine" in capsys.readouterr().out
    for action in (["promote", "mine"], ["trial", "mine", "--reason", "all the same"]):
        assert main(["models", *action]) == 1
        assert "rests alone on columns that only files bring ('Strength', 'Group')" in capsys.readouterr().err
    assert main(["models", "promote", "mine", "--reason", "we score files"]) == 0
    assert capsys.readouterr().out.startswith("mine answers from now on")


@pytest.mark.parametrize("family", ["forest", "boosting", "auto"])
def test_a_family_of_trees_can_be_asked_for(workspace: Path, capsys: Out, family: str) -> None:
    assert train(plain_export(workspace / "a.csv", rows=300), "--family", family, "--name", "mine", "--json") == 0
    grown = as_json(capsys)["forest"]["family"]
    assert grown in (("forest", "boosting") if family == "auto" else (family,))
    assert main(["models", "show", "mine"]) == 0
    assert as_json(capsys)["card"]["forest"]["family"] == grown


def test_an_unknown_family_is_refused_with_those_that_there_are(workspace: Path, capsys: Out) -> None:
    with pytest.raises(SystemExit) as ended:
        train(plain_export(workspace / "a.csv", rows=60), "--family", "oak")
    assert ended.value.code == 2
    told = capsys.readouterr().err
    assert "oak" in told
    assert all(family in told for family in ("auto", "forest", "boosting"))


def test_a_score_to_be_stored_cannot_rest_on_own_columns(workspace: Path, capsys: Out) -> None:
    path = plain_export(workspace / "a.csv")
    assert train(path, "--name", "mine") == 0
    assert main(["score", str(path), "-o", str(workspace / "out.csv"), "--model", "mine", "--save"]) == 2
    assert "leave out --save" in capsys.readouterr().err


def test_without_a_signal_it_reports_with_status_3_and_registers_nothing(workspace: Path, capsys: Out) -> None:
    assert train(shuffled_export(workspace / "a.csv", seed=2), "--json") == 3
    found = as_json(capsys)
    assert found["signal"] in ("none", "weak")
    assert found["version"] is None
    assert not (workspace / "data" / "models").exists()
    assert train(shuffled_export(workspace / "a.csv", seed=2)) == 3
    assert "Nothing was registered" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("header", "rows", "more", "said"),
    [
        (["x", "Won"], [(1, "no")] * 60, [], "holds only 'no'"),
        (["x", "Won"], [(n, "ABC"[n % 3]) for n in range(60)], [], "3 different values"),
        (["x", "Won"], [(n, "yes" if n % 2 else "no") for n in range(5)], [], "5 rows"),
        (["x", "Won"], [(n, "yes" if n % 2 else "no") for n in range(60)], ["--columns", "Won"], "No column is left"),
        (["x", "Won"], [(n, "yes" if n % 2 else "no") for n in range(60)], ["--name", "../x"], "--name is '../x'"),
        (["x", "Won"], [(n, "yes" if n % 2 else "no") for n in range(60)], ["--name", "stump-1"], "exists already"),
        (["x", "Won"], [(f"d{n}", "yes" if n % 2 else "no") for n in range(60)], ["--date", "x"], "are no dates"),
    ],
)
def test_what_cannot_be_used_is_one_line_and_status_2(
    workspace: Path, capsys: Out, header: list[str], rows: list[tuple[object, ...]], more: list[str], said: str
) -> None:
    assert train(write(workspace / "a.csv", header, rows), *more) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert len(captured.err.strip().splitlines()) == 1
    assert said in captured.err


def test_a_file_without_its_outcome_column_is_one_line(workspace: Path, capsys: Out) -> None:
    assert main(["train", str(plain_export(workspace / "a.csv"))]) == 2
    assert "outcome column" in capsys.readouterr().err
    assert main(["train"]) == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--leads", "0"], "--leads is 0; must be 1,000 or more"),
        (["--leads", "-3"], "--leads is -3; must be 1,000 or more"),
        (["--into", "a.csv"], "--into is a.csv, which is a file; give a folder"),
        (["--name", "stump-1"], "version 'stump-1' exists already; choose another --name"),  # or it would hide that one
        (
            ["--name", "../x"],
            "--name is '../x'; must be 1 to 64 letters, digits or ._- and begin with a letter or digit",
        ),
    ],
)
def test_what_no_sample_model_can_be_made_of_is_said_before_the_work(
    workspace: Path, monkeypatch: pytest.MonkeyPatch, capsys: Out, words: list[str], said: str
) -> None:
    monkeypatch.chdir(workspace)
    Path("a.csv").write_text("Name\nAna\n")
    assert main(["train", "--sample", *words]) == 2
    assert capsys.readouterr().err == f"jorge train: {said}\n"
