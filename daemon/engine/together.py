"""Decisions that become true together, as long as none of them changes what another one rests on."""

from collections.abc import Iterator
from datetime import datetime

from msgspec.structs import replace
from sqlalchemy import Connection

from daemon.domain.decision import Decision
from daemon.domain.effect import SendMail
from daemon.domain.identifiers import order_key
from daemon.domain.order import Order
from daemon.domain.snapshot import Lookup, Snapshot
from daemon.store import commit
from daemon.store.conversations import Names


class Together:
    """What has been decided in one transaction. It is written once, or earlier where someone has to see it."""

    def __init__(self, connection: Connection, names: Names, now: datetime) -> None:
        self._connection = connection
        self._names = names
        self._now = now
        self._decisions: list[Decision] = []
        self._changed: set[str] = set()

    def add(self, decision: Decision, lookup: Lookup, snapshot: Snapshot) -> None:
        """Take a decision; all that it has looked at counts as changed by it: too much rather than too little."""
        if _changes_nothing(decision):
            return
        self._decisions.append(decision)
        orders = (*snapshot.orders.values(), *decision.orders)
        self._changed |= {*_seen(lookup, snapshot), *_named(decision), *(one for order in orders for one in _of(order))}

    def affects(self, lookup: Lookup, snapshot: Snapshot) -> bool:
        """Whether this snapshot, loaded before the decisions, is no longer true after them."""
        return not self._changed.isdisjoint(_seen(lookup, snapshot))

    def write(self) -> None:
        """Write what has been decided so far."""
        if self._decisions:
            commit.write(self._connection, _as_one(self._decisions), self._names, self._now)
            self._decisions = []


# What is said of the arrival itself is written with the arrival; the rest is what a decision makes true.
_OF_THE_ARRIVAL = {"disposition", "reasons", "about", "verdicts", "proposal"}
_MADE_TRUE = tuple(name for name in Decision.__struct_fields__ if name not in _OF_THE_ARRIVAL)


def _changes_nothing(one: Decision) -> bool:
    return not any(getattr(one, name) for name in _MADE_TRUE)


def _as_one(many: list[Decision]) -> Decision:
    made_true = {name: tuple(found for one in many for found in getattr(one, name)) for name in _MADE_TRUE}
    return replace(Decision(), **made_true)


def _seen(lookup: Lookup, snapshot: Snapshot) -> set[str]:
    asked = (getattr(lookup, name) for name in Lookup.__struct_fields__)
    return {*(one for some in asked for one in some), *snapshot.orders, *snapshot.inquiries}


def _named(decision: Decision) -> Iterator[str]:
    yield from map(order_key, decision.about)
    yield from (one.subject.partition(":")[2] for one in decision.deadlines)
    for inquiry in decision.inquiries:
        yield from (inquiry.id, inquiry.merchant)
    yield from (one.key for one in decision.stock)
    yield from (one.merchant for one in decision.relationships)
    yield from (one.merchant for one in decision.articles)
    yield from decision.left_alone
    for effect in decision.effects:
        if isinstance(effect, SendMail):
            yield from map(order_key, effect.about)


def _of(order: Order) -> Iterator[str]:
    yield order.key
    yield from (shipment.tracking_number for shipment in order.shipments)
    yield from (device.imei for line in order.lines for device in line.devices)
