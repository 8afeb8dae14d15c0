"""What Streamlit keeps of widgets that are gone, let go.

A widget whose options or labels change is a new one to Streamlit, and of each that a tab ever showed it keeps the
description as long as the tab is open (1.67). Ours change with the record, and a tab stays open all day.
"""

from __future__ import annotations

from typing import Any

from streamlit.runtime.scriptrunner import get_script_run_ctx


def tidy() -> None:
    """Forget the widgets of earlier runs that have no value any more; those of this run describe themselves again.

    For the beginning of a whole run: a part that renews itself would not describe the widgets beside it again.
    """
    context = get_script_run_ctx()
    if context is None or context.fragment_ids_this_run:
        return
    kept: Any = context.session_state
    try:
        with kept._lock:
            _forget_gone(kept._state)
    except AttributeError:  # another Streamlit keeps it elsewhere, or not at all
        return


def _forget_gone(state: Any) -> None:
    fresh = state._new_widget_state
    for widget_id in fresh.widget_metadata.keys() - {*fresh.states, *state._old_state}:
        del fresh.widget_metadata[widget_id]
