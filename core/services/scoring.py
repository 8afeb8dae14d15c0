"""Scores a lead: extract, score, estimate the commission, say why, keep it."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from time import monotonic, perf_counter
from typing import TYPE_CHECKING

from core.leads import LeadHistory, utc_now
from core.scoring import Score, reasons
from core.scoring.scored import ScoredLead

if TYPE_CHECKING:
    from core.services.center import CommandCenter

CACHE_LIFETIME_S = 300.0
CACHE_ENTRIES = 10_000


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """A scored lead; ``cache_hit`` when the same lead was scored by the same model moments ago."""

    scored: ScoredLead
    cache_hit: bool
    processing_time_ms: float


class ScoreCache:
    """The scores of the last minutes, by a digest of all that went into them; bounded, thread-safe."""

    def __init__(self, entries: int = CACHE_ENTRIES, lifetime_s: float = CACHE_LIFETIME_S) -> None:
        self._entries, self._lifetime_s = entries, lifetime_s
        self._kept: OrderedDict[bytes, tuple[float, ScoredLead]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: bytes) -> ScoredLead | None:
        """The score kept under ``key``, None when there is none or it is too old."""
        with self._lock:
            found = self._kept.get(key)
            if found is None:
                return None
            if monotonic() - found[0] > self._lifetime_s:
                del self._kept[key]
                return None
            return found[1]

    def put(self, key: bytes, scored: ScoredLead) -> None:
        """Keep a score; the oldest goes when there are too many."""
        with self._lock:
            self._kept[key] = (monotonic(), scored)
            self._kept.move_to_end(key)
            while len(self._kept) > self._entries:
                self._kept.popitem(last=False)

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._kept.clear()


def score_lead(
    center: CommandCenter,
    history: LeadHistory,
    *,
    via: str = "api",
    as_of: datetime | None = None,
    force_refresh: bool = False,
) -> ScoredLead:
    """Score ``history`` as it is given, and store lead, interactions, score and event in one transaction.

    ``as_of`` is the moment up to which interactions count, now when None. Unless ``force_refresh``, the same lead
    within five minutes gets the score that it had. Raises ModelUnavailable, StoreUnavailable.
    """
    return answer(center, history, via=via, as_of=as_of, force_refresh=force_refresh).scored


def answer(
    center: CommandCenter,
    history: LeadHistory,
    *,
    via: str = "api",
    as_of: datetime | None = None,
    force_refresh: bool = False,
) -> Answer:
    """Like ``score_lead``; also says whether the score was kept from before, and how long it took (ms)."""
    started = perf_counter()
    key = _cache_key(center, history) if as_of is None else None
    if key is not None and not force_refresh:
        kept = center.score_cache.get(key)
        if kept is not None:
            center.cache_hits.add()
            return Answer(kept, True, 1000 * (perf_counter() - started))
    scored = compute(center, history, via=via, as_of=as_of)
    center.save(scored)
    if key is not None:
        center.score_cache.put(key, scored)
    return Answer(scored, False, 1000 * (perf_counter() - started))


def score_stored(center: CommandCenter, lead_id: str, *, via: str = "screen") -> ScoredLead:
    """Score a stored lead again, with all that is stored of it. Raises NotFound."""
    return score_lead(center, center.store.history(lead_id), via=via, force_refresh=True)


def compute(center: CommandCenter, history: LeadHistory, *, via: str, as_of: datetime | None = None) -> ScoredLead:
    """Score without storing. Raises ModelUnavailable."""
    from core.features import extract
    from core.services.workspace import tier_edges

    now = as_of or utc_now()
    features = extract(history, now).values
    score = center.model.score(features, tier_edges(center))
    return finish(center, history, score, via=via, scored_at=now)


def finish(
    center: CommandCenter,
    history: LeadHistory,
    score: Score,
    *,
    via: str,
    scored_at: datetime,
    at_threshold: float | None = None,
) -> ScoredLead:
    """Add to a score what follows from it: commission, reasons, and whether Claude should be asked.

    ``at_threshold`` replaces the workspace's threshold.
    """
    from core.commission import estimate_commission
    from core.services.workspace import commission_rate, threshold

    area = history.lead.location_preference
    commission = estimate_commission(
        history,
        score.features,
        commission_rate(center),
        area_median_usd=center.area_median_usd(area) if area else None,
        as_of=scored_at,
    )
    return ScoredLead(
        history=history,
        score=score,
        commission=commission,
        reasons=reasons(score),
        escalation_recommended=score.confidence < (threshold(center) if at_threshold is None else at_threshold),
        scored_at=scored_at,
        via=via,
    )


def _cache_key(center: CommandCenter, history: LeadHistory) -> bytes:
    from core.services.workspace import commission_rate, threshold, tier_edges

    digest = hashlib.blake2b(digest_size=20)
    for part in (
        center.model.version,
        threshold(center),
        tier_edges(center),
        commission_rate(center),
        history.model_dump_json(),
    ):
        digest.update(str(part).encode())
        digest.update(b"\0")
    return digest.digest()
