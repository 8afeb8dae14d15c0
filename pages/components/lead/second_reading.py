"""A lead's second reading: what Claude said of it, or why there is no opinion. Its words are shown as plain text."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from core.services.access import Right
from core.services.center import CommandCenter
from core.services.escalations import review
from core.services.escalations.review import SecondReading
from core.services.lead.leads import LeadDetail
from core.store.opinions import Status, StoredOpinion
from pages.components.escalation_words import ASK_AN_ADMIN, REASONS, cost, seconds, state_of, why_it_waits
from pages.components.problem import attempt, told
from pages.components.words import percent, when

HERE = Path(__file__).parent
REFRESH_S = 2.0
_draft = st.components.v2.component(
    "draft_reply",
    html='<div class="draft"><label for="draft-reply">Draft reply, yours to edit</label>'
    '<textarea id="draft-reply" spellcheck="true"></textarea>'
    '<div class="row"><button type="button">Copy</button><span role="status"></span></div></div>',
    css=(HERE / "draft_reply.css").read_text(encoding="utf-8"),
    js=(HERE / "draft_reply.js").read_text(encoding="utf-8"),
)


def second_reading(center: CommandCenter, detail: LeadDetail) -> None:
    """Show the panel; while Claude is being asked it looks again every two seconds."""
    if detail.latest is None:
        return
    lead_id = detail.history.lead.lead_id
    looks = _moves(review.second_reading(center, lead_id))
    st.subheader("Second opinion", anchor=False)
    st.fragment(_again, run_every=REFRESH_S if looks else None)(center, lead_id, looks)


def _again(center: CommandCenter, lead_id: str, looks: bool) -> None:
    with told("The second opinion"):  # a rerun of this part alone is not inside the page's own
        found = review.second_reading(center, lead_id)
        if looks and not _moves(found):
            st.rerun()  # the whole page, which draws this without looking again
        _panel(center, lead_id, found)


def _moves(found: SecondReading) -> bool:
    asked = found.latest is not None and found.latest.status in (Status.WAITING, Status.ASKED)
    return asked and not review.stopped(found.desk)


def _panel(center: CommandCenter, lead_id: str, found: SecondReading) -> None:
    with st.container(border=True):
        _head(center, lead_id, found)
        if found.latest is not None and found.latest.status is not Status.ANSWERED:
            st.text(state_of(found.latest, center.actor))
            if found.latest.status is Status.WAITING and found.is_set_up and review.stopped(found.desk):
                st.text(why_it_waits(found.desk, center.actor))
        if found.opinion is not None:
            _opinion(found.opinion)
        if not found.is_set_up:
            _off(center)


def _off(center: CommandCenter) -> None:
    """What is missing, in an agent's words; how it is set up stands where an admin reads it."""
    st.caption("Claude is not set up, so nobody gives a second opinion: the model's score stands.")
    if center.actor.may(Right.SETTINGS):
        st.page_link("escalations.py", label="How to switch it on", icon=":material/forum:")
    else:
        st.caption(ASK_AN_ADMIN)


def _head(center: CommandCenter, lead_id: str, found: SecondReading) -> None:
    in_hand = found.latest is not None and found.latest.status is Status.ASKED
    with st.container(horizontal=True, vertical_alignment="center"):
        if found.opinion is not None:
            st.badge(f"Chance {found.opinion.answer['band']}" if found.opinion.answer else "", color="violet")
            if found.opinion.simulated:
                st.badge("Simulated", color="orange", icon=":material/science:")
        elif found.latest is None:
            st.caption("Nobody has asked Claude about this lead.", width="content")
        st.space("stretch")
        if st.button("Ask Claude now", icon=":material/forum:", disabled=in_hand or not found.is_set_up, key="ask_now"):
            with attempt():
                review.ask_now(center, lead_id)
                st.rerun()


def _opinion(row: StoredOpinion) -> None:
    """Everything in it may repeat what a lead wrote: text elements only."""
    answer = row.answer or {}
    st.text(_against_the_model(row))
    if answer.get("next_best_action"):
        _lines("Next best action", [answer["next_best_action"]])
    if answer.get("evidence"):
        quotes = [f"“{item['quote']}”  {item['why']}" for item in answer["evidence"]]
        _lines("What it goes by, in the lead's own words", quotes)
    if answer.get("objections"):
        _lines("What speaks against it", answer["objections"])
    if answer.get("draft_reply"):
        _draft(key=f"draft_{row.opinion_id}", data={"text": answer["draft_reply"]})
    because = REASONS.get(row.asked_because, row.asked_because)
    model = row.claude_model or "Claude"
    st.text(f"{because}. {model} answered {when(row.answered_at)} in {seconds(row.took_ms)} for {cost(row.cost_usd)}.")


def _lines(label: str, lines: list[str]) -> None:
    with st.container(gap="xxsmall"):
        st.caption(label)
        for line in lines:
            st.text(line)


def _against_the_model(row: StoredOpinion) -> str:
    low, high = row.low or 0.0, row.high if row.high is not None else 1.0
    said = f"The model says {percent(row.probability)}"
    if row.probability < low:
        return f"{said}; Claude puts it higher. The model's score stays as it is."
    if row.probability >= high and high < 1:
        return f"{said}; Claude puts it lower. The model's score stays as it is."
    return f"{said}; Claude agrees."
