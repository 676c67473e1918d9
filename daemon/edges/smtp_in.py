"""The SMTP and LMTP listener: takes mail for our own addresses and says 250 only once it is durable."""

import asyncio
import contextlib
import logging
import os
import socket
import ssl
import threading
from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime

from daemon.domain.arrival import ArrivalKind, Envelope, Incoming
from daemon.domain.reason import reason
from daemon.edges.smtp_hooks import NO_ROOM, TRY_LATER
from daemon.edges.smtp_limits import Admission, Limits
from daemon.edges.smtp_session import Conversation, LmtpConversation
from daemon.engine.ports import Acceptance, Clock, FrontDesk, NoRoomError

_log = logging.getLogger(__name__)

_REPORT_SECONDS = 30.0
_BIND_SECONDS = 5.0
_FINISH_SECONDS = 8.0


class SmtpListener:
    """A `Source` that listens. With `port` 0 the system chooses; `port` then names the one in use.

    `authserv_id` names the mail server before us whose Authentication-Results may be believed.
    """

    def __init__(
        self,
        *,
        name: str,
        host: str,
        port: int,
        desk: FrontDesk,
        clock: Clock,
        lmtp: bool = False,
        tls: ssl.SSLContext | None = None,
        limits: Limits | None = None,
        authserv_id: str | None = None,
        hostname: str | None = None,
    ) -> None:
        self.name = name
        self.port = port
        self.limits = limits or Limits()
        self.admission = Admission(self.limits)
        self.conversations: set[Conversation] = set()
        self._host = host
        self._desk = desk
        self._clock = clock
        self._kind: type[Conversation] = LmtpConversation if lmtp else Conversation
        self._tls = tls
        self._authserv_id = authserv_id
        self._hostname = hostname or socket.gethostname()
        self._pending: dict[Future[Acceptance], datetime] = {}
        self._answered: list[tuple[Future[Acceptance], asyncio.Future[Acceptance]]] = []
        self._pending_lock = threading.Lock()
        self._tried = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping: asyncio.Event | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Listen; returns after the first attempt to bind. A port that is taken is tried again every few seconds."""
        # aiosmtpd's own log holds the addresses of everybody who writes to us.
        logging.getLogger("mail.log").setLevel(logging.CRITICAL)
        self._tried.clear()
        self._thread = threading.Thread(target=self._run, name=self.name, daemon=True)
        self._thread.start()
        self._tried.wait()

    def stop(self) -> None:
        """Stop listening; a mail that has been read to its end is still answered, all else is dropped without a 250."""
        if self._thread is None or self._loop is None or self._stopping is None:
            return
        with contextlib.suppress(RuntimeError):  # the loop is closed already
            self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join(_FINISH_SECONDS + 1)
        self._thread = None

    def poll(self) -> int:
        """A listener is called, it does not call."""
        return 0

    async def is_own_recipient(self, address: str) -> bool:
        # A comparison and a signature: less than the hop to another thread would cost.
        return self._desk.is_own_recipient(address)

    async def take(self, raw: bytes, mail_from: str, rcpt_to: tuple[str, ...]) -> str:
        """Make a mail durable; the reply."""
        incoming = Incoming(
            kind=ArrivalKind.MAIL,
            source=self.name,
            name="",
            raw=raw,
            received_at=self._clock(),
            envelope=Envelope(mail_from=mail_from, rcpt_to=rcpt_to, authserv_id=self._authserv_id),
        )
        try:
            await self._durable(incoming)
        except NoRoomError:
            return NO_ROOM
        except Exception as error:  # noqa: BLE001 - whatever went wrong in our house, the sender is to try again
            # Not its text: a database's error may quote the mail.
            _log.warning("%s: a mail could not be taken (%s)", self.name, type(error).__name__)
            return TRY_LATER
        return "250 2.0.0 OK"

    def _durable(self, incoming: Incoming) -> "asyncio.Future[Acceptance]":
        """Hand a mail over; a sender who hangs up cancels nothing that shares a commit with others."""
        waiting: asyncio.Future[Acceptance] = asyncio.get_running_loop().create_future()
        future = self._desk.offer(incoming)
        with self._pending_lock:
            self._pending[future] = incoming.received_at
        future.add_done_callback(lambda done: self._settled(done, waiting))
        return waiting

    def _settled(self, future: "Future[Acceptance]", waiting: "asyncio.Future[Acceptance]") -> None:
        """One call wakes the loop for all that became durable together: each would cost as much as a mail's dialog."""
        with self._pending_lock:
            self._pending.pop(future, None)
            self._answered.append((future, waiting))
            first = len(self._answered) == 1
        if first and self._loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop is closed already
                self._loop.call_soon_threadsafe(self._tell_senders)

    def _tell_senders(self) -> None:
        with self._pending_lock:
            answered, self._answered = self._answered, []
        for future, waiting in answered:
            if waiting.done():  # the sender has hung up
                continue
            if error := future.exception():
                waiting.set_exception(error)
            else:
                waiting.set_result(future.result())

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        finally:
            self._tried.set()

    async def _serve(self) -> None:
        loop = self._loop = asyncio.get_running_loop()
        stopping = self._stopping = asyncio.Event()
        server = await self._bind(loop, stopping)
        if server is None:
            return
        await self._report()
        while not await _set_within(stopping, _REPORT_SECONDS):
            await self._report()
        server.close()
        await self._finish()

    async def _bind(self, loop: asyncio.AbstractEventLoop, stopping: asyncio.Event) -> asyncio.Server | None:
        """Bind the port, however long it takes; None when the daemon stops first."""
        while True:
            try:
                server = await loop.create_server(lambda: self._converse(loop), self._host, self.port, backlog=256)
            except OSError as error:
                # asyncio's own text repeats the address.
                why = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror
                address = f"{self._host}:{self.port}"
                what = reason("trouble_listening", source=self.name, address=address, why=why)
                await self._tell(lambda what=what: self._desk.trouble(self.name, what))  # type: ignore[misc]
                self._tried.set()
                if await _set_within(stopping, _BIND_SECONDS):
                    return None
            else:
                self.port = int(server.sockets[0].getsockname()[1])
                self._tried.set()
                return server

    def _converse(self, loop: asyncio.AbstractEventLoop) -> Conversation:
        return self._kind(self, hostname=self._hostname, tls=self._tls, loop=loop)

    async def _report(self) -> None:
        """Say that all that came up to now is durable, but for what is still waiting to become so."""
        with self._pending_lock:
            until = min([self._clock(), *self._pending.values()])
        await self._tell(lambda: self._desk.seen(self.name, until))

    async def _tell(self, report: Callable[[], None]) -> None:
        try:
            await asyncio.to_thread(report)
        except Exception as error:  # noqa: BLE001 - a report that fails must not end the listening
            _log.warning("%s: a report failed (%s)", self.name, type(error).__name__)

    async def _finish(self) -> None:
        for conversation in list(self.conversations):
            if not conversation.taking:
                conversation.goodbye("421 4.3.2 Closing down, try again later")
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_FINISH_SECONDS):
                while self.conversations:
                    await asyncio.sleep(0.05)
                    for conversation in list(self.conversations):
                        if not conversation.taking:
                            conversation.goodbye("421 4.3.2 Closing down, try again later")
        for conversation in list(self.conversations):
            conversation.abort()


async def _set_within(event: asyncio.Event, seconds: float) -> bool:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)
    return event.is_set()
