"""Trying a change, and what would raise a score, on a lead's screen."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from streamlit.testing.v1 import AppTest

from core.features.catalog import CATALOG
from core.leads import OPEN_STAGES, Stage
from core.services.center import CommandCenter
from core.services.lead import leads, what_if
from core.services.lead.what_raises import what_raises
from core.services.scores import scoring
from core.store import LeadFilter
from pages.components.lead.what_if import _sent
from tests.pages.conftest import Open
from tests.pages.test_lead import BUDGET

LABELS = {feature.label: feature.name for feature in CATALOG}


def answers(center: CommandCenter, **changes: float | None) -> dict[str, Any]:
    detail = leads.lead_detail(center, "ana")
    assert detail.latest is not None
    found = what_if.scenario(center, detail.history, detail.latest, changes)
    sent: dict[str, Any] = orjson.loads(orjson.dumps(_sent(found, changes)))
    return sent


def heads(app: AppTest) -> list[str]:
    return [head.value for head in app.subheader]


def test_every_stop_that_the_browser_gets_is_the_models_own_answer(empty: CommandCenter) -> None:
    scoring.score_lead(empty, BUDGET)
    sent = answers(empty)
    for control in sent["controls"]:
        for value, outcome in list(zip(control["values"], control["outcomes"], strict=True))[::3]:
            alone = answers(empty, **{control["name"]: None if value < 0 else value})["changed"]
            assert outcome["score"] == alone["score"]
            assert (outcome["tier"], outcome["expected"]) == (alone["tier"], alone["expected"])
            assert outcome["moved"] == alone["moved"]


def test_the_present_value_moves_nothing_and_is_marked(empty: CommandCenter) -> None:
    scored = scoring.score_lead(empty, BUDGET)
    sent = answers(empty)
    assert sent["present"]["score"] == round(scored.score.ml_score, 1)
    for control in sent["controls"]:
        assert control["at"] == control["present"]
        assert control["outcomes"][control["present"]]["moved"] == []
        assert control["outcomes"][control["present"]]["score"] == sent["present"]["score"]
        assert control["words"][0] == "not known"


def test_no_control_is_about_who_the_person_is(empty: CommandCenter) -> None:
    scoring.score_lead(empty, BUDGET)
    protected = {feature.name for feature in CATALOG if feature.protected}
    names = {control["name"] for control in answers(empty)["controls"]}
    assert len(names) == len(CATALOG) - len(protected)
    assert not names & protected


def test_what_a_browser_gets_stays_small(empty: CommandCenter) -> None:
    scoring.score_lead(empty, BUDGET)
    assert len(orjson.dumps(answers(empty))) < 150_000


def test_the_screen_says_each_step_that_raises_the_score(sampled: CommandCenter, open_page: Open) -> None:
    judged = (
        (row.lead_id, what_raises(sampled.model, sampled.store.latest_score(row.lead_id).score.features))
        for row in sampled.store.browse(LeadFilter(stages=OPEN_STAGES), page_size=200).rows
    )
    lead_id, found = next(pair for pair in judged if pair[1].single)  # which leads there are depends on the day
    app = open_page(sampled, "lead", id=lead_id)
    assert not app.exception
    shown = [text.value for text in app.text]
    assert all(one.text in shown for one in found.single)
    assert any("not a promise" in caption.value for caption in app.caption)
    assert any("Nothing is saved" in caption.value for caption in app.caption)


@pytest.mark.parametrize("stage", [Stage.CLOSED, Stage.LOST])
def test_no_step_is_proposed_for_a_lead_that_is_closed_or_lost(
    stage: Stage, sampled: CommandCenter, open_page: Open
) -> None:
    row = sampled.store.browse(LeadFilter(stages=(stage,)), page_size=1).rows[0]
    app = open_page(sampled, "lead", id=row.lead_id)
    assert "Nothing to raise any more" in heads(app)
    assert not any("not a promise" in caption.value for caption in app.caption)


@pytest.mark.parametrize("head", ["What would raise this score", "Try a change"])
def test_a_lead_without_a_score_has_nothing_to_change(empty: CommandCenter, open_page: Open, head: str) -> None:
    empty.store.save_histories([BUDGET])
    app = open_page(empty, "lead", id="ana")
    assert not app.exception
    assert head not in heads(app)
