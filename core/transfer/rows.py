"""One row of cells into one lead, or into the reasons why it cannot be used."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache, partial
from typing import Any

from pydantic import ValidationError

from core.features.catalog import CATALOG
from core.leads import LeadHistory, Outcome, Stage
from core.leads.text import LINE_CHARACTERS, MESSAGE_CHARACTERS
from core.transfer import amounts, words
from core.transfer.contacts import parse_contact
from core.transfer.dates import DateReader
from core.transfer.draft import FURTHEST_EAST, Draft
from core.transfer.headers import MEASURED, SEVERAL_COLUMNS
from core.transfer.limits import MOST_CELL_CHARACTERS
from core.transfer.mapping import Mapping
from core.words import counted

Parser = Callable[[str], object]
_RUNS = "=+-@\t\r\n"  # what our own files put a quote before


@dataclass(frozen=True, slots=True)
class ReadLead:
    """A row that can be scored. ``cells`` are the row's own, as many as the header has.

    ``closing`` is what the row tells of a sale and its day; it is no part of the history, which is scored.
    """

    row_number: int
    history: LeadHistory
    cells: list[str]
    closing: Outcome | None = None


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that cannot be scored; ``reason`` names the row, all that is wrong, and what to do."""

    row_number: int
    reason: str
    cells: list[str]


ReadRow = ReadLead | Rejected


def rejected(row_number: int, problems: Sequence[str], cells: list[str]) -> Rejected:
    """A rejected row with all its problems in one sentence.

    >>> rejected(17, ["budget is -250000; must be 0 or more"], []).reason
    'row 17: budget is -250000; must be 0 or more. Correct the row.'
    """
    return Rejected(row_number, f"row {row_number}: {'; '.join(problems)}. Correct the row.", cells)


def _stage(text: str) -> Stage:
    return words.stage_of(text[:LINE_CHARACTERS])


def _tags(text: str) -> tuple[str, ...]:
    return _tags_of(text) if len(text) <= LINE_CHARACTERS else _tags_of.__wrapped__(text)  # cache short cells only


@lru_cache(maxsize=4096)
def _tags_of(text: str) -> tuple[str, ...]:
    for separator in ";|":
        text = text.replace(separator, ",")
    return tuple(amounts.parse_line(tag.strip(), LINE_CHARACTERS) for tag in text.split(",") if tag.strip())


def _agent(text: str) -> str:
    return amounts.parse_line(text.splitlines()[0].strip(), LINE_CHARACTERS)


def _or_none(parse: Parser) -> Parser:
    """``parse``, with None for what it refuses: of what is not scored no cell spoils its row."""

    def read(text: str) -> object:
        try:
            return parse(text)
        except ValueError:
            return None

    return read


_PARSERS: dict[str, Parser] = {
    "email": parse_contact,
    "phone": parse_contact,
    "agent": _agent,
    "side": words.side_of,
    "stage": _stage,
    "budget_range": amounts.parse_budget,
    "price_min_usd": amounts.parse_price,
    "price_max_usd": amounts.parse_price,
    "listing_price_usd": amounts.parse_price,
    "sale_price_usd": _or_none(amounts.parse_price),
    "message": partial(amounts.parse_line, most=MESSAGE_CHARACTERS),
    "note": partial(amounts.parse_line, most=MOST_CELL_CHARACTERS),
    "tags": _tags,
    "touches": amounts.parse_count,
    "page_views": amounts.parse_count,
    "lead_id": partial(amounts.parse_line, most=MOST_CELL_CHARACTERS),
}
_PARSERS |= {MEASURED + feature.name: partial(amounts.parse_number, high=feature.high) for feature in CATALOG}


def parser_for(target: str, day_first: bool, latest: datetime, zone: tzinfo = UTC) -> Parser:
    """How the cells of a column that holds ``target`` are read."""
    if target in ("created_at", "last_activity_at"):
        return lru_cache(maxsize=4096)(DateReader(day_first, latest, zone))  # many leads come on the same day
    if target in ("closed_at", "customer_since"):
        return lru_cache(maxsize=4096)(_or_none(DateReader(day_first, latest, zone)))
    return _PARSERS.get(target, amounts.parse_line)


