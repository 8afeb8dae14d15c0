"""How fast and how often leads are scored: counted here as it happens, kept by day in the database.

A time is kept as a place in a fixed row of bounds, so that a day of any length takes two dozen numbers. A percentile is
read off by going straight through the bound it falls into; it is wrong by at most that bound's width.
"""

from __future__ import annotations

import re
import threading
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from core.errors import JorgeError
from core.leads import utc_now
from core.leads.clock import day_begun

if TYPE_CHECKING:
    from core.scoring.scored import ScoredLead
    from core.services.center import CommandCenter

TARGET_MS: Final = 50.0
BOUNDS_MS: Final = (
    0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 7.5, 10.0, 15.0, 20.0, 30.0, 40.0, 50.0,
    75.0, 100.0, 150.0, 250.0, 500.0, 1_000.0, 2_500.0, 5_000.0,
)  # fmt: skip
SOURCES: Final = frozenset(
    (
        "zillow", "realtor_com", "redfin", "trulia", "homes_com", "website", "referral", "open_house", "facebook_ads",
        "google_ads", "past_client", "sign_call", "email", "phone", "walk_in",
    )
)  # fmt: skip
LOW_CONFIDENCE: Final = "low_confidence"
FLUSH_S: Final = 1.0
_NO_LETTER = re.compile(r"[^a-z0-9]+")
_HITS: Final = "cache_hits"
_TIMED, _FRESH, _FRESH_US, _ALL_US = "answers_timed", "answers_fresh", "answers_fresh_us", "answers_us"


def bucket(place: int) -> str:
    """The name of the daily counter of times in (bound before, bound]; past the last bound all are one.

    >>> bucket(0), bucket(15), bucket(24)
    ('answer_ms_to_0.25', 'answer_ms_to_50', 'answer_ms_over')
    """
    return f"answer_ms_to_{BOUNDS_MS[place]:g}" if place < len(BOUNDS_MS) else "answer_ms_over"


def source_label(source: str | None) -> str:
    """A lead's source as one of a few labels: what anybody can send must not make labels without end.

    >>> source_label("Facebook Ads"), source_label(None), source_label("ana@example.com")
    ('facebook_ads', 'unknown', 'other')
    """
    if not source:
        return "unknown"
    plain = _NO_LETTER.sub("_", source.lower()).strip("_")
    return plain if plain in SOURCES else "other"


@dataclass(frozen=True, slots=True)
class Totals:
    """Since the process started: scores by (tier, source), times by bound, escalations by reason, cache hits.

    ``calls`` of the API by status; 0 for those whose client went away.
    """

    predictions: Mapping[tuple[str, str], int]
    escalations: Mapping[str, int]
    times: Sequence[int]
    seconds: float
    answers: int
    cache_hits: int
    calls: Mapping[int, int] = field(default_factory=dict)


class Performance:
    """The counts of one process; thread-safe. What waits is handed to ``keep`` about once a second.

    What ``keep`` cannot take (the database is down) waits for the next time.
    """

    def __init__(self, keep: Callable[[Mapping[str, int]], None], flush_s: float = FLUSH_S) -> None:
        self._keep, self._flush_s = keep, flush_s
        self._lock = threading.Lock()
        self._waiting: Counter[str] = Counter()
        self._timer: threading.Timer | None = None
        self._predictions: Counter[tuple[str, str]] = Counter()
        self._escalations: Counter[str] = Counter()
        self._times = [0] * (len(BOUNDS_MS) + 1)
        self._calls: Counter[int] = Counter()
        self._us = self._answers = self._cache_hits = 0

    def answered(self, took_ms: float, *, cache_hit: bool) -> None:
        """A score request was answered in ``took_ms``."""
        place, us = bisect_left(BOUNDS_MS, took_ms), round(1000 * took_ms)
        with self._lock:
            self._times[place] += 1
            self._us += us
            self._answers += 1
            self._cache_hits += cache_hit
            self._waiting[bucket(place)] += 1
            self._waiting[_TIMED] += 1
            self._waiting[_ALL_US] += us
            if not cache_hit:
                self._waiting[_FRESH] += 1
                self._waiting[_FRESH_US] += us
            self._flush_soon()

    def hit(self) -> None:
        """A score was found in the cache."""
        with self._lock:
            self._waiting[_HITS] += 1
            self._flush_soon()

    def _flush_soon(self) -> None:
        if self._timer is None:
            self._timer = threading.Timer(self._flush_s, self.flush)
            self._timer.daemon = True
            self._timer.start()

    def scored(self, leads: Sequence[ScoredLead]) -> None:
        """Leads were scored and stored."""
        with self._lock:
            for lead in leads:
                self._predictions[lead.score.tier.value, source_label(lead.history.lead.source)] += 1
                self._escalations[LOW_CONFIDENCE] += lead.escalation_recommended

    def called(self, status: int) -> None:
        """A call of the API was answered with ``status``."""
        with self._lock:
            self._calls[status] += 1

    def escalated(self, reason: str, n: int = 1) -> None:
        """Claude is to be asked for another reason than the model's confidence."""
        with self._lock:
            self._escalations[reason] += n

    def totals(self) -> Totals:
        """What was counted since the process started."""
        with self._lock:
            return Totals(
                predictions=dict(self._predictions),
                escalations=dict(self._escalations),
                times=tuple(self._times),
                seconds=self._us / 1e6,
                answers=self._answers,
                cache_hits=self._cache_hits,
                calls=dict(self._calls),
            )

    def flush(self) -> None:
        """Hand on what waits, now."""
        with self._lock:
            counts, self._waiting = self._waiting, Counter()
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
        if not counts:
            return
        try:
            self._keep(counts)
        except JorgeError:
            with self._lock:
                self._waiting.update(counts)


