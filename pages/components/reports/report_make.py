"""Choose what a report holds, make it, see what is in it, take it away."""

from __future__ import annotations

import streamlit as st

from core.leads import utc_now
from core.reports.document import Report, Section, printable
from core.services.center import CommandCenter
from core.services.reports.gather import PARTS
from core.services.reports.making import FORMATS, ReportJob
from core.services.reports.order import DAYS, Order, Part, team_zone
from core.store import LeadFilter
from core.words import counted
from pages.components.job_progress import job_progress
from pages.components.problem import problem
from pages.components.words import choice, viewer_zone

JOB = "report_job"
MIME = {"pdf": "application/pdf", "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation"}
LINE = 600


def report_make(center: CommandCenter, wanted: LeadFilter) -> None:
    """Show the choices, then the report that was made."""
    job: ReportJob | None = st.session_state.get(JOB)
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            days = st.segmented_control(
                "Whole days before today", DAYS, default=7, required=True, key="report_days", bind="query-params"
            )
            formats = st.pills(
                "As", list(FORMATS), selection_mode="multi", default=list(FORMATS), key="report_formats",
                format_func=FORMATS.__getitem__,
            )  # fmt: skip
        parts = _parts()
        zone = team_zone(center, viewer_zone().key)
        st.caption(
            f"Days are those of {zone.key}. Each figure comes from the same place as on its page, with its count and "
            "interval; the report holds names and phone numbers, so keep it in the team."
        )
        busy = job is not None and not job.done
        if st.button("Make the report", type="primary", key="make_report", disabled=busy or not (formats and parts)):
            order = Order(utc_now(), days or DAYS[0], wanted, zone, parts)
            st.session_state[JOB] = ReportJob.start(center, order, tuple(formats))
            st.rerun()
    if job is not None:
        _made(job)


def _parts() -> tuple[Part, ...]:
    st.caption("What is in it")
    chosen = []
    with st.grid(2, min_column_width=330, gap="xsmall"):
        for part, (name, told, _) in PARTS.items():
            if st.checkbox(name, value=True, key=f"part_{part.name.lower()}", help=f"{told[0].upper()}{told[1:]}."):
                chosen.append(part)
    return tuple(chosen)


def _made(job: ReportJob) -> None:
    if not job.done:
        job_progress(JOB)
    elif job.result is None:
        problem(job.error or "", "No report was made")
    else:
        _downloads(job.order, job.result.files)
        _contents(job.result.report)


def _downloads(order: Order, files: dict[str, bytes]) -> None:
    day = f"{order.now.astimezone(order.zone):%Y-%m-%d}"
    with st.container(horizontal=True):
        for kind, content in files.items():
            st.download_button(
                f"{FORMATS[kind]}, {len(content) / 1000:,.0f} kB", content, file_name=f"jorge-report-{day}.{kind}",
                mime=MIME[kind], key=f"report_{kind}", icon=":material/download:", on_click="ignore",
            )  # fmt: skip


def _contents(report: Report) -> None:
    with st.container(border=True, gap="xsmall"):
        st.subheader(f"{report.title}, {report.made}", anchor=False)
        for line in report.heading:
            st.text(printable(line, LINE))
        for section in report.sections:
            _section(section)


def _section(section: Section) -> None:
    st.markdown(f"**{choice(section.title)}**")
    for line in (section.missing, *section.sentences):
        if line:
            st.text(printable(line, LINE))
    if section.table is not None and section.table.rows:
        lines = len(section.table.rows)
        st.caption(f"{section.table_title or 'A table'}: {counted(lines, 'line')}.")
