"""The file to score."""

from __future__ import annotations

from core.services.center import CommandCenter
from pages.components.file_of_session import FileOfSession

CSV = FileOfSession("csv")


def upload(center: CommandCenter) -> None:
    """Take a file and say which are understood."""
    CSV.ask(
        center,
        "CSV file, up to 200 MB",
        "Exports of GoHighLevel, Follow Up Boss, HubSpot and Salesforce are recognised. "
        "Any other file with a header works too: you say which column is which.",
    )
