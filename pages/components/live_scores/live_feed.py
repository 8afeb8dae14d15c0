"""The live list: rows drawn in the browser, pushed over our own WebSocket."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from core.services.live import LiveSnapshot

HERE = Path(__file__).parent
SOCKET_PATH = "/api/v1/ml/ws/live-scores"
HTML = """\
<section class="feed" aria-label="Live scores">
  <p class="state" role="status" data-state="wait"><span class="dot" aria-hidden="true"></span>
    <span class="words">Connecting to the live feed</span></p>
  <p class="news" aria-live="polite"></p>
  <div class="head" aria-hidden="true"><span>Score</span><span>Tier</span><span>Who</span><span>Source</span>
    <span>Confidence</span><span>Scored</span></div>
  <ol class="rows" role="list"></ol>
</section>
"""
_mount = st.components.v2.component(
    "live_feed",
    html=HTML,
    css=(HERE / "live_feed.css").read_text(encoding="utf-8"),
    js=(HERE / "live_feed.js").read_text(encoding="utf-8"),
)


def live_feed(snapshot: LiveSnapshot, token: str) -> str | None:
    """Show ``snapshot`` and what the server pushes after it; return the id of a lead that was clicked, else None.

    ``token`` is short-lived and only opens the socket. The browser asks for a new one by a rerun when it expired.
    """
    feed = snapshot.feed
    data = {
        "rows": [
            {
                "lead_id": row.lead_id,
                "who": row.name or row.lead_id,
                "source": row.source or "",
                "score": row.ml_score,
                "confidence": row.confidence,
                "tier": row.tier.value,
                "scored_at": row.scored_at.isoformat(),
            }
            for row in snapshot.rows
        ],
        "last_event_id": snapshot.last_event_id,
        "token": token,
        "path": SOCKET_PATH,
        "feed": {"source": feed.source, "ok": feed.ok, "since": feed.since.isoformat()} if feed else None,
    }
    shown = _mount(
        key="live_feed",
        data=(data,),  # in a dict itself, Streamlit would load pandas to look for tables: half a second more
        on_opened_change=_nothing,
        on_token_wanted_change=_nothing,
        on_first_change=_nothing,
    )
    if shown.first:  # the empty state has had its day
        st.rerun()
    opened = shown.opened
    return opened if isinstance(opened, str) else None


def _nothing() -> None:
    """A trigger needs a callback to be an attribute of the result."""
