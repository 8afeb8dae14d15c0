"""What runs in the process until the server is gone: questions to Claude, work for the model, reports, erasures."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import replace
from io import FileIO
from typing import TYPE_CHECKING, BinaryIO, Final

from core.services.background.words import Told, line_of
from core.services.crm.names import CrmNames
from core.services.crm.writing import CrmWriter
from core.services.escalations.desk import EscalationDesk
from core.services.housekeeping import Housekeeping
from core.services.model.model_work import ModelWork
from core.services.reports.schedule import ReportWork

if TYPE_CHECKING:
    from core.services.center import CommandCenter

LOOK_S: Final = 0.2


def work(center: CommandCenter, server: FileIO, told: BinaryIO, stop: threading.Event | None = None) -> None:
    """Work until ``server`` ends or ``stop`` is set, and write to ``told`` what the server should know.

    ``server`` is the reading end of a pipe that the server holds open: it ends with the server, however that ends.
    """
    ended = stop or threading.Event()
    threading.Thread(target=_until_the_end_of, args=(server, ended), name="server", daemon=True).start()
    desk = EscalationDesk(center).start()
    others = (
        ModelWork(center).start(),
        CrmWriter(center).start(),
        CrmNames(center).start(),
        ReportWork(center).start(),
        Housekeeping(center).start(),
    )
    try:
        _tell(center, desk, told, ended)
    finally:
        for worker in (*others, desk):
            worker.close()


def _until_the_end_of(server: FileIO, ended: threading.Event) -> None:
    while server.read(1):
        pass
    ended.set()


def _tell(center: CommandCenter, desk: EscalationDesk, told: BinaryIO, ended: threading.Event) -> None:
    last, counted = None, Counter[str]()
    while not ended.is_set():
        now, escalations = replace(desk.state), Counter(center.performance.totals().escalations)
        fresh = escalations - counted
        if now != last or fresh:
            try:
                told.write(line_of(Told(now, fresh)))
                told.flush()
            except BrokenPipeError:  # the server is gone
                return
            last, counted = now, escalations
        ended.wait(LOOK_S)
