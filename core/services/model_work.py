"""What a server does between requests: judge in the shadow, watch a promotion, train and report when it is due."""

from __future__ import annotations

import logging
import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from core.errors import JorgeError
from core.leads import utc_now
from core.services import audit, retraining
from core.services.access import Right, allow, for_right
from core.services.model_alerts import look_when_due
from core.services.reports.schedule import make_when_due
from core.services.shadow import BATCH, judge_waiting, take_back_if_worse

if TYPE_CHECKING:
    from core.services.center import CommandCenter
    from core.services.retraining import Learned

RETRAIN_EVERY: Final = "retrain_every_days"
SCHEDULE: Final = "schedule"
LOOK_S: Final = 5.0
WATCH_EVERY_S: Final = 60.0
_log = logging.getLogger(__name__)


def retrain_every_days(center: CommandCenter) -> int | None:
    """Days between trainings on the team's outcomes; None when only a person starts one."""
    kept = center.setting(RETRAIN_EVERY)
    return kept if isinstance(kept, int) and kept > 0 else None


@for_right(Right.MODELS)
def set_retrain_every_days(center: CommandCenter, days: int | None, actor: str = audit.DASHBOARD) -> None:
    """Keep the schedule; None for no schedule. Raises StoreUnavailable."""
    audit.set_and_note(center, RETRAIN_EVERY, days, actor)


def train_when_due(center: CommandCenter) -> Learned | None:
    """Train when the schedule says so, on one of several servers; None when it is not due, or not possible yet."""
    days = retrain_every_days(center)
    if days is None or not center.store.turns.take(retraining.RETRAIN, timedelta(days=days), utc_now()):
        return None
    try:
        return retraining.learn(center, retraining.RETRAIN, SCHEDULE)
    except JorgeError as error:
        audit.note(center, "training not possible", "schedule", SCHEDULE, because=str(error))
        return None


class ModelWork:
    """The thread of one server, from ``start`` to ``close``. Any number of servers may run one."""

    def __init__(self, center: CommandCenter, look_s: float = LOOK_S, watch_every_s: float = WATCH_EVERY_S) -> None:
        self._center, self._look_s, self._watch_every_s = center, look_s, watch_every_s
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="model-work", daemon=True)

    def start(self) -> ModelWork:
        """Begin; returns itself."""
        self._thread.start()
        return self

    def close(self) -> None:
        """Stop at the next pause; a training that is under way ends with the process."""
        self._closing.set()
        self._thread.join(2.0)

    def _run(self) -> None:
        waited_s = self._watch_every_s
        while not self._closing.wait(self._look_s):
            waited_s += self._look_s
            try:
                while judge_waiting(self._center) == BATCH and not self._closing.is_set():
                    pass
                if waited_s >= self._watch_every_s:
                    waited_s = 0.0
                    take_back_if_worse(self._center)
                    train_when_due(self._center)
                    look_when_due(self._center)
                    make_when_due(self._center)
            except Exception as error:  # the thread must outlive any fault
                _log.warning("Work for the model waits: %s", error if isinstance(error, JorgeError) else type(error))


class LearnJob:
    """Learns in a thread of its own, for a page that shows how far it is.

    Once ``done``, either ``learned`` or ``error``, a sentence for the user, is set.
    """

    def __init__(self, center: CommandCenter, how: str, actor: str) -> None:
        self.how = how
        self.step = retraining.STEPS[0]
        self.learned: Learned | None = None
        self.error: str | None = None
        self._center, self._actor = center, actor
        self._thread = threading.Thread(target=self._run, name=f"{how}-model", daemon=True)

    @classmethod
    def start(cls, center: CommandCenter, how: str, actor: str = audit.DASHBOARD) -> LearnJob:
        """Begin; ``how`` is "retrain" or "recalibrate"."""
        allow(center, Right.MODELS)
        job = cls(center, how, actor)
        job._thread.start()
        return job

    @property
    def done(self) -> bool:
        """Whether it has ended, well or not."""
        return self.learned is not None or self.error is not None

    @property
    def share(self) -> float:
        """How many of the steps are behind it, in [0, 1]."""
        return retraining.STEPS.index(self.step) / len(retraining.STEPS)

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait until it has ended; False when ``timeout_s`` seconds were not enough."""
        self._thread.join(timeout_s)
        return self.done

    def _run(self) -> None:
        try:
            self.learned = retraining.learn(self._center, self.how, self._actor, self._tell)
        except JorgeError as error:
            self.error = str(error)
        except Exception as error:
            self.error = f"Learning failed with {type(error).__name__}; nothing was registered."

    def _tell(self, step: str) -> None:
        self.step = step
