"""Scores a file, batch by batch, in bounded memory."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from core.commission.estimate import CommissionEstimate
from core.errors import FileError, StoreUnavailable
from core.leads import utc_now
from core.services.access import Right, allow
from core.services.lead_files.file_order import Progress, ScoreOrder, ScoreResult
from core.services.lead_files.file_rows import FileTerms, ScoredBatch, ScoredRow, Unusable, Usable, score_rows
from core.services.lead_files.file_workers import MOST_WORKERS, Workers
from core.services.lead_files.own_columns import beside_own
from core.services.reports.order import kept_zone
from core.services.running.cores import cores
from core.services.running.stopwatch import Stopwatch
from core.services.scores.terms import terms_of
from core.store.profile import area_of
from core.transfer import (
    Deduplicator,
    Duplicate,
    FeaturesFilled,
    Row,
    ScoreWriter,
    check_out,
    recognise,
    sniff,
    start_reading,
)

if TYPE_CHECKING:
    from core.leads import Outcome
    from core.scoring.scored import ScoredLead
    from core.services.center import CommandCenter

BATCH = 1_000
BATCH_CHARACTERS = 4_000_000
ROWS_FOR_WORKERS = 8_000  # starting them takes as long as scoring so many
MOST_PROBLEMS = 200
TOP_ROWS = 200
BINS = 20
_CHUNK = 1 << 20


def score_file(center: CommandCenter, order: ScoreOrder, tell: Callable[[Progress], None] | None = None) -> ScoreResult:
    """Score a file in batches of 1,000 rows; a large one in several processes, with the same result.

    ``tell`` is called with the progress; what it raises ends the work and leaves no half-written file. Raises
    FileError, ModelUnavailable, ModelRefused and, with ``order.save``, StoreUnavailable and Forbidden.
    """
    if order.save:
        allow(center, Right.ALL_LEADS)  # a file can give any lead any agent
    return _FileRun(center, order, tell or (lambda _: None)).run()


class _FileRun:
    """One file on its way through; every container in here is bounded, whatever the file holds."""

    def __init__(self, center: CommandCenter, order: ScoreOrder, tell: Callable[[Progress], None]) -> None:
        check_out(order.path, order.out_path)
        self.center, self.order, self.tell = center, order, tell
        self.model = order.model or center.model
        self.terms = terms_of(center, order.model, order.threshold)
        self.clock = Stopwatch()
        self.filled = FeaturesFilled()
        self.counts: Counter[str] = Counter()
        self.bins = np.zeros(BINS, dtype=np.int64)
        self.medians = _medians(center)  # as of now: no row's price hangs on the closings that others tell
        self.problems: list[str] = []
        self.top: list[tuple[float, int, ScoredRow]] = []
        self.rows_done = self.filled_rows = 0
        self.processes = 1

    def run(self) -> ScoreResult:
        order = self.order
        self.tell(Progress("Reading the file"))
        dialect = order.dialect or sniff(order.path)
        mapping = beside_own(order.mapping or recognise(dialect.columns), self.model)
        own = [column.name for column in self.model.own_columns]
        now, zone = order.as_of or utc_now(), kept_zone(self.center)
        reading, rows = start_reading(order.path, mapping, now, dialect, own, zone)
        total = max(0, _lines(order.path) - dialect.header_row)
        with ScoreWriter(order.out_path, dialect.header) as writer, ExitStack() as opened:
            people = opened.enter_context(Deduplicator())
            score = self._scorer(FileTerms(reading, self.model, self.terms, order.save), total, opened)
            self.tell(Progress("Scoring", 0, total))
            for batch in score(self._batches(rows)):
                self._take(batch, people, writer)
                self.rows_done = batch.last_row - dialect.header_row
                self.tell(Progress("Scoring", self.rows_done, total))
            if not self.filled_rows:
                raise FileError(f"{order.path.name} has a header and no rows; export it again with its leads.")
            self.tell(Progress("Writing the result", self.rows_done, max(total, self.rows_done)))
        self.tell(Progress("Done", self.rows_done, self.rows_done))
        return self._result(writer)

    def _scorer(
        self, file: FileTerms, rows: int, opened: ExitStack
    ) -> Callable[[Iterator[list[Row]]], Iterator[ScoredBatch]]:
        if self.order.scheduler is not None:
            from core.services.lead_files.file_cluster import Cluster

            cluster = opened.enter_context(Cluster(file, self.order.scheduler))
            self.processes = cluster.threads
            return cluster.score
        wanted = self.order.processes
        self.processes = (min(cores(), MOST_WORKERS) if rows >= ROWS_FOR_WORKERS else 1) if wanted is None else wanted
        if self.processes > 1:
            return opened.enter_context(Workers(file, self.processes)).score
        return lambda batches: (score_rows(file, batch) for batch in batches)

    def _batches(self, rows: Iterator[Row]) -> Iterator[list[Row]]:
        """The rows a thousand at a time, or fewer long ones."""
        while True:
            batch: list[Row] = []
            characters = 0
            with self.clock.part("reading"):
                for row in rows:
                    batch.append(row)
                    characters += sum(map(len, row[1])) if isinstance(row[1], list) else len(row[1].text)
                    if len(batch) == BATCH or characters > BATCH_CHARACTERS:
                        break
            if not batch:
                return
            yield batch

    def _take(self, batch: ScoredBatch, people: Deduplicator, writer: ScoreWriter) -> None:
        self.clock.add(batch.seconds)
        self.filled_rows += len(batch.rows)
        usable = [row for row in batch.rows if isinstance(row, Usable)]
        with self.clock.part("finding repeated people"):
            repeats = people.check([row.person for row in usable])
        with self.clock.part("reasons and commission"):
            leads = list(batch.leads)
            for position, row in enumerate(usable):
                if row.area and repeats[position] is None:
                    self._price_by_area(position, usable, leads)
        if self.order.save:
            with self.clock.part("storing"):
                first = [place for place, repeat in enumerate(repeats) if repeat is None]
                self._save([leads[place] for place in first], [usable[place].closing for place in first])
        with self.clock.part("writing"):
            self._write(batch.rows, usable, repeats, writer)
            new = [repeat is None for repeat in repeats]
            self._count([row.row for row, is_new in zip(usable, new, strict=True) if is_new], batch.features[new])

    def _write(
        self,
        lines: list[Usable | Unusable],
        usable: list[Usable],
        repeats: list[Duplicate | None],
        writer: ScoreWriter,
    ) -> None:
        scored = iter(zip(usable, repeats, strict=True))
        for line in lines:
            if isinstance(line, Unusable):
                self._refuse("rejected", line.row_number, line.reason, line.own, writer)
                continue
            row, repeat = next(scored)
            if repeat is None:
                writer.write(row.text, row.own)
            else:
                self._refuse("duplicates", repeat.row_number, repeat.reason, row.own, writer)

    def _price_by_area(self, position: int, usable: list[Usable], leads: list[ScoredLead]) -> None:
        """Take the median price of the area where the lead itself tells none."""
        found = usable[position]
        unknown = CommissionEstimate(None, None, self.terms.commission_rate, None)
        estimate = unknown.or_area_median(self.medians.get(area_of(found.area) or ""))
        if estimate.sale_price_usd is None:
            return
        row = found.row._replace(sale_price_usd=estimate.sale_price_usd, commission_usd=estimate.commission_usd)
        usable[position] = found._replace(row=row, text=row.text(self.model.version))
        if leads:
            leads[position] = replace(leads[position], commission=estimate)

    def _save(self, leads: list[ScoredLead], closings: list[Outcome | None]) -> None:
        if leads:
            told = [closing for closing in closings if closing is not None]
            self.counts["closings"] += self.center.save_many(leads, told)

    def _refuse(self, kind: str, row_number: int, reason: str, own: str, writer: ScoreWriter) -> None:
        writer.reject(row_number, reason, own)
        self.counts[kind] += 1
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(reason)

    def _count(self, rows: list[ScoredRow], features: NDArray[np.float32]) -> None:
        self.filled.add(features)
        self.counts["scored"] += len(rows)
        self.counts.update(f"tier {row.tier}" for row in rows)
        self.counts["to Claude"] += sum(row.escalation_recommended for row in rows)
        for row in rows:
            self.bins[min(BINS - 1, int(row.probability * BINS))] += 1
            if not row.is_open:  # whom nobody will call
                self.counts["ended"] += 1
                continue
            place = (row.probability, -row.row_number)
            if len(self.top) < TOP_ROWS:
                heapq.heappush(self.top, (*place, row))
            elif place > self.top[0][:2]:
                heapq.heapreplace(self.top, (*place, row))

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
            ended=self.counts["ended"],
            distribution=tuple(self.bins.tolist()),
            seconds=self.clock.parts(),
            processes=self.processes,
            closings=self.counts["closings"],
        )


def _medians(center: CommandCenter) -> dict[str, Decimal]:
    """The median price of the team's own closings in each area; empty while the record does not answer."""
    try:
        return center.store.area_median_prices()
    except StoreUnavailable:
        return {}


def _lines(path: Path) -> int:
    """Line ends in the file: at least as many as there are rows (UTF-16 writes one byte of each as a line feed too)."""
    count = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            count += chunk.count(b"\n") or chunk.count(b"\r")
    return count + 1
