"""What leads themselves did, as the record has it: one row a message, call, form or look at a listing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from sqlalchemy import Connection, Select, case, select

from core.analytics.stage_ways import Places
from core.analytics.survival import Array
from core.leads import Direction, InteractionKind
from core.store.connect import Database
from core.store.milestones import days
from core.store.schema import interactions, lead_latest

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
    """Every inbound interaction but notes, in one pass over the table. Raises StoreUnavailable."""
    touch = interactions.c
    place = {kind.value: place for place, kinds in enumerate(CONTACT_CHANNELS) for kind in kinds}
    with database.read() as connection:
        ids = connection.execute(select(lead_latest.c.lead_id).order_by(lead_latest.c.lead_id)).scalars().all()
        query = select(
            touch.lead_id,
            case(place, value=touch.kind),
            days(touch.occurred_at, connection.dialect.name),
        ).where(touch.direction == Direction.INBOUND.value, touch.kind != InteractionKind.NOTE.value)
        rows = _fetched(connection, query)
    number = {lead_id: at for at, lead_id in enumerate(ids)}
    return Contacts(
        tuple(ids),
        np.fromiter((number[row[0]] for row in rows), np.int64, len(rows)),
        np.fromiter((row[1] for row in rows), np.int64, len(rows)),
        np.fromiter((row[2] for row in rows), np.float64, len(rows)),
    )


def _fetched(connection: Connection, query: Select[Any]) -> Sequence[Sequence[Any]]:
    """The driver's own rows: a row object a contact would take three times as long."""
    cursor = connection.execute(query).cursor
    return cursor.fetchall() if cursor is not None else []
