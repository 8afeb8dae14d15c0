"""What leads themselves did, as the record has it: one row a message, call, form or look at a listing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from sqlalchemy import ColumnElement, case, select, text, union

from core.analytics.stage_ways import Places
from core.analytics.survival import Array
from core.leads import InteractionKind, Stage
from core.store.connect import Database
from core.store.figures.milestones import days, in_columns
from core.store.schema import THEIRS, interactions, lead_latest, outcomes

# Kinds of one place are one channel. Our own touches and notes are none: a channel is how a lead came to us.
CONTACT_CHANNELS: Final = (
    (InteractionKind.EMAIL,),
    (InteractionKind.SMS,),
    (InteractionKind.CALL,),
    (InteractionKind.CHAT,),
    (InteractionKind.FORM,),
    (InteractionKind.PROPERTY_VIEW, InteractionKind.PROPERTY_SAVE),
    (InteractionKind.SHOWING_REQUEST, InteractionKind.SHOWING),
    (InteractionKind.OTHER,),
)


@dataclass(frozen=True, slots=True, eq=False)
class Contacts:
    """An entry a contact that a lead made: the lead's place in ``lead_ids``, a place in CONTACT_CHANNELS, the day."""

    lead_ids: tuple[str, ...]
    lead: Places
    channel: Places
    day: Array


def read_contacts(database: Database) -> Contacts:
    """Every inbound interaction but notes of leads that are closed or lost.

    ``lead_ids`` are all leads. Raises StoreUnavailable.
    """
    touch = interactions.c
    place = {kind.value: place for place, kinds in enumerate(CONTACT_CHANNELS) for kind in kinds}
    with database.read() as connection:
        ids = in_columns(connection, select(lead_latest.c.lead_id).order_by(lead_latest.c.lead_id), 1)[0][0]
        query = select(
            touch.lead_id,
            case(place, value=touch.kind),
            days(touch.occurred_at, connection.dialect.name),
        ).where(text(THEIRS), _of_ended())
        (of,), (channel, day) = in_columns(connection, query, 1)
    number = {lead_id: at for at, lead_id in enumerate(ids)}
    lead = np.fromiter(map(number.__getitem__, of), np.int64, len(of))
    return Contacts(tuple(ids), lead, channel.astype(np.int64), day)


def _of_ended() -> ColumnElement[bool]:
    """Whether a touch is of a lead that is closed or lost, or was closed once."""
    closed = select(outcomes.c.lead_id).where(outcomes.c.stage == Stage.CLOSED.value)
    ended = select(lead_latest.c.lead_id).where(lead_latest.c.stage.in_((Stage.CLOSED.value, Stage.LOST.value)))
    return interactions.c.lead_id.in_(union(ended, closed))
