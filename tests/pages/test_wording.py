"""Numbers, days and names as every page writes them, whatever is on it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from core.services.center import use
from core.transfer.table import Kind, Table, TableColumn, as_csv
from pages.components import figure_table
from pages.components.words import when
from tests.measure.hostile_pages import _opened, addresses
from tests.measure.hostile_workspace import fill
from tests.pages.conftest import center_in
from tests.pages.said import said

MANY = re.compile(
    r"(?<![\w.,$-])1 (?:[a-z]+ ){0,2}(?:leads|days|closings|entries|rows|groups|months|weeks|areas|contracts|lines|"
    r"tries|outcomes|comparisons|cohorts|events|contacts|successes|closings|characters|versions|scores|cells)\b"
)
WRITTEN_OTHERWISE = re.compile(
    r"\b20\d\d[-/]\d\d[-/]\d\d\b|\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) 0\d\b"
)
FOR_PROGRAMS = ("plotly", "date_input", "bidi", "select")  # drawn, or said by the browser in words of its own


@pytest.fixture(scope="module")
def of_one(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, list[str]]]:
    """What every page and view says in a workspace with one lead of one agent."""
    with center_in(tmp_path_factory.mktemp("of_one")) as center:
        lead_id = fill(center, ["Ana"], 1)
        use(center)
        yield {
            " ".join((name, *query.values())): list(said(_opened(name, query))) for name, query in addresses(lead_id)
        }
    use(None)


def test_one_of_a_thing_is_never_many(of_one: dict[str, list[str]]) -> None:
    assert MANY.search("Made from 1 open leads")
    assert {where: found for where, texts in of_one.items() if (found := [t for t in texts if MANY.search(t)])} == {}


def test_the_list_of_one_lead_says_so(of_one: dict[str, list[str]]) -> None:
    assert any("Download 1 lead as CSV" in text for text in of_one["leads"])


def test_a_day_is_written_as_may_3_2026(of_one: dict[str, list[str]]) -> None:
    assert WRITTEN_OTHERWISE.search("Yes, contract on Nov 05, 2026.")
    wrong = {
        where: found
        for where, texts in of_one.items()
        if (found := [text for text in texts if not text.startswith(FOR_PROGRAMS) and WRITTEN_OTHERWISE.search(text)])
    }
    assert wrong == {}


def test_every_field_for_a_day_is_american() -> None:
    pages = [path.read_text(encoding="utf-8") for path in Path(figure_table.__file__).parents[1].rglob("*.py")]
    fields = [field for source in pages for field in re.findall(r"st\.date_input\((?:[^()]|\([^()]*\))*\)", source)]
    assert len(fields) == 6  # two of the list of leads are made in one place
    assert all("format=DATE_FIELD" in field for field in fields)


def test_a_moment_of_another_year_has_its_year_as_a_day_has_it() -> None:
    assert when(datetime(2024, 3, 5, 14, 30, tzinfo=UTC)) == "Mar 5, 2024, 14:30"


def test_a_length_of_time_is_written_in_its_unit_and_sorts_by_its_hours() -> None:
    table = Table((TableColumn("Agent"), TableColumn("Half within", Kind.HOURS)), [("Ana", 0.41), ("Bo", 30.0)])
    drawn = figure_table._in_words(table)
    assert not hasattr(drawn, "columns") or list(drawn.data["Half within"]) == [0.41, 30.0]  # type: ignore[union-attr]
    html = drawn.to_html()
    assert "25 min" in html  # 60 x 0.41 = 24.6
    assert "30 h" in html
    assert as_csv(table).decode("utf-8-sig").splitlines()[:2] == ['"Agent","Half within, hours"', '"Ana","0.41"']


def test_estimates_are_whole_dollars_and_the_ledger_has_its_cents() -> None:
    columns = (TableColumn("Agent"), TableColumn("Expected", Kind.MONEY))
    drawn = figure_table._in_words(Table(columns, [("Ana", Decimal("42188.84")), ("Bo", None), ("Cy", -1200.75)]))
    html = drawn.to_html()
    assert "$42,189" in html  # rounded, not cut
    assert "-$1,201" in html
    assert "nan" not in html
    assert figure_table._config(Kind.MONEY, 8)["type_config"].get("format") is None  # else the words are not shown
    assert figure_table._config(Kind.LEDGER, 8)["type_config"]["step"] == 0.01


def test_a_month_of_a_table_is_one() -> None:
    assert figure_table._config(Kind.MONTH, 8)["type_config"]["format"] == "MMM YYYY"
