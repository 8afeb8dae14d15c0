"""Train on a file: look at it, learn in the background, register what can be relied on."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from core.errors import InputError, ModelUnavailable, NotFound
from core.leads import utc_now
from core.registry import save_model
from core.services import audit
from core.services.access import Right, allow
from core.services.running.job import Job

if TYPE_CHECKING:
    from core.services.center import CommandCenter
    from core.services.model.model_registry import ModelRegistry
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


@dataclass(frozen=True, slots=True, eq=False)
class Order:
    """What to learn from, and the name of the version; a name is made from the moment when it is None.

    ``source`` is how the card names the file.
    """

    request: Request
    name: str | None = None
    source: str | None = None


def train_file(registry: ModelRegistry, order: Order, tell: Tell = lambda _what, _done: None) -> Report:
    """Learn from a file and register the candidate when its signal is usable; the report says which version it is.

    Raises FileError for a file that cannot be used, InputError for a name that cannot.
    """
    from core.monitoring.reference import reference_of
    from core.training.table.learn import learn

    version = _dated() if order.name is None else new_version(registry, order.name)
    learned = learn(order.request, version, order.source or f"the file {order.request.path.name}", tell)
    if learned.report.signal != "usable":
        return learned.report
    report = learned.report.registered(version)
    card = learned.card | {"report": report.to_json()}
    holdout = learned.model.holdout
    reference = reference_of(learned.judged_features, holdout.probability, holdout.converted)
    folder = registry.new_folder(version)
    save_model(folder, learned.model, learned.estimator, card, learned.card_text, reference)
    registry.register(version)
    return report


def new_version(registry: ModelRegistry, name: str) -> str:
    """``name``, which no version has yet: one of the team's would hide a shipped one. Raises InputError."""
    if not VERSION.fullmatch(name):
        raise InputError(
            f"--name is {name[:80]!r}; must be 1 to 64 letters, digits or ._- and begin with a letter or digit"
        )
    try:
        registry.folder(name)
    except (NotFound, ModelUnavailable):
        return name
    raise InputError(f"version {name!r} exists already; choose another --name")


def _dated() -> str:
    return f"trained-{utc_now():%Y%m%d-%H%M%S-%f}"[:-3]


class TrainJob(Job["Report"]):
    """Trains on a file; stopped before its end, it registers nothing."""

    failing = "Training failed with {}; nothing was registered."
    can_stop = True

    def __init__(self, center: CommandCenter, order: Order) -> None:
        super().__init__(STEPS[0])
        self.order = order
        self.count = 0
        self._center = center

    @classmethod
    def start(cls, center: CommandCenter, order: Order) -> TrainJob:
        """Start training. Raises Forbidden."""
        allow(center, Right.MODELS)
        return cls(center, order).begin()

    @property
    def told(self) -> str:
        """The step, with how many rows, columns or plans of it are done."""
        return f"{self.step}: {self.count:,}" if self.count else self.step

    def _work(self) -> Report:
        report = train_file(self._center.registry, self.order, self._tell)
        audit.note(self._center, "model trained", report.version or "no usable signal", source=self.order.source)
        return report

    def _tell(self, step: str, count: int) -> None:
        self._go_on()
        self.step, self.share, self.count = step, STEPS.index(step) / len(STEPS), count
