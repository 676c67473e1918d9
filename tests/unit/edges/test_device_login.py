"""How long we wait for a person to type his code, and what ends it."""

from collections.abc import Iterator

import pytest

from daemon.edges.device_login import refresh_token
from daemon.edges.oauth import OAuthError
from tests.support.token_server import TokenServer, running_token_server


@pytest.fixture
def server() -> Iterator[TokenServer]:
    with running_token_server() as server:
        yield server


class Clock:
    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def ask(server: TokenServer, clock: Clock, **urls: str) -> str:
    where = {"device_url": server.device_url, "token_url": server.token_url} | urls
    return refresh_token(
        **where,
        client_id="c",
        client_secret=None,
        scope="mail offline_access",
        show=lambda _page, _code: None,
        clock=clock,
        sleep=clock.sleep,
    )


def test_we_ask_at_the_pace_that_the_server_wants(server: TokenServer) -> None:
    server.pending += ["authorization_pending", "slow_down", "authorization_pending"]
    clock = Clock()
    assert ask(server, clock).startswith("refresh-")
    assert clock.slept == [0.05, 0.05, 5.05, 5.05]


def test_nobody_waits_longer_than_the_code_is_good(server: TokenServer) -> None:
    server.pending += ["slow_down"] * 40
    clock = Clock()
    with pytest.raises(OAuthError, match="in time"):
        ask(server, clock)
    assert clock.now < 120


def test_a_refusal_ends_it(server: TokenServer) -> None:
    server.pending.append("access_denied")
    with pytest.raises(OAuthError, match="access_denied"):
        ask(server, Clock())


def test_codes_are_asked_for_over_private_lines_only(server: TokenServer) -> None:
    with pytest.raises(OAuthError, match="https"):
        ask(server, Clock(), device_url="http://far.example/device")
