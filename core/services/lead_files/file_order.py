"""What is asked of a file, how far it is, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from core.services.lead_files.file_rows import ScoredRow
from core.transfer import Dialect, FeaturesFilled, Mapping

if TYPE_CHECKING:
    from core.scoring.model import ScoringModel


@dataclass(frozen=True, slots=True)
class Progress:
    """``rows_total`` is an upper bound from the file's lines, exact at the end; None before they are counted."""

    phase: str
    rows_done: int = 0
    rows_total: int | None = None

    @property
    def share(self) -> float | None:
        """How far it is, in [0, 1]; None when that is not known."""
        return None if not self.rows_total else min(1.0, self.rows_done / self.rows_total)


@dataclass(frozen=True, slots=True)
class ScoreResult:
    """What became of a file. ``rejected_path`` is None when every row was scored.

    ``seconds`` is the CPU time of each part of the work, the slowest first, added up over ``processes``.
    ``problems`` are the first reasons (200 at most) of the ``rejected`` and ``duplicates`` rows; ``top`` the rows with
    the highest scores, highest first, without the ``ended`` ones, which the file calls closed or lost; ``distribution``
    the number of leads in each of 20 bins of 5 points; ``filled`` says of how many leads each feature is known.
    ``closings`` were new to the record, or had no price there.
    """

    scored: int
    rejected: int
    duplicates: int
    saved: bool
    out_path: Path
    rejected_path: Path | None
    model_version: str
    filled: FeaturesFilled
    problems: tuple[str, ...]
    top: tuple[ScoredRow, ...]
    tiers: dict[str, int]
    to_claude: int
    ended: int
    distribution: tuple[int, ...]
    seconds: dict[str, float]
    processes: int
    closings: int


@dataclass(frozen=True, slots=True)
class ScoreOrder:
    """What to do with a file: columns as ``mapping`` says, out to ``out_path``, leads into the store with ``save``.

    ``threshold`` and ``model`` replace the workspace's own; ``dialect`` is read from the file when None. ``as_of`` is
    the moment at which the leads are scored, now when None. ``processes`` score the rows: 1 is this one alone, None
    leaves it to the size of the file and the cores. ``scheduler`` is the address of a Dask cluster that scores them.
    """

    path: Path
    out_path: Path
    mapping: Mapping | None = None
    dialect: Dialect | None = None
    save: bool = True
    threshold: float | None = None
    model: ScoringModel | None = None
    as_of: datetime | None = None
    processes: int | None = None
    scheduler: str | None = None
