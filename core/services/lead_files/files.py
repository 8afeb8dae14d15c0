"""Files of leads: look at one, score it in the background, write the answer beside it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from core.services.access import Right
from core.services.lead_files.file_order import Progress, ScoreOrder, ScoreResult
from core.services.lead_files.file_rows import ScoredRow
from core.services.lead_files.file_run import score_file
from core.services.running.job import Job
from core.services.workspace import is_sample
from core.transfer import Dialect, Mapping, ReadLead, read_leads, recognise, sniff
from core.transfer.formats import FORMATS
from core.transfer.headers import plain, target_of

if TYPE_CHECKING:
    from core.services.center import CommandCenter

__all__ = [
    "FilePreview",
    "Progress",
    "ScoreJob",
    "ScoreOrder",
    "ScoreResult",
    "ScoredRow",
    "inspect",
    "mapping_as",
    "not_kept_because",
    "preview",
    "score_file",
]
PREVIEW_ROWS = 8


@dataclass(frozen=True, slots=True)
class FilePreview:
    """What a file looks like before it is scored.

    ``mapping`` is our guess; edit it with ``mapping.with_field``. ``rows`` are its first rows as they stand, in the
    order of ``columns``. ``problems`` are the reasons why some of these cannot be used.
    """

    path: Path
    dialect: Dialect
    mapping: Mapping
    rows: tuple[tuple[str, ...], ...]
    problems: tuple[str, ...]

    @property
    def format(self) -> str:
        """The format in words."""
        return self.mapping.label

    @property
    def encoding(self) -> str:
        """The encoding in words."""
        return self.dialect.encoding_label

    @property
    def separator(self) -> str:
        """The separator in words."""
        return self.dialect.separator_label

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns, made unique."""
        return self.dialect.columns


def not_kept_because(center: CommandCenter) -> str | None:
    """Why the leads of a file that is scored now stay out of the record; None when they go into it."""
    if is_sample(center):
        return "the workspace holds sample data, and real leads never mix with it"
    if not center.actor.may(Right.ALL_LEADS):  # a file can give any lead any agent
        return "managers store the leads of a file"
    return None


def inspect(center: CommandCenter, path: Path) -> FilePreview:  # noqa: ARG001 - every use case has its center first
    """Recognise a file and read its first rows. Raises FileError for one that cannot be used at all."""
    dialect = sniff(path)
    mapping = recognise(dialect.columns)
    return preview(path, dialect, mapping)


def preview(path: Path, dialect: Dialect, mapping: Mapping) -> FilePreview:
    """The first rows under ``mapping``, and what is wrong with them. Raises FileError."""
    rows = list(islice(read_leads(path, mapping, dialect=dialect), PREVIEW_ROWS)) if mapping.fields else []
    return FilePreview(
        path=path,
        dialect=dialect,
        mapping=mapping,
        rows=tuple(tuple(row.cells) for row in rows),
        problems=tuple(row.reason for row in rows if not isinstance(row, ReadLead)),
    )


class ScoreJob(Job[ScoreResult]):
    """Scores a file while a page shows ``progress``; leads that were stored before a stop stay stored."""

    failing = "Scoring failed with {}; the file was not written."
    can_stop = True

    def __init__(self, center: CommandCenter, order: ScoreOrder) -> None:
        super().__init__()
        self.order = order
        self._began_s = monotonic()
        self.progress = Progress("Waiting")
        self._center = center

    @classmethod
    def start(
        cls,
        center: CommandCenter,
        path: Path,
        mapping: Mapping | None = None,
        *,
        save: bool = True,
        out_path: Path | None = None,
        dialect: Dialect | None = None,
    ) -> ScoreJob:
        """Start scoring; out goes to ``<name>.scored.csv`` beside the file unless ``out_path`` says otherwise."""
        out = out_path or path.with_name(f"{path.stem}.scored.csv")
        return cls(center, ScoreOrder(path, out, mapping, dialect, save)).begin()

    def _work(self) -> ScoreResult:
        return score_file(self._center, self.order, self._tell)

    @property
    def told(self) -> str:
        """What is being done, with rows and speed."""
        seconds, rows = max(monotonic() - self._began_s, 0.001), self.progress.rows_done
        total = f" of {self.progress.rows_total:,}" if self.progress.rows_total else ""
        speed = f", {rows / seconds:,.0f} a second" if rows else ""
        return f"{self.progress.phase}: {rows:,}{total} rows{speed}"

    def _tell(self, progress: Progress) -> None:
        self.progress, self.share = progress, progress.share or 0.0
        self._go_on()


def mapping_as(dialect: Dialect, form: str = "auto") -> Mapping:
    """What the columns hold: recognised by the header, or read as the format ``form`` (a name of ``LABELS``)."""
    guess = recognise(dialect.columns)
    if form in ("auto", guess.format):
        return guess
    own = next((known.fields for known in FORMATS if known.name == form), {})
    for column in dialect.columns:
        target = own.get(plain(column), target_of(column)) or None
        if target != guess.fields.get(column):
            guess = guess.with_field(column, target)
    return Mapping(form, guess.fields, guess.unmapped)
