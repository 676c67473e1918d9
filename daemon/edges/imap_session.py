"""One connection to a mail server over IMAP: opened verified, with time limits, and used by one thread."""

import contextlib
import itertools
import socket
import ssl
import time
from collections.abc import Callable, Sequence
from datetime import date
from types import TracebackType
from typing import Any, Literal, Self

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientError, LoginError

from daemon.domain.values import Value
from daemon.edges.oauth import AccessTokens, ConsentError, OAuthError

SEARCH_SPAN = 50_000
"""Messages per search: an answer of one line may not grow beyond imaplib's million bytes."""

_SLICE = 1.0
_KEEPALIVE = (("TCP_KEEPIDLE", 60), ("TCP_KEEPINTVL", 20), ("TCP_KEEPCNT", 3))
_PASSING = ("[UNAVAILABLE]", "[INUSE]", "[LIMIT]", "[SERVERBUG]", "[CONTACTADMIN]", "TOO MANY", "MAXIMUM NUMBER")


class LoginRefusedError(Exception):
    """The mail server refuses the login; check user and password, or run `postbote login`."""


class Account(Value, frozen=True, kw_only=True):
    """Where a mailbox is and how to log in: by `password` or by `tokens` (OAuth2), asked for at every login."""

    host: str
    port: int
    tls: Literal["tls", "starttls", "none"]
    user: str
    password: Callable[[], str] | None = None
    tokens: AccessTokens | None = None
    connect_timeout: float = 10.0
    answer_timeout: float = 60.0


class Session:
    """An open connection with a folder selected. Anything that goes wrong with it raises OSError or IMAPClientError."""

    def __init__(self, account: Account, context: ssl.SSLContext) -> None:
        self._account = account
        self._context = context
        self._client: _Client | None = None
        self._count = 0

    def __enter__(self) -> Self:
        account = self._account
        self._client = _Client(
            account.host,
            port=account.port,
            ssl=account.tls == "tls",
            ssl_context=self._context if account.tls == "tls" else None,
            timeout=SocketTimeout(account.connect_timeout, account.answer_timeout),
        )
        try:
            self._client.normalise_times = False
            _keep_alive(self._client.socket())
            if account.tls == "starttls":
                self._client.starttls(self._context)
            self._log_in(self._client)
        except BaseException:
            self.abort()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            with contextlib.suppress(OSError, IMAPClientError):
                self.client.logout()
        self.abort()

    @property
    def client(self) -> "_Client":
        if self._client is None:
            raise OSError("not connected")
        return self._client

    def abort(self) -> None:
        """Close at once, also from another thread: what waits for an answer raises."""
        if self._client is not None:
            with contextlib.suppress(OSError, IMAPClientError):
                self._client.socket().shutdown(socket.SHUT_RDWR)
            with contextlib.suppress(OSError, IMAPClientError):
                self._client.shutdown()

    def _log_in(self, client: "_Client") -> None:
        account = self._account
        try:
            if account.tokens is not None:
                self._show_token(client, account.tokens)
            elif account.password is not None:
                password = account.password()
                # LOGIN knows only ASCII.
                login = client.login if (account.user + password).isascii() else client.plain_login
                login(account.user, password)
        except LoginError as error:
            if _is_passing(error):
                raise ConnectionError("the server takes no login at the moment") from None
            raise LoginRefusedError from None
        except ConsentError:
            raise LoginRefusedError from None
        except OAuthError as error:
            raise ConnectionError(str(error)) from None

    def _show_token(self, client: "_Client", tokens: AccessTokens) -> None:
        try:
            client.oauth2_login(self._account.user, tokens.token())
        except LoginError as error:
            if _is_passing(error):
                raise
            # It may have been withdrawn before its time; only when a fresh one is refused too, a person is needed.
            tokens.forget()
            client.oauth2_login(self._account.user, tokens.token())

    def has_folder(self, folder: str) -> bool:
        return bool(self.client.folder_exists(folder))

    def ensure_folder(self, folder: str) -> None:
        if not self.has_folder(folder):
            self.client.create_folder(folder)

    def select(self, folder: str) -> int:
        """Select anew, which also refreshes the view; the folder's UIDVALIDITY (0 when the server has none)."""
        facts = self.client.select_folder(folder)
        self._count = int(facts.get(b"EXISTS", 0))
        self.client.take_growth()
        return int(facts.get(b"UIDVALIDITY", 0))

    def uids_after(self, last: int) -> list[int]:
        """The UIDs above `last`, ascending.

        Searched from the newest down: what others expunge meanwhile shifts messages into parts still to be searched.
        """
        found: set[int] = set()
        starts = range(1, self._count + 1, SEARCH_SPAN)
        for start in reversed(starts):
            end = "*" if start == starts[-1] else str(start + SEARCH_SPAN - 1)
            found.update(self.client.search([f"{start}:{end}", "UID", f"{last + 1}:*"]))
        # `n:*` always names the last message, even when its UID is below n.
        return sorted(uid for uid in found if uid > last)

    def search(self, *criteria: str | date) -> list[int]:
        """The UIDs in the selected folder to which this applies."""
        return sorted(self.client.search(list(criteria)))

    def fetch(self, uids: Sequence[int], *items: str) -> dict[int, dict[bytes, Any]]:
        return dict(self.client.fetch(uids, list(items)))

    def move(self, uids: Sequence[int], folder: str) -> None:
        """Put messages into another folder; those that are gone do not matter."""
        if self.client.has_capability("MOVE"):
            self.client.move(uids, folder)
            return
        self.client.copy(uids, folder)
        self.expunge(uids)

    def expunge(self, uids: Sequence[int]) -> bool:
        """Remove messages for good; False where the server can do no more than mark them as deleted."""
        self.client.delete_messages(uids, silent=True)
        # A plain EXPUNGE would also remove what others have marked as deleted.
        if not self.client.has_capability("UIDPLUS"):
            return False
        self.client.uid_expunge(uids)
        return True

    def mark(self, uids: Sequence[int], keyword: str) -> None:
        self.client.add_flags(uids, [keyword], silent=True)

    def wait_for_news(self, seconds: float, is_stopped: Callable[[], bool]) -> None:
        """Wait in IDLE until something arrives, the time is over, or the wait is stopped. A dead connection raises."""
        client = self.client
        if client.take_growth():
            # Told with the answer to an earlier command, it will not be told again in IDLE.
            return
        client.idle()
        end = time.monotonic() + seconds
        news = _is_news(client.drain())
        while not news and not is_stopped() and (left := end - time.monotonic()) > 0:
            began, span = time.monotonic(), min(_SLICE, left)
            answers = client.idle_check(timeout=span)
            news = _is_news(answers)
            if not answers and time.monotonic() - began < span / 2:
                # A closed connection answers nothing, at once and for ever; DONE and NOOP tell it from a live one.
                break
        client.idle_done()
        client.noop()

    @property
    def can_idle(self) -> bool:
        return bool(self.client.has_capability("IDLE"))


