"""People who stand in a file more than once."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from types import TracebackType
from typing import NamedTuple

import numpy as np

from core.leads import Lead

_PLACES = 1 << 24  # 16 MB that tell of most digests that they are new; a power of two
_ASKED_AT_ONCE = 512  # older versions of SQLite take 999 values in one statement; a power of two
_PAGES_KB = 2_000  # of the table in memory, full after 20,000 rows; digests are random, so a larger cache is no faster


class Person(NamedTuple):
    """What a row tells of who it is: digests that would show an earlier row of the person, and those that mark this.

    ``asks`` are (what both rows would share, digest), the surest first.
    """

    row_number: int
    asks: tuple[tuple[str, int], ...]
    marks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A later row of a person who was scored with ``first_row``; ``by`` is what both rows share."""

    row_number: int
    first_row: int
    by: str

    @property
    def reason(self) -> str:
        """Why the row was not scored of its own.

        >>> Duplicate(9, 3, "e-mail").reason
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
        for pragma in ("journal_mode=OFF", "synchronous=OFF", f"cache_size=-{_PAGES_KB}"):
            self._db.execute(f"PRAGMA {pragma}")
        self._db.execute("CREATE TABLE seen (digest INTEGER PRIMARY KEY, row INTEGER NOT NULL)")
        self._db.execute("BEGIN")
        self._maybe = np.zeros(_PLACES, dtype=bool)

    def check(self, people: Sequence[Person]) -> list[Duplicate | None]:
        """For each of ``people``, in the order of the file: a duplicate when the person came before; else remember it.

        Asked for a thousand at a time it costs a fifth of asking one by one.
        """
        seen = self._seen({digest for person in people for _, digest in person.asks})
        told = set(seen)
        answers = [_answer(person, seen) for person in people]
        new = sorted((digest, row) for digest, row in seen.items() if digest not in told)
        self._db.executemany("INSERT OR IGNORE INTO seen VALUES (?, ?)", new)
        self._maybe[np.array([digest for digest, _ in new], dtype=np.int64) & (_PLACES - 1)] = True
        return answers

    def _seen(self, asked: set[int]) -> dict[int, int]:
        """The rows of those digests that came before; the table is asked only about what may be in it."""
        every = np.array(list(asked), dtype=np.int64)
        digests = every[self._maybe[every & (_PLACES - 1)]].tolist()
        seen: dict[int, int] = {}
        for start in range(0, len(digests), _ASKED_AT_ONCE):
            some = digests[start : start + _ASKED_AT_ONCE]
            some += some[-1:] * ((1 << (len(some) - 1).bit_length()) - len(some))  # few statements, each kept compiled
            marks = ",".join("?" * len(some))
            seen.update(self._db.execute(f"SELECT digest, row FROM seen WHERE digest IN ({marks})", some))  # noqa: S608
        return seen

    def close(self) -> None:
        """Forget everything."""
        self._db.close()

    def __enter__(self) -> Deduplicator:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _answer(person: Person, seen: dict[int, int]) -> Duplicate | None:
    for by, digest in person.asks:
        if digest in seen:
            return Duplicate(person.row_number, seen[digest], by)
    for digest in person.marks:
        seen.setdefault(digest, person.row_number)
    return None


def person_of(row_number: int, lead: Lead) -> Person:
    """The person that ``lead`` is.

    A phone is asked for in three ways: any row's (when this one lacks e-mail or name), the rows' that lack one, and
    the rows' of the same name.
    """
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
    return Person(row_number, (*asks, ("ID", ident)), tuple(marks))


def _digest(kind: str, text: str) -> int:
    return int.from_bytes(blake2b(f"{kind}:{text}".encode(), digest_size=8).digest(), "big", signed=True)
