"""The front desk: makes bytes durable before anyone acknowledges them, many at once in one commit."""

import hashlib
import logging
import os
import queue
import re
import secrets
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import datetime, timedelta

from msgspec.structs import replace
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from daemon.domain.arrival import Arrival, ArrivalKind, Incoming
from daemon.domain.effect import TellOperator
from daemon.domain.identifiers import ArrivalId, MessageId, order_key
from daemon.domain.reason import Reason, reason
from daemon.domain.snapshot import Conversation
from daemon.domain.values import Value
from daemon.engine import context, removals
from daemon.engine.ports import Acceptance, Cursor, ErasedMail, NoRoomError
from daemon.engine.premises import Premises
from daemon.reading.mails.glance import Glance
from daemon.store import arrivals, conversations, orders, outbox, sources
from daemon.store.arrivals import Taken

log = logging.getLogger(__name__)

RESERVE = 64 * 1024 * 1024
"""How much of the disk stays free, so that what has been taken in can still be decided."""

KEPT_IN_DATABASE = 1024 * 1024
"""Files up to this size are kept in the database as well as where they lie."""

_TOGETHER = 256
_MOMENT = 0.001
_SIGHTINGS_APART = timedelta(seconds=5)
_WORD = re.compile(r"[^\s,;:()\[\]]{2,64}")
_WORDS = 100
_RACES = 3


class _Prepared(Value, frozen=True, kw_only=True):
    taken: Taken
    messages: tuple[MessageId, ...]


class _Job:
    """Some incoming things that share one answer."""

    def __init__(self, prepared: Sequence[_Prepared], cursor: Cursor | None) -> None:
        self.prepared = prepared
        self.cursor = cursor
        self.done: Future[list[Acceptance]] = Future()


_INPUTS_APART = timedelta(seconds=1)
_LATELY = 0.1
_CROWD = 4


