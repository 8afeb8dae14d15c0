"""Whatever a lead writes, and with a Claude that obeys every word of it, the record's scores do not move."""

from __future__ import annotations

from core.escalation import Band, Opinion
from core.escalation.fake import Plan
from core.services.center import CommandCenter
from core.services.escalations import budget
from core.store.opinions import Status
from tests.escalation.injections import INJECTIONS
from tests.services.escalations.conftest import desk, scores_hash, settled, unsure, until


def test_no_attempt_moves_a_stored_score_a_tier_or_a_budget(asking: CommandCenter, plan: Plan) -> None:
    plan.default = "obedient"
    leads = {f"lead_{number}": text for number, text in enumerate(INJECTIONS.values())}
    for lead_id, text in leads.items():
        unsure(asking, lead_id, text=text[:5_000])
    before, limits = scores_hash(asking.store), budget.limits(asking)
    shown = [(row.lead_id, row.tier, row.probability) for row in asking.store.browse(page_size=200).rows]
    with desk(asking, at_once=8):
        until(lambda: settled(asking.store, len(leads)), 120)
    assert scores_hash(asking.store) == before
    assert [(row.lead_id, row.tier, row.probability) for row in asking.store.browse(page_size=200).rows] == shown
    assert all(asking.store.override(lead_id) is None for lead_id in leads)
    assert budget.limits(asking) == limits
    rows = [row for lead_id in leads for row in asking.store.opinions.of_lead(lead_id)]
    assert len(rows) == len(leads)
    for row in rows:
        if row.status is Status.ANSWERED:
            opinion = Opinion.model_validate(row.answer)  # the schema bounds every field
            assert (row.low, row.high) == (opinion.band.low, opinion.band.high)
            assert opinion.band in set(Band)
