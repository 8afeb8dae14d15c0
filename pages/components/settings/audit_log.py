"""Who did what: searched by words, person, action and day, a page at a time, with a file to take along."""

from __future__ import annotations

import json
from datetime import UTC, datetime, time, timedelta

import pandas as pd
import streamlit as st

from core.services import audit
from core.services.audit import Wanted
from core.services.center import CommandCenter
from core.store.audit import AuditEntry
from core.words import counted
from pages.components.empty import nothing
from pages.components.session_page import page_of
from pages.components.words import DATE_FIELD, choice, local, viewer_zone

SHOWN = 50
PAGE = "audit_page"


def audit_log(center: CommandCenter) -> None:
    """The entries that are wanted, newest first, and all of them as CSV."""
    st.subheader("Audit log", anchor=False)
    wanted = _wanted(center)
    first = audit.page(center, wanted, 1, SHOWN)
    if not first.total:
        nothing("No entries", "Nothing was done so far." if wanted == Wanted() else "No entry fits. Loosen the search.")
        return
    pages = -(-first.total // SHOWN)
    number = page_of(PAGE, pages)
    found = first if number == 1 else audit.page(center, wanted, number, SHOWN)
    st.dataframe(
        pd.DataFrame(
            {
                "When": [local(entry.happened_at).replace(tzinfo=None) for entry in found.entries],
                "Who": [entry.actor for entry in found.entries],
                "What": [entry.action for entry in found.entries],
                "Of": [entry.subject for entry in found.entries],
                "Details": [_details(entry) for entry in found.entries],
            }
        ),
        hide_index=True,
        column_config={"When": st.column_config.DatetimeColumn(format="MMM D, YYYY, HH:mm")},
        alt="Audit log, newest first",
    )
    if pages > 1:
        st.pagination(pages, key=PAGE)
    st.caption(f"{counted(first.total, 'entry', 'entries')}. None can be changed.")
    st.download_button(  # below, as for other tables: on a phone the table's own buttons would cover it above
        "Save as CSV",
        lambda: audit.audit_as_csv(center, wanted),
        "audit_log.csv",
        "text/csv",
        icon=":material/download:",
        key="audit_csv",
    )


def _wanted(center: CommandCenter) -> Wanted:
    people, actions = audit.choices(center)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        words = st.text_input(
            "Search", key="audit", placeholder="person, change or version", on_change=_anew, width=240
        )
        who = st.selectbox(
            "Who",
            people,
            index=None,
            key="audit_who",
            format_func=choice,
            placeholder="Anybody",
            on_change=_anew,
            width=200,
        )
        what = st.selectbox(
            "What",
            actions,
            index=None,
            key="audit_what",
            format_func=choice,
            placeholder="Anything",
            on_change=_anew,
            width=200,
        )
        days = st.date_input("When", [], key="audit_when", on_change=_anew, width=220, format=DATE_FIELD)
        since, until = _span(days)
    return Wanted(words, who, what, since, until)


def _anew() -> None:
    """Other entries are wanted: begin with their first page."""
    st.session_state[PAGE] = 1


def _span(days: object) -> tuple[datetime | None, datetime | None]:
    """From the first day's start to the last day's end on the viewer's clock, in UTC."""
    told = list(days) if isinstance(days, list | tuple) else []
    if not told:
        return None, None
    start, end = (datetime.combine(day, time(), viewer_zone()) for day in (told[0], told[-1] + timedelta(days=1)))
    return start.astimezone(UTC), end.astimezone(UTC)


def _details(entry: AuditEntry) -> str:
    return ", ".join(f"{name}: {_plain(value)}" for name, value in entry.details.items())


def _plain(value: object) -> str:
    return value if isinstance(value, str) else "not set" if value is None else json.dumps(value)
