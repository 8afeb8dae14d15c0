"""Which leads to list, in which order, and what a line of the list says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from core.errors import LeadError
from core.leads import BANDS, Side, Stage, Waiting
from core.leads.text import LINE_CHARACTERS, storable
from core.scoring import Tier

SEARCH_CHARACTERS = 200
MOST_CHOICES = 500
MOST_PAGE_SIZE = 1_000


@dataclass(frozen=True, slots=True)
class LeadGroup:
    """Leads that belong together: variant ``place`` of A/B test ``number``, arm of a trial, cluster of a clustering."""

    of: Literal["test", "trial", "cluster"]
    number: int
    place: int


@dataclass(frozen=True, slots=True)
class ArrivalClock:
    """Leads that arrived in one of ``hours`` (0 to 23) on one of ``weekdays`` (0 Monday to 6) by the clock of ``zone``.

    Either may be empty: any. Raises LeadError for an hour, a weekday or a zone that no clock shows.
    """

    zone: str
    hours: tuple[int, ...] = ()
    weekdays: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        for name, chosen, end in (("hours", self.hours, 24), ("weekdays", self.weekdays, 7)):
            wrong = [one for one in chosen if not 0 <= one < end]
            if wrong:
                raise LeadError(f"{name} holds {wrong[0]}; must be from 0 to {end - 1}", name)
        try:
            ZoneInfo(self.zone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise LeadError(f"zone is {self.zone!r}; must be a name such as America/Chicago", "zone") from error


@dataclass(frozen=True, slots=True)
class LeadFilter:
    """Which leads to show; what is left empty does not restrict.

    ``text``: every word of it must occur in name, e-mail, phone or lead id, letter case aside; a phone number is found
    however it is punctuated. ``tiers`` counts an override that is in force before the model's tier. ``areas`` are
    values of ``Facets.areas``. None among sources, agents or areas: those of which nobody told it. ``bands`` are of
    ``core.leads.BANDS``, None: no price yet. ``score_min`` and ``score_max`` are inclusive, in [0, 100]. Every
    ``_from`` is inclusive, every ``_to`` exclusive, aware times. ``escalated_only``: those whose latest score
    recommends Claude. ``waiting``: those that any of these describes; an empty tuple lets nobody through. ``furthest``:
    those whose furthest stage so far is one of these, also when they were lost there or fell back. ``group``: its
    members.
    ``arrival``: those that came in at these hours. ``first_tiers``: those whose first score was of one of these, None:
    not scored before its end. ``ids``: only these, as services find them behind a figure; an empty tuple lets nobody
    through.
    ``seen_by``: only leads of this agent and those of nobody; services set it for whoever may not see all.

    Raises LeadError for text that no database can take, or more than 500 choices in one list.
    """

    text: str = ""
    tiers: tuple[Tier, ...] = ()
    sources: tuple[str | None, ...] = ()
    agents: tuple[str | None, ...] = ()
    stages: tuple[Stage, ...] = ()
    areas: tuple[str | None, ...] = ()
    bands: tuple[int | None, ...] = ()
    score_min: float | None = None
    score_max: float | None = None
    created_from: datetime | None = None
    created_to: datetime | None = None
    scored_from: datetime | None = None
    scored_to: datetime | None = None
    staged_from: datetime | None = None
    staged_to: datetime | None = None
    escalated_only: bool = False
    sides: tuple[Side, ...] = ()
    waiting: tuple[Waiting, ...] | None = None
    furthest: tuple[Stage, ...] = ()
    group: LeadGroup | None = None
    arrival: ArrivalClock | None = None
    first_tiers: tuple[Tier | None, ...] = ()
    ids: tuple[str, ...] | None = None
    seen_by: str | None = None

    def __post_init__(self) -> None:
        check_text(self.text, "search", SEARCH_CHARACTERS)
        for name, chosen in (("sources", self.sources), ("agents", self.agents), ("areas", self.areas)):
            if len(chosen) > MOST_CHOICES:
                raise LeadError(f"{name} holds {len(chosen)} choices; at most {MOST_CHOICES}", name)
            for text in chosen:
                check_text(text or "", name, LINE_CHARACTERS)
        wrong = [band for band in self.bands if band is not None and band not in BANDS]
        if wrong:
            raise LeadError(f"bands holds {wrong[0]}; must be from 0 to {BANDS[-1]}, or none", "bands")
        for name, score in (("score_min", self.score_min), ("score_max", self.score_max)):
            if score is not None and not 0 <= score <= 100:
                raise LeadError(f"{name} is {score}; must be from 0 to 100", name)


def check_text(text: str, field: str, most: int) -> None:
    """Raise LeadError when ``text`` is longer than ``most`` characters or no database can take it."""
    if len(text) > most:
        raise LeadError(f"{field} has {len(text)} characters; at most {most}", field)
    try:
        storable(text)
    except ValueError as error:
        raise LeadError(f"{field} {error}", field) from error


class LeadSort(StrEnum):
    """The order of a list of leads; its value fits into an address. Equal leads stand in the order of their ids.

    A lead that lacks the value counts as the lowest, so it stands last where the highest come first.
    """

    SCORE = "score"
    SCORE_LOWEST = "score_lowest"
    CONFIDENCE = "confidence"
    CONFIDENCE_LOWEST = "confidence_lowest"
    COMMISSION = "commission"
    COMMISSION_LOWEST = "commission_lowest"
    NEWEST = "newest"
    OLDEST = "oldest"
    LAST_ACTIVITY = "last_activity"
    LONGEST_QUIET = "longest_quiet"
    LAST_SCORED = "last_scored"
    FIRST_SCORED = "first_scored"
    NAME = "name"
    NAME_LAST = "name_last"

    @property
    def column(self) -> str:
        """The column of ``lead_latest`` that decides."""
        return _SORTS[self][0]

    @property
    def descending(self) -> bool:
        """Whether the highest value stands first."""
        return _SORTS[self][1]

    @property
    def reversed(self) -> LeadSort:
        """The same column the other way round.

        >>> LeadSort.SCORE.reversed
        <LeadSort.SCORE_LOWEST: 'score_lowest'>
        """
        return next(other for other in LeadSort if other.column == self.column and other.descending != self.descending)


_SORTS = {
    LeadSort.SCORE: ("probability", True),
    LeadSort.SCORE_LOWEST: ("probability", False),
    LeadSort.CONFIDENCE: ("confidence", True),
    LeadSort.CONFIDENCE_LOWEST: ("confidence", False),
    LeadSort.COMMISSION: ("commission_usd", True),
    LeadSort.COMMISSION_LOWEST: ("commission_usd", False),
    LeadSort.NEWEST: ("created_at", True),
    LeadSort.OLDEST: ("created_at", False),
    LeadSort.LAST_ACTIVITY: ("last_activity_at", True),
    LeadSort.LONGEST_QUIET: ("last_activity_at", False),
    LeadSort.LAST_SCORED: ("scored_at", True),
    LeadSort.FIRST_SCORED: ("scored_at", False),
    LeadSort.NAME: ("name_key", False),
    LeadSort.NAME_LAST: ("name_key", True),
}


@dataclass(frozen=True, slots=True)
class LeadRow:
    """One line of a list of leads; what concerns the score is None for a lead never scored.

    ``tier`` is the model's; ``override_tier`` is a person's that is in force now.
    """

    lead_id: str
    name: str | None
    email: str | None
    phone: str | None
    source: str | None
    agent: str | None
    stage: Stage
    area: str | None
    created_at: datetime | None
    last_activity_at: datetime | None
    scored_at: datetime | None
    model_version: str | None
    tier: Tier | None
    override_tier: Tier | None
    probability: float | None
    confidence: float | None
    escalation_recommended: bool
    sale_price_usd: Decimal | None
    commission_usd: Decimal | None

    @property
    def ml_score(self) -> float | None:
        """100 times the probability."""
        return None if self.probability is None else 100.0 * self.probability

    @property
    def shown_tier(self) -> Tier | None:
        """The override's tier while one is in force, else the model's."""
        return self.override_tier or self.tier


@dataclass(frozen=True, slots=True)
class LeadPage:
    """One page of a list; ``total`` counts all leads that the filter lets through."""

    rows: list[LeadRow]
    total: int


@dataclass(frozen=True, slots=True)
class Facets:
    """The values that can be filtered on, each with its number of leads, most frequent first."""

    sources: dict[str, int]
    agents: dict[str, int]
    areas: dict[str, int]
