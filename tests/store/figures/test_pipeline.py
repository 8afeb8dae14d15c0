"""Sums over open leads, on both databases, against plain arithmetic and against figures worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytest

from core.analytics.bridge import Moved
from core.analytics.closing_month import UsualWait, closing_months
from core.commission import SideRates
from core.leads import Outcome, Side, Stage
from core.scoring.scored import ScoredLead
from core.store import LeadFilter, Store
from core.store.figures.pipeline import ContractChances, Rates, chance_ppm
from core.store.plans import StoredPlan
from tests.store.made import NOON, at, scored

D = Decimal
RATES = Rates(SideRates(D("0.025"), D("0.03")), {"Ana": SideRates(D("0.0275"), D("0.0275"))})
DAY_MIN = 24 * 60
WEEK_AGO = at(-7 * DAY_MIN)


def priced(lead_id: str, closing: float | None, price: str | None, minutes: float = 0, **fields: object) -> ScoredLead:
    """A lead with this chance to close and this price."""
    made = scored(lead_id, minutes=minutes, **fields)  # type: ignore[arg-type]
    money = replace(made.commission, sale_price_usd=None if price is None else D(price))
    return replace(made, score=replace(made.score, closing_probability=closing), commission=money)


def by_hand(closing: float, price: str, rate: str) -> Decimal:
    """Chance x (price x rate), each half up to the cent; the chance to a millionth."""
    cent = D("0.01")
    gci = (D(price) * D(rate)).quantize(cent, ROUND_HALF_UP)
    return (gci * D(repr(closing)).quantize(D("0.000001"), ROUND_HALF_UP)).quantize(cent, ROUND_HALF_UP)


def test_each_lead_is_rounded_once_and_sums_are_of_whole_cents(store: Store) -> None:
    store.save_scored(
        [
            priced("a", 0.0625, "333333.33", agent="Ana", source="Zillow"),
            priced("b", 0.123456789, "450000.01", agent="Ana", source="Zillow", side=Side.BOTH),
            priced("c", 0.5, None, agent="Ana", source="Zillow"),
            priced("d", None, "100000", agent="Ana", source="Zillow"),
            priced("e", 0.3, "200000", agent="Bo", side=Side.SELLER),
            priced("f", 0.9, "900000", agent="Bo", stage=Stage.LOST),
        ]
    )
    ana, bo = sorted(store.pipeline.cells(LeadFilter(), RATES, closing_months({}, date(2026, 3, 2))), key=str)
    # a: 333,333.33 x 2.75 % = 9,166.67; x 0.0625 = 572.92.  b: 450,000.01 x 5.5 % = 24,750.00; x 0.123457 = 3,055.56
    assert (ana.leads, ana.priced, ana.counted) == (4, 3, 2)
    assert (ana.gci_usd, ana.expected_usd) == (D("33916.67"), D("3628.48"))
    assert ana.expected_usd == by_hand(0.0625, "333333.33", "0.0275") + by_hand(0.123456789, "450000.01", "0.055")
    assert ana.chances == D("0.0625") + D("0.123457")
    assert (bo.leads, bo.source, bo.expected_usd, bo.month) == (1, None, D("1800.00"), "unknown")  # 200,000 x 3 % x 0.3


def test_filters_narrow_the_sums(store: Store) -> None:
    store.save_scored([priced("a", 0.5, "100000"), priced("b", 0.5, "100000", side=Side.SELLER, agent="Bo")])
    months = closing_months({}, date(2026, 3, 2))
    sellers = store.pipeline.cells(LeadFilter(sides=(Side.SELLER,)), RATES, months)
    assert [(cell.agent, cell.leads) for cell in sellers] == [("Bo", 1)]
    assert store.pipeline.cells(LeadFilter(agents=("Ana",)), RATES, months) == []


def test_a_month_and_the_list_of_its_leads_agree(store: Store) -> None:
    store.save_scored([priced(f"lead_{n}", 0.5, "100000", created_at=at(-n * DAY_MIN)) for n in range(0, 90, 3)])
    months = closing_months({Stage.GENERATED: UsualWait(40, 9)}, NOON.date())
    cells = {cell.month: cell.leads for cell in store.pipeline.cells(LeadFilter(), RATES, months)}
    assert sum(cells.values()) == 30
    assert {"past", "2026-03", "2026-04"} == set(cells)
    for month in months:
        assert store.browse(LeadFilter(waiting=month.waiting)).total == cells.get(month.key, 0)


@pytest.mark.parametrize(("days", "median"), [((10, 30, 20), 20.0), ((10, 40, 20, 31), 25.5)])
def test_the_usual_wait_is_the_median_of_the_closings(store: Store, days: tuple[int, ...], median: float) -> None:
    store.save_scored([scored(f"lead_{n}") for n in days])
    for n in days:
        begun = at(-100 * DAY_MIN)
        store.add_outcomes(
            [
                Outcome(lead_id=f"lead_{n}", stage=Stage.CONTRACT, occurred_at=begun),
                Outcome(lead_id=f"lead_{n}", stage=Stage.CLOSED, occurred_at=begun + timedelta(days=n)),
            ]
        )
    wait = store.pipeline_past.usual_waits()[Stage.CONTRACT]
    assert wait.days == pytest.approx(median)
    assert wait.closings == len(days)


def moved_to(store: Store, lead_id: str, stage: Stage, when: datetime, price: str | None = None) -> None:
    store.add_outcome(Outcome(lead_id=lead_id, stage=stage, occurred_at=when, sale_price_usd=price and D(price)))


def test_what_moved_has_one_reason_a_lead_and_adds_up_to_the_cent(store: Store) -> None:
    long_ago, lately = -20 * DAY_MIN, -1 * DAY_MIN
    old = ("kept", "scored", "priced", "both", "staged", "closed", "lost", "reopened", "gone")
    store.save_scored([priced(name, 0.5, "100000", long_ago, agent="Bo") for name in old])
    for name in ("reopened", "gone"):
        moved_to(store, name, Stage.LOST, at(long_ago))
    months = closing_months({}, NOON.date())
    before = sum(cell.expected_usd for cell in store.pipeline.cells(LeadFilter(), RATES, months))
    # 100,000 x 2.5 % = 2,500; x 0.5 = 1,250 each of the seven that are open
    assert before == D(8_750)
    store.save_scored(
        [
            priced("scored", 0.75, "100000", lately),
            priced("priced", 0.5, "200000", lately),
            priced("both", 0.75, "200000", lately),
            priced("staged", 0.75, "100000", lately),
            priced("reopened", 0.5, "100000", lately),
            priced("new", 0.5, "100000", lately),
            priced("new_lost", 0.5, "100000", lately),
        ]
    )
    for name, stage in (("staged", Stage.SHOWING), ("closed", Stage.CLOSED), ("lost", Stage.LOST)):
        moved_to(store, name, stage, at(lately))
    moved_to(store, "reopened", Stage.QUALIFIED, at(lately))
    moved_to(store, "new_lost", Stage.LOST, at(lately))
    changes = store.pipeline_past.changes(LeadFilter(), RATES, WEEK_AGO)
    assert {moved: told for moved, told in changes.items() if told[0]} == {
        Moved.ARRIVED: (1, D(1_250)),
        Moved.REOPENED: (1, D(1_250)),
        Moved.STAGED: (1, D(625)),  # 2,500 x 0.75 - 1,250
        Moved.SCORED: (2, D(1_250)),  # scored and both: 2,500 x (0.75 - 0.5) each
        Moved.PRICED: (2, D(3_125)),  # priced: 2,500 x 0.5; both: 2,500 x 0.75
        Moved.CLOSED: (1, D(-1_250)),
        Moved.LOST: (1, D(-1_250)),
    }
    after = sum(cell.expected_usd for cell in store.pipeline.cells(LeadFilter(), RATES, months))
    assert after == before + sum(change for _, change in changes.values())
    for moved, (leads, change) in changes.items():
        behind = store.pipeline_past.moved(LeadFilter(), RATES, WEEK_AGO, moved, 20)
        assert (len(behind), sum(one.change_usd for one in behind)) == (leads, change)


def test_the_likeliest_closing_of_each_agent_is_one_under_contract(store: Store) -> None:
    store.save_scored(
        [
            priced("a", 0.6, "100000", agent="Ana", stage=Stage.CONTRACT),
            priced("b", 0.7, "200000", agent="Ana", stage=Stage.CONTRACT),
            priced("c", 0.9, "300000", agent="Ana", stage=Stage.SHOWING),
            priced("d", 0.9, None, agent="Bo", stage=Stage.CONTRACT),
        ]
    )
    found = store.pipeline.likeliest(RATES)
    assert {agent: (one.lead_id, one.gci_usd) for agent, one in found.items()} == {"Ana": ("b", D(5_500))}


def test_plans_are_kept_in_the_order_in_which_they_count_and_outlive_the_leads(store: Store) -> None:
    version = store.version()
    for agent, day in (("Ana", date(2026, 5, 1)), (None, date(2026, 1, 1)), ("Ana", date(2026, 5, 1))):
        store.plans.add(StoredPlan(agent, day, {"n": str(day)}, NOON, "manager"))
    store.clear()
    assert [(plan.agent, plan.valid_from) for plan in store.plans.all()] == [
        (None, date(2026, 1, 1)),
        ("Ana", date(2026, 5, 1)),
        ("Ana", date(2026, 5, 1)),
    ]
    assert store.version() > version


def test_the_day_of_a_contract_is_looked_up_once_however_long_contracts_may_stay_open() -> None:
    chances = ContractChances(NOON, tuple(range(500_000, 500_400)))
    rates = replace(RATES, in_contract=chances)
    assert str(chance_ppm(rates).compile()).count("SELECT") == 1
