"""What a client sends: unknown fields, wrong types, NaN, NUL characters and half characters are refused."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, FailFast, Field, field_validator, model_validator

from core.leads import Direction, Insights, Interaction, Lead, LeadHistory, Outcome, Side, Stage
from core.leads.clock import UtcTime
from core.leads.lead import MOST_INTERACTIONS
from core.leads.money import Money
from core.leads.text import LeadId, Line, Message
from core.services.scores.touches import direction_of, kind_of

Number = Annotated[float, Field(ge=0, le=87_600, allow_inf_nan=False, strict=True)]
Whole = Annotated[int, Field(ge=0, le=1_000_000, strict=True)]
Part = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False, strict=True)]
Flag = Annotated[bool, Field(strict=True)]
MOST_LEADS: Final = 100  # of one batch
MOST_FIELDS: Final = 100  # of one object, known or not; the largest has 20


def few_fields(told: Any) -> Any:
    """Return ``told``; raise ValueError for an object of more than 100 fields.

    Each unknown field is an error of its own: a body full of them would take a hundred times its size.
    """
    if isinstance(told, dict) and len(told) > MOST_FIELDS:
        raise ValueError(f"has {len(told):,} fields; must have at most {MOST_FIELDS}")
    return told


class _Told(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Wire(_Told):
    @model_validator(mode="before")
    @classmethod
    def _few_fields(cls, told: Any) -> Any:
        return few_fields(told)


class TouchIn(_Told):
    """One interaction; ``type`` is the sender's own word for it. Whoever reads many checks ``few_fields`` for all."""

    timestamp: UtcTime
    type: Line = "other"
    direction: Direction | None = None
    subject: Line | None = None
    text: Message | None = None
    response_time_hours: Number | None = None
    message_length: Whole | None = None
    questions_asked: Whole | None = None
    listing_price_usd: Money | None = None
    listing_area: Line | None = None

    def to_domain(self) -> Interaction:
        """The same in our words; every value was checked when it came in."""
        told = self.__dict__
        return Interaction.of_checked(
            {
                "occurred_at": told["timestamp"],
                "kind": kind_of(told["type"]),
                "direction": told["direction"] or direction_of(told["type"]),
                "subject": told["subject"],
                "text": told["text"],
                "response_time_hours": told["response_time_hours"],
                "message_length": told["message_length"],
                "questions_asked": told["questions_asked"],
                "listing_price_usd": told["listing_price_usd"],
                "listing_area": told["listing_area"],
            }
        )


class InsightsIn(_Wire):
    """What the team's bot measured."""

    engagement_level: Part | None = None
    buying_signals_count: Whole | None = None
    objections_resolved: Whole | None = None
    rapport_building_score: Part | None = None


class LeadIn(_Wire):
    """What is known of a lead; all of it is optional."""

    name: Line | None = None
    email: Line | None = None
    phone: Line | None = None
    source: Line | None = None
    agent: Line | None = None
    side: Side = Side.BUYER
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
    tags: Annotated[tuple[Line, ...], Field(max_length=100)] = ()
    interaction_history: Annotated[tuple[TouchIn, ...], Field(max_length=MOST_INTERACTIONS), FailFast()] = ()
    jorge_insights: InsightsIn | None = None

    @field_validator("interaction_history", mode="before")
    @classmethod
    def _few_fields_each(cls, told: Any) -> Any:
        """In one call: one for each interaction takes as long as all else that is checked of it."""
        if isinstance(told, list | tuple):
            for touch in told:
                few_fields(touch)
        return told


class OptionsIn(_Wire):
    """What the answer should hold."""

    return_feature_importance: Flag = True
    calculate_jorge_commission: Flag = True
    force_refresh: Flag = False


class ScoreIn(_Wire):
    """A request to score one lead."""

    lead_id: LeadId
    lead_data: LeadIn | None = None
    options: OptionsIn = OptionsIn()

    def to_history(self) -> LeadHistory:
        """The lead with its interactions, oldest first."""
        data = self.lead_data or LeadIn()
        values = data.__dict__
        told = {name: values[name] for name in data.model_fields_set - {"interaction_history", "jorge_insights"}}
        if data.jorge_insights is not None:
            told["insights"] = Insights(**data.jorge_insights.__dict__)
        touches = sorted((touch.to_domain() for touch in data.interaction_history), key=_moment)
        return LeadHistory(lead=Lead.of_checked({"lead_id": self.lead_id, **told}), interactions=tuple(touches))


class BatchOptionsIn(_Wire):
    """What the answers of a batch should hold; a lead with options of its own keeps those.

    ``parallel_processing`` lets a second process read some of the leads; what is answered is the same.
    """

    parallel_processing: Flag = True
    return_feature_importance: Flag = True
    calculate_jorge_commission: Flag = True


class BatchIn(_Wire):
    """A request to score many leads; what is no score request is refused by itself, and the others are scored."""

    leads: Annotated[
        list[Annotated[ScoreIn | Any, Field(union_mode="left_to_right")]],
        Field(min_length=1, max_length=MOST_LEADS),
    ]
    options: BatchOptionsIn = BatchOptionsIn()


class OutcomeIn(_Wire):
    """A lead reached ``stage`` at ``occurred_at``; it converted with ``contract`` or ``closed``."""

    lead_id: LeadId
    stage: Stage
    occurred_at: UtcTime
    sale_price_usd: Money | None = None
    reason: Line | None = None

    def to_domain(self) -> Outcome:
        """The same in our words."""
        return Outcome.model_construct(**{name: getattr(self, name) for name in type(self).model_fields})


def _moment(touch: Interaction) -> datetime:
    return touch.occurred_at


def to_request(history: LeadHistory) -> dict[str, Any]:
    """The score request that tells of ``history``, as JSON values; ``ScoreIn`` reads it back."""
    lead = history.lead
    data = lead.model_dump(mode="json", exclude_none=True, exclude={"lead_id", "stage", "insights", "measured"})
    data["interaction_history"] = [
        touch.model_dump(mode="json", exclude_none=True, exclude={"occurred_at", "kind"})
        | {"timestamp": touch.occurred_at.isoformat(), "type": touch.kind.value}
        for touch in history.interactions
    ]
    insights = lead.insights.model_dump(exclude_none=True)
    if insights:
        data["jorge_insights"] = insights
    return {"lead_id": lead.lead_id, "lead_data": data}
