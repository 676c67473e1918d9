"""Stories play in a workspace of their own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.postgres import empty, running_postgres
from tests.support.town import PostOffice, Town, running_post_office
from tests.support.workspace import Workspace


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
