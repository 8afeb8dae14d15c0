"""The file to learn from."""

from __future__ import annotations

from core.services.center import CommandCenter
from pages.components.file_of_session import FileOfSession

TRAINING = FileOfSession("train")


def upload(center: CommandCenter) -> None:
    """Take a file and say what it needs."""
    TRAINING.ask(
        center,
        "CSV file with the outcome of each lead, up to 200 MB",
        "One column must tell what became of each lead: Won and Lost, Closed, yes and no, 1 and 0. Columns of your CRM "
        "are recognised; any others are used as they are. 30 successes are needed before a model can take over; with "
        "fewer you get a first look. Nothing changes for your leads until you let the new model answer.",
    )
