"""A throw-away PostgreSQL for tests: on a unix socket, without fsync, gone with the session."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.support.waiting import wait_until

_PORT = "54329"


def _programs() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path else None


def _as_postgres(command: list[str]) -> list[str]:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return command
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *command]


@contextmanager
def running_postgres() -> Iterator[str]:
    """The address of an empty database; skipped where there is no PostgreSQL, except in CI."""
    programs = _programs()
    if programs is None:
        if os.environ.get("CI"):
            pytest.fail("PostgreSQL is not installed")
        pytest.skip("PostgreSQL is not installed")
    # A short path, because a socket's name may have 107 bytes at most.
    home = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))
    if os.geteuid() == 0:
        shutil.chown(home, "postgres", "postgres")
    data = home / "data"
    server: subprocess.Popen[bytes] | None = None
    try:
        initdb = [str(programs / "initdb"), "-D", str(data), "-A", "trust", "-U", "postbote", "--locale=C.UTF-8", "-N"]
        subprocess.run(_as_postgres(initdb), check=True, capture_output=True, cwd="/")
        flags = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "listen_addresses=")
        settings = [word for flag in flags for word in ("-c", flag)]
        start = [str(programs / "postgres"), "-D", str(data), "-k", str(home), "-p", _PORT, *settings]
        with (home / "log").open("wb") as log:
            server = subprocess.Popen(_as_postgres(start), stdout=log, stderr=log, cwd="/")
        url = f"postgresql://postbote@/postgres?host={home}&port={_PORT}"
        ready = [str(programs / "pg_isready"), "-h", str(home), "-p", _PORT, "-U", "postbote", "-t", "5"]
        wait_until(lambda: subprocess.run(ready, check=False, capture_output=True).returncode == 0, within=30.0)
        yield url
    finally:
        if server is not None:
            server.terminate()
            server.wait(30)
        shutil.rmtree(home, ignore_errors=True)


def empty(url: str) -> None:
    """Take everything out of the database."""
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
