"""Loads exactly the state that a decision may look at."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from sqlalchemy import Connection

from daemon.domain.article import Article, article_key
from daemon.domain.deadline import Deadline, inquiry_subject, order_subject, partner_subject
from daemon.domain.decision import Relationship
from daemon.domain.effect import SendMail
from daemon.domain.identifiers import Imei, InquiryId, MessageId, OrderKey, PartnerId, TrackingNumber, order_key
from daemon.domain.inquiry import Inquiry
from daemon.domain.order import Order
from daemon.domain.snapshot import Conversation, DeviceUse, Lookup, Snapshot
from daemon.domain.stock import StockLevel, stock_key
from daemon.domain.values import Value
from daemon.store import conversations, deadlines, held_arrivals, inquiries, orders, outbox, sources, stock, trade
from daemon.store.outbox import Keys

_K = TypeVar("_K")
_V = TypeVar("_V")


def load(connection: Connection, lookup: Lookup) -> Snapshot:
    """The state that was asked for."""
    return load_each(connection, [lookup])[0]


def load_each(connection: Connection, lookups: Sequence[Lookup]) -> list[Snapshot]:
    """A snapshot for each of them, in as many queries as for one.

    A message of ours brings along what its conversation is about, a parcel's number the orders that left in it, and a
    merchant his inquiries.
    """
    messages = conversations.of_messages(connection, _all(one.messages for one in lookups))
    parcels = orders.parcels(connection, _all(one.numbers for one in lookups))
    merchants = _all(one.merchants for one in lookups)
    about = [one for conversation in messages.values() for one in conversation.about]
    together = [key for keys in parcels.values() for key in keys]
    lacking = {one.key: one for one in orders.undeclared(connection, _all(one.described for one in lookups))}
    found = orders.load(connection, _all([*(one.orders for one in lookups), map(order_key, about), together]))
    found |= lacking
    merchants = _all([merchants, _merchants_to_pay(found.values())])
    asked = inquiries.load(connection, _all([*(one.inquiries for one in lookups), about]))
    ending = _all(one.running for one in lookups)
    askers = _all([merchants, [asked[id_].merchant for one in lookups for id_ in one.rivals if id_ in asked]])
    asked |= inquiries.of_merchants(connection, askers) if askers else {}
    relationships = inquiries.relationships(connection, merchants) if merchants else ()
    shelves = [_shelves(one, relationships, found) for one in lookups]
    partners = _all(one.partners for one in lookups)
    subjects = [*map(order_subject, found), *map(inquiry_subject, asked), *map(partner_subject, partners)]
    loaded = _Loaded(
        running={one: orders.running(connection, asked[one]) for one in ending if one in asked},
        orders=found,
        lacking=frozenset(lacking),
        inquiries=asked,
        deadlines=deadlines.of(connection, subjects, only_awaited=True),
        devices=orders.device_uses(connection, _all(one.imeis for one in lookups)),
        parcels=parcels,
        messages=messages,
        relationships=relationships,
        stock=stock.load(connection, _all(shelves)),
        articles=trade.articles(connection, _all(one.articles for one in lookups)),
        keys=outbox.keys_about(connection, _all([found, map(order_key, asked)])),
        returned=outbox.returned(connection, _all(one.returned for one in lookups)),
        held=held_arrivals.subjects(connection, _all(one.held for one in lookups)),
        left_alone=sources.left_alone(connection) if partners else frozenset(),
        next_inquiry=inquiries.next_number(connection),
    )
    return [loaded.part(one) for one in lookups]


class _Loaded(Value, frozen=True, kw_only=True):
    """What was asked for by all together."""

    running: dict[InquiryId, tuple[Order, ...]]
    orders: dict[OrderKey, Order]
    lacking: frozenset[OrderKey]
    inquiries: dict[InquiryId, Inquiry]
    deadlines: list[Deadline]
    devices: dict[Imei, DeviceUse]
    parcels: dict[TrackingNumber, tuple[OrderKey, ...]]
    messages: dict[MessageId, Conversation]
    relationships: tuple[Relationship, ...]
    stock: dict[str, tuple[StockLevel, ...]]
    articles: dict[str, Article]
    keys: dict[str, Keys]
    returned: dict[str, tuple[SendMail, ...]]
    held: frozenset[str]
    left_alone: frozenset[PartnerId]
    next_inquiry: int

    def part(self, lookup: Lookup) -> Snapshot:
        """What one of them asked for."""
        messages = _among(self.messages, lookup.messages)
        parcels = _among(self.parcels, lookup.numbers)
        about = [one for conversation in messages.values() for one in conversation.about]
        together = [key for keys in parcels.values() for key in keys]
        merchants = {merchant for merchant, _ in lookup.described}
        lacking = [key for key in self.lacking if self.orders[key].merchant in merchants]
        found = _among(self.orders, sorted({*lookup.orders, *map(order_key, about), *together, *lacking}))
        asked = _among(self.inquiries, sorted({*lookup.inquiries, *map(InquiryId, about)}))
        related = {*lookup.merchants, *_merchants_to_pay(found.values())}
        pairs = {_pair(self.inquiries[one]) for one in lookup.rivals if one in self.inquiries}
        asked |= {id_: one for id_, one in self.inquiries.items() if one.merchant in related or _pair(one) in pairs}
        subjects = {*map(order_subject, found), *map(inquiry_subject, asked), *map(partner_subject, lookup.partners)}
        keys = _among(self.keys, [*found, *map(order_key, asked)]).values()
        return Snapshot(
            orders=found,
            inquiries=asked,
            running=_among(self.running, lookup.running),
            deadlines=tuple(one for one in self.deadlines if one.subject in subjects),
            devices=_among(self.devices, lookup.imeis),
            parcels=parcels,
            messages=messages,
            relationships=tuple(one for one in self.relationships if one.merchant in related),
            stock=_among(self.stock, _shelves(lookup, self.relationships, self.orders)),
            articles=_among(self.articles, (article_key(*one) for one in lookup.articles)),
            sent=frozenset(key for one in keys for key in one.sent),
            queued=frozenset(key for one in keys for key in one.queued),
            returned=tuple(mail for some in _among(self.returned, lookup.returned).values() for mail in some),
            held=self.held & set(lookup.held),
            left_alone=self.left_alone & set(lookup.partners),
            next_inquiry=self.next_inquiry,
        )


def _pair(inquiry: Inquiry) -> tuple[str, str]:
    return inquiry.merchant, inquiry.fulfiller


def _merchants_to_pay(orders: Iterable[Order]) -> set[PartnerId]:
    """Of whom an order waits for its payment, and may go to his fulfiller only while the two are connected."""
    return {
        PartnerId(one.merchant)
        for one in orders
        if one.merchant and one.fulfiller and one.shipper == one.fulfiller and not one.released_at
    }


def _shelves(lookup: Lookup, relationships: Iterable[Relationship], orders: Mapping[OrderKey, Order]) -> list[str]:
    """The keys of SKUs that it asks for, of all who may ship what names nobody, and of orders that may be paid now."""
    unplaced = (
        (one.fulfiller, sku, merchant)
        for merchant, sku in lookup.unplaced
        for one in relationships
        if one.merchant == merchant
    )
    unpaid = (
        (order.shipper, line.sku, order.merchant or "")
        for key in lookup.orders
        if (order := orders.get(key)) and not order.released_at
        for line in order.lines
    )
    keys = (
        stock_key(*place)
        for shipper, sku, merchant in (*unplaced, *unpaid)
        for place in ((shipper, sku), (shipper, sku, merchant))
    )
    return list(dict.fromkeys([*lookup.stock, *keys]))


def _all(many: Iterable[Iterable[_K]]) -> list[_K]:
    """Each once, in the order in which they were named."""
    return list(dict.fromkeys(one for some in many for one in some))


def _among(everything: Mapping[_K, _V], wanted: Iterable[_K]) -> dict[_K, _V]:
    return {one: everything[one] for one in wanted if one in everything}
