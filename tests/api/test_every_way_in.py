"""Every call of the API, by an agent who wants another agent's lead: nothing of it comes out, and nothing changes."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from core.api.build import build_api
from core.leads import Lead, LeadHistory
from core.services.access import Role, api_token
from core.services.center import CommandCenter
from core.services.scores.scoring import score_lead
from tests.api.conftest import ML
from tests.services.acting import ANA, OTHERS, OWN
from tests.services.made import untold

NAME, EMAIL, PHONE = "Quentin Secretly", "quentin@hidden.example", "+15125550177"
SECRETS = (NAME, EMAIL, PHONE, "5125550177", "Hidden Hills")
ASKED = (
    f"/leads?agent=Ben+Ode&search={NAME}", "/leads?agent=Ben%20Ode", "/leads?agent=ben%20ode", f"/leads?search={EMAIL}",
    "/leads?search=5125550177", "/leads?search=Secretly", f"/leads?search={OTHERS}", "/leads?seen_by=Ben+Ode",
    "/leads?area=Hidden+Hills", "/leads?page=1&page_size=200", f"/leads/{OTHERS}", f"/score/{OTHERS}", "/model/status",
    "/metrics", "/health",
)  # fmt: skip


def sent() -> dict[str, Any]:
    one = {"lead_id": OTHERS, "lead_data": {"name": "Mine", "agent": ANA.agent}}
    return {
        f"{ML}/score": one,
        f"{ML}/batch-score": {"leads": [one, {"lead_id": OWN}]},
        f"{ML}/outcomes": {"lead_id": OTHERS, "stage": "lost", "occurred_at": "2026-01-02T10:00:00Z"},
        "/api/v1/leads/email": {"message_id": "<1@x>", "lead_name": "Mine", "lead_email": EMAIL, "lead_phone": PHONE},
    }


@pytest.fixture
def client(center: CommandCenter) -> TestClient:
    told = {"name": NAME, "email": EMAIL, "phone": PHONE, "location_preference": "Hidden Hills", "agent": "Ben Ode"}
    score_lead(center, LeadHistory(lead=Lead(lead_id=OTHERS, **told)))
    score_lead(center, untold(OWN, agent=ANA.agent))
    return TestClient(build_api(lambda: center), raise_server_exceptions=False)


def headers(center: CommandCenter, subject: str, role: Role) -> dict[str, str]:
    return {"Authorization": f"Bearer {api_token(center, subject, role, 1)}"}


def leaks(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret.lower() in text.lower()]


def test_no_question_brings_another_agents_lead(client: TestClient, center: CommandCenter) -> None:
    ana, max_ = headers(center, "Ana Diaz", Role.AGENT), headers(center, "max", Role.MANAGER)
    for path in ASKED:
        answer = client.get(ML + path, headers=ana)
        assert set(leaks(answer.text)) <= set(leaks(path)), f"{path}: a refusal may repeat what was asked, no more"
        assert answer.status_code < 500, path
        if path.startswith("/leads?") and answer.status_code == 200:
            assert answer.json()["total"] <= 1, path
            assert OTHERS not in answer.text, path
    assert leaks(client.get(f"{ML}/leads/{OTHERS}", headers=max_).text), "a manager sees it"


def test_nothing_that_is_sent_changes_another_agents_lead(client: TestClient, center: CommandCenter) -> None:
    ana = headers(center, "Ana Diaz", Role.AGENT)
    before = (center.store.lead(OTHERS), center.store.agent_of(OTHERS), center.store.outcomes(OTHERS))
    scores = center.store.scores(OTHERS)
    for path, body in sent().items():
        answer = client.post(path, json=body, headers=ana)
        assert not leaks(answer.text), path
    after = (center.store.lead(OTHERS), center.store.agent_of(OTHERS), center.store.outcomes(OTHERS))
    assert after == before
    assert len(center.store.scores(OTHERS)) == len(scores) == 1


@pytest.mark.parametrize("subject", ["ana diaz", "Ben Ode ", "nobody", "ana@team.example", "%", "*"])
def test_a_subject_that_is_nearly_an_agents_name_is_nobody(
    client: TestClient, center: CommandCenter, subject: str
) -> None:
    listed = client.get(f"{ML}/leads", headers=headers(center, subject, Role.AGENT)).json()
    assert listed["total"] == 0
