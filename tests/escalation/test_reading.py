"""What came back is read strictly and cut to its bounds."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.escalation import Band, Opinion, PriceTable
from core.escalation.harmless import holds_link
from core.escalation.prompt import Prompt, prompt_of
from core.escalation.reading import Unusable, opinion_of
from tests.escalation.asking import question, reply, said

MODEL = "claude-haiku-5-5"


def asked(*messages: Any, **fields: Any) -> Prompt:
    """The prompt of a question."""
    return prompt_of(question(*messages, **fields), MODEL, PriceTable.load().price(MODEL))


def read(prompt: Prompt, **fields: Any) -> Opinion:
    """The opinion in a reply with these fields."""
    return opinion_of(reply(**fields), prompt)


def quotes(prompt: Prompt, *texts: str) -> list[str]:
    """Which of ``texts`` are taken for quotes."""
    return [item.quote for item in read(prompt, evidence=[{"quote": text, "why": "w"} for text in texts]).evidence]


def test_a_quote_is_given_letter_by_letter_as_the_lead_wrote_it() -> None:
    prompt = asked("Hi, ANA Lima here.\nWe're pre-approved < 500k\u200b!")
    assert quotes(prompt, "we’re  pre-approved ‹ 500k") == ["We're pre-approved < 500k"]
    assert quotes(prompt, '"Hi, [NAME_1.2] [NAME_2] here."') == ["Hi, ANA Lima here"]
    assert quotes(prompt, "hi, [NAME_1] [NAME_2] here.\\nWe're") == []
    assert quotes(prompt, "here. We're pre-approved") == ["here.\nWe're pre-approved"]


def test_what_the_lead_did_not_write_is_no_quote() -> None:
    prompt = asked("We want a pool.", said("I would offer a million.", 1, by_lead=False), budget_range="500k")
    assert quotes(prompt, "I would offer a million", "500k", "We want a boat", "", ".", "[NAME_9]") == []
    assert quotes(prompt, "We want a pool", "We want a pool.", "a pool") == ["We want a pool", "a pool"]


def test_a_quote_that_holds_a_link_or_markup_is_dropped() -> None:
    prompt = asked("see https://x.example/a now", "look <b>here</b> now", "a ![i](u) b", "write to a@b.example now")
    assert quotes(prompt, "see [LINK_1] now", "look ‹b›here‹/b› now", "a ![i](u) b") == []
    assert quotes(prompt, "write to [EMAIL_2] now") == ["write to a@b.example now"]


def test_a_quote_of_more_than_300_characters_is_dropped() -> None:
    prompt = asked("a" * 301, "b" * 300)
    assert quotes(prompt, "a" * 301) == []
    assert quotes(prompt, "b" * 300) == ["b" * 300]


def test_long_texts_are_cut_and_long_lists_shortened() -> None:
    objections = [f"objection {number} " + "x " * 200 for number in range(30)]
    opinion = read(asked("hello"), objections=objections, next_best_action="call " * 100, draft_reply="so " * 900)
    assert [objection[:11] for objection in opinion.objections] == [f"objection {number}" for number in range(5)]
    assert max(map(len, (*opinion.objections, opinion.next_best_action))) <= 200
    assert opinion.draft_reply.endswith(" so…")
    assert 1190 < len(opinion.draft_reply) <= 1200


def test_names_and_the_leads_own_contacts_are_put_back_in_a_draft_and_others_are_not() -> None:
    prompt = asked("I am at 512-555-0198, my friend Bobbie at 512-555-0177 and bob@b.example. 4715 Elm St? x.example/y")
    draft = (
        "Hi [NAME_1], [PHONE_1] or [EMAIL_1]? [NAME_3] [PHONE_2] [EMAIL_2] [HOUSE_1] Elm St [LINK_1] [NAME_8] [MARK_1]"
    )
    told = read(prompt, draft_reply=draft).draft_reply
    assert told == "Hi Ana, +15125550198 or ana.lima@example.com? Bobbie 4715 Elm St"


def test_contacts_and_links_that_the_model_made_up_are_taken_out() -> None:
    draft = (
        "Call 512-555-0100, write x@y.example, pay 123456789012 at www.pay.example/x. <b>Now</b>\u202e! ![a](b) &lt;i"
    )
    told = read(asked("hello"), draft_reply=draft).draft_reply
    assert told == "Call , write , pay at ‹b›Now‹/b›! [a] (b) & lt;i"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "not the JSON"),
        ("hot!", "not the JSON"),
        (reply()[:40], "only half"),
        ("[1, 2]", "form"),
        (json.dumps({"band": "30 to 50 %"}), "form that was asked for"),
        (reply(band="100 %"), r"\(band\)"),
        (reply(band=0.4), r"\(band\)"),
        (reply(objections="none"), r"\(objections\)"),
        (reply(draft_reply=None), r"\(draft_reply\)"),
        (reply(evidence=[{"quote": "a"}]), r"\(evidence\)"),
        (reply(score=100), r"\(an unknown field\)"),
        (reply(**{"https://x.example": 1}), r"\(an unknown field\)"),
        (reply(draft_reply="x" * 60_000), "60,1.. characters; it was not read"),
        ("[" * 50_000, "form|JSON"),
    ],
)
def test_anything_else_is_refused_without_repeating_it(text: str, why: str) -> None:
    with pytest.raises(Unusable, match=why) as caught:
        opinion_of(text, asked("hello"))
    assert "x.example" not in str(caught.value)


PIECES = [
    "http",
    "://",
    "www.",
    "x.com",
    "/a",
    "<b>",
    "![",
    "](",
    "[NAME_1]",
    "[EMAIL_1]",
    "[LINK_1]",
    "@",
    ".",
    " ",
    "&lt;",
    "9",
]


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join) | st.text(max_size=80))
def test_no_string_of_any_making_leaves_as_a_link_or_as_markup(text: str) -> None:
    opinion = read(asked("hello", "see x.com/a"), objections=[text], next_best_action=text, draft_reply=text)
    for told in (*opinion.objections, opinion.next_best_action, opinion.draft_reply):
        assert not holds_link(told)
        assert "<" not in told
        assert "![" not in told
        assert "](" not in told


def test_an_opinion_survives_being_stored() -> None:
    opinion = read(asked("We want a pool."), evidence=[{"quote": "want a pool", "why": "A wish."}])
    assert Opinion.model_validate_json(opinion.model_dump_json()) == opinion


@pytest.mark.parametrize(
    ("probability", "band"),
    [(0.0, Band.REMOTE), (0.0999, Band.REMOTE), (0.1, Band.UNLIKELY), (0.7, Band.STRONG), (1.0, Band.STRONG)],
)
def test_a_probability_lies_in_one_band(probability: float, band: Band) -> None:
    assert Band.of(probability) is band
    assert band.low <= probability <= band.high
