"""What the second opinion costs and what it was worth, from stored rows alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from core.escalation import Reason
from core.leads import utc_now
from core.scoring import wilson
from core.scoring.interval import newcombe
from core.services.escalations.budget import MICRO
from core.store.opinions import Judged, Status, Tally

if TYPE_CHECKING:
    from core.services.center import CommandCenter

ENOUGH = 30
DAYS = 30
_ENDED = (Status.ANSWERED, Status.REFUSED, Status.FAILED)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Who was nearer to what happened, where Claude's band leaves out the model's probability.

    ``claude`` of ``disagreed`` went the right way: up and the lead converted, or down and it did not. Shares have
    Wilson's interval at 95 %. ``higher`` and ``lower`` are (converted, leads) of those that Claude put above and below
    the model; ``difference`` is that of their shares with Newcombe's interval. What fewer than 30 cases would have to
    tell is None. ``simulated``: there are opinions of the stand-in alone; beside Claude's own they are left out.
    """

    judged: int
    disagreed: int
    claude: int
    share: float | None
    share_low: float | None
    share_high: float | None
    higher: tuple[int, int]
    lower: tuple[int, int]
    difference: tuple[float, float, float] | None
    simulated: bool


@dataclass(frozen=True, slots=True)
class EscalationReport:
    """Of the escalations queued since ``since``: how many by reason and status, time, cost and commission concerned.

    Simulated opinions are counted apart in ``simulated``, and no dollar of theirs is in ``spent_usd``.
    """

    since: datetime
    total: int
    by_reason: dict[str, dict[Status, int]]
    by_day: list[tuple[date, dict[str, int]]]
    mean_ms: float | None
    mean_cost_usd: Decimal | None
    spent_usd: Decimal
    simulated: int
    commission_usd: Decimal
    verdict: Verdict


def report(center: CommandCenter, days: int = DAYS, zone: Any = None) -> EscalationReport:
    """The last ``days`` days of the leads that the actor sees; ``zone`` is the viewer's. Raises StoreUnavailable."""
    since = utc_now() - timedelta(days=days)
    opinions, whose = center.store.opinions, center.actor.seen_by
    tallies = opinions.tallies(since, whose)
    moments = opinions.queued_moments(since, whose)
    ended = [tally for tally in tallies if tally.status in _ENDED]
    answered = [tally for tally in tallies if tally.status is Status.ANSWERED]
    return EscalationReport(
        since=since,
        total=sum(tally.n for tally in tallies),
        by_reason={
            reason.value: _by_status([tally for tally in tallies if tally.asked_because == reason]) for reason in Reason
        },
        by_day=_by_day(moments, since, days, zone),
        mean_ms=_mean([(tally.took_ms, tally.n) for tally in answered if tally.took_ms is not None]),
        mean_cost_usd=_mean_cost(answered),
        spent_usd=sum((tally.real_cost_micro_usd for tally in tallies), 0) / MICRO,
        simulated=sum(tally.simulated for tally in ended),
        commission_usd=sum((tally.commission_usd for tally in ended), Decimal(0)),
        verdict=verdict(opinions.judged(whose)),
    )


def verdict(cases: Sequence[Judged]) -> Verdict:
    """Who was nearer, over opinions whose lead's outcome came later.

    >>> case = Judged(model=0.2, low=0.5, high=0.7, converted=True, simulated=False)
    >>> few = verdict([case])
    >>> few.disagreed, few.claude, few.share
    (1, 1, None)
    >>> many = verdict([case] * 30)
    >>> many.share, round(many.share_low or 0, 3)
    (1.0, 0.886)
    """
    own = [case for case in cases if not case.simulated]
    simulated = bool(cases) and not own
    cases = own or cases
    apart = [case for case in cases if not case.low <= case.model < case.high and not (case.model == case.high == 1)]
    up = [case for case in apart if case.low > case.model]
    down = [case for case in apart if case.low <= case.model]
    right = sum(case.converted for case in up) + sum(not case.converted for case in down)
    enough = len(apart) >= ENOUGH
    low, high = wilson(right, len(apart)) if enough else (None, None)
    higher, lower = (sum(case.converted for case in up), len(up)), (sum(case.converted for case in down), len(down))
    return Verdict(
        judged=len(cases),
        disagreed=len(apart),
        claude=right,
        share=right / len(apart) if enough else None,
        share_low=low,
        share_high=high,
        higher=higher,
        lower=lower,
        difference=_difference(higher, lower),
        simulated=simulated,
    )


def _difference(higher: tuple[int, int], lower: tuple[int, int]) -> tuple[float, float, float] | None:
    """Only where both groups are large enough to tell."""
    if min(higher[1], lower[1]) < ENOUGH:
        return None
    low, high = newcombe((higher[0], lower[0]), (higher[1], lower[1]))
    return higher[0] / higher[1] - lower[0] / lower[1], low, high


def _by_status(tallies: Sequence[Tally]) -> dict[Status, int]:
    counts = dict.fromkeys(Status, 0)
    for tally in tallies:
        counts[tally.status] += tally.n
    return counts


def _by_day(
    moments: Sequence[tuple[datetime, str, str]], since: datetime, days: int, zone: Any
) -> list[tuple[date, dict[str, int]]]:
    """Every day of the span on the viewer's clock, also those without an escalation."""
    first = since.astimezone(zone).date()
    found: dict[date, Counter[str]] = {first + timedelta(days=place): Counter() for place in range(days + 1)}
    for moment, reason, _ in moments:
        day = moment.astimezone(zone).date()
        found.setdefault(day, Counter())[reason] += 1
    return [(day, dict(counts)) for day, counts in sorted(found.items())]


def _mean(parts: Sequence[tuple[float, int]]) -> float | None:
    n = sum(weight for _, weight in parts)
    return sum(value * weight for value, weight in parts) / n if n else None


def _mean_cost(answered: Sequence[Tally]) -> Decimal | None:
    n = sum(tally.n for tally in answered)
    return sum(tally.cost_micro_usd for tally in answered) / MICRO / n if n else None
