"""Answers what people ask about the state of things, as frozen views."""

from collections.abc import Iterable, Sequence
from datetime import datetime, tzinfo
from typing import Any

from msgspec.structs import replace
from sqlalchemy import Connection

from daemon.domain.calendar import market_zone
from daemon.domain.deadline import Deadline, inquiry_subject, order_subject
from daemon.domain.document import Mail
from daemon.domain.identifiers import order_key
from daemon.domain.inquiry import Inquiry
from daemon.domain.order import Order, OrderState
from daemon.engine import brakes
from daemon.engine.groups import grouped, is_group, members
from daemon.engine.premises import Premises
from daemon.engine.remembering import arrival_subject
from daemon.engine.saying import Saying, at, exactly, some
from daemon.engine.trust import listed, said
from daemon.engine.views import (
    ClaimView,
    DeadlineView,
    ExplainView,
    GroupView,
    HeldView,
    HistoryView,
    InquiryLine,
    InquiryView,
    LineView,
    MissingView,
    OrderLine,
    OrderView,
    ProblemView,
    ShipmentView,
    ShippedLineView,
)
from daemon.errors import UnknownIdError
from daemon.store import arrivals, commit, deadlines, inquiries, orders, portions
from daemon.store.arrivals import Stored

_PORTIONS = 20


class Queries:
    """Every answer is of one moment: it is read in one transaction."""

    def __init__(self, premises: Premises, saying: Saying) -> None:
        self._premises = premises
        self._saying = saying

    def orders(self) -> list[OrderLine]:
        """All orders, newest first."""
        with self._premises.database.reading() as connection:
            return [_order_line(one) for one in orders.listed(connection)]

    def order(self, number: str) -> OrderView:
        """One order with its whole history."""
        key = order_key(number)
        with self._premises.database.reading() as connection:
            found = orders.load(connection, [key]).get(key)
            if found is None:
                raise UnknownIdError(number)
            zone = market_zone(found.market)
            return OrderView(
                **_order_facts(found, zone),
                deadlines=_deadlines(deadlines.of(connection, [order_subject(key)], only_coming=False), zone),
                held=tuple(arrivals.held_about(connection, key)),
                history=self._history(connection, order_subject(key), zone),
            )

    def inquiries(self, merchant: str | None = None) -> list[InquiryLine]:
        """The inquiries with their processing status: the merchant's dashboard. UnknownIdError for a stranger."""
        if merchant is not None and self._premises.editions.current.partner(merchant) is None:
            raise UnknownIdError(merchant)
        with self._premises.database.reading() as connection:
            return [
                InquiryLine(**_inquiry_facts(one, self._inquiry_zone(one)))
                for one in inquiries.listed(connection, merchant)
            ]

    def inquiry(self, id_: str) -> InquiryView:
        """One inquiry with its whole history."""
        with self._premises.database.reading() as connection:
            found = next(iter(inquiries.load(connection, [id_, id_.upper()]).values()), None)
            if found is None:
                raise UnknownIdError(id_)
            zone = self._inquiry_zone(found)
            subject = inquiry_subject(found.id)
            return InquiryView(
                **_inquiry_facts(found, zone),
                left_alone=found.left_alone,
                deadlines=_deadlines(deadlines.of(connection, [subject], only_coming=False), zone),
                held=tuple(arrivals.held_about(connection, order_key(found.id))),
                history=self._history(connection, subject, zone),
            )

    def held(self) -> list[HeldView]:
        """What waits for a person, nearest deadline first."""
        with self._premises.database.reading() as connection:
            waiting = arrivals.held(connection)
            about = arrivals.about(connection, [one.arrival.id for one in waiting])
            due = _nearest(connection, {one for names in about.values() for one in names})
            views = [
                (_soonest(about.get(one.arrival.id, ()), due), self._held(connection, one, about, due))
                for one in waiting
            ]
        views.sort(key=lambda pair: (pair[0] is None, pair[0].timestamp() if pair[0] else 0.0))
        return [view for _, view in views]

    def _held(
        self,
        connection: Connection,
        stored: Stored,
        about: dict[str, tuple[str, ...]],
        due: dict[str, datetime],
    ) -> HeldView:
        one = stored.arrival
        names = about.get(one.id, ())
        return HeldView(
            id=one.id,
            received_at=exactly(one.received_at, self._saying.zone),
            source=one.source,
            name=one.name,
            about=some(names),
            due=at(_soonest(names, due), self._saying.zone),
            excerpt=stored.excerpt,
            proposal=self._saying.proposal(stored.proposal),
            reasons=self._saying.say_all(stored.reasons),
            sender=_sender(connection, one.id),
            codes=tuple(dict.fromkeys(reason.code for reason in stored.reasons)),
        )

    def held_groups(self) -> list[GroupView]:
        """What waits for a person, by reason and sender."""
        return grouped(self.held())

    def members(self, ids: Sequence[str]) -> list[str]:
        """Ids of held arrivals, with the groups among them spelled out."""
        found = members(ids, self.held()) if any(map(is_group, ids)) else list(dict.fromkeys(ids))
        if gone := next((one for one in found if is_group(one)), None):
            raise UnknownIdError(gone)
        return found

    def explain(self, id_: str) -> ExplainView:
        """Why an arrival was read as it was: every rule hit and missed, every finding with its place."""
        with self._premises.database.reading() as connection:
            stored = arrivals.get(connection, id_)
            if stored is None:
                raise UnknownIdError(id_)
            positions = portions.positions(connection, id_)[:_PORTIONS]
            kept = [portions.get(connection, id_, position) for position in positions]
            history = self._history(connection, arrival_subject(id_), self._saying.zone)
            trusts = listed(connection)
        parts = [(one.reading, one.decision) for one in kept if one is not None]
        view = self._saying.explain(id_, parts, stored.state.value)
        mail = next((one for reading, _ in parts for one in reading.documents if isinstance(one, Mail)), None)
        given = [one for one in trusts if mail and one.sender == mail.sender.casefold()]
        return replace(
            view,
            reasons=view.reasons if parts else self._saying.say_all(stored.reasons),
            history=history,
            proposal=self._saying.proposal(stored.proposal),
            trusted="; ".join(map(said, given)) or None,
        )

    def paused(self) -> tuple[str, ...]:
        """What is paused by a person."""
        with self._premises.database.reading() as connection:
            return brakes.paused_now(connection)

    def _history(self, connection: Connection, subject: str, zone: tzinfo) -> tuple[HistoryView, ...]:
        return tuple(
            HistoryView(at=exactly(one.at, zone), what=self._saying.say(one.what), because=one.because)
            for one in commit.history_of(connection, subject)
        )

    def _inquiry_zone(self, inquiry: Inquiry) -> tzinfo:
        return self._saying.zone_of(self._premises.editions.current.partner(inquiry.merchant))


