"""What is kept of a person: looked up, taken along as a file, erased; and how long leads are kept at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import streamlit as st

from core.services import housekeeping
from core.services.center import CommandCenter
from core.services.lead import personal_data
from core.store.personal import Contact
from core.words import counted, day_words
from pages.components.problem import attempt
from pages.components.said import say_after_the_rerun
from pages.components.words import choice, local

FILE = "personal-data.json"
ERASED = "people_erased"
KEPT: Final = {
    "leads": ("lead", "leads"),
    "interactions": ("message, call or visit", "messages, calls and visits"),
    "scores": ("score", "scores"),
    "outcomes": ("outcome", "outcomes"),
    "overrides": ("tier set by hand", "tiers set by hand"),
    "opinions": ("second opinion", "second opinions"),
    "ab_assignments": ("place in an A/B test", "places in A/B tests"),
    "crm_events": ("message of the CRM", "messages of the CRM"),
}
REST: Final = ("entry for lists and the live feed", "entries for lists and the live feed")
NAMED = 8  # leads that the question before erasing names


def personal_card(center: CommandCenter) -> None:
    """Find a person by e-mail, phone or id; hand out what is kept of them, or erase it."""
    with st.container(border=True):
        st.subheader("Personal data", anchor=False)
        st.caption("When somebody asks what is kept of them, or wants it gone: look them up.")
        # Not in the address, which a browser's history keeps; a new key empties the field once a person is erased.
        key = f"look_up_{st.session_state.setdefault(ERASED, 0)}"
        who = st.text_input("E-mail, phone or lead id", key=key, max_chars=300, width=360, autocomplete="off")
        if who.strip():
            _found(center, personal_data.find(center, who))
        _keep_for(center)


def _found(center: CommandCenter, people: Sequence[Contact]) -> None:
    if not people:
        st.text("Nothing is kept under this address, number or id.")
        return
    named = {one.lead_id: one for one in people}
    chosen = st.multiselect(
        "Leads of this person",
        list(named),
        default=list(named),
        format_func=lambda lead_id: choice(_line(named[lead_id])),
        key="person_leads",
        help="Leads with the same e-mail address or phone number. Take out who is somebody else.",
    )
    if not chosen:
        return
    st.caption(f"Kept: {kept_words(personal_data.held(center, chosen))}.")
    with st.container(horizontal=True):
        st.download_button(
            "Save everything as JSON",
            lambda: personal_data.export(center, chosen),
            FILE,
            "application/json",
            icon=":material/download:",
            key="person_export",
            on_click="ignore",
        )
        if st.button("Erase", icon=":material/delete_forever:", key="person_erase"):
            _confirm(center, [named[lead_id] for lead_id in chosen])


def kept_words(rows: Mapping[str, int]) -> str:
    """What is kept in words; what only the product needs, for its lists and the live feed, summed up.

    >>> kept_words({"leads": 1, "lead_latest": 1, "scores": 3, "outbox": 3, "opinions": 0})
    '1 lead, 3 scores, 4 entries for lists and the live feed'
    """
    named = [counted(rows[table], *words) for table, words in KEPT.items() if rows.get(table)]
    rest = sum(n for table, n in rows.items() if table not in KEPT)
    return ", ".join([*named, *([counted(rest, *REST)] if rest else [])])


def _line(one: Contact) -> str:
    since = f"since {day_words(local(one.created_at))}" if one.created_at else None
    return ", ".join(told for told in (one.name, one.email, one.phone, since) if told) or one.lead_id


@st.dialog("Erase this person?")
def _confirm(center: CommandCenter, people: Sequence[Contact]) -> None:
    st.text("\n".join(_line(one) for one in people[:NAMED]))
    lead_ids = [one.lead_id for one in people]
    many = counted(len(lead_ids), "lead") if len(lead_ids) > 1 else "The lead"
    st.text(
        f"{many}, with every message, score, outcome and opinion, will be gone from the record, the feed and the "
        "queues. Sums of past months that they were part of change. It cannot be undone."
    )
    st.caption("Files that were saved before, reports among them, and backups are yours to delete.")
    sure = st.checkbox("Erase for good", key="person_sure")
    if not st.button("Erase", type="primary", disabled=not sure, key="person_yes"):
        return
    with attempt():
        erased = personal_data.erase(center, lead_ids)
        later = " Redis is down; what it holds goes as soon as it is back." if erased.in_redis is None else ""
        say_after_the_rerun(f"Erased: {counted(erased.leads, 'lead')}, with all that was kept.{later}")
        st.session_state[ERASED] += 1
        st.rerun()


def _keep_for(center: CommandCenter) -> None:
    now = housekeeping.keep_months(center)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        limited = st.checkbox("Erase leads that went quiet", now is not None, key="keep_limited")
        months = st.number_input(
            "Months without a word",
            1, housekeeping.MOST_MONTHS, now or 36, key="keep_months", disabled=not limited, width=220,
        )  # fmt: skip
        wanted = months if limited else None
        save = st.button("Save", key="keep_save", disabled=wanted == now)
    gone = housekeeping.kept_too_long(center, months) if limited else 0
    if limited:
        st.caption(f"{counted(gone, 'lead')} would go now. Leads under contract or closed stay. It is done once a day.")
    if save and gone:
        _confirm_keeping(center, months, gone)
    elif save:
        _set_keeping(center, wanted)


@st.dialog("Erase leads that went quiet?")
def _confirm_keeping(center: CommandCenter, months: int, gone: int) -> None:
    st.text(
        f"{counted(gone, 'lead')} without a word in {counted(months, 'month')} will be "
        "erased within a day, with every message, score and outcome; later ones as they become as old. It cannot be "
        "undone."
    )
    if st.button(f"Erase {gone:,} and keep the rule", type="primary", key="keep_yes"):
        _set_keeping(center, months)


def _set_keeping(center: CommandCenter, months: int | None) -> None:
    with attempt():
        housekeeping.set_keep_months(center, months)
        st.rerun()
