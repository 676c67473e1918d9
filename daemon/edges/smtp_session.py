"""One SMTP or LMTP conversation: what is answered to each command, and when it is cut off."""

import asyncio
import collections
import re
import ssl

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP

from daemon.edges.smtp_data import Content, Flaw
from daemon.edges.smtp_hooks import NO_ROOM, TRY_LATER, Hooks, House

_LINE_BUFFER = 1 << 16
# More than the reader can ever hold, so that one read empties it.
_BLOCK = 1 << 20
_COMMAND_LIMIT = 1 << 12
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_PLAIN_ADDRESS = re.compile(rf"<({_ATOM}(?:\.{_ATOM})*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*)>((?: [^()]*)?)")


class Conversation(SMTP):
    """aiosmtpd's server with a DATA phase that reads blocks, and with limits of its own.

    aiosmtpd itself keeps an endless line in memory, answers 500 with the text of any exception, and takes any number of
    connections, recipients and errors.
    """

    line_length_limit = _LINE_BUFFER
    wire = "ESMTP"

    def __init__(
        self, house: House, *, hostname: str, tls: ssl.SSLContext | None, loop: asyncio.AbstractEventLoop
    ) -> None:
        # aiosmtpd raises these with every EHLO, for all connections at once unless each has its own.
        self.command_size_limits = collections.defaultdict(lambda: self.command_size_limit)
        self._house = house
        self._admitted = False
        # Set when what still comes must not be understood as commands any more.
        self._deaf = False
        self._ended = False
        self._in_content = False
        self._unbroken = 0
        self._errors = 0
        self._held = 0
        self._session_end: asyncio.TimerHandle | None = None
        self.address = ""
        self.taking = False
        super().__init__(
            Hooks(house),
            data_size_limit=house.limits.size,
            enable_SMTPUTF8=True,
            hostname=hostname,
            ident=self.wire,
            tls_context=tls,
            timeout=house.limits.command,
            loop=loop,
        )

    # --- the connection

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if self._original_transport is not None:  # the same connection, now over TLS
            super().connection_made(transport)
            return
        peer = transport.get_extra_info("peername")
        self.address = str(peer[0]) if peer else ""
        self._admitted = self._house.admission.come_in(self.address)
        if self._admitted:
            self._house.conversations.add(self)
            self._session_end = self.loop.call_later(self._house.limits.session, self.abort)
            super().connection_made(transport)
        elif isinstance(transport, asyncio.WriteTransport):
            transport.write(b"421 4.7.0 Too many connections, try again later\r\n")
            transport.close()

    def data_received(self, data: bytes) -> None:
        if self._deaf or not self._admitted:
            return
        if not self._in_content:
            line_end = data.rfind(b"\n")
            self._unbroken = len(data) - line_end - 1 if line_end >= 0 else self._unbroken + len(data)
            if self._unbroken > _COMMAND_LIMIT:
                self.goodbye("500 5.5.2 Line too long")
                return
        super().data_received(data)

    def eof_received(self) -> bool | None:
        self._ended = True
        return super().eof_received() if self._admitted else None

    def connection_lost(self, error: Exception | None) -> None:
        if not self._admitted:
            return
        if self._session_end is not None:
            self._session_end.cancel()
        if self in self._house.conversations:  # aiosmtpd may lose a connection twice when a TLS handshake fails
            self._house.conversations.remove(self)
            self._house.admission.go(self.address)
        super().connection_lost(error)

    def abort(self) -> None:
        """Drop the connection at once, also when the other side reads nothing."""
        if isinstance(self.transport, asyncio.WriteTransport):
            self.transport.abort()

    def goodbye(self, reply: str) -> None:
        """Say a last word and hang up."""
        self._deaf = True
        if isinstance(self.transport, asyncio.WriteTransport):
            self.transport.write(reply.encode() + b"\r\n")
            self.transport.close()

    def _timeout_cb(self) -> None:
        # While a mail is being made durable the sender is not the one who is slow.
        if self.taking:
            self._reset_timeout()
        else:
            self.goodbye("421 4.4.2 Timeout")

    # --- the replies

    async def push(self, status: str | bytes) -> None:
        reply = status.encode() if isinstance(status, str) else status
        await super().push(reply)
        if reply.startswith(b"5"):
            self._errors += 1
            if self._errors >= self._house.limits.errors and not self._deaf:
                self.goodbye("421 4.7.0 Too many errors")

    async def handle_exception(self, _error: Exception) -> str:
        return TRY_LATER

    def _getaddr(self, arg: str) -> tuple[str | None, str | None]:
        # An address as nearly all are; the standard library's parser takes as long as all else that a mail costs here.
        if plain := _PLAIN_ADDRESS.fullmatch(arg.strip()):
            return plain[1], plain[2].strip()
        # The standard library's parser raises whatever it likes on hostile addresses; that is no trouble of ours.
        try:
            address, rest = super()._getaddr(arg)
        except (ValueError, LookupError, AttributeError, TypeError, RecursionError):
            return None, None
        # Bytes that are no UTF-8, and control characters, could not be stored.
        return (address, rest) if address is not None and address.isprintable() else (None, None)

    async def smtp_VRFY(self, _arg: str) -> None:  # noqa: N802 - the name is aiosmtpd's
        await self.push("252 2.5.1 Send some mail, it will be seen")

    async def smtp_AUTH(self, _arg: str) -> None:  # noqa: N802 - the name is aiosmtpd's
        await self.push("502 5.5.1 Not offered")

    # --- the content

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 - the name is aiosmtpd's
        if await self.check_helo_needed():
            return
        if self.envelope is None or not self.envelope.rcpt_tos:
            await self.push("503 5.5.1 Need RCPT command")
            return
        if arg:
            await self.push("501 5.5.4 Syntax: DATA")
            return
        mail_from, rcpt_to = self.envelope.mail_from, tuple(self.envelope.rcpt_tos)
        try:
            self._in_content = True
            await self.push("354 End data with <CR><LF>.<CR><LF>")
            raw = await self._content(len(rcpt_to))
            if raw is not None:
                self.taking = True
                sender = "" if mail_from in {None, "<>"} else str(mail_from)
                await self._answer(await self._house.take(raw, sender, rcpt_to), len(rcpt_to))
        finally:
            self._in_content = self.taking = False
            self._house.admission.let_go(self._held)
            self._held = 0
            self.envelope = self._create_envelope()

    async def _content(self, recipients: int) -> bytes | None:
        """Read up to the end of the content; None when it has been refused."""
        limits = self._house.limits
        content = Content(limits.size, limits.line)
        over = False
        while not over:
            block = await self._reader.read(_BLOCK)
            if not block:
                raise asyncio.CancelledError
            self._reset_timeout()
            over = content.feed(block)
            if content.flaw is not None:
                await self._break_off(content.flaw, recipients)
                return None
            self._held += len(block)
            if not self._house.admission.hold(len(block)):
                await self._break_off(NO_ROOM, recipients)
                return None
        self._in_content = False
        if content.rest and not self._ended:
            # `read` has emptied the reader, so what was sent ahead is next again.
            self._reader.feed_data(content.rest)
        raw = content.finished()
        if content.flaw is not None:
            await self._answer(content.flaw, recipients)
            return None
        return raw

    async def _break_off(self, reply: Flaw | str, recipients: int) -> None:
        # The rest of the content is still coming; understood as commands, it could smuggle a mail in.
        self._deaf = True
        await self._answer(reply, recipients)
        if isinstance(self.transport, asyncio.WriteTransport):
            self.transport.close()

    async def _answer(self, reply: str, _recipients: int) -> None:
        await self.push(str(reply))


class LmtpConversation(Conversation, LMTP):
    """LMTP (RFC 2033): LHLO, and after the content one reply for each recipient."""

    wire = "LMTP"

    async def _answer(self, reply: str, recipients: int) -> None:
        await self.push("\r\n".join([str(reply)] * recipients))
