"""Scores out into a CSV file, with the file's own columns after them; nothing half written stays."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from io import StringIO
from pathlib import Path
from types import TracebackType
from typing import Final, TextIO
from weakref import finalize

from core.drafts import draft_beside, drop_left, for_nobody_else
from core.errors import FileError
from core.transfer.defuse import defuse, defused

SCORE_COLUMNS: Final = (
    "lead_id",
    "ml_score",
    "ml_confidence",
    "classification",
    "escalation_recommended",
    "estimated_sale_price",
    "estimated_commission",
    "reason_1",
    "reason_2",
    "reason_3",
    "features_known",
    "model_version",
)
REJECTED_COLUMNS: Final = ("row_number", "reason")


@dataclass(frozen=True, slots=True)
class ScoreCells:
    """What OUT.csv says of one lead. ``ml_score`` is 0-100, ``ml_confidence`` 0-1, money US dollars or unknown."""

    lead_id: str
    ml_score: float
    ml_confidence: float
    classification: str
    escalation_recommended: bool
    estimated_sale_price: Decimal | None
    estimated_commission: Decimal | None
    reasons: Sequence[str]
    features_known: int
    model_version: str

    @property
    def text(self) -> str:
        """The twelve cells as OUT.csv has them."""
        return text_of(self.cells())

    def cells(self) -> list[str]:
        """The twelve cells, in the order of ``SCORE_COLUMNS``; empty where unknown."""
        reasons = [*self.reasons[:3], "", "", ""][:3]
        return [
            defuse(self.lead_id),
            f"{self.ml_score:.2f}",
            f"{self.ml_confidence:.4f}",
            self.classification,
            "true" if self.escalation_recommended else "false",
            _money(self.estimated_sale_price),
            _money(self.estimated_commission),
            *defused(reasons),
            str(self.features_known),
            defuse(self.model_version),
        ]


def text_of(cells: Sequence[str]) -> str:
    """Cells as they stand in a line of a file that we write: each in quotes, so that a ; does not split it either.

    >>> print(text_of(["Ana", 'the "big" one', ""]))
    "Ana","the ""big"" one",""
    """
    text = '","'.join(cells)
    if text.count('"') != 2 * (len(cells) - 1):
        text = '","'.join([cell.replace('"', '""') for cell in cells])
    return f'"{text}"'


def rejected_path(out: Path) -> Path:
    """Where the rows go that were not scored.

    >>> rejected_path(Path("leads.scored.csv")).name
    'leads.scored.rejected.csv'
    """
    return out.with_name(f"{out.stem}.rejected.csv")


def check_out(source: Path, out: Path) -> None:
    """Raise FileError where the scores, or the rows without any, would take the place of the file that is read."""
    if not out.name:
        raise FileError(f"{out} is a folder; give the name of a file to write.")
    for place in (out, rejected_path(out)):
        if _same(source, place):
            raise FileError(f"{place.name} is the file that is read; give another name for the scores.")


class ScoreWriter:
    """Writes OUT.csv and, when there are such rows, OUT.rejected.csv; both appear when the block ends well.

    ``header`` are the input's own column names. Leaving the block by an error removes what was written and leaves
    earlier files as they were. Raises FileError where the disk refuses.
    """

    def __init__(self, out: Path, header: Sequence[str]) -> None:
        self.out, self.rejected = out, rejected_path(out)
        self._header = list(header)
        self._scores = _Part(out)
        self._unused: _Part | None = None

    def write(self, score: str, own: str) -> None:
        """Add one scored row: the text of its scores and of its own cells, which a spreadsheet must not run."""
        self._scores.write(f"{score},{own}")

    def reject(self, row_number: int, reason: str, own: str) -> None:
        """Add one row that was not scored."""
        if self._unused is None:
            self._unused = _Part(self.rejected)
            self._unused.begin([*REJECTED_COLUMNS, *defused(self._header)])
        self._unused.write(f"{text_of([str(row_number), defuse(reason)])},{own}")

    def finish(self) -> None:
        """Put the files in their places, over those of an earlier run; on a full disk none of them."""
        try:
            for part in filter(None, (self._scores, self._unused)):
                part.complete()
            if self._unused is None:
                with suppress(FileNotFoundError):
                    self.rejected.unlink()  # an earlier run's would belong to other rows
            else:
                self._unused.put_in_place()
            self._scores.put_in_place()
        except OSError as error:
            raise _refused(self.out, error) from error

    def discard(self) -> None:
        """Remove what was written so far."""
        for part in (self._scores, self._unused):
            if part is not None:
                part.discard()

    def __enter__(self) -> ScoreWriter:
        try:
            self._scores.begin([*SCORE_COLUMNS, *defused(self._header)])
            return self
        except BaseException:
            self.discard()
            raise

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self.finish()
        finally:
            self.discard()


class _Part:
    """One file under a temporary name beside its own; nothing is on the disk before it begins. Raises FileError."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._begins, self._ends = f".{path.name}.", ".part"
        self._file: TextIO = StringIO()
        try:
            if path.is_dir():
                raise FileError(f"{path.name} is a folder; give the name of a file to write.")
            self._draft = draft_beside(path, self._begins, self._ends)
        except (OSError, ValueError) as error:
            raise _refused(path, error) from error
        self._remove = finalize(self, _remove, self._draft)  # at the latest: a signal may come just outside the block

    def begin(self, header: list[str]) -> None:
        try:
            drop_left(self._path.parent, self._begins, self._ends)
            self._file = open(  # noqa: SIM115  # closed by ``complete`` or ``discard``
                self._draft, "x", encoding="utf-8", errors="backslashreplace", newline="", opener=for_nobody_else
            )
        except (OSError, ValueError) as error:
            raise _refused(self._path, error) from error
        self.write(text_of(header))

    def write(self, line: str) -> None:
        try:
            self._file.write(line + "\r\n")
        except OSError as error:
            raise _refused(self._path, error) from error

    def complete(self) -> None:
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()

    def put_in_place(self) -> None:
        self._draft.chmod(0o666 & ~_umask())
        self._draft.replace(self._path)

    def discard(self) -> None:
        with suppress(OSError):
            self._file.close()
        self._remove()


def _remove(draft: Path) -> None:
    with suppress(OSError):
        draft.unlink()


def _same(source: Path, place: Path) -> bool:
    try:
        return source.samefile(place)
    except (OSError, ValueError):
        return False  # one of them is not there


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def _money(amount: Decimal | None) -> str:
    return "" if amount is None else f"{amount:.2f}"


def _refused(path: Path, error: Exception) -> FileError:
    reason = getattr(error, "strerror", None) or "the name is not allowed"
    return FileError(f"{path.name} cannot be written in {path.parent}: {reason}. Choose another place.")
