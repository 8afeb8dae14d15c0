"""API keys: made, recognised, refused after they are revoked, and never more than a digest in the database."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from core.errors import Forbidden, InputError, NotFound, StoreUnavailable, Unauthenticated
from core.services.access import Credentials, Scope, admit, list_keys, make_key, revoke_key
from core.services.access.keys import FRESH_S, USE_WRITTEN_AFTER_S, KeyRing, digest
from core.services.center import CommandCenter
from core.store.keys import KeyTable, StoredKey
from tests.realtime.waiting import until


@contextmanager
def another_server(center: CommandCenter) -> Iterator[CommandCenter]:
    """A second process on the same database."""
    with CommandCenter(center.settings, center.models_dir) as other:
        yield other


def opens(center: CommandCenter, key: str, scope: Scope = Scope.SCORE) -> bool:
    try:
        admit(center, Credentials(key=key), scope)
    except Unauthenticated:
        return False
    return True


@pytest.mark.parametrize(
    ("scope", "allowed"),
    [(Scope.SCORE, {Scope.SCORE}), (Scope.READ, {Scope.READ}), (Scope.ADMIN, set(Scope))],
)
def test_a_key_opens_what_its_scope_says(center: CommandCenter, scope: Scope, allowed: set[Scope]) -> None:
    key = make_key(center, "crm", scope)
    for wanted in Scope:
        if wanted in allowed:
            assert admit(center, Credentials(key=key), wanted).name == "key:crm"
        else:
            with pytest.raises(Forbidden, match=f"this needs the scope {wanted}; yours: {scope}"):
                admit(center, Credentials(key=key), wanted)


def test_keys_are_256_random_bits_and_only_their_digest_is_kept(center: CommandCenter) -> None:
    made = [make_key(center, f"key-{number}", Scope.READ) for number in range(20)]
    assert len(set(made)) == 20
    assert all(len(key.removeprefix("jorge_")) == 43 for key in made)  # 43 letters of 6 bits hold 256
    kept = list_keys(center)
    assert [one.digest for one in kept] == [digest(key) for key in made]
    assert all(key.startswith(one.prefix) and len(one.prefix) == 12 for one, key in zip(kept, made, strict=True))


def test_what_only_looks_like_a_key_is_refused(center: CommandCenter) -> None:
    key = make_key(center, "crm", Scope.ADMIN)
    changed = key[:-1] + ("A" if key[-1] != "A" else "B")
    for given in (changed, key[:-1], key + "A", key.upper(), f" {key}", "jorge_", "", "\udcff" * 43, key[:12]):
        assert not opens(center, given), given
    assert opens(center, key)


def test_a_revoked_key_is_refused_within_five_seconds_by_every_server(center: CommandCenter) -> None:
    key = make_key(center, "crm", Scope.SCORE)
    with another_server(center) as other:
        assert opens(center, key)
        assert opens(other, key)
        revoke_key(other, "crm")
        for server in (center, other):
            until(lambda server=server: not opens(server, key), within_s=5.0)  # type: ignore[misc]


def test_a_key_that_was_just_made_opens_another_server_at_once(center: CommandCenter) -> None:
    with another_server(center) as other:
        assert not opens(other, "jorge_" + "A" * 43)
        key = make_key(center, "crm", Scope.SCORE)
        assert until(lambda: opens(other, key)) < 1.0


def test_the_last_use_is_kept_a_moment_later(center: CommandCenter) -> None:
    key = make_key(center, "crm", Scope.SCORE)
    assert list_keys(center)[0].last_used_at is None
    assert opens(center, key)
    until(lambda: list_keys(center)[0].last_used_at is not None, within_s=USE_WRITTEN_AFTER_S + 4)
    first = list_keys(center)[0].last_used_at
    assert opens(center, key)
    time.sleep(USE_WRITTEN_AFTER_S + 0.2)
    assert list_keys(center)[0].last_used_at == first  # within the same minute


def test_a_use_that_waits_is_written_when_the_server_stops(center: CommandCenter) -> None:
    key = make_key(center, "crm", Scope.SCORE)
    with another_server(center) as other:
        assert opens(other, key)
    assert list_keys(center)[0].last_used_at is not None


class CountedTable(KeyTable):
    """Counts how often it is read; fails when told to."""

    def __init__(self, table: KeyTable) -> None:
        super().__init__(table._database)
        self.reads, self.down = 0, False

    def living(self) -> dict[bytes, StoredKey]:
        self.reads += 1
        if self.down:
            raise StoreUnavailable("the database is down")
        return super().living()


def test_a_thousand_calls_read_the_table_once(center: CommandCenter) -> None:
    key = digest(make_key(center, "crm", Scope.SCORE))
    table = CountedTable(center.store.keys)
    ring = KeyRing(lambda: table)
    began = time.monotonic()
    found = [ring.find(key) for _ in range(1_000)]
    assert time.monotonic() - began < FRESH_S
    assert all(found)
    assert table.reads == 1
    ring.close()


def test_guessing_reads_the_table_at_most_some_times_a_second(center: CommandCenter) -> None:
    table = CountedTable(center.store.keys)
    ring = KeyRing(lambda: table)
    began = time.monotonic()
    while (took := time.monotonic() - began) < 1.0:
        assert ring.find(b"guess") is None
    assert table.reads <= 1 + took / 0.2


def test_without_the_database_no_key_is_taken_for_longer_than_it_may_be_revoked(center: CommandCenter) -> None:
    key = digest(make_key(center, "crm", Scope.SCORE))
    table = CountedTable(center.store.keys)
    ring = KeyRing(lambda: table)
    assert ring.find(key)
    table.down = True
    time.sleep(FRESH_S + 0.1)
    assert ring.find_in_memory(key) is None
    with pytest.raises(StoreUnavailable):
        ring.find(key)
    table.down = False
    assert ring.find(key)
    ring.close()


@pytest.mark.parametrize("name", ["", " crm", "crm\n", "-crm", "a" * 65, "crm key", "crm/../x", "<b>", "Zoë"])
def test_a_name_that_is_none_is_refused(center: CommandCenter, name: str) -> None:
    with pytest.raises(InputError, match="must be 1 to 64 letters"):
        make_key(center, name, Scope.READ)


def test_a_name_is_free_again_once_its_key_is_revoked(center: CommandCenter) -> None:
    first = make_key(center, "crm", Scope.READ)
    with pytest.raises(InputError):
        make_key(center, "crm", Scope.READ)
    revoke_key(center, "crm")
    assert make_key(center, "crm", Scope.READ) != first
    with pytest.raises(NotFound):
        revoke_key(center, "nobody")
