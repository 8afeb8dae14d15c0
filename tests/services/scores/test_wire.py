"""What a request tells becomes the lead that it would be if every value was checked once more."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime
from typing import Any

import pytest

from core.leads import Interaction, Lead, LeadHistory
from core.sample import generate
from core.services.scores.wire import LeadIn, ScoreIn, to_request

REQUESTS = [to_request(item.history) for item in generate(150, seed=11, end=datetime(2026, 10, 1, tzinfo=UTC))]


def _as_told(request: dict[str, Any]) -> LeadHistory:
    return ScoreIn.model_validate(request).to_history()


@pytest.mark.parametrize("name", sorted(LeadIn.model_fields.keys() & Lead.model_fields.keys() - {"tags"}))
def test_a_field_of_the_wire_takes_what_the_leads_field_takes(name: str) -> None:
    wire, ours = LeadIn.model_fields[name], Lead.model_fields[name]
    assert (wire.annotation, wire.default) == (ours.annotation, ours.default)
    assert repr(wire.metadata) == repr(ours.metadata)


def test_a_lead_is_what_it_would_be_if_every_value_was_checked_once_more() -> None:
    told_of_insights = 0
    for request in REQUESTS:
        found = _as_told(request)
        lead = Lead(**{name: getattr(found.lead, name) for name in found.lead.model_fields_set})
        touches = tuple(Interaction(**touch.model_dump()) for touch in found.interactions)
        again = LeadHistory(lead=lead, interactions=touches)
        assert found == again
        assert found.model_dump_json() == again.model_dump_json(), "in the same order"
        assert found.lead.model_fields_set == lead.model_fields_set
        assert pickle.loads(pickle.dumps(found)) == found.model_copy(deep=True) == again
        told_of_insights += "insights" in lead.model_fields_set
    assert 0 < told_of_insights < len(REQUESTS), "of some and not of others"


def test_what_was_not_told_is_nobody_elses() -> None:
    first, second = _as_told({"lead_id": "a"}).lead, _as_told({"lead_id": "b", "lead_data": {}}).lead
    assert first == Lead(lead_id="a")
    assert first.model_fields_set == second.model_fields_set == {"lead_id"}
    assert first.measured is not second.measured
