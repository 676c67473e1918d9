import json
import threading
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from daemon.edges.oauth import ConsentError, OAuthError, TokenSource, xoauth2


class TokenServer(ThreadingHTTPServer):
    """Answers with what stands in `answer` (status, body) and keeps the forms it was sent."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer: tuple[int, Any] = (200, {"access_token": "token-1", "expires_in": 3600})
        self.forms: list[dict[str, str]] = []
        self.url = f"http://127.0.0.1:{self.server_address[1]}/token"


class _Handler(BaseHTTPRequestHandler):
    server: TokenServer

    def do_POST(self) -> None:
        form = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.forms.append(dict(urllib.parse.parse_qsl(form, strict_parsing=True)))
        status, answer = self.server.answer
        body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        self.send_response(status)
        if status == 307:
            self.send_header("Location", self.server.url)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST  # noqa: N815 - the library's name

    def log_message(self, *_args: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[TokenServer]:
    with TokenServer() as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield running
        running.shutdown()
        thread.join()


class Time:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


def source(server: TokenServer, time: Time, **more: Any) -> TokenSource:
    settings: dict[str, Any] = {"client_id": "postbote", "refresh_token": "refresh-1", "clock": time} | more
    return TokenSource(token_url=server.url, **settings)


def test_a_refresh_token_is_exchanged(server: TokenServer, time: Time) -> None:
    assert source(server, time, client_secret="s", scope="mail").token() == "token-1"
    assert server.forms == [
        {
            "client_id": "postbote",
            "client_secret": "s",
            "scope": "mail",
            "grant_type": "refresh_token",
            "refresh_token": "refresh-1",
        }
    ]


def test_a_client_has_a_token_of_its_own(server: TokenServer, time: Time) -> None:
    assert source(server, time, grant="client", client_secret="s", refresh_token=None).token() == "token-1"
    assert server.forms == [{"client_id": "postbote", "client_secret": "s", "grant_type": "client_credentials"}]


def test_a_token_is_kept_until_a_minute_before_it_runs_out(server: TokenServer, time: Time) -> None:
    tokens = source(server, time)
    tokens.token()
    time.now += 3539
    tokens.token()
    assert len(server.forms) == 1
    time.now += 1
    server.answer = (200, {"access_token": "token-2", "expires_in": "3600"})
    assert tokens.token() == "token-2"


def test_a_token_that_lives_less_than_a_minute_is_kept_for_half_of_it(server: TokenServer, time: Time) -> None:
    server.answer = (200, {"access_token": "short", "expires_in": 40})
    tokens = source(server, time)
    tokens.token()
    time.now += 19
    tokens.token()
    assert len(server.forms) == 1
    time.now += 1
    tokens.token()
    assert len(server.forms) == 2


@pytest.mark.parametrize("life", [None, "soon", -1, "inf", [], {}])
def test_a_life_that_cannot_be_read_is_taken_as_short(server: TokenServer, time: Time, life: object) -> None:
    server.answer = (200, {"access_token": "token", "expires_in": life})
    tokens = source(server, time)
    tokens.token()
    time.now += 239
    tokens.token()
    assert len(server.forms) == 1
    time.now += 1
    tokens.token()
    assert len(server.forms) == 2


def test_a_token_that_was_not_taken_is_fetched_anew(server: TokenServer, time: Time) -> None:
    tokens = source(server, time)
    tokens.token()
    tokens.forget()
    tokens.token()
    assert len(server.forms) == 2


def test_a_new_refresh_token_takes_the_place_of_the_old(server: TokenServer, time: Time) -> None:
    kept: list[str] = []
    server.answer = (200, {"access_token": "token", "refresh_token": "refresh-2"})
    tokens = source(server, time, rotated=kept.append)
    for _ in range(3):
        tokens.token()
        tokens.forget()
    assert kept == ["refresh-2"]
    assert [form["refresh_token"] for form in server.forms] == ["refresh-1", "refresh-2", "refresh-2"]


def test_many_threads_fetch_one_token(server: TokenServer, time: Time) -> None:
    tokens = source(server, time)
    threads = [threading.Thread(target=tokens.token) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(server.forms) == 1


@pytest.mark.parametrize(
    ("answer", "what"),
    [
        ((400, {"error": "invalid_grant", "error_description": "refresh-1 is old"}), "invalid_grant (HTTP 400)"),
        ((401, {"error": "who knows\r\nX: refresh-1"}), "refused: HTTP 401"),
        ((503, b"<html>refresh-1</html>"), "refused: HTTP 503"),
        ((307, b""), "refused: HTTP 307"),
        ((200, b"no json"), "cannot be read"),
        ((200, b"[" * 100_000), "cannot be read"),
        ((200, [1]), "cannot be read"),
        ((200, {"token": "x"}), "without an access token"),
        ((200, {"access_token": None}), "without an access token"),
    ],
)
def test_what_goes_wrong_is_said_without_secrets(
    server: TokenServer, time: Time, answer: tuple[int, object], what: str
) -> None:
    server.answer = answer
    with pytest.raises(OAuthError, match="token server") as raised:
        source(server, time).token()
    assert what in str(raised.value)
    assert "refresh-1" not in str(raised.value)
    assert len(server.forms) == 1


def test_a_server_that_is_away_is_said_to_be(time: Time) -> None:
    with TokenServer() as gone:
        tokens = source(gone, time)
    with pytest.raises(OAuthError, match="cannot be reached"):
        tokens.token()


def test_without_a_refresh_token_one_must_log_in(server: TokenServer, time: Time) -> None:
    with pytest.raises(OAuthError, match="log in first"):
        source(server, time, refresh_token=None).token()


@pytest.mark.parametrize("url", ["http://login.example/token", "file:///etc/passwd", "ftp://127.0.0.1/x", ""])
def test_secrets_do_not_travel_in_the_clear(url: str) -> None:
    with pytest.raises(OAuthError, match="https"):
        TokenSource(token_url=url, client_id="postbote")


def test_the_mechanism_says_who_and_with_what() -> None:
    assert xoauth2("orders@shop.example", "token") == "user=orders@shop.example\1auth=Bearer token\1\1"


def test_a_refresh_token_that_somebody_else_has_renewed_is_taken_in_turn(server: TokenServer, time: Time) -> None:
    kept: list[str] = []
    held: list[bool] = []

    @contextmanager
    def turn() -> Iterator[str | None]:
        held.append(True)
        yield kept[-1] if kept else None
        held.append(False)

    def rotated(fresh: str) -> None:
        assert held[-1]
        kept.append(fresh)

    one, other = (source(server, time, turn=turn, rotated=rotated) for _ in range(2))
    server.answer = (200, {"access_token": "token-1", "refresh_token": "refresh-2"})
    one.token()
    server.answer = (200, {"access_token": "token-2", "refresh_token": "refresh-3"})
    other.token()
    assert [form["refresh_token"] for form in server.forms] == ["refresh-1", "refresh-2"]
    assert kept == ["refresh-2", "refresh-3"]


@pytest.mark.parametrize(("status", "kind"), [(400, ConsentError), (401, ConsentError), (503, OAuthError)])
def test_only_a_refusal_asks_for_a_new_consent(
    server: TokenServer, time: Time, status: int, kind: type[OAuthError]
) -> None:
    server.answer = (status, {"error": "invalid_grant"})
    with pytest.raises(OAuthError) as refused:
        source(server, time).token()
    assert type(refused.value) is kind
