"""A made-up marketplace: who is there, what is ordered, and how everybody behaves. Nothing is decided here."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Literal
from zoneinfo import ZoneInfo

from tests.support.workspace import ORDER_COLUMNS

BERLIN = ZoneInfo("Europe/Berlin")
LOOKS = (time(8), time(13), time(18))
"""When the house is run, every day, Berlin time."""

MARKETS = {
    "DE": "Europe/Berlin",
    "PL": "Europe/Warsaw",
    "FR": "Europe/Paris",
    "IE": "Europe/Dublin",
    "IT": "Europe/Rome",
}
_TAGS = {"DE": "de-DE", "PL": "pl-PL", "FR": "fr-FR", "IE": "en-IE", "IT": "it-IT"}

Manner = Literal["prompt", "late", "silent", "out_of_stock", "unpaid", "paid_later", "imei_later", "entered_late"]
_MANNERS: dict[Manner, int] = {
    "prompt": 70,
    "late": 8,
    "silent": 3,
    "out_of_stock": 4,
    "unpaid": 2,
    "paid_later": 3,
    "imei_later": 5,
    "entered_late": 5,
}

Answer = Literal["yes", "no", "nothing", "bounce"]


@dataclass(frozen=True)
class Seller:
    id: str
    country: str
    writes: bool
    """Whether he answers by mail; else he drops files."""

    @property
    def email(self) -> str:
        return f"orders@{self.id}.example"

    @property
    def market(self) -> str:
        return _TAGS[self.country]

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(MARKETS[self.country])


@dataclass
class Placed:
    """One order and what will happen to it; looks are counted from the first day's first one."""

    number: str
    seller: Seller
    placed_at: datetime
    handling_days: int
    is_phone: bool
    manner: Manner
    released: int | None
    ships: int | None = None
    names: int | None = None
    complains: int | None = None
    tracking: str = ""
    imei: str = ""
    shipped_on: date | None = None


@dataclass
class Asked:
    """One inquiry of a merchant, and how the fulfiller answers it."""

    merchant: str
    fulfiller: str
    look: int
    answer: Answer


@dataclass
class World:
    """Everything that happens, by the look at which it is there to be seen."""

    first: date
    days: int
    sellers: list[Seller]
    merchants: list[str]
    fulfillers: list[str]
    orders: list[Placed] = field(default_factory=list)
    inquiries: list[Asked] = field(default_factory=list)

    def moment(self, look: int) -> datetime:
        day, at = divmod(look, len(LOOKS))
        return datetime.combine(self.first + timedelta(days=day), LOOKS[at], BERLIN)

    @property
    def looks(self) -> int:
        return self.days * len(LOOKS)


