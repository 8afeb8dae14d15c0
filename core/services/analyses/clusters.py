"""Clusters: found on request, in the background, and kept with the model whose features they rest on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from core.analytics.clusters import Trait
from core.errors import InputError
from core.leads import utc_now
from core.scoring.selective import wilson
from core.services import audit
from core.services.access import Right, for_right
from core.services.commission.closing_chances import expecting
from core.services.running.job import Job
from core.store import LeadFilter
from core.store.segments import SegmentSums

if TYPE_CHECKING:
    from core.services.center import CommandCenter
    from core.store.segments import StoredClustering

Tell = Callable[[str, float], None]  # what is being done, the share that is done
READING: Final = "Reading the features"


@dataclass(frozen=True, slots=True)
class KeptCluster:
    """A cluster as it was found, and what its leads are worth now; ``sums`` None when the filters leave nobody."""

    name: str
    leads: int
    traits: tuple[Trait, ...]
    sums: SegmentSums | None
    share: float | None
    share_ends: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class KeptClustering:
    """The newest clustering. ``stability`` are adjusted Rand indices of the bootstrap, ascending."""

    clustering_id: int
    made_at: datetime
    made_by: str
    model_version: str
    leads: int
    other_models: int
    clusters: tuple[KeptCluster, ...]
    silhouettes: dict[int, float]
    stability: tuple[float, ...]
    features_used: tuple[str, ...]


@for_right(Right.MONEY)
def clustering(center: CommandCenter, wanted: LeadFilter, today: date) -> KeptClustering | None:
    """The clusters that were found last, with the figures of the leads of ``wanted``; None before the first.

    Raises StoreUnavailable.
    """
    rates = expecting(center, today)
    return center.analysed(("clusters", wanted, today, rates.default), lambda: _clustering(center, wanted, today))


def stored(center: CommandCenter) -> StoredClustering | None:
    """The clusters that were found last, without figures. Raises StoreUnavailable."""
    return center.per_version("clustering", center.store.segments.clustering)


@for_right(Right.MONEY)
def find(center: CommandCenter, tell: Tell = lambda _step, _share: None) -> int:
    """Find clusters over all scored leads and keep them. Raises InputError with too few leads, StoreUnavailable."""
    from threadpoolctl import threadpool_limits

    from core.analytics.clusters import find_clusters

    told = center.store.segments.features()
    try:
        with threadpool_limits(1):  # beside a server: threads that wait for a busy core make it slower, not faster
            found = find_clusters(told.features, tell=tell)
    except ValueError as error:
        raise InputError(f"{error}") from error
    report: dict[str, Any] = {
        "leads": len(told.lead_ids),
        "other_models": told.other_models,
        "clusters": [asdict(one) for one in found.clusters],
        "silhouettes": {str(number): value for number, value in found.silhouettes.items()},
        "stability": list(found.stability),
        "features_used": list(found.features_used),
    }
    version = told.model_version or ""
    made = center.store.segments.save_clusters(
        utc_now(), center.actor.name, version, report, told.lead_ids, found.members
    )
    audit.note(center, "clusters found", f"{len(found.clusters)} clusters", model_version=version)
    return made


class ClusterJob(Job[int]):
    """Finds clusters and keeps them; ``result`` is their number in the store."""

    failing = "Finding clusters failed with {}; what was kept before is unchanged."

    def __init__(self, center: CommandCenter) -> None:
        super().__init__(READING)
        self._center = center

    @classmethod
    def start(cls, center: CommandCenter) -> ClusterJob:
        """Start finding."""
        return cls(center).begin()

    def _work(self) -> int:
        return find(self._center, self._tell)

    def _tell(self, step: str, share: float) -> None:
        self.step, self.share = step, share


def _clustering(center: CommandCenter, wanted: LeadFilter, today: date) -> KeptClustering | None:
    kept = stored(center)
    if kept is None:
        return None
    told = kept.report
    rates = expecting(center, today)
    sums = center.store.segments.cluster_sums(kept.clustering_id, wanted, rates, utc_now())
    clusters = []
    for place, one in enumerate(told["clusters"]):
        mine = sums.get(place)
        decided = mine.decided if mine is not None else 0
        clusters.append(
            KeptCluster(
                one["name"], one["leads"], tuple(Trait(**trait) for trait in one["traits"]), mine,
                mine.signed / decided if mine is not None and decided else None,
                wilson(mine.signed, decided) if mine is not None and decided else None,
            )
        )  # fmt: skip
    return KeptClustering(
        kept.clustering_id, kept.made_at, kept.made_by, kept.model_version, told["leads"], told["other_models"],
        tuple(clusters), {int(number): value for number, value in told["silhouettes"].items()},
        tuple(told["stability"]), tuple(told["features_used"]),
    )  # fmt: skip
