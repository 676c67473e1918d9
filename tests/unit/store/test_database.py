from contextlib import suppress
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from daemon.errors import NewerDatabaseError, UnusableDatabaseError
from daemon.store.database import Database
from daemon.store.indexes import metadata


def test_an_empty_database_gets_the_schema_and_a_prepared_one_is_left_alone(database: Database) -> None:
    database.prepare()
    assert set(metadata.tables) <= set(sa.inspect(database.engine).get_table_names())


def test_a_newer_database_is_refused(database: Database) -> None:
    with database.writing() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(NewerDatabaseError, match="9999"):
        database.prepare()


def test_what_is_no_database_is_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / "a.db").write_text("no database at all, but long enough for SQLite to look at its first page")
    with pytest.raises(UnusableDatabaseError, match="cannot be opened: file is not a database"):
        Database(f"sqlite:///{tmp_path}/a.db").prepare()


def test_a_failed_transaction_leaves_nothing_behind(database: Database) -> None:
    insert = sa.text("INSERT INTO control (key, value) VALUES ('a', 'b')")
    with suppress(RuntimeError), database.writing() as connection:
        connection.execute(insert)
        raise RuntimeError
    with database.reading() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM control")).scalar() == 0


def test_sqlite_is_durable_and_lets_readers_read(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/a.db")
    database.prepare()
    with database.writing() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        with database.reading() as other:
            assert other.execute(sa.text("SELECT count(*) FROM control")).scalar() == 0
    database.close()


def test_the_migrations_lead_to_the_schema(database: Database) -> None:
    with database.reading() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, metadata) == []
