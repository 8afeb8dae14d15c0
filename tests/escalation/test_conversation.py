"""What of a conversation is sent, and how much."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

from core.escalation import PriceTable
from core.escalation.conversation import CONVERSATION_CHARACTERS, conversation_of
from core.escalation.prompt import SYSTEM, Prompt, prompt_of
from core.leads import Interaction, InteractionKind
from tests.escalation.asking import NOON, question, said

MODEL = "claude-haiku-5-5"


def lines(*messages: Any, **fields: Any) -> list[dict[str, Any]]:
    """The lines of a question, read back."""
    return [json.loads(line) for line in conversation_of(question(*messages, **fields).history).lines]


def prompt(*messages: Any, **fields: Any) -> Prompt:
    """The whole prompt of a question."""
    return prompt_of(question(*messages, **fields), MODEL, PriceTable.load().price(MODEL))


def test_messages_stand_oldest_first_with_who_wrote_them() -> None:
    _, first, second = lines("hello", said("hi Ana", 1, by_lead=False, subject="Your search"))
    assert first == {"on": "2026-03-02 12:00", "from": "lead", "via": "sms", "text": "hello"}
    assert second["from"] == "team"
    assert (second["subject"], second["text"]) == ("Your search", "hi [NAME_1]")


def test_a_message_of_the_form_is_the_first_and_is_not_told_twice() -> None:
    assert [line.get("text") for line in lines("hello", message="3 beds please")] == [None, "3 beds please", "hello"]
    assert [line.get("text") for line in lines("hello", message="hello")] == [None, "hello"]
    assert [line.get("text") for line in lines(message="3 beds please")] == [None, "3 beds please"]


def test_a_message_of_the_form_came_with_the_lead_or_at_the_latest_with_its_next_one() -> None:
    came = NOON - timedelta(days=1)
    assert lines("hello", message="3 beds please", created_at=came)[1]["on"] == "2026-03-01 12:00"
    assert lines("hello", message="3 beds please")[1]["on"] == "2026-03-02 12:00"


def test_what_was_only_looked_at_is_counted() -> None:
    seen = [Interaction(occurred_at=NOON, kind=InteractionKind.PROPERTY_VIEW, subject="12 Elm St") for _ in range(3)]
    assert lines(*seen)[0]["profile"]["listings_viewed"] == 3


def test_the_newest_messages_are_kept_when_there_are_too_many() -> None:
    told = lines(*(f"number {number}" for number in range(200)))
    assert [line["text"] for line in told[1:]] == [f"number {number}" for number in range(140, 200)]


def test_the_whole_conversation_and_each_message_have_a_limit() -> None:
    texts = [f"{number} " + "word " * 900 for number in range(20)]
    conversation = conversation_of(question(*texts).history)
    told = [json.loads(line) for line in conversation.lines[1:]]
    assert told[0] == {"left_out": "older messages"}
    assert told[-1]["text"].startswith("19 word")
    assert all(len(line["text"]) <= 2_000 + len(" [...]") for line in told[1:])
    assert 15_000 < sum(map(len, conversation.lines[1:])) <= CONVERSATION_CHARACTERS + 40


def test_only_the_leads_own_words_of_messages_that_are_sent_can_be_quoted() -> None:
    texts = [f"{number} " + "word " * 900 for number in range(20)]
    words = conversation_of(question(*texts, said("ours", 30, by_lead=False)).history).lead_words
    assert len(words) == 9
    assert all(text.startswith(tuple(f"{number} " for number in range(11, 20))) for text in words)


def test_money_at_stake_agent_and_lead_id_are_not_sent() -> None:
    sent = json.dumps(prompt("hello", agent="Quincy Brandt", lead_id="lead-77", tags=("vip-list",)).params)
    for secret in ("Quincy", "Brandt", "lead-77", "vip-list", "commission"):
        assert secret not in sent.replace(SYSTEM, "")


def test_the_models_findings_stand_before_the_data_and_may_be_missing() -> None:
    asked = question("hello")
    price = PriceTable.load().price(MODEL)
    told = [
        prompt_of(one, MODEL, price).params["messages"][0]["content"] for one in (asked, replace(asked, score=None))
    ]
    assert told[0][0]["text"].split("\n") == [
        "Today is 2026-03-03.",
        "The model's probability: 40 %. Its confidence in its call: 60 %. Its tier: warm.",
        "Its strongest reasons:",
        "- Answers within 2 hours: raises the chance by 9 points",
        "The model's confidence is below the team's threshold.",
    ]
    assert "could not score this lead" in told[1][0]["text"]
    assert told[0][1] == told[1][1]


def test_the_same_question_gives_the_same_prompt() -> None:
    assert prompt("hello").params == prompt("hello").params


def test_the_digest_changes_with_what_placeholders_may_stand_for_and_with_nothing_else() -> None:
    known = prompt("call 512-555-0142", listing_address="12 Elm St").digest
    assert prompt("call 512-555-0142", listing_address="12 Elm St", budget_range="500k").digest == known
    assert prompt("call 512-555-0142!", listing_address="12 Elm St").digest != known
    assert prompt("call 512-555-0142", listing_address="Elm St 12").digest != known
    assert prompt("call 512-555-0142", listing_address="12 Elm St", phone=None).digest != known


def test_no_prompt_can_be_longer_than_its_bound_in_tokens() -> None:
    """A token is a byte at the least; the text alone of each block is shorter than the bound."""
    told = prompt("你好" * 1_000)
    texts = [block["text"] for block in told.params["messages"][0]["content"]] + [SYSTEM]
    assert told.most_tokens > sum(len(text.encode()) for text in texts)


def test_the_system_prompt_names_the_bounds_that_are_kept() -> None:
    assert "$" not in SYSTEM
    for words in ("up to 5 quotes", "300 characters", "200 characters", "1200 characters"):
        assert words in " ".join(SYSTEM.split())
