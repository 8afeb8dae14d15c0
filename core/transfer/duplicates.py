"""People who stand in a file more than once."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from hashlib import blake2b
from types import TracebackType

from core.transfer.rows import ReadLead

_ASK = [f"SELECT digest, row FROM seen WHERE digest IN ({','.join('?' * keys)})" for keys in range(5)]  # noqa: S608


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A later row of a person who was scored with ``first_row``; ``by`` is what both rows share."""

    row_number: int
    first_row: int
    by: str
    cells: list[str]

    @property
    def reason(self) -> str:
        """Why the row was not scored of its own.

        >>> Duplicate(9, 3, "e-mail", []).reason
        'row 9: repeats row 3 (same e-mail); only row 3 was scored. Merge the two in your CRM.'
        """
        return (
            f"row {self.row_number}: repeats row {self.first_row} (same {self.by}); only row {self.first_row} was "
            "scored. Merge the two in your CRM."
        )


class Deduplicator:
    """Finds repeated people by e-mail, then phone, then ID, in bounded memory (a temporary table on disk).

    Two rows that share a phone but differ in e-mail *and* in name are two people of one household. Use it as
    a context manager or call ``close``; for one thread.
    """

    def __init__(self) -> None:
        self._db = sqlite3.connect("", isolation_level=None)  # "" is a file that only this connection sees
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-16000"):
            self._db.execute(f"PRAGMA {pragma}")
        self._db.execute("CREATE TABLE seen (digest INTEGER PRIMARY KEY, row INTEGER NOT NULL)")
        self._db.execute("BEGIN")
        self._cursor = self._db.cursor()

    def check(self, row: ReadLead) -> Duplicate | None:
        """Return the row as a duplicate when its person came before; else remember it."""
        asks, marks = _keys(row)
        digests = [digest for _, digest in asks]
        found = dict(self._cursor.execute(_ASK[len(digests)], digests))
        if found:
            by, digest = next((by, digest) for by, digest in asks if digest in found)
            return Duplicate(row.row_number, found[digest], by, row.cells)
        for digest in marks:
            self._cursor.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (digest, row.row_number))
        return None

    def close(self) -> None:
        """Forget everything."""
        self._db.close()

    def __enter__(self) -> Deduplicator:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _keys(row: ReadLead) -> tuple[list[tuple[str, int]], list[int]]:
    """The digests that would show an earlier row of the person, and those that mark this one.

    A phone is asked for in three ways: any row's (when this one lacks e-mail or name), the rows' that lack one, and
    the rows' of the same name.
    """
    lead = row.history.lead
    ident = _digest("id", lead.lead_id)
    asks: list[tuple[str, int]] = []
    marks = [ident]
    email = lead.email if lead.email and "@" in lead.email else None
    if email:
        digest = _digest("email", email)
        asks.append(("e-mail", digest))
        marks.append(digest)
    if lead.phone and lead.phone.startswith("+"):
        anyone, vague = _digest("phone", lead.phone), _digest("phone without", lead.phone)
        if email and lead.name:
            named = _digest("phone of", f"{lead.phone} {' '.join(lead.name.casefold().split())}")
            asks += [("phone", named), ("phone", vague)]
            marks += [anyone, named]
        else:
            asks.append(("phone", anyone))
            marks += [anyone, vague]
    return [*asks, ("ID", ident)], marks


def _digest(kind: str, text: str) -> int:
    return int.from_bytes(blake2b(f"{kind}:{text}".encode(), digest_size=8).digest(), "big", signed=True)
