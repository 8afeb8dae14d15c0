"""Scores a file, batch by batch, in bounded memory."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from core.errors import FileError
from core.services.batches import score_batch
from core.transfer import (
    Deduplicator,
    Dialect,
    Duplicate,
    FeaturesFilled,
    Mapping,
    ReadLead,
    Rejected,
    ScoreCells,
    ScoreWriter,
    read_leads,
    sniff,
)

if TYPE_CHECKING:
    from core.scoring.model import ScoringModel
    from core.scoring.scored import ScoredLead
    from core.services.center import CommandCenter

BATCH = 1_000
MOST_PROBLEMS = 200
TOP_ROWS = 200
BINS = 20
_CHUNK = 1 << 20


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

    ``problems`` are the first reasons (200 at most) of the ``rejected`` and ``duplicates`` rows; ``top`` the rows with
    the highest scores, highest first; ``distribution`` the number of leads in each of 20 bins of 5 points; ``filled``
    says of how many leads each feature is known.
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
    distribution: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ScoreOrder:
    """What to do with a file: columns as ``mapping`` says, out to ``out_path``, leads into the store with ``save``.

    ``threshold`` and ``model`` replace the workspace's own; ``dialect`` is read from the file when None.
    """

    path: Path
    out_path: Path
    mapping: Mapping | None = None
    dialect: Dialect | None = None
    save: bool = True
    threshold: float | None = None
    model: ScoringModel | None = None


@dataclass(frozen=True, slots=True)
class ScoredRow:
    """One line of the result's table; ``probability`` and ``confidence`` in [0, 1]."""

    row_number: int
    lead_id: str
    name: str | None
    probability: float
    confidence: float
    tier: str
    escalation_recommended: bool
    commission_usd: Decimal | None
    features_known: int
    reasons: tuple[str, ...]


def score_file(center: CommandCenter, order: ScoreOrder, tell: Callable[[Progress], None] | None = None) -> ScoreResult:
    """Score a file in batches of 1,000 rows.

    ``tell`` is called with the progress; what it raises ends the work and leaves no half-written file. Raises
    FileError, ModelUnavailable, ModelRefused and, with ``order.save``, StoreUnavailable.
    """
    return _FileRun(center, order, tell or (lambda _: None)).run()


class _FileRun:
    """One file on its way through; every container in here is bounded, whatever the file holds."""

    def __init__(self, center: CommandCenter, order: ScoreOrder, tell: Callable[[Progress], None]) -> None:
        if order.out_path.resolve() == order.path.resolve():
            raise FileError(f"{order.out_path.name} is the input itself; give another name for the output.")
        self.center, self.order, self.tell = center, order, tell
        self.model = order.model or center.model
        self.filled = FeaturesFilled()
        self.counts: Counter[str] = Counter()
        self.bins = np.zeros(BINS, dtype=np.int64)
        self.problems: list[str] = []
        self.top: list[tuple[float, int, ScoredRow]] = []
        self.rows_done = 0

    def run(self) -> ScoreResult:
        order = self.order
        self.tell(Progress("Reading the file"))
        dialect = order.dialect or sniff(order.path)
        rows = read_leads(order.path, order.mapping, dialect=dialect)
        total = max(0, _lines(order.path) - dialect.header_row)
        with ScoreWriter(order.out_path, dialect.header) as writer, Deduplicator() as people:
            while batch := list(islice(rows, BATCH)):
                self.tell(Progress("Scoring", self.rows_done, total))
                self._score(self._usable(batch, people, writer), writer)
                self.rows_done = batch[-1].row_number - dialect.header_row
            if not self.rows_done:
                raise FileError(f"{order.path.name} has a header and no rows; export it again with its leads.")
            self.tell(Progress("Writing the result", self.rows_done, max(total, self.rows_done)))
        self.tell(Progress("Done", self.rows_done, self.rows_done))
        return self._result(writer)

    def _usable(
        self, batch: list[ReadLead | Rejected], people: Deduplicator, writer: ScoreWriter
    ) -> Iterator[ReadLead]:
        for row in batch:
            if isinstance(row, Rejected):
                self._refuse("rejected", row, writer)
                continue
            duplicate = people.check(row)
            if duplicate is None:
                yield row
            else:
                self._refuse("duplicates", duplicate, writer)

    def _refuse(self, kind: str, row: Rejected | Duplicate, writer: ScoreWriter) -> None:
        writer.reject(row)
        self.counts[kind] += 1
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(row.reason)

    def _score(self, usable: Iterator[ReadLead], writer: ScoreWriter) -> None:
        rows = list(usable)
        scored = score_batch(
            self.center,
            [row.history for row in rows],
            via="csv",
            model=self.order.model,
            threshold=self.order.threshold,
        )
        if self.order.save and scored:
            self.center.save_many(scored)
        for row, lead in zip(rows, scored, strict=True):
            writer.write(_cells(lead), row.cells)
            self._count(row.row_number, lead)

    def _count(self, row_number: int, lead: ScoredLead) -> None:
        score = lead.score
        self.filled.add(score.features)
        self.counts["scored"] += 1
        self.counts[f"tier {score.tier}"] += 1
        self.counts["to Claude"] += lead.escalation_recommended
        self.bins[min(BINS - 1, int(score.probability * BINS))] += 1
        place = (score.probability, -row_number)
        if len(self.top) < TOP_ROWS:
            heapq.heappush(self.top, (*place, _line(row_number, lead)))
        elif place > self.top[0][:2]:
            heapq.heapreplace(self.top, (*place, _line(row_number, lead)))

    def _result(self, writer: ScoreWriter) -> ScoreResult:
        unused = self.counts["rejected"] + self.counts["duplicates"]
        return ScoreResult(
            scored=self.counts["scored"],
            rejected=self.counts["rejected"],
            duplicates=self.counts["duplicates"],
            saved=self.order.save,
            out_path=writer.out,
            rejected_path=writer.rejected if unused else None,
            model_version=self.model.version,
            filled=self.filled,
            problems=tuple(self.problems),
            top=tuple(line for _, _, line in sorted(self.top, key=lambda item: item[:2], reverse=True)),
            tiers={name: self.counts[f"tier {name}"] for name in ("hot", "warm", "cold")},
            to_claude=self.counts["to Claude"],
            distribution=tuple(self.bins.tolist()),
        )


def _cells(lead: ScoredLead) -> ScoreCells:
    score = lead.score
    return ScoreCells(
        lead_id=lead.history.lead.lead_id,
        ml_score=score.ml_score,
        ml_confidence=score.confidence,
        classification=score.tier.value,
        escalation_recommended=lead.escalation_recommended,
        estimated_sale_price=lead.commission.sale_price_usd,
        estimated_commission=lead.commission.commission_usd,
        reasons=lead.reasons,
        features_known=score.features_known,
        model_version=score.model_version,
    )


def _line(row_number: int, lead: ScoredLead) -> ScoredRow:
    score, who = lead.score, lead.history.lead
    return ScoredRow(
        row_number=row_number,
        lead_id=who.lead_id,
        name=who.name,
        probability=score.probability,
        confidence=score.confidence,
        tier=score.tier.value,
        escalation_recommended=lead.escalation_recommended,
        commission_usd=lead.commission.commission_usd,
        features_known=score.features_known,
        reasons=lead.reasons,
    )


def _lines(path: Path) -> int:
    """Line ends in the file: at least as many as there are rows (UTF-16 writes one byte of each as a line feed too)."""
    count = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            count += chunk.count(b"\n") or chunk.count(b"\r")
    return count + 1
