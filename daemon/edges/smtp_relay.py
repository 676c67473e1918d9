"""The server by which mail leaves: how a connection to it is opened, secured and logged in."""

import base64
import re
import smtplib
import socket
import ssl
from dataclasses import dataclass, field
from typing import Literal

from daemon.edges.oauth import AccessTokens, ConsentError, OAuthError, xoauth2

Tls = Literal["tls", "starttls", "none"]

_LOGGED_IN = 235
_CHALLENGE = 334
_FOR_GOOD = 500
_LONGEST_REPLY = 300
_ADDRESS = re.compile(r"[^\s<>@]+@[^\s<>@]+")
_UNPRINTABLE = re.compile(r"[^ -~]+")


@dataclass(frozen=True, kw_only=True)
class Relay:
    """The server by which mail leaves. Times are in seconds; `reply` is for each answer once connected."""

    host: str
    port: int
    tls: Tls
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    tokens: AccessTokens | None = field(default=None, repr=False)
    context: ssl.SSLContext | None = None
    hello: str | None = None
    connect: float = 30.0
    reply: float = 300.0


class LineDownError(Exception):
    """The relay is away or will not have us; the text says what is wrong and what to do.

    `login`: it is the login, of which `words` are what the server said.
    """

    def __init__(self, what: str, *, login: bool = False, words: str = "") -> None:
        super().__init__(what)
        self.login = login
        self.words = words or what


def connected(relay: Relay) -> smtplib.SMTP:
    """Connect and log in; raises LineDownError."""
    try:
        return _connect(relay)
    except smtplib.SMTPAuthenticationError as error:
        raise _refused(relay, error.smtp_code, error.smtp_error) from None
    except smtplib.SMTPResponseException as error:
        raise LineDownError(f"{relay.host} answers {said(error.smtp_code, error.smtp_error)}") from None
    except ssl.SSLError as error:
        reason = getattr(error, "verify_message", "") or error.reason or "no TLS"
        raise LineDownError(f"{relay.host}: the TLS connection failed: {reason}") from None
    except OAuthError as error:
        raise LineDownError(f"{relay.host}: {error}", login=isinstance(error, ConsentError)) from None
    except (OSError, smtplib.SMTPException, ValueError) as error:
        raise LineDownError(f"{relay.host}:{relay.port} cannot be used: {_why(error)}") from None


def said(code: int, text: bytes | str) -> str:
    """A server's reply, short, printable and without addresses."""
    words = text.decode("ascii", "replace") if isinstance(text, bytes) else text
    words = _UNPRINTABLE.sub(" ", _ADDRESS.sub("...", words)).strip()
    return f"{code} {words}"[:_LONGEST_REPLY].strip()


def _connect(relay: Relay) -> smtplib.SMTP:
    context = relay.context or ssl.create_default_context()
    server: smtplib.SMTP
    if relay.tls == "tls":
        server = smtplib.SMTP_SSL(
            relay.host, relay.port, local_hostname=relay.hello, timeout=relay.connect, context=context
        )
    else:
        server = smtplib.SMTP(relay.host, relay.port, local_hostname=relay.hello, timeout=relay.connect)
    try:
        server.ehlo_or_helo_if_needed()
        if relay.tls == "starttls":
            _secure(server, relay, context)
        if relay.user is not None:
            _log_in(server, relay, relay.user)
    except BaseException:
        server.close()
        raise
    if server.sock is not None:
        server.sock.settimeout(relay.reply)
        # Else the last bit of a content waits a round trip for the bits before it.
        server.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return server


def _secure(server: smtplib.SMTP, relay: Relay, context: ssl.SSLContext) -> None:
    # Never in the clear: who hides STARTTLS from us may be listening.
    if not server.has_extn("starttls"):
        raise LineDownError(f"{relay.host} does not offer STARTTLS; nothing is sent in the clear")
    server.starttls(context=context)
    server.ehlo_or_helo_if_needed()


def _log_in(server: smtplib.SMTP, relay: Relay, user: str) -> None:
    if relay.tokens is not None:
        mechanism, secret = "XOAUTH2", xoauth2(user, relay.tokens.token())
    elif "PLAIN" in server.esmtp_features.get("auth", "").upper().split():
        mechanism, secret = "PLAIN", f"\0{user}\0{relay.password or ''}"
    else:
        server.login(user, relay.password or "")
        return
    code, text = server.docmd("AUTH", f"{mechanism} {base64.b64encode(secret.encode()).decode()}")
    if code == _CHALLENGE:  # XOAUTH2 explains its refusal in a challenge that wants an empty answer
        code, text = server.docmd("")
    if code != _LOGGED_IN:
        if relay.tokens is not None:
            relay.tokens.forget()
        raise _refused(relay, code, text)


def _refused(relay: Relay, code: int, text: bytes | str) -> LineDownError:
    if code < _FOR_GOOD:
        return LineDownError(f"{relay.host} takes no login at the moment: {said(code, text)}")
    words = said(code, text)
    what = f"{relay.host} does not accept the login: {words}; check user and password"
    return LineDownError(what, login=True, words=words)


def _why(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return said(error.smtp_code, error.smtp_error)
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return "the connection was closed"
    return getattr(error, "strerror", None) or type(error).__name__
