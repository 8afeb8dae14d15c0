"""A tab that stays open keeps no description of widgets that are gone."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest


def screen(tidied: bool) -> None:
    import streamlit as st
    from streamlit.runtime.scriptrunner import get_script_run_ctx

    from pages.components import session_room

    if tidied:
        session_room.tidy()
    runs = st.session_state["runs"] = st.session_state.get("runs", 0) + 1
    st.radio(f"{runs} leads", ["all", "hot"])  # a count in a label: another widget each run
    st.selectbox("Source", ["zillow", "website"], key="source")
    st.text_input("Name")
    context = get_script_run_ctx()
    assert context is not None
    st.text(str(len(context.session_state._state._new_widget_state.widget_metadata)))


@pytest.mark.parametrize(("tidied", "least", "most"), [(True, 3, 6), (False, 32, 32)])
def test_widgets_that_changed_are_let_go_and_what_was_chosen_stays(tidied: bool, least: int, most: int) -> None:
    app = AppTest.from_function(screen, args=(tidied,)).run()
    app.text_input[0].set_value("Ana").run()
    app.selectbox[0].set_value("website").run()
    for _ in range(27):
        app.run()
    assert least <= int(app.text[0].value) <= most, "2 that stay, and without it one more for each of 30 runs"
    assert (app.text_input[0].value, app.selectbox[0].value) == ("Ana", "website")
    assert not app.exception
