"""The golden mails: each with its page, and what this house makes of it without a database."""

import io
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import SMTP
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec
import yaml

from daemon.deciding import match
from daemon.deciding.arrival import decide
from daemon.domain.arrival import Arrival, ArrivalKind, Envelope
from daemon.domain.decision import Decision, Disposition
from daemon.domain.finding import Reading
from daemon.domain.identifiers import ArrivalId, OrderKey, TrackingNumber
from daemon.domain.order import Order
from daemon.domain.snapshot import Context, DeviceUse, Snapshot
from daemon.domain.values import Value
from daemon.reading.read import read
from tests.golden.changes import Left, Trouble, imeis_between, left_between, problems_between
from tests.golden.house import AUTHSERV, NOW, POLICY, rulebook
from tests.golden.situations import Situation, situation

MAILS = Path(__file__).with_name("mails")
ANSWERS = Path(__file__).with_name("answers")


class Taken(Value, frozen=True, kw_only=True):
    """What has become true. `imeis` are named by ORDER/LINE; `inquiry` gives the state entered.

    An order that has left need not be said to be acknowledged. `changed` is whatever no case may bring about.
    """

    acknowledged: tuple[str, ...] = ()
    shipments: tuple[Left, ...] = ()
    imeis: dict[str, tuple[str, ...]] = {}
    problems: tuple[Trouble, ...] = ()
    inquiry: dict[str, str] = {}
    changed: tuple[str, ...] = ()

    @property
    def values(self) -> frozenset[str]:
        """Each single thing that was taken, so that one can be told from another."""
        return frozenset(_values(self))


