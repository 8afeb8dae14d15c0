"""A view of the list as CSV."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from core.leads import Lead, LeadHistory
from core.services.center import CommandCenter
from core.services.lead.lead_export import COLUMNS, leads_as_csv
from core.settings import Settings
from core.store import LeadFilter, LeadSort


def rows_of(center: CommandCenter, wanted: LeadFilter, most: int = 5_000) -> list[dict[str, str]]:
    text = leads_as_csv(center, wanted, LeadSort.NAME, most).decode()
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_the_file_holds_the_view_in_its_order_and_no_cell_that_a_spreadsheet_runs(tmp_path: Path) -> None:
    names = ["=1+1", "Ana", "Bob"]
    with CommandCenter(Settings(jorge_data_dir=tmp_path)) as center:
        center.store.save_histories(
            [LeadHistory(lead=Lead(lead_id=f"lead_{place}", name=name)) for place, name in enumerate(names)]
        )
        found = rows_of(center, LeadFilter())
        assert [row["name"] for row in found] == ["'=1+1", "Ana", "Bob"]
        assert tuple(found[0]) == COLUMNS
        assert [row["name"] for row in rows_of(center, LeadFilter(text="bob"))] == ["Bob"]
        assert len(rows_of(center, LeadFilter(), most=2)) == 2
