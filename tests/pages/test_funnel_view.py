"""What the funnel says: the leads that the list of leads finds, and repairs with their arithmetic."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from core.leads import OPEN_STAGES, Stage
from core.services.analyses import funnel
from core.services.analyses.funnel import KINDS, Goal
from core.services.center import CommandCenter
from core.services.sample import load_sample
from core.store import LeadFilter
from tests.pages.conftest import Open, center_in

PAGE = "advanced_analytics"
STAGES = (*OPEN_STAGES, Stage.CLOSED)


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CommandCenter]:
    with center_in(tmp_path_factory.mktemp("busy")) as center:
        load_sample(center, leads=600, seed=5)
        yield center


def test_a_stage_counts_the_leads_that_its_link_finds(busy: CommandCenter, open_page: Open) -> None:
    app = open_page(busy, PAGE, show="Funnel")
    assert not app.exception
    table = next(one.value for one in app.dataframe if "Reached" in one.value.columns)
    assert table["Stage"].tolist() == [stage.value.capitalize() for stage in STAGES]
    for place, reached in enumerate(table["Reached"]):
        assert busy.store.browse(LeadFilter(furthest=STAGES[place:])).total == reached
    lost = [busy.store.browse(LeadFilter(furthest=(one,), stages=(Stage.LOST,))).total for one in OPEN_STAGES]
    assert table["Lost there"].dropna().tolist() == lost


def test_groups_add_up_to_the_funnel(busy: CommandCenter) -> None:
    whole = funnel.funnel(busy, LeadFilter())
    for kind in KINDS:
        groups = funnel.funnel_of_groups(busy, LeadFilter(), kind)
        for place, step in enumerate(whole):
            assert sum(steps[place].reached for _, steps in groups) == step.reached
            assert sum(steps[place].lost for _, steps in groups) == step.lost


def test_a_repair_shows_its_arithmetic(busy: CommandCenter, open_page: Open) -> None:
    found = funnel.repairs(busy, LeadFilter(), "source", Goal.SEGMENTS)
    assert found
    assert [one.repair.closings for one in found] == sorted((one.repair.closings for one in found), reverse=True)
    for one in found:
        product = one.leads_a_year * (one.repair.target - one.repair.share)
        for place, share in enumerate(one.shares):
            product *= 1.0 if place == one.repair.place else share
        assert one.repair.closings == pytest.approx(product)
        assert one.repair.closings_low <= one.repair.closings <= one.repair.closings_high
    shown = [text.value for text in open_page(busy, PAGE, show="Funnel").text]
    assert any(f"= {found[0].repair.closings:,.1f}." in text for text in shown)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_segment_opens_with_either_goal(kind: str, busy: CommandCenter, open_page: Open) -> None:
    for goal in Goal:
        app = open_page(busy, PAGE, show="Funnel", funnel_by=KINDS[kind], raise_to=goal.value)
        assert not app.exception


def test_filters_narrow_the_funnel(busy: CommandCenter) -> None:
    source = next(iter(busy.store.facets().sources))
    wanted = LeadFilter(sources=(source,))
    assert funnel.funnel(busy, wanted)[0].reached == busy.store.browse(wanted).total


def test_no_lead_that_fits_is_said(busy: CommandCenter, open_page: Open) -> None:
    app = open_page(busy, PAGE, show="Funnel", period="Own dates", days=["2001-01-01", "2001-01-02"])
    assert "No lead fits the filters" in [head.value for head in app.subheader]
