"""Valid bodies changed at random: a small part of ``python -m tests.measure.bodies``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.services.center import CommandCenter
from tests.measure.bodies import Told, in_process, to_server
from tests.measure.changed import Call, Maker
from tests.services.centers import settings_in
from tests.services.crm.hooks import LOCATION, public


@pytest.fixture
def taking(tmp_path: Path, models_dir: Path) -> Iterator[CommandCenter]:
    settings = settings_in(tmp_path / "data", jorge_ghl_webhook_keys=public(), jorge_ghl_location_ids=LOCATION)
    with CommandCenter(settings, models_dir) as opened:
        yield opened


def test_whatever_becomes_of_a_body_the_answer_is_ours_in_process_and_over_http(taking: CommandCenter) -> None:
    inside, outside = Told(), Told()
    first, last = in_process(taking, range(1_200), Maker(20261121), inside, 2)
    to_server(taking, range(1_200, 1_300), Maker(20261121), outside)
    assert inside.wrong == []
    assert outside.wrong == []
    assert (sum(inside.statuses.values()), sum(outside.statuses.values())) == (1_200, 100)
    assert inside.statuses[200] > 300, "many are still good enough to be worked on"
    assert inside.statuses[422] > 300, "many are not"
    assert last - first < 30, "megabytes"


def test_an_answer_that_must_not_be_is_noticed() -> None:
    told, call = Told(), Call("GET", "/")
    for status, answer in ((500, b"{}"), (200, b'{"a": "Traceback (most recent call last)"}'), (200, b"<html>")):
        told.add(call, status, answer)
    told.add(call, 422, b"{}")
    assert [status for _, status, _ in told.wrong] == [500, 200, 200]
