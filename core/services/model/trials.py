"""A challenger that answers a share of the leads: began by a person, watched daily, ended by a person or by its harm.

Leads are assigned by a stable hash of lead and trial, and the arm is stored with every score. What either model does
not answer it judges unseen, so both are measured on all leads of the trial; what became of the leads is compared by
arm. Both comparisons hold at every look at once.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

import numpy as np

from core.analytics.ab_test import Design, Metric, Variant
from core.analytics.ab_test_reading import Reading, Verdict, read
from core.errors import InputError, NotFound, StoreUnavailable
from core.leads import utc_now
from core.leads.text import LINE_CHARACTERS
from core.monitoring.compare import Difference, differences
from core.monitoring.sequential import Duel
from core.services import audit
from core.services.access import WATCH, Right, for_right
from core.services.analyses.ab_tests import VariantFigures, counts_to_keep, figures_of
from core.services.model.comparison import compare, open_version, refuse_a_worse_one, refuse_for_files_alone
from core.services.model.live_quality import WAIT
from core.services.model.model_events import tell
from core.services.model.shadow import (
    BATCH,
    PREDECESSOR,
    held_against,
    opened,
    shadow,
    stop_shadow,
    takes_back,
    too_many_missed,
)
from core.services.scores.answering import CHALLENGERS_ARM, RUNNING, running_trial
from core.services.workspace import threshold
from core.store.filters import check_text

if TYPE_CHECKING:
    from core.services.center import CommandCenter
    from core.store.shadow import Judged
    from core.store.trials import StoredTrial

LEAST_SHARE, MOST_SHARE = 0.05, 0.5
WITHIN_DAYS: Final = {Metric.ANSWERED: 1, Metric.SHOWING: 14, Metric.SIGNED: 90}
TIGHTEST_AT: Final = 1_000  # leads at which the daily reading is sharpest
_CHANGE: Final = "Which model answers"
_FRESH_S: Final = 30.0


@dataclass(frozen=True, slots=True)
class Standing:
    """How both fare: ``reading`` of the outcomes by arm, and the ``duel`` of what both said of leads of 60 days ago.

    ``missed`` leads were not judged by both; ``stood_in`` scores of the challenger's arm were made by the
    champion, as the challenger could not be opened.
    """

    trial: StoredTrial
    reading: Reading
    duel: Duel
    missed: int
    stood_in: int

    @property
    def mismatch(self) -> bool:
        """Whether the arms are not shared out as planned, or too many leads lack a judge: then there is no verdict."""
        return self.reading.verdict is Verdict.MISMATCH or too_many_missed(self.duel.leads, self.missed)

    @property
    def gained(self) -> int:
        """1 when more leads of the challenger's arm succeed, beyond chance at every look; -1 when fewer; else 0."""
        crossed = self.reading.comparisons[0].crossed_on
        look = next((look for look in self.reading.comparisons[0].looks if look.day == crossed), None)
        return 0 if look is None or self.mismatch else 1 if look.low > 0 else -1

    @property
    def why_worse(self) -> str | None:
        """Why the challenger should not go on answering, as a sentence; None while nothing is proven against it."""
        if self.mismatch:
            return None
        trial, fares = self.trial, self.duel
        if fares.first_wins:
            return (
                f"on {fares.outcomes} outcomes its Brier score is {-fares.difference:.4f} above that of "
                f"{trial.champion} (95 % at every look and however {fares.open} open leads end: "
                f"{-(fares.high or 0):.4f} to {-(fares.low or 0):.4f})"
            )
        if self.gained < 0:
            first, second = self.reading.variants
            return (
                f"fewer of its leads came to the outcome that counts: {second.successes} of {second.ripe}, "
                f"against {first.successes} of {first.ripe} of {trial.champion}"
            )
        return None


@dataclass(frozen=True, slots=True)
class TrialState:
    """A trial with its ``arms`` by each outcome that is counted, and both models on the same decided leads.

    ``differences`` is empty while there are not decided leads of both ends that both have judged.
    """

    standing: Standing
    arms: tuple[tuple[Metric, tuple[VariantFigures, ...]], ...]
    differences: tuple[Difference, ...]
    converted: int


