"""Does a lead go all the way: in through the API, into the record, onto the live feed, and out again?"""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import Any, Final

from core.api.build import build_api
from core.errors import JorgeError
from core.realtime import Subscription
from core.services.access import Role, api_token
from core.services.center import CommandCenter
from core.validation.room import Room

LEAD_ID: Final = "validate-flow"
WITHIN_S: Final = 5.0
_ADDRESS: Final = "http://127.0.0.1/v1/ml"
_REQUEST: Final[dict[str, Any]] = {
    "lead_id": LEAD_ID,
    "lead_data": {
        "name": "Ana Lima",
        "budget_range": "500k-750k",
        "timeline": "3-6 months",
        "interaction_history": [
            {
                "timestamp": "2026-01-24T10:30:00Z",
                "type": "email_response",
                "direction": "inbound",
                "text": "We are pre-approved. When can we see the house on Oak Street?",
            }
        ],
    },
}


class FlowBroken(JorgeError):
    """A lead got lost on its way."""


def look(room: Room) -> str:
    """Raises FlowBroken, and what the parts raise that are down."""
    return asyncio.run(_look(room.center))


async def _look(center: CommandCenter) -> str:
    import httpx2

    api = build_api(lambda: center)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(api.router.lifespan_context(api))
        client = await stack.enter_async_context(
            httpx2.AsyncClient(transport=httpx2.ASGITransport(app=api), base_url=_ADDRESS)
        )
        refused = await client.post("/score", json=_REQUEST)
        if refused.status_code != 401:
            raise FlowBroken(f"a lead without a token was answered with status {refused.status_code} instead of 401")
        client.headers["Authorization"] = f"Bearer {api_token(center, 'validate', Role.AGENT, 1)}"
        feed = await stack.enter_async_context(center.hub.subscribe(None))
        answer = _good(await client.post("/score", json=_REQUEST))
        told = await _told(feed)
        stored = center.store.latest_score(LEAD_ID).score
        again = _good(await client.get(f"/score/{LEAD_ID}"))
        source = center.hub.status().source
    scores = [answer["ml_score"], stored.ml_score, told["ml_score"], again["ml_score"]]
    if len({round(score, 6) for score in scores}) > 1:
        raise FlowBroken(f"answer, record, feed and what is read back tell different scores: {scores}")
    return f"posted, stored, told by the feed from {source}, and read back, with the score {scores[0]:.1f}"


def _good(answer: Any) -> dict[str, Any]:
    told: dict[str, Any] = answer.json()
    if answer.status_code != 200:
        raise FlowBroken(f"the API answered with status {answer.status_code}: {told.get('error', {}).get('message')}")
    return told


async def _told(feed: Subscription) -> dict[str, Any]:
    try:
        async with asyncio.timeout(WITHIN_S):
            while True:
                for event in await feed.batch():
                    if event.get("lead_id") == LEAD_ID:
                        return dict(event)
    except TimeoutError:
        raise FlowBroken(f"the lead was stored, but the feed did not tell of it within {WITHIN_S:g} s") from None
