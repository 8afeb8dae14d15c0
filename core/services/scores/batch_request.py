"""A batch of score requests: each is judged by itself, and all that can be used is scored and kept at once."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from time import perf_counter
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from pydantic import ValidationError

from core.errors import InputError, NotFound
from core.leads import LeadHistory
from core.leads.text import LEAD_ID
from core.services import live
from core.services.access import may_send, own_lead
from core.services.scores.batches import score_each
from core.services.scores.reading.reader import written_meanwhile
from core.services.scores.refusal import in_words
from core.services.scores.wire import ScoreIn

if TYPE_CHECKING:
    from core.scoring.scored import ScoredLead
    from core.services.center import CommandCenter

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class BatchRefusal:
    """Why the lead at place ``index`` (from 0) was not scored; ``lead_id`` is None where it is none."""

    index: int
    lead_id: str | None
    error: str


@dataclass(frozen=True, slots=True, eq=False)
class BatchAnswer:
    """What became of a batch: ``scored`` and ``refused`` are in the order in which the leads were sent.

    ``contributions`` has the ``contributions_json`` of each that was scored, where a second process wrote it.
    """

    batch_id: str
    scored: list[tuple[ScoreIn, ScoredLead]]
    contributions: list[bytes | None]
    refused: list[BatchRefusal]
    processing_time_ms: float


_Usable = tuple[int, ScoreIn, LeadHistory, bool]  # as ``history_of``


def score_requests(
    center: CommandCenter, leads: Sequence[ScoreIn | Any], *, via: str = "api", parallel: bool = True
) -> BatchAnswer:
    """Score what is a score request among ``leads`` and store all of it in one commit.

    A lead that is sent twice is scored twice, as it was sent each time; the later score is then its last. The feed is
    told when the batch begins, when its requests have been read (what is refused is then done), and when all is stored.
    With ``parallel`` a second process reads some of the leads, and writes contributions while this one saves. Raises
    ModelUnavailable, ModelRefused, StoreUnavailable.
    """
    started = perf_counter()
    batch_id = f"batch_{uuid4().hex}"
    _tell(center, batch_id, 0, len(leads))
    usable, refused = _sorted_out(center, leads)
    _tell(center, batch_id, len(refused), len(leads))
    scored, failed = _scored(center, usable, via, parallel)
    with written_meanwhile(center, [lead.score for _, _, lead in scored], parallel=parallel) as written:
        refused += failed + _saved(center, scored)
    _tell(center, batch_id, len(leads), len(leads))
    lost = {refusal.index for refusal in refused}
    kept = [place for place, (index, _, _) in enumerate(scored) if index not in lost]
    return BatchAnswer(
        batch_id=batch_id,
        scored=[scored[place][1:] for place in kept],
        contributions=[written[place] if place < len(written) else None for place in kept],
        refused=sorted(refused, key=lambda refusal: refusal.index),
        processing_time_ms=1000 * (perf_counter() - started),
    )


def history_of(center: CommandCenter, request: ScoreIn) -> tuple[LeadHistory, bool]:
    """What is to be scored: what was sent, or what is stored of a lead of whom nothing was sent; whether it is that."""
    if request.lead_data is None:
        own_lead(center, request.lead_id)
        try:
            return center.store.history(request.lead_id), True
        except NotFound:
            pass
    return request.to_history(), False


def _sorted_out(center: CommandCenter, leads: Sequence[ScoreIn | Any]) -> tuple[list[_Usable], list[BatchRefusal]]:
    """What can be scored, and what not; of leads of whom only the id was sent, what is stored is read in one go."""
    bare = [lead.lead_id for lead in leads if isinstance(lead, ScoreIn) and lead.lead_data is None]
    stored = center.store.histories(bare) if bare else {}
    usable: list[_Usable] = []
    refused: list[BatchRefusal] = []
    for index, lead in enumerate(leads):
        try:
            request = lead if isinstance(lead, ScoreIn) else ScoreIn.model_validate(lead)
            known = stored.get(request.lead_id) if request.lead_data is None else None
            history = known or request.to_history()
            may_send(center, history)
            usable.append((index, request, history, known is not None))
        except (ValidationError, InputError, NotFound) as error:
            refused.append(BatchRefusal(index, _id_in(lead), _why(error)))
    return usable, refused


def _scored(
    center: CommandCenter, usable: list[_Usable], via: str, parallel: bool
) -> tuple[list[tuple[int, ScoreIn, ScoredLead]], list[BatchRefusal]]:
    scored: list[tuple[int, ScoreIn, ScoredLead]] = []
    refused: list[BatchRefusal] = []
    outcomes = score_each(center, [history for _, _, history, _ in usable], via=via, parallel=parallel)
    for (index, request, _, of_record), outcome in zip(usable, outcomes, strict=True):
        if isinstance(outcome, Exception):
            refused.append(BatchRefusal(index, request.lead_id, _why(outcome)))
        else:
            scored.append((index, request, replace(outcome, of_record=True) if of_record else outcome))
    return scored, refused


def _saved(center: CommandCenter, scored: list[tuple[int, ScoreIn, ScoredLead]]) -> list[BatchRefusal]:
    """Keep all in one commit; one by one where the database refuses a value, or a lead was erased meanwhile."""
    try:
        center.save_many([lead for _, _, lead in scored])
        return []
    except (InputError, NotFound):
        pass
    refused = []
    for index, request, lead in scored:
        try:
            center.save_many([lead])
        except (InputError, NotFound) as error:
            refused.append(BatchRefusal(index, request.lead_id, _why(error)))
    return refused


def _tell(center: CommandCenter, batch_id: str, completed: int, total: int) -> None:
    live.tell(
        center,
        "batch_processing",
        batch_id=batch_id,
        completed=completed,
        total=total,
        progress_percent=round(100 * completed / total, 1),
    )


def _why(error: Exception) -> str:
    """A sentence that repeats nothing of what was sent but names of fields."""
    if isinstance(error, ValidationError):
        return in_words(error.errors(include_url=False, include_input=False))
    if isinstance(error, InputError | NotFound):
        return str(error)
    _log.error("A lead of a batch failed with %s", type(error).__name__)
    return "Something failed on our side with this lead; send it again by itself."


def _id_in(lead: object) -> str | None:
    """The lead's id, when one was sent and is one."""
    given = lead.get("lead_id") if isinstance(lead, dict) else getattr(lead, "lead_id", None)
    return given if isinstance(given, str) and LEAD_ID.fullmatch(given) else None
