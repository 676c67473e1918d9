"""Stories play in a workspace of their own."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.postgres import empty, running_postgres
from tests.support.town import PostOffice, Town, running_post_office
from tests.support.workspace import Workspace

_MEMORY = Path("/dev/shm")  # noqa: S108 - only new folders are made there
_PLENTY = 1024**3
"""Far more than what the few stories that play at a time write."""


@pytest.fixture
def tmp_path(request: pytest.FixtureRequest) -> Iterator[Path]:
    """In memory where there is plenty: no story cuts the power, so none needs to wait for a disk.

    Where TMPDIR is set, it lies there, and stays for who wants to look at it.
    """
    if "TMPDIR" in os.environ or not _MEMORY.is_dir() or shutil.disk_usage(_MEMORY).free < _PLENTY:
        yield request.getfixturevalue("tmp_path")
        return
    with tempfile.TemporaryDirectory(prefix="postbote-", dir=_MEMORY, ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@pytest.fixture
def sandbox(tmp_path: Path) -> Workspace:
    return Workspace.sandbox(tmp_path / "box")


@pytest.fixture(scope="session")
def office() -> Iterator[PostOffice]:
    with running_post_office() as office:
        yield office


@pytest.fixture
def town(tmp_path: Path, office: PostOffice, monkeypatch: pytest.MonkeyPatch) -> Town:
    """Its commands trust the post office's certificate, and nothing else."""
    monkeypatch.setenv("SSL_CERT_FILE", str(office.dovecot.home / "cert.pem"))
    return Town(tmp_path / "shop", office)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    with running_postgres() as url:
        yield url


@pytest.fixture
def postgres(postgres_url: str) -> str:
    """The address of an empty database."""
    empty(postgres_url)
    return postgres_url
