"""API keys in the database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from core.errors import InputError, LeadError, NotFound
from core.store import Store, migrate, open_store
from core.store.keys import StoredKey
from tests.store.made import scored

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def key(name: str = "crm", digest: bytes = b"d" * 32) -> StoredKey:
    return StoredKey(name, digest, "jorge_abc123", "score", NOON, "tests")


def test_a_key_comes_back_as_it_was_kept(store: Store) -> None:
    store.keys.add(key())
    assert store.keys.all() == [key()]
    assert store.keys.living() == {b"d" * 32: key()}


def test_a_name_is_taken_until_its_key_is_revoked(store: Store) -> None:
    store.keys.add(key())
    with pytest.raises(InputError, match="there is a key 'crm' already"):
        store.keys.add(key(digest=b"e" * 32))
    store.keys.revoke("crm", NOON + timedelta(hours=1))
    store.keys.add(key(digest=b"e" * 32))
    assert list(store.keys.living()) == [b"e" * 32]
    assert [kept.revoked_at for kept in store.keys.all()] == [NOON + timedelta(hours=1), None]


def test_the_database_itself_refuses_two_living_keys_of_one_name(store: Store) -> None:
    store.keys.add(key())
    copied = (
        "INSERT INTO api_keys (name, digest, prefix, scope, made_at, made_by) "
        "SELECT name, :digest, prefix, scope, made_at, made_by FROM api_keys"
    )
    with pytest.raises(LeadError, match=r"IntegrityError|UniqueViolation"), store.database.write() as connection:
        connection.execute(text(copied), {"digest": b"e" * 32})


@pytest.mark.parametrize("name", ["nobody", "CRM", "crm' OR '1'='1"])
def test_only_a_living_key_can_be_revoked(store: Store, name: str) -> None:
    store.keys.add(key())
    with pytest.raises(NotFound):
        store.keys.revoke(name, NOON)
    store.keys.revoke("crm", NOON)
    with pytest.raises(NotFound):
        store.keys.revoke("crm", NOON)


def test_a_use_is_kept_once_a_minute(store: Store) -> None:
    store.keys.add(key())
    kept = []
    for seconds in (0, 59, 60, 200):
        store.keys.used({b"d" * 32: NOON + timedelta(seconds=seconds), b"unknown": NOON})
        used = store.keys.all()[0].last_used_at
        assert used is not None
        kept.append((used - NOON).total_seconds())
    assert kept == [0, 0, 60, 200]


def test_clearing_the_workspace_leaves_the_keys(store: Store) -> None:
    store.keys.add(key())
    store.save_scored([scored("a")])
    store.clear()
    assert store.lead_count() == 0
    assert store.keys.all() == [key()]


def test_a_database_of_the_first_revision_gets_the_table_and_can_lose_it_again(url: str) -> None:
    store = open_store(url)
    store.save_scored([scored("a")])
    with store.database.write() as connection:
        migrate.downgrade(connection, "0001")
        assert migrate.current_revision(connection) == "0001"
    store.close()
    store = open_store(url)
    store.keys.add(key())
    assert store.lead_count() == 1
    store.close()
