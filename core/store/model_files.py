"""The team's models in the record: the files of each version with their digests, and which versions were promoted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Column, ForeignKey, LargeBinary, Table, Text, insert, select

from core.store import feed
from core.store.columns import UtcTime, key_text
from core.store.connect import Database
from core.store.schema import metadata

LISTS: Final = "models"  # the key of the lists among the workspace's values

# A version never changes: rows are added, and never touched again.
model_versions = Table(
    "model_versions",
    metadata,
    Column("version", key_text(), primary_key=True),
    Column("registered_at", UtcTime, nullable=False),
    Column("manifest", Text, nullable=False),  # the file as it is: it names the others with their digests
)

model_files = Table(
    "model_files",
    metadata,
    Column("version", key_text(), ForeignKey("model_versions.version"), primary_key=True),
    Column("name", key_text(), primary_key=True),
    Column("digest", Text, nullable=False),  # SHA-256, in hex
    Column("content", LargeBinary, nullable=False),
)


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One file of a version, and the SHA-256 that it was registered with."""

    digest: str
    content: bytes


class ModelTable:
    """All reading and writing of models. Thread-safe; every method raises StoreUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, version: str, manifest: str, files: Mapping[str, ModelFile], at: datetime) -> bool:
        """Keep a version with all of its files; False when there is one of that name already."""
        with self._database.write() as connection:
            if connection.execute(_manifest(version)).first() is not None:
                return False
            connection.execute(insert(model_versions).values(version=version, registered_at=at, manifest=manifest))
            rows = [
                {"version": version, "name": name, "digest": file.digest, "content": file.content}
                for name, file in files.items()
            ]
            connection.execute(insert(model_files), rows)
        return True

    def manifest(self, version: str) -> str | None:
        """The manifest of a version; None when there is no such version."""
        with self._database.read() as connection:
            found: str | None = connection.execute(_manifest(version)).scalar()
        return found

    def manifests(self) -> dict[str, str]:
        """The manifest of every version, by name."""
        query = select(model_versions.c.version, model_versions.c.manifest).order_by(model_versions.c.version)
        with self._database.read() as connection:
            return {row.version: row.manifest for row in connection.execute(query)}

    def files(self, version: str) -> dict[str, ModelFile]:
        """Every file of a version, by name, as it was kept: whoever uses one checks its digest."""
        query = select(model_files).where(model_files.c.version == version).order_by(model_files.c.name)
        with self._database.read() as connection:
            return {row.name: ModelFile(row.digest, bytes(row.content)) for row in connection.execute(query)}

    def lists(self) -> Any | None:
        """The JSON value that says which versions were promoted; None while nobody kept one."""
        with self._database.read() as connection:
            return feed.workspace_value(connection, LISTS)

    def change_lists(self, before: Any | None, after: Any) -> bool:
        """Keep ``after`` in the place of ``before``; False, and nothing kept, when something else stands there."""
        with self._database.write() as connection:
            if feed.workspace_value(connection, LISTS) != before:
                return False
            feed.set_workspace_value(connection, LISTS, after)
        return True


def _manifest(version: str) -> Any:
    return select(model_versions.c.manifest).where(model_versions.c.version == version)
