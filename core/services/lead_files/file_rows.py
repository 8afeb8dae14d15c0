"""A batch of a file's rows, scored: the same code here and in a process of its own.

Nothing in here opens the database or Redis. What only the workspace can tell, the price of an area and whether a person
came before, is left to the process that has it open.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.features import NAMES, values_of
from core.leads import OPEN_STAGES
from core.scoring.scored import ScoredLead
from core.services.lead_files.own_columns import with_own_places
from core.services.running.stopwatch import Stopwatch
from core.services.scores.terms import Terms, finished
from core.transfer import Person, Reading, ReadLead, Row, ScoreCells, defused, person_of, text_of

if TYPE_CHECKING:
    from core.leads import Outcome
    from core.scoring.model import ScoringModel


@dataclass(frozen=True, slots=True)
class FileTerms:
    """All that the rows of one file are judged by. ``keep_leads``: the leads themselves are wanted, to be stored."""

    reading: Reading
    model: ScoringModel
    terms: Terms
    keep_leads: bool


class ScoredRow(NamedTuple):
    """One line of the result's table; ``probability`` and ``confidence`` in [0, 1].

    ``is_open``: the file calls the lead neither closed nor lost.
    """

    row_number: int
    lead_id: str
    name: str | None
    probability: float
    confidence: float
    tier: str
    escalation_recommended: bool
    sale_price_usd: Decimal | None
    commission_usd: Decimal | None
    features_known: int
    reasons: tuple[str, ...]
    is_open: bool

    def text(self, model_version: str) -> str:
        """The cells of the scores as OUT.csv has them."""
        return ScoreCells(
            lead_id=self.lead_id,
            ml_score=100.0 * self.probability,
            ml_confidence=self.confidence,
            classification=self.tier,
            escalation_recommended=self.escalation_recommended,
            estimated_sale_price=self.sale_price_usd,
            estimated_commission=self.commission_usd,
            reasons=self.reasons,
            features_known=self.features_known,
            model_version=model_version,
        ).text


class Usable(NamedTuple):
    """A row that was scored: its scores' cells and its own as text; ``area`` where only that could tell a price.

    ``closing`` is what it tells of a sale and its day.
    """

    row: ScoredRow
    person: Person
    text: str
    own: str
    area: str | None
    closing: Outcome | None


class Unusable(NamedTuple):
    """A row that cannot be scored, and its own cells as text."""

    row_number: int
    reason: str
    own: str


class ScoredBatch(NamedTuple):
    """The filled rows of a batch in the order of the file; ``features`` (n, 28) and ``leads`` those of the usable.

    ``leads`` is empty unless they are to be kept. ``seconds`` are what each part took.
    """

    last_row: int
    rows: list[Usable | Unusable]
    features: NDArray[np.float32]
    leads: list[ScoredLead]
    seconds: dict[str, float]


def score_rows(file: FileTerms, raw: Sequence[Row]) -> ScoredBatch:
    """Check, score and explain ``raw``, at least one row of cells, and write them as text."""
    clock = Stopwatch()
    with clock.part("checking cells"):
        found = list(file.reading.leads(raw))
        usable = [row for row in found if isinstance(row, ReadLead)]
    as_of = file.reading.as_of
    with clock.part("features"):
        features = np.empty((len(usable), len(NAMES)), dtype=np.float32)
        for position, lead in enumerate(usable):
            features[position] = values_of(lead.history, as_of)
    with clock.part("probability and contributions"):
        scores = list(file.model.score_many(_matrix(file, usable, features), file.terms.tier_edges)) if usable else []
    with clock.part("reasons and commission"):
        scored = [
            finished(row.history, score, file.terms, via="csv", scored_at=as_of)
            for row, score in zip(usable, scores, strict=True)
        ]
    with clock.part("writing"):
        told = iter(scored)
        rows = [
            _usable(row, next(told)) if isinstance(row, ReadLead) else
            Unusable(row.row_number, row.reason, text_of(defused(row.cells)))
            for row in found
        ]  # fmt: skip
    return ScoredBatch(raw[-1][0], rows, features, scored if file.keep_leads else [], clock.parts())


def _matrix(file: FileTerms, rows: Sequence[ReadLead], features: NDArray[np.float32]) -> NDArray[np.float32]:
    """What the model reads; a score that is to be stored rests on the 28 alone, as every stored score does."""
    if file.keep_leads or not file.model.own_columns:
        return features
    return with_own_places(file.model, file.reading.columns, rows, features)


def _usable(read: ReadLead, lead: ScoredLead) -> Usable:
    score, who, commission = lead.score, read.history.lead, lead.commission
    row = ScoredRow(
        row_number=read.row_number,
        lead_id=who.lead_id,
        name=who.name,
        probability=score.probability,
        confidence=score.confidence,
        tier=score.tier.value,
        escalation_recommended=lead.escalation_recommended,
        sale_price_usd=commission.sale_price_usd,
        commission_usd=commission.commission_usd,
        features_known=score.features_known,
        reasons=lead.reasons,
        is_open=who.stage in OPEN_STAGES,
    )
    area = who.location_preference if commission.sale_price_usd is None else None
    own = text_of(defused(read.cells))
    person = person_of(read.row_number, who)
    return Usable(row, person, row.text(score.model_version), own, area or None, read.closing)