class _Client(IMAPClient):  # type: ignore[misc]  # imapclient carries no types
    """Sees news that IMAPClient passes over: sent along with another answer, or together with `+ idling`."""

    _is_draining = False

    def take_growth(self) -> bool:
        """Whether the server has said since this was last asked that the selected folder has grown."""
        _, sizes = self._imap.response("EXISTS")
        return bool(sizes != [None])

    def drain(self) -> list[Any]:
        self._is_draining = True
        try:
            return list(self.idle_check())
        finally:
            self._is_draining = False

    def _poll_socket(self, sock: socket.socket, timeout: float | None = None) -> Any:
        return True if self._is_draining else super()._poll_socket(sock, timeout)


def _is_passing(error: LoginError) -> bool:
    """Whether the server says that it is no matter of user and password."""
    return any(word in str(error).upper() for word in _PASSING)


def _is_news(answers: Sequence[Any]) -> bool:
    if any(answer[0] == b"BYE" for answer in answers):
        raise ConnectionResetError("the server said goodbye")
    return any(b"EXISTS" in answer[1:2] for answer in answers)


def _keep_alive(sock: socket.socket) -> None:
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in _KEEPALIVE:
        if hasattr(socket, name):
            sock.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)


def uid_set(uids: Sequence[int]) -> str:
    """Ascending UIDs in short: `3,7:9`."""
    runs: list[str] = []
    for _, group in itertools.groupby(enumerate(uids), key=lambda pair: pair[1] - pair[0]):
        run = [uid for _, uid in group]
        runs.append(str(run[0]) if len(run) == 1 else f"{run[0]}:{run[-1]}")
    return ",".join(runs)


def uids_of(text: str) -> list[int]:
    """The reverse of `uid_set`."""
    uids: list[int] = []
    for run in filter(None, text.split(",")):
        first, _, last = run.partition(":")
        uids += range(int(first), int(last or first) + 1)
    return uids
