"""The sample workspace: generated leads in the same store as real ones, and a flag that every page shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Final

from core.errors import InputError
from core.leads import LeadHistory, utc_now
from core.services import audit
from core.services.access import Right, for_right
from core.services.scores.batches import score_batch
from core.services.scores.scoring import compute
from core.services.workspace import IS_SAMPLE, is_sample

if TYPE_CHECKING:
    from core.sample import SampleLead
    from core.services.center import CommandCenter

LEADS, SEED, MOST_LEADS = 2_000, 7, 200_000
BATCH = 500
LOADING: Final = "sample_loading"  # the share that is done, and when it was told
_BROKEN_OFF: Final = timedelta(minutes=1)  # a load that told nothing for so long has ended with its process
Progress = Callable[[float], None]


@for_right(Right.SETTINGS)
def load_sample(
    center: CommandCenter,
    leads: int = LEADS,
    seed: int = SEED,
    progress: Progress | None = None,
    end: datetime | None = None,
) -> int:
    """Generate ``leads`` (1 to 200,000), score them as of ``end`` (now) and store them with their outcomes.

    Returns how many. ``progress`` is called with the share that is done, in (0, 1]. Raises InputError when
    the store already holds leads: real and generated ones never mix. What fails half-way leaves nothing behind.
    Until it is done nobody can clear it.
    """
    from core.sample import generate

    if not 1 <= leads <= MOST_LEADS:
        raise InputError(f"leads is {leads}; must be from 1 to {MOST_LEADS:,}")
    if loading(center) is not None or center.store.browse(page_size=1).total:
        raise InputError("there are leads in the store already; the sample goes into an empty one")
    moment = end or utc_now()
    center.set_setting(IS_SAMPLE, True)
    done = 0
    try:
        for batch in _batches(generate(leads=leads, seed=seed, end=moment)):
            _tell(center, done / leads)
            _store(center, batch, moment)
            done += len(batch)
            if progress is not None:
                progress(min(1.0, done / leads))
    except BaseException:
        if center.store.workspace(IS_SAMPLE) is True:
            _clear(center)
        else:  # cleared in a pause of ours; what we stored after that must not pass for real, and real ones must stay
            center.set_setting(IS_SAMPLE, center.store.browse(page_size=1).total > 0)
        raise
    finally:
        center.set_setting(LOADING, None)
    return done


def loading(center: CommandCenter) -> float | None:
    """The share of the sample that is loaded, in [0, 1), while any process loads it; None while none does."""
    told = center.setting(LOADING)
    if not isinstance(told, dict) or utc_now() - datetime.fromisoformat(told["at"]) > _BROKEN_OFF:
        return None
    return float(told["share"])


@for_right(Right.SETTINGS)
def clear_sample(center: CommandCenter) -> None:
    """Delete the sample's leads and take the flag down.

    Raises InputError when the leads are not the sample's, and while they are loaded.
    """
    if not is_sample(center):
        raise InputError("the leads in the store are not the sample's; they are kept")
    center.kept.forget(("setting", LOADING))  # another process may have begun within the last second
    share = loading(center)
    if share is not None:
        raise InputError(f"the sample is still being loaded, {share:.0%} so far; clear it when it is done")
    _clear(center)


def _tell(center: CommandCenter, share: float) -> None:
    """Say how far the load is. Raises InputError when the sample was cleared meanwhile, as after a long pause."""
    if center.store.workspace(IS_SAMPLE) is not True:
        raise InputError("the sample was cleared while it was loaded; load it again")
    center.set_setting(LOADING, {"share": share, "at": utc_now().isoformat()})


def _clear(center: CommandCenter) -> None:
    center.store.clear()
    center.set_setting(IS_SAMPLE, False)
    audit.note(center, "sample cleared", "workspace")


def _store(center: CommandCenter, batch: Sequence[SampleLead], moment: datetime) -> None:
    """Each lead as it stood at its snapshot, while it was open, then as it stands at the end.

    The earlier score lets a screen set what was foretold against what happened.
    """
    earlier = [
        compute(center, lead.history, via="sample", as_of=lead.snapshot_at)
        for lead in batch
        if lead.snapshot_at < moment
    ]
    latest = score_batch(center, [lead.history for lead in batch], via="sample", as_of=moment)
    center.save_many([*(replace(scored, history=_alone(scored.history)) for scored in earlier), *latest])
    center.store.add_outcomes([outcome for lead in batch for outcome in lead.outcomes], "sample")


def _alone(history: LeadHistory) -> LeadHistory:
    """The lead without its interactions: these are written once, with the latest score."""
    return history.model_copy(update={"interactions": ()})


def _batches(leads: Iterator[SampleLead]) -> Iterator[list[SampleLead]]:
    while batch := list(islice(leads, BATCH)):
        yield batch
