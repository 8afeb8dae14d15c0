"""Where areas lie: said one by one, or in a small CSV file; nothing is looked up on the internet or made up."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.errors import JorgeError
from core.services.analyses import areas as service
from core.services.center import CommandCenter
from core.store.figures.areas import Place
from core.transfer.table import Kind, Table, TableColumn
from core.words import counted
from pages.components.figure_table import figure_table
from pages.components.problem import attempt, problem
from pages.components.words import choice

COLUMNS = (
    TableColumn("Area"),
    TableColumn("Latitude", Kind.NUMBER),
    TableColumn("Longitude", Kind.NUMBER),
)
ROUND = 3


def area_places(center: CommandCenter, names: Sequence[str]) -> None:
    """The two ways to say where areas lie, and what is known."""
    known = service.places(center)
    with st.expander("Say where areas lie"):
        if names:
            _one(center, names, known)
        _file(center, names, known)
        if known:
            rows = [
                (area, round(place.latitude, ROUND), round(place.longitude, ROUND)) for area, place in known.items()
            ]
            figure_table(Table(COLUMNS, rows), key="area_places", name="Places of areas")


def _one(center: CommandCenter, names: Sequence[str], known: dict[str, Place]) -> None:
    with st.form("area_place", border=False):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            ordered = sorted(names, key=lambda name: name in known)
            area = st.selectbox("Area", ordered, key="place_area", format_func=choice, width=240)
            north = st.number_input(
                "Latitude, degrees north", -90.0, 90.0, None, format="%.5f", key="place_north", width=190
            )
            east = st.number_input(
                "Longitude, degrees east", -180.0, 180.0, None, format="%.5f", key="place_east", width=190
            )
            save = st.form_submit_button("Save place", key="place_save")
            forget = st.form_submit_button("Forget place", type="tertiary", key="place_forget")
        st.caption("West of Greenwich is negative: Austin lies at 30.267, -97.743.")
    if not (save or forget) or area is None:
        return
    if save and (north is None or east is None):
        problem("Give both latitude and longitude.", "Not saved")
        return
    with attempt(otherwise="Not saved"):
        if forget:
            service.forget(center, area)
        elif north is not None and east is not None:
            service.put(center, {area: Place(north, east)})
        st.rerun()


def _file(center: CommandCenter, names: Sequence[str], known: dict[str, Place]) -> None:
    sent = st.file_uploader(
        "Or a CSV file with the columns area, latitude, longitude", type=["csv"], key="places_file", max_upload_size=2
    )
    if sent is None:
        return
    try:
        found = service.places_in(sent.getvalue())
    except JorgeError as error:
        problem(error, "This file cannot be used")
        return
    new = {area: place for area, place in found.items() if known.get(area) != place}
    here = sum(area in names for area in found)
    st.text(
        f"{counted(len(found), 'area')} in the file; leads above name {here:,} of them; new or moved: {len(new):,}."
    )
    if new and st.button("Save these places", type="primary", key="places_save"):
        with attempt(otherwise="Not saved"):
            service.put(center, new)
            st.rerun()
