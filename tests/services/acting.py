"""A workspace with a lead of Ana's, one of Ben's and one of nobody's, and those who look at it."""

from __future__ import annotations

from core.services.access import Actor, Role
from core.services.center import CommandCenter
from core.services.scores.scoring import score_lead
from tests.services.made import untold

ANA = Actor.in_role("ana@team.example", Role.AGENT, "Ana Diaz", "ana@team.example")
MANAGER = Actor.in_role("max@team.example", Role.MANAGER, None, "max@team.example")
ADMIN = Actor.in_role("ada@team.example", Role.ADMIN, None, "ada@team.example")
OWN, NOBODYS, OTHERS = "of-ana", "of-nobody", "of-ben"


def fill(center: CommandCenter) -> None:
    """Three leads of whom the model is unsure, each with an escalation that waits."""
    for lead_id, agent, source in ((OWN, "Ana Diaz", "web"), (NOBODYS, None, "web"), (OTHERS, "Ben Ode", "ben's list")):
        score_lead(center, untold(lead_id, agent=agent, source=source, location_preference=f"Area {lead_id}"))
        center.store.opinions.request(lead_id, "tests")
