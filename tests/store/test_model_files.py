"""Models in the record, on both databases: bytes come back as they were, and only one of two changes is kept."""

from __future__ import annotations

import os

from sqlalchemy import func, select

from core.store import Store
from core.store.model_files import ModelFile, model_files
from tests.store.made import at

FILES = {"forest.npz": ModelFile("aa", bytes(range(256)) * 300), "served.json": ModelFile("bb", b"")}


def test_a_version_comes_back_to_the_byte(store: Store) -> None:
    assert store.models.add("mine", '{"files": {}}\n', FILES, at(1))
    assert store.models.files("mine") == FILES
    assert store.models.manifest("mine") == '{"files": {}}\n'
    assert store.models.manifests() == {"mine": '{"files": {}}\n'}


def test_a_version_never_changes(store: Store) -> None:
    store.models.add("mine", "first", FILES, at(1))
    assert not store.models.add("mine", "second", {"other": ModelFile("cc", os.urandom(10))}, at(2))
    assert store.models.manifest("mine") == "first"
    assert store.models.files("mine") == FILES


def test_what_is_not_there_is_none(store: Store) -> None:
    assert store.models.manifest("mine") is None
    assert store.models.files("mine") == {}
    assert store.models.lists() is None


def test_of_two_who_change_the_lists_at_once_the_second_is_told(store: Store) -> None:
    first, second = {"promoted": ["a"]}, {"promoted": ["b"]}
    assert store.models.change_lists(None, first)
    assert not store.models.change_lists(None, second)
    assert store.models.lists() == first
    assert store.models.change_lists(first, second)


def test_emptying_the_workspace_leaves_the_models(store: Store) -> None:
    store.models.add("mine", "first", FILES, at(1))
    store.clear()
    with store.database.read() as connection:
        assert connection.execute(select(func.count()).select_from(model_files)).scalar() == 2
