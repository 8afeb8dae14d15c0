"""What was said with a lead, with the words that the model went by marked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from core.features import Signal
from core.leads import Direction, Interaction, InteractionKind, LeadHistory
from core.leads.lead import MOST_INTERACTIONS
from core.services.lead.leads import LeadDetail
from core.words import counted
from pages.components.empty import nothing
from pages.components.words import dollars, when

HERE = Path(__file__).parent
MOST_TURNS = 200
KINDS = {"pre_approval": "pre-approval", "sqft": "size", "term": "term of the trade", "zip": "ZIP"}
TOUCHES = {InteractionKind.SMS: "text message"}
SHOWN = "turns_shown"
_mount = st.components.v2.component(
    "conversation",
    html='<div class="conversation" tabindex="0" aria-label="Conversation"><ol class="turns" role="list"></ol></div>',
    css=(HERE / "conversation.css").read_text(encoding="utf-8"),
    js=(HERE / "conversation.js").read_text(encoding="utf-8"),
)


@st.fragment
def conversation(detail: LeadDetail) -> None:
    """Show the latest touches, oldest first, with what the lead told in a form; earlier ones on demand."""
    st.subheader("Conversation", anchor=False)
    turns = turns_of(detail.history, detail.signals)
    if not turns:
        nothing("Nothing said yet", "No message, call or visit is stored for this lead.")
        return
    shown = _shown(detail.history.lead.lead_id)
    if len(turns) > shown:
        newest = "newest " if len(detail.history.interactions) >= MOST_INTERACTIONS else ""  # older ones are not read
        st.caption(f"The last {shown:,} of the {newest}{len(turns):,} entries are shown.")
        st.button(
            f"Show {min(MOST_TURNS, len(turns) - shown):,} earlier",
            key="earlier_turns",
            type="tertiary",
            icon=":material/history:",
            on_click=_show_more,
            args=(detail.history.lead.lead_id,),
        )
    turns = turns[-shown:]
    _mount(key="conversation", data={"turns": turns})
    if any(part["signal"] for turn in turns for part in turn["segments"]):
        st.caption("Marked words were read by the model; the line below each message says as what.")


def _shown(lead_id: str) -> int:
    """How many entries this session wants of the lead that it looks at."""
    of_lead, shown = st.session_state.get(SHOWN, (lead_id, MOST_TURNS))
    return int(shown) if of_lead == lead_id else MOST_TURNS


def _show_more(lead_id: str) -> None:
    st.session_state[SHOWN] = (lead_id, _shown(lead_id) + MOST_TURNS)


def turns_of(history: LeadHistory, signals: Sequence[Signal]) -> list[dict[str, Any]]:
    """The conversation as plain values for the browser, the lead's own form fields first."""
    lead = history.lead
    who = lead.name or "Lead"
    turns = []
    if lead.message:
        own = [signal for signal in signals if signal.message == -1 and signal.field == "message"]
        turns.append(_turn(who, True, "form", when(lead.created_at), None, segments(lead.message, own)))
    for place, touch in enumerate(history.interactions):
        inbound = touch.direction is Direction.INBOUND
        found = [signal for signal in signals if signal.message == place]
        turns.append(
            _turn(
                who if inbound else "Team",
                inbound,
                TOUCHES.get(touch.kind, touch.kind.value.replace("_", " ")),
                when(touch.occurred_at),
                touch.subject,
                segments(touch.text, found) if touch.text else _listing(touch),
            )
        )
    return turns


def _turn(
    who: str, inbound: bool, kind: str, at: str, subject: str | None, parts: list[dict[str, str]]
) -> dict[str, Any]:
    return {"who": who, "inbound": inbound, "kind": kind, "at": at, "subject": subject or "", "segments": parts}


def _listing(touch: Interaction) -> list[dict[str, str]]:
    told = [touch.listing_area or "", dollars(touch.listing_price_usd) if touch.listing_price_usd else ""]
    words = ", ".join(word for word in told if word)
    if not words and touch.message_length:
        words = f"{counted(touch.message_length, 'character')}, not read here"
    return [{"text": words, "signal": ""}] if words else []


def segments(text: str, signals: Iterable[Signal]) -> list[dict[str, str]]:
    """Cut ``text`` at its signals: pieces that join up to it again, a signal's kind beside its words.

    Where two signals overlap, the one that starts first and reaches farther is marked, with both kinds named.
    """
    pieces: list[dict[str, str]] = []
    reached = 0
    inside = (one for one in signals if 0 <= one.start < one.end <= len(text))
    for signal in sorted(inside, key=lambda one: (one.start, -one.end)):
        kind = KINDS.get(signal.kind, signal.kind.replace("_", " "))
        if signal.start < reached:
            last = pieces[-1]
            if kind not in last["signal"].split(", "):
                last["signal"] += f", {kind}"
            continue
        if signal.start > reached:
            pieces.append({"text": text[reached : signal.start], "signal": ""})
        pieces.append({"text": text[signal.start : signal.end], "signal": kind})
        reached = signal.end
    if reached < len(text):
        pieces.append({"text": text[reached:], "signal": ""})
    return pieces
