"""Hostile text on every page and view: a small part of ``python -m tests.measure.hostile_pages``."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from core.services.center import CommandCenter
from pages.components.words import choice
from tests.measure.hostile import MARKDOWN, hostile
from tests.measure.hostile_pages import LIVE, look, problems
from tests.measure.hostile_workspace import fill


def test_no_page_fails_on_hostile_text_or_passes_it_on_as_markup(empty: CommandCenter) -> None:
    assert look(empty, fill(empty, hostile(40), 60)) == []


def test_nothing_of_what_a_choice_is_called_is_live() -> None:
    assert [text for text in MARKDOWN if LIVE.search(choice(text))] == []
    assert sum(LIVE.search(text) is not None for text in MARKDOWN) >= 3


PAGE = """
import streamlit as st
image = "![x](https://attacker.example/b.png)"
st.text(image)
st.selectbox("Who", [image])
st.button("Go", help=image)
"""


def test_what_a_page_would_pass_on_is_found() -> None:
    found = list(problems(AppTest.from_string(PAGE).run()))
    assert [line.split()[0] for line in found] == ["selectbox.options", "button.help"]
