"""When the report comes by itself, and how the last ones went."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from zoneinfo import available_timezones

import streamlit as st

from core.errors import JorgeError
from core.leads import utc_now
from core.services.access import Right
from core.services.center import CommandCenter
from core.services.reports.making import FORMATS
from core.services.reports.order import DAYS, team_zone
from core.services.reports.schedule import MOST_KEPT, WEEKDAYS, Schedule, last_runs, make, schedule, set_schedule
from core.store.report_runs import ReportRun
from core.transfer.table import Kind, Table, TableColumn
from pages.components.empty import nothing
from pages.components.figure_table import figure_table
from pages.components.problem import attempt, problem
from pages.components.words import viewer_zone, when

RUN = "report_run"
FAILED = "report_failed"  # how the last run of this session ended
TICK_S = 0.5


def report_schedule(center: CommandCenter) -> None:
    """Show the schedule, the form that sets it, and the last runs."""
    kept = schedule(center)
    if kept is not None:
        due = kept.following(utc_now())
        st.text(f"The next report is due {when(due)} on your clock, into {kept.folder}.")
        _buttons(center, kept)
    if center.actor.may(Right.SETTINGS):
        _form(center, kept)
    elif kept is None:
        st.caption("No schedule is set. Only admins may start one.")
    _runs(center)


def _buttons(center: CommandCenter, kept: Schedule) -> None:
    with st.container(horizontal=True):
        busy = RUN in st.session_state
        if st.button("Run now", key="run_report", icon=":material/play_arrow:", disabled=busy):
            pool = ThreadPoolExecutor(1, thread_name_prefix="report")
            st.session_state[RUN] = pool.submit(make, center, kept, utc_now())
            pool.shutdown(wait=False)
            st.rerun()
        if center.actor.may(Right.SETTINGS) and st.button(
            "Stop the schedule", key="stop_report", icon=":material/event_busy:"
        ):
            with attempt():
                set_schedule(center, None)
                st.rerun()
    if RUN in st.session_state:
        _running()
    elif isinstance(error := st.session_state.get(FAILED), JorgeError):
        problem(error, "The report was not made")


@st.fragment(run_every=TICK_S)
def _running() -> None:
    """Wait for the run without holding the page; how it went then stands among the last runs."""
    run: Future[ReportRun] = st.session_state[RUN]
    if not run.done():
        st.caption("The report is being made.")
        return
    del st.session_state[RUN]
    st.session_state[FAILED] = run.exception()
    st.rerun()  # the whole page: this part would tick on, without a run, over what it says


def _form(center: CommandCenter, kept: Schedule | None) -> None:
    zones = sorted(available_timezones())
    zone = kept.zone if kept else team_zone(center, viewer_zone().key).key
    folder = kept.folder if kept else str(center.data_dir.absolute() / "reports")
    with st.form("report_schedule"):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            weekday = st.selectbox("On", WEEKDAYS, index=kept.weekday if kept else 0, key="report_weekday", width=150)
            hour = st.number_input("At hour", 0, 23, kept.hour if kept else 7, key="report_hour", width=110)
            named = st.selectbox(
                "On the clock of", zones, index=zones.index(zone) if zone in zones else None, key="report_zone",
                width=230,
            )  # fmt: skip
            days = st.selectbox("Days", DAYS, index=DAYS.index(kept.days) if kept and kept.days in DAYS else 0,
                                key="schedule_days", width=90)  # fmt: skip
            last = st.number_input("Keep the last", 1, MOST_KEPT, kept.keep if kept else 12, key="keep", width=130)
        written = st.text_input("Into the folder (on the server)", folder, key="report_folder")
        formats = st.pills(
            "As", list(FORMATS), selection_mode="multi", default=list(kept.formats if kept else FORMATS),
            key="schedule_formats", format_func=FORMATS.__getitem__,
        )  # fmt: skip
        saved = st.form_submit_button("Change the schedule" if kept else "Start the schedule", type="primary")
    st.caption(
        "All leads of the team are in it. When no server ran at that hour, one report is made as soon as one does; "
        "several servers make one. Older reports of ours in the folder are taken away, other files never."
    )
    if saved:
        with attempt():
            wanted = Schedule(
                written.strip(), WEEKDAYS.index(weekday), int(hour), named or "UTC", tuple(formats), int(last), days
            )
            set_schedule(center, wanted)
            st.rerun()


def _runs(center: CommandCenter) -> None:
    st.subheader("Last runs", anchor=False)
    runs = last_runs(center)
    if not runs:
        nothing("No report came by itself yet", "Each run stands here with its files, or with what went wrong.")
        return
    if runs[0].problem:
        problem(runs[0].problem, "The last run had a problem")
    columns = (TableColumn("Made", Kind.MOMENT), TableColumn("By"), TableColumn("Files"), TableColumn("Problem"))
    rows = [(run.made_at, run.by, ", ".join(run.files) or None, run.problem or None) for run in runs]
    figure_table(Table(columns, rows), key="report_runs", name="Runs of the report")
