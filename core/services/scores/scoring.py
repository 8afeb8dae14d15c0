"""Scores a lead: extract, score, estimate the commission, say why, keep it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING

from core.errors import JorgeError
from core.leads import LeadHistory
from core.scoring.scored import ScoredLead
from core.services.access import may_send, own_lead
from core.services.scores import cached
from core.services.scores.batches import score_batch, score_each
from core.services.scores.terms import Given
from core.together import Waiting, of_thread

if TYPE_CHECKING:
    from concurrent.futures import Future

    from core.services.center import CommandCenter
    from core.store.group_commit import HeldCommit


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """A lead to be scored for whoever acts in ``center``; ``of_record`` when it was read from there, not sent."""

    center: CommandCenter
    history: LeadHistory
    of_record: bool = False
    force_refresh: bool = False
    ask_claude: bool = False


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
            await of_thread(self._saving)
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
    within minutes gets the score that it had (``core.services.scores.cached``). Raises ModelUnavailable,
    StoreUnavailable.
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
    return _begin(Asked(center, history, force_refresh=force_refresh, ask_claude=ask_claude), via, as_of)


def _begin(asked: Asked, via: str, as_of: datetime | None = None) -> Pending:
    (pending,) = begin_all([lambda: asked], via=via, as_of=as_of)
    if isinstance(pending, Exception):
        raise pending
    return pending


def begin_all(
    asked: Sequence[Callable[[], Asked]], *, via: str = "api", as_of: datetime | None = None
) -> list[Pending | Exception]:
    """``begin`` of several at once, all of one workspace: one look into the cache, one pass through the model.

    Each is asked for what is to be scored, and gets the error of that or of its score; the others are scored.
    """
    began = perf_counter()
    wanted = _scored(asked, via, as_of)
    started = [_started(one, began, _soon) for one in wanted]
    _keep(wanted)  # counts only from the commit on: a hit is what the record says of the lead
    return started


def answer_together(waiting: Sequence[Waiting[Callable[[], Asked], Pending]]) -> None:
    """``begin_all`` of what waits; for ``Together``. What nobody waits for comes last: keeping scores in the cache."""
    began = perf_counter()
    wanted = _scored([ask for ask, _ in waiting], "api", None)
    if len(waiting) == 1:
        _answer_alone(wanted[0], waiting[0][1], began)
    else:
        for (_, told), one in zip(waiting, wanted, strict=True):
            _tell(told, _started(one, began, _soon))
    _keep(wanted)


def _answer_alone(one: _Wanted | Exception, told: Future[Pending], began: float) -> None:
    """One that came alone is saved by this thread: to wake another, and share the interpreter, costs as much again."""
    commits: list[HeldCommit] = []
    pending = _started(one, began, partial(_here, commits))
    for commit in commits:
        commit(lambda: _tell(told, pending))
    if not told.done():
        _tell(told, pending)


def _tell(told: Future[Pending], pending: Pending | Exception) -> None:
    if isinstance(pending, Exception):
        told.set_exception(pending)
    else:
        told.set_result(pending)


def _soon(center: CommandCenter, scored: ScoredLead) -> Future[None]:
    """Its commit, shared with what other threads save."""
    return center.commits.enqueue(scored)


def _here(commits: list[HeldCommit], center: CommandCenter, scored: ScoredLead) -> Future[None]:
    """Its commit, made by whoever calls what is added to ``commits``."""
    saved, commit = center.commits.held(scored)
    commits.append(commit)
    return saved


@dataclass(slots=True, eq=False)
class _Wanted:
    """A lead on its way: ``outcome`` is None until it is scored, found or refused."""

    asked: Asked
    given: Given
    cacheable: bool
    outcome: ScoredLead | Exception | None = None
    cache_hit: bool = False


def _wanted(ask: Callable[[], Asked], *, cacheable: bool) -> _Wanted | Exception:
    try:
        asked = ask()
        center, history = asked.center, asked.history
        may_send(center, history)
        return _Wanted(asked, Given.of(center, history), cacheable and center.feed is not None)
    except Exception as error:
        return error


def _scored(asked: Sequence[Callable[[], Asked]], via: str, as_of: datetime | None) -> list[_Wanted | Exception]:
    """Each asked for, then looked up, then scored where it was not found."""
    wanted = [_wanted(ask, cacheable=as_of is None) for ask in asked]
    _find(wanted)
    _score(wanted, via, as_of)
    return wanted


def _find(wanted: Sequence[_Wanted | Exception]) -> None:
    asking = [
        one
        for one in wanted
        if isinstance(one, _Wanted)
        and one.cacheable
        and not one.asked.force_refresh
        and cached.may_be_kept(one.asked.center, one.asked.history)
    ]
    found = cached.find_all([(one.asked.center, one.asked.history, one.given) for one in asking])
    for one, kept in zip(asking, found, strict=True):
        one.outcome, one.cache_hit = kept, kept is not None


def _score(wanted: Sequence[_Wanted | Exception], via: str, as_of: datetime | None) -> None:
    fresh = [one for one in wanted if isinstance(one, _Wanted) and one.outcome is None]
    if not fresh:
        return
    outcomes: Sequence[ScoredLead | Exception]
    try:
        outcomes = score_each(
            fresh[0].asked.center,
            [one.asked.history for one in fresh],
            via=via,
            as_of=as_of,
            given=[one.given for one in fresh],
        )
    except JorgeError as error:
        outcomes = [error] * len(fresh)
    for one, outcome in zip(fresh, outcomes, strict=True):
        one.outcome = outcome


def _started(
    one: _Wanted | Exception, began: float, save: Callable[[CommandCenter, ScoredLead], Future[None]]
) -> Pending | Exception:
    """What was scored is on its way to the disk."""
    if isinstance(one, Exception):
        return one
    asked, scored = one.asked, one.outcome
    if scored is None or isinstance(scored, Exception):
        return scored or RuntimeError("a lead was neither scored nor refused")
    if one.cache_hit:
        return Pending(scored, True, asked.center, began, None)
    try:
        saving = save(asked.center, _as_asked(scored, asked))
    except JorgeError as error:
        return error
    if asked.ask_claude:
        asked.center.performance.escalated("requested")
    return Pending(scored, False, asked.center, began, saving)


def _as_asked(scored: ScoredLead, asked: Asked) -> ScoredLead:
    if not (asked.ask_claude or asked.of_record):
        return scored
    return replace(scored, opinion_wanted=asked.ask_claude, of_record=asked.of_record)


def _keep(wanted: Sequence[_Wanted | Exception]) -> None:
    for one in wanted:
        if isinstance(one, _Wanted) and one.cacheable and isinstance(one.outcome, ScoredLead) and not one.cache_hit:
            cached.keep(one.asked.center, one.outcome, one.given)


def score_stored(center: CommandCenter, lead_id: str, *, via: str = "screen") -> ScoredLead:
    """Score a stored lead again, with all that is stored of it. Raises NotFound, also when it is erased meanwhile."""
    own_lead(center, lead_id)
    asked = Asked(center, center.store.history(lead_id), of_record=True, force_refresh=True)
    return _begin(asked, via).wait().scored


def compute(
    center: CommandCenter,
    history: LeadHistory,
    *,
    via: str,
    as_of: datetime | None = None,
    given: Given | None = None,
) -> ScoredLead:
    """Score without storing, by what is ``given`` in the workspace now unless told. Raises ModelUnavailable."""
    (scored,) = score_batch(center, [history], via=via, as_of=as_of, given=None if given is None else [given])
    return scored