def _order_line(order: Order) -> OrderLine:
    zone = market_zone(order.market)
    return OrderLine(
        order=order.number,
        state=order.state.value,
        seller=order.seller,
        merchant=order.merchant,
        fulfiller=order.fulfiller,
        placed_at=exactly(order.placed_at, zone),
        ship_by=at(order.ship_by, zone),
        complete=order.complete,
    )


def _order_facts(order: Order, zone: tzinfo) -> dict[str, Any]:
    return {
        "order": order.number,
        "state": order.state.value,
        "seller": order.seller,
        "merchant": order.merchant,
        "fulfiller": order.fulfiller,
        "market": order.market,
        "placed_at": exactly(order.placed_at, zone),
        "paid_at": at(order.paid_at, zone),
        "released_at": at(order.released_at, zone),
        "acknowledged_at": at(order.acknowledged_at, zone),
        "complete": order.complete,
        "missing": _missing(order),
        "ship_by": at(order.ship_by, zone),
        "incoterm": order.incoterm,
        "shipping_price": f"{order.shipping_price:.2f}",
        "no_reminders_since": at(order.no_reminders_since, zone),
        "lines": tuple(
            LineView(
                line=one.line,
                sku=one.sku,
                title=one.title,
                quantity=one.quantity,
                shipped=one.shipped,
                canceled=one.canceled,
                imei_required=one.imei_required,
                imeis=tuple(device.imei for device in one.devices),
            )
            for one in order.lines
        ),
        "shipments": tuple(
            ShipmentView(
                carrier=one.carrier,
                tracking_number=one.tracking_number,
                tracking_url=one.tracking_url,
                shipped_on=one.shipped_on.isoformat(),
                lines=tuple(ShippedLineView(line=part.line, quantity=part.quantity) for part in one.lines),
            )
            for one in order.shipments
        ),
        "problems": tuple(
            ProblemView(
                kind=one.kind.value,
                detected_at=exactly(one.detected_at, zone),
                new_date=one.new_date.isoformat() if one.new_date else None,
                buyer_notified_at=at(one.buyer_notified_at, zone),
                resolved_at=at(one.resolved_at, zone),
            )
            for one in order.problems
        ),
        "claims": tuple(
            ClaimView(
                amount=f"{one.amount:.2f}",
                currency=order.currency,
                on_return=one.on_return,
                claimed_at=exactly(one.claimed_at, zone),
                refunded_at=at(one.refunded_at, zone),
            )
            for one in order.claims
        ),
    }


def _missing(order: Order) -> tuple[MissingView, ...]:
    if order.state is OrderState.CANCELED:
        return ()
    return tuple(
        MissingView(what="imei", line=one.line, count=one.devices_owed) for one in order.lines if one.devices_owed
    )


def _inquiry_facts(inquiry: Inquiry, zone: tzinfo) -> dict[str, Any]:
    return {
        "inquiry": inquiry.id,
        "merchant": inquiry.merchant,
        "fulfiller": inquiry.fulfiller,
        "warehouse": inquiry.warehouse,
        "state": inquiry.state.value,
        "sent_at": exactly(inquiry.sent_at, zone),
        "answered_at": at(inquiry.answered_at, zone),
        "active_since": at(inquiry.active_since, zone),
    }


def _deadlines(found: Iterable[Deadline], zone: tzinfo) -> tuple[DeadlineView, ...]:
    return tuple(DeadlineView(kind=one.kind.value, due=exactly(one.due, zone), state=one.state.value) for one in found)


def _nearest(connection: Connection, names: set[str]) -> dict[str, datetime]:
    """The nearest open deadline of each order and inquiry."""
    subjects = {order_subject(order_key(one)): one for one in names} | {inquiry_subject(one): one for one in names}
    found: dict[str, datetime] = {}
    for deadline in deadlines.of(connection, sorted(subjects), only_coming=True):
        found.setdefault(subjects[deadline.subject], deadline.due)
    return found


def _soonest(names: Sequence[str], due: dict[str, datetime]) -> datetime | None:
    return min((due[one] for one in names if one in due), default=None)


def _sender(connection: Connection, id_: str) -> str | None:
    kept = portions.get(connection, id_, 0)
    mails = [one for one in kept.reading.documents if isinstance(one, Mail)] if kept else []
    return mails[0].sender or None if mails else None
