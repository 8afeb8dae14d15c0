"""One lead's screen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from core.features import Signal
from core.leads import Direction, Interaction, InteractionKind, Lead, LeadHistory, Outcome, Side, Stage, utc_now
from core.scoring import Tier
from core.services import workspace
from core.services.center import CommandCenter
from core.services.commission import pipeline
from core.services.lead import leads
from core.services.scores import scoring
from core.store import LeadFilter
from pages.components.lead.conversation import segments, turns_of
from pages.components.words import dollars
from tests.pages.conftest import Open, press

BUDGET = LeadHistory(
    lead=Lead(lead_id="ana", name="Ana Lima", email="ana@example.org", source="zillow", budget_range="500k-750k"),
    interactions=(
        Interaction(
            occurred_at=datetime(2026, 9, 1, 15, tzinfo=UTC),
            kind=InteractionKind.EMAIL,
            text="We look for three bedrooms in Downtown Austin for about $600,000, within a month.",
        ),
    ),
)


def test_an_address_without_a_lead_says_so(empty: CommandCenter, open_page: Open) -> None:
    assert "No such lead" in [head.value for head in open_page(empty, "lead", id="nobody").subheader]


def test_the_bars_end_at_the_raw_probability_and_the_page_says_so(empty: CommandCenter, open_page: Open) -> None:
    scored = scoring.score_lead(empty, BUDGET)
    app = open_page(empty, "lead", id="ana")
    assert not app.exception
    raw = f"{100 * scored.score.raw_probability:.1f} %"
    assert any("raw probability" in caption.value and raw in caption.value for caption in app.caption)


@pytest.mark.parametrize("stage", [Stage.CONTRACT, Stage.CLOSED, Stage.LOST])
def test_a_second_opinion_is_recommended_only_while_the_lead_may_sign(
    empty: CommandCenter, open_page: Open, stage: Stage
) -> None:
    workspace.set_threshold(empty, 0.99)
    assert scoring.score_lead(empty, BUDGET).escalation_recommended
    advice = "Below the threshold: worth a second opinion."

    def is_advised() -> bool:
        (scored,) = (text.value for text in open_page(empty, "lead", id="ana").text if "by model" in text.value)
        return advice in scored

    leads.record_outcome(empty, Outcome(lead_id="ana", stage=Stage.SHOWING, occurred_at=utc_now()))
    assert is_advised()
    leads.record_outcome(empty, Outcome(lead_id="ana", stage=stage, occurred_at=utc_now()))
    assert not is_advised()


def test_the_commission_is_multiplied_out(empty: CommandCenter, open_page: Open) -> None:
    scoring.score_lead(empty, BUDGET)
    shown = money_of(open_page(empty, "lead", id="ana"))
    assert shown["Sale price (stated budget)"] == r"\$625,000"
    assert shown["Rate of the buyer's side"] == "3.00 %"
    assert shown["Commission if it closes"] == r"\$18,750"  # 625,000 x 3 %
    closing = empty.store.latest_score("ana").score.closing_probability
    assert closing is not None
    assert shown["Expected commission"] == dollars(18_750 * closing).replace("$", r"\$")


def test_one_lead_has_one_expected_commission_on_its_page_and_in_the_pipeline(
    sampled: CommandCenter, open_page: Open
) -> None:
    listed = [one for one in pipeline.expected_leads(sampled, LeadFilter(), utc_now().date()) if one.expected_usd]
    chosen = {one.side: one for one in listed} | {one.stage: one for one in listed}
    assert {Side.SELLER, Stage.CONTRACT} <= chosen.keys()
    for one in chosen.values():
        shown = money_of(open_page(sampled, "lead", id=one.lead_id))
        assert shown["Commission if it closes"] == dollars(one.gci_usd).replace("$", r"\$")
        assert shown["Expected commission"] == dollars(one.expected_usd).replace("$", r"\$")


def test_two_figures_of_one_name_on_a_leads_page_are_the_same_figure(sampled: CommandCenter, open_page: Open) -> None:
    listed = pipeline.expected_leads(sampled, LeadFilter(), utc_now().date())
    for one in {one.stage: one for one in listed if one.expected_usd}.values():
        app = open_page(sampled, "lead", id=one.lead_id)
        above = next(metric.value for metric in app.metric if metric.label == "Chance to close")
        below = {label: value for label, value in money_of(app).items() if label.startswith("Chance to close")}
        in_contract = one.stage is Stage.CONTRACT  # there the team's own contracts tell it, not the score
        assert list(below) == ["Chance to close, in contract" if in_contract else "Chance to close"]
        if not in_contract:
            told = float(below["Chance to close"].removesuffix(" %"))
            assert abs(told - float(above.removesuffix(" %"))) <= 0.55  # one has a digit more


def test_nothing_is_expected_of_a_lead_that_is_lost(empty: CommandCenter, open_page: Open) -> None:
    scoring.score_lead(empty, BUDGET)
    leads.record_outcome(empty, Outcome(lead_id="ana", stage=Stage.LOST, occurred_at=utc_now()))
    app = open_page(empty, "lead", id="ana")
    assert "Nothing to expect any more" in [head.value for head in app.subheader]
    assert not app.table


def money_of(app: AppTest) -> dict[str, str]:
    return {str(label): str(row["value"]) for label, row in app.table[0].value.iterrows()}


def test_scoring_again_adds_a_score_to_the_history(empty: CommandCenter, open_page: Open) -> None:
    scoring.score_lead(empty, BUDGET)
    app = open_page(empty, "lead", id="ana")
    next(button for button in app.button if button.label == "Score again").click().run()
    assert not app.exception
    assert len(empty.store.scores("ana")) == 2


def test_a_long_history_of_scores_says_where_it_begins(empty: CommandCenter, open_page: Open) -> None:
    scoring.score_lead(empty, BUDGET)
    said = "The last 50 scores; earlier ones, if there are any, are not shown."
    assert said not in [caption.value for caption in open_page(empty, "lead", id="ana").caption]
    for _ in range(50):
        scoring.score_stored(empty, "ana")
    assert said in [caption.value for caption in open_page(empty, "lead", id="ana").caption]


def test_an_override_stands_in_for_the_model_until_it_expires(empty: CommandCenter, open_page: Open) -> None:
    scoring.score_lead(empty, BUDGET)
    leads.override_score(empty, "ana", Tier.HOT, "met her", utc_now() + timedelta(days=1))
    assert not open_page(empty, "lead", id="ana").exception
    assert [list(tier) for tier in open_page(empty, "leads").dataframe[0].value["Tier"]] == [["Hot by hand"]]


def test_a_tier_by_hand_gives_way_to_the_models_again(empty: CommandCenter, open_page: Open) -> None:
    model = scoring.score_lead(empty, BUDGET).score.tier
    leads.override_score(empty, "ana", Tier.HOT, "met her", None)
    app = open_page(empty, "lead", id="ana")
    next(button for button in app.button if button.label == "Set tier by hand").click().run()
    next(button for button in app.button if button.label == "Set tier by hand").click()
    app.button(key="hand_end").click().run()
    assert not app.exception
    assert leads.lead_detail(empty, "ana").shown_tier is model


def test_an_outcome_that_was_recorded_is_listed(empty: CommandCenter, open_page: Open) -> None:
    scoring.score_lead(empty, BUDGET)
    moment = datetime(2026, 9, 20, 17, tzinfo=UTC)
    leads.record_outcome(empty, Outcome(lead_id="ana", stage=Stage.SHOWING, occurred_at=moment))
    texts = [text.value for text in open_page(empty, "lead", id="ana").text]
    assert "Sep 20, 2026: Showing" in texts


def test_an_outcome_recorded_by_mistake_is_taken_back_after_a_second_click(
    empty: CommandCenter, open_page: Open
) -> None:
    scoring.score_lead(empty, BUDGET)
    moment = datetime(2026, 9, 20, 17, tzinfo=UTC)
    leads.record_outcome(empty, Outcome(lead_id="ana", stage=Stage.LOST, occurred_at=moment))
    app = open_page(empty, "lead", id="ana")
    (button,) = (button for button in app.button if button.label == "Take back")
    button.click().run()
    assert len(empty.store.outcomes("ana")) == 1  # the first click only asks
    app = press(app, str(button.key), "take_back_yes")
    assert not app.exception
    assert [one.value for one in app.toast] == ["Taken back"]
    assert empty.store.outcomes("ana") == []
    assert empty.store.lead("ana").stage is Stage.GENERATED


def test_what_somebody_took_back_meanwhile_does_not_make_the_click_mean_another_outcome(
    empty: CommandCenter, open_page: Open
) -> None:
    scoring.score_lead(empty, BUDGET)
    first, second = (
        Outcome(lead_id="ana", stage=stage, occurred_at=datetime(2026, 9, day, 17, tzinfo=UTC))
        for stage, day in ((Stage.QUALIFIED, 10), (Stage.SHOWING, 20))
    )
    for outcome in (first, second):
        leads.record_outcome(empty, outcome)
    app = open_page(empty, "lead", id="ana")
    stale = [button for button in app.button if button.label == "Take back"]
    shown = [text.value for text in app.text if text.value.startswith("Sep ")]
    gone, other = (first, second) if shown[0].endswith("Qualified") else (second, first)
    leads.take_back_outcome(empty, gone)  # by somebody else, while this screen stood open
    app = stale[0].click().run()
    assert not app.exception
    assert "take_back_yes" not in [button.key for button in app.button]  # nothing is asked of the other one
    assert empty.store.outcomes("ana") == [other]


@pytest.mark.parametrize(
    ("stands", "likely"),
    [
        (Stage.GENERATED, Stage.QUALIFIED),
        (Stage.SHOWING, Stage.CONTRACT),
        (Stage.CONTRACT, Stage.CLOSED),
        (Stage.CLOSED, Stage.CLOSED),
        (Stage.LOST, Stage.QUALIFIED),
    ],
)
def test_the_dialog_of_an_outcome_begins_with_the_stage_that_comes_next(
    empty: CommandCenter, open_page: Open, stands: Stage, likely: Stage
) -> None:
    scoring.score_lead(empty, LeadHistory(lead=Lead(lead_id="ana", stage=stands)))
    app = open_page(empty, "lead", id="ana")
    next(button for button in app.button if button.label == "Record outcome").click().run()
    assert app.selectbox(key="out_stage").value == likely
    next(button for button in app.button if button.label == "Record outcome").click()
    app.checkbox(key="out_sure").check()
    app = app.run()
    press_record(app)
    assert [one.value.split(" on ")[0] for one in app.toast] == [f"Recorded: {likely}"]
    assert empty.store.lead("ana").stage is likely


def press_record(app: AppTest) -> None:
    next(button for button in app.button if button.label == "Record outcome").click()
    app.button(key="out_save").click().run()


@given(
    st.text(max_size=80),
    st.lists(st.tuples(st.integers(-5, 90), st.integers(-5, 90)), max_size=8),
)
def test_the_pieces_of_a_marked_text_join_up_to_it_again(text: str, spans: list[tuple[int, int]]) -> None:
    signals = [Signal("price", text[start:end], start, end, 0, None) for start, end in spans]
    pieces = segments(text, signals)
    assert "".join(piece["text"] for piece in pieces) == text
    assert all(piece["text"] for piece in pieces)


def test_words_that_count_twice_are_marked_once_with_both_kinds() -> None:
    text = "around 500k in Hyde Park"
    signals = [Signal("price", "500k", 7, 11, 0, 500_000), Signal("budget", "around 500k", 0, 11, 0, 500_000)]
    assert segments(text, signals) == [
        {"text": "around 500k", "signal": "budget, price"},
        {"text": " in Hyde Park", "signal": ""},
    ]


def test_a_conversation_says_who_wrote_and_marks_only_that_message() -> None:
    history = LeadHistory(
        lead=Lead(lead_id="ana", name="Ana"),
        interactions=(
            Interaction(occurred_at=datetime(2026, 9, 1, tzinfo=UTC), text="500k"),
            Interaction(occurred_at=datetime(2026, 9, 2, tzinfo=UTC), direction=Direction.OUTBOUND, text="500k"),
        ),
    )
    turns = turns_of(history, [Signal("price", "500k", 0, 4, 0, 500_000)])
    assert [(turn["who"], turn["inbound"]) for turn in turns] == [("Ana", True), ("Team", False)]
    assert [turn["segments"][0]["signal"] for turn in turns] == ["price", ""]
