"""Who may sign in, as what, and whose leads are theirs: given and taken by an admin."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.services.access import Role
from core.services.access.people import give_role, list_people, strangers, take_role
from core.services.access.sign_in import is_set_up
from core.services.center import CommandCenter
from core.services.lead import leads
from core.transfer.table import Kind, Table, TableColumn
from pages.components.figure_table import figure_table
from pages.components.problem import attempt
from pages.components.words import choice, when

NO_LEADS = "No lead is theirs"


def people(center: CommandCenter) -> None:
    """Everybody with their role, a form that gives one, and a button that takes it."""
    st.subheader("People", anchor=False)
    if not is_set_up(center.settings):
        st.info(
            "No sign-in is set up: the server answers on this machine only, and whoever sits here is its admin. "
            "docs/sign-in.md says how to connect your identity provider; roles given here count from then on."
        )
    known = list_people(center)
    if known:
        st.dataframe(
            pd.DataFrame(
                {
                    "E-mail": [one.email for one in known],
                    "Name": [one.name or "" for one in known],
                    "Role": ["out" if one.revoked_at else one.role for one in known],
                    "Leads of": [one.agent or "" for one in known],
                    "Role from": ["identity provider" if one.from_claim else one.made_by for one in known],
                    "Signed in": [when(one.signed_in_at) if one.signed_in_at else "not yet" for one in known],
                }
            ),
            hide_index=True,
            alt="People with their roles",
        )
        _strangers(center)
    else:
        st.caption("Nobody has a role yet.")
    with st.container(horizontal=True):
        with st.popover("Give a role", icon=":material/person_add:"):
            _give(center)
        with st.popover("Take access away", icon=":material/person_remove:", disabled=not known):
            _take(center, [one.email for one in known if one.revoked_at is None])


def _strangers(center: CommandCenter) -> None:
    """Names on leads that are nobody's who may sign in, or could be several people's, so that no agent sees them."""
    found = strangers(center)
    if not found:
        return
    st.caption(
        "These names on leads are nobody's above, so only managers and admins see their leads. Give who it is a role: "
        'case, spaces and "Last, First" do not matter, and an e-mail stands for the name.'
    )
    columns = (TableColumn("Name on leads"), TableColumn("Leads", Kind.COUNT), TableColumn("Could be"))
    rows = [(told, n, ", ".join(meant) or "nobody yet") for told, n, meant in found]
    figure_table(Table(columns, rows), key="strangers", name="Agents who cannot sign in yet")


def _give(center: CommandCenter) -> None:
    with st.form("person", border=False):
        email = st.text_input("E-mail", max_chars=254, key="person_email")
        role = st.selectbox("Role", list(Role), 0, format_func=str.capitalize, key="person_role")
        agents = [NO_LEADS, *leads.facets(center).agents]
        agent = st.selectbox(
            "Their leads are those of", agents, None, format_func=choice, key="person_agent", accept_new_options=True,
            placeholder="As before, or nobody",
            help="The agent's name on leads; type one that no lead has yet. Left empty, it stays as it was.",
        )  # fmt: skip
        if st.form_submit_button("Give the role", type="primary"):
            with attempt():
                give_role(center, email, Role(str(role)), agent="" if agent == NO_LEADS else agent)
                st.rerun()


def _take(center: CommandCenter, emails: list[str]) -> None:
    email = st.selectbox("Who", emails, index=None, format_func=choice, key="person_out")
    st.caption("They are out with their next click, and no group of the identity provider lets them in again.")
    if st.button("Take away", key="person_out_yes", disabled=email is None) and email is not None:
        with attempt():
            take_role(center, email)
            st.rerun()
