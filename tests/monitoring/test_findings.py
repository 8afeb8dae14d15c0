"""Where a verdict turns: a step to either side of each limit that ``docs/model-in-life.md`` names."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.monitoring.drift import Drift, Shift
from core.monitoring.findings import Measured, Verdict, findings
from core.monitoring.live import Live, live

CHANGED, STEADY, TOO_FEW = Verdict.CHANGED, Verdict.STEADY, Verdict.TOO_FEW
MEASURED = Measured(0.8, 10**6, 10**6)  # on so many leads that its error is none


def ended(leads: int = 400, converted: int = 160, **told: float) -> Live:
    found = live(np.full(leads, 0.4), np.arange(leads) < converted)
    assert found is not None
    return replace(found, **told)  # type: ignore[arg-type]


def shifted(psi: float, chance: float = 0.001) -> Shift:
    return Shift("budget", psi, "chi-squared", chance, 1.0, 2.0, 0.0, 0.0)


@pytest.mark.parametrize(("look", "verdict", "told"), [
    (None, Verdict.UNKNOWN, "This version was registered without leads to compare with."),
    (Drift(3_000, 199), TOO_FEW, "199 new leads so far; 200 are needed."),
    (Drift(3_000, 1_200, (shifted(0.09), shifted(0.3, 0.01))), STEADY,
     "0 of 2 distributions changed, by 1,200 new leads."),
    (Drift(3_000, 200, (shifted(0.09), shifted(0.1))), CHANGED, "1 of 2 distributions changed, by 200 new leads."),
])  # fmt: skip
def test_the_mix_changed_when_one_distribution_did(look: Drift | None, verdict: Verdict, told: str) -> None:
    found = findings(look, None, None)[0]
    assert (found.verdict, found.told) == (verdict, told)


@pytest.mark.parametrize(("auc", "error", "verdict"), [
    (0.769, 0.001, CHANGED), (0.771, 0.001, STEADY),  # 0.031 and 0.029 less than 0.8
    (0.7, 0.038, CHANGED), (0.7, 0.039, STEADY),  # 0.1 is 2.63 and 2.56 errors
    (0.9, 0.001, STEADY),
])  # fmt: skip
def test_the_order_changed_from_three_hundredths_on_that_are_no_chance(
    auc: float, error: float, verdict: Verdict
) -> None:
    assert findings(None, ended(roc_auc=auc, roc_auc_error=error), MEASURED)[2].verdict is verdict


@pytest.mark.parametrize(("said", "errors", "verdict"), [
    (0.421, -5.0, CHANGED), (0.419, -5.0, STEADY),  # 160 of 400 are 0.4: 2.1 and 1.9 points less than was said
    (0.5, -2.6, CHANGED), (0.5, -2.55, STEADY),
])  # fmt: skip
def test_the_level_changed_from_two_points_on_that_are_no_chance(said: float, errors: float, verdict: Verdict) -> None:
    assert findings(None, ended(said=said, too_many=errors), MEASURED)[1].verdict is verdict


@pytest.mark.parametrize(("errors", "verdict"), [(2.6, CHANGED), (2.55, Verdict.UNKNOWN)])
def test_more_than_was_said_must_hold_as_if_no_open_one_converted(errors: float, verdict: Verdict) -> None:
    # 160 of 400 and 100 open ones: 160 of 500 are 0.32, 3 points more than was said of all 500
    found = ended(said=0.29, too_many=5.0, still_open=100, said_of_all=0.29, more_at_least=errors)
    assert findings(None, found, MEASURED)[1].verdict is verdict
    assert findings(None, replace(found, said_of_all=0.301), MEASURED)[1].verdict is Verdict.UNKNOWN  # 1.9 points


@pytest.mark.parametrize(("leads", "converted", "few"), [
    (200, 30, False), (199, 100, True), (400, 29, True), (400, 370, False), (400, 371, True),
])  # fmt: skip
def test_two_hundred_ends_with_thirty_of_either_kind_are_enough(leads: int, converted: int, few: bool) -> None:
    verdicts = [one.verdict for one in findings(None, ended(leads, converted), MEASURED)[1:]]
    assert [one is TOO_FEW for one in verdicts] == [few, few]
