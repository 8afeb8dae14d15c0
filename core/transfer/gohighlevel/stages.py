"""Where an opportunity stands, in our words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from core.leads import Outcome, Stage
from core.leads.clock import EPOCH
from core.transfer import words
from core.transfer.amounts import parse_price
from core.transfer.gohighlevel.event import moment
from core.transfer.gohighlevel.known import Known

NO_STAGE: Final = ""


def guessed_stage(name: str | None) -> Stage | None:
    """What a pipeline's stage seems to mean by its name; None where the name says nothing.

    >>> guessed_stage("Under Contract"), guessed_stage("Showing booked"), guessed_stage("2cW8Fh0aQ")
    (<Stage.CONTRACT: 'contract'>, <Stage.SHOWING: 'showing'>, None)
    """
    found = words.stage_of(name[:300]) if name else Stage.GENERATED
    return None if found is Stage.GENERATED else found


@dataclass(frozen=True, slots=True)
class _Point:
    """An opportunity after one event."""

    at: datetime
    stage: Stage | None
    price_usd: Decimal | None
    reason: str | None


def outcomes_of(
    lead_id: str, opportunity: Known, stages: Mapping[str, str], names: Mapping[str, str], *, value_is_price: bool
) -> list[Outcome]:
    """Each change of an opportunity's stage, oldest first, at the moment of the event that told it.

    ``stages`` is the team's mapping from a pipeline stage's id to a stage (``NO_STAGE``: none); where it says nothing,
    the name is taken (``names``, or what the event told). The price is the last one told while the stage lasted.
    """
    found: list[Outcome] = []
    for point in _points(opportunity, stages, names):
        last = found[-1] if found else None
        price = point.price_usd if value_is_price and point.stage in (Stage.CONTRACT, Stage.CLOSED) else None
        if point.stage is None:
            continue
        if last is None or last.stage is not point.stage:
            found.append(
                Outcome(
                    lead_id=lead_id, stage=point.stage, occurred_at=point.at, sale_price_usd=price, reason=point.reason
                )
            )
        elif price is not None and price != last.sale_price_usd:
            found[-1] = last.model_copy(update={"sale_price_usd": price})
    return found


def _points(opportunity: Known, stages: Mapping[str, str], names: Mapping[str, str]) -> Iterator[_Point]:
    """The opportunity after each of its events; what an event does not tell is as it was."""
    so_far: dict[str, Any] = {}
    for stamp in sorted(opportunity):
        so_far |= opportunity[stamp][1]
        status = str(so_far.get("status", "")).lower()
        stage_id = str(so_far.get("pipelineStageId", ""))
        mapped = stages.get(stage_id)
        if status in words.BY_STATUS:
            stage: Stage | None = words.BY_STATUS[status]
        elif mapped is not None:
            stage = Stage(mapped) if mapped else None
        else:
            stage = guessed_stage(names.get(stage_id) or so_far.get("stageName") or stage_id)
        reason = "abandoned" if status == "abandoned" else None
        yield _Point(moment_of(stamp), stage, _price(so_far.get("value")), reason)


def moment_of(stamp: str) -> datetime:
    """The moment in a stamp."""
    return EPOCH + timedelta(microseconds=int(stamp.partition("/")[0]))


def added_at(opportunity: Known) -> datetime:
    """When the opportunity was made, as far as its events tell."""
    told = (moment(told.get("dateAdded")) or moment_of(stamp) for stamp, told in opportunity.values())
    return min(told)


def _price(text: str | None) -> Decimal | None:
    try:
        return parse_price(text) if text else None
    except ValueError:
        return None
