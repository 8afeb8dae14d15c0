"""However events are ordered, repeated and cut into portions, the record ends up the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from core.leads import utc_now
from core.services.center import CommandCenter
from core.services.crm import rules
from core.services.crm.work import take_in
from core.store.columns import from_json
from core.store.crm import CrmEvent
from core.store.schema import interactions, lead_latest, leads, outcomes
from tests.services.centers import settings_in
from tests.services.crm.hooks import event
from tests.store.conftest import BOTH, postgres

CONTACTS = ("ana", "bo")
STAGES = ("st1", "st2", "Under contract")
NOT_COMPARED = {"interaction_id", "outcome_id", "recorded_at"}  # when and as which row it was stored


__all__ = ["postgres"]


@pytest.fixture(scope="module", params=BOTH)
def opened(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, models_dir: Path
) -> Iterator[CommandCenter]:
    url = None if request.param == "sqlite" else request.getfixturevalue("postgres").new_database()
    folder = tmp_path_factory.mktemp("order") / "data"
    with CommandCenter(settings_in(folder, jorge_database_url=url), models_dir) as center:
        center.set_setting(rules.STAGES, {"st1": "qualified", "st2": "showing"})
        center.set_setting(rules.FIELDS, {"cf1": "price_max_usd", "cf2": "timeline"})
        yield center


def optional(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=fields)


WHO = st.sampled_from(CONTACTS)
TEXTS = st.sampled_from(["Ana", "Bo Reed", "", "-", "x" * 400])
CONTACT = st.builds(
    lambda kind, who, told: (kind, {"id": who, **told}),
    st.sampled_from(["ContactCreate", "ContactUpdate", "ContactTagUpdate", "ContactDelete"]),
    WHO,
    optional(
        name=TEXTS,
        firstName=TEXTS,
        phone=st.sampled_from(["+15125550198", "5125550111", "ask her"]),
        email=st.sampled_from(["ana@example.com", "none"]),
        source=TEXTS,
        assignedTo=TEXTS,
        dateAdded=st.sampled_from(["2026-01-05T10:00:00Z", "2026-02-01T10:00:00-07:00", "soon"]),
        tags=st.lists(st.sampled_from(["Seller", "Buyer", "hot"]), max_size=2),
        customFields=st.lists(
            st.fixed_dictionaries(
                {"id": st.sampled_from(["cf1", "cf2"]), "value": st.sampled_from(["500k", "-1", "3 months", ""])}
            ),
            max_size=2,
        ),
    ),
)
MESSAGE = st.builds(
    lambda kind, who, told: (kind, {"contactId": who, **told}),
    st.sampled_from(["InboundMessage", "OutboundMessage"]),
    WHO,
    optional(
        messageId=st.sampled_from(["m1", "m2"]),
        messageType=st.sampled_from(["SMS", "Email", "CALL"]),
        direction=st.sampled_from(["inbound", "outbound"]),
        body=st.sampled_from(["Hello", "<p>Hello</p>", "Is it there?"]),
        subject=TEXTS,
        dateAdded=st.sampled_from(["2026-01-06T08:00:00Z", "2026-01-07T08:00:00Z"]),
        **{"from": st.sampled_from(["+15125550122", "ana.lima@example.com"])},
        to=st.sampled_from([["+15125550133"], "bo@example.com"]),
    ),
)
OPPORTUNITY = st.builds(
    lambda kind, who, which, told: (kind, {"contactId": who, "id": f"op-{which}", **told}),
    st.sampled_from(["OpportunityCreate", "OpportunityStageUpdate", "OpportunityStatusUpdate"]),
    WHO,
    st.sampled_from([1, 1, 2]),  # one opportunity may be of both contacts, one after the other
    optional(
        pipelineStageId=st.sampled_from(STAGES),
        status=st.sampled_from(["open", "won", "lost", "abandoned"]),
        monetaryValue=st.sampled_from([0, 450_000, "620,000"]),
        source=TEXTS,
        dateAdded=st.just("2026-01-04T08:00:00Z"),
    ),
)
APPOINTMENT = st.builds(
    lambda kind, who, told: (kind, {"appointment": {"contactId": who, "id": f"ap-{who}", **told}}),
    st.sampled_from(["AppointmentCreate", "AppointmentUpdate"]),
    WHO,
    optional(
        appointmentStatus=st.sampled_from(["new", "confirmed", "showed", "cancelled"]),
        startTime=st.sampled_from(["2026-01-09T08:00:00Z", "2026-01-10T08:00:00Z"]),
        title=st.sampled_from(["Tour", "Phone call"]),
    ),
)
EVENTS = st.lists(
    st.tuples(CONTACT | MESSAGE | OPPORTUNITY | APPOINTMENT, st.integers(0, 4)), min_size=1, max_size=9
)  # the number is the second in which it was sent, so that some were sent at once


@st.composite
def orders(draw: st.DrawFn) -> tuple[list[tuple[str, dict[str, Any], int]], list[int], set[int]]:
    """Events; an order with repetitions, by index; after which of its places there is time to work."""
    events = [(kind, fields, second) for (kind, fields), second in draw(EVENTS)]
    order = draw(st.permutations(range(len(events))))
    order += draw(st.lists(st.sampled_from(order), max_size=4))
    return events, order, draw(st.sets(st.integers(0, len(order) - 1)))


@given(told=orders())
@settings(max_examples=80, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_any_order_and_repetition_ends_in_the_same_record(
    opened: CommandCenter, told: tuple[list[tuple[str, dict[str, Any], int]], list[int], set[int]]
) -> None:
    events, order, pauses = told
    start = utc_now().replace(microsecond=0) - timedelta(minutes=2)
    in_order = sorted(range(len(events)), key=lambda index: events[index][2])
    assert after(opened, events, order, pauses, start) == after(opened, events, in_order, set(), start)


def after(
    center: CommandCenter,
    events: list[tuple[str, dict[str, Any], int]],
    order: list[int],
    pauses: set[int],
    start: datetime,
) -> dict[str, list[dict[str, Any]]]:
    center.store.clear()
    for place, index in enumerate(order):
        kind, fields, second = events[index]
        sent_at = start + timedelta(seconds=second)
        sent = event(kind, f"w{index}", sent_at, **fields)
        center.store.crm.receive(CrmEvent(f"w{index}", kind, sent_at, utc_now(), payload=sent))
        if place in pauses:
            take_in(center)
    take_in(center)
    assert center.store.crm.failures() == []
    return record(center)


def record(center: CommandCenter) -> dict[str, list[dict[str, Any]]]:
    """All rows, without what says only when they were stored."""
    found = {}
    with center.store.database.read() as connection:
        for table in (leads, interactions, outcomes, lead_latest):
            rows = [
                {name: value for name, value in row.items() if name not in NOT_COMPARED}
                for row in connection.execute(select(table)).mappings()
            ]
            found[table.name] = sorted(rows, key=str)
    for row in found["leads"]:
        row["tags"] = from_json(row["tags"]) if row["tags"] else None
    return found