class RowReader:
    """Reads rows under one header.

    ``day_first`` says for each date column whether 03/04 is the 3rd of April, ``zone`` whose clock dates without a zone
    are on; None as in ``Reading``. Not thread-safe; cheap to build.
    """

    def __init__(
        self,
        columns: Sequence[str],
        mapping: Mapping,
        as_of: datetime,
        latest: datetime,
        day_first: AnyMapping[str, bool] | None = None,
        zone: tzinfo | None = UTC,
    ) -> None:
        self._width = len(columns)
        self._names = tuple(columns)
        self._blank = [""] * self._width
        self._as_of = as_of.astimezone(UTC)
        self._ahead = FURTHEST_EAST if zone is None else timedelta()
        self._tells_closings = bool(mapping.targets & {"closed_at", "customer_since"})
        self._identifies = bool(mapping.targets & {"lead_id", "name", "first_name", "last_name", "email", "phone"})
        position = {column: index for index, column in enumerate(columns)}
        days = day_first or {}
        self._plan = sorted(
            (
                position[column],
                column,
                target,
                target in SEVERAL_COLUMNS,
                parser_for(target, days.get(column, False), latest, zone or UTC),
            )
            for column, target in mapping.fields.items()
            if column in position
        )

    def read(self, row_number: int, cells: list[str]) -> ReadRow | None:
        """Return the lead in the row, or why it cannot be used; None for a row with nothing in it."""
        found = len(cells)
        if found < self._width:
            cells = cells + self._blank[found:]
        elif found > self._width:
            if any(cell.strip() for cell in cells[self._width :]):
                problem = f"has {counted(found, 'cell')}, but the header has {counted(self._width, 'column')}"
                return rejected(row_number, [problem], cells)
            cells = cells[: self._width]
        text = "".join(cells)
        if not text or text.isspace():
            return None
        if "\x00" in text or not text.isascii() or len(text) > MOST_CELL_CHARACTERS:
            problems = self._unstorable(cells)
            if problems:
                return rejected(row_number, problems, cells)
        return self._lead(row_number, cells)

    def _lead(self, row_number: int, cells: list[str]) -> ReadRow:
        draft, problems = Draft(), []
        nothing, longest = words.NOTHING, words.LONGEST_NOTHING
        values, lists = draft.values, draft.lists
        for index, column, target, several, parse in self._plan:
            text = cells[index].strip()
            if not text or (len(text) <= longest and text.lower() in nothing):
                continue
            if text[0] == "'" and text[1:2] in _RUNS and len(text) > 1:
                text = text[1:]
            try:
                value = parse(text)
            except ValueError as error:
                problems.append(f"{column} {error}")
                continue
            if several:
                lists.setdefault(target, []).append(value)
            elif value is not None and target not in values:
                values[target] = value
        if self._identifies and not problems and not draft.says_who():
            problems.append("has no name, e-mail, phone or ID; give at least one")
        if not problems:
            try:
                history = draft.history(row_number, cells, self._as_of, self._ahead)
                closing = draft.closing(history.lead, self._as_of) if self._tells_closings else None
                return ReadLead(row_number, history, cells, closing)
            except ValidationError as error:
                problems = [_problem(found["loc"], str(found["msg"])) for found in error.errors()]
        return rejected(row_number, problems, cells)

    def _unstorable(self, cells: list[str]) -> list[str]:
        problems = []
        for name, cell in zip(self._names, cells, strict=True):
            if len(cell) > MOST_CELL_CHARACTERS:
                problems.append(f"{name} holds {len(cell):,} characters; at most {MOST_CELL_CHARACTERS:,} are allowed")
            if "\x00" in cell:
                problems.append(f"{name} holds a NUL character; remove it")
            try:
                cell.encode()
            except UnicodeEncodeError:
                problems.append(f"{name} holds a broken character (not valid text); type it again")
        return problems


def _problem(loc: tuple[Any, ...], message: str) -> str:
    where = " ".join(str(part) for part in loc[:1]).replace("_", " ")
    return f"{where} {message.removeprefix('Value error, ')}"
