"""A simulated opinion: plain keyword rules over what the question holds. It is no judgement, and says so."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from core.escalation.opinion import Band

_DATA: Final = re.compile(r"<lead_data code=\"(\w+)\">\n(.*)\n</lead_data code=\"\1\">", re.DOTALL)
_PROBABILITY: Final = re.compile(r"probability: (\d+) %")
_SENTENCE: Final = re.compile(r"[^.!?\n]{4,160}")
_FOR: Final = {
    "pre-approv": "Says how the purchase is financed.",
    "preapprov": "Says how the purchase is financed.",
    "cash": "Says how the purchase is financed.",
    "offer": "Speaks of an offer.",
    "tour": "Wants to see a home.",
    "show": "Wants to see a home.",
    "see it": "Wants to see a home.",
    "closing": "Knows the steps of a sale.",
    "asap": "Is in a hurry.",
    "lease ends": "Has a date that binds.",
}
_AGAINST: Final = {
    "just looking": "Says that this is only browsing.",
    "browsing": "Says that this is only browsing.",
    "another agent": "Has another agent.",
    "next year": "Puts it off.",
    "too high": "Finds prices too high.",
    "stop": "Asked not to be contacted.",
    "unsubscribe": "Asked not to be contacted.",
    "renew the lease": "Stays where they are.",
}
_STEP: Final = 15  # points for each sign


def messages_of(body: dict[str, Any]) -> tuple[str, list[dict[str, Any]]]:
    """The part before the data, and the data's lines; none when the question has another form than ours."""
    content = body["messages"][-1]["content"]
    text = content if isinstance(content, str) else "\n".join(block.get("text", "") for block in content)
    match = _DATA.search(text)
    lines = [] if match is None else [json.loads(line) for line in match[2].split("\n")]
    return text if match is None else text[: match.start()], lines


def simulated_opinion(body: dict[str, Any]) -> dict[str, Any]:
    """The same question gives the same opinion: the model's probability, moved by the words that are found."""
    findings, lines = messages_of(body)
    told = _PROBABILITY.search(findings)
    points = int(told[1]) if told else 30
    words = [line["text"] for line in lines if line.get("from") == "lead"]
    evidence, objections = _signs(words, _FOR), _signs(words, _AGAINST)
    points += _STEP * len(evidence) - _STEP * len(objections)
    name = "[NAME_1]" if any("[NAME_1]" in line.get("profile", {}).get("name", "") for line in lines) else "there"
    refused = any("Asked not" in sign["why"] for sign in objections)
    return {
        "evidence": evidence[:5],
        "objections": ["Simulated: no one has read this conversation.", *(sign["why"] for sign in objections)][:5],
        "band": Band.of(min(max(points, 0), 99) / 100).value,
        "next_best_action": "Simulated: "
        + ("Let the lead rest." if refused else "Call, and ask when they want to move."),
        "draft_reply": ""
        if refused
        else f"Hi {name}, thank you for your message. (Simulated draft.) When would suit you?",
    }


def _signs(words: list[str], meanings: dict[str, str]) -> list[dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for text in words:
        for sentence in _SENTENCE.findall(text):
            for word, why in meanings.items():
                if word in sentence.casefold():
                    found.setdefault(why, {"quote": sentence.strip(), "why": why})
    return list(found.values())
