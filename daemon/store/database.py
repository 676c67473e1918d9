"""Opens the database, brings its schema up to date and hands out transactions."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

import sqlalchemy as sa
from msgspec import json
from sqlalchemy import ARRAY, Column, ColumnElement, Connection, Dialect, Engine, Table, Text, bindparam, event
from sqlalchemy.exc import DatabaseError, OperationalError, ProgrammingError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

from daemon.errors import NewerDatabaseError, UnusableDatabaseError
from daemon.store import schema
from daemon.store.turnstile import Turnstile

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite

T = TypeVar("T")

_CHUNK = 1000
"""How many values are looked for at once: as many as a portion of a table names."""


class Database:
    """One database. `shared` says that several daemons may use it at once, so that work must be leased."""

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)
        self.shared = self.engine.dialect.name == "postgresql"
        self._writers = Turnstile()

    @property
    def is_awaited(self) -> bool:
        """Whether another thread of this process wants to write."""
        return self._writers.is_awaited

    def prepare(self) -> None:
        """Create the schema in an empty database, or migrate an older one."""
        try:
            self._prepare()
        except DatabaseError as error:
            raise UnusableDatabaseError(" ".join(str(error.orig).split())) from error

    def _prepare(self) -> None:
        version = self._version()
        if version == schema.VERSION:
            return
        # Alembic costs a fifth of a second to import, and almost no start needs it.
        from daemon.store.migrations.run import upgrade  # noqa: PLC0415

        if version is not None and version > schema.VERSION:
            raise NewerDatabaseError(version)
        upgrade(self.engine)

    def _version(self) -> str | None:
        try:
            with self.reading() as connection:
                return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
        except (OperationalError, ProgrammingError):
            return None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that only looks; on SQLite it never waits for a writer."""
        with self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that changes something; it is durable once the block has been left."""
        if self.shared:
            with self.engine.begin() as connection:
                yield connection
            return
        # Threads of this process queue up here: SQLite's own waiting sleeps in growing steps and is unfair.
        with self._writers.passing(), self.engine.connect() as plain:
            connection = plain.execution_options(postbote_writer=True)
            with connection.begin():
                yield connection

    def close(self) -> None:
        self.engine.dispose()


def _engine(url: str) -> Engine:
    parsed = sa.make_url(url)
    if parsed.get_backend_name() == "postgresql":
        return sa.create_engine(
            parsed.set(drivername="postgresql+psycopg"), pool_size=10, pool_pre_ping=True, hide_parameters=True
        )
    if parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    # An error that is logged must not quote what people have written.
    engine = sa.create_engine(parsed, connect_args={"timeout": 30.0}, hide_parameters=True)
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    return engine


def _on_connect(raw: Any, _record: Any) -> None:
    raw.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"):
        raw.execute(f"PRAGMA {pragma}")


def _on_begin(connection: Connection) -> None:
    writer = connection.get_execution_options().get("postbote_writer")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writer else "BEGIN")


def _insert(dialect: str, table: Table) -> "sqlite.Insert | postgresql.Insert":
    """An INSERT that knows ON CONFLICT in the database's own dialect."""
    if dialect == "postgresql":
        from sqlalchemy.dialects import postgresql  # noqa: PLC0415 - heavy, and most houses keep SQLite

        return postgresql.insert(table)
    from sqlalchemy.dialects import sqlite  # noqa: PLC0415 - the engine has loaded it already

    return sqlite.insert(table)


# Building a statement costs more than running it, so each kind is built once.
@lru_cache(maxsize=64)
def _inserting(dialect: str, table: Table) -> "sqlite.Insert | postgresql.Insert":
    return _insert(dialect, table).on_conflict_do_nothing()


@lru_cache(maxsize=64)
def _upserting(
    dialect: str, table: Table, names: tuple[str, ...], newest: str | None
) -> "sqlite.Insert | postgresql.Insert":
    statement = _insert(dialect, table)
    keys = [column.name for column in table.primary_key]
    changed = {name: statement.excluded[name] for name in names if name not in keys}
    newer = statement.excluded[newest] >= table.c[newest] if newest else None
    return statement.on_conflict_do_update(index_elements=keys, set_=changed, where=newer)


def insert_missing(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert the rows that are not there yet and leave the others alone."""
    if rows:
        connection.execute(_inserting(connection.dialect.name, table), list(rows))


def upsert(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], *, newest: str | None = None
) -> None:
    """Insert rows, or overwrite the named columns of those with the same primary key.

    With `newest` only those are overwritten in which that column is not later than in the new row.
    """
    if rows:
        connection.execute(_upserting(connection.dialect.name, table, tuple(rows[0]), newest), list(rows))


class _Values(TypeDecorator[Sequence[str]]):
    """Many texts as one parameter: a statement with a parameter for each takes longer to write than to run."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(ARRAY(Text) if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Sequence[str] | None, dialect: Dialect) -> Any:
        return list(value or ()) if dialect.name == "postgresql" else json.encode(value or ()).decode()


class _Each(FunctionElement[str]):
    """These texts as the rows of a table."""

    inherit_cache = True


@compiles(_Each)
def _each(element: _Each, compiler: SQLCompiler, **how: Any) -> str:
    return f"(SELECT value FROM json_each({compiler.process(element.clauses, **how)}))"  # noqa: S608 - a parameter


@compiles(_Each, "postgresql")
def _each_on_postgresql(element: _Each, compiler: SQLCompiler, **how: Any) -> str:
    return f"(SELECT unnest({compiler.process(element.clauses, **how)}))"


def among(column: "Column[Any]") -> "ColumnElement[bool]":
    """That a column is one of `values`, which are given when the statement is executed."""
    return column.op("IN", is_comparison=True)(_Each(bindparam("values", type_=_Values)))


STREAMED: Mapping[str, Any] = MappingProxyType({"stream_results": True})
"""For one statement, never for its connection: on PostgreSQL nothing could be written by that any more."""


def chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """The values in parts that fit an IN list."""
    for start in range(0, len(values), _CHUNK):
        yield values[start : start + _CHUNK]