class Page(Value, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`way` is how the mail is tied to our conversation; `trusted`: its Authentication-Results are believed.

    `kept_back` marks the cases that whoever mends the reading is not shown.
    """

    language: str
    program: str
    kind: str
    situation: str
    way: Literal["token", "message-id", "none"] = "token"
    trusted: bool = False
    kept_back: bool = False
    disposition: Disposition
    taken: Taken = Taken()
    why: tuple[str, ...] = ()

    def is_met_by(self, got: "Got") -> bool:
        return (got.disposition, got.taken) == (self.disposition, self.taken)


class Answer(Value, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a person typed, and nothing else, above a mail of ours that his program does not quote."""

    name: str
    kind: str
    situation: str
    disposition: Disposition
    taken: Taken = Taken()
    says: str


class Case(Value, frozen=True, kw_only=True):
    """`name` is the file's below this folder, without its ending; that of an answer follows its file's.

    What an answer says becomes a mail only where it is read: every process that runs tests knows all cases.
    """

    name: str
    page: Page
    mail: Path | Answer

    @property
    def raw(self) -> bytes:
        return _typed(self.mail) if isinstance(self.mail, Answer) else self.mail.read_bytes()


class Got(Value, frozen=True, kw_only=True):
    disposition: Disposition
    taken: Taken
    why: tuple[str, ...]


def cases(mails: Path = MAILS, answers: Path = ANSWERS) -> list[Case]:
    """Every mail that has a page and every answer, in the order of their names."""
    found = [_case(page, mails) for page in sorted(mails.rglob("*.yaml"))]
    return [*found, *(one for file in sorted(answers.glob("*.yaml")) for one in _answers(file))]


def run(case: Case) -> Got:
    """Read and decide one mail as if it came in now."""
    page, raw = case.page, case.raw
    state = _situation(page.situation)
    context = _context(state, page.way)
    envelope = Envelope(
        rcpt_to=(state.reply_to if page.way == "token" else POLICY.own_addresses[0],),
        authserv_id=AUTHSERV if page.trusted else None,
    )
    arrival = Arrival(
        id=ArrivalId("arrival"),
        kind=ArrivalKind.MAIL,
        source="imap",
        name=f"{case.name}.eml",
        received_at=NOW,
        size=len(raw),
        envelope=envelope,
    )
    reading = read(arrival, io.BytesIO(raw), context, rulebook())
    decision = decide(arrival, reading, context, _snapshot(state, reading, context), rulebook(), POLICY, NOW)
    return Got(
        disposition=decision.disposition,
        taken=_taken(state, decision),
        why=tuple(dict.fromkeys(one.code for one in decision.reasons)),
    )


_situation = cache(situation)


def _case(path: Path, mails: Path) -> Case:
    page = msgspec.convert(yaml.load(path.read_bytes(), yaml.CSafeLoader), Page)
    name = path.relative_to(mails.parent).with_suffix("").as_posix()
    return Case(
        name=name,
        page=msgspec.structs.replace(page, taken=_in_order(page.taken)),
        mail=path.with_suffix(".eml"),
    )


def _answers(file: Path) -> Iterator[Case]:
    for one in msgspec.convert(yaml.load(file.read_bytes(), yaml.CSafeLoader), list[Answer]):
        page = Page(
            language=file.stem[:2],
            program="typed",
            kind=one.kind,
            situation=one.situation,
            disposition=one.disposition,
            taken=_in_order(one.taken),
        )
        yield Case(name=f"answers/{file.stem}/{one.name}", page=page, mail=one)


def _typed(answer: Answer) -> bytes:
    state = _situation(answer.situation)
    mail = EmailMessage(policy=SMTP)
    mail["From"] = state.partner.address
    mail["To"] = state.reply_to
    mail["Subject"] = f"Re: {state.subject}"
    mail["Date"] = NOW
    mail["Message-ID"] = f"<{answer.name}@mail.example>"
    mail["In-Reply-To"] = f"<{state.message_id}>"
    mail.set_content(answer.says)
    return mail.as_bytes()


# What the store would find


def _context(state: Situation, way: str) -> Context:
    if way == "none":
        return Context(own_addresses=POLICY.own_addresses, timezone=POLICY.timezone)
    return Context(
        conversation=state.conversation,
        proven=way,
        ours=state.answered,
        party=state.partner.party,
        partner=state.partner.id,
        own_addresses=POLICY.own_addresses,
        timezone=state.partner.timezone,
    )


def _snapshot(state: Situation, reading: Reading, context: Context) -> Snapshot:
    wanted = match.lookup(reading, context)
    known = {one.key: one for one in state.orders}
    devices = {
        device.imei: DeviceUse(order=order.key, number=order.number, line=line.line)
        for order in state.orders
        for line in order.lines
        for device in line.devices
    }
    parcels: dict[TrackingNumber, tuple[OrderKey, ...]] = {
        one.tracking_number: (order.key,) for order in state.orders for one in order.shipments
    }
    found = {number: parcels[number] for number in wanted.numbers if number in parcels}
    bounced = state.message_id in wanted.messages
    keys = {*wanted.orders, *(key for keys in found.values() for key in keys), *(known if bounced else ())}
    inquiry = state.inquiry if state.inquiry and (bounced or state.inquiry.id in wanted.inquiries) else None
    return Snapshot(
        orders={key: order for key, order in known.items() if key in keys},
        inquiries={inquiry.id: inquiry} if inquiry else {},
        devices={imei: devices[imei] for imei in wanted.imeis if imei in devices},
        parcels=found,
        messages={state.message_id: state.conversation} if bounced else {},
        sent=state.sent,
    )


# What has become true


def _taken(state: Situation, decision: Decision) -> Taken:
    before = {one.key: one for one in state.orders}
    moved = [(before[one.key], one) for one in decision.orders]
    left = [parcel for old, new in moved for parcel in left_between(old, new)]
    inquiry = state.inquiry
    return _in_order(
        Taken(
            acknowledged=tuple(
                new.number
                for old, new in moved
                if new.acknowledged_at != old.acknowledged_at and new.shipments == old.shipments
            ),
            shipments=tuple(left),
            imeis=dict(named for old, new in moved for named in imeis_between(old, new)),
            problems=tuple(trouble for old, new in moved for trouble in problems_between(old, new)),
            inquiry={one.id: one.state.value for one in decision.inquiries if inquiry and one.state != inquiry.state},
            changed=tuple(change for old, new in moved for change in _changed(old, new)),
        )
    )


_MAY_CHANGE = {"version", "acknowledged_at", "shipped_at", "shipments", "problems", "lines", "because"}


def _changed(old: Order, new: Order) -> Iterator[str]:
    for field in new.__struct_fields__:
        if field not in _MAY_CHANGE and getattr(old, field) != getattr(new, field):
            yield f"{new.number}: {field}"
    for was, line in zip(old.lines, new.lines, strict=True):
        if was.canceled != line.canceled or not set(was.devices) <= set(line.devices):
            yield f"{new.number}/{line.line}"


def _in_order(taken: Taken) -> Taken:
    return msgspec.structs.replace(
        taken,
        acknowledged=tuple(sorted(taken.acknowledged)),
        shipments=tuple(sorted(taken.shipments, key=lambda one: (one.order, one.number))),
        imeis={line: tuple(sorted(imeis)) for line, imeis in sorted(taken.imeis.items())},
        problems=tuple(sorted(taken.problems, key=lambda one: (one.order, one.kind))),
    )


def _values(taken: Taken) -> Iterator[str]:
    yield from (f"{order} acknowledged" for order in taken.acknowledged)
    for parcel in taken.shipments:
        named = f"{parcel.order} left as {parcel.number}"
        yield from (named, f"{named} with {parcel.carrier}", f"{named} on {parcel.shipped_on}")
        yield from (f"{named}: {quantity} of line {line}" for line, quantity in parcel.lines.items())
    yield from (f"{line} has IMEI {imei}" for line, imeis in taken.imeis.items() for imei in imeis)
    for trouble in taken.problems:
        yield f"{trouble.order} has the problem {trouble.kind}"
        yield f"{trouble.order}: {trouble.kind} until {trouble.until}"
    yield from (f"inquiry {inquiry} is {state}" for inquiry, state in taken.inquiry.items())
    yield from taken.changed