def all_trials(center: CommandCenter) -> list[StoredTrial]:
    """Every trial, the newest first. Raises StoreUnavailable."""
    return center.per_version("model_trials", center.store.trials.all)


@for_right(Right.MODELS)
def start(
    center: CommandCenter,
    version: str,
    share: float,
    metric: Metric = Metric.SIGNED,
    reason: str | None = None,
) -> StoredTrial:
    """Let ``version`` answer a ``share`` of the leads, in [0.05, 0.5], until somebody ends it or it does harm.

    What may not be promoted may not answer a share either: raises ModelRefused for a version that disagrees with
    scikit-learn or shap or that only files can use, and without a ``reason`` for one that is worse beyond the interval
    or cannot be compared;
    InputError for the champion, a retired version, one that watches a promotion, and while another trial runs.
    """
    if not LEAST_SHARE <= share <= MOST_SHARE:
        raise InputError(f"share is {share}; must be from {LEAST_SHARE} to {MOST_SHARE}")
    given = (reason or "").strip()
    check_text(given, "reason", LINE_CHARACTERS)
    champion = center.model.version
    _refuse_wrong(center, version, champion)
    center.registry.refuse_unfit(version)
    refuse_for_files_alone(open_version(center, version), f"Use it on files: jorge score IN.csv --model {version}")
    if not given:
        refuse_a_worse_one(compare(center, champion, version))
    design = Design(
        _CHANGE, (Variant(champion, 1 - share), Variant(version, share)), metric, WITHIN_DAYS[metric],
        baseline=0.1, lift=0.05, power=0.8, alpha=0.05, sequential=True, sample=TIGHTEST_AT,
    )  # fmt: skip
    center.store.trials.start(champion, version, design, utc_now(), center.actor.name)
    stop_shadow(center, version)
    audit.note(
        center, "trial started", version, champion=champion, share=share, outcome=metric.value,
        **({"reason": given} if given else {}),
    )  # fmt: skip
    center.kept.forget(RUNNING)
    tell(center, version, "trial_started")
    begun = running_trial(center)
    if begun is None:  # pragma: no cover - the database went down in this very moment
        raise StoreUnavailable("the trial was begun, and the database does not answer any more")
    return begun


def _refuse_wrong(center: CommandCenter, version: str, champion: str) -> None:
    open_version(center, version)
    if version == champion:
        raise InputError(f"{version!r} answers all leads; name another version for a trial")
    if version in center.registry.retired():
        raise InputError(f"{version!r} is retired; name another version for a trial")
    judging = shadow(center)
    if judging is not None and judging.version == version and judging.role == PREDECESSOR:
        raise InputError(
            f"{version!r} watches the promotion of {judging.champion!r} and takes it back when it turns out better; "
            "stop its judging before it answers leads"
        )


@for_right(Right.MODELS)
def end(center: CommandCenter, reason: str) -> None:
    """End the trial that runs: the champion answers all leads. Raises InputError, NotFound, StoreUnavailable."""
    check_text(reason, "reason", LINE_CHARACTERS)
    if not reason.strip():
        raise InputError("reason is empty; say why the trial ends")
    trial = center.store.trials.running()
    if trial is None:
        raise NotFound("no trial runs; it may have ended meanwhile, reload the page")
    _end(center, trial, reason.strip())


@for_right(Right.MODELS)
def over(center: CommandCenter, version: str, reason: str, only: str | None = None) -> None:
    """End a trial because another model answers or its challenger is retired; with ``only`` just that version's."""
    with suppress(StoreUnavailable, NotFound):  # a trial counts beside its champion alone, also while it stands there
        trial = center.store.trials.running()
        if trial is not None and only in (None, trial.challenger):
            _end(center, trial, reason, decided=version if version == trial.challenger and not only else None)


