"""The way of each lead through the funnel as columns: when it reached each stage, and where it left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.analytics.survival import Array
from core.leads import OPEN_STAGES, Stage

Places = NDArray[np.int64]
STAGES: Final = (*OPEN_STAGES, Stage.CLOSED)
LAST: Final = len(STAGES) - 1


@dataclass(frozen=True, slots=True, eq=False)
class Segments:
    """Which group each lead is of: ``code`` of shape (leads,) is a place in ``names``; None: nobody told."""

    code: Places
    names: tuple[str | None, ...]


@dataclass(frozen=True, slots=True, eq=False)
class StageWays:
    """One entry a lead, shape (leads,): days since 1970 in UTC, with NaN for what nobody dated.

    ``at`` has shape (5, leads): when the lead was first seen in a stage or beyond it, so that a skipped stage counts as
    passed; ``told`` of the same shape says that this very stage was told, and so how long the lead stood in it.
    ``furthest`` is the place in ``STAGES`` of the furthest stage, dated or not. ``lost`` leads stay lost, and
    ``lost_at`` is when; ``price_usd`` is what the sale was told at.
    """

    lead_ids: tuple[str, ...]
    at: Array
    told: NDArray[np.bool_]
    furthest: Places
    lost: NDArray[np.bool_]
    lost_at: Array
    price_usd: Array
    segments: Mapping[str, Segments]

    def __len__(self) -> int:
        return len(self.furthest)

    def chosen(self, which: NDArray[np.bool_]) -> StageWays:
        """Those of the leads that are marked in ``which``, shape (leads,)."""
        return StageWays(
            tuple(compress(self.lead_ids, which.tolist())),
            self.at[:, which],
            self.told[:, which],
            self.furthest[which],
            self.lost[which],
            self.lost_at[which],
            self.price_usd[which],
            {kind: Segments(of.code[which], of.names) for kind, of in self.segments.items()},
        )


def stage_ways(
    lead_ids: Sequence[str],
    first: Array,
    stages: Sequence[str],
    lost_at: Array,
    price_usd: Array,
    segments: Mapping[str, Segments],
) -> StageWays:
    """Work out the ways from the first day in each stage, ``first`` of shape (5, leads), and the present ``stages``.

    A lead that was qualified on day 2, went straight to a contract on day 9 and was lost on day 12:

    >>> nan = np.nan
    >>> first = np.array([[0], [2], [nan], [9], [nan]])
    >>> found = stage_ways(["a"], first, ["lost"], np.array([12.0]), np.array([nan]), {})
    >>> found.at[:, 0].tolist(), found.told[:, 0].tolist(), found.furthest.tolist()
    ([0.0, 2.0, 9.0, 9.0, nan], [True, True, False, True, False], [3])
    """
    at = first.copy()
    for place in range(LAST - 1, 0, -1):
        at[place] = np.fmin(at[place], at[place + 1])
    numbers = {stage.value: place for place, stage in enumerate(STAGES)}
    present = grouped(stages)
    now = np.array([numbers.get(name or "", 0) for name in present.names], dtype=np.int64)[present.code]
    dated = np.where(np.isnan(at), 0, np.arange(LAST + 1)[:, None]).max(axis=0) if len(now) else now
    furthest = np.maximum(now, dated)
    lost = np.array([name == Stage.LOST.value for name in present.names], dtype=bool)[present.code] & (furthest < LAST)
    told = ~np.isnan(first) & (first == at)
    return StageWays(tuple(lead_ids), at, told, furthest, lost, lost_at, price_usd, segments)


def grouped(values: Sequence[str | None]) -> Segments:
    """Number the groups in the order of their first lead.

    >>> grouped(["web", None, "web"]).code.tolist()
    [0, 1, 0]
    """
    numbers = {value: place for place, value in enumerate(dict.fromkeys(values))}
    return Segments(np.fromiter(map(numbers.__getitem__, values), np.int64, len(values)), tuple(numbers))
