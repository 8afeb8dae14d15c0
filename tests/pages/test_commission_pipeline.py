"""The page of the commission pipeline: figures, addresses, plans and goals."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from core.leads import Outcome, Side, Stage, clock, utc_now
from core.services import audit
from core.services.center import CommandCenter
from core.services.commission import commission_plans, pipeline
from core.services.commission.pipeline_words import month_label
from core.services.lead import leads
from core.services.sample import load_sample
from core.services.scores import scoring
from core.store import LeadFilter
from pages.components.figure_table import noted
from pages.components.period_filters import leads_address
from tests.pages.conftest import Open
from tests.services.made import told

PAGE = "commission_pipeline"


def figures(app: object) -> dict[str, str]:
    return {metric.label: metric.value for metric in app.metric}  # type: ignore[attr-defined]


def test_the_head_says_what_the_services_say(sampled: CommandCenter, open_page: Open) -> None:
    app = open_page(sampled, PAGE)
    total = pipeline.pipeline(sampled, LeadFilter(), utc_now().date()).total
    assert figures(app)["Open leads"] == f"{total.leads:,}"
    assert figures(app)["Expected commission"] == f"${total.expected_usd:,.0f}"
    table = app.dataframe[0].value
    assert sum(table["Leads"]) == total.leads
    assert round(sum(table["Agents' net"]), 2) == float(total.net_usd)


def test_the_address_filters_the_figures(sampled: CommandCenter, open_page: Open) -> None:
    agent = next(iter(sampled.store.facets().agents))
    wanted = LeadFilter(agents=(agent,), sides=(Side.BUYER,))
    total = pipeline.pipeline(sampled, wanted, utc_now().date()).total
    app = open_page(sampled, PAGE, of_agent=[agent], of_side=["Buyer"], by="Source")
    assert figures(app)["Open leads"] == f"{total.leads:,}"
    assert sum(app.dataframe[0].value["Leads"]) == total.leads


def test_the_link_of_a_figure_opens_as_many_leads(sampled: CommandCenter, open_page: Open) -> None:
    found = pipeline.pipeline(sampled, LeadFilter(), utc_now().date())
    stage, sums = next(iter(found.by_stage.items()))
    listed = open_page(sampled, "leads", **leads_address(LeadFilter(stages=(stage,))))
    assert any(caption.value.startswith(f"{sums.leads:,} lead") for caption in listed.caption)
    key, sums = max(found.by_month.items(), key=lambda pair: pair[1].leads)
    closing = open_page(sampled, "leads", closing=month_label(key))
    assert any(caption.value.startswith(f"{sums.leads:,} lead") for caption in closing.caption)


def test_the_bridge_begins_and_ends_where_the_services_say(sampled: CommandCenter, open_page: Open) -> None:
    app = open_page(sampled, PAGE, part="What moved")
    bridge = pipeline.what_moved(sampled, LeadFilter(), utc_now().date())
    changes = list(app.dataframe[0].value["Change"])
    assert changes[0] == float(bridge.before_usd)
    assert changes[-1] == float(bridge.after_usd)
    assert round(sum(changes[:-1]), 2) == changes[-1]


def test_a_plan_is_saved_with_the_page_and_a_wrong_one_is_refused_with_a_sentence(
    own: CommandCenter, open_page: Open
) -> None:
    app = open_page(own, PAGE, part="Plans")
    who = app.selectbox(key="plan_of").value
    app.text_input(key=f"Split_{who}").set_value("70 percent")
    app.button(key=f"save_{who}").click().run()
    assert any("split is '70 percent'; write it as" in text.value for text in app.text)
    assert not commission_plans.plans(own).versions
    app.text_input(key=f"Split_{who}").set_value("50 % to 100,000; 70 %")
    app.text_input(key=f"Buyer's side_{who}").set_value("2.5")
    app.button(key=f"save_{who}").click().run()
    assert not app.exception
    (version,) = commission_plans.plans(own).versions
    assert (version.agent, str(version.agreement.side_rates.buyer)) == (None, "0.025")
    assert [str(tier.agent_share) for tier in version.agreement.plan.tiers] == ["0.5", "0.7"]


def test_a_plan_counts_from_the_viewers_day_in_the_evening_of_the_united_states(
    sampled: CommandCenter, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    evening = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)  # in Chicago half past eight of the day before
    ahead = evening - datetime.now(UTC)
    shifted = type("Shifted", (datetime,), {"now": classmethod(lambda _, zone: datetime.now(zone) + ahead)})
    monkeypatch.setattr(clock, "datetime", shifted)
    app = open_page(sampled, PAGE, part="Plans")
    (field,) = (one for one in app.date_input if one.label == "Counts from")
    assert field.value == date(2026, 11, 22)


def test_what_closed_this_month_quarter_and_year_is_told_without_a_goal(empty: CommandCenter, open_page: Open) -> None:
    for lead_id, price in (("ana", Decimal(500_000)), ("bo", None)):
        scoring.score_lead(empty, told(lead_id))
        closed = Outcome(lead_id=lead_id, stage=Stage.CLOSED, occurred_at=utc_now(), sale_price_usd=price)
        leads.record_outcome(empty, closed)
    app = open_page(empty, PAGE, part="Goals")
    assert not app.exception
    shown = app.dataframe[0].value
    assert [(row["Closings"], row["Closed commission"]) for _, row in shown.iterrows()] == [(1, 15_000)] * 3  # 3 %
    assert "1 closing of this year has no price and is left out." in [one.value for one in app.caption]


def test_a_lead_that_a_file_called_closed_is_not_passed_over_in_silence(empty: CommandCenter, open_page: Open) -> None:
    """An export says Closed and not when: without a day there is no closing, and all that count closings say so."""
    for number in range(2):
        scoring.score_lead(empty, told(f"old{number}", agent="Ana Diaz", stage=Stage.CLOSED))
    closed = Outcome(lead_id="old1", stage=Stage.CLOSED, occurred_at=utc_now(), sale_price_usd=Decimal(500_000))
    leads.record_outcome(empty, closed)
    words = "Not counted: 1 lead that a file called closed without a day."
    for name, query in ((PAGE, {"part": "Goals"}), (PAGE, {"part": "Agents and caps"}), ("predictive_insights", {})):
        app = open_page(empty, name, **query)
        assert not app.exception
        assert [one.value.startswith(words) for one in app.caption].count(True) == 1, (name, query)
    leads.take_back_outcome(empty, closed)
    closings = [one.value for one in open_page(empty, PAGE, part="Goals").caption if "called closed" in one.value]
    assert [one.startswith("Not counted: 2 leads that a file called closed") for one in closings] == [True]


def test_a_goal_is_set_and_its_pace_is_told(own: CommandCenter, open_page: Open) -> None:
    app = open_page(own, PAGE, part="Goals")
    app.number_input(key="goal_usd").set_value(400_000)
    app.button(key="save_goal").click().run()
    assert not app.exception
    year = utc_now().year
    assert any(text.value.startswith(f"The whole team, {year}: ") for text in app.text)
    assert app.dataframe[0].value["Goal"][0] == 400_000
    app = open_page(own, PAGE, part="Goals")
    app.button(key="save_goal").click().run()  # nothing was filled in
    assert any(text.value.startswith("The goal has no amount") for text in app.text)
    assert [goal.gci_usd for goal in commission_plans.goals(own)] == [400_000]
    assert app.button(key="goal_remove").disabled
    app.selectbox(key="goal_of").set_value(f"The whole team, {year}").run()
    app.button(key="goal_remove").click().run()
    assert not app.exception
    assert not commission_plans.goals(own)


def test_how_an_agents_net_was_computed_is_shown(sampled: CommandCenter, open_page: Open) -> None:
    app = open_page(sampled, PAGE, part="Agents and caps")
    assert not app.exception
    table = app.table[0].value
    net = [amount for label, amount in zip(table.index, table.iloc[:, 0], strict=True) if label == "Agent's net"]
    outlook = next(one for one in pipeline.pipeline(sampled, LeadFilter(), utc_now().date()).agents if one.agent)
    assert net == [f"{outlook.steps[0].net.agent_net_usd:,.2f}"]


def test_twelve_leads_say_that_months_are_not_known_yet(empty: CommandCenter, open_page: Open) -> None:
    load_sample(empty, leads=12, seed=2)
    app = open_page(empty, PAGE, by="Expected month")
    assert not app.exception
    assert list(app.dataframe[0].value["Expected month"]) == ["Not known yet"]
    assert any("not known yet" in caption.value and "of 6 closings needed" in caption.value for caption in app.caption)


def test_a_filter_that_lets_nobody_through_says_so(sampled: CommandCenter, open_page: Open) -> None:
    app = open_page(sampled, PAGE, period="Own dates", days=["2001-01-01", "2001-01-02"])
    assert figures(app)["Expected commission"] == "not known"
    assert any(header.value == "No open lead matches" for header in app.subheader)


def test_the_days_of_a_filter_are_the_days_of_the_link() -> None:
    from datetime import UTC, datetime

    wanted = LeadFilter(
        created_from=datetime(2026, 3, 1, tzinfo=UTC), created_to=datetime(2026, 3, 8, tzinfo=UTC), sides=(Side.BOTH,)
    )
    assert leads_address(wanted, stage=Stage.CLOSED.value.capitalize()) == {
        "side": ["Both"],
        "came_in": [str(date(2026, 3, 1)), str(date(2026, 3, 7))],
        "stage": "Closed",
    }


def test_who_takes_a_table_is_noted(empty: CommandCenter) -> None:
    assert noted(empty, b"a,b", "Open leads by stage") == b"a,b"
    [entry] = audit.find(empty, "table exported")
    assert (entry.action, entry.subject) == ("table exported", "Open leads by stage")