def make(first: date, days: int, *, orders: int, sellers: int, fulfillers: int, seed: int) -> World:
    """A world that is the same for the same seed."""
    dice = Random(seed)  # noqa: S311 - a game, not a secret
    countries = list(MARKETS)
    world = World(
        first=first,
        days=days,
        sellers=[Seller(f"s{at:03}", countries[at % len(countries)], writes=at % 2 == 0) for at in range(sellers)],
        merchants=[f"m{at:02}" for at in range(max(1, fulfillers // 4))],
        fulfillers=[f"f{at:02}" for at in range(fulfillers)],
    )
    # Nothing new in the last week, so that most of it comes to an end.
    last_look = (days - 7) * len(LOOKS)
    for at in range(orders):
        world.orders.append(_order(world, dice, at, dice.randrange(last_look)))
    answers: list[Answer] = ["yes", "no", "nothing", "bounce"]
    for at, fulfiller in enumerate(world.fulfillers):
        merchant = world.merchants[at % len(world.merchants)]
        world.inquiries.append(Asked(merchant, fulfiller, look=1 + at % 6, answer=answers[at % 4]))
    return world


def _order(world: World, dice: Random, at: int, look: int) -> Placed:
    manner: Manner = dice.choices(list(_MANNERS), weights=list(_MANNERS.values()))[0]
    released = {"unpaid": None, "paid_later": look + dice.randint(1, 9)}.get(manner, look)
    seller = dice.choice(world.sellers)
    order = Placed(
        number=f"Q-{at:05}",
        seller=seller,
        placed_at=world.moment(look) - timedelta(minutes=dice.randint(5, 240)),
        handling_days=dice.choice((1, 2, 2, 3, 5)),
        is_phone=dice.random() < 0.4 or manner == "imei_later",
        manner=manner,
        released=released,
        tracking=_dhl(at),
        imei=_imei(at),
    )
    if released is None or manner == "silent":
        return order
    if manner == "out_of_stock":
        order.complains = released + dice.randint(1, 6)
        return order
    order.ships = released + (dice.randint(15, 40) if manner == "late" else dice.randint(1, 3))
    order.names = order.ships + (dice.randint(1, 12) if manner == "imei_later" else 0)
    left = world.moment(order.ships).astimezone(seller.zone).date()
    order.shipped_on = left - timedelta(days=1) if manner == "entered_late" else left
    # What left before it was ordered would be held, and rightly.
    if order.shipped_on < order.placed_at.astimezone(seller.zone).date():
        order.shipped_on = left
    return order


def _dhl(at: int) -> str:
    """A DHL number; the last digit is the check digit of GS1."""
    body = f"0034043416{at:09}"
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(body)))
    return f"{body}{-total % 10}"


def _imei(at: int) -> str:
    """An IMEI; the last digit is the check digit of Luhn."""
    body = f"35693803{at:06}"
    total = 0
    for place, digit in enumerate(reversed(body)):
        double = int(digit) * (2 if place % 2 == 0 else 1)
        total += double - 9 if double > 9 else double
    return f"{body}{-total % 10}"


# What is dropped and written

_COLUMNS = ORDER_COLUMNS.split(",")


def partner_files(world: World) -> dict[str, str]:
    """The partners as an admin with thousands would keep them."""
    table = io.StringIO()
    rows = csv.writer(table)
    rows.writerow(("id", "role", "name", "email", "language", "market", "timezone"))
    for one in world.sellers:
        language = "de" if one.country == "DE" else "en"
        rows.writerow((one.id, "seller", f"Shop {one.id}", one.email, language, one.market, MARKETS[one.country]))
    contact = "{person: Ada, phone: '030 5550101', street: Weg 1, postcode: '10115', city: Berlin, country: DE}"
    others = [
        f"- {{id: {one}, role: merchant, name: Handel {one}, email: [shop@{one}.example], contact: {contact}}}"
        for one in world.merchants
    ] + [
        f"- {{id: {one}, role: fulfiller, name: Lager {one}, email: [desk@{one}.example],"
        f" warehouses: [{{id: {one}-W, name: Halle, country: DE}}]}}"
        for one in world.fulfillers
    ]
    return {"sellers.csv": table.getvalue(), "others.yaml": "\n".join(others) + "\n"}


def order_table(world: World, look: int) -> str | None:
    """The shop's file at a look: what was ordered since the last, and what was paid."""
    table = io.StringIO()
    rows = csv.DictWriter(table, _COLUMNS, restval="")
    rows.writeheader()
    written = 0
    for order in world.orders:
        first = order.released == look if order.manner not in {"unpaid", "paid_later"} else _seen(world, order) == look
        if first:
            rows.writerow(_row(order, paid=order.manner not in {"unpaid", "paid_later"}))
            written += 1
        elif order.manner == "paid_later" and order.released == look:
            rows.writerow({"order_id": order.number, "paid_at": world.moment(look).isoformat()})
            written += 1
    return table.getvalue() if written else None


def _seen(world: World, order: Placed) -> int:
    """The first look after an order was placed."""
    look = max(0, (order.placed_at.astimezone(BERLIN).date() - world.first).days * len(LOOKS))
    while world.moment(look) < order.placed_at:
        look += 1
    return look


def _row(order: Placed, *, paid: bool) -> dict[str, str]:
    return {
        "order_id": order.number,
        "placed_at": order.placed_at.isoformat(),
        "paid_at": order.placed_at.isoformat() if paid else "",
        "market": order.seller.market,
        "currency": "EUR",
        "seller": order.seller.id,
        "buyer_name": "Kim Muster",
        "buyer_email": f"kim{order.number[2:]}@buyer.example",
        "ship_name": "Kim Muster",
        "ship_street": "Ringweg 5",
        "ship_postcode": "50667",
        "ship_city": "Ort",
        "ship_country": order.seller.country,
        "line_id": "1",
        "sku": "PHONE" if order.is_phone else "CASE",
        "title": "Phone" if order.is_phone else "Case",
        "quantity": "1",
        "unit_price": "199.00",
        "shipping_price": "0.00",
        "category": "smartphone" if order.is_phone else "accessory",
        "cellular": "yes" if order.is_phone else "no",
        "handling_days": str(order.handling_days),
    }


def dropped(world: World, look: int) -> Iterator[tuple[Seller, str]]:
    """What the sellers without a mail program drop at a look."""
    for seller in world.sellers:
        mine = [one for one in world.orders if one.seller is seller] if not seller.writes else []
        rows = ["Bestellnummer;Versanddienst;Sendungsnummer;Versanddatum;IMEI;Problem"]
        for one in mine:
            imei = one.imei if one.is_phone and one.names == look else ""
            if one.ships == look:
                rows.append(f"{one.number};DHL;{one.tracking};{one.shipped_on};{imei};")
            elif one.names == look and imei:
                rows.append(f"{one.number};;;;{imei};")
            elif one.complains == look:
                rows.append(f"{one.number};;;;;nicht lieferbar")
        if len(rows) > 1:
            yield seller, "\n".join(rows) + "\n"


def written(world: World, look: int) -> Iterator[tuple[Placed, str]]:
    """What the sellers who write answer at a look, and to the mail of which order."""
    for one in world.orders:
        if not one.seller.writes:
            continue
        imei = f", IMEI {one.imei}" if one.is_phone and one.names == look else ""
        if one.ships == look:
            yield one, f"Shipped on {one.shipped_on:%d.%m.%Y} with DHL, tracking number {one.tracking}{imei}."
        elif one.names == look and imei:
            yield one, f"IMEI: {one.imei}"
        elif one.complains == look:
            yield one, "Unfortunately this item is out of stock."