def end_if_worse(center: CommandCenter) -> str | None:
    """End a trial whose challenger does harm with confidence; returns the version that answers no more, else None."""
    trial = running_trial(center)
    if trial is None:
        return None
    watch = center.acting_as(WATCH)
    if trial.champion != center.registry.champion():
        over(watch, "", f"{trial.champion} does not answer any longer")
        return trial.challenger
    if not takes_back(center):
        return None
    why = standing(center, trial).why_worse
    if why is None:
        return None
    with suppress(NotFound):  # somebody was quicker
        _end(watch, trial, why)
    return trial.challenger


def _end(center: CommandCenter, trial: StoredTrial, reason: str, decided: str | None = None) -> None:
    said = standing(center, trial)
    by, fares = center.actor.name, said.duel
    arms = counts_to_keep(figures_of(trial.design, said.reading))
    kept = {"decided": decided, "reason": reason, "by": by, "outcomes": fares.outcomes, "brier": fares.difference}
    center.store.trials.end(trial.trial_id, utc_now(), {**kept, "arms": arms})
    center.kept.forget(RUNNING)
    audit.note(center, "trial ended", trial.challenger, decided=decided, reason=reason)
    if decided is None:
        tell(center, trial.challenger, "trial_ended")


def judge_trial(center: CommandCenter) -> int:
    """Let each model judge at most ``BATCH`` scores of the trial that the other one made; returns how many."""
    trial = running_trial(center)
    if trial is None:
        return 0
    judged, shadows = 0, center.store.shadow
    for version in (trial.champion, trial.challenger):
        waiting = shadows.waiting_in_trial(trial.trial_id, version, BATCH)
        if len(waiting.score_ids):
            said = opened(center, version).score_many(waiting.features, explain=False).probability
            shadows.keep(version, waiting.score_ids.tolist(), said.tolist())
            judged += len(said)
    return judged


def standing(center: CommandCenter, trial: StoredTrial, now: datetime | None = None) -> Standing:
    """How both fare so far. Raises StoreUnavailable."""
    return _measured(center, trial, now or utc_now())[0]


def state(center: CommandCenter, trial: StoredTrial) -> TrialState:
    """All that the screen says of a trial, at most half a minute old. Raises StoreUnavailable."""
    return center.kept.for_a_while(_FRESH_S, ("trial state", trial.trial_id), lambda: _state(center, trial))


def _state(center: CommandCenter, trial: StoredTrial) -> TrialState:
    now = utc_now()
    found, said, converted = _measured(center, trial, now)
    won = int(converted.sum())
    both = differences(said[:, 0], said[:, 1], converted, threshold(center)) if 0 < won < len(converted) else []
    return TrialState(found, tuple(_arms(center, found, now)), tuple(both), won)


def _arms(center: CommandCenter, found: Standing, now: datetime) -> list[tuple[Metric, tuple[VariantFigures, ...]]]:
    arms = []
    for metric, days in WITHIN_DAYS.items():
        trial = found.trial
        if metric is trial.design.metric:
            reading = found.reading
        else:
            trial = replace(trial, design=replace(trial.design, metric=metric, within_days=days))
            reading = read(trial.design, center.store.trials.counts(trial, now))
        arms.append((metric, figures_of(trial.design, reading)))
    return arms


def _measured(center: CommandCenter, trial: StoredTrial, now: datetime) -> tuple[Standing, np.ndarray, np.ndarray]:
    store = center.store
    reading = read(trial.design, store.trials.counts(trial, now))
    versions = (trial.champion, trial.challenger)
    found = store.shadow.watched(versions, now - WAIT, trial_id=trial.trial_id)
    both = found.rows(~np.isnan(said_by(found, versions)).any(axis=1))
    said = said_by(both, versions)
    by = store.trials.answered_by(trial.trial_id)
    stood_in = by.get((CHALLENGERS_ARM, trial.champion), 0)
    fares = held_against(both, said[:, 0], said[:, 1], now)
    ended = ~both.open
    return Standing(trial, reading, fares, len(found) - len(both), stood_in), said[ended], both.converted[ended]


def said_by(found: Judged, versions: tuple[str, ...]) -> np.ndarray:
    """What each of ``versions`` said of the leads, shape (leads, versions): answering, or beside; NaN where neither."""
    answered = found.model_version[:, None] == np.array(versions)
    return np.where(answered, found.probability[:, None], found.beside)
