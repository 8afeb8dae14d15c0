"""Files of leads: look at one, score it in the background, write the answer beside it."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import JorgeError
from core.services.access import Right
from core.services.file_order import Progress, ScoreOrder, ScoreResult
from core.services.file_rows import ScoredRow
from core.services.file_run import score_file
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


class CancelledError(JorgeError):
    """The person who started the work stopped it; files of an earlier run stand as they were."""


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


class ScoreJob:
    """Scores a file in a thread of its own.

    ``progress`` is always readable; once ``done``, one of ``result`` and ``error`` is set (``error`` a sentence for the
    user, ``cancelled`` when it was the user's wish).
    """

    def __init__(self, center: CommandCenter, order: ScoreOrder) -> None:
        self.order = order
        self.progress = Progress("Waiting")
        self.result: ScoreResult | None = None
        self.error: str | None = None
        self.cancelled = False
        self._center = center
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="score-file", daemon=True)

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
        job = cls(center, ScoreOrder(path, out, mapping, dialect, save))
        job._thread.start()
        return job

    @property
    def done(self) -> bool:
        """Whether it has ended, well or not."""
        return self.result is not None or self.error is not None or self.cancelled

    def cancel(self) -> None:
        """Ask it to stop; leads that were stored by then stay stored."""
        self._stop.set()

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait until it has ended; False when ``timeout_s`` seconds were not enough."""
        self._thread.join(timeout_s)
        return self.done

    def _run(self) -> None:
        try:
            self.result = score_file(self._center, self.order, self._tell)
        except CancelledError:
            self.cancelled = True
        except JorgeError as error:
            self.error = str(error)
        except Exception as error:  # shown on a screen: the text may hold a lead's words, the name does not
            self.error = f"Scoring failed with {type(error).__name__}; the file was not written."

    def _tell(self, progress: Progress) -> None:
        self.progress = progress
        if self._stop.is_set():
            raise CancelledError("scoring was cancelled")


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
