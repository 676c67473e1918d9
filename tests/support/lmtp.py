"""A mail server of a partner that refuses every recipient for good, so that Postfix writes a genuine bounce."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.lmtp import LMTP


class _Refusing:
    async def handle_RCPT(  # noqa: N802 - the name is aiosmtpd's
        self, _server: object, _session: object, _envelope: object, _address: str, *_: object
    ) -> str:
        return "550 5.1.1 No such user here"


class _Lmtp(Controller):
    def factory(self) -> Any:
        return LMTP(self.handler)


@contextmanager
def refusing_lmtp(port: int) -> Iterator[None]:
    server = _Lmtp(_Refusing(), hostname="127.0.0.1", port=port)
    server.start()
    try:
        yield
    finally:
        server.stop()
