"""A second model beside the one that answers: it judges the same stored features, and nobody is shown what it says.

It is either a challenger that a person named, or the predecessor of a model that was promoted: then it watches, and
the promotion is taken back when the predecessor turns out better with confidence. Scores are read from the store in
batches, off the path of any request.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from core.analytics.ab_test_reading import MISMATCH, mismatch_p
from core.errors import InputError, JorgeError
from core.leads import utc_now
from core.monitoring.sequential import Duel, duel
from core.services import audit
from core.services.access import WATCH, Right, for_right
from core.services.model.comparison import open_version
from core.services.model.live_quality import WAIT
from core.services.scores.answering import running_trial

if TYPE_CHECKING:
    from core.scoring.model import ScoringModel
    from core.services.center import CommandCenter
    from core.services.model.model_registry import ModelRegistry
    from core.store.shadow import Judged

SHADOW, TAKES_BACK = "shadow_model", "automatic_roll_back"
BATCH: Final = 2_000
MAY_WAIT: Final = 0.01
GIVEN_UP_DAYS: Final = 365  # a lead that nobody closed for so long has not converted
CHALLENGER, PREDECESSOR = "challenger", "predecessor"
Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Shadow:
    """``version`` judges scores after ``after_score_id`` beside ``champion``, as its challenger or predecessor."""

    version: str
    role: str
    champion: str
    after_score_id: int
    since: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How the two fare: ``judged`` scores so far, and the duel on leads scored 60 days ago; first is the champion.

    ``missed`` leads of the champion were not judged by the other, so the duel is without them.
    """

    shadow: Shadow
    judged: int
    duel: Duel
    missed: int = 0

    @property
    def mismatch(self) -> bool:
        """Whether so many are missing, beyond chance, that those who are left may be no fair sample of the leads.

        Both should have judged all; one in a hundred may still wait its turn.
        """
        return too_many_missed(self.duel.leads, self.missed)

    @property
    def second_wins(self) -> bool:
        """Whether the model that judges unseen is better with confidence, on a fair sample."""
        return self.duel.second_wins and not self.mismatch


def too_many_missed(judged: int, missed: int) -> bool:
    """Whether more leads were ``missed`` by a judge than chance and waiting explain."""
    chance = mismatch_p([judged, missed], (1 - MAY_WAIT, MAY_WAIT))
    return chance is not None and chance < MISMATCH and missed > MAY_WAIT * (judged + missed)


def shadow(center: CommandCenter) -> Shadow | None:
    """The model that judges beside the champion; None when there is none."""
    kept = center.setting(SHADOW)
    return Shadow(**kept) if isinstance(kept, dict) else None


@for_right(Right.MODELS)
def challenge(center: CommandCenter, version: str) -> Shadow:
    """Let ``version`` judge every score from now on, beside the champion.

    Raises NotFound, ModelRefused, StoreUnavailable, and InputError for the champion itself or a retired version.
    """
    open_version(center, version)
    champion = center.registry.champion()
    trial = running_trial(center)
    if trial is not None and trial.challenger == version:
        raise InputError(f"{version!r} is on trial, where it judges every lead that it does not answer")
    if version == champion:
        raise InputError(f"{version!r} answers itself; name another version as its challenger")
    if version in center.registry.retired():
        raise InputError(f"{version!r} is retired; name another version as challenger")
    center.registry.share(version)  # another server may be the one that judges
    begun = _begin(center, version, CHALLENGER, champion)
    audit.note(center, "challenger named", version, champion=champion)
    return begun


def watch_promotion(center: CommandCenter, before: str, version: str) -> None:
    """Let the former champion judge on beside ``version``, to tell when the change was for the worse."""
    try:
        _begin(center, before, PREDECESSOR, version)
    except JorgeError:  # the database is down: the promotion stands, unwatched until somebody names a challenger
        return


