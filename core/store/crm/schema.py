"""The tables of a CRM that is connected."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Double, Index, Integer, Table, Text, text

from core.store.columns import UtcTime, key_text, row_id
from core.store.schema import metadata

# Every event that was acknowledged, once. The payload goes when the event is worked through.
crm_events = Table(
    "crm_events",
    metadata,
    Column("event_no", row_id(), primary_key=True),
    Column("webhook_id", key_text(), nullable=False, unique=True),
    Column("event_type", key_text(), nullable=False),
    Column("state", key_text(), nullable=False),  # waiting, done, ignored, failed
    Column("sent_at", UtcTime, nullable=False),
    Column("received_at", UtcTime, nullable=False),
    Column("reason", Text),  # why it failed
    Column("payload", Text),  # JSON object
    Index("ix_crm_events_state_event_no", "state", "event_no"),
    Index("ix_crm_events_received_at", "received_at"),
    sqlite_autoincrement=True,
)

# What is known of a contact, a message, an opportunity or an appointment (core.transfer.gohighlevel.known).
crm_known = Table(
    "crm_known",
    metadata,
    Column("contact_id", key_text(), primary_key=True),
    Column("kind", key_text(), primary_key=True),
    Column("entity_id", key_text(), primary_key=True),
    Column("known", Text, nullable=False),  # JSON object
)

# Whose an opportunity is. A query must say the same words, not parameters, to be answered from it.
OF_OPPORTUNITY = "crm_known.kind = 'opportunity'"
_OF_OPPORTUNITY = text(OF_OPPORTUNITY.replace("crm_known.", ""))
Index(
    "ix_crm_known_opportunity",
    crm_known.c.entity_id,
    sqlite_where=_OF_OPPORTUNITY,
    postgresql_where=_OF_OPPORTUNITY,
)

# A contact's lead, whether it is to be scored, and what the CRM was last told of its score.
crm_people = Table(
    "crm_people",
    metadata,
    Column("contact_id", key_text(), primary_key=True),
    Column("lead_id", key_text(), nullable=False),
    Column("score_due", BigInteger, nullable=False),  # changes so far; 0 or less: all are scored
    Column("deleted_at", UtcTime),  # in the CRM
    Column("next_write_at", UtcTime),  # when the CRM is to be told; NULL: nothing to tell
    Column("write_tries", Integer, nullable=False),
    Column("write_problem", Text),
    Column("written_at", UtcTime),
    Column("written_probability", Double),
    Column("written_tier", key_text()),
    Index("ix_crm_people_lead_id", "lead_id"),
    Index("ix_crm_people_score_due", "score_due"),
    Index("ix_crm_people_next_write_at", "next_write_at"),
)

# Ids that events named: stages of pipelines, custom fields, users; their name where one is known.
crm_names = Table(
    "crm_names",
    metadata,
    Column("kind", key_text(), primary_key=True),
    Column("name_id", key_text(), primary_key=True),
    Column("name", Text),
    Column("example", Text),
)
