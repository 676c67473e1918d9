"""A throw-away PostgreSQL for tests: on a unix socket, without fsync, gone with the session."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
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


@dataclass
class Postgres:
    """One that can be stopped, as for an upgrade (SIGINT) or in a crash (SIGQUIT), and started again."""

    home: Path
    programs: Path
    settings: tuple[str, ...]
    _server: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"postgresql://postbote@/postgres?host={self.home}&port={_PORT}"

    def start(self) -> None:
        settings = [word for flag in (*self.settings, "listen_addresses=") for word in ("-c", flag)]
        command = [str(self.programs / "postgres"), "-D", str(self.home / "data"), "-k", str(self.home), "-p", _PORT]
        with (self.home / "log").open("ab") as log:
            self._server = subprocess.Popen(_as_postgres([*command, *settings]), stdout=log, stderr=log, cwd="/")
        ready = [str(self.programs / "pg_isready"), "-h", str(self.home), "-p", _PORT, "-U", "postbote", "-t", "5"]
        wait_until(lambda: subprocess.run(ready, check=False, capture_output=True).returncode == 0, within=30.0)

    def stop(self, how: int = signal.SIGTERM) -> None:
        if self._server is not None:
            self._server.send_signal(how)
            self._server.wait(30)


@contextmanager
def running_server(*settings: str) -> Iterator[Postgres]:
    """An empty PostgreSQL; skipped where there is none, except in CI."""
    programs = _programs()
    if programs is None:
        if os.environ.get("CI"):
            pytest.fail("PostgreSQL is not installed")
        pytest.skip("PostgreSQL is not installed")
    # A short path, because a socket's name may have 107 bytes at most.
    home = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))
    if os.geteuid() == 0:
        shutil.chown(home, "postgres", "postgres")
    server = Postgres(home, programs, settings)
    try:
        initdb = [str(programs / "initdb"), "-D", str(home / "data"), "-A", "trust", "-U", "postbote"]
        initdb += ["--locale=C.UTF-8", "-N"]
        subprocess.run(_as_postgres(initdb), check=True, capture_output=True, cwd="/")
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def running_postgres() -> Iterator[str]:
    """The address of an empty database that is quick, as nobody cuts its power."""
    with running_server("fsync=off", "synchronous_commit=off", "full_page_writes=off") as server:
        yield server.url


def empty(url: str) -> None:
    """Take everything out of the database."""
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
