"""What is kept about a buyer: shown, erased on demand, and erased by itself once its time is over."""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection

from daemon.deciding.privacy import has_ended, has_lapsed, named_by, without_buyer
from daemon.domain.deadline import order_subject
from daemon.domain.decision import Decision, HistoryEntry
from daemon.domain.order import Order
from daemon.domain.reason import reason
from daemon.domain.stimulus import Person
from daemon.domain.values import Json, Value
from daemon.engine import removals
from daemon.engine.premises import Premises
from daemon.engine.saying import Saying, at, exactly
from daemon.engine.scrubbing import scrub
from daemon.errors import UnknownIdError
from daemon.reading.named import Way, names
from daemon.store import commit, erasing, orders, sources
from daemon.store.erasing import Traces

log = logging.getLogger(__name__)

_BATCH = 500
_ASKED = "forget:"
_WAITS = "forget-arrival:"
_PART = 32 * 1024 * 1024
_LONGEST_ADDRESS = 4 * 254


class Retention(Value, frozen=True, kw_only=True):
    """How long each kind of data is kept once it is over; None for ever."""

    arrivals: timedelta | None
    sent: timedelta | None
    buyers: timedelta | None


class Places(Value, frozen=True, kw_only=True):
    """Where more lies than the database knows of: folders that files are dropped into, and mailboxes, as sources."""

    folders: tuple[Path, ...] = ()
    mailboxes: frozenset[str] = frozenset()


class ForgottenView(Value, frozen=True, kw_only=True):
    """`erased` orders have no buyer any more; `kept` ones are erased by themselves as soon as they have ended.

    `waiting` arrivals go as soon as a person has settled them. `files` were dropped more than once. `mailboxes` still
    hold mails that go with their next reading.
    """

    erased: tuple[str, ...]
    kept: tuple[str, ...]
    arrivals: int
    mails: int
    waiting: tuple[str, ...] = ()
    files: int = 0
    mailboxes: tuple[str, ...] = ()


class BuyerView(Value, frozen=True, kw_only=True):
    """Everything that is kept about a buyer; `files` are those that were dropped and that we wrote, by their paths."""

    orders: tuple[dict[str, Json], ...]
    mails: tuple[dict[str, Json], ...]
    arrivals: tuple[str, ...]
    files: tuple[str, ...] = ()


