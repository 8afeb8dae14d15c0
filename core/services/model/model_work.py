"""What a server does for the model between requests: judge unseen, watch what was promoted or is on trial, train."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from core.errors import JorgeError
from core.leads import utc_now
from core.services import audit
from core.services.access import BY_SCHEDULE, Right, allow, for_right
from core.services.model import retraining
from core.services.model.model_alerts import look_when_due
from core.services.model.shadow import BATCH, judge_waiting, take_back_if_worse
from core.services.model.trials import end_if_worse, judge_trial
from core.services.running.job import Job
from core.services.running.repeated import Repeated

if TYPE_CHECKING:
    from core.services.center import CommandCenter
    from core.services.model.retraining import Learned

RETRAIN_EVERY: Final = "retrain_every_days"
LOOK_S: Final = 5.0
WATCH_EVERY_S: Final = 60.0


def retrain_every_days(center: CommandCenter) -> int | None:
    """Days between trainings on the team's outcomes; None when only a person starts one."""
    kept = center.setting(RETRAIN_EVERY)
    return kept if isinstance(kept, int) and kept > 0 else None


@for_right(Right.MODELS)
def set_retrain_every_days(center: CommandCenter, days: int | None) -> None:
    """Keep the schedule; None for no schedule. Raises StoreUnavailable."""
    audit.set_and_note(center, RETRAIN_EVERY, days)


def train_when_due(center: CommandCenter) -> Learned | None:
    """Train when the schedule says so, on one of several servers; None when it is not due, or not possible yet."""
    days = retrain_every_days(center)
    if days is None or not center.store.turns.take(retraining.RETRAIN, timedelta(days=days), utc_now()):
        return None
    by_itself = center.acting_as(BY_SCHEDULE)
    try:
        return retraining.learn(by_itself, retraining.RETRAIN)
    except JorgeError as error:
        audit.note(by_itself, "training not possible", "schedule", because=str(error))
        return None


class ModelWork(Repeated):
    """The thread of one server, from ``start`` to ``close``. Any number of servers may run one.

    A training that is under way when it is closed ends with the process.
    """

    what = "Work for the model"

    def __init__(self, center: CommandCenter, look_s: float = LOOK_S, watch_every_s: float = WATCH_EVERY_S) -> None:
        super().__init__(look_s)
        self._center, self._watch_every_s = center, watch_every_s
        self._waited_s = watch_every_s

    def _turn(self) -> None:
        self._waited_s += self._look_s
        while judge_waiting(self._center) == BATCH and not self._closing.is_set():
            pass
        judge_trial(self._center)
        if self._waited_s >= self._watch_every_s:
            self._waited_s = 0.0
            take_back_if_worse(self._center)
            end_if_worse(self._center)
            train_when_due(self._center)
            look_when_due(self._center)


class LearnJob(Job["Learned"]):
    """Learns from the record."""

    failing = "Learning failed with {}; nothing was registered."

    def __init__(self, center: CommandCenter, how: str) -> None:
        super().__init__(retraining.STEPS[0])
        self.how = how
        self._center = center

    @classmethod
    def start(cls, center: CommandCenter, how: str) -> LearnJob:
        """Begin; ``how`` is "retrain" or "recalibrate". Raises Forbidden."""
        allow(center, Right.MODELS)
        return cls(center, how).begin()

    def _work(self) -> Learned:
        return retraining.learn(self._center, self.how, self._tell)

    def _tell(self, step: str) -> None:
        self.step, self.share = step, retraining.STEPS.index(step) / len(retraining.STEPS)
