"""What orders and inquiries themselves tell, as the views show it; times are in the offset that is asked for."""

from collections.abc import Iterable
from datetime import tzinfo
from typing import Any

from daemon.domain.calendar import market_zone
from daemon.domain.claim import Claim
from daemon.domain.deadline import Deadline
from daemon.domain.goods_return import GoodsReturn
from daemon.domain.inquiry import Inquiry
from daemon.domain.order import Line, Order, OrderState
from daemon.domain.problem import Problem
from daemon.domain.shipment import Shipment
from daemon.engine.saying import at, exactly
from daemon.engine.views import (
    ClaimView,
    DeadlineView,
    LineView,
    MissingView,
    OrderLine,
    ProblemView,
    ReturnView,
    ShipmentView,
    ShippedLineView,
)


def order_line(order: Order) -> OrderLine:
    """An order in the list; its times in the offset of its market."""
    zone = market_zone(order.market)
    return OrderLine(
        order=order.number,
        state=order.state.value,
        seller=order.seller,
        merchant=order.merchant,
        fulfiller=order.fulfiller,
        placed_at=exactly(order.placed_at, zone),
        paid_at=at(order.paid_at, zone),
        paid_amount=None if order.paid_amount is None else f"{order.paid_amount:.2f}",
        total=f"{order.total:.2f}",
        currency=order.currency,
        ship_by=at(order.ship_by, zone),
        complete=order.complete,
    )


def order_facts(order: Order, zone: tzinfo) -> dict[str, Any]:
    """What an order itself tells, by the names of its view."""
    return {
        "order": order.number,
        "state": order.state.value,
        "seller": order.seller,
        "merchant": order.merchant,
        "fulfiller": order.fulfiller,
        "market": order.market,
        "placed_at": exactly(order.placed_at, zone),
        "paid_at": at(order.paid_at, zone),
        "paid_amount": None if order.paid_amount is None else f"{order.paid_amount:.2f}",
        "total": f"{order.total:.2f}",
        "currency": order.currency,
        "released_at": at(order.released_at, zone),
        "acknowledged_at": at(order.acknowledged_at, zone),
        "complete": order.complete,
        "missing": _missing(order),
        "ship_by": at(order.ship_by, zone),
        "incoterm": order.incoterm,
        "shipping_price": f"{order.shipping_price:.2f}",
        "no_reminders_since": at(order.no_reminders_since, zone),
        "lines": tuple(map(_line, order.lines)),
        "shipments": tuple(map(_shipment, order.shipments)),
        "problems": tuple(_problem(one, zone) for one in order.problems),
        "claims": tuple(_claim(one, order.currency, zone) for one in order.claims),
        "returns": tuple(_return(one, zone) for one in order.returns),
    }


def _line(line: Line) -> LineView:
    return LineView(
        line=line.line,
        sku=line.sku,
        title=line.title,
        quantity=line.quantity,
        shipped=line.shipped,
        canceled=line.canceled,
        imei_required=line.imei_required,
        imeis=tuple(device.imei for device in line.devices),
        hs_code=line.hs_code or None,
        origin=line.origin or None,
    )


def _shipment(shipment: Shipment) -> ShipmentView:
    return ShipmentView(
        carrier=shipment.carrier,
        tracking_number=shipment.tracking_number,
        tracking_url=shipment.tracking_url,
        shipped_on=shipment.shipped_on.isoformat(),
        lines=tuple(ShippedLineView(line=one.line, quantity=one.quantity) for one in shipment.lines),
    )


def _problem(problem: Problem, zone: tzinfo) -> ProblemView:
    return ProblemView(
        kind=problem.kind.value,
        detected_at=exactly(problem.detected_at, zone),
        new_date=problem.new_date.isoformat() if problem.new_date else None,
        buyer_notified_at=at(problem.buyer_notified_at, zone),
        resolved_at=at(problem.resolved_at, zone),
    )


def _claim(claim: Claim, currency: str, zone: tzinfo) -> ClaimView:
    return ClaimView(
        amount=f"{claim.amount:.2f}",
        currency=currency,
        on_return=claim.on_return,
        claimed_at=exactly(claim.claimed_at, zone),
        refunded_at=at(claim.refunded_at, zone),
    )


def _return(one: GoodsReturn, zone: tzinfo) -> ReturnView:
    return ReturnView(
        number=one.number,
        line=one.line,
        quantity=one.quantity,
        state=one.state.value,
        day=one.day.isoformat(),
        condition=one.condition,
        reason=one.reason,
        refunded_at=at(one.refunded_at, zone),
    )


def _missing(order: Order) -> tuple[MissingView, ...]:
    if order.state is OrderState.CANCELED:
        return ()
    return tuple(
        MissingView(what="imei", line=one.line, count=one.devices_owed) for one in order.lines if one.devices_owed
    )


def inquiry_facts(inquiry: Inquiry, zone: tzinfo) -> dict[str, Any]:
    """What an inquiry itself tells, by the names of its view."""
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


def deadline_views(found: Iterable[Deadline], zone: tzinfo) -> tuple[DeadlineView, ...]:
    """Deadlines as people are shown them."""
    return tuple(DeadlineView(kind=one.kind.value, due=exactly(one.due, zone), state=one.state.value) for one in found)
