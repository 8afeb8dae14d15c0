"""Statements that SQLAlchemy writes once for a database; from then on the driver runs them alone.

What SQLAlchemy does for a statement each time - cache key, parameters, result - costs many times what SQLite does.
Values go in and come out as the columns' types have them, on both databases, inside the connection's transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from functools import cache
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import Connection, Insert, Select, Table, UpdateBase
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError

from core.store.schema import metadata

Row = Mapping[str, Any]
_Change = Callable[[Any], Any]


class _Written:
    """A statement in the words of one dialect."""

    def __init__(self, statement: Select[Any] | UpdateBase, dialect: Dialect, names: Sequence[str] | None) -> None:
        compiled = statement.compile(dialect=dialect, column_keys=names)
        kinds = {name: bound.type.dialect_impl(dialect) for bound, name in compiled.bind_names.items()}
        placed: Sequence[str] | None = compiled.positiontup
        self._fixed = {name: bound.value for bound, name in compiled.bind_names.items() if not bound.required}
        self.sql: Final = str(compiled)
        self._by_place = placed is not None
        self._given = [(name, kinds[name].bind_processor(dialect)) for name in placed or kinds]
        self._values = itemgetter(*placed) if placed is not None and len(placed) > 1 else None
        self._changes = [(place, change) for place, (_, change) in enumerate(self._given) if change is not None]
        self._asked = list(statement.exported_columns)
        self._dialect = dialect
        self._found: list[tuple[str, _Change | None]] | None = None

    def bound(self, row: Row) -> Any:
        """The parameters of ``row`` as the driver takes them; None is NULL in every type."""
        if self._fixed:
            row = {**self._fixed, **row}
        if self._values is not None:
            values = list(self._values(row))
            for place, change in self._changes:
                if values[place] is not None:
                    values[place] = change(values[place])
            return values
        if self._by_place:
            return [row[name] if change is None else change(row[name]) for name, change in self._given]
        return {name: row[name] if change is None else change(row[name]) for name, change in self._given}

    def run(self, cursor: Any, rows: Sequence[Row]) -> None:
        """Hand it to the driver. Raises what SQLAlchemy would raise."""
        try:
            if len(rows) == 1:
                cursor.execute(self.sql, self.bound(rows[0]))
            else:
                cursor.executemany(self.sql, [self.bound(row) for row in rows])
        except self._dialect.loaded_dbapi.Error as error:
            raise DBAPIError.instance(
                None, None, error, self._dialect.loaded_dbapi.Error, hide_parameters=True, dialect=self._dialect
            ) from error

    def told_by(self, cursor: Any) -> list[dict[str, Any]]:
        """The rows that it returned, a dict by column each."""
        if self._found is None:
            kinds = [told[1] for told in cursor.description]
            self._found = [
                (column.name, column.type.dialect_impl(self._dialect).result_processor(self._dialect, kind))
                for column, kind in zip(self._asked, kinds, strict=True)
            ]
        found = self._found
        return [
            {name: value if change is None else change(value) for (name, change), value in zip(found, row, strict=True)}
            for row in cursor.fetchall()
        ]


class Prepared:
    """One statement, made by ``write`` for the name of a dialect when a connection first runs it.

    ``names`` are the columns that an INSERT gets; None where the statement says itself what it needs.
    """

    def __init__(self, write: Callable[[str], Select[Any] | UpdateBase], names: Sequence[str] | None = None) -> None:
        self._write, self._names = write, names
        self._written: dict[str, _Written] = {}

    def run(self, connection: Connection, rows: Sequence[Row]) -> None:
        """Run it for each of ``rows``, at least one."""
        with closing(connection.connection.cursor()) as cursor:
            self._on(connection).run(cursor, rows)

    def read(self, connection: Connection, row: Row) -> list[dict[str, Any]]:
        """What it finds (SELECT) or returns (RETURNING), a dict by column for each row."""
        with closing(connection.connection.cursor()) as cursor:
            written = self._on(connection)
            written.run(cursor, (row,))
            return written.told_by(cursor)

    def _on(self, connection: Connection) -> _Written:
        dialect = connection.dialect
        written = self._written.get(dialect.name)
        if written is None:
            written = self._written[dialect.name] = _Written(self._write(dialect.name), dialect, self._names)
        return written


def told_columns(table: Table) -> list[str]:
    """The columns that an INSERT tells: all but the number that the database gives."""
    return [column.name for column in table.c if column is not table.autoincrement_column]


def insert_into(table: Table) -> Prepared:
    """Plain INSERT of whole rows."""
    return Prepared(lambda _: Insert(table).inline(), told_columns(table))


@cache
def upsert(dialect: str, table_name: str) -> Insert:
    """INSERT, or overwrite the row with the same primary key."""
    table = metadata.tables[table_name]
    statement = _insert(dialect, table)
    keys = [column.name for column in table.primary_key]
    rest = {column.name: statement.excluded[column.name] for column in table.c if column.name not in keys}
    return statement.on_conflict_do_update(index_elements=keys, set_=rest)


@cache
def insert_new(dialect: str, table_name: str) -> Insert:
    """INSERT the rows that no unique key knows yet."""
    return _insert(dialect, metadata.tables[table_name]).on_conflict_do_nothing()


def _insert(dialect: str, table: Table) -> sqlite.Insert | postgresql.Insert:
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
