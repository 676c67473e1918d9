"""The golden files: each with its page, and what this house makes of it without a database."""

import io
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import msgspec
import yaml
from msgspec.structs import replace

from daemon.deciding import match
from daemon.deciding.arrival import decide
from daemon.deciding.letters import order_mail_key
from daemon.domain.arrival import Arrival, ArrivalKind
from daemon.domain.decision import Decision, Disposition, Relationship, RowResult
from daemon.domain.finding import Reading
from daemon.domain.identifiers import ArrivalId, Imei, OrderKey, TrackingNumber
from daemon.domain.order import Order
from daemon.domain.partner import Partner
from daemon.domain.snapshot import Context, DeviceUse, Snapshot
from daemon.domain.values import Value
from daemon.reading.read import read
from tests.golden.file_situations import orders
from tests.golden.file_taken import Taken, taken
from tests.golden.house import NOW, POLICY, partner, rulebook

FILES = Path(__file__).with_name("files")
ORDERS = "orders"
_SELLER = "acme"


class Page(Value, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`party` is the folder it is dropped in; `rows` what becomes of the sender's rows, in his order.

    `after` names golden files that were taken before. `unsent`: no order mail has left yet. `covered`: nordlager's
    relationship with nova is active. `kept_back` as for mails.
    """

    language: str
    program: str
    kind: str
    party: str
    situation: str = "open"
    after: tuple[str, ...] = ()
    unsent: bool = False
    covered: bool = False
    kept_back: bool = False
    disposition: Disposition
    rows: tuple[RowResult, ...]
    taken: Taken = Taken()
    why: tuple[str, ...] = ()

    def is_met_by(self, got: "Got") -> bool:
        return (got.disposition, got.rows, got.taken) == (self.disposition, self.rows, self.taken)


class Case(Value, frozen=True, kw_only=True):
    name: str
    page: Page
    raw: bytes


class Got(Value, frozen=True, kw_only=True):
    disposition: Disposition
    rows: tuple[RowResult, ...]
    taken: Taken
    why: tuple[str, ...]


def cases() -> list[Case]:
    """Every file that has a page, in the order of their names."""
    return [case(path.relative_to(FILES).with_suffix("").as_posix()) for path in sorted(FILES.glob("*/*.yaml"))]


def case(name: str) -> Case:
    page = msgspec.convert(yaml.load((FILES / f"{name}.yaml").read_bytes(), yaml.CSafeLoader), Page)
    page = msgspec.structs.replace(page, taken=page.taken.in_order)
    return Case(name=name, page=page, raw=(FILES / name).read_bytes())


def run(one: Case) -> Got:
    """Read and decide one file as if it was dropped now."""
    known = _known(one)
    decision = _decide(one, known)
    return Got(
        disposition=decision.disposition,
        rows=tuple(verdict.result for verdict in decision.verdicts),
        taken=taken(known, decision),
        why=tuple(dict.fromkeys(reason.code for reason in decision.reasons)),
    )


def _known(one: Case) -> tuple[Order, ...]:
    """The situation's orders, moved on by the files that came before."""
    known = {order.key: order for order in orders(one.page.situation, _speaker(one.page))}
    for name in one.page.after:
        decision = _decide(case(name), tuple(known.values()))
        known |= {order.key: order for order in decision.orders}
    return tuple(known.values())


def _speaker(page: Page) -> Partner:
    return partner(page.party.rpartition("/")[2] if "/" in page.party else _SELLER)


def _decide(one: Case, known: Sequence[Order]) -> Decision:
    """The whole file, portion by portion, as one decision."""
    now = {order.key: order for order in known}
    position: int | None = 0
    whole: Decision | None = None
    while position is not None:
        decision, position = _portion(one, tuple(now.values()), position)
        now |= {order.key: order for order in decision.orders}
        whole = _joined(whole, decision) if whole else decision
    assert whole is not None
    return whole


def _joined(before: Decision, after: Decision) -> Decision:
    held = Disposition.HELD in {before.disposition, after.disposition}
    orders = {order.key: order for order in (*before.orders, *after.orders)}
    return replace(
        before,
        disposition=Disposition.HELD if held else after.disposition,
        orders=tuple(orders.values()),
        **{
            name: (*getattr(before, name), *getattr(after, name))
            for name in ("reasons", "verdicts", "history", "inquiries")
        },
    )


def _portion(one: Case, known: Sequence[Order], position: int) -> tuple[Decision, int | None]:
    page = one.page
    speaker = None if page.party == ORDERS else _speaker(page)
    context = Context(
        party=page.party,
        partner=speaker.id if speaker else None,
        own_addresses=POLICY.own_addresses,
        timezone=speaker.timezone if speaker else POLICY.timezone,
    )
    arrival = Arrival(
        id=ArrivalId("arrival"),
        kind=ArrivalKind.FILE,
        source=f"folder:{page.party}",
        name=one.name.rpartition("/")[2],
        received_at=NOW,
        party=page.party,
        size=len(one.raw),
        position=position,
    )
    reading = read(arrival, io.BytesIO(one.raw), context, rulebook())
    snapshot = _snapshot(page, known, reading, context)
    return decide(arrival, reading, context, snapshot, rulebook(), POLICY, NOW), reading.next_position


def _snapshot(page: Page, known: Sequence[Order], reading: Reading, context: Context) -> Snapshot:
    """What the store would find."""
    wanted = match.lookup(reading, context)
    devices = dict(_devices(known))
    parcels: dict[TrackingNumber, tuple[OrderKey, ...]] = {
        parcel.tracking_number: (one.key,) for one in known for parcel in one.shipments
    }
    found = {number: parcels[number] for number in wanted.numbers if number in parcels}
    keys = {*wanted.orders, *(key for keys in found.values() for key in keys)}
    return Snapshot(
        orders={one.key: one for one in known if one.key in keys},
        devices={imei: devices[imei] for imei in wanted.imeis if imei in devices},
        parcels=found,
        relationships=_COVERED if page.covered else (),
        sent=frozenset() if page.unsent else frozenset(order_mail_key(one) for one in known),
    )


def _devices(known: Sequence[Order]) -> Iterator[tuple[Imei, DeviceUse]]:
    for order in known:
        for line in order.lines:
            yield from (
                (one.imei, DeviceUse(order=order.key, number=order.number, line=line.line)) for one in line.devices
            )


_COVERED = (
    Relationship(
        merchant="nova",
        fulfiller="nordlager",
        warehouse="NL-HH1",
        inquiry="Q-1",
        since=datetime.fromisoformat("2026-11-02T08:00:00+01:00"),
    ),
)
