"""What stands in the menu, and what one must be allowed to for each page: a group's right, or a page's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from core.services.access import Actor, Right
from pages.components import frame

# A page of a group that is not named here is for managers, until somebody says otherwise.
OF_GROUP: Final = {"Leads": Right.LEADS, "Business": Right.MONEY, "Model": Right.MONEY, "Workspace": Right.SETTINGS}
OF_PAGE: Final = {"train": Right.MODELS}
FOR: Final = {
    Right.MONEY: "This is for managers",
    Right.ALL_LEADS: "This is for managers",
    Right.MODELS: "This is for admins",
    Right.SETTINGS: "This is for admins",
}


def right_for(group: str, url_path: str) -> Right:
    """What a page needs."""
    return OF_PAGE.get(url_path) or OF_GROUP.get(group, Right.MONEY)


def menu(pages: Mapping[str, Sequence[StreamlitPage]]) -> StreamlitPage:
    """Show the menu of what the viewer may open; return the page to run, a calm screen for what they may not."""
    actor = frame.center().actor
    shown = {group: [_opened(page, group, actor) for page in found] for group, found in pages.items()}
    return st.navigation(shown)


def _opened(page: StreamlitPage, group: str, actor: Actor) -> StreamlitPage:
    right = right_for(group, page.url_path)
    if actor.may(right):
        return page
    return st.Page(_refusal(right), title=page.title, url_path=page.url_path, visibility="hidden")


def _refusal(right: Right) -> Callable[[], None]:
    def refused() -> None:
        frame.title(FOR.get(right, "This is not for your role"), "Your role opens other pages; the menu shows them.")
        st.caption("If you need this one, ask an admin of your team. They change roles on Settings.")
        st.page_link("live_scores.py", label="To the live scores", icon=":material/bolt:")

    return refused
