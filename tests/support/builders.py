"""Small orders, partners and rulebooks for tests, each complete enough to be decided on."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec

from daemon.domain.arrival import Arrival, ArrivalKind
from daemon.domain.deadline import DeadlineKind
from daemon.domain.decision import Decision
from daemon.domain.finding import Evidence
from daemon.domain.identifiers import ArrivalId, LineId, PartnerId
from daemon.domain.order import Address, Buyer, Line, Order
from daemon.domain.partner import Contact, Partner, Role, Warehouse
from daemon.domain.policy import Policy, TimeUnit
from daemon.domain.snapshot import Snapshot
from daemon.rules.carriers import Carrier, NumberForm
from daemon.rules.deadlines import DeadlineRule, Ring, Span
from daemon.rules.rulebook import Rulebook

WEDNESDAY = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
"""A plain working day in Germany, and the tests' usual now."""

DHL_NUMBER = "00340434161094042557"
OTHER_DHL_NUMBER = "00340433836442636597"
IMEI_A = "352099001761481"
IMEI_B = "490154203237518"
IMEI_C = "356938035643809"

ACME = Partner(
    id=PartnerId("acme"), role=Role.SELLER, name="Acme Mobile GmbH", email=("orders@acme.example",), market="de-DE"
)
BOLT = Partner(id=PartnerId("bolt"), role=Role.SELLER, name="Bolt Ltd", email=("desk@bolt.example",), language="en")
NOVA = Partner(
    id=PartnerId("nova"),
    role=Role.MERCHANT,
    name="Nova Handels GmbH",
    email=("einkauf@nova.example",),
    contact=Contact(
        person="Ada Beispiel",
        phone="+49 30 5550101",
        street="Musterweg 1",
        postcode="10115",
        city="Berlin",
        country="DE",
    ),
)
NORD = Partner(
    id=PartnerId("nordlager"),
    role=Role.FULFILLER,
    name="Nordlager Logistik GmbH",
    email=("anfragen@nordlager.example",),
    warehouses=(Warehouse(id="NL-HH1", name="Hamburg 1", country="DE"),),
)

_HOURS = TimeUnit.HOURS
RULEBOOK = Rulebook(
    hash="test",
    partners=(ACME, BOLT, NOVA, NORD),
    carriers=(
        Carrier(
            id="dhl",
            name="DHL",
            numbers=(NumberForm(pattern="[0-9]{20}", check="gs1", alone=True),),
            hosts=("www.dhl.de",),
            links={"de": "https://www.dhl.de/de?piececode={number}", "en": "https://www.dhl.de/en?piececode={number}"},
        ),
    ),
    deadlines=(
        DeadlineRule(
            kind=DeadlineKind.SHIP,
            starts="order_released",
            met_by=("order_shipped",),
            dropped_by=("order_canceled", "payment_reversed"),
            rings=(
                Ring(before=Span(amount=24, unit=_HOURS), template="reminder-ship"),
                Ring(after=Span(amount=24, unit=_HOURS), template="reminder-ship"),
            ),
            missed=("buyer", "operator"),
        ),
        DeadlineRule(
            kind=DeadlineKind.IMEI,
            starts="devices_left_unnamed",
            met_by=("devices_named",),
            length=Span(amount=24, unit=_HOURS),
            rings=(Ring(before=Span(amount=4, unit=_HOURS), template="reminder-imei"),),
            missed=("operator",),
        ),
        DeadlineRule(
            kind=DeadlineKind.BUYER_NOTICE,
            starts="problem_found",
            anew=True,
            waits_for="us",
            met_by=("buyer_told",),
            dropped_by=("order_canceled",),
            length=Span(amount=24, unit=_HOURS),
            missed=("operator",),
        ),
        DeadlineRule(
            kind=DeadlineKind.ANSWER,
            starts="inquiry_sent",
            calendar="partner",
            met_by=("inquiry_answered",),
            dropped_by=("inquiry_over",),
            length=Span(amount=5, unit=TimeUnit.WORKING_DAYS),
            rings=(Ring(before=Span(amount=3, unit=TimeUnit.WORKING_DAYS), template="reminder-inquiry"),),
            missed=("operator",),
        ),
        DeadlineRule(
            kind=DeadlineKind.EXPIRY,
            starts="inquiry_sent",
            calendar="partner",
            dropped_by=("inquiry_answered", "inquiry_over"),
            length=Span(amount=21, unit=TimeUnit.DAYS),
            missed=("expire",),
        ),
    ),
)

POLICY = Policy(operator="ops@shop.example")


def line(line_id: str = "1", **changes: Any) -> Line:
    plain = Line(
        line=LineId(line_id),
        sku=f"SKU-{line_id}",
        title=f"Thing {line_id}",
        quantity=1,
        unit_price=Decimal("100.00"),
        handling_days=2,
    )
    return msgspec.structs.replace(plain, **changes)


def phone(line_id: str = "1", **changes: Any) -> Line:
    return line(line_id, category="smartphone", cellular=True, **changes)


def order(number: str = "A-1001", *lines: Line, **changes: Any) -> Order:
    """A paid and released order of acme's, placed on Wednesday morning and due on Friday night."""
    plain = Order(
        number=number,
        seller=ACME.id,
        shipper=ACME.id,
        market="de-DE",
        currency="EUR",
        placed_at=WEDNESDAY - timedelta(hours=2),
        paid_at=WEDNESDAY - timedelta(hours=2),
        released_at=WEDNESDAY - timedelta(hours=1),
        ship_by=datetime.fromisoformat("2026-11-27T23:59:59+01:00"),
        buyer=Buyer(name="Zoë Kanari", email="zoe@buyer.example", phone="+49 170 5550199"),
        address=Address(name="Zoë Kanari", street="Ringstraße 5", postcode="50667", city="Köln", country="DE"),
        lines=lines or (line(),),
        because="a-order",
    )
    return msgspec.structs.replace(plain, **changes)


def arrival(**changes: Any) -> Arrival:
    plain = Arrival(
        id=ArrivalId("a-1"), kind=ArrivalKind.MAIL, source="folder:mail", name="reply.eml", received_at=WEDNESDAY
    )
    return msgspec.structs.replace(plain, **changes)


def snapshot(*orders: Order, **changes: Any) -> Snapshot:
    plain = Snapshot(
        orders={one.key: one for one in orders},
        sent=frozenset(f"order:{one.key}" for one in orders if one.released_at),
    )
    return msgspec.structs.replace(plain, **changes)


def evidence(row: int | None = None, text: str = "") -> Evidence:
    return Evidence(where=f"row {row}" if row else "mail text, line 1", text=text, row=row)


def templates(decision: Decision) -> list[str]:
    """The templates of the mails that a decision sends."""
    return [one.template for one in decision.effects if hasattr(one, "template")]
