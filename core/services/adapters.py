"""Store, model, Redis and what works beside them: how each is opened, and in which order all are closed."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import cached_property
from typing import TYPE_CHECKING, Final

from core.errors import FeedUnavailable
from core.services.running.slot import Slot
from core.services.scores.remembered import forget_texts
from core.together import Together

if TYPE_CHECKING:
    from core.realtime.embedded import EmbeddedRedis
    from core.scoring.model import ScoringModel
    from core.services.background.keeper import Background
    from core.services.center import CommandCenter
    from core.services.crm.work import CrmWork
    from core.services.feed import Feed
    from core.services.model.model_registry import ModelRegistry
    from core.services.running.kernels import Kernels
    from core.services.scores.reading.reader import Reader
    from core.services.scores.scoring import Asked, Pending
    from core.store import GroupCommit, Store

MOST_SCORED: Final = 16  # in one pass: more gain little by it, and the first would wait for the last


class Adapters:
    """A slot for each, opened by the settings of ``center`` when it is first needed."""

    def __init__(self, center: CommandCenter) -> None:
        self._center = center
        self.store = Slot(self._open_store)
        self.model = Slot(self._open_model)
        self.kernels = Slot(self._open_kernels)
        self.embedded = Slot(self._open_embedded)
        self.feed = Slot(self._open_feed)
        self.commits = Slot(self._open_commits)
        self.scorer = Slot(self._open_scorer)
        self.reader = Slot(self._open_reader)
        self.background = Slot(self._open_background)
        self.crm = Slot(self._open_crm)
        self._challenger: tuple[str, Slot[ScoringModel]] | None = None

    def challenger(self, version: str) -> Slot[ScoringModel]:
        """The slot of a version on trial; one at a time is kept."""
        kept = self._challenger
        if kept is None or kept[0] != version:
            kept = self._challenger = (version, Slot(lambda: self._open_version(version)))
        return kept[1]

    @cached_property
    def registry(self) -> ModelRegistry:
        """The team's models; one for all who use the center."""
        from core.services.model.model_registry import ModelRegistry

        center = self._center
        record = None if center.settings.one_machine else lambda: self.store.get().models
        return ModelRegistry(center.models_dir, center.data_dir, record)

    def stop_work(self) -> None:
        """End what works by itself, and save what waits."""
        works = (self.background, self.crm, self.scorer, self.reader, self.commits, self.kernels)
        for worker in [slot.drop() for slot in works]:
            if worker is not None:
                worker.close()

    def close(self) -> None:
        """Close the feed, the embedded Redis and the store, in this order: each needs the next."""
        for adapter in (self.feed.drop(), self.embedded.drop(), self.store.drop()):
            if adapter is not None:
                adapter.close()

    def _open_store(self) -> Store:
        from core.store import open_store

        return open_store(self._center.settings.database_url)

    def _open_model(self) -> ScoringModel:
        model = self.registry.open_champion()
        if self.feed.peek() is not None:  # a server, which many wait for
            self.kernels.get().check()
        return model

    def _open_kernels(self) -> Kernels:
        from core.services.running.kernels import Kernels

        return Kernels()

    def _open_version(self, version: str) -> ScoringModel:
        return self.registry.open(version)

    def _open_commits(self) -> GroupCommit:
        from core.store import GroupCommit

        return GroupCommit(self.store.get(), self._center.wake_feed)

    def _open_scorer(self) -> Together[Callable[[], Asked], Pending]:
        from core.services.scores import scoring

        return Together("scorer", MOST_SCORED, scoring.answer_together)

    def _open_reader(self) -> Reader:
        from core.services.scores.reading.reader import Reader

        return Reader()

    def _open_embedded(self) -> EmbeddedRedis:
        from core.realtime import NO_SERVER, start_embedded

        server = start_embedded(self._center.data_dir)
        if server is None:
            raise FeedUnavailable(NO_SERVER)
        return server

    def _open_background(self) -> Background:
        from core.services.background.keeper import Background

        return Background(self._center.performance).start()

    def _open_crm(self) -> CrmWork:
        from core.services.crm.work import CrmWork

        return CrmWork(self._center)

    def _open_feed(self) -> Feed:
        import core.store  # noqa: F401 - here, as two threads that import a package at once may each see half of it
        from core.services.feed import Feed, Record

        source = Record(self.store.get)
        try:
            alone = not self._center.settings.jorge_redis_url
            return Feed.start(source, self._center.redis_url, alone=alone, erased=self._forget_texts)
        except FeedUnavailable as error:
            return Feed.start(source, None, absent=str(error), erased=self._forget_texts)

    def _forget_texts(self, _lead_ids: Collection[str]) -> None:
        """What a lead wrote that was erased may be remembered here, and in the process that reads beside this one.

        So may be their names, in lists that were kept.
        """
        forget_texts()
        self._center.kept.clear()
        reader = self.reader.peek()
        if reader is not None:
            reader.forget()
