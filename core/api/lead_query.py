"""Which leads a call asks for: the filters of the page of leads, as parameters of the address."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from core.analytics.anomalies import DRIED_UP, JUNK, SLOW
from core.analytics.bridge import Moved
from core.errors import LeadError
from core.leads import BANDS, Side, Stage, utc_now
from core.leads.clock import in_utc
from core.leads.text import Line, storable
from core.scoring import Tier
from core.services.analyses.ab_tests import Counted
from core.services.analyses.behind import Behind, Tried, leads_behind
from core.services.analyses.best_hour import Way
from core.services.analyses.speed import Soon
from core.services.commission import pipeline
from core.store import ArrivalClock, LeadFilter, LeadGroup, LeadSort

if TYPE_CHECKING:
    from core.services.center import CommandCenter

MOST_CHOICES, MOST_PER_PAGE, LAST_PAGE = 50, 200, 100_000
ZONE_CHARACTERS: Final = 60
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d")
Searched = Annotated[str, AfterValidator(storable)]


def _written(moment: Any) -> Any:
    if isinstance(moment, str) and not _DATE.match(moment):  # a bare number would be taken for seconds since 1970
        raise ValueError("must be a time such as 2026-03-01T12:00:00Z")
    return moment


Moment = Annotated[datetime, BeforeValidator(_written), AfterValidator(in_utc)]


def _zone(name: str) -> str:
    try:
        return ArrivalClock(name).zone
    except LeadError as error:
        raise ValueError(str(error)) from error


Zone = Annotated[str, AfterValidator(_zone)]
Points = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]
Band = Annotated[int, Field(ge=BANDS[0], le=BANDS[-1])]
Hour = Annotated[int, Field(ge=0, le=23)]
Weekday = Annotated[int, Field(ge=0, le=6)]
Span = Annotated[int, Field(ge=0, le=6)]
Reached = Literal["generated", "qualified", "showing", "contract", "closed"]
Open = Literal["generated", "qualified", "showing", "contract"]
Untold = Literal["source", "agent", "area", "price"]
FIRST: Final = "The tier of the first score, which nothing later has moved; none: not scored before its end"
GROUP = r"^(test|trial|cluster):[0-9]{1,9}:[0-9]{1,4}$"
LATELY: Final = {"arrivals": DRIED_UP, "scores": JUNK, "answers": SLOW}
MONTH = r"^([0-9]{4}-(0[1-9]|1[0-2])|past|later|unknown)$"


class LeadQuery(BaseModel):
    """Which leads, in which order; the same filters as on the page of leads."""

    model_config = ConfigDict(extra="forbid")

    search: Searched = Field("", max_length=200, description="Words of name, e-mail, phone or lead id; all must occur")
    tier: list[Tier] = Field([], max_length=3, description="An override in force goes before the model's tier")
    first_tier: list[Literal["hot", "warm", "cold", "none"]] = Field([], max_length=4, description=FIRST)
    source: list[Line] = Field([], max_length=MOST_CHOICES)
    agent: list[Line] = Field([], max_length=MOST_CHOICES)
    stage: list[Stage] = Field([], max_length=len(Stage))
    furthest: list[Reached] = Field(
        [], max_length=5, description="The furthest stage ever reached, also when lost there"
    )
    area: list[Line] = Field([], max_length=MOST_CHOICES)
    side: list[Side] = Field([], max_length=len(Side))
    price_band: list[Band] = Field(
        [], max_length=len(BANDS),
        description="By the estimated sale price: 0 under $300k, 1 to $450k, 2 to $600k, 3 to $900k, 4 $900k and more",
    )  # fmt: skip
    not_told: list[Untold] = Field(
        [],
        max_length=4,
        description="Also leads of which nobody told it, beside the values that the filter of it names",
    )
    score_min: Points | None = None
    score_max: Points | None = None
    created_from: Moment | None = None
    created_to: Moment | None = Field(None, description="Exclusive")
    scored_from: Moment | None = None
    scored_to: Moment | None = Field(None, description="Exclusive")
    staged_from: Moment | None = Field(None, description="In the present stage since this moment or later")
    staged_to: Moment | None = Field(None, description="Exclusive")
    arrival_hour: list[Hour] = Field([], max_length=24, description="Hour of the arrival, by the zone's clock")
    arrival_weekday: list[Weekday] = Field([], max_length=7, description="0 Monday to 6 Sunday, by the zone's clock")
    zone: Zone = Field(
        "UTC", max_length=ZONE_CHARACTERS, description="Whose clock hours and weekdays are of, by its IANA name"
    )
    closing: str | None = Field(
        None, pattern=MONTH, description="The month that the pipeline expects: 2026-11, past, later or unknown"
    )
    group: str | None = Field(
        None,
        pattern=GROUP,
        description="Members of a variant of an A/B test, an arm of a trial or a cluster: test:3:0",
    )
    for_claude: bool = Field(False, description="Only leads whose last score is below the threshold of its time")
    stands: Literal["usual", "stuck"] | None = Field(
        None, description="Open leads, by whether they stand where they stand longer than is usual. Of this and what "
        "follows to no_chance, agents may not ask"
    )  # fmt: skip
    left: Open | None = Field(
        None,
        description="Those that left this stage, forward or lost there, and reached it so long ago that nearly all did",
    )  # fmt: skip
    moved: Moved | None = Field(None, description="Why they changed the expected commission since a week ago")
    answered: list[Span] = Field(
        [], max_length=7,
        description="Time to the first answer of leads that are old enough to judge and were open 3 days after they "
        "came: 0 within 5 minutes, 1 to 30 minutes, 2 to an hour, 3 to 4 hours, 4 to a day, 5 to 3 days, 6 not by then",
    )  # fmt: skip
    answered_by_any: bool = Field(False, description="Quick messages, taken for automatic, count as a person's too")
    tried_hour: list[Hour] = Field([], max_length=24, description="When somebody called or wrote, by the zone's clock")
    tried_weekday: list[Weekday] = Field([], max_length=7, description="0 Monday to 6 Sunday, by the zone's clock")
    tried_by: Literal["calls", "messages"] | None = Field(None, description="Only tries of this kind")
    soon: Literal["five_minutes", "hour", "day", "never"] | None = Field(
        None, description="First answer within this time of the arrival, or none so far"
    )
    waits: bool = Field(False, description="Leads before a contract that no person has answered")
    lately: Literal["arrivals", "scores", "answers"] | None = Field(
        None,
        description="The leads of the last 14 days that the trends compare so; for answers these end 3 days ago",
    )
    counted: Literal["known", "did"] | None = Field(
        None, description="Leads of the A/B test's group, else of any test, whose outcome is known, or is a success"
    )
    no_chance: bool = Field(False, description="Open leads with a price that no chance to close is known of")
    sort: LeadSort = Field(LeadSort.SCORE, description="Equal leads stand in the order of their ids")
    page: int = Field(1, ge=1, le=LAST_PAGE)
    page_size: int = Field(50, ge=1, le=MOST_PER_PAGE)

    def to_filter(self, center: CommandCenter) -> LeadFilter:
        """The same for the service. Raises LeadError, Forbidden, StoreUnavailable."""
        wanted = LeadFilter(
            text=self.search,
            tiers=tuple(self.tier),
            first_tiers=tuple(None if tier == "none" else Tier(tier) for tier in self.first_tier),
            sources=(*self.source, *self._untold("source")),
            agents=(*self.agent, *self._untold("agent")),
            stages=tuple(self.stage),
            furthest=tuple(Stage(stage) for stage in self.furthest),
            areas=(*self.area, *self._untold("area")),
            sides=tuple(self.side),
            bands=(*self.price_band, *self._untold("price")),
            score_min=self.score_min,
            score_max=self.score_max,
            created_from=self.created_from,
            created_to=self.created_to,
            scored_from=self.scored_from,
            scored_to=self.scored_to,
            staged_from=self.staged_from,
            staged_to=self.staged_to,
            arrival=self._clock(self.arrival_hour, self.arrival_weekday),
            waiting=None if self.closing is None else pipeline.month_filter(center, self.closing, utc_now().date()),
            group=self._group(),
            escalated_only=self.for_claude,
        )
        behind = self._behind()
        return wanted if behind == Behind() else leads_behind(center, wanted, behind)

    def _behind(self) -> Behind:
        clock = self._clock(self.tried_hour, self.tried_weekday)
        if clock is None and self.tried_by is not None:
            clock = ArrivalClock(self.zone)
        return Behind(
            without_chance=self.no_chance,
            moved=self.moved,
            stuck=None if self.stands is None else self.stands == "stuck",
            left=None if self.left is None else Stage(self.left),
            answered=tuple(self.answered),
            automatic_too=self.answered_by_any and bool(self.answered or self.soon),
            soon=None if self.soon is None else Soon[self.soon.upper()],
            waits=self.waits,
            lately=None if self.lately is None else LATELY[self.lately],
            counted=None if self.counted is None else Counted(self.counted),
            tried=None if clock is None else Tried(clock, Way.ALL if self.tried_by is None else Way(self.tried_by)),
        )

    def _clock(self, hours: list[int], weekdays: list[int]) -> ArrivalClock | None:
        return ArrivalClock(self.zone, tuple(hours), tuple(weekdays)) if hours or weekdays else None

    def _group(self) -> LeadGroup | None:
        if self.group is None:
            return None
        of, number, place = self.group.split(":")
        return LeadGroup(of, int(number), int(place))  # type: ignore[arg-type]

    def _untold(self, kind: Untold) -> tuple[None, ...]:
        return (None,) if kind in self.not_told else ()
