"""An SMTP client that sends exactly the bytes it is told to, also the ones no mail program would send."""

import socket
from types import TracebackType
from typing import Self


class RawSmtp:
    def __init__(self, port: int, host: str = "127.0.0.1", source: str = "127.0.0.1") -> None:
        self.socket = socket.create_connection((host, port), timeout=10, source_address=(source, 0))
        self._file = self.socket.makefile("rb")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _kind: type[BaseException] | None, _e: BaseException | None, _t: TracebackType | None) -> None:
        self._file.close()
        self.socket.close()

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def reply(self) -> str:
        """The next whole reply, its lines joined; empty when the server has hung up."""
        lines: list[str] = []
        while True:
            try:
                line = self._file.readline().decode()
            except ConnectionResetError:
                line = ""
            if not line:
                return "\n".join(lines)
            lines.append(line.rstrip("\r\n"))
            if line[3:4] != "-":
                return "\n".join(lines)

    def ask(self, command: str) -> str:
        self.send(command.encode() + b"\r\n")
        return self.reply()

    def greeted(self, hello: str = "EHLO client.example") -> Self:
        assert self.reply().startswith("220 ")
        assert self.ask(hello).startswith("250")
        return self

    def begun(self, recipient: str = "orders@shop.example", hello: str = "EHLO client.example") -> Self:
        """Up to the content: the next bytes are the mail."""
        self.greeted(hello)
        assert self.ask("MAIL FROM:<seller@acme.example>").startswith("250")
        assert self.ask(f"RCPT TO:<{recipient}>").startswith("250")
        assert self.ask("DATA").startswith("354")
        return self
