"""The ways of leads as the database reads them, on both databases."""

from __future__ import annotations

from decimal import Decimal

import numpy as np

from core.leads import Outcome, Side, Stage
from core.scoring import Tier
from core.store import LeadFilter, Store
from core.store.figures.stage_ways import read_first_tiers, read_stage_ways
from tests.store.made import NOON, at, scored

DAY = 1_440


def told(lead_id: str, *stages: tuple[Stage, float]) -> list[Outcome]:
    price = {Stage.CLOSED: Decimal(500_000)}
    return [
        Outcome(lead_id=lead_id, stage=stage, occurred_at=at(day * DAY), sale_price_usd=price.get(stage))
        for stage, day in stages
    ]


def filled(store: Store) -> None:
    store.save_scored(
        [
            scored("a", 0.9, Tier.HOT, created_at=at(0), source="web", agent="Ana", side=Side.SELLER),
            scored("b", 0.1, Tier.COLD, created_at=at(0), source="ads", location_preference="Zilker"),
            scored("c", 0.1, Tier.COLD, created_at=at(0), source="web"),
            scored("d", 0.1, Tier.COLD, stage=Stage.SHOWING, commission=None),
        ]
    )
    store.save_scored([scored("b", 0.9, Tier.HOT, minutes=9, created_at=at(0), source="ads")])
    store.add_outcomes(
        [
            *told("a", (Stage.QUALIFIED, 2), (Stage.CONTRACT, 30), (Stage.CLOSED, 60)),
            *told("b", (Stage.QUALIFIED, 4), (Stage.SHOWING, 9), (Stage.LOST, 20)),
            *told("c", (Stage.QUALIFIED, 4), (Stage.LOST, 20), (Stage.QUALIFIED, 25)),  # lost, and came back
        ]
    )


def test_ways_hold_first_dates_losses_and_groups(store: Store) -> None:
    filled(store)
    ways = read_stage_ways(store.database, LeadFilter(), NOON)
    assert ways.lead_ids == ("a", "b", "c", "d")
    assert ways.furthest.tolist() == [4, 2, 1, 2]
    assert ways.lost.tolist() == [False, True, False, False]
    since = ways.at - ways.at[0, 0]
    np.testing.assert_allclose(since[:, 0], [0, 2, 30, 30, 60])
    np.testing.assert_allclose(since[:, 1], [0, 4, 9, np.nan, np.nan])
    assert ways.told[:, 0].tolist() == [True, True, False, True, True]
    assert np.isnan(ways.at[:, 3]).all()
    assert ways.price_usd[0] == 500_000.0
    groups = {kind: [of.names[code] for code in of.code] for kind, of in ways.segments.items()}
    assert groups["source"] == ["web", "ads", "web", None]
    assert groups["agent"] == ["Ana", None, None, None]
    assert groups["area"] == [None, "Zilker", None, None]
    assert groups["side"] == ["seller", "buyer", "buyer", "buyer"]
    assert read_first_tiers(store.database) == {"a": "hot", "b": "cold", "c": "cold", "d": "cold"}  # b is hot by now
    assert groups["band"] == [3, 3, 3, None]  # 625,000 reaches three edges


def test_a_filter_is_that_of_the_list_of_leads(store: Store) -> None:
    filled(store)
    assert read_stage_ways(store.database, LeadFilter(sources=("web",)), NOON).lead_ids == ("a", "c")
    assert len(read_stage_ways(store.database, LeadFilter(sources=("nobody",)), NOON)) == 0


def test_leads_are_found_by_how_far_they_came(store: Store) -> None:
    filled(store)

    def found(*furthest: Stage, **more: object) -> set[str]:
        wanted = LeadFilter(furthest=furthest, **more)  # type: ignore[arg-type]
        return {row.lead_id for row in store.browse(wanted).rows}

    assert found(Stage.SHOWING) == {"b", "d"}
    assert found(Stage.SHOWING, stages=(Stage.LOST,)) == {"b"}
    assert found(Stage.QUALIFIED) == {"c"}
    assert found(Stage.SHOWING, Stage.CONTRACT, Stage.CLOSED) == {"a", "b", "d"}
    assert found(Stage.GENERATED) == set()
    assert found(Stage.LOST) == set()  # a loss is no stage of the way


def test_the_list_of_leads_agrees_with_the_ways(store: Store) -> None:
    filled(store)
    ways = read_stage_ways(store.database, LeadFilter(), NOON)
    for place, stage in enumerate((Stage.GENERATED, Stage.QUALIFIED, Stage.SHOWING, Stage.CONTRACT, Stage.CLOSED)):
        listed = store.browse(LeadFilter(furthest=(stage,))).total
        assert listed == int((ways.furthest == place).sum())
