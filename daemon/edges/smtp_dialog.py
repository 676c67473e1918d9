"""One connection to a relay, and how one mail is handed over on it (RFC 5321, 2920, 6531)."""

import contextlib
import re
import smtplib
from dataclasses import dataclass

from daemon.edges.smtp_relay import Relay, connected, said
from daemon.engine.ports import OutcomeKind, OutgoingMail

_OK = 250
_WILL_FORWARD = 251
_START = 354
_CLOSING = 421
_REFUSED = range(500, 600)
_LOGIN = frozenset({530, 534, 535, 538})
_DEFERRED = range(400, 500)
_LINE_END = re.compile(rb"\r\n|\r|\n")


@dataclass(frozen=True)
class Answer:
    """What became of a mail. `usable`: whether the connection can take another; `ours`: it was not about the mail."""

    kind: OutcomeKind
    reply: str
    usable: bool = True
    ours: bool = False


class Dialog:
    """A connection on which one mail after the other is handed over, by one thread at a time."""

    def __init__(self, relay: Relay) -> None:
        """Connect and log in; raises LineDownError."""
        self.mails = 0
        self._server = connected(relay)

    def send(self, mail: OutgoingMail) -> Answer:
        """Hand over one mail; raises OSError or SMTPException when the connection breaks before the content is out."""
        offers = self._server.esmtp_features
        try:
            sender, recipient = wire_address(mail.sender), wire_address(mail.recipient)
        except ValueError as error:
            return Answer(OutcomeKind.REFUSED, str(error))
        content = wire_content(mail.content)
        options = _options(content, sender + recipient, offers)
        if "SMTPUTF8" in options and "smtputf8" not in offers:
            return Answer(OutcomeKind.REFUSED, "the relay cannot send to addresses with letters beyond ASCII")
        self.mails += 1
        commands = [f"MAIL FROM:<{sender}>{options}", f"RCPT TO:<{recipient}>", "DATA"]
        refusal = self._announce([command.encode() + b"\r\n" for command in commands], "pipelining" in offers)
        return refusal or self._hand_over(content)

    def alive(self) -> bool:
        try:
            return bool(self._server.noop()[0] == _OK)
        except (OSError, smtplib.SMTPException):
            return False

    def close(self) -> None:
        self._server.close()

    def quit(self) -> None:
        with contextlib.suppress(OSError, smtplib.SMTPException):
            if self._server.sock is not None:
                self._server.sock.settimeout(2.0)
            self._server.quit()
        self._server.close()

    def _announce(self, commands: list[bytes], pipelining: bool) -> Answer | None:
        """Send MAIL, RCPT and DATA, in one piece where the server allows; None when it waits for the content."""
        replies: list[tuple[int, bytes]] = []
        batches = [commands] if pipelining else [[command] for command in commands]
        for batch in batches:
            self._server.send(b"".join(batch))
            replies += self._replies(len(batch))
            wrong = _first_wrong(replies)
            if wrong is not None:
                # A server that waits for a content in spite of a refusal gets none: the connection ends.
                return self._refusal(*wrong, resettable=replies[-1][0] != _START)
        return None

    def _replies(self, number: int) -> list[tuple[int, bytes]]:
        """The replies to what was sent; fewer when the server hangs up after having refused something."""
        replies: list[tuple[int, bytes]] = []
        for _ in range(number):
            try:
                replies.append(self._server.getreply())
            except (OSError, smtplib.SMTPException):
                if _first_wrong(replies) is None:
                    raise
                break
        return replies

    def _hand_over(self, content: bytes) -> Answer:
        sent = self._pour(content)
        try:
            code, text = self._server.getreply()
        except (OSError, smtplib.SMTPException):
            if sent:
                return Answer(OutcomeKind.UNKNOWN, "the connection broke before the content was answered", usable=False)
            return Answer(OutcomeKind.DEFERRED, "the connection broke while the content was sent", usable=False)
        if code == _OK and sent:
            return Answer(OutcomeKind.DELIVERED, said(code, text))
        return self._refusal(code, text, resettable=sent)

    def _pour(self, content: bytes) -> bool:
        """Send the content; whether all of it went out. Not by smtplib, which would close and lose a reply."""
        try:
            if self._server.sock is not None:
                self._server.sock.sendall(content)
        except OSError:
            return False
        return self._server.sock is not None

    def _refusal(self, code: int, text: bytes, *, resettable: bool) -> Answer:
        ours = code == _CLOSING or code in _LOGIN or (code not in _DEFERRED and code not in _REFUSED)
        kind = OutcomeKind.REFUSED if code in _REFUSED and not ours else OutcomeKind.DEFERRED
        return Answer(kind, said(code, text), usable=not ours and resettable and self._reset(), ours=ours)

    def _reset(self) -> bool:
        try:
            return bool(self._server.rset()[0] == _OK)
        except (OSError, smtplib.SMTPException):
            return False


def wire_address(address: str) -> str:
    """An address as it is spoken; its domain in ASCII. Raises ValueError where it could be more than an address."""
    if any(char in "<>\\" or not char.isprintable() or char.isspace() for char in address):
        raise ValueError("the address holds characters that no address has")
    local, at, domain = address.rpartition("@")
    if not address or domain.isascii():
        return address
    try:
        return local + at + domain.encode("idna").decode()
    except UnicodeError:
        raise ValueError("the address has no such domain") from None


def wire_content(content: bytes) -> bytes:
    """The content with CRLF everywhere, dots stuffed, and its end mark."""
    lines = content.count(b"\r\n")
    if content.count(b"\n") != lines or content.count(b"\r") != lines:
        content = _LINE_END.sub(b"\r\n", content)
    if not content.endswith(b"\r\n"):
        content += b"\r\n"
    stuffed = content.replace(b"\r\n.", b"\r\n..")
    return (b"." if stuffed.startswith(b".") else b"") + stuffed + b".\r\n"


def _options(content: bytes, addresses: str, offers: dict[str, str]) -> str:
    head = content.partition(b"\r\n\r\n")[0]
    utf8 = not addresses.isascii() or not head.isascii()
    wanted = [
        f" SIZE={len(content)}" if "size" in offers else "",
        " BODY=8BITMIME" if "8bitmime" in offers and not content.isascii() else "",
        " SMTPUTF8" if utf8 else "",
    ]
    return "".join(wanted)


def _first_wrong(replies: list[tuple[int, bytes]]) -> tuple[int, bytes] | None:
    """The first of the replies to MAIL, RCPT and DATA that is not the one hoped for."""
    hoped = ({_OK}, {_OK, _WILL_FORWARD}, {_START})
    return next((reply for reply, codes in zip(replies, hoped, strict=False) if reply[0] not in codes), None)
