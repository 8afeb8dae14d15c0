"""Access for programs: their keys, which an admin makes and revokes; a key is shown once."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.services.access import Scope, list_keys, make_key, revoke_key
from core.services.center import CommandCenter
from core.store.keys import StoredKey
from core.transfer.table import Kind, Table, TableColumn
from pages.components.figure_table import figure_table
from pages.components.problem import attempt
from pages.components.words import choice

MAY = {
    Scope.SCORE: "Score: send leads and outcomes, read scores back",
    Scope.READ: "Read: leads, scores and figures",
    Scope.ADMIN: "Admin: everything",
}
COLUMNS = (
    TableColumn("Program"), TableColumn("Key"), TableColumn("Scope"), TableColumn("Made by"),
    TableColumn("Made", Kind.MOMENT), TableColumn("Last used", Kind.MOMENT), TableColumn("Revoked", Kind.MOMENT),
)  # fmt: skip


def keys(center: CommandCenter) -> None:
    """Every key with its last use, a form that makes one, and a way to end one."""
    with st.container(border=True):
        st.subheader("Access for programs", anchor=False)
        st.caption("A program that sends or reads leads over the API shows a key of its own.")
        listed = st.container()
        with st.container(horizontal=True):
            with st.popover("Make a key", icon=":material/key:"):
                _make(center)
            known = list_keys(center)  # with the key that was made just now
            living = [one.name for one in known if one.revoked_at is None]
            with st.popover("Revoke a key", icon=":material/key_off:", disabled=not living):
                _revoke(center, living)
        with listed:
            _list(known)


def _list(known: Sequence[StoredKey]) -> None:
    if not known:
        st.caption("There are no keys yet.")
        return
    rows = [
        (one.name, f"{one.prefix}...", one.scope, one.made_by, one.made_at, one.last_used_at, one.revoked_at)
        for one in known
    ]
    figure_table(Table(COLUMNS, rows), key="keys", name="Keys of programs")


def _make(center: CommandCenter) -> None:
    with st.form("key", border=False):
        name = st.text_input("Program", max_chars=64, key="key_name", placeholder="crm")
        scope = st.selectbox("It may", list(Scope), format_func=MAY.__getitem__, key="key_scope")
        if not st.form_submit_button("Make the key", type="primary"):
            return
        with attempt():
            made = make_key(center, name.strip(), Scope(str(scope)))
            st.caption("Copy it now: it cannot be shown again.")
            st.code(made, language=None, wrap_lines=True)


def _revoke(center: CommandCenter, names: list[str]) -> None:
    name = st.selectbox("Key of", names, index=None, format_func=choice, key="key_out")
    st.caption("Every server refuses it within 5 seconds; it cannot be taken back.")
    if st.button("Revoke", key="key_out_yes", disabled=name is None) and name is not None:
        with attempt():
            revoke_key(center, name)
            st.rerun()
