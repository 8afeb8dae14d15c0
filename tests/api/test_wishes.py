"""The events that a client of the live WebSocket may name are those that there are."""

from __future__ import annotations

import re

from core.api.wishes import EVENTS
from core.realtime.passing import LEAD_ERASED
from core.settings import PROJECT_ROOT


def test_the_events_are_those_of_the_documentation() -> None:
    page = (PROJECT_ROOT / "docs/live-feed.md").read_text(encoding="utf-8")
    assert sorted(EVENTS) == sorted(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE))


def test_whatever_the_product_tells_may_be_named() -> None:
    layers = [
        path for layer in ("store", "realtime", "services") for path in (PROJECT_ROOT / "core" / layer).rglob("*.py")
    ]
    source = "\n".join(path.read_text(encoding="utf-8") for path in [*layers, PROJECT_ROOT / "core/api/live.py"])
    told = set(re.findall(r'"event_type": "(\w+)"|\btell\(\s*center,\s*"(\w+)"', source))
    assert {name for pair in told for name in pair if name} | {LEAD_ERASED} == set(EVENTS)
