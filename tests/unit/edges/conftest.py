from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from daemon.edges.smtp_in import SmtpListener
from daemon.edges.smtp_limits import Limits
from tests.support.certificates import Certificate, make_certificate
from tests.support.desk import MemoryDesk

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return make_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture(scope="session")
def foreign_certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    folder: Path = tmp_path_factory.mktemp("foreign")
    return make_certificate(folder, "elsewhere.example")


@pytest.fixture
def desk() -> MemoryDesk:
    return MemoryDesk(own={"orders@shop.example", "reply+abc@replies.shop.example"})


Listen = Callable[..., SmtpListener]


@pytest.fixture
def listen(desk: MemoryDesk, certificate: Certificate) -> Iterator[Listen]:
    """Start listeners that are stopped after the test."""
    started: list[SmtpListener] = []

    def start(*, lmtp: bool = False, tls: bool = False, limits: Limits | None = None) -> SmtpListener:
        listener = SmtpListener(
            name="smtp",
            host="127.0.0.1",
            port=0,
            desk=desk,
            clock=lambda: NOW,
            lmtp=lmtp,
            tls=certificate.server() if tls else None,
            limits=limits,
            hostname="mx.shop.example",
        )
        listener.start()
        started.append(listener)
        return listener

    yield start
    for listener in started:
        listener.stop()