class Privacy:
    """Knows what is personal and how long it is kept."""

    def __init__(self, premises: Premises, saying: Saying, retention: Retention, places: Places) -> None:
        self._premises = premises
        self._saying = saying
        self._retention = retention
        self._places = places

    def export(self, address: str) -> BuyerView:
        """What is kept about a buyer; UnknownIdError when nothing is."""
        zone = self._saying.zone
        with self._premises.database.reading() as connection:
            found = list(orders.listed(connection, buyer=address.strip()))
            numbers = [order.number for order in found]
            ways = _ways(address, found)
            mails = erasing.mails_about(connection, numbers)
            settled = (
                erasing.about_orders(connection, numbers),
                erasing.mentioning(connection, lambda raw: names(raw, *ways)),
            )
            came = {one for traces in settled for one in traces.arrivals}
            came |= erasing.waiting(connection, numbers, lambda raw: names(raw, *ways))
        if not (found or came):
            raise UnknownIdError(address)
        return BuyerView(
            orders=tuple(_order(order, lambda moment: exactly(moment, zone)) for order in found),
            mails=tuple({**mail, "sent_at": at(mail["sent_at"], zone)} for mail in mails),
            arrivals=tuple(sorted(came)),
            files=tuple(sorted(self._files(settled, ways))),
        )

    def _files(self, settled: Iterable[Traces], ways: Sequence[Way]) -> set[str]:
        """The files that are his by what we know of them, and those that were dropped in which he is named."""
        home = self._premises.home
        known = {path for traces in settled for path in _paths(traces) if (home / path).is_file()}
        named = (path for path in self._taken() if _names(path, ways))
        return known | {str(path.relative_to(home) if path.is_relative_to(home) else path) for path in named}

    def forget(self, address: str, person: Person) -> ForgottenView:
        """Erase a buyer from all that has ended, and from the rest as soon as it has."""
        premises, now = self._premises, self._premises.clock()
        with premises.database.writing() as connection:
            found = list(orders.listed(connection, buyer=address.strip()))
            ended = _over(connection, filter(has_ended, found))
            kept = [order for order in found if order not in ended]
            ways = _ways(address, ended)
            mentioned = erasing.mentioning(connection, lambda raw: names(raw, *ways))
            waiting = erasing.waiting(connection, [one.number for one in ended], lambda raw: names(raw, *ways))
            if not (found or mentioned.arrivals or waiting):
                raise UnknownIdError(address)
            for later in (*(f"{_ASKED}{order.key}" for order in kept), *(f"{_WAITS}{one}" for one in waiting)):
                sources.set_control(connection, later, person.name)
            traces = self._erase(connection, ended, person.name, now)
            self._take_out(connection, mentioned, now)
            arrivals = tuple({*traces.arrivals, *mentioned.arrivals})
            mailboxes = erasing.sources_of(connection, arrivals) & self._places.mailboxes
        self._unlink(traces)
        self._unlink(mentioned)
        files = self._sweep(lambda path: _names(path, ways))
        return ForgottenView(
            erased=tuple(order.number for order in ended),
            kept=tuple(order.number for order in kept),
            arrivals=len(arrivals),
            mails=len(traces.outbox),
            waiting=tuple(sorted(waiting)),
            files=files,
            mailboxes=tuple(sorted(mailboxes)),
        )

    def _erase(self, connection: Connection, ended: Sequence[Order], who: str, now: datetime) -> Traces:
        traces = erasing.about_orders(connection, [order.number for order in ended])
        self._take_out(connection, traces, now)
        what = reason("buyer_erased")
        history = tuple(
            HistoryEntry(subject=order_subject(order.key), at=now, what=what, because=who) for order in ended
        )
        decision = Decision(orders=tuple(map(without_buyer, ended)), history=history)
        commit.write(connection, decision, self._premises.names, now)
        for order in ended:
            sources.set_control(connection, f"{_ASKED}{order.key}", None)
        for one in erasing.waiting_about(connection, [order.number for order in ended]):
            sources.set_control(connection, f"{_WAITS}{one}", who)
            scrub(connection, one, ended)
        return traces

    def _take_out(self, connection: Connection, traces: Traces, now: datetime) -> None:
        removals.remember(connection, traces.arrivals, self._places.mailboxes)
        erasing.erase(connection, traces, now)

    # On schedule

    def run_jobs(self) -> int:
        """Erase what is over its time, once a day; how many things."""
        premises, now = self._premises, self._premises.clock()
        day = now.date().isoformat()
        with premises.database.reading() as connection:
            if sources.has_begun(connection, "retention", day):
                return 0
        with premises.database.writing() as connection:
            if not sources.begin_period(connection, "retention", day, now):
                return 0
        erased = self._of_arrivals(now) + self._of_outbox(now) + self._of_buyers(now) + self._of_settled(now)
        if erased:
            log.info("retention: %d things are erased", erased)
        return erased

    def _of_arrivals(self, now: datetime) -> int:
        kept = self._retention.arrivals
        if kept is None:
            return 0
        before = now - kept
        found = self._in_batches(lambda connection: erasing.old_arrivals(connection, before, _BATCH))
        # Beside them lie copies that were dropped again, of which the database keeps no path.
        return found + self._sweep(lambda path: path.parent.name < before.date().isoformat())

    def _of_outbox(self, now: datetime) -> int:
        kept = self._retention.sent
        return self._in_batches(lambda connection: erasing.old_outbox(connection, now - kept, _BATCH)) if kept else 0

    def _in_batches(self, find: Callable[[Connection], Traces]) -> int:
        total = 0
        while True:
            with self._premises.database.writing() as connection:
                traces = find(connection)
                self._take_out(connection, traces, self._premises.clock())
            self._unlink(traces)
            found = len(traces.arrivals) + len(traces.outbox)
            total += found
            if found < _BATCH:
                return total

    def _of_buyers(self, now: datetime) -> int:
        """Orders whose time is over, and those that a buyer asked to be forgotten once they have ended."""
        kept = self._retention.buyers
        with self._premises.database.writing() as connection:
            quiet = list(erasing.long_quiet(connection, now - kept)) if kept else []
            asked = list(_asked(connection, sources.controls(connection, _ASKED)))
            over = [*filter(has_lapsed, quiet), *filter(has_ended, asked)]
            ended = _over(connection, {order.key: order for order in over}.values())
            traces = self._erase(connection, ended, "retention", now) if ended else Traces()
            forgotten = [one for one in asked if one in ended]
            ways = [way for one in forgotten for way in _ways(one.buyer.email, [one])]
            mentioned = erasing.mentioning(connection, lambda raw: names(raw, *ways)) if ways else Traces()
            self._take_out(connection, mentioned, now)
        self._unlink(traces)
        self._unlink(mentioned)
        if ways:
            self._sweep(lambda path: _names(path, ways))
        return len(ended)

    def _of_settled(self, now: datetime) -> int:
        """What waited for a person when its buyer asked to be forgotten."""
        with self._premises.database.writing() as connection:
            asked = [key.removeprefix(_WAITS) for key in sources.controls(connection, _WAITS)]
            traces = erasing.settled(connection, asked)
            self._take_out(connection, traces, now)
            for one in traces.arrivals:
                sources.set_control(connection, f"{_WAITS}{one}", None)
        self._unlink(traces)
        return len(traces.arrivals)

    def _sweep(self, is_over: Callable[[Path], bool]) -> int:
        """Take away what lies in the folders' `done` and `failed` and is over, unless a person still has to see it."""
        with self._premises.database.reading() as connection:
            waiting = {self._premises.home / path for path in erasing.waiting_paths(connection)}
        count = 0
        for path in self._taken():
            if path not in waiting and is_over(path):
                path.unlink(missing_ok=True)
                count += 1
        return count

    def _taken(self) -> Iterator[Path]:
        """The files that were taken in: each lies below the day of its taking."""
        for folder in self._places.folders:
            for day in (*folder.rglob("done/????-??-??"), *folder.rglob("failed/????-??-??")):
                yield from (path for path in day.iterdir() if path.is_file())

    def _unlink(self, traces: Traces) -> None:
        """Files go last: a row without its file is erased, a file without its row would be forgotten."""
        for path in _paths(traces):
            (self._premises.home / path).unlink(missing_ok=True)


