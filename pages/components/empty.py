"""What a screen says when it has nothing to show: what is missing, and the ways to get it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from time import sleep

import streamlit as st

from core.errors import JorgeError
from core.services import sample
from core.services.access import Right
from core.services.center import CommandCenter
from pages.components.problem import problem

CURL = """\
curl -X POST http://127.0.0.1:8501/api/v1/ml/score \\
  -H "Authorization: Bearer $(jorge token)" -H "Content-Type: application/json" \\
  -d '{"lead_id": "lead_1", "lead_data": {"name": "Ana Lima", "source": "zillow",
       "budget_range": "500k-750k", "location_preference": "Downtown Austin", "timeline": "3-6 months"}}'
"""


def nothing(headline: str, words: str) -> None:
    """The empty state of a table or a figure: what is missing, in one card."""
    with st.container(border=True):
        st.subheader(headline, anchor=False)
        st.caption(words)


def no_leads_yet(center: CommandCenter) -> None:
    """The first screen of an empty workspace: the ways in that the viewer's role has."""
    if center.actor.seen_by is not None:
        nothing(
            "No lead is yours yet",
            "Your leads show here, and those without an agent. Ask a manager to assign some to you.",
        )
        return
    st.subheader("No leads yet", anchor=False)
    st.caption("Ways to get them in:")
    with st.grid(3, min_column_width=240):
        if center.actor.may(Right.SETTINGS):
            _sample(center)
        with st.container(border=True, height="stretch"):
            st.subheader("Score your own export", anchor=False)
            st.caption("A CSV from GoHighLevel, Follow Up Boss, HubSpot, Salesforce, or any other with a header.")
            st.space("stretch")
            if st.button("Score a CSV", icon=":material/upload_file:", key="to_score_csv"):
                st.switch_page("score_csv.py")
        with st.container(border=True, height="stretch"):
            st.subheader("Send leads as they come", anchor=False)
            st.caption("Any program can post them to the scoring API, with a token that Settings tells of.")
            st.space("stretch")
            with st.popover("Show the command", icon=":material/terminal:", width="content"):
                st.code(CURL, language="bash", wrap_lines=True, width=600)


def _sample(center: CommandCenter) -> None:
    with st.container(border=True, height="stretch"):
        st.subheader("Look around with a sample", anchor=False)
        st.caption("2,000 generated leads over 18 months, scored by the model. Settings clears them again.")
        st.space("stretch")
        load_sample_button(center)


def load_sample_button(center: CommandCenter) -> None:
    """Fill the workspace with the sample, with a bar while it is being made and scored."""
    if not st.button("Load the sample workspace", type="primary", key="load_sample"):
        return
    bar = st.progress(0.0, text="Making and scoring leads")
    shares = [0.0]
    # Not in the script's own thread: the first lead on the feed reruns the script, which would break off the load.
    pool = ThreadPoolExecutor(1, thread_name_prefix="sample")
    loading = pool.submit(sample.load_sample, center, progress=shares.append)
    pool.shutdown(wait=False)
    while not loading.done():
        bar.progress(shares[-1], text=f"Making and scoring leads: {shares[-1]:.0%}")
        sleep(0.1)
    try:
        loading.result()
    except JorgeError as error:
        bar.empty()
        problem(error)
        return
    st.rerun()
