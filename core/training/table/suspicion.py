"""Names and values that give away that a column was filled when the outcome was already known."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.scoring.own_column import folded
from core.training.table.cells import Column
from core.transfer.headers import OUTCOME_COLUMNS, plain

_TELLING: Final = re.compile(
    r"(?:^|_)(?:duration|outcome|won|lost|closed|closing|sold|converted|conversion|result|final|decision|commission|"
    r"gci|signed|call_length|talk_time|days_to|time_to|cancel(?:l?ed|lation)?|(?:last|next)_(?:activity|contact(?:ed)?|"
    r"modified|updated)|updated(?:_at|_on)?|modified)(?:_|$)"
)
_EARLIER: Final = re.compile(r"(?:^|_)(?:previous|prior|past|earlier|prev|p)_")
NAME_NEEDS: Final = 0.62
FEW_SHARE: Final = 0.01
MANY_SHARE: Final = 0.2
LEAST_ROWS: Final = 10
CHANCE: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Suspect:
    """A column that seems to know the future.

    ``auc_alone`` is how well it alone orders the rows to learn from, in [0.5, 1]. ``left_out`` says whether the model
    goes without it.
    """

    name: str
    reason: str
    auc_alone: float
    left_out: bool = True


def by_name(name: str, auc_alone: float) -> str | None:
    """Why a name is suspect: a CRM's own column of outcomes, or words of an ending with values that tell apart.

    >>> by_name("Close Date", 0.5), by_name("poutcome", 0.6), by_name("previous_outcome", 0.9)
    ("is a CRM's column for what became of the lead", None, None)
    >>> by_name("duration", 0.8)
    'is named like something that is known only afterwards, and tells the outcomes apart'
    """
    if plain(name) in OUTCOME_COLUMNS:
        return "is a CRM's column for what became of the lead"
    if auc_alone >= NAME_NEEDS and outcome_word(name):
        return "is named like something that is known only afterwards, and tells the outcomes apart"
    return None


def outcome_word(name: str) -> bool:
    """Whether a name speaks of an ending.

    >>> outcome_word("Deal won?"), outcome_word("Wonderful")
    (True, False)
    """
    words = re.sub(r"[^a-z0-9]+", "_", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower())
    return bool(_TELLING.search(words)) and not _EARLIER.search(words)


def by_filling(column: Column, converted: NDArray[np.bool_]) -> str | None:
    """Why a column was filled after the fact: it is (nearly) never filled for one outcome, and often for the other."""
    known = column.known
    share = {won: float(known[converted == won].mean()) for won in (True, False)}
    for never, often, told in ((True, False, "lost"), (False, True, "won")):
        expected = known.mean() * (converted == never).sum()
        if share[never] <= FEW_SHARE and share[often] >= MANY_SHARE and expected >= LEAST_ROWS:
            return f"is filled for {share[often]:.0%} of those {told} and for {share[never]:.0%} of the others"
    return None


def by_values(column: Column, converted: NDArray[np.bool_]) -> str | None:
    """Why values give the outcome away: some value (of few) stands for one outcome only, and for much of that one."""
    groups: dict[str, list[int]] = {}
    for code, text in enumerate(column.values[1:], start=1):
        groups.setdefault(folded(text), []).append(code)
    counts = column.counts
    frequent = sorted(groups, key=lambda name: -sum(counts[code] for code in groups[name]))[:50]
    for name in frequent:
        rows = np.isin(column.codes, groups[name])
        found = _only_one_outcome(rows, converted)
        if found is not None:
            those = "those won" if found else "those lost"
            return f"the value {name[:30]!r} stands for {those} only ({int(rows.sum()):,} rows)"
    return None


def _only_one_outcome(rows: NDArray[np.bool_], converted: NDArray[np.bool_]) -> bool | None:
    """The outcome that all of ``rows`` have, when that is no chance and covers a good part of it."""
    count = int(rows.sum())
    if count < LEAST_ROWS:
        return None
    won = int(converted[rows].sum())
    for outcome, those in ((True, won), (False, count - won)):
        every = converted == outcome
        if those == count and count >= MANY_SHARE * every.sum() and float(every.mean()) ** count < CHANCE:
            return outcome
    return None


def later_than(column: Column, day: NDArray[np.float64]) -> float:
    """The share of a column's dates that lie after the row's own day; 0 for what holds no dates."""
    days = column.as_days()
    dated = np.isfinite(days)
    if dated.sum() < 0.8 * max(1, column.known.sum()):
        return 0.0
    return float((days[dated] > day[dated] + 1.0).mean())
