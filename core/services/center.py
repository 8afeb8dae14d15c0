"""The one wiring of adapters to settings.

``current()`` is the center of this process. A dependency that is down is named, and the others work: each stands in a
slot of its own, is opened when first needed, and is tried again while it fails.
"""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable, Hashable, Sequence
from contextlib import suppress
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from core.errors import FeedUnavailable, JorgeError, ModelRefused, ModelUnavailable, StoreUnavailable
from core.registry.lists import changed_at
from core.services.access.actor import SYSTEM, Actor
from core.services.access.state import AccessState
from core.services.adapters import Adapters
from core.services.performance import Performance
from core.services.running.kept import Kept, Seen
from core.services.running.slot import Slot
from core.settings import MODELS_DIR, Settings, load_settings

if TYPE_CHECKING:
    from concurrent.futures import Future

    from core.leads import Outcome
    from core.realtime.hub import FeedHub
    from core.scoring.model import ScoringModel
    from core.scoring.scored import ScoredLead
    from core.services.background.keeper import Background
    from core.services.crm.work import CrmWork
    from core.services.feed import Feed
    from core.services.model.model_registry import ModelRegistry
    from core.services.scores.reading.reader import Reader
    from core.services.scores.scoring import Asked, Pending
    from core.store import GroupCommit, OutboxEvent, Store

SETTING_FRESH_S = 1.0  # another process may move a setting; this one notices within a second
PROMOTION_FRESH_S = 2.0
MEDIAN_FRESH_S = 60.0
ANALYSED_BEHIND_S = 60.0  # of many leads, an analysis takes a second or two: as often as this, no oftener
MANY_LEADS = 20_000
Value = TypeVar("Value")


