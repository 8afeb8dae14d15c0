"""The tables of the second opinion: what is to be asked, what was answered, and what was spent on it."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Date, Double, ForeignKey, Index, Integer, Table, Text

from core.store.columns import UtcTime, key_text, row_id
from core.store.schema import metadata

# A row is an escalation from the moment it waits; ``Status`` says what became of it. A score is never changed by it.
opinions = Table(
    "opinions",
    metadata,
    Column("opinion_id", row_id(), primary_key=True),
    Column("lead_id", key_text(), ForeignKey("leads.lead_id"), nullable=False),
    Column("score_id", BigInteger, ForeignKey("scores.score_id"), nullable=False),  # the score it is about
    Column("asked_because", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("queued_at", UtcTime, nullable=False),
    Column("queued_by", Text),  # who asked by hand
    Column("heard_until", UtcTime),  # the lead's last activity: without a later one nothing new could be said
    Column("not_before", UtcTime),
    Column("tries", Integer, nullable=False),
    Column("asked_at", UtcTime),
    Column("answered_at", UtcTime),
    Column("batch_id", Text),
    Column("claude_model", Text),
    Column("request_id", Text),
    Column("simulated", Boolean, nullable=False),
    Column("low", Double),  # the band of the probability
    Column("high", Double),
    Column("answer", Text),  # JSON object, whole, as validated
    Column("error", Text),  # why there is no opinion
    Column("tokens_in", Integer),
    Column("tokens_cached", Integer),
    Column("tokens_out", Integer),
    Column("took_ms", Double),
    Column("reserved_micro_usd", BigInteger),
    Column("cost_micro_usd", BigInteger),
    Column("decided_by", Text),
    Column("decided_at", UtcTime),
    Column("decision", Text),
    Index("ix_opinions_lead_id_queued_at", "lead_id", "queued_at"),
    Index("ix_opinions_status_queued_at", "status", "queued_at"),
    Index("ix_opinions_queued_at", "queued_at"),
    Index("ix_opinions_asked_at", "asked_at"),
    Index("ix_opinions_score_id", "score_id"),
)

# What is reserved or spent, by the day (UTC) of asking. It stays when leads are cleared: the money is gone.
claude_spending = Table(
    "claude_spending",
    metadata,
    Column("day", Date, primary_key=True),
    Column("calls", BigInteger, nullable=False),
    Column("micro_usd", BigInteger, nullable=False),
)
