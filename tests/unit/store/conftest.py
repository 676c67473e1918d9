"""The same tests on a real SQLite file and a real PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from daemon.store.database import Database
from tests.support.postgres import empty, running_postgres


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    with running_postgres() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/state/postbote.db"
    else:
        url = request.getfixturevalue("postgres_url")
        empty(url)
    opened = Database(url)
    opened.prepare()
    yield opened
    opened.close()
