"""What an agent's token sees through the API: own leads and those of nobody, also on the live feed."""

from __future__ import annotations

from starlette.testclient import TestClient

from core.api.build import build_api
from core.services.access import Role, api_token
from core.services.center import CommandCenter
from core.services.scores.scoring import score_lead
from tests.api.conftest import ML, bearer
from tests.services.acting import NOBODYS, OTHERS, OWN, fill
from tests.services.made import untold


def token(center: CommandCenter, subject: str, role: Role) -> dict[str, str]:
    return {"Authorization": f"Bearer {api_token(center, subject, role, 1)}"}


def test_an_agents_token_browses_reads_and_sends_only_what_is_theirs(center: CommandCenter) -> None:
    fill(center)
    client = TestClient(build_api(lambda: center), raise_server_exceptions=False)
    ana, manager = token(center, "Ana Diaz", Role.AGENT), bearer(center, Role.MANAGER)
    for headers, seen in ((ana, {OWN, NOBODYS}), (manager, {OWN, NOBODYS, OTHERS})):
        listed = client.get(f"{ML}/leads", headers=headers).json()
        assert {row["lead_id"] for row in listed["leads"]} == seen
        assert listed["total"] == len(seen)
    for path in (f"/leads/{OTHERS}", f"/score/{OTHERS}"):
        assert client.get(ML + path, headers=ana).status_code == 404
        assert client.get(ML + path, headers=manager).status_code == 200
    taken = {"lead_id": OTHERS, "lead_data": {"name": "Mine now"}}
    assert client.post(f"{ML}/score", json=taken, headers=ana).status_code == 404
    assert center.store.lead(OTHERS).name != "Mine now"


def test_another_agents_lead_is_told_of_in_the_words_for_one_that_is_not_there(center: CommandCenter) -> None:
    fill(center)
    client = TestClient(build_api(lambda: center), headers=token(center, "Ana Diaz", Role.AGENT))

    def told(lead_id: str) -> list[tuple[int, str]]:
        outcome = {"lead_id": lead_id, "stage": "lost", "occurred_at": "2026-01-01T00:00:00Z"}
        answers = (
            client.get(f"{ML}/leads/{lead_id}"),
            client.get(f"{ML}/score/{lead_id}"),
            client.post(f"{ML}/outcomes", json=outcome),
        )
        return [(answer.status_code, answer.json()["error"]["message"].replace(lead_id, "...")) for answer in answers]

    assert told(OTHERS) == told("nobody")


def test_the_feed_tells_an_agent_nothing_of_another_agents_lead(live: CommandCenter) -> None:
    with (
        TestClient(build_api(lambda: live), base_url="http://jorge.test") as client,
        client.websocket_connect(f"{ML}/ws/live-scores", headers=token(live, "Ana Diaz", Role.AGENT)) as socket,
    ):
        socket.send_json({"type": "subscribe", "events": ["lead_scored"]})
        while socket.receive_json()["event_type"] != "heartbeat":
            pass
        for lead_id, agent in ((OTHERS, "Ben Ode"), (OWN, "Ana Diaz"), (OTHERS, "Ben Ode"), (NOBODYS, None)):
            score_lead(live, untold(lead_id, agent=agent), force_refresh=True)
        heard: list[str] = []
        while len(heard) < 2:
            event = socket.receive_json()
            if event["event_type"] == "lead_scored":
                heard.append(event["lead_id"])
        assert heard == [OWN, NOBODYS]
