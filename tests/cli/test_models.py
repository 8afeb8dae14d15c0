"""``jorge models``: comparing, retiring, and going forward only with cause."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.cli.main import main
from core.services.center import CommandCenter
from tests.services.stump import estimator, register


@pytest.fixture(autouse=True)
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace of its own, where the stump answers and its twin could."""
    register(tmp_path / "models")
    register(tmp_path / "data" / "models", "twin", default=False, grown=estimator())
    monkeypatch.setenv("JORGE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setattr(CommandCenter.__init__, "__defaults__", (tmp_path / "models",))
    return tmp_path


def test_two_versions_are_compared_in_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "compare", "stump-1", "twin"]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[0] == "On 4 leads (held-out leads of twin), 3 signed:"
    assert told[2].split() == ["roc_auc", "0.8333", "0.8333", "+0.0000,", "+0.0000", "to", "+0.0000"]


def test_a_retired_version_is_marked_and_cannot_be_promoted(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "retire", "twin"]) == 0
    assert main(["models"]) == 0
    assert "retired" in next(line for line in capsys.readouterr().out.splitlines() if line.startswith("twin "))
    assert main(["models", "promote", "twin", "--reason", "all the same"]) == 1
    assert "is retired" in capsys.readouterr().err


def test_a_challenger_is_named_and_without_outcomes_nothing_is_learned(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "challenge", "twin"]) == 0
    assert "judges every score from now on beside stump-1" in capsys.readouterr().out
    assert main(["models", "retrain"]) == 2
    assert "0 leads are decided" in capsys.readouterr().err


def test_a_version_is_put_on_trial_asked_about_and_stopped(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "trial"]) == 0
    assert main(["models", "trial", "twin", "--share", "90"]) == 2
    assert main(["models", "trial", "twin", "--share", "25"]) == 0
    assert main(["models", "trial"]) == 0
    assert main(["models", "trial", "--stop"]) == 2
    assert main(["models", "trial", "--stop", "--reason", "the season is over"]) == 0
    told = capsys.readouterr()
    out, err = told.out.splitlines(), told.err
    assert out[0] == "No trial runs."
    assert out[1] == "twin answers 25 % of the leads from now on, stump-1 the others."
    assert out[-2].endswith("+0.0000 on 0 outcomes (100 are needed)")
    assert out[-1] == "The trial has ended; the champion answers all leads."
    assert "--share is 90; must be from 5 to 50 per cent" in err
    assert "reason is empty; say why the trial ends" in err
