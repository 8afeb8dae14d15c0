"""Scores a lead: extract, score, estimate the commission, say why, keep it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime
from time import perf_counter
from typing import TYPE_CHECKING

from core.leads import LeadHistory, utc_now
from core.scoring.scored import ScoredLead
from core.services import cached
from core.services.access import may_send, own_lead
from core.services.terms import Given, finished

if TYPE_CHECKING:
    from concurrent.futures import Future

    from core.services.center import CommandCenter


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """A scored lead; ``cache_hit`` when the same lead was scored by the same model moments ago."""

    scored: ScoredLead
    cache_hit: bool
    processing_time_ms: float


@dataclass(frozen=True, slots=True, eq=False)
class Pending:
    """An answer that may not be given yet: ``wait`` returns it when it is on the disk.

    What can be prepared of it meanwhile costs no time: the commit waits for the disk.
    """

    scored: ScoredLead
    cache_hit: bool
    _center: CommandCenter
    _began: float
    _saving: Future[None] | None  # None: it was stored before

    def wait(self) -> Answer:
        """The answer. Raises StoreUnavailable, LeadError when it could not be stored."""
        if self._saving is not None:
            self._saving.result()
        return self._stored()

    async def awaited(self) -> Answer:
        """``wait`` in an event loop. A lead whose sender gave up is stored all the same."""
        if self._saving is not None:
            await asyncio.shield(asyncio.wrap_future(self._saving))
        return self._stored()

    def _stored(self) -> Answer:
        if self._saving is not None:
            self._center.performance.scored((self.scored,))
        return Answer(self.scored, self.cache_hit, 1000 * (perf_counter() - self._began))


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
    within minutes gets the score that it had (``core.services.cached``). Raises ModelUnavailable, StoreUnavailable.
    """
    return answer(center, history, via=via, as_of=as_of, force_refresh=force_refresh).scored


def answer(
    center: CommandCenter,
    history: LeadHistory,
    *,
    via: str = "api",
    as_of: datetime | None = None,
    force_refresh: bool = False,
    ask_claude: bool = False,
) -> Answer:
    """Like ``score_lead``; also says whether the score was kept from before, and how long it took (ms).

    With ``ask_claude`` a fresh score also waits for a second opinion, before all others and however sure the model is.
    """
    return begin(center, history, via=via, as_of=as_of, force_refresh=force_refresh, ask_claude=ask_claude).wait()


def begin(
    center: CommandCenter,
    history: LeadHistory,
    *,
    via: str = "api",
    as_of: datetime | None = None,
    force_refresh: bool = False,
    ask_claude: bool = False,
) -> Pending:
    """``answer`` up to the moment where nothing is left but to wait for the disk."""
    began = perf_counter()
    may_send(center, history)
    given = Given.of(center, history)
    key = cached.key_of(center, history, given) if as_of is None else None
    if key is not None and not force_refresh:
        kept = cached.find(center, key, history)
        if kept is not None:
            return Pending(kept, True, center, began, None)
    scored = compute(center, history, via=via, as_of=as_of, given=given)
    saving = center.begin_to_save(replace(scored, opinion_wanted=True) if ask_claude else scored)
    if key is not None:
        cached.keep(center, key, scored)  # counts only from the commit on: a hit is what the record says of the lead
    if ask_claude:
        center.performance.escalated("requested")
    return Pending(scored, False, center, began, saving)


def score_stored(center: CommandCenter, lead_id: str, *, via: str = "screen") -> ScoredLead:
    """Score a stored lead again, with all that is stored of it. Raises NotFound."""
    own_lead(center, lead_id)
    return score_lead(center, center.store.history(lead_id), via=via, force_refresh=True)


def compute(
    center: CommandCenter,
    history: LeadHistory,
    *,
    via: str,
    as_of: datetime | None = None,
    given: Given | None = None,
) -> ScoredLead:
    """Score without storing, by what is ``given`` in the workspace now unless told. Raises ModelUnavailable."""
    from core.features import extract

    now = as_of or utc_now()
    known = given or Given.of(center, history)
    features = extract(history, now).values
    score = center.model.score(features, known.terms.tier_edges)
    return finished(history, score, known.terms, via=via, scored_at=now, area_median_usd=known.area_median_usd)
