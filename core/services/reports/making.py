"""A report as a file, and the thread that makes one for a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from core.errors import InputError
from core.services import audit
from core.services.reports.order import Order
from core.services.running.job import Job

if TYPE_CHECKING:
    from core.reports.document import Report
    from core.services.center import CommandCenter

FORMATS: Final = {"pdf": "PDF", "pptx": "Slides"}
_GATHERED: Final = 0.7  # the share of the work that is behind when the contents are known


def as_file(report: Report, kind: str) -> bytes:
    """The report as "pdf" or "pptx". Raises InputError for another format."""
    if kind == "pdf":
        from core.reports.pdf import as_pdf

        return as_pdf(report)
    if kind == "pptx":
        from core.reports.deck import as_deck

        return as_deck(report)
    raise InputError(f"format is {kind[:20]!r}; must be one of {', '.join(FORMATS)}")


@dataclass(frozen=True, slots=True)
class Made:
    """A report, and the files that hold it, by format."""

    report: Report
    files: dict[str, bytes]


class ReportJob(Job[Made]):
    """Makes a report and its files."""

    failing = "The report failed with {}; nothing was made."

    def __init__(self, center: CommandCenter, order: Order, formats: tuple[str, ...]) -> None:
        super().__init__()
        self.order = order
        self._center, self._formats = center, formats

    @classmethod
    def start(cls, center: CommandCenter, order: Order, formats: tuple[str, ...]) -> ReportJob:
        """Begin; returns the job."""
        return cls(center, order, formats).begin()

    def _work(self) -> Made:
        from core.services.reports.gather import gather

        report = gather(self._center, self.order, self._tell)
        files = {}
        for place, kind in enumerate(self._formats):
            self._tell(1 + place * (1 / _GATHERED - 1) / len(self._formats), f"Writing the {FORMATS[kind]}")
            files[kind] = as_file(report, kind)
        audit.note(self._center, "report made", "report", formats=list(files), days=self.order.days)
        return Made(report, files)

    def _tell(self, share: float, step: str) -> None:
        self.share, self.step = min(share * _GATHERED, 1.0), step
