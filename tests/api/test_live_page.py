"""docs/live-feed.md is held to the feed: each event that it names is made to happen and has the fields named there."""

from __future__ import annotations

import re

from starlette.testclient import TestClient

from core.services.center import CommandCenter
from core.services.lead import personal_data
from core.services.model import model_events
from core.settings import PROJECT_ROOT
from core.store.opinions import Limits, Result, Status
from tests.api.conftest import ML, bearer
from tests.api.test_live import auth, opened
from tests.realtime.waiting import until

PAGE = (PROJECT_ROOT / "docs/live-feed.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `(\w+)` \| [^|]* \| ([^|]*) \|$", PAGE, re.MULTILINE)
SAID = {name: set(re.findall(r"`(\w+)`", told.partition(":")[0])) for name, told in ROWS}
EVERY = {"event_type", "event_id", "timestamp"}
PLENTY = Limits(day_micro_usd=10**9, month_micro_usd=10**9)


def test_the_page_names_every_event_with_its_fields(client: TestClient, live: CommandCenter) -> None:
    headers = bearer(live)
    heard: dict[str, set[str]] = {}
    with opened(client, auth(live)) as socket:

        def hear(name: str) -> None:
            while name not in heard:
                event = socket.receive_json()
                heard[event["event_type"]] = set(event) - EVERY

        hear("heartbeat")
        for _ in range(2):
            assert client.post(f"{ML}/score", json={"lead_id": "ana"}, headers=headers).status_code == 200
            hear("lead_scored")
            until(lambda: live.hub.position >= 1)
        hear("cache_hit")
        client.post(f"{ML}/batch-score", json={"leads": [{"lead_id": "bo"}]}, headers=headers)
        hear("batch_processing")
        outcome = {"lead_id": "ana", "stage": "showing", "occurred_at": "2026-04-02T15:00:00Z"}
        assert client.post(f"{ML}/outcomes", json=outcome, headers=headers).status_code == 200
        hear("outcome_recorded")
        opinions = live.store.opinions
        opinions.gather(lambda found: ["low_confidence" for _ in found])
        waiting = opinions.waiting()[0]
        opinions.reserve(waiting, 5_000, PLENTY)
        opinions.settle(waiting.opinion_id, Result(Status.ANSWERED, 700, took_ms=8.0, answer={}, low=0.1, high=0.3))
        model_events.tell(live, "stump-1", "promoted")
        hear("lead_escalated")
        hear("opinion_received")
        hear("model_status")
        personal_data.erase(live, ["bo"])
        hear("lead_erased")
    assert heard == SAID
