"""A front desk in memory, for tests of the edges: it keeps what it was given and fails when told to."""

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock

from daemon.domain.arrival import Incoming
from daemon.domain.identifiers import ArrivalId, MessageId
from daemon.domain.reason import Reason
from daemon.engine.ports import Acceptance, Cursor, ErasedMail


@dataclass
class MemoryDesk:
    """`failing` is raised by `accept` and handed out by `offer`; `holding` leaves offers open until `settle`."""

    own: set[str] = field(default_factory=set)
    concerns: bool = True
    failing: BaseException | None = None
    holding: bool = False
    taken: list[Incoming] = field(default_factory=list)
    cursors: dict[str, str] = field(default_factory=dict)
    sightings: list[tuple[str, datetime]] = field(default_factory=list)
    troubles: list[tuple[str, Reason, bool]] = field(default_factory=list)
    asked: list[tuple[Sequence[str], Sequence[MessageId], str]] = field(default_factory=list)
    waiting: list[tuple[Incoming, "Future[Acceptance]"]] = field(default_factory=list)
    erasing: list[ErasedMail] = field(default_factory=list)
    struck_off: list[ErasedMail] = field(default_factory=list)
    left: list[ErasedMail] = field(default_factory=list)
    _known: dict[object, ArrivalId] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def accept(self, incoming: Sequence[Incoming], cursor: Cursor | None = None) -> list[Acceptance]:
        if self.failing is not None:
            raise self.failing
        with self._lock:
            acceptances = [self._take(one) for one in incoming]
            if cursor is not None:
                self.cursors[cursor.source] = cursor.position
            return acceptances

    def offer(self, incoming: Incoming) -> "Future[Acceptance]":
        future: Future[Acceptance] = Future()
        if self.holding:
            self.waiting.append((incoming, future))
        elif self.failing is not None:
            future.set_exception(self.failing)
        else:
            future.set_result(self.accept([incoming])[0])
        return future

    def settle(self) -> None:
        """Make durable what was held back."""
        while self.waiting:
            incoming, future = self.waiting.pop(0)
            future.set_result(self.accept([incoming])[0])

    def cursor(self, source: str) -> str | None:
        return self.cursors.get(source)

    def is_claimed(self, identity: str) -> ArrivalId | None:
        return self._known.get(identity)

    def concerns_us(self, addresses: Sequence[str], messages: Sequence[MessageId], text: str) -> bool:
        self.asked.append((addresses, messages, text))
        return self.concerns

    def is_own_recipient(self, address: str) -> bool:
        return address.casefold() in self.own

    def erased(self, source: str) -> list[ErasedMail]:
        return [one for one in self.erasing if one not in self.struck_off] if source == "box" else []

    def identity(self, raw: bytes) -> str:
        return raw.decode()

    def removed(self, _source: str, gone: Sequence[ErasedMail], left: Sequence[ErasedMail]) -> None:
        self.struck_off.extend((*gone, *left))
        self.left.extend(left)

    def seen(self, source: str, until: datetime) -> None:
        self.sightings.append((source, until))

    def trouble(self, source: str, what: Reason, *, login: bool = False) -> None:
        self.troubles.append((source, what, login))

    def _take(self, incoming: Incoming) -> Acceptance:
        key: object = incoming.identity or (incoming.kind, incoming.raw)
        if key in self._known:
            return Acceptance(arrival=self._known[key], known=True)
        arrival = ArrivalId(f"A-{len(self._known) + 1}")
        self._known[key] = arrival
        self.taken.append(incoming)
        return Acceptance(arrival=arrival)
