"""The filters of ``JorgeClient.leads``; what each means is in the document of the API."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, TypedDict

Moment = datetime | str
Texts = str | Sequence[str]
Numbers = int | Sequence[int]


class LeadFilters(TypedDict, total=False):
    """A list lets any of its values through; None restricts nothing."""

    search: str | None
    tier: Texts | None
    first_tier: Texts | None
    source: Texts | None
    agent: Texts | None
    stage: Texts | None
    furthest: Texts | None
    area: Texts | None
    side: Texts | None
    price_band: Numbers | None
    not_told: Texts | None
    score_min: float | None
    score_max: float | None
    created_from: Moment | None
    created_to: Moment | None
    scored_from: Moment | None
    scored_to: Moment | None
    staged_from: Moment | None
    staged_to: Moment | None
    arrival_hour: Numbers | None
    arrival_weekday: Numbers | None
    zone: str | None
    closing: str | None
    group: str | None
    for_claude: bool | None
    stands: Literal["usual", "stuck"] | None
    left: str | None
    moved: str | None
    answered: Numbers | None
    answered_by_any: bool | None
    tried_hour: Numbers | None
    tried_weekday: Numbers | None
    tried_by: Literal["calls", "messages"] | None
    soon: Literal["five_minutes", "hour", "day", "never"] | None
    waits: bool | None
    lately: Literal["arrivals", "scores", "answers"] | None
    counted: Literal["known", "did"] | None
    no_chance: bool | None
    sort: str | None
