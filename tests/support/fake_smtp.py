"""A scripted SMTP server: it answers what the script says, falls silent, or hangs up at the place named."""

import contextlib
import socket
import ssl
import threading
from dataclasses import dataclass, field
from types import TracebackType
from typing import BinaryIO, Self

HANG_UP = "hang up"
SILENCE = "silence"


@dataclass(kw_only=True)
class Script:
    """Replies per command, one after the other; the last stays. `content` is answered after the end of a mail.

    A reply of HANG_UP closes the connection in place of an answer, SILENCE says nothing more.
    """

    banner: str = "220 relay.example ESMTP"
    offers: tuple[str, ...] = ("PIPELINING", "SIZE 10485760", "8BITMIME")
    replies: dict[str, list[str]] = field(default_factory=dict)
    tls: ssl.SSLContext | None = None
    starttls: ssl.SSLContext | None = None


DEFAULTS = {"DATA": "354 Go on", "QUIT": "221 Bye", "STARTTLS": "220 Go on", "AUTH": "235 Welcome"}


class FakeSmtp:
    def __init__(self, script: Script) -> None:
        self.script = script
        self.commands: list[str] = []
        self.mails: list[tuple[str, str, bytes]] = []
        self.connections = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()
        self._over = threading.Event()
        self.port = int(self._listener.getsockname()[1])

    def __enter__(self) -> Self:
        self._start(self._listen)
        return self

    def __exit__(self, _kind: type[BaseException] | None, _e: BaseException | None, _t: TracebackType | None) -> None:
        self._over.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.drop_all()
        for thread in self._threads:
            thread.join(10)

    def opened(self, connection: socket.socket) -> None:
        with self._lock:
            self._open.append(connection)

    def drop_all(self) -> None:
        """Close every connection, as a server does that is restarted."""
        with self._lock:
            sockets, self._open = self._open, []
        for one in sockets:
            _close(one)

    def _start(self, target: object, *args: object) -> None:
        thread = threading.Thread(target=target, args=args, daemon=True)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def _listen(self) -> None:
        while not self._over.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._start(self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError, ssl.SSLError):
            if self.script.tls is not None:
                connection = self.script.tls.wrap_socket(connection, server_side=True)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.opened(connection)
            _Talk(self, connection).run()
        _close(connection)

    def answer(self, command: str) -> str:
        with self._lock:
            self.commands.append(command)
            verb = command.split(" ", 1)[0]
            scripted = self.script.replies.get(verb)
            if not scripted:
                return DEFAULTS.get(verb, "250 OK")
            return scripted.pop(0) if len(scripted) > 1 else scripted[0]

    def wait(self) -> None:
        self._over.wait(30)


class _Talk:
    def __init__(self, server: FakeSmtp, connection: socket.socket) -> None:
        self._server = server
        self._socket = connection
        self._file: BinaryIO = connection.makefile("rb")
        self._sender = self._recipient = ""

    def run(self) -> None:
        if not self._say(self._server.script.banner):
            return
        while line := self._file.readline():
            command = line.decode().rstrip("\r\n")
            reply = self._hello() if command.upper().startswith("EHLO") else self._server.answer(command)
            self._remember(command)
            if not self._say(reply):
                return
            if command == "STARTTLS" and reply.startswith("220") and not self._secure():
                return
            if (command == "DATA" and reply.startswith("354") and not self._content()) or command == "QUIT":
                return

    def _hello(self) -> str:
        scripted = self._server.script.replies.get("EHLO")
        if scripted:
            return self._server.answer("EHLO")
        lines = ["relay.example", *self._server.script.offers]
        return "\r\n".join([f"250-{line}" for line in lines[:-1]] + [f"250 {lines[-1]}"])

    def _remember(self, command: str) -> None:
        if command.startswith("MAIL FROM:"):
            self._sender = command[10:]
        if command.startswith("RCPT TO:"):
            self._recipient = command[8:]

    def _content(self) -> bool:
        content = b""
        while (line := self._file.readline()) != b".\r\n":
            if not line:
                return False
            content += line
        reply = self._server.answer("content")
        if reply.startswith("250"):
            self._server.mails.append((self._sender, self._recipient, content))
        return self._say(reply)

    def _secure(self) -> bool:
        assert self._server.script.starttls is not None
        self._socket = self._server.script.starttls.wrap_socket(self._socket, server_side=True)
        self._server.opened(self._socket)
        self._file = self._socket.makefile("rb")
        return True

    def _say(self, reply: str) -> bool:
        if reply == HANG_UP:
            return False
        if reply == SILENCE:
            self._server.wait()
            return False
        self._socket.sendall(reply.encode() + b"\r\n")
        return True


def _close(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()
