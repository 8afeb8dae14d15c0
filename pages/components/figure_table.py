"""A table of figures: a click on a line opens the leads behind it, and it can be taken away as CSV or Excel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import streamlit as st

from core.services import audit
from core.services.center import CommandCenter
from core.transfer.table import Kind, Table, Value, as_csv, as_xlsx
from core.words import duration
from pages.components import frame
from pages.components.line_opened import ENTER_OPENS, LineKeys, line_keys
from pages.components.words import choice, dollars, local

if TYPE_CHECKING:
    from pandas.io.formats.style import Styler

Address = Mapping[str, str | list[str]]
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONG: Final = 16
WRAPPED_PX: Final = 66  # only in rows higher than 64 px does Streamlit break a line
MOST_TEXT_PX: Final = 400
LEADS: Final = "leads.py"
_SAID: Final[Mapping[Kind, Any]] = {
    Kind.HOURS: duration,
    Kind.DAYS: lambda days: duration(24 * days),
    Kind.MONEY: dollars,  # a column's own format cuts cents off
}


def figure_table(
    table: Table,
    *,
    key: str,
    name: str,
    addresses: Sequence[Address | None] = (),
    page: str = LEADS,
    wrap: bool = False,
) -> None:
    """Show ``table``; a click on line n leads to ``page`` at ``addresses[n]``. ``name`` is the table's, and its files'.

    With ``wrap`` a long text goes on in a second line. Below it are its two downloads, made when they are asked for.
    """
    look: dict[str, Any] = {
        "column_config": {
            column.label: _config(column.kind, _longest(table, place, wrap))
            for place, column in enumerate(table.columns)
        },
        "hide_index": True,
        "placeholder": "",
        "height": "content" if len(table.rows) <= LONG else 560,
        "alt": name,
    }
    if wrap:
        look["row_height"] = WRAPPED_PX
    if not any(addresses):
        st.dataframe(_in_words(table), **look)
        _downloads(table, key, name)
        return
    keys = line_keys(key) if page != LEADS else LineKeys(used=False, entered=False)
    chosen = st.dataframe(_in_words(table), key=key, on_select="rerun", selection_mode="single-cell", **look)
    if keys.used:
        st.caption(ENTER_OPENS)
    _downloads(table, key, name)
    line = keys.opened(chosen.selection.cells)
    address = None if line is None else addresses[line]
    if line is None or address is None:
        return
    if page == LEADS:  # its filters are bound to the address of this page too, so that only a link may set them
        label = f"Open the leads: {choice(str(table.rows[line][0]))}"
        st.page_link(page, label=label, icon=":material/group:", query_params=dict(address))
    else:
        st.switch_page(page, query_params=dict(address))


def leads_link(label: str, address: Address) -> None:
    """The way to the leads of a figure that stands in no table; ``label`` is our own words."""
    st.page_link(LEADS, label=label, icon=":material/group:", query_params=dict(address))


def as_frame(table: Table) -> pd.DataFrame:
    """The table as it is drawn: money and shares as numbers, moments on the viewer's clock."""
    return pd.DataFrame(
        {
            column.label: [_drawn(row[place], column.kind) for row in table.rows]
            for place, column in enumerate(table.columns)
        }
    )


def _in_words(table: Table) -> pd.DataFrame | Styler:
    """The table as it is drawn, lengths of time and estimates in words; their columns still sort by the numbers."""
    said: dict[Any, Any] = {column.label: _SAID[column.kind] for column in table.columns if column.kind in _SAID}
    return as_frame(table).style.format(said, na_rep="") if said else as_frame(table)


def _drawn(value: Value, kind: Kind) -> Any:
    if value is None:
        return None
    if kind is Kind.SHARE:
        return 100.0 * float(value)  # type: ignore[arg-type]
    if kind is Kind.MOMENT:
        return local(value).replace(tzinfo=None)  # type: ignore[arg-type]
    return float(value) if isinstance(value, Decimal) else value


def _longest(table: Table, place: int, wrap: bool) -> int:
    """Characters of the longest line of a column, its head included; broken lines are seldom broken in the middle."""
    cells = max((len(str(row[place])) for row in table.rows if row[place] is not None), default=0)
    return max(len(table.columns[place].label), round(0.6 * cells) if wrap else cells)


def _config(kind: Kind, longest: int) -> Any:
    """Texts get the width they need: what the browser would guess is too narrow for our font."""
    columns = st.column_config
    return {
        Kind.COUNT: columns.NumberColumn(format="localized", width=75),
        Kind.NUMBER: columns.NumberColumn(format="%.2f", width=80),
        Kind.MONEY: columns.NumberColumn(width=95),
        Kind.LEDGER: columns.NumberColumn(format="dollar", step=0.01, width=110),
        Kind.SHARE: columns.NumberColumn(format="%.1f %%", width=75),
        Kind.HOURS: columns.NumberColumn(width=130),
        Kind.DAYS: columns.NumberColumn(width=85),
        Kind.SCORE: columns.NumberColumn(format="%.0f", width=75),
        Kind.DAY: columns.DateColumn(format="MMM D, YYYY", width=105),
        Kind.MONTH: columns.DateColumn(format="MMM YYYY", width=85),
        Kind.MOMENT: columns.DatetimeColumn(format="MMM D, YYYY, HH:mm", width=140),
    }.get(kind, columns.TextColumn(width=min(MOST_TEXT_PX, 24 + 8 * longest)))


def noted(center: CommandCenter, file: bytes, name: str) -> bytes:
    """``file`` as it is, with a line in the audit log on who took it."""
    audit.note(center, "table exported", name)
    return file


def _downloads(table: Table, key: str, name: str) -> None:
    center = frame.center()  # here: the files are made when nobody's script runs
    stem = name.lower().replace(" ", "-").replace(",", "")
    with st.container(horizontal=True, gap="small"):
        for label, ending, kind, make in (
            ("CSV", "csv", "text/csv", lambda: as_csv(table)),
            ("Excel", "xlsx", XLSX, lambda: as_xlsx(table, name)),
        ):
            st.download_button(
                label,
                lambda make=make: noted(center, make(), name),  # type: ignore[misc]
                file_name=f"{stem}.{ending}",
                mime=kind,
                key=f"{key}_{ending}",
                icon=":material/download:",
                type="tertiary",
                on_click="ignore",
                help=f"{choice(name)} as {label}",
            )