@for_right(Right.MODELS)
def stop_shadow(center: CommandCenter, version: str | None = None) -> None:
    """Let nobody judge in the shadow any longer (or not ``version``); what was judged stays."""
    try:
        now = shadow(center)
        if now is not None and version in (None, now.version):
            center.set_setting(SHADOW, None)
    except JorgeError:
        return


def takes_back(center: CommandCenter) -> bool:
    """Whether a promotion is taken back by itself; it is unless the team said otherwise."""
    return center.setting(TAKES_BACK) is not False


@for_right(Right.MODELS)
def set_takes_back(center: CommandCenter, wanted: bool) -> None:
    """Keep whether a promotion is taken back by itself. Raises StoreUnavailable."""
    audit.set_and_note(center, TAKES_BACK, wanted)


def judge_waiting(center: CommandCenter) -> int:
    """Judge at most ``BATCH`` scores that the shadow has not seen; returns how many. Raises what opening it raises."""
    now = shadow(center)
    if now is None:
        return 0
    last = max(now.after_score_id, center.store.shadow.last_shadowed(now.version))
    waiting = center.store.shadow.scores_after(last, BATCH)
    if not len(waiting.score_ids):
        return 0
    model = opened(center, now.version)
    said = model.score_many(waiting.features, explain=False).probability
    center.store.shadow.keep(now.version, waiting.score_ids.tolist(), said.tolist())
    return len(said)


def standing(center: CommandCenter) -> Standing | None:
    """How champion and shadow fare so far; None when there is no shadow. Raises StoreUnavailable."""
    now = shadow(center)
    if now is None:
        return None
    at = utc_now()
    found = center.store.shadow.watched((now.version,), at - WAIT, after_score_id=now.after_score_id)
    ours = found.rows(found.model_version == now.champion)
    both = ours.rows(~np.isnan(ours.beside[:, 0]))
    fares = held_against(both, both.probability, both.beside[:, 0], at)
    return Standing(now, center.store.shadow.shadowed(now.version), fares, missed=len(ours) - len(both))


def held_against(found: Judged, first: Array, second: Array, now: datetime) -> Duel:
    """What two models said of the leads of ``found`` against their ends, as far as these are known ``now``."""
    given_up = found.scored_at < np.datetime64((now - timedelta(days=GIVEN_UP_DAYS)).replace(tzinfo=None))
    return duel(first, second, found.converted, found.open & ~given_up)


def take_back_if_worse(center: CommandCenter) -> str | None:
    """Roll a promotion back when its predecessor is better with confidence; returns what answers then, else None."""
    from core.services.model.promotion import roll_back

    found = standing(center)
    if found is None or found.shadow.role != PREDECESSOR or not takes_back(center):
        return None
    if center.registry.champion() != found.shadow.champion:
        return None
    if center.registry.before() != found.shadow.version:
        return None
    if not found.second_wins:
        return None
    reason = (
        f"on {found.duel.outcomes} outcomes its Brier score is {found.duel.difference:.4f} above that of "
        f"{found.shadow.version} (95 % at every look and however {found.duel.open} open leads end: "
        f"{found.duel.low:.4f} to {found.duel.high:.4f})"
    )
    return roll_back(center.acting_as(WATCH), reason, only_from=found.shadow.champion)


def opened(center: CommandCenter, version: str) -> ScoringModel:
    """A version for judging unseen, kept open. Raises NotFound, ModelRefused."""
    return _opened(center.registry, version)


@lru_cache(maxsize=4)
def _opened(registry: ModelRegistry, version: str) -> ScoringModel:
    """A version never changes, so it is read once."""
    return registry.open(version)


def _begin(center: CommandCenter, version: str, role: str, champion: str) -> Shadow:
    begun = Shadow(version, role, champion, center.store.shadow.last_score_id(), utc_now().isoformat())
    told: dict[str, Any] = asdict(begun)
    center.set_setting(SHADOW, told)
    return begun
