"""A challenger on trial: beginning one, what came of it so far, and the ways to end it."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from core.analytics.ab_test import Metric
from core.charts.ab_tests import day_by_day, rates
from core.charts.frame import CONFIG
from core.services.access import Right
from core.services.analyses.ab_test_words import METRICS, p_words
from core.services.center import CommandCenter
from core.services.lead.lead_groups import arm_label
from core.services.model import promotion, trials
from core.services.model.comparison import Comparison
from core.services.model.live_quality import WAIT_DAYS
from core.services.model.trials import LEAST_SHARE, MOST_SHARE, WITHIN_DAYS, Standing, TrialState
from core.services.scores.answering import running_trial
from core.store.trials import StoredTrial
from core.transfer.table import Kind, Table, TableColumn
from core.words import counted
from pages.components.figure_table import figure_table
from pages.components.model_status.model_comparison import comparison_table
from pages.components.problem import attempt
from pages.components.variant_figures import look_marks, rate_marks, variant_cells
from pages.components.words import choice, when

COLUMNS = (
    TableColumn("Outcome"),
    TableColumn("Answered by"),
    TableColumn("Leads", Kind.COUNT),
    TableColumn("Known", Kind.COUNT),
    TableColumn("Did", Kind.COUNT),
    TableColumn("Rate", Kind.SHARE),
    TableColumn("Rate from", Kind.SHARE),
    TableColumn("Rate to", Kind.SHARE),
    TableColumn("Difference", Kind.NUMBER),
    TableColumn("From", Kind.NUMBER),
    TableColumn("To", Kind.NUMBER),
)
ENDED = (
    TableColumn("Challenger"),
    TableColumn("Beside"),
    TableColumn("Share", Kind.SHARE),
    TableColumn("Began", Kind.MOMENT),
    TableColumn("Ended", Kind.MOMENT),
    TableColumn("By"),
    TableColumn("Why"),
)
USUAL_SHARE = 20


def on_trial(center: CommandCenter) -> None:
    """The trial that runs, and those that ended."""
    trial = running_trial(center)
    if trial is not None:
        _running(center, trials.state(center, trial))
    _ended([one for one in trials.all_trials(center) if one.ended_at is not None])


def _running(center: CommandCenter, state: TrialState) -> None:
    found = state.standing
    trial = found.trial
    with st.container(border=True):
        st.subheader(f"{trial.challenger} answers {100 * trial.share:g} % of the leads", anchor=False)
        st.caption(
            f"{trial.champion} answers the others. Since {when(trial.started_at)}, begun by "
            f"{choice(trial.started_by)}. What counts: {metric_words(trial.design.metric)}."
        )
        badge, color, told = verdict(found)
        with st.container(gap="xxsmall"):
            st.badge(badge, color=color)
            st.text(told)
        if found.stood_in:
            st.warning(
                f"{counted(found.stood_in, 'score of its share was', 'scores of its share were')} made by "
                f"{trial.champion}, as the files of {trial.challenger} could not be opened."
            )
        _outcomes(state)
        _both(state)
        if center.actor.may(Right.MODELS):
            _ways_out(center, trial)


def verdict(found: Standing) -> tuple[str, Literal["red", "green", "orange", "gray"], str]:
    """Badge, colour and sentence of what may be said now."""
    trial, fares = found.trial, found.duel
    if found.mismatch:
        first, second = found.reading.variants
        return (
            "No verdict",
            "red",
            f"{second.assigned:,} of {first.assigned + second.assigned:,} leads are in the challenger's share "
            f"({100 * trial.share:g} % planned, p {p_words(found.reading.mismatch_p)}), and "
            f"{counted(found.missed, 'lead was', 'leads were')} not judged by both. Leads are lost somewhere, or no "
            "server works for the model.",
        )
    if found.why_worse is not None:
        return "Worse", "red", f"{trial.challenger} is worse: {found.why_worse}."
    if found.gained > 0:
        return "Better", "green", f"More of the leads that {trial.challenger} answers come to the outcome that counts."
    if fares.second_wins:
        return (
            "Better",
            "green",
            f"{trial.challenger} is better on {counted(fares.outcomes, 'outcome')}: its Brier score is "
            f"{fares.difference:.4f} below ({fares.low:.4f} to {fares.high:.4f}, however often one looks and however "
            f"{open_leads(fares.open)}).",
        )
    if fares.low is None or fares.high is None:
        return (
            "Running", "gray",
            f"{counted(fares.outcomes, 'lead')} that both judged {WAIT_DAYS} days ago or earlier decided so far; 100 "
            "are needed before anything is said.",
        )  # fmt: skip
    return (
        "Running",
        "gray",
        f"No difference is proven on {counted(fares.outcomes, 'outcome')}: the Brier score of {trial.champion} less "
        f"that of {trial.challenger} is {fares.difference:+.4f} ({fares.low:+.4f} to {fares.high:+.4f}, however "
        f"often one looks and however {open_leads(fares.open)}).",
    )


def open_leads(count: int) -> str:
    """What a verdict allows for.

    >>> open_leads(1), open_leads(1200)
    ('1 open lead ends', '1,200 open leads end')
    """
    return counted(count, "open lead ends", "open leads end")


def metric_words(metric: Metric) -> str:
    """What is counted of a lead, and within what time.

    >>> metric_words(Metric.SIGNED)
    'Contract signed within 90 days'
    """
    days = WITHIN_DAYS[metric]
    return f"{METRICS[metric]} within {'24 h' if days == 1 else f'{days} days'}"


def _outcomes(state: TrialState) -> None:
    trial = state.standing.trial
    rows, addresses = [], []
    for metric, arms in state.arms:
        for arm, one in enumerate(arms):
            rows.append((metric_words(metric), one.name, *variant_cells(one)))
            addresses.append({"group": choice(arm_label(trial, arm))})
    st.markdown("**What became of the leads, by who answered them**")
    _charts(state)
    figure_table(Table(COLUMNS, rows), key="trial_outcomes", name="Outcomes by arm", addresses=addresses, wrap=True)
    st.caption(
        "Leads count from their first score in the trial on; Known are those whose days are over. Differences are in "
        "points; the ranges hold the truth 95 times in 100. A click opens the leads.",
        help="Intervals of rates by Wilson, of differences by Newcombe, for a single look. Is the share as planned? "
        f"p {p_words(state.standing.reading.mismatch_p) or 'not known yet'}; under 0.001 stops the verdict.",
    )


def _charts(state: TrialState) -> None:
    trial = state.standing.trial
    arms = next(arms for metric, arms in state.arms if metric is trial.design.metric)
    drawn = rate_marks(arms)
    if drawn:
        st.plotly_chart(
            rates(drawn, metric_words(trial.design.metric)),
            key="trial_rates", config=CONFIG, alt="Rate of each arm with its 95 % interval",
        )  # fmt: skip
    looks = state.standing.reading.comparisons[0].looks
    if looks:
        st.caption(f"{trial.challenger} against {trial.champion}, day by day; the band holds at every look at once")
        days = day_by_day(look_marks(looks))
        st.plotly_chart(days, key="trial_days", config=CONFIG, alt="Difference of the arms, day by day")


def _both(state: TrialState) -> None:
    trial, fares = state.standing.trial, state.standing.duel
    st.markdown("**Both models on all leads of the trial**")
    on = "decided leads of the trial" if state.differences else "no lead of the trial decided either way yet"
    comparison_table(
        Comparison(trial.champion, trial.challenger, on, fares.outcomes, state.converted, state.differences)
    )
    if state.differences:
        st.caption(
            "Each judges unseen what the other answers. Agents follow what they are shown, which favours the model "
            "that answers most leads; the outcomes above have no such tilt."
        )


def _ways_out(center: CommandCenter, trial: StoredTrial) -> None:
    with st.container(horizontal=True):
        if st.button("Stop the trial", icon=":material/stop_circle:", key="trial_stop"):
            _stop(center, trial)
        if st.button("Let it answer all leads", icon=":material/verified:", key="trial_promote"):
            _promote(center, trial)


def _ended(ended: list[StoredTrial]) -> None:
    if not ended:
        return
    with st.expander(f"Trials that ended ({len(ended)})"):
        rows = [
            (one.challenger, one.champion, one.share, one.started_at, one.ended_at, told.get("by"), told.get("reason"))
            for one in ended
            for told in (dict(one.ending or {}),)
        ]
        figure_table(Table(ENDED, rows), key="trials_ended", name="Trials that ended")


@st.dialog("Let it answer a share of the leads?")
def begin_trial(center: CommandCenter, found: Comparison) -> None:
    """Ask how many, what counts, and why where it seems worse."""
    st.caption(
        f"{found.second} answers this share of the leads in earnest, {found.first} the others. A lead keeps its model. "
        "It ends when you say so, or by itself when the challenger is worse with confidence."
    )
    share = st.slider(
        "Share of the leads", round(100 * LEAST_SHARE), round(100 * MOST_SHARE), USUAL_SHARE, 5, "%d %%",
        key="trial_share",
    )  # fmt: skip
    metric = st.selectbox("What counts", list(WITHIN_DAYS), index=2, format_func=metric_words, key="trial_metric")
    needed = bool(found.worse) or not found.differences
    if needed:
        st.warning("It is worse than the present model on the same leads, or cannot be compared. Say why all the same.")
    reason = st.text_input(
        "Reason" if needed else "Reason, if you like", max_chars=300, key="trial_reason", live=needed
    )
    if st.button("Begin", type="primary", disabled=needed and not (reason or "").strip(), key="trial_yes"):
        with st.spinner("Checking it against scikit-learn and shap"), attempt():
            trials.start(center, found.second, share / 100, metric, reason)
            st.rerun()


@st.dialog("Stop the trial?")
def _stop(center: CommandCenter, trial: StoredTrial) -> None:
    st.caption(f"{trial.champion} answers all leads from now on. Stored scores and what was found stay.")
    reason = st.text_input("Reason", max_chars=300, key="trial_stop_reason", live=True)
    if st.button("Stop it", type="primary", disabled=not (reason or "").strip(), key="trial_stop_yes"):
        with attempt():
            trials.end(center, reason or "")
            st.rerun()


@st.dialog("Let it answer all leads?")
def _promote(center: CommandCenter, trial: StoredTrial) -> None:
    st.caption(
        f"{trial.challenger} is promoted and the trial ends; {trial.champion} watches from then on. Without a reason "
        "it is refused while it is worse on the leads that both can be measured on."
    )
    reason = st.text_input("Reason, if you like", max_chars=300, key="trial_promote_reason")
    if st.button("Let it answer", type="primary", key="trial_promote_yes"):
        with st.spinner("Checking it against scikit-learn and shap"), attempt():
            promotion.promote(center, trial.challenger, reason=reason)
            st.rerun()