class Intake:
    """`ports.FrontDesk`. One thread writes; whoever comes while it writes shares the next commit."""

    def __init__(self, premises: Premises, free: Callable[[], int] | None = None) -> None:
        self._premises = premises
        self._free = free or self._free_on_disk
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._writer: threading.Thread | None = None
        self._starting = threading.Lock()
        self._sightings: dict[str, datetime] = {}
        self._inputs: dict[str, datetime] = {}
        self._crowded = -_LATELY
        self.taken_in = 0

    @property
    def is_flooded(self) -> bool:
        """Whether several are waiting at once, just now, to be taken in; however fast the machine is."""
        return time.monotonic() - self._crowded < _LATELY

    # What the edges may ask

    def accept(self, incoming: Sequence[Incoming], cursor: Cursor | None = None) -> list[Acceptance]:
        """Make bytes durable, all in one transaction with the source's new cursor; returns once they are."""
        return self._submit(_Job([self._prepare(one) for one in incoming], cursor)).result()

    def offer(self, incoming: Incoming) -> "Future[Acceptance]":
        """The same for one, sharing its commit with everything else that is waiting."""
        single: Future[Acceptance] = Future()

        def answer(done: "Future[list[Acceptance]]") -> None:
            if not single.set_running_or_notify_cancel():
                return
            if error := done.exception():
                single.set_exception(error)
            else:
                single.set_result(done.result()[0])

        self._submit(_Job([self._prepare(incoming)], None)).add_done_callback(answer)
        return single

    def cursor(self, source: str) -> str | None:
        """The position up to which a source has been read, as the edge wrote it."""
        with self._premises.database.reading() as connection:
            row = sources.get(connection, source)
        return row.cursor if row else None

    def is_claimed(self, identity: str) -> ArrivalId | None:
        """The arrival that already holds these bytes, for an edge that resumes after a crash."""
        with self._premises.database.reading() as connection:
            return arrivals.known(connection, [identity]).get(identity)

    def concerns_us(self, addresses: Sequence[str], messages: Sequence[MessageId], text: str) -> bool:
        """Whether a mail is ours: a token or Message-ID of ours, a listed sender, a known order."""
        rulebook = self._premises.editions.current
        if any(self._premises.tokens.conversation_at(one) or rulebook.speakers(one) for one in addresses):
            return True
        words = _WORD.findall(text)[:_WORDS]
        with self._premises.database.reading() as connection:
            if messages and conversations.of_messages(connection, messages):
                return True
            return bool(words and orders.load(connection, sorted({order_key(word) for word in words})))

    def is_own_recipient(self, address: str) -> bool:
        """Whether mail to this address is for us: one of our own addresses, or a reply address whose token is ours."""
        own = {one.casefold() for one in self._premises.policy.own_addresses}
        return address.casefold() in own or self._premises.tokens.conversation_at(address) is not None

    def erased(self, source: str) -> list[ErasedMail]:
        """What came by this mailbox, was erased, and is to be removed at the server as well."""
        return removals.wanted(self._premises, source)

    def identity(self, raw: bytes) -> str:
        """What makes a mail the same one, to be compared with an erased one's."""
        return removals.identity(raw)

    def removed(self, source: str, gone: Sequence[ErasedMail], left: Sequence[ErasedMail]) -> None:
        """Report that these were looked for; the server still has those that are `left`, and the operator hears it."""
        removals.settle(self._premises, source, gone, left)

    def seen(self, source: str, until: datetime) -> None:
        """Report that a source was read successfully and holds nothing older than `until`."""
        last = self._sightings.get(source)
        # Written down at most every few seconds: each is a commit, and the bells only need to know roughly.
        if last is not None and timedelta(0) <= until - last < _SIGHTINGS_APART:
            return
        with _forgiving(source), self._premises.database.writing() as connection:
            sources.seen(connection, source, self._premises.clock(), until)
            self._sightings[source] = until

    def trouble(self, source: str, what: Reason, *, login: bool = False) -> None:
        """Report that a source could not be read; the operator hears of it once, `seen` ends it."""
        now = self._premises.clock()
        self._sightings.pop(source, None)
        with _forgiving(source), self._premises.database.writing() as connection:
            if sources.trouble(connection, source, what, now, login=login):
                line = TellOperator(key=f"trouble:{source}:{now.isoformat()}", reason=what)
                outbox.queue(connection, [line], self._premises.names, now)

    def stop(self) -> None:
        """Finish what has been handed over and end the writer."""
        with self._starting:
            writer, self._writer = self._writer, None
            if writer:
                self._jobs.put(None)
        if writer:
            writer.join()

    # How it is done

    def _prepare(self, incoming: Incoming) -> _Prepared:
        is_mail = incoming.kind is ArrivalKind.MAIL
        digest = incoming.digest or hashlib.sha256(incoming.raw).hexdigest()
        size = len(incoming.raw) if incoming.size is None else incoming.size
        arrival = Arrival(
            id=new_id(),
            kind=incoming.kind,
            source=incoming.source,
            name=incoming.name,
            received_at=incoming.received_at,
            party=incoming.party,
            path=incoming.path,
            digest=digest,
            size=size,
            envelope=incoming.envelope,
        )
        found = context.look(arrival, incoming.raw)
        tokens = self._premises.tokens.conversations_at(found.recipients) if found else ()
        own_stream = arrival.id if is_mail else f"{incoming.source}|{incoming.party or ''}"
        on_disk = bool(incoming.path) and not is_mail and size > KEPT_IN_DATABASE
        return _Prepared(
            taken=Taken(
                arrival=arrival,
                identity=incoming.identity or _identity(incoming, digest, found),
                stream=tokens[0] if tokens else own_stream,
                raw=None if on_disk else incoming.raw,
                ignored=self._too_old(incoming),
            ),
            messages=tuple(one for one in found.messages if "\x00" not in one) if found and not tokens else (),
        )

    def _too_old(self, incoming: Incoming) -> Reason | None:
        go_live = self._premises.policy.go_live
        if incoming.kind is ArrivalKind.MAIL and go_live is not None and incoming.received_at < go_live:
            return reason("before_go_live")
        return None

    def _submit(self, job: _Job) -> "Future[list[Acceptance]]":
        with self._starting:
            if self._writer is None or not self._writer.is_alive():
                self._writer = threading.Thread(target=self._write_all, name="intake", daemon=True)
                self._writer.start()
            self._jobs.put(job)
        return job.done

    def _write_all(self) -> None:
        together: list[_Job] = []
        while together := self._gathered(len(together)):
            self._answer(together)

    def _gathered(self, last: int) -> list[_Job]:
        """Who shares the next commit; none at the end. Where several came last time, a moment brings several again."""
        jobs = [self._jobs.get()]
        if self._jobs.qsize() + 1 < last:
            time.sleep(_MOMENT)
        while jobs[-1] is not None and len(jobs) < _TOGETHER and not self._jobs.empty():
            jobs.append(self._jobs.get())
        found = [job for job in jobs if job is not None]
        if found and jobs[-1] is None:
            self._jobs.put(None)
        return found

    def _answer(self, jobs: Sequence[_Job]) -> None:
        try:
            answers = self._commit(jobs)
        except Exception as error:  # noqa: BLE001 - it belongs to those who wait for the answer
            for job in jobs:
                job.done.set_exception(error)
            return
        for job, answer in zip(jobs, answers, strict=True):
            job.done.set_result(answer)
        self._premises.wake()

    def _commit(self, jobs: Sequence[_Job]) -> list[list[Acceptance]]:
        if self._free() < RESERVE:
            raise NoRoomError
        for attempt in range(_RACES):
            try:
                return self._record(jobs)
            except IntegrityError:
                # Another daemon has just taken the same mail in; the next look finds it.
                if attempt == _RACES - 1:
                    raise
        raise AssertionError

    def _record(self, jobs: Sequence[_Job]) -> list[list[Acceptance]]:
        now = self._premises.clock()
        everything = [one for job in jobs for one in job.prepared]
        with self._premises.database.writing() as connection:
            known = arrivals.known(connection, list({one.taken.identity for one in everything}))
            fresh = {one.taken.identity: one for one in reversed(everything) if one.taken.identity not in known}
            messages = [message for one in fresh.values() for message in one.messages]
            threads = conversations.of_messages(connection, messages) if messages else {}
            new = [one for one in everything if fresh.get(one.taken.identity) is one]
            arrivals.record(connection, [_threaded(one, threads) for one in new], now)
            for name in {one.taken.arrival.source for one in new}:
                self._note_input(connection, name, now)
            for job in jobs:
                if job.cursor is not None:
                    sources.move_cursor(connection, job.cursor.source, job.cursor.position)
        self.taken_in += len(new)
        if len(new) >= _CROWD:
            self._crowded = time.monotonic()
        ids = known | {one.taken.identity: one.taken.arrival.id for one in new}
        return [
            [
                Acceptance(arrival=ids[one.taken.identity], known=ids[one.taken.identity] != one.taken.arrival.id)
                for one in job.prepared
            ]
            for job in jobs
        ]

    def _note_input(self, connection: Connection, source: str, now: datetime) -> None:
        """When the source last gave something; to the second, as each note costs as much as a mail."""
        last = self._inputs.get(source)
        if last is None or not timedelta(0) <= now - last < _INPUTS_APART:
            sources.note_input(connection, source, now)
            self._inputs[source] = now

    def _free_on_disk(self) -> int:
        return shutil.disk_usage(self._premises.state).free


@contextmanager
def _forgiving(source: str) -> Iterator[None]:
    """A report that cannot be written, the disk being full, must not end the thread that watches the source."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 - whatever it was, the next report says it again
        log.warning("%s: a report could not be written (%s)", source, type(error).__name__)


def _threaded(one: _Prepared, threads: dict[MessageId, Conversation]) -> Taken:
    thread = next((threads[message] for message in one.messages if message in threads), None)
    return replace(one.taken, stream=thread.id) if thread else one.taken


def _identity(incoming: Incoming, digest: str, found: Glance | None) -> str:
    return f"mail:{found.identity}" if found else f"file:{incoming.party or incoming.source}:{digest}"


def new_id() -> ArrivalId:
    """An id that sorts by time and that two daemons never give twice."""
    return ArrivalId(f"{time.time_ns() // 1_000_000:012x}{secrets.token_hex(4)}{os.getpid() & 0xFFFF:04x}")
