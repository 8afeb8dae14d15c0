"""A dated touch between the team and a lead."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field

from core.leads.checked import of_checked
from core.leads.clock import UtcTime
from core.leads.money import Money
from core.leads.text import Line, Message

Count = Annotated[int, Field(ge=0, le=1_000_000)]
Hours = Annotated[float, Field(ge=0, le=87_600, allow_inf_nan=False)]


class Direction(StrEnum):
    """Who acted: the lead (inbound) or the team (outbound)."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"


class InteractionKind(StrEnum):
    """What kind of touch it was."""

    EMAIL = "email"
    SMS = "sms"
    CALL = "call"
    CHAT = "chat"
    FORM = "form"
    PROPERTY_VIEW = "property_view"
    PROPERTY_SAVE = "property_save"
    SHOWING_REQUEST = "showing_request"
    SHOWING = "showing"
    NOTE = "note"
    OTHER = "other"


class Interaction(BaseModel):
    """One touch. ``text`` is what was written, by the lead when ``direction`` is inbound.

    ``response_time_hours``, ``message_length`` and ``questions_asked`` are measured by the sending system;
    they are used where there is no text or no message of ours to measure from.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    occurred_at: UtcTime
    kind: InteractionKind = InteractionKind.OTHER
    direction: Direction = Direction.INBOUND
    subject: Line | None = None
    text: Message | None = None
    response_time_hours: Hours | None = None
    message_length: Count | None = None
    questions_asked: Count | None = None
    listing_price_usd: Money | None = None
    listing_area: Line | None = None

    @classmethod
    def of_checked(cls, values: dict[str, Any]) -> Interaction:
        """A touch of values for every field, which were checked before.

        >>> told = dict.fromkeys(Interaction.model_fields) | {"kind": InteractionKind.SMS, "text": "Hello"}
        >>> Interaction.of_checked(told) == Interaction.model_construct(**told)
        True
        """
        return of_checked(cls, values, _EVERY_FIELD)


_EVERY_FIELD: Final = set(Interaction.model_fields)
