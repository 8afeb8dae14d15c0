"""Which line of a table the viewer wants to open: the one that was clicked, or chosen by the arrow keys and entered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

ENTER_OPENS = "Enter opens the chosen line; Escape, then Tab, leads on."
_mount = st.components.v2.component(
    "line_opened", html="<span></span>", js=Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
)


@dataclass(frozen=True, slots=True)
class LineKeys:
    """Whether the viewer came to the table by the keyboard, and pressed Enter in it just now."""

    used: bool
    entered: bool

    def opened(self, cells: Sequence[tuple[int, str]]) -> int | None:
        """The number of the line that is wanted, among the chosen ``cells``."""
        return None if not cells or (self.used and not self.entered) else cells[0][0]


def line_keys(table: str) -> LineKeys:
    """Watch the keyboard for the table that has this key; nothing is seen of it. Goes before the table."""
    shown = _mount(
        key=f"{table}_keys",
        data=(table,),
        default={"by_keyboard": False},
        height=1,
        on_by_keyboard_change=_nothing,
        on_entered_change=_nothing,
    )
    return LineKeys(bool(shown.by_keyboard), bool(shown.entered))


def _nothing() -> None:
    """A state and a trigger need a callback to be attributes of the result."""
