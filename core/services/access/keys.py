"""API keys: made once and shown once, kept as digests, refused within seconds of being revoked."""

from __future__ import annotations

import re
import secrets
import threading
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from time import monotonic
from typing import TYPE_CHECKING, Final

from core.errors import InputError, JorgeError, Unauthenticated
from core.leads import utc_now
from core.services import audit
from core.services.access.actor import Right
from core.services.access.caller import Caller, Scope
from core.services.access.rights import for_right

if TYPE_CHECKING:
    from core.services.center import CommandCenter
    from core.store.keys import KeyTable, StoredKey

MARK: Final = "jorge_"  # lets programs that look for leaked secrets find one
NEVER: Final = float("-inf")
RANDOM_BYTES: Final = 32
FRESH_S: Final = 2.0  # how long a revoked key may go on
MISS_FRESH_S: Final = 0.2  # an unknown key may have been made just now; guessing must not read the table each time
USE_NOTED_EVERY_S: Final = 60.0
USE_WRITTEN_AFTER_S: Final = 1.0
_KEY = re.compile(MARK + r"[A-Za-z0-9_-]{43}")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_PREFIX: Final = len(MARK) + 6


@for_right(Right.SETTINGS)
def make_key(center: CommandCenter, name: str, scope: Scope) -> str:
    """A new key, to be shown now: it cannot be had again.

    Raises InputError for a name that is none, or taken by a living key; StoreUnavailable.
    """
    from core.store.keys import StoredKey

    if not _NAME.fullmatch(name):
        raise InputError(f"name is {name[:80]!r}; must be 1 to 64 letters, digits, _ . or -, first a letter or a digit")
    key = MARK + secrets.token_urlsafe(RANDOM_BYTES)
    by = center.actor.name
    center.store.keys.add(StoredKey(name, digest(key), key[:_PREFIX], scope.value, utc_now(), by))
    _ring(center).forget()
    audit.note(center, "key made", name, scope=scope.value)
    return key


@for_right(Right.SETTINGS)
def revoke_key(center: CommandCenter, name: str) -> None:
    """End the life of a key; servers refuse it within seconds. Raises NotFound, StoreUnavailable."""
    center.store.keys.revoke(name, utc_now())
    _ring(center).forget()
    audit.note(center, "key revoked", name)


@for_right(Right.SETTINGS)
def list_keys(center: CommandCenter) -> list[StoredKey]:
    """Every key, revoked ones too, oldest first. Raises StoreUnavailable."""
    return center.store.keys.all()


def check_key(center: CommandCenter, key: str) -> Caller:
    """Whom a key names. Raises Unauthenticated for one that is unknown or revoked, StoreUnavailable."""
    found = _ring(center).find(digest(key)) if _KEY.fullmatch(key) else None
    if found is None:
        raise Unauthenticated("the key is unknown or was revoked; make one with: jorge keys make")
    return Caller.by_key(found.name, Scope(found.scope))


def known_key(center: CommandCenter, key: str) -> Caller | None:
    """``check_key`` from memory alone; None when that does not tell."""
    found = _ring(center).find_in_memory(digest(key))
    return None if found is None else Caller.by_key(found.name, Scope(found.scope))


def digest(key: str) -> bytes:
    """What is kept of a key.

    A slow digest with a salt is for passwords, which can be guessed. A key is 256 random bits: nobody tries them all,
    however fast each try is. And as a key is looked up by its digest, how long the search takes tells nothing of it.
    """
    return sha256(key.encode("utf-8", "replace")).digest()


def _ring(center: CommandCenter) -> KeyRing:
    state = center.access
    with state.making:
        if state.keys is None:
            state.keys = KeyRing(lambda: center.store.keys)
        return state.keys


class KeyRing:
    """The living keys in memory, read anew every two seconds while they are asked for. Thread-safe.

    While the table cannot be read no key is taken: ``find`` raises StoreUnavailable.
    """

    def __init__(self, table: Callable[[], KeyTable]) -> None:
        self._table = table
        self._reading = threading.Lock()
        self._living: dict[bytes, StoredKey] = {}
        self._read_at = NEVER
        self._noted: dict[bytes, float] = {}
        self._uses: dict[bytes, datetime] = {}
        self._writing = threading.Lock()
        self._timer: threading.Timer | None = None

    def find(self, key_digest: bytes) -> StoredKey | None:
        """The living key with this digest; notes that it was used."""
        self._read_unless_fresh(FRESH_S)
        if key_digest not in self._living:
            self._read_unless_fresh(MISS_FRESH_S)
        return self._found(key_digest)

    def find_in_memory(self, key_digest: bytes) -> StoredKey | None:
        """``find`` without reading; None when the keys in memory are too old."""
        return self._found(key_digest) if monotonic() - self._read_at <= FRESH_S else None

    def forget(self) -> None:
        """Read the keys anew for the next call: this process has changed them."""
        self._read_at = NEVER

    def close(self) -> None:
        """Write the uses that wait."""
        self._write_uses()

    def _found(self, key_digest: bytes) -> StoredKey | None:
        found = self._living.get(key_digest)
        if found is not None:
            self._note(key_digest)
        return found

    def _read_unless_fresh(self, fresh_s: float) -> None:
        if monotonic() - self._read_at <= fresh_s:
            return
        with self._reading:
            now = monotonic()  # before the reading: what is revoked during it counts as not yet seen
            if now - self._read_at > fresh_s:
                self._living = self._table().living()
                self._read_at = now

    def _note(self, key_digest: bytes) -> None:
        """Once a minute for each key; written a second later by a thread of its own, not while a caller waits."""
        now = monotonic()
        if now - self._noted.get(key_digest, NEVER) < USE_NOTED_EVERY_S:
            return
        with self._writing:
            self._noted[key_digest] = now
            self._uses[key_digest] = utc_now()
            if self._timer is None:
                self._timer = threading.Timer(USE_WRITTEN_AFTER_S, self._write_uses)
                self._timer.daemon = True
                self._timer.start()

    def _write_uses(self) -> None:
        with self._writing:
            uses, self._uses = self._uses, {}
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
        if not uses:
            return
        try:
            self._table().used(uses)
        except JorgeError:
            self._noted.clear()  # the next use of each is noted again
