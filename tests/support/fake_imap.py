"""A scripted IMAP server with the faults that a real one cannot be told to have."""

import base64
import contextlib
import re
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Self

_COMMAND = re.compile(rb"(\S+) (UID )?(\S+) ?(.*)", re.DOTALL)

_SIMPLE = {
    b"CAPABILITY": b"* CAPABILITY IMAP4rev1 IDLE MOVE UIDPLUS AUTH=XOAUTH2 SASL-IR\r\n",
    b"LIST": b'* LIST () "/" Processed\r\n',
    b"LOGOUT": b"* BYE\r\n",
}


@dataclass
class FakeImap:
    """One mailbox for any user. Each fault is a field that a test sets, also while the server runs.

    `breaking` and `refusing` name UIDs: a fetch of the first closes the connection, one of the second is answered NO.
    `giant` UIDs are answered by a line of more than a million bytes. `deaf_in_idle`: nothing is answered any more once
    IDLE began. `bye_in_idle`: the server leaves after this many IDLEs more.
    """

    mails: dict[int, bytes] = field(default_factory=dict)
    moved: dict[int, bytes] = field(default_factory=dict)
    validity: int = 7
    size_of: dict[int, int] = field(default_factory=dict)
    password: str = "secret"
    login_answer: str = "NO [AUTHENTICATIONFAILED] wrong"
    breaking: set[int] = field(default_factory=set)
    refusing: set[int] = field(default_factory=set)
    giant: set[int] = field(default_factory=set)
    deaf_in_idle: bool = False
    bye_in_idle: int = 0
    close_in_idle: int = 0
    eager_exists: bool = False
    refuse_move: bool = False
    arrives_with_move: bytes = b""
    logins: int = 0
    connections: list[float] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    port: int = 0
    _listener: socket.socket | None = None
    _open: list[socket.socket] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, args=(self._listener,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        for one in [self._listener, *self._open]:
            if one is not None:
                with contextlib.suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
                one.close()

    def _serve(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                peer, _ = listener.accept()
                self._open.append(peer)
                self.connections.append(time.monotonic())
                threading.Thread(target=self._talk, args=(peer,), daemon=True).start()

    def _talk(self, peer: socket.socket) -> None:
        with contextlib.suppress(OSError, ValueError), peer, peer.makefile("rb") as lines:
            peer.sendall(b"* OK [CAPABILITY IMAP4rev1 IDLE MOVE UIDPLUS AUTH=XOAUTH2 SASL-IR] ready\r\n")
            for line in lines:
                match = _COMMAND.match(line.rstrip(b"\r\n"))
                if match is None:
                    continue
                tag, _, name, rest = match.groups()
                self.commands.append(name.decode().upper())
                answer = b"".join(self._answer(peer, lines, name.upper(), rest))
                if answer == b"CLOSE":
                    return
                peer.sendall(answer.replace(b"TAG", tag))

    def _answer(self, peer: socket.socket, lines: "Iterator[bytes]", name: bytes, rest: bytes) -> Iterator[bytes]:
        match name:
            case b"LOGIN" | b"AUTHENTICATE":
                yield self._log_in(peer, lines, name, rest)
            case b"SELECT":
                yield b"* FLAGS (\\Seen)\r\n* %d EXISTS\r\n* 0 RECENT\r\n" % len(self.mails)
                yield b"* OK [UIDVALIDITY %d] valid\r\nTAG OK [READ-WRITE] done\r\n" % self.validity
            case b"SEARCH":
                least = 0 if b"HEADER" in rest else int(rest.split()[-1].split(b":")[0])
                uids = [uid for uid in sorted(self.mails) if uid >= least]
                yield b"* SEARCH " + b" ".join(b"%d" % uid for uid in uids or list(self.mails)[-1:])
                yield b"\r\nTAG OK done\r\n"
            case b"FETCH":
                yield from self._fetch(rest)
            case b"MOVE":
                yield self._move(_uids(rest.split()[0]))
            case b"IDLE":
                yield from self._idle(peer, lines)
            case _:
                yield _SIMPLE.get(name, b"") + b"TAG OK done\r\n"

    def _move(self, uids: list[int]) -> bytes:
        if self.refuse_move:
            return b"TAG NO [OVERQUOTA] full\r\n"
        self.moved |= {uid: self.mails.pop(uid) for uid in uids if uid in self.mails}
        if not self.arrives_with_move:
            return b"TAG OK done\r\n"
        self.mails[max(self.moved) + 1], self.arrives_with_move = self.arrives_with_move, b""
        return b"* 1 EXISTS\r\nTAG OK done\r\n"

    def _log_in(self, peer: socket.socket, lines: "Iterator[bytes]", name: bytes, rest: bytes) -> bytes:
        self.logins += 1
        if name == b"AUTHENTICATE":
            peer.sendall(b"+ \r\n")
            rest = base64.b64decode(next(lines))
        return (
            b"TAG OK in now\r\n" if self.password.encode() in rest else b"TAG " + self.login_answer.encode() + b"\r\n"
        )

    def _fetch(self, rest: bytes) -> Iterator[bytes]:
        uids = [uid for uid in _uids(rest.split()[0]) if uid in self.mails]
        wants_body = b"BODY.PEEK[]" in rest
        if wants_body and self.breaking.intersection(uids):
            yield b"CLOSE"
            return
        if wants_body and self.refusing.intersection(uids):
            yield b"TAG NO cannot read\r\n"
            return
        for uid in uids:
            if wants_body and uid in self.giant:
                yield b"* 1 FETCH (UID %d FLAGS (%s))\r\n" % (uid, b"x" * 1_100_000)
            mail = self.mails[uid]
            size = self.size_of.get(uid, len(mail))
            date = b'INTERNALDATE "25-Nov-2026 10:00:%02d +0100"' % (uid % 60)
            header = mail.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
            yield b"* 1 FETCH (UID %d RFC822.SIZE %d %s" % (uid, size, date)
            if wants_body:
                yield b" BODY[] {%d}\r\n%s" % (len(mail), mail)
            elif b"HEADER.FIELDS" in rest:
                yield b" BODY[HEADER.FIELDS (FROM)] {%d}\r\n%s" % (len(header), header)
            yield b")\r\n"
        yield b"TAG OK done\r\n"

    def _idle(self, peer: socket.socket, lines: "Iterator[bytes]") -> Iterator[bytes]:
        count = b"* %d EXISTS\r\n" % len(self.mails)
        peer.sendall(b"+ idling\r\n" + (count if self.eager_exists else b""))
        if self.deaf_in_idle:
            for _ in lines:
                continue
            yield b"CLOSE"
        elif self.bye_in_idle > 0:
            self.bye_in_idle -= 1
            peer.sendall(b"* BYE going down\r\n")
            yield b"CLOSE"
        elif self.close_in_idle > 0:
            self.close_in_idle -= 1
            yield b"CLOSE"
        else:
            yield b"TAG OK idle over\r\n" if next(lines, b"") else b"CLOSE"


def _uids(text: bytes) -> list[int]:
    uids: list[int] = []
    for run in text.split(b","):
        first, _, last = run.partition(b":")
        uids += range(int(first), int(last or first) + 1)
    return uids
