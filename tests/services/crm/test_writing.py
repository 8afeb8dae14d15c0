"""Scores in the CRM's fields, over real HTTP on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from core.crm import GoHighLevel
from core.errors import InputError, SettingsError
from core.escalation.circuit import Circuit
from core.leads import utc_now
from core.services import health
from core.services.center import CommandCenter
from core.services.crm import intake, rules, writing
from core.services.crm.work import work
from core.services.scores import scoring
from tests.realtime.waiting import until
from tests.services.centers import settings_in
from tests.services.crm.hooks import body, public, sign
from tests.services.crm.rest_server import TOKEN, Rest, running

FIELDS = {"jorge_ghl_score_field": "f-score", "jorge_ghl_tier_field": "f-tier", "jorge_ghl_reasons_field": "f-why"}
BUDGET: dict[str, Any] = {"customFields": [{"id": "cf1", "value": "500000"}]}


@pytest.fixture
def rest() -> Iterator[Rest]:
    with running() as server:
        yield server


@pytest.fixture
def writing_center(rest: Rest, tmp_path: Path, models_dir: Path) -> Iterator[CommandCenter]:
    """A center with two leads of the CRM; writing back is set up and on."""
    told = {
        "jorge_ghl_webhook_keys": public(),
        "jorge_ghl_api_url": rest.url,
        "jorge_ghl_api_token": SecretStr(TOKEN),
        "jorge_ghl_most_requests": 1_000,
        **FIELDS,
    }
    with CommandCenter(settings_in(tmp_path / "data", **told), models_dir) as center:
        center.set_setting(rules.FIELDS, {"cf1": "price_max_usd"})
        tell(center, "w1", id="ana", name="Ana Lima")
        tell(center, "w2", id="bo", name="Bo Reed", **BUDGET)
        writing.set_on(center, True)
        yield center


def tell(center: CommandCenter, webhook_id: str, kind: str = "ContactUpdate", **fields: Any) -> None:
    sent = body(kind, webhook_id, **fields)
    intake.take(center, sent, sign(sent))
    while work(center):
        pass


@contextmanager
def writer(center: CommandCenter) -> Iterator[writing.CrmWriter]:
    circuit = Circuit(failures_to_open=3, open_s=0.1)
    opened = writing.CrmWriter(center, circuit, look_s=0.01, first_pause_s=0.05).start()
    try:
        yield opened
    finally:
        opened.close()


def test_score_tier_and_reasons_stand_in_the_fields(writing_center: CommandCenter, rest: Rest) -> None:
    with writer(writing_center):
        until(lambda: writing.counts(writing_center).written == 2)
    # The stump says 0.1 of a lead whose budget nobody knows, 0.4 of one whose loan is not approved: cold, and warm.
    assert rest.fields("ana") == {"f-score": 10.0, "f-tier": "cold", "f-why": reasons(writing_center, "ana")}
    assert rest.fields("bo") == {"f-score": 40.0, "f-tier": "warm", "f-why": reasons(writing_center, "bo")}
    found = writing.counts(writing_center)
    assert (found.written, found.waiting, found.failing) == (2, 0, 0)


def reasons(center: CommandCenter, lead_id: str) -> str:
    return "\n".join(center.store.latest_score(lead_id).reasons[:3])


def test_it_is_off_until_somebody_switches_it_on(writing_center: CommandCenter, rest: Rest) -> None:
    writing.set_on(writing_center, False)
    with writer(writing_center):
        writing_center.crm.refusals.flush()
    assert rest.asked == []
    with (
        CommandCenter(settings_in(writing_center.data_dir / "other"), writing_center.models_dir) as other,
        pytest.raises(InputError, match="JORGE_GHL_API_TOKEN"),
    ):
        writing.set_on(other, True)


def test_what_was_told_is_told_again_only_when_it_moved(writing_center: CommandCenter, rest: Rest) -> None:
    with writer(writing_center):
        until(lambda: writing.counts(writing_center).written == 2)
    scoring.score_stored(writing_center, "ana")
    assert writing.counts(writing_center).waiting == 0, "the same score again is no news"
    tell(writing_center, "w3", id="ana", **BUDGET)
    assert writing.counts(writing_center).waiting == 1, "from 0.1 to 0.4"
    with writer(writing_center):
        pass  # the turn of ten seconds belongs to the first writer; the next one waits
    assert len(rest.asked) == 2


def test_a_webhook_of_our_own_writing_causes_no_other(writing_center: CommandCenter, rest: Rest) -> None:
    with writer(writing_center):
        until(lambda: writing.counts(writing_center).written == 2)
        ours = [{"id": field, "value": str(value)} for field, value in rest.fields("ana").items()]
        scores = len(writing_center.store.scores("ana"))
        tell(writing_center, "w3", id="ana", name="Ana Lima", customFields=ours)
        assert len(writing_center.store.scores("ana")) == scores
        assert writing.counts(writing_center).waiting == 0
    assert len(rest.asked) == 2


def test_when_the_crm_wants_fewer_requests_it_is_left_alone_and_told_later(
    writing_center: CommandCenter, rest: Rest
) -> None:
    rest.answers = [(429, {"retry-after": "1"})]
    with writer(writing_center):
        took = until(lambda: len(rest.asked) == 2, within_s=10.0)
    assert took >= 1.0


def test_failures_are_tried_again_and_stop_the_asking_for_a_while(writing_center: CommandCenter, rest: Rest) -> None:
    rest.answers = [(500, {})] * 3
    with writer(writing_center):
        until(lambda: writing.problem(writing_center) is not None)
        assert health.checks(writing_center)["checks"]["crm"]["status"] == health.UNHEALTHY
        until(lambda: len(rest.asked) == 2, within_s=10.0)
        until(lambda: writing.counts(writing_center).written == 2)
        writing_center.kept.forget(("setting", writing.STATE))
        until(lambda: (writing_center.store.workspace(writing.STATE) or {})["problem"] is None)
    writing_center.kept.forget(("setting", writing.STATE))
    assert writing.problem(writing_center) is None
    assert health.checks(writing_center)["checks"]["crm"]["status"] == health.HEALTHY


def test_a_contact_that_the_crm_does_not_know_stops_no_other(writing_center: CommandCenter, rest: Rest) -> None:
    rest.answers = [(404, {})]
    with writer(writing_center):
        until(lambda: len(rest.asked) == 1)
        until(lambda: writing.counts(writing_center).written == 1)
    ((lead_id, said, again_at),) = writing_center.store.crm.writing.problems()
    assert (lead_id, again_at is not None) == ("ana", True)
    assert "404" in said


def test_a_contact_that_is_deleted_in_the_crm_is_not_written_to(writing_center: CommandCenter, rest: Rest) -> None:
    tell(writing_center, "w3", "ContactDelete", id="ana")
    with writer(writing_center):
        until(lambda: len(rest.asked) == 1)
    assert rest.fields("ana") == {}


def test_requests_keep_to_the_limit(writing_center: CommandCenter, rest: Rest) -> None:
    slow = writing_center.settings.model_copy(update={"jorge_ghl_most_requests": 20})
    writing_center.settings = slow
    for number in range(4):
        tell(writing_center, f"v{number}", id=f"lead{number}", name="Cy")
    with writer(writing_center):
        until(lambda: len(rest.asked) == 4, within_s=10.0)
    times = [at for at, _, _ in rest.asked]
    assert times[-1] - times[0] > 1.3, "one each half second"


def test_what_a_killed_writer_had_reserved_is_written_by_the_next(writing_center: CommandCenter, rest: Rest) -> None:
    table = writing_center.store.crm.writing
    assert len(table.claim(0.05, utc_now(), 10)) == 2
    assert table.claim(0.05, utc_now(), 10) == []
    assert len(table.claim(0.05, utc_now() + timedelta(seconds=61), 10)) == 2


@pytest.mark.parametrize("address", ["http://crm.example", "ftp://crm.example", "crm", ""])
def test_the_token_goes_nowhere_unencrypted(address: str) -> None:
    with pytest.raises(SettingsError, match="must begin with https://"):
        GoHighLevel(address, TOKEN)
