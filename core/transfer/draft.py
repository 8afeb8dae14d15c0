"""What the cells of one row told, until it is a lead."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import blake2b
from typing import Any, TypeVar

from core.leads import Direction, Interaction, InteractionKind, Lead, LeadHistory, Outcome, Stage
from core.leads.text import LEAD_ID, LINE_CHARACTERS, MESSAGE_CHARACTERS
from core.transfer import words
from core.transfer.contacts import Contact
from core.transfer.headers import MEASURED

_SPOILT_ID = re.compile(r"\d(?:[.,]\d+)?E\+\d+", re.IGNORECASE)  # a spreadsheet made a number of it
_AS_A_NUMBER = re.compile(r"\d+\.0")  # a script took the column for one of numbers
_STRAIGHT = ("source", "agent", "side", "created_at", "budget_range", "timeline", "financing", "pre_approval")
_Value = TypeVar("_Value")
FURTHEST_EAST = timedelta(hours=14)  # no clock on Earth is further ahead of UTC
TOUCH_DAYS, VIEW_DAYS = 90, 30  # the windows of interaction_count and property_views


class Draft:
    """Values by target, as the columns told them."""

    __slots__ = ("lists", "values")

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}  # the first filled column
        self.lists: dict[str, list[Any]] = {}  # all columns, for targets of SEVERAL_COLUMNS

    def says_who(self) -> bool:
        """Whether a person could be told from the row."""
        values, lists = self.values, self.lists
        return any(key in values for key in ("lead_id", "name", "first_name", "last_name")) or bool(
            "email" in lists or "phone" in lists
        )

    def history(
        self, row_number: int, cells: list[str], as_of: datetime, ahead: timedelta = timedelta()
    ) -> LeadHistory:
        """The lead as of ``as_of``. Raises pydantic's ValidationError where it may not be.

        Its dates may be on a clock that is up to ``ahead`` of ours: what seems to come by as much is of just now.
        """
        values, lists = self.values, self.lists
        email, phone = self._contact()
        name = self._name()
        lead: dict[str, Any] = {key: values[key] for key in _STRAIGHT if key in values}
        lead["lead_id"] = lead_id_for(values.get("lead_id"), email, phone, name, row_number, cells)
        lead |= {"name": name, "email": email, "phone": phone, "measured": self._measured(as_of, ahead)}
        lead |= self._prices()
        stages = lists.get("stage", [])
        if "customer_since" in values and values["customer_since"] < as_of:
            stages = [*stages, Stage.CLOSED]
        if stages:
            lead["stage"] = words.furthest(stages)
        if "tags" in lists:
            lead["tags"] = tuple(dict.fromkeys(tag for tags in lists["tags"] for tag in tags))
            lead.setdefault("side", words.side_in_tags(lead["tags"]))
        if "message" in lists:
            lead["message"] = "\n\n".join(lists["message"])
        for key in ("location_preference", "listing_address"):
            if key in lists:
                lead[key] = ", ".join(dict.fromkeys(lists[key]))
        return LeadHistory(lead=Lead(**lead), interactions=tuple(self._notes()))

    def closing(self, lead: Lead, as_of: datetime) -> Outcome | None:
        """When the lead closed, and at what price; None unless it stands at closed and the day is told and past.

        Of several days the last: that of the latest sale, whose price a CRM tells. A day ahead is only planned.
        """
        if lead.stage is not Stage.CLOSED:
            return None
        told = self.lists.get("closed_at", ()), (self.values.get("customer_since"),)
        on = _first(max((day for day in days if day is not None and day < as_of), default=None) for days in told)
        if on is None:
            return None
        price = self.values.get("sale_price_usd")
        return Outcome(lead_id=lead.lead_id, stage=Stage.CLOSED, occurred_at=on, sale_price_usd=price)

    def _name(self) -> str | None:
        values = self.values
        if "name" in values:
            return str(values["name"])
        parts = [values[key] for key in ("first_name", "last_name") if key in values]
        return " ".join(parts)[:LINE_CHARACTERS] or None

    def _contact(self) -> tuple[str | None, str | None]:
        emails: list[Contact] = self.lists.get("email", [])
        phones: list[Contact] = self.lists.get("phone", [])
        email = _first(contact.email for contact in (*emails, *phones))
        phone = _first(contact.phone for contact in (*phones, *emails))
        return (
            email or _first(contact.as_written for contact in emails),
            phone or _first(contact.as_written for contact in phones),
        )

    def _prices(self) -> dict[str, Decimal]:
        keys = ("price_min_usd", "price_max_usd", "listing_price_usd")
        prices = {key: self.values[key] for key in keys if key in self.values}
        if "price_min_usd" in prices and "price_max_usd" in prices:
            low, high = sorted((prices["price_min_usd"], prices["price_max_usd"]))
            prices |= {"price_min_usd": low, "price_max_usd": high}
        return prices

    def _measured(self, as_of: datetime, ahead: timedelta) -> dict[str, float]:
        values, lists = self.values, self.lists
        created = _come(values.get("created_at"), as_of, ahead)
        last = _come(values.get("last_activity_at"), as_of, ahead)
        measured: dict[str, float] = {}
        if last is not None and last <= as_of:
            measured["days_since_last_interaction"] = round((as_of - last) / timedelta(days=1), 3)
        counts = (("touches", "interaction_count", TOUCH_DAYS), ("page_views", "property_views", VIEW_DAYS))
        for target, feature, days in counts:
            if target in lists:
                count = in_window(sum(lists[target]), days, created, last, as_of)
                if count is not None:
                    measured[feature] = count
        for target, value in values.items():
            if target.startswith(MEASURED):
                measured[target.removeprefix(MEASURED)] = value
        return measured

    def _notes(self) -> Iterable[Interaction]:
        written_at = self.values.get("created_at") or self.values.get("last_activity_at")
        if written_at is None:
            return  # a touch has a date; the note stays in the row's own cells
        for note in self.lists.get("note", ()):
            for start in range(0, len(note), MESSAGE_CHARACTERS):
                yield Interaction(
                    occurred_at=written_at,
                    kind=InteractionKind.NOTE,
                    direction=Direction.OUTBOUND,
                    text=note[start : start + MESSAGE_CHARACTERS],
                )


def _come(moment: datetime | None, as_of: datetime, ahead: timedelta) -> datetime | None:
    return as_of if moment is not None and as_of < moment <= as_of + ahead else moment


def in_window(
    total: float, days: int, created: datetime | None, last: datetime | None, as_of: datetime
) -> float | None:
    """How many of ``total`` touches since ``created`` fell into the last ``days`` before ``as_of``.

    Spread evenly from ``created`` to the last activity: all when the lead is younger than the window, none
    when its last activity is older; as told when the file has no dates; None for a lead from after ``as_of``.

    >>> from datetime import UTC
    >>> in_window(40, 90, datetime(2026, 1, 1, tzinfo=UTC), None, datetime(2026, 6, 30, tzinfo=UTC))
    20.0
    """
    start = as_of - timedelta(days=days)
    if created is not None and created > as_of:
        return None
    end = as_of if last is None else min(last, as_of)
    if end < start:
        return 0.0
    if created is None or created >= start:
        return float(total)
    return float(round(total * ((end - start) / (end - created))))


def lead_id_for(
    given: str | None, email: str | None, phone: str | None, name: str | None, row_number: int, cells: list[str]
) -> str:
    """The CRM's own ID where it can be one, else one made of it, the e-mail, the phone, or name and row.

    The same person gets the same ID from every file that tells the e-mail or phone.

    >>> lead_id_for("00Q5e/1", None, None, None, 2, [])
    '00Q5e_1-f9e0a4de'
    """
    if given and not _SPOILT_ID.fullmatch(given):
        if _AS_A_NUMBER.fullmatch(given):
            given = given[:-2]
        if LEAD_ID.fullmatch(given):
            return given
        return f"{re.sub('[^A-Za-z0-9_-]+', '_', given)[:80]}-{_digest(given, 4)}"
    if email and "@" in email:
        return "lead_" + _digest("email:" + email, 8)
    if phone and phone.startswith("+"):
        return "lead_" + _digest("phone:" + phone, 8)
    return "lead_" + _digest(f"row:{row_number}:{name or ''}:{'|'.join(cells)}", 8)


def _digest(text: str, size: int) -> str:
    return blake2b(text.encode(), digest_size=size).hexdigest()


def _first(values: Iterable[_Value | None]) -> _Value | None:
    return next((value for value in values if value), None)