def _paths(traces: Traces) -> Iterator[str]:
    """The files of what was found."""
    for path in (*traces.paths, *(f"outbox/mail/{name}" for name in traces.mails if name.endswith(".eml"))):
        if ".." not in Path(path).parts:
            yield path


def _ways(address: str, found: Sequence[Order]) -> list[Way]:
    """What names the buyer of these orders: his address, and what else of each means only him."""
    return [address.strip(), *(way for order in found for way in named_by(order))]


def _names(path: Path, ways: Sequence[Way]) -> bool:
    """Whether somebody is named in a file, of which a very large one is looked at part by part."""
    end = b""
    with path.open("rb") as file:
        while part := file.read(_PART):
            if names(end + part, *ways):
                return True
            end = part[-_LONGEST_ADDRESS:]
    return False


def _over(connection: Connection, ended: Iterable[Order]) -> list[Order]:
    """Those of these orders of which nothing has to leave any more, which would be kept when they are erased."""
    found = list(ended)
    leaving = erasing.leaving(connection, [order.key for order in found])
    return [order for order in found if order.key not in leaving]


def _asked(connection: Connection, asked: dict[str, str]) -> Sequence[Order]:
    return list(orders.load(connection, [key.removeprefix(_ASKED) for key in asked]).values())


def _order(order: Order, moment: Callable[[datetime], str]) -> dict[str, Json]:
    return {
        "order": order.number,
        "placed_at": moment(order.placed_at),
        "buyer": {name: getattr(order.buyer, name) for name in order.buyer.__struct_fields__},
        "address": {name: getattr(order.address, name) for name in order.address.__struct_fields__},
        "lines": [{"title": line.title, "quantity": line.quantity} for line in order.lines],
        "imeis": [device.imei for line in order.lines for device in line.devices],
        "tracking_numbers": [one.tracking_number for one in order.shipments],
        "returns": [
            {"line": one.line, "day": one.day.isoformat(), "condition": one.condition, "reason": one.reason}
            for one in order.returns
        ],
    }
