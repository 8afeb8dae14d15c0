"""Credits of stored leads: paths as the page tells them, channels of any name, and commission by plan."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from core.analytics.attribution import Model
from core.leads import Direction, InteractionKind, Outcome, Stage
from core.services.analyses import attribution
from core.services.analyses.attribution import Kind
from core.services.analyses.stage_ways import gci_cents, ways_of
from core.services.center import CommandCenter
from core.store import LeadFilter
from tests.store.made import NOON, at, history, scored, touch

DAY = 1_440
ODD = ("start", "null", "(conversion)", "Called", "(start)")


def closed(lead_id: str, day: float, price: int | None = 500_000) -> list[Outcome]:
    told = None if price is None else Decimal(price)
    return [
        Outcome(lead_id=lead_id, stage=Stage.CONTRACT, occurred_at=at(day * DAY)),
        Outcome(lead_id=lead_id, stage=Stage.CLOSED, occurred_at=at((day + 30) * DAY), sale_price_usd=told),
    ]


def lost(lead_id: str, day: float) -> list[Outcome]:
    return [Outcome(lead_id=lead_id, stage=Stage.LOST, occurred_at=at(day * DAY))]


def test_a_path_is_the_source_and_what_the_lead_did_until_the_contract(center: CommandCenter) -> None:
    mail = [touch(minutes, f"mail {minutes}") for minutes in (2, 2 * DAY, 3 * DAY, 40 * DAY)]
    look = touch(5 * DAY, None, kind=InteractionKind.PROPERTY_VIEW)
    ours = touch(6 * DAY, "ours", direction=Direction.OUTBOUND)
    told = history("a", *mail, look, ours, created_at=at(0), source="Zillow")
    center.save_many([scored(told), scored("b", created_at=at(0), source="Ads"), scored("c", created_at=at(0))])
    center.store.add_outcomes([*closed("a", 10), *lost("b", 20)])
    found = attribution.attribution(center, LeadFilter())
    # Zillow > e-mail > listings: the mail of the second minute is the arrival, that of day 40 is too late
    linear = {one.label: one.closings[Model.LINEAR] for one in found.channels}
    assert linear == {"Zillow": 1 / 3, "Wrote an e-mail": 1 / 3, "Looked at listings": 1 / 3, "Ads": 0.0}
    assert {one.label: one.kind for one in found.channels}["Looked at listings"] is Kind.CONTACT
    assert (found.closings, found.lost, found.still_open, found.unassigned, found.touches) == (1, 1, 1, 0, 3.0)
    within_a_week = attribution.attribution(center, LeadFilter(), lookback_days=7)
    first = {one.label: one.closings[Model.FIRST_TOUCH] for one in within_a_week.channels}
    assert first["Wrote an e-mail"] == 1.0  # that of day 3, a week before the contract; those of before do not count
    assert first["Zillow"] == 0.0


def test_channels_may_bear_any_name(center: CommandCenter) -> None:
    rows, ends = [], []
    for number, source in enumerate((*ODD, None)):
        for twin in range(2):
            lead_id = f"{number}_{twin}"
            call = touch(DAY, None, kind=InteractionKind.CALL)
            rows.append(scored(history(lead_id, call, created_at=at(0), source=source)))
            ends += closed(lead_id, 10) if twin else lost(lead_id, 10)
    center.save_many(rows)
    center.store.add_outcomes(ends)
    found = attribution.attribution(center, LeadFilter())
    labels = [one.label for one in found.channels]
    assert sorted(labels) == sorted(
        ["start", "null", "(conversion)", "Called (source)", "(start)", "Source not told", "Called"]
    )
    for model in Model:
        assert sum(one.closings[model] for one in found.channels) == pytest.approx(6)
    # each source leads to the call half of which closes: without the call nobody does, without a source 1 in 6 less
    markov = {one.label: one.closings[Model.MARKOV_1] for one in found.channels}
    assert markov["Called"] == pytest.approx(6 * 1 / (1 + 6 * (1 / 6)))
    assert markov["null"] == pytest.approx(6 * (1 / 6) / (1 + 6 * (1 / 6)))


def test_a_closing_earns_by_the_rate_of_its_side(center: CommandCenter) -> None:
    sides = {"a": "buyer", "b": "both"}
    center.save_many([scored(name, created_at=at(0), source="Web", side=side) for name, side in sides.items()])
    center.store.add_outcomes([*closed("a", 10), *closed("b", 10, None)])
    ways = ways_of(center, LeadFilter())
    assert gci_cents(center, ways)[0] == 1_500_000  # 500,000 x 3 %
    found = attribution.attribution(center, LeadFilter())
    (web,) = found.channels
    assert web.gci_usd[Model.SHAPLEY] == pytest.approx(15_000.0)
    assert (found.closings, web.leads) == (2, 2)  # b, without a price, earns nothing


def test_a_closing_without_a_known_arrival_is_unassigned(center: CommandCenter) -> None:
    center.save_many([scored("a", source="Web"), scored("b", created_at=at(0), source="Web")])
    center.store.add_outcomes([*closed("a", 10), *closed("b", 10)])
    found = attribution.attribution(center, LeadFilter())
    assert (found.closings, found.unassigned) == (2, 1)
    assert found.channels[0].closings[Model.MARKOV_2] == pytest.approx(1.0)


def test_a_filter_and_a_change_of_the_data_count(center: CommandCenter) -> None:
    center.save_many([scored("a", created_at=at(0), source="Web"), scored("b", created_at=at(0), source="Ads")])
    center.store.add_outcomes(closed("a", 10))
    assert attribution.attribution(center, LeadFilter(sources=("Ads",))).closings == 0
    assert attribution.attribution(center, LeadFilter()).closings == 1
    center.store.add_outcomes(closed("b", 10))
    assert attribution.attribution(center, LeadFilter()).closings == 2
    before = LeadFilter(created_to=NOON - timedelta(days=1))
    assert attribution.attribution(center, before).closings == 0
