"""Statements that SQLAlchemy writes once for a database; from then on the driver runs them alone.

What SQLAlchemy does for a statement each time - cache key, parameters, result - costs many times what SQLite does.
Values go in and come out as the columns' types have them, on both databases, inside the connection's transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import Connection, Insert, LargeBinary, SelectBase, Table, UpdateBase
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine

from core.store.columns import Changed
from core.store.schema import metadata

Row = Mapping[str, Any]
_Change = Callable[[Any], Any]


class _Written:
    """A statement in the words of one dialect."""

    def __init__(self, statement: SelectBase | UpdateBase, dialect: Dialect, names: Sequence[str] | None) -> None:
        compiled = statement.compile(dialect=dialect, column_keys=names)
        given = {name: bound for bound, name in compiled.bind_names.items()}
        self.sql: Final = str(compiled)
        self._by_name = compiled.positiontup is None
        self._names = tuple(compiled.positiontup or given)
        if names is not None and self._names != tuple(names):
            raise ValueError(f"{names} come in another order than the table's columns")
        self._fixed = {name: bound.value for name, bound in given.items() if not bound.required}
        self._picked = itemgetter(*self._names) if len(self._names) > 1 else None
        self._changes = [
            (place, change)
            for place, name in enumerate(self._names)
            if (change := _to_driver(given[name].type, dialect)) is not None
        ]
        self._asked = list(statement.exported_columns)
        self._asked_names = [column.name for column in self._asked]
        self._found: list[tuple[int, _Change]] | None = None
        self._dialect = dialect

    def values(self, row: Row) -> Sequence[Any]:
        """What a row tells, in the statement's own order."""
        if self._fixed:
            row = {**self._fixed, **row}
        return self._picked(row) if self._picked is not None else [row[name] for name in self._names]

    def run(self, cursor: Any, rows: Sequence[Sequence[Any]]) -> None:
        """Hand it to the driver with ``values`` of rows. Raises what SQLAlchemy would raise."""
        try:
            if len(rows) == 1:
                cursor.execute(self.sql, self._bound(rows[0]))
            else:
                cursor.executemany(self.sql, self._all_bound(rows))
        except self._dialect.loaded_dbapi.Error as error:
            raise DBAPIError.instance(
                None, None, error, self._dialect.loaded_dbapi.Error, hide_parameters=True, dialect=self._dialect
            ) from error

    def _bound(self, values: Sequence[Any]) -> Any:
        """Parameters as the driver takes them; None is NULL in every type."""
        bound = list(values)
        for place, change in self._changes:
            if bound[place] is not None:
                bound[place] = change(bound[place])
        return dict(zip(self._names, bound, strict=True)) if self._by_name else bound

    def _all_bound(self, rows: Sequence[Sequence[Any]]) -> Iterable[Any]:
        """``_bound`` of many rows, column by column: in half the time."""
        columns: list[Sequence[Any]] = list(zip(*rows, strict=True))
        for place, change in self._changes:
            columns[place] = [None if value is None else change(value) for value in columns[place]]
        bound = zip(*columns, strict=True)
        return (dict(zip(self._names, values, strict=True)) for values in bound) if self._by_name else bound

    def told_by(self, cursor: Any) -> list[dict[str, Any]]:
        """The rows that it returned, a dict by column each."""
        if self._found is None:
            self._found = [
                (place, change)
                for place, (column, told) in enumerate(zip(self._asked, cursor.description, strict=True))
                if (change := _from_driver(column.type, self._dialect, told[1])) is not None
            ]
        return [self._told(list(row)) for row in cursor.fetchall()]

    def _told(self, values: list[Any]) -> dict[str, Any]:
        for place, change in self._found or ():
            if values[place] is not None:
                values[place] = change(values[place])
        return dict(zip(self._asked_names, values, strict=True))


def _to_driver(kind: TypeEngine[Any], dialect: Dialect) -> _Change | None:
    """What the driver needs done to values of a type; None when it takes them as they are."""
    if isinstance(kind, Changed):
        return kind.to_driver(dialect)
    if isinstance(kind, LargeBinary) and dialect.name == "sqlite":
        return None  # SQLAlchemy would wrap the bytes, which costs more than to store them
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _from_driver(kind: TypeEngine[Any], dialect: Dialect, told: object) -> _Change | None:
    """What is to be done to values of a type that the driver read and describes by ``told``."""
    if isinstance(kind, Changed):
        return kind.from_driver(dialect)
    return kind.dialect_impl(dialect).result_processor(dialect, told)


class Prepared:
    """One statement, made by ``write`` for the name of a dialect when a connection first runs it.

    ``names`` are the columns that an INSERT gets; None where the statement says itself what it needs.
    """

    def __init__(self, write: Callable[[str], SelectBase | UpdateBase], names: Sequence[str] | None = None) -> None:
        self._write, self._names = write, names
        self._written: dict[str, _Written] = {}

    def run(self, connection: Connection, rows: Sequence[Row]) -> None:
        """Run it for each of ``rows``, at least one."""
        written = self._on(connection)
        _run(connection, written, [written.values(row) for row in rows])

    def run_in_order(self, connection: Connection, rows: Sequence[Sequence[Any]]) -> None:
        """Run an INSERT for each of ``rows``, at least one, which tell their values in the order of ``names``."""
        _run(connection, self._on(connection), rows)

    def read(self, connection: Connection, row: Row) -> list[dict[str, Any]]:
        """What it finds (SELECT) or returns (RETURNING), a dict by column for each row."""
        cursor = connection.connection.cursor()
        try:
            written = self._on(connection)
            written.run(cursor, (written.values(row),))
            return written.told_by(cursor)
        finally:
            cursor.close()

    def _on(self, connection: Connection) -> _Written:
        dialect = connection.dialect
        written = self._written.get(dialect.name)
        if written is None:
            written = self._written[dialect.name] = _Written(self._write(dialect.name), dialect, self._names)
        return written


def _run(connection: Connection, written: _Written, rows: Sequence[Sequence[Any]]) -> None:
    cursor = connection.connection.cursor()
    try:
        written.run(cursor, rows)
    finally:
        cursor.close()


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
    """INSERT the rows that no unique key knows yet; ``rowcount`` says how many those were."""
    statement = _insert(dialect, metadata.tables[table_name]).on_conflict_do_nothing()
    return statement.execution_options(preserve_rowcount=True)  # else lost with PostgreSQL's cursor


def _insert(dialect: str, table: Table) -> sqlite.Insert | postgresql.Insert:
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
