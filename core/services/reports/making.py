"""A report as a file, and the thread that makes one for a page."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

from core.errors import InputError, JorgeError
from core.services import audit
from core.services.reports.order import Order

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


class ReportJob:
    """Makes a report in a thread of its own. Once ``done``, ``files`` hold it by format, or ``error`` says why not."""

    def __init__(self, center: CommandCenter, order: Order, formats: tuple[str, ...], actor: str) -> None:
        self.order = order
        self.step, self.share = "", 0.0
        self.report: Report | None = None
        self.files: dict[str, bytes] = {}
        self.error: str | None = None
        self.done = False
        self._center, self._formats, self._actor = center, formats, actor
        self._thread = threading.Thread(target=self._run, name="report", daemon=True)

    @classmethod
    def start(
        cls, center: CommandCenter, order: Order, formats: tuple[str, ...], actor: str = audit.DASHBOARD
    ) -> ReportJob:
        """Begin; returns the job."""
        job = cls(center, order, formats, actor)
        job._thread.start()
        return job

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait until it has ended; False when ``timeout_s`` seconds were not enough."""
        self._thread.join(timeout_s)
        return self.done

    def _run(self) -> None:
        from core.services.reports.gather import gather

        try:
            report = gather(self._center, self.order, self._tell)
            files = {}
            for place, kind in enumerate(self._formats):
                self._tell(1 + place * (1 / _GATHERED - 1) / len(self._formats), f"Writing the {FORMATS[kind]}")
                files[kind] = as_file(report, kind)
            self.report, self.files = report, files
            audit.note(self._center, "report made", "report", self._actor, formats=list(files), days=self.order.days)
        except JorgeError as error:
            self.error = str(error)
        except Exception as error:
            self.error = f"The report failed with {type(error).__name__}; nothing was made."
        finally:
            self.done = True

    def _tell(self, share: float, step: str) -> None:
        self.share, self.step = min(share * _GATHERED, 1.0), step
