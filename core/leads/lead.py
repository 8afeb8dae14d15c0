"""A lead: who it is, where it came from and what it has said about itself."""

from __future__ import annotations

import math
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from core.leads.checked import of_checked
from core.leads.clock import UtcTime
from core.leads.interaction import Count, Interaction
from core.leads.money import Money
from core.leads.outcome import Stage
from core.leads.text import LeadId, Line, Message

Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
MOST_INTERACTIONS = 5_000
MOST_CHARACTERS_READ = 1_000_000  # of a stored history's newest texts; as many as one request may hold


class Side(StrEnum):
    """Which side of a sale the team would stand on."""

    BUYER = "buyer"
    SELLER = "seller"
    BOTH = "both"


class Insights(BaseModel):
    """What the team's bot measured in the conversation; anything may be unknown."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    engagement_level: Share | None = None
    buying_signals_count: Count | None = None
    objections_resolved: Count | None = None
    rapport_building_score: Share | None = None


def _measured(values: Mapping[str, float]) -> Mapping[str, float]:
    for name, value in values.items():
        if not math.isfinite(value) or value < 0:
            raise ValueError(f"{name} is {value}; must be a number of 0 or more")
    return values


class Lead(BaseModel):
    """One person who may buy or sell, as of the last thing we were told. Immutable.

    ``measured`` holds features (names of the catalog of 28) that another system counted, such as a CRM's
    "Number of Pageviews"; they serve where the interactions do not tell.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    lead_id: LeadId
    name: Line | None = None
    email: Line | None = None
    phone: Line | None = None
    source: Line | None = None
    agent: Line | None = None
    side: Side = Side.BUYER
    stage: Stage = Stage.GENERATED
    created_at: UtcTime | None = None
    budget_range: Line | None = None
    price_min_usd: Money | None = None
    price_max_usd: Money | None = None
    location_preference: Line | None = None
    timeline: Line | None = None
    financing: Line | None = None
    pre_approval: Line | None = None
    listing_price_usd: Money | None = None
    listing_address: Line | None = None
    message: Message | None = None
    tags: tuple[Line, ...] = ()
    insights: Insights = Insights()
    measured: Annotated[Mapping[str, float], AfterValidator(_measured)] = Field(default_factory=dict)

    @classmethod
    def of_checked(cls, told: dict[str, Any]) -> Lead:
        """A lead of what is told of it, which was checked before.

        >>> told = {"email": "ana@team.example", "lead_id": "a"}
        >>> made, checked = Lead.of_checked(told), Lead(**told)
        >>> made == checked and made.model_fields_set == checked.model_fields_set, [*vars(made)] == [*vars(checked)]
        (True, True)
        """
        return of_checked(cls, {**_UNTOLD, "measured": {}, **told}, set(told))


_UNTOLD: Final = {name: field.default for name, field in Lead.model_fields.items()}


class LeadHistory(BaseModel):
    """A lead with its interactions, oldest first."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    lead: Lead
    interactions: Annotated[tuple[Interaction, ...], Field(max_length=MOST_INTERACTIONS)] = ()