def summary(center: CommandCenter, since: datetime | None = None) -> dict[str, Any]:
    """The performance since ``since`` (today's midnight in UTC when None), over all processes on this database.

    What nothing was counted for is None. Predictions are stored scores of every origin; times are those of single score
    requests. An escalation is a score below the threshold of its time. Raises StoreUnavailable.
    """
    from core.services.workspace import threshold
    from core.store.events import wire_time

    center.performance.flush()
    now = utc_now()
    begin = since or day_begun(now)
    scores = center.store.performance.score_summary(begin, threshold(center))
    counts = center.store.performance.counts(begin)
    hits, timed = counts.get(_HITS, 0), counts.get(_TIMED, 0)
    direct = percent(scores.scored - scores.escalated, scores.scored)
    escalated = percent(scores.escalated, scores.scored)
    return {
        "ml_predictions": scores.scored,
        "claude_escalations": scores.escalated,
        "cache_hits": hits,
        "ml_usage_rate_percent": direct,
        "claude_escalation_rate_percent": escalated,
        "ml_avg_time_ms": _mean_ms(counts.get(_FRESH_US, 0), counts.get(_FRESH, 0)),
        "claude_avg_time_ms": center.store.performance.opinion_ms(begin),
        "response_time_stats": response_times(counts),
        "confidence_stats": {
            "avg_confidence": scores.confidence,
            "high_confidence_percent": percent(scores.sure, scores.scored),
        },
        "cache_performance": {"hit_rate_percent": percent(hits, hits + counts.get(_FRESH, 0))},
        "ml_usage": {"direct_ml_percent": direct, "claude_escalation_percent": escalated},
        "target_ms": TARGET_MS,
        "window": {"since": wire_time(begin), "until": wire_time(now), "responses_timed": timed},
    }


def response_times(counts: Mapping[str, int]) -> dict[str, float | None]:
    """Mean, median, 95th percentile and share within the target, from the counters of one or more days."""
    times = [counts.get(bucket(place), 0) for place in range(len(BOUNDS_MS) + 1)]
    within = sum(times[: BOUNDS_MS.index(TARGET_MS) + 1])
    return {
        "avg_ms": _mean_ms(counts.get(_ALL_US, 0), sum(times)),
        "p50_ms": percentile(times, 0.50),
        "p95_ms": percentile(times, 0.95),
        "target_met_percent": percent(within, sum(times)),
    }


def percentile(times: Sequence[int], share: float) -> float | None:
    """The time in ms that ``share`` of all stay within; None without times, and the last bound when it is beyond.

    Four in (0, 0.25] and four in (0.25, 0.5]: half are within 0.25, three quarters within 0.375.

    >>> percentile([4, 4], 0.5), percentile([4, 4], 0.75), percentile([], 0.5)
    (0.25, 0.375, None)
    """
    wanted, below = share * sum(times), 0
    if not wanted:
        return None
    for place, n in enumerate(times):
        if n and below + n >= wanted:
            if place == len(BOUNDS_MS):
                break
            low = BOUNDS_MS[place - 1] if place else 0.0
            return round(low + (BOUNDS_MS[place] - low) * (wanted - below) / n, 3)
        below += n
    return BOUNDS_MS[-1]


def percent(part: int, whole: int) -> float | None:
    """``part`` of ``whole`` in percent, None of nothing.

    >>> percent(1, 3), percent(0, 0)
    (33.33, None)
    """
    return round(100 * part / whole, 2) if whole else None


def _mean_ms(us: int, n: int) -> float | None:
    return round(us / n / 1000, 3) if n else None
