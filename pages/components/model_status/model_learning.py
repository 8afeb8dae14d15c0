"""Learning from the team's own outcomes: a button, a bar while it runs, what came of it, and a schedule."""

from __future__ import annotations

import streamlit as st

from core.services.access import Right
from core.services.center import CommandCenter
from core.services.model import model_work
from core.services.model.model_work import LearnJob
from core.services.model.retraining import RECALIBRATE, RETRAIN
from core.services.model.shadow import set_takes_back, takes_back
from pages.components.job_progress import job_progress
from pages.components.problem import problem

JOB = "learn_job"
LABELS = {RETRAIN: "Train on your outcomes", RECALIBRATE: "Set the level on your outcomes"}
ICONS = {RETRAIN: ":material/model_training:", RECALIBRATE: ":material/tune:"}
FOR_ADMINS = "Only admins may change models."
EVERY = {"Only by hand": None, "Every week": 7, "Every month": 30}


def learn_button(center: CommandCenter, how: str, *, urgent: bool, lacking: str | None = None) -> None:
    """Start learning; the result is a challenger, so nothing that is shown changes. ``lacking`` is why it could not."""
    running = st.session_state.get(JOB)
    busy = isinstance(running, LearnJob) and not running.done
    kind = "primary" if urgent else "secondary"
    may = center.actor.may(Right.MODELS)
    why = lacking if may else FOR_ADMINS
    off = busy or why is not None
    if st.button(LABELS[how], type=kind, icon=ICONS[how], disabled=off, key=f"learn_{how}", help=why):  # type: ignore[arg-type]
        st.session_state[JOB] = LearnJob.start(center, how)
        st.rerun()


def learning() -> None:
    """What runs, or what the last run came to."""
    job = st.session_state.get(JOB)
    if not isinstance(job, LearnJob):
        return
    if not job.done:
        job_progress(JOB)
    elif job.result is not None:
        st.success(
            f"{job.result.version} is registered and judges every new score from now on, unseen, beside the model "
            "that answers. Compare them under Versions, and let it answer when you are convinced."
        )
    else:
        problem(job.error or "", "Nothing was learned")


def habits(center: CommandCenter) -> None:
    """How often a server trains by itself, and whether it takes a promotion back."""
    with st.container(border=True):
        st.subheader("By itself", anchor=False)
        days = model_work.retrain_every_days(center)
        names = list(EVERY)
        now = next((name for name, value in EVERY.items() if value == days), names[0])
        may = center.actor.may(Right.MODELS)
        # What is kept is in the keys: a control of another value is another one, so that a tab that still shows an
        # older value never writes it back.
        every = st.segmented_control(
            "Train on your outcomes", names, default=now, required=True, key=f"retrain_every_{days}", disabled=not may
        )
        if may and every is not None and EVERY[every] != days:
            model_work.set_retrain_every_days(center, EVERY[every])
            st.rerun()
        st.caption("A new version only judges beside the one that answers; letting it answer stays with you.")
        kept = takes_back(center)
        back = st.toggle(
            "Take a promotion back, and end a trial, when the other model turns out better", kept,
            key=f"takes_back_{kept}", disabled=not may,
        )  # fmt: skip
        if may and back != kept:
            set_takes_back(center, back)
            st.rerun()
        st.caption("Only with confidence, on at least 100 outcomes since it began; the audit log says why.")
