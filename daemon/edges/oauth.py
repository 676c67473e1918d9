"""Access tokens for mail servers that want OAuth 2 in place of a password: fetched, kept until they run out."""

import json
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Literal, Protocol

_TIMEOUT = 30.0
_LONGEST_ANSWER = 1 << 20
_MARGIN = 60.0
_DEFAULT_LIFE = 300.0
_NO_CONSENT = {400, 401, 403}

Grant = Literal["refresh", "client"]


class OAuthError(Exception):
    """No access token can be had; the text says why and holds no secret. `code` is what the server calls it."""

    def __init__(self, text: str, code: str = "") -> None:
        super().__init__(text)
        self.code = code


class ConsentError(OAuthError):
    """The token server knows no consent any more; a person has to give it anew."""


class AccessTokens(Protocol):
    """Where a login gets its access token."""

    def token(self) -> str:
        """One that is good for a while yet; raises OAuthError."""
        ...

    def forget(self) -> None:
        """Get a new one next time, because the server did not take this one."""
        ...


Turn = Callable[[], AbstractContextManager[str | None]]


class TokenSource:
    """Gives the access token of one account; may be asked from any thread.

    `rotated` hears of a new refresh token, which must be kept in place of the old one. `turn` keeps others who use the
    same consent away meanwhile, as a refresh token may be good only once, and gives the one kept last, if there is one.
    """

    def __init__(
        self,
        *,
        token_url: str,
        client_id: str,
        grant: Grant = "refresh",
        client_secret: str | None = None,
        refresh_token: str | None = None,
        scope: str | None = None,
        rotated: Callable[[str], None] | None = None,
        turn: Turn = nullcontext,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        if not is_private(token_url):
            raise OAuthError("token_url must begin with https://")
        self._url = token_url
        self._client_id = client_id
        self._client_secret = client_secret
        self._grant = grant
        self._refresh_token = refresh_token
        self._scope = scope
        self._rotated = rotated
        self._turn = turn
        self._clock = clock
        self._lock = threading.Lock()
        self._token = ""
        self._good_until = 0.0

    def token(self) -> str:
        """An access token that is good for a while yet; raises OAuthError."""
        with self._lock:
            if not self._token or self._clock() >= self._good_until:
                with self._turn() as kept:
                    self._refresh_token = kept or self._refresh_token
                    self._fetch()
            return self._token

    def forget(self) -> None:
        """Fetch a new token next time, because the server did not take this one."""
        with self._lock:
            self._token = ""

    def _fetch(self) -> None:
        asked_at = self._clock()
        answer = post(self._url, self._form())
        token = answer.get("access_token")
        if not isinstance(token, str) or not token:
            raise OAuthError("the token server answered without an access token")
        life = _seconds(answer.get("expires_in"))
        self._token = token
        self._good_until = asked_at + life - min(_MARGIN, life / 2)
        refreshed = answer.get("refresh_token")
        if self._grant == "refresh" and isinstance(refreshed, str) and refreshed not in {"", self._refresh_token}:
            self._refresh_token = refreshed
            if self._rotated is not None:
                self._rotated(refreshed)

    def _form(self) -> dict[str, str]:
        form = {"client_id": self._client_id}
        if self._client_secret is not None:
            form["client_secret"] = self._client_secret
        if self._scope is not None:
            form["scope"] = self._scope
        if self._grant == "client":
            return form | {"grant_type": "client_credentials"}
        if self._refresh_token is None:
            raise ConsentError("there is no refresh token; log in first")
        return form | {"grant_type": "refresh_token", "refresh_token": self._refresh_token}


def xoauth2(user: str, token: str) -> str:
    """What SASL's XOAUTH2 mechanism sends, before base64."""
    return f"user={user}\1auth=Bearer {token}\1\1"


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Secrets go to the configured address and nowhere else."""

    def redirect_request(self, *_args: Any, **_more: Any) -> None:
        return None


_opener = urllib.request.build_opener(_NoRedirect)


def post(url: str, form: dict[str, str]) -> dict[str, Any]:
    """What a token server answers to a form; raises OAuthError."""
    request = urllib.request.Request(  # noqa: S310 - the scheme has been looked at
        url, urllib.parse.urlencode(form).encode(), {"Accept": "application/json"}
    )
    try:
        with _opener.open(request, timeout=_TIMEOUT) as response:
            body = response.read(_LONGEST_ANSWER)
    except urllib.error.HTTPError as error:
        with error:
            kind = ConsentError if error.code in _NO_CONSENT else OAuthError
            code = _code(error)
            named = f"{code} (HTTP {error.code})" if code else f"HTTP {error.code}"
            raise kind(f"the token server refused: {named}", code) from None
    except (OSError, ValueError) as error:
        raise OAuthError(f"the token server cannot be reached ({type(error).__name__})") from None
    answer = _object(body)
    if answer is None:
        raise OAuthError("the token server's answer cannot be read")
    return answer


def _code(error: urllib.error.HTTPError) -> str:
    """The error's code of RFC 6749, such as `invalid_grant`; its description may quote what was sent."""
    try:
        answer = _object(error.read(_LONGEST_ANSWER)) or {}
    except OSError:
        answer = {}
    code = answer.get("error")
    return code if isinstance(code, str) and code.isascii() and code.replace("_", "").isalnum() else ""


def _object(body: bytes) -> dict[str, Any] | None:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return answer if isinstance(answer, dict) else None


def _seconds(value: object) -> float:
    try:
        seconds = float(value) if isinstance(value, int | float | str) else _DEFAULT_LIFE
    except ValueError:
        return _DEFAULT_LIFE
    return seconds if 0 < seconds < float("inf") else _DEFAULT_LIFE


def is_private(url: str) -> bool:
    """Whether what is sent to this address cannot be overheard."""
    parts = urllib.parse.urlsplit(url)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in {"127.0.0.1", "::1", "localhost"})
