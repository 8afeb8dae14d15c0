"""Versions: which there are, how two compare, and going forward and back."""

from __future__ import annotations

from typing import NoReturn

import pandas as pd
import streamlit as st

from core.registry import ModelVersion
from core.services.access import Right
from core.services.center import CommandCenter
from core.services.model import promotion
from core.services.model.comparison import Comparison, compare
from core.services.model.live_quality import WAIT_DAYS
from core.services.model.shadow import CHALLENGER, challenge, shadow, standing, stop_shadow
from core.services.scores.answering import running_trial
from core.words import counted
from pages.components.model_status.model_comparison import comparison_table
from pages.components.model_status.model_learning import FOR_ADMINS
from pages.components.model_status.model_trial import begin_trial, open_leads
from pages.components.problem import attempt
from pages.components.said import say_after_the_rerun
from pages.components.words import in_percent, when

KEPT_S = 60.0


def versions(center: CommandCenter) -> None:
    """Every registered version, what can be done with one, and how it compares with the one that answers."""
    found = center.registry.versions()
    judging, trial = shadow(center), running_trial(center)
    unseen = {judging.version: "judging unseen"} if judging else {}
    shared = {trial.challenger: f"answering {100 * trial.share:g} %"} if trial else {}
    st.dataframe(
        pd.DataFrame(
            {
                "Version": [one.version for one in found],
                "Is": [_state(one, unseen | shared) for one in found],
                "Tells leads apart": [_quality(one, "roc_auc") for one in found],
                "Brier score": [_quality(one, "brier") for one in found],
                "Off by": [in_percent(_quality(one, "ece")) for one in found],
                "Learned from": [str(one.card.get("source") or "not told") for one in found],
            }
        ),
        hide_index=True,
        column_config={
            "Tells leads apart": st.column_config.NumberColumn(format="%.3f", help="ROC AUC on its own held-out leads"),
            "Brier score": st.column_config.NumberColumn(format="%.4f"),
            "Off by": st.column_config.NumberColumn(format="%.1f %%", help="Expected calibration error"),
        },
        alt="Registered model versions",
    )
    since = center.registry.champion_since()
    st.caption(
        "The figures are each of its own held-out leads, so two rows cannot be compared; choose a version to do that. "
        + (f"The present one answers since {when(since)}." if since else "Nothing was promoted so far.")
    )
    _roll_back_button(center)
    others = [one.version for one in found if not one.champion]
    if not others:
        st.caption("There is no other version yet. Train one on a file, or on your own outcomes.")
        return
    chosen = st.selectbox("Another version", others, key="version", bind="query-params")
    if chosen is not None:
        _one(center, next(one for one in found if one.version == chosen))


def _one(center: CommandCenter, version: ModelVersion) -> None:
    present, other = center.model.version, version.version
    found = center.kept.for_a_while(KEPT_S, ("comparison", present, other), lambda: compare(center, present, other))
    comparison_table(found)
    if version.retired:
        st.caption("Retired: it never answers again. Its files stay, for what it once said.")
        return
    if not center.actor.may(Right.MODELS):
        st.caption(FOR_ADMINS)
        return
    with st.container(horizontal=True):
        if st.button("Let it answer", type="primary", icon=":material/verified:", key="promote"):
            _promote(center, found)
        if st.button("Let it judge unseen", icon=":material/visibility_off:", key="challenge"):
            with attempt():
                challenge(center, other)
                _done(f"{other} judges every new score, unseen")
        if running_trial(center) is None and st.button(
            "Let it answer a share", icon=":material/call_split:", key="trial"
        ):
            begin_trial(center, found)
        if not version.shipped and st.button("Retire", icon=":material/archive:", key="retire"):
            _retire(center, other)


def judging_unseen(center: CommandCenter) -> None:
    """How the model that judges unseen fares against the one that answers."""
    found = standing(center)
    if found is None:
        return
    role = "challenger" if found.shadow.role == CHALLENGER else "predecessor, watching the promotion"
    with st.container(border=True, gap="xsmall"):
        st.subheader(f"{found.shadow.version} judges unseen", anchor=False)
        st.caption(f"As {role}, beside {found.shadow.champion}. {counted(found.judged, 'score')} judged so far.")
        duel = found.duel
        if found.mismatch:
            st.text(
                f"No verdict: {found.missed:,} of {found.missed + duel.leads:,} leads were not judged by both, "
                "so those who were may be no fair sample. Look whether the server runs."
            )
        elif duel.low is None or duel.high is None:
            st.text(
                f"{counted(duel.outcomes, 'lead')} that both judged {WAIT_DAYS} days ago or earlier decided so far; "
                "100 are needed before anything is said."
            )
        else:
            verdict = (
                f"{found.shadow.version} is better"
                if duel.second_wins
                else f"{found.shadow.champion} is better"
                if duel.first_wins
                else "No difference is proven"
            )
            st.text(
                f"{verdict}. On {counted(duel.outcomes, 'outcome')} the Brier score of {found.shadow.champion} is "
                f"{duel.difference:+.4f} against it ({duel.low:+.4f} to {duel.high:+.4f}, however often one looks and "
                f"however {open_leads(duel.open)})."
            )
        if center.actor.may(Right.MODELS) and st.button("Stop judging", key="stop_shadow"):
            with attempt():
                stop_shadow(center)
                _done("Nobody judges unseen any longer")


def _state(one: ModelVersion, beside: dict[str, str]) -> str:
    if one.champion:
        return "answering"
    if one.retired:
        return "retired"
    return beside.get(one.version, "shipped" if one.shipped else "")


def _quality(one: ModelVersion, name: str) -> float | None:
    value = one.card.get("quality", {}).get(name)
    return float(value) if isinstance(value, int | float) else None


def _roll_back_button(center: CommandCenter) -> None:
    before = center.registry.before() if center.actor.may(Right.MODELS) else None
    if before is not None and st.button(f"Roll back to {before}", icon=":material/undo:", key="roll_back"):
        _roll_back(center, before)


@st.dialog("Let this version answer?")
def _promote(center: CommandCenter, found: Comparison) -> None:
    st.caption("From now on every new score comes from it. Stored scores stay as they are, and you can roll back.")
    needed = bool(found.worse) or not found.differences
    if needed:
        st.warning("It is worse than the present model on the same leads, or cannot be compared. Say why all the same.")
    reason = st.text_input(
        "Reason" if needed else "Reason, if you like", max_chars=300, key="promote_reason", live=needed
    )
    if st.button("Let it answer", type="primary", disabled=needed and not (reason or "").strip(), key="promote_yes"):
        with st.spinner("Checking it against scikit-learn and shap"), attempt():
            promotion.promote(center, found.second, reason=reason)
            _done(f"{found.second} answers now")


@st.dialog("Roll back?")
def _roll_back(center: CommandCenter, before: str) -> None:
    st.caption(f"{before} answers from now on. Stored scores stay as they are.")
    reason = st.text_input("Reason, if you like", max_chars=300, key="roll_back_reason")
    if st.button("Roll back", type="primary", key="roll_back_yes"):
        with attempt():
            promotion.roll_back(center, reason=(reason or "").strip() or None)
            _done(f"{before} answers again")


@st.dialog("Retire this version?")
def _retire(center: CommandCenter, version: str) -> None:
    st.caption(f"{version} never answers again; this cannot be undone. Its files stay, for what it once said.")
    if st.button("Retire it", type="primary", key="retire_yes"):
        with attempt():
            promotion.retire(center, version)
            _done(f"{version} is retired")


def _done(said: str) -> NoReturn:
    say_after_the_rerun(said)
    st.rerun()
