"""Train on a file: look at it, learn in the background, register what can be relied on."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from core.errors import InputError, JorgeError, NotFound
from core.registry import save_model, version_folder
from core.services import audit
from core.services.access import Right, allow

if TYPE_CHECKING:
    from core.services.center import CommandCenter
    from core.training.table.read import Request
    from core.training.table.report import Report

Tell = Callable[[str, int], None]  # what is being done, how many rows, columns or plans are done
VERSION: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
STEPS: Final = (
    "Reading the file",
    "Reading what leads said and did",
    "Looking for columns that know the future",
    "Choosing the size of the trees",
    "Growing the trees",
    "Measuring",
)


class StoppedError(JorgeError):
    """The person who started the training stopped it; nothing was registered."""


@dataclass(frozen=True, slots=True, eq=False)
class Order:
    """What to learn from, and the name of the version; a name is made from the moment when it is None.

    ``source`` is how the card names the file.
    """

    request: Request
    name: str | None = None
    source: str | None = None


def train_file(models_dir: Path, data_dir: Path, order: Order, tell: Tell = lambda _what, _done: None) -> Report:
    """Learn from a file and register the candidate when its signal is usable; the report says which version it is.

    Raises FileError for a file that cannot be used, InputError for a name that cannot.
    """
    from core.monitoring.reference import reference_of
    from core.training.table.learn import learn

    version = _version(models_dir, data_dir, order.name)
    learned = learn(order.request, version, order.source or f"the file {order.request.path.name}", tell)
    if learned.report.signal != "usable":
        return learned.report
    report = learned.report.registered(version)
    card = learned.card | {"report": report.to_json()}
    holdout = learned.model.holdout
    reference = reference_of(learned.judged_features, holdout.probability, holdout.converted)
    save_model(data_dir / "models" / version, learned.model, learned.estimator, card, learned.card_text, reference)
    return report


def _version(models_dir: Path, data_dir: Path, name: str | None) -> str:
    if name is None:
        return f"trained-{datetime.now(UTC):%Y%m%d-%H%M%S-%f}"[:-3]
    if not VERSION.fullmatch(name):
        raise InputError(
            f"--name is {name[:80]!r}; must be 1 to 64 letters, digits or ._- and begin with a letter or digit"
        )
    try:
        version_folder(models_dir, data_dir, name)
    except NotFound:
        return name
    raise InputError(f"version {name!r} exists already; choose another name")


class TrainJob:
    """Trains in a thread of its own.

    ``step`` is what is being done; once ``done``, one of ``report``, ``error`` (a sentence for the user) and
    ``cancelled`` is set.
    """

    def __init__(self, center: CommandCenter, order: Order) -> None:
        self.order = order
        self.step = STEPS[0]
        self.count = 0
        self.report: Report | None = None
        self.error: str | None = None
        self.cancelled = False
        self._center = center
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="train-file", daemon=True)

    @classmethod
    def start(cls, center: CommandCenter, order: Order) -> TrainJob:
        """Start training. Raises Forbidden."""
        allow(center, Right.MODELS)
        job = cls(center, order)
        job._thread.start()
        return job

    @property
    def done(self) -> bool:
        """Whether it has ended, well or not."""
        return self.report is not None or self.error is not None or self.cancelled

    @property
    def share(self) -> float:
        """How many of the steps are behind it, in [0, 1]."""
        return STEPS.index(self.step) / len(STEPS)

    def cancel(self) -> None:
        """Ask it to stop at the next step; nothing is registered then."""
        self._stop.set()

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait until it has ended; False when ``timeout_s`` seconds were not enough."""
        self._thread.join(timeout_s)
        return self.done

    def _run(self) -> None:
        try:
            report = train_file(self._center.models_dir, self._center.data_dir, self.order, self._tell)
            audit.note(self._center, "model trained", report.version or "no usable signal", source=self.order.source)
            self.report = report
        except StoppedError:
            self.cancelled = True
        except JorgeError as error:
            self.error = str(error)
        except Exception as error:  # shown on a screen: the text may hold a file's words, the name does not
            self.error = f"Training failed with {type(error).__name__}; nothing was registered."

    def _tell(self, step: str, count: int) -> None:
        if self._stop.is_set():
            raise StoppedError("stopped")
        self.step, self.count = step, count
