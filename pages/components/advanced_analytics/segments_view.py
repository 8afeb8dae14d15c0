"""Segments: the saved ones with what they are worth, and clusters that were found in the features."""

from __future__ import annotations

import streamlit as st

from core.leads import utc_now
from core.services.analyses import segments as service
from core.services.analyses.segments import Segment
from core.services.center import CommandCenter
from core.services.commission.pipeline_words import month_label
from core.services.lead.lead_groups import lead_groups
from core.store import LeadFilter
from core.transfer.table import Table, TableColumn
from pages.components.advanced_analytics.clusters_found import clusters_found
from pages.components.advanced_analytics.segment_figures import FIGURES, figures
from pages.components.empty import nothing
from pages.components.figure_table import Address, figure_table
from pages.components.period_filters import days_of, leads_address
from pages.components.problem import attempt, problem
from pages.components.segment_save import save_segment
from pages.components.words import choice, when


def segments_view(center: CommandCenter, wanted: LeadFilter) -> None:
    """Show the saved segments, the way to a new one, and the clusters."""
    st.subheader("Saved segments", anchor=False)
    found = service.segments(center, utc_now().date())
    if found:
        _saved(center, found)
    else:
        nothing("No segment yet", "Set filters here or on the page of leads, and save them under a name.")
    if wanted != LeadFilter():
        save_segment(center, wanted)
    st.page_link("leads.py", label="Set all filters on the page of leads", icon=":material/filter_list:")
    if found:
        _change(center, found)
    clusters_found(center, wanted)


def segment_address(center: CommandCenter, segment: Segment) -> Address:
    """The list of leads with the filters of a segment."""
    wanted = segment.wanted
    told = leads_address(wanted)
    if wanted.text:
        told["search"] = wanted.text
    if wanted.tiers:
        told["tier"] = [tier.value.capitalize() for tier in wanted.tiers]
    if wanted.score_min is not None or wanted.score_max is not None:
        told["score"] = [f"{wanted.score_min or 0:.0f}", f"{100 if wanted.score_max is None else wanted.score_max:.0f}"]
    if wanted.staged_from is not None:
        told["since"] = [str(day) for day in days_of(wanted.staged_from, wanted.staged_to)]
    if wanted.escalated_only:
        told["for_claude"] = "true"
    if segment.closing is not None:
        told["closing"] = month_label(segment.closing)
    label = next((name for name, group in lead_groups(center).items() if group == wanted.group), None)
    return told if label is None else {**told, "group": choice(label)}


def _saved(center: CommandCenter, found: list[Segment]) -> None:
    rows = [(one.name, *figures(one.sums, one.share, one.share_ends)) for one in found]
    figure_table(
        Table((TableColumn("Segment"), *FIGURES), rows),
        key="segments",
        name="Segments",
        addresses=[segment_address(center, one) for one in found],
    )
    st.caption(
        "A segment is counted by its own filters alone, not by those above. Share: signed among decided, with its "
        "95 % interval. Change: leads that came in within the last 30 days, less those of the 30 days before. "
        "A click opens the leads.",
        help="Wilson's intervals.",
    )


def _change(center: CommandCenter, found: list[Segment]) -> None:
    with st.expander("Rename, change or delete a segment"):
        name = st.selectbox("Segment", [one.name for one in found], key="segment_of", format_func=choice)
        one = next((one for one in found if one.name == name), None)
        if one is None:
            return
        st.caption(f"Saved {when(one.saved_at)} by {choice(one.saved_by)}. For other filters, open its leads and save.")
        st.page_link(
            "leads.py", label="Open its leads", icon=":material/group:", query_params=segment_address(center, one)
        )
        with st.form("segment_change", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
            other = st.text_input("New name", one.name, max_chars=service.MOST_NAME, key=f"segment_rename_{one.name}")
            rename = st.form_submit_button("Rename", key="segment_do_rename")
            sure = st.checkbox("Yes, delete it", key=f"segment_sure_{one.name}")
            delete = st.form_submit_button("Delete", key="segment_do_delete")
        with attempt(otherwise="Not changed"):
            if delete:
                _delete(center, one, sure)
            elif rename:
                _rename(center, one, other.strip())


def _delete(center: CommandCenter, one: Segment, sure: bool) -> None:
    if not sure:
        problem("Confirm that the segment shall be deleted; its leads stay.", "Not deleted")
        return
    service.remove(center, one.name)
    st.rerun()


def _rename(center: CommandCenter, one: Segment, name: str) -> None:
    if name != one.name and name in service.names(center):
        problem(f"There is a segment {name!r} already.", "Not renamed")
        return
    service.save(center, name, one.wanted, one.closing, instead_of=one.name)
    st.rerun()
