"""The door of the dashboard: who looks, as what, and the screen for who may not come in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from typing import Any

import streamlit as st
from streamlit.auth_util import get_cookie_with_chunks
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME as COOKIE

from core.errors import AccessError, Unauthenticated
from core.services.access import Actor, sign_in
from core.services.center import CommandCenter
from pages.components.look import look
from pages.components.words import choice


def claims() -> Mapping[str, Any] | None:
    """What the identity provider said of who signed in, from a cookie that we signed; None before a sign-in."""
    user = st.user.to_dict()
    return user if user.get("is_logged_in") else None


def claims_in(cookies: Mapping[str, str]) -> Mapping[str, Any] | None:
    """The same in the cookies of a request for which no page runs."""
    secret = get_cookie_secret()
    signed = get_cookie_with_chunks(lambda name: decode_signed_value(secret, name, cookies.get(name, "")), COOKIE)
    told = json.loads(signed) if signed else {}
    return told if told.get("is_logged_in") else None


def center_of_viewer(center: CommandCenter) -> CommandCenter:
    """The center as the viewer may use it: their role is asked for anew at each use, also by a fragment.

    Raises Unauthenticated, Forbidden.
    """
    if not sign_in.is_set_up(center.settings):
        return center.acting_as(sign_in.here(center, st.context.ip_address))
    told = claims()
    if told is None:
        raise Unauthenticated("Sign in to see your leads")
    view = center.acting_as(partial(sign_in.signed_in, center, told))
    _ = view.actor  # refused here, before anything is shown
    return view


def guard(center: CommandCenter) -> None:
    """Let the viewer in, or show why not and stop; with a word on who they are and a way out in the sidebar."""
    try:
        actor = center_of_viewer(center).actor
    except Unauthenticated as error:
        _door(center, str(error), "Sign in")
    except AccessError as error:
        _door(center, str(error), "Use another account")
    else:
        if sign_in.is_set_up(center.settings):
            _who(actor)


def _who(actor: Actor) -> None:
    with st.sidebar, st.popover(choice(actor.name.replace(":", "")), icon=":material/account_circle:"):
        st.text(f"{actor.email}\nRole: {actor.role}")
        if actor.agent:
            st.text(f"Leads of: {actor.agent}")
        if st.button("Sign out", icon=":material/logout:", key="sign_out"):
            st.logout()


def _door(center: CommandCenter, why: str, button: str) -> None:
    """One sentence and one button, in the middle."""
    with st.container(horizontal_alignment="center"), st.container(border=True, width=420):
        st.title("Jorge", anchor=False)
        st.text(why)
        if sign_in.is_set_up(center.settings):
            name = center.settings.jorge_oidc_name
            st.button(
                f"{button}: {name}" if button != "Sign in" else f"Sign in with {name}",
                type="primary",
                icon=":material/login:",
                key="sign_in",
                on_click=st.login,
                args=(sign_in.PROVIDER,),
            )
        look()
    st.stop()
