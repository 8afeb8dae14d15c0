"""Files to read, from bytes or text."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.transfer import Deduplicator, ReadLead, Rejected, person_of, read_leads

FILES = Path(__file__).parent / "files"
NOON = datetime(2026, 8, 1, 12, tzinfo=UTC)


@pytest.fixture
def made(tmp_path: Path) -> Callable[..., Path]:
    """Write ``content`` to a file and return its path."""

    def make(content: str | bytes, name: str = "leads.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode(encoding) if isinstance(content, str) else content)
        return path

    return make


@pytest.fixture
def leads() -> Callable[[Path], list[ReadLead]]:
    """The leads of a file as of noon on August 1st, 2026; a rejected row fails the test."""

    def read(path: Path) -> list[ReadLead]:
        rows = list(read_leads(path, as_of=NOON))
        assert [row.reason for row in rows if isinstance(row, Rejected)] == []
        return [row for row in rows if isinstance(row, ReadLead)]

    return read


@pytest.fixture
def reasons() -> Callable[[Path], list[str]]:
    """Why rows of a file are not scored: rejected, or repeating others."""

    def read(path: Path) -> list[str]:
        found: list[str] = []
        with Deduplicator() as people:
            for row in read_leads(path, as_of=NOON):
                if isinstance(row, Rejected):
                    found.append(row.reason)
                    continue
                (repeat,) = people.check([person_of(row.row_number, row.history.lead)])
                found += [repeat.reason] if repeat else []
        return found

    return read


@pytest.fixture
def files() -> Path:
    """The folder of exports as the CRMs write them; all people are invented."""
    return FILES