class CommandCenter:
    """Store, model, Redis and feed of one workspace; everything is opened when it is first used.

    ``store`` raises StoreUnavailable, ``model`` ModelUnavailable or ModelRefused, while that part is down.
    ``start_live`` brings up the feed; only a server needs it. Close it, or use it in a ``with`` block.
    """

    def __init__(self, settings: Settings, models_dir: Path = MODELS_DIR) -> None:
        self.settings = settings
        self.models_dir = models_dir
        self.down_since: dict[str, datetime] = {}  # kept by core.services.health
        self.asking: dict[str, Future[float]] = {}  # kept by core.services.health
        self.access = AccessState()
        self._who: Callable[[], Actor] = lambda: SYSTEM
        self._adapters = Adapters(self)
        self.performance = Performance(lambda counts: self.store.performance.add_counts(counts))
        self._served_since = [changed_at(settings.jorge_data_dir)]  # a list, as views for actors share it
        self.kept = Kept()

    @classmethod
    def open(cls, settings: Settings | None = None, *, live: bool = True) -> CommandCenter:
        """A center with store and model opened, and with ``live`` the feed as well. What is down raises nothing."""
        center = cls(settings or load_settings())
        center.open_all()
        if live:
            center.start_live()
        return center

    @property
    def actor(self) -> Actor:
        """Who uses this center: services ask it what they may. Raises AccessError for who was put out meanwhile."""
        return self._who()

    def acting_as(self, actor: Actor | Callable[[], Actor]) -> CommandCenter:
        """The same workspace, used by ``actor``, or by whom it names each time it is asked.

        Shares store, model and all that is kept, and is closed with them.
        """
        view = copy.copy(self)
        view._who = actor if callable(actor) else lambda: actor
        return view

    def open_all(self) -> None:
        """Open store and model now. What is down raises nothing: it is named by whoever needs it."""
        slots: tuple[Slot[Any], ...] = (self._adapters.store, self._adapters.model)
        for slot in slots:
            with suppress(JorgeError):
                slot.get()

    def __enter__(self) -> CommandCenter:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def data_dir(self) -> Path:
        """The folder with everything that this workspace keeps."""
        return self.settings.jorge_data_dir

    @property
    def store(self) -> Store:
        """The record. Raises StoreUnavailable."""
        return self._adapters.store.get()

    @property
    def model(self) -> ScoringModel:
        """The model that answers, also when it was promoted elsewhere. Raises ModelUnavailable or ModelRefused."""
        promoted = self.kept.for_a_while(PROMOTION_FRESH_S, "promoted", self.registry.in_force)
        if promoted != self._served_since[0]:
            self._served_since[0] = promoted
            self._adapters.model.drop()
        return self._adapters.model.get()

    @property
    def registry(self) -> ModelRegistry:
        """Which versions there are, and which answers."""
        return self._adapters.registry

    def challenger(self, version: str) -> ScoringModel | None:
        """The model on trial; None while its files cannot be opened, which is tried again after a while."""
        try:
            return self._adapters.challenger(version).get()
        except JorgeError:
            return None

    def look_for_promotion(self) -> None:
        """Another model was promoted by this process: take it up with the next score, not some seconds later."""
        self.kept.forget("promoted")

    @property
    def model_or_none(self) -> ScoringModel | None:
        """The model that answers, None while none can be served."""
        try:
            return self.model
        except (ModelUnavailable, ModelRefused):
            return None

    @property
    def feed(self) -> Feed | None:
        """The live feed when ``start_live`` was called here."""
        return self._adapters.feed.peek()

    @property
    def hub(self) -> FeedHub:
        """The one reader of the feed in this process. Raises FeedUnavailable where no server runs."""
        feed = self._adapters.feed.peek()
        if feed is None:
            raise FeedUnavailable("the live feed runs in the server; start it with: jorge serve")
        return feed.hub

    @property
    def redis_url(self) -> str:
        """Address of the Redis that is set, else of the embedded one, which is started or joined.

        Raises FeedUnavailable where neither can be had.
        """
        return self.settings.jorge_redis_url or self._adapters.embedded.get().url

    def start_live(self) -> None:
        """Start Redis (the embedded one unless set), the relay, the hub, and what works through the CRM's events."""
        self._adapters.feed.get()
        self.crm.start()

    def start_background(self) -> None:
        """Start the process that asks Claude and works for the model; only a server needs it."""
        self._adapters.background.get()

    @property
    def background(self) -> Background | None:
        """The process beside this one when ``start_background`` was called here."""
        return self._adapters.background.peek()

    @property
    def commits(self) -> GroupCommit:
        """What stores scored leads one by one, each with its event, and shares the commits. Raises StoreUnavailable."""
        return self._adapters.commits.get()

    def score_soon(self, ask: Callable[[], Asked]) -> Future[Pending]:
        """Score what ``ask`` tells, called in the thread that scores: what waits meanwhile is scored together.

        Its result raises what ``core.services.scores.scoring.begin`` and ``ask`` raise. Raises StoreUnavailable.
        """
        scoring = self._adapters.scorer.get().ask(ask)
        if scoring is None:
            raise StoreUnavailable("the server is being stopped; send the lead again when it is back")
        return scoring

    @property
    def reader(self) -> Reader | None:
        """What reads many leads in a process beside this one; None where no server runs or there is one core."""
        from core.services.scores.reading.reader import can_read_beside

        if self._adapters.feed.peek() is None or not can_read_beside():
            return None
        return self._adapters.reader.get()

    def save_many(self, scored: Sequence[ScoredLead], closings: Sequence[Outcome] = ()) -> int:
        """Store scored leads and closings of them in one commit; how many of those are new. Raises StoreUnavailable."""
        told = self.store.save_scored(scored, closings=closings, actor=self.actor.name)
        self.wake_feed(told)
        self.performance.scored(scored)
        return len(told) - len(scored)

    def wake_feed(self, events: Sequence[OutboxEvent] = ()) -> None:
        """Bring what was committed, ``events`` if known, to the screens now, when this process runs the feed."""
        feed = self._adapters.feed.peek()
        if feed is not None:
            feed.wake(events)

    @property
    def crm(self) -> CrmWork:
        """What works through the CRM's events; a server starts it."""
        return self._adapters.crm.get()

    def setting(self, key: str) -> Any:
        """A kept setting of the workspace, at most a second old; None when it is not set or the store is down."""
        try:
            return self.kept.for_a_while(SETTING_FRESH_S, ("setting", key), lambda: self.store.workspace(key))
        except StoreUnavailable:
            return None

    def set_setting(self, key: str, value: Any) -> None:
        """Keep a setting. Raises StoreUnavailable."""
        self.store.set_workspace(key, value)
        self.kept.forget(("setting", key))

    def change_setting(self, key: str, change: Callable[[Any], Any]) -> tuple[Any, Any]:
        """Keep what ``change`` makes of the stored setting; both, before and after. Raises StoreUnavailable."""
        changed = self.store.change_workspace(key, change)
        self.kept.forget(("setting", key))
        return changed

    def area_median_usd(self, area: str) -> Decimal | None:
        """Median price of the team's own closings in ``area``, at most a minute old; None when it is not known."""
        from core.store.profile import area_of

        try:
            medians = self.kept.for_a_while(MEDIAN_FRESH_S, "medians", lambda: self.store.area_median_prices())
        except StoreUnavailable:
            return None
        return medians.get(area_of(area) or "")

    def per_version(self, key: Hashable, compute: Callable[[], Value]) -> Value:
        """``compute()`` once for each state of the store: its result is kept until leads, scores or outcomes change."""
        return self.kept.per_version(self.store.version(), key, compute)

    def seen(self) -> Seen:
        """The state of the store that analyses stand on: the present one.

        In a store of many leads that changes all the time it is one of the last minute, but never older than what
        somebody changed by hand through this process.
        """
        behind_s = ANALYSED_BEHIND_S if self._many_leads() else 0.0
        return self.kept.seen(self.store.version(), behind_s)

    def analysed(self, key: Hashable, compute: Callable[[], Value]) -> Value:
        """``compute()`` once for each state of the store that analyses stand on (``seen``)."""
        return self.kept.per_version(self.seen().version, ("analysed", key), compute)

    def _many_leads(self) -> bool:
        count = self.kept.for_a_while(ANALYSED_BEHIND_S, "how many leads", lambda: self.store.lead_count())
        return count >= MANY_LEADS

    def close(self) -> None:
        """Save what waits, end the process beside this one, the feed and the embedded Redis, close the store."""
        self._adapters.stop_work()
        self.access.close()
        self.performance.flush()
        self._adapters.close()


_current: CommandCenter | None = None
_current_lock = threading.Lock()


def current() -> CommandCenter:
    """The center of this process, made from the settings when it is first asked for. Raises SettingsError."""
    global _current
    with _current_lock:
        if _current is None:
            _current = CommandCenter(load_settings())
        return _current


def use(center: CommandCenter | None) -> None:
    """Make ``center`` the one of this process (None: made anew from the settings when next asked for)."""
    global _current
    with _current_lock:
        _current = center
