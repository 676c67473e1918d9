"""What the tests of kills and restarts share: a mailbox, and a PostgreSQL."""

import os
import shutil
from collections.abc import Iterator

import pytest

from tests.story.conftest import postgres, postgres_url
from tests.support.dovecot import Dovecot, running_dovecot

__all__ = ["postgres", "postgres_url"]


@pytest.fixture
def dovecot() -> Iterator[Dovecot | None]:
    """A real mailbox; without Dovecot the storm comes by the other wires alone, but never in CI."""
    if shutil.which("dovecot") is None and not os.environ.get("CI"):
        yield None
        return
    with running_dovecot() as server:
        yield server
