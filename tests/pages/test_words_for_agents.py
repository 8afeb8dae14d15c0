"""What an agent reads of what does not work: what it means for them, and no name of a setting or a program."""

from __future__ import annotations

import re

import pytest

from core.services.access import Actor, Role
from core.services.center import CommandCenter
from pages.components.escalation_words import said_to
from tests.pages.conftest import PAGES, LookAs, Open
from tests.pages.said import said
from tests.services.acting import ANA

FOR_ADMINS = re.compile(r"\b(?:JORGE|ANTHROPIC)_[A-Z_]+\b|\bRedis\b|\bjorge (?:serve|fake-claude)\b|[Cc]ache hit")


@pytest.mark.parametrize("name", ["live_scores", "leads", "lead", "score_csv", "escalations", "threshold"])
def test_an_agent_reads_no_name_of_a_setting_or_a_program(
    name: str, sampled: CommandCenter, open_page: Open, look_as: LookAs
) -> None:
    row = next(row for row in sampled.store.browse(page_size=50).rows if row.agent)
    look_as(Actor.in_role("agent@team.example", Role.AGENT, row.agent))
    app = open_page(sampled, name, **({"id": row.lead_id} if name == "lead" else {}))
    assert not app.exception
    assert [text for text in said(app) if FOR_ADMINS.search(text)] == []


def test_the_live_list_speaks_of_the_feed() -> None:
    source = (PAGES / "components" / "live_scores" / "live_feed.js").read_text(encoding="utf-8")
    assert "Live feed is slow" in source
    assert not FOR_ADMINS.search(source)


def test_no_lead_names_the_setting_of_claude_to_an_admin_either(sampled: CommandCenter, open_page: Open) -> None:
    app = open_page(sampled, "lead", id=sampled.store.recent_scores(1)[0].lead_id)
    assert any("Claude is not set up" in caption.value for caption in app.caption)
    assert "How to switch it on" in [link.proto.label for link in app.get("page_link")]
    assert not any("ANTHROPIC" in text for text in said(app))


def test_who_may_not_set_it_is_told_who_may() -> None:
    broken = "Claude does not accept the key; check ANTHROPIC_API_KEY (401)."
    assert said_to(ANA, broken) == "An admin can see on Escalations what is wrong."
    assert said_to(ANA, "Claude did not answer in time.") == "Claude did not answer in time."
