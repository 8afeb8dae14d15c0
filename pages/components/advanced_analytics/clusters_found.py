"""Clusters of leads: found on request in the background, named in plain words, and kept until they are found anew."""

from __future__ import annotations

import streamlit as st

from core.analytics.clusters import FEWEST, Trait
from core.features.catalog import CATALOG, INDEX
from core.leads import utc_now
from core.services.analyses import clusters as service
from core.services.analyses.clusters import ClusterJob, KeptCluster, KeptClustering
from core.services.center import CommandCenter
from core.services.lead.lead_groups import cluster_label
from core.services.lead.value_words import value_words
from core.store import LeadFilter
from core.transfer.table import Table, TableColumn
from core.words import counted
from pages.components.advanced_analytics.segment_figures import FIGURES, figures
from pages.components.empty import nothing
from pages.components.figure_table import figure_table
from pages.components.job_progress import job_progress
from pages.components.period_filters import leads_address
from pages.components.problem import problem
from pages.components.words import choice, in_markdown, percent, when

JOB = "cluster_job"
TRAITS_SHOWN = 5
STABLE = 0.75


def clusters_found(center: CommandCenter, wanted: LeadFilter) -> None:
    """Show the clusters that were found last, and the button that finds them anew."""
    st.subheader("Clusters of leads", anchor=False)
    found = service.clustering(center, wanted, utc_now().date())
    leads = center.store.lead_count()
    if found is None:
        few = f" {counted(leads, 'lead')} so far; {FEWEST} scored ones are needed." if leads < FEWEST else ""
        nothing(
            "No clusters yet",
            f"Leads that are alike in what the 28 features know of them, with names in plain words.{few}",
        )
    else:
        _found(found, wanted)
    job: ClusterJob | None = st.session_state.get(JOB)
    if job is not None and not job.done:
        job_progress(JOB)
        return
    if job is not None and job.error is not None:
        problem(job.error, "No clusters were found")
    if leads >= FEWEST and st.button(
        "Find clusters" if found is None else "Find clusters anew", icon=":material/bubble_chart:", key="find_clusters"
    ):
        st.session_state[JOB] = ClusterJob.start(center)
        st.rerun()


def _found(found: KeptClustering, wanted: LeadFilter) -> None:
    rows = [
        (one.name, *((None,) * len(FIGURES) if one.sums is None else figures(one.sums, one.share, one.share_ends)))
        for one in found.clusters
    ]
    figure_table(
        Table((TableColumn("Cluster"), *FIGURES), rows),
        key="clusters",
        name="Clusters",
        addresses=[{**leads_address(wanted), "group": choice(cluster_label(one.name))} for one in found.clusters],
    )
    st.caption(_how(found), help=_method(found))
    with st.expander("What sets each apart"):
        for one in found.clusters:
            st.text(f"{one.name} ({counted(one.leads, 'lead')})")
            st.caption("; ".join(_trait(trait) for trait in one.traits[:TRAITS_SHOWN]) or _alike(one))


def _how(found: KeptClustering) -> str:
    middle = found.stability[len(found.stability) // 2]
    number = len(found.clusters)
    verdict = "much the same" if middle >= STABLE else "differently again and again, so this is a loose picture"
    others = f" {counted(found.other_models, 'lead')} scored by another model left out." if found.other_models else ""
    return (
        f"Found {when(found.made_at)} over {counted(found.leads, 'lead')} as model {found.model_version} knows "
        f"them.{others} Looked for again in {len(found.stability)} samples of these leads, the {number} clusters come "
        f"out {verdict}. What is not known of a lead pulls it nowhere. Family size and schools are never looked at. "
        "New leads are in no cluster until they are found anew."
    )


def _method(found: KeptClustering) -> str:
    number, middle = len(found.clusters), found.stability[len(found.stability) // 2]
    return (
        f"k-means; {number} clusters have the highest silhouette of 3 to 8 ({found.silhouettes[number]:.2f}). Over "
        f"{len(found.stability)} bootstrap samples the adjusted Rand index is {middle:.2f}, from "
        f"{found.stability[0]:.2f} to {found.stability[-1]:.2f} (1: the same, 0: chance)."
    )


def _trait(trait: Trait) -> str:
    if trait.known:
        return f"{trait.words} (known of {percent(trait.mean)}, of all leads {percent(trait.all_mean)})"
    return f"{trait.words} (on average {_mean(trait, trait.mean)}, all leads {_mean(trait, trait.all_mean)})"


def _mean(trait: Trait, mean: float) -> str:
    feature = CATALOG[INDEX[trait.feature]]
    told = f"{mean:.1f} of {feature.high:.0f}" if feature.unit == "level" else value_words(trait.feature, mean)
    return in_markdown(told)


def _alike(one: KeptCluster) -> str:
    return "Nothing sets this lead apart." if one.leads == 1 else f"Nothing sets these {one.leads:,} leads apart."
