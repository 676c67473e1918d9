"""The mails of an order: to whom, in which language, and with what data; the words are the templates'."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

import msgspec

from daemon.deciding.draft import Draft
from daemon.domain.calendar import market_language, market_zone
from daemon.domain.claim import Claim
from daemon.domain.deadline import DeadlineKind, order_subject
from daemon.domain.effect import Copied, PassedOn, SendMail
from daemon.domain.identifiers import TrackingNumber
from daemon.domain.order import Line, Order
from daemon.domain.partner import Partner
from daemon.domain.policy import BuyerMails
from daemon.domain.problem import Problem, ProblemKind
from daemon.domain.shipment import Shipment, ShippedLine, apart, contents
from daemon.domain.values import Json, Value
from daemon.rules.carriers import link_language

_AGAIN = re.compile(r":again:[0-9]+$")
_BUYER_TEMPLATES = {ProblemKind.OUT_OF_STOCK: "buyer-out-of-stock", ProblemKind.DELAY: "buyer-delay"}
_ANY_PROBLEM = "buyer-problem"
NOTICES = frozenset({*_BUYER_TEMPLATES.values(), _ANY_PROBLEM})


def order_mail_key(order: Order) -> str:
    """The one order mail of an order; one that is paid again after a reversal gets another."""
    again = f":{order.payment_reversed_at:%Y%m%dT%H%M%S%z}" if order.payment_reversed_at else ""
    return f"order:{order.key}{again}"


def again_key(key: str, number: int) -> str:
    """The key under which a mail leaves once more, so that it is another mail with an id of its own."""
    return f"{first_key(key)}:again:{number}"


def first_key(key: str) -> str:
    """The key under which a mail left first."""
    return _AGAIN.sub("", key)


def conversation_name(order: Order, partner: Partner) -> str:
    return f"{order_subject(order.key)}:{partner.id}"


def _moment(at: datetime | None, market: str) -> str | None:
    return at.astimezone(market_zone(market)).isoformat() if at else None


def _line_data(line: Line) -> dict[str, Json]:
    return {
        "line": line.line,
        "sku": line.sku,
        "title": line.title,
        "quantity": line.quantity - line.canceled,
        "open": line.open,
        "unit_price": f"{line.unit_price:.2f}",
        "category": line.category,
        "imei_required": line.imei_required,
        "hs_code": line.hs_code,
        "origin": line.origin,
    }


def order_data(order: Order) -> dict[str, Json]:
    """Everything about an order that its shipper needs (seed rules 2.1, 2.2)."""
    address = order.address
    return {
        "number": order.number,
        "market": order.market,
        "currency": order.currency,
        "placed_at": _moment(order.placed_at, order.market),
        "paid_at": _moment(order.paid_at, order.market),
        "ship_by": _moment(order.ship_by, order.market),
        "total": f"{order.total:.2f}",
        "shipping_price": f"{order.shipping_price:.2f}",
        "incoterm": order.incoterm,
        "lines": [_line_data(line) for line in order.lines if line.quantity > line.canceled],
        "buyer": {"name": order.buyer.name, "email": order.buyer.email, "phone": order.buyer.phone},
        "address": {name: getattr(address, name) for name in address.__struct_fields__},
    }


def _public_data(order: Order) -> dict[str, Json]:
    lines: list[Json] = [{"title": line.title, "quantity": line.quantity - line.canceled} for line in order.lines]
    return {"number": order.number, "lines": lines}


def customs_missing(order: Order) -> list[Json]:
    """What customs will ask for and nobody has said, line by line; nothing inside the Union."""
    return [
        {"line": line.line, "what": what}
        for line in order.undeclared
        for what in ("hs_code", "origin")
        if not getattr(line, what)
    ]


def post(draft: Draft, mail: SendMail, *, to: Partner, copy: bool) -> None:
    """Send a mail, and the operator a copy in a thread of his own where one is wanted."""
    draft.send(mail)
    if copy:
        draft.send(
            msgspec.structs.replace(
                mail,
                key=f"{mail.key}:copy",
                to=draft.policy.operator,
                conversation=f"{mail.conversation.rpartition(':')[0]}:operator",
                partner=None,
                collapse=None,
                copied=Copied(language=draft.policy.language, name=to.name, address=mail.to),
            )
        )


def to_partner(
    draft: Draft,
    order: Order,
    partner: Partner,
    *,
    key: str,
    template: str,
    data: dict[str, Json],
    plain: bool = False,
    copy: bool = False,
) -> None:
    """A mail to the partner who ships the order, in the order's own thread."""
    post(
        draft,
        SendMail(
            key=key,
            template=template,
            to=partner.address,
            language=partner.language,
            conversation=conversation_name(order, partner),
            about=(order.number,),
            partner=partner.id,
            data={"partner": {"name": partner.name}, **data},
            plain=plain,
            collapse=f"{template}:{order.key}" if template.startswith("reminder-") else None,
        ),
        to=partner,
        copy=copy,
    )


def order_mail(
    draft: Draft,
    order: Order,
    partner: Partner,
    *,
    correction: bool = False,
    declared: bool = False,
    out_of_stock: Sequence[str] = (),
    key: str | None = None,
) -> None:
    """The order with all buyer and order data, IMEI demand and DDP notice where due.

    `declared`: a correction only by customs data that were missing. `out_of_stock` are the SKUs of which the shipper
    himself has reported none. `key` where it leaves once more.
    """
    key = key or (f"order-correction:{order.key}:{order.version}" if correction else order_mail_key(order))
    data: dict[str, Json] = {
        "order": order_data(order),
        "imeis_due": sum(line.devices_owed for line in order.lines),
        "ddp": order.incoterm is not None,
        "customs_missing": customs_missing(order),
        "out_of_stock": list(out_of_stock),
    }
    if correction:
        data["declared"] = declared
    template = "order-correction" if correction else "order"
    to_partner(draft, order, partner, key=key, template=template, data=data, plain=True)


class Reminder(Value, frozen=True, kw_only=True):
    """One step of a ladder: which template, for what time, and whether the operator gets the same mail.

    `since` tells the clocks of one kind apart: a second claim, a second problem has a ladder of its own.
    """

    template: str
    step: int
    due: datetime
    overdue: bool
    copy: bool = False
    since: datetime | None = None


def remind(draft: Draft, order: Order, partner: Partner, reminder: Reminder) -> None:
    """Remind the partner of what is still owed on an order: its dispatch, its IMEIs, its customs data, its duties.

    An order that is released anew, after its payment was reversed, is reminded of anew, and so is one of which more
    has left.
    """
    left = sum(line.shipped for line in order.lines)
    since = f"{order.released_at:%Y%m%dT%H%M%S%z}" if order.released_at else "-"
    data: dict[str, Json] = {
        "order": {
            "number": order.number,
            "currency": order.currency,
            "ship_by": _moment(order.ship_by, order.market),
            "lines": [_line_data(line) for line in order.lines if line.open],
        },
        "due": _moment(reminder.due, order.market),
        "overdue": reminder.overdue,
        "first": reminder.step == 0,
        "missing": _imeis_missing(order),
        "customs_missing": customs_missing(order),
        "problems": [
            {"since": _moment(one.detected_at, order.market)}
            for one in order.problems
            if not (one.buyer_notified_at or one.resolved_at)
        ],
        "duties": f"{sum((one.amount for one in order.claims if not one.refunded_at), Decimal(0)):.2f}",
    }
    clock = f":{reminder.since:%Y%m%dT%H%M%S%z}" if reminder.since else ""
    key = f"{reminder.template}:{order.key}:{since}:{left}:{reminder.step}{clock}"
    to_partner(draft, order, partner, key=key, template=reminder.template, data=data, copy=reminder.copy)


def _imeis_missing(order: Order) -> list[Json]:
    return [
        {"line": line.line, "sku": line.sku, "title": line.title, "count": line.devices_overdue}
        for line in order.lines
        if line.devices_overdue
    ]


def duties_mail(draft: Draft, order: Order, partner: Partner, claim: Claim) -> None:
    """Ask the shipper to refund what the buyer had to pay."""
    data: dict[str, Json] = {
        "order": {"number": order.number, "currency": order.currency},
        "amount": f"{claim.amount:.2f}",
        "on_return": claim.on_return,
    }
    key = f"duties:{order.key}:{claim.claimed_at.isoformat()}:{claim.amount}"
    to_partner(draft, order, partner, key=key, template="duties", data=data)


def canceled_mail(draft: Draft, order: Order, partner: Partner, lines: Sequence[Line], *, whole: bool) -> None:
    data: dict[str, Json] = {
        "order": {"number": order.number},
        "lines": [{"line": line.line, "title": line.title, "quantity": line.quantity} for line in lines],
        "whole": whole,
    }
    key = f"order-canceled:{order.key}:{order.version}"
    to_partner(draft, order, partner, key=key, template="order-canceled", data=data)


def _to_buyer(
    draft: Draft, order: Order, *, key: str, template: str, data: dict[str, Json], due: datetime | None = None
) -> None:
    """As the installation wants it; nothing about a silent order, nor to a buyer who has been erased from it."""
    way, policy = draft.policy.buyer_mails, draft.policy
    if order.silent or not order.buyer.email or way is BuyerMails.NONE:
        return
    told = PassedOn(
        language=policy.language, name=order.buyer.name, address=order.buyer.email, due=_moment(due, order.market)
    )
    draft.send(
        SendMail(
            key=key,
            template=template,
            to=order.buyer.email if way is BuyerMails.SEND else policy.operator,
            language=market_language(order.market),
            conversation=f"{order_subject(order.key)}:buyer",
            about=(order.number,),
            data={"order": _public_data(order), "buyer": {"name": order.buyer.name}, **data},
            collapse=f"{template}:{order.key}" if template == "buyer-delay" else None,
            buyer=way is BuyerMails.SEND,
            passed_on=None if way is BuyerMails.SEND else told,
        )
    )


def corrected_to_buyer(draft: Draft, order: Order, shipment: Shipment, old: TrackingNumber) -> None:
    """A number takes the place of another: the buyer is told which holds no more, if he has heard of it at all."""
    heard_of = _shipped_key(order, old)
    waiting = heard_of in draft.queued(heard_of)
    draft.withdraw(heard_of)
    shipped_to_buyer(draft, order, [shipment], in_place_of="" if waiting else old)


def _shipped_key(order: Order, numbers: str) -> str:
    return f"buyer-shipped:{order.key}:{numbers}"


def shipped_to_buyer(draft: Draft, order: Order, shipments: Sequence[Shipment], *, in_place_of: str = "") -> None:
    """The new parcels with their links in the market's language (seed rule 2.16)."""
    groups = apart(order.shipments)
    alone = {group[0].tracking_number for group in groups if len(group) == 1}
    together = [part for group in groups if len(group) > 1 and set(group) <= set(shipments) for part in contents(group)]
    parcels: list[Json] = [
        {
            "carrier_name": _carrier_name(draft, parcel.carrier),
            "tracking_number": parcel.tracking_number,
            "tracking_url": parcel.tracking_url,
            "page_language": _page_language(draft, order, parcel),
            "shipped_on": parcel.shipped_on.isoformat(),
            "lines": _pieces(order, parcel.lines if parcel.tracking_number in alone else ()),
        }
        for parcel in shipments
    ]
    key = _shipped_key(order, "+".join(parcel.tracking_number for parcel in shipments))
    data: dict[str, Json] = {
        "shipments": parcels,
        "together": _pieces(order, together),
        "partial": any(line.open for line in order.lines),
        "in_place_of": in_place_of,
    }
    _to_buyer(draft, order, key=key, template="buyer-shipped", data=data)


def tells_of_present_parcels(order: Order, mail: SendMail) -> bool:
    """Whether the parcels of which a mail tells the buyer are still those of the order."""
    present = {str(one.tracking_number) for one in order.shipments}
    parcels = mail.data.get("shipments")
    told = [one.get("tracking_number") for one in parcels if isinstance(one, dict)] if isinstance(parcels, list) else []
    return present.issuperset(map(str, told))


def _pieces(order: Order, parts: Sequence[ShippedLine]) -> list[Json]:
    titles = {line.line: line.title for line in order.lines}
    return [{"title": titles[one.line], "quantity": one.quantity} for one in parts]


def _page_language(draft: Draft, order: Order, parcel: Shipment) -> str | None:
    """The language of the tracking page where it is another than the market's (the carrier has none in it)."""
    carrier = draft.rulebook.carrier(parcel.carrier) if parcel.carrier else None
    language = link_language(carrier, order.market) if carrier else None
    return None if language in {None, "*", market_language(order.market)} else language


def _carrier_name(draft: Draft, carrier: str | None) -> str:
    known = draft.rulebook.carrier(carrier) if carrier else None
    return known.name if known else carrier or ""


def problem_to_buyer(draft: Draft, order: Order, problem: Problem) -> None:
    """The notice that is owed within 24 hours of detection (seed rule 2.13); its clock runs already."""
    clocks = draft.deadlines(DeadlineKind.BUYER_NOTICE, order_subject(order.key))
    _to_buyer(
        draft,
        order,
        key=problem_key(order, problem.kind, problem.detected_at, problem.new_date),
        template=problem_template(problem.kind),
        data={"new_date": problem.new_date.isoformat() if problem.new_date else None},
        due=max((one.due for one in clocks if one.started == problem.detected_at), default=None),
    )


def problem_template(kind: ProblemKind) -> str:
    """The template of the notice about a problem."""
    return _BUYER_TEMPLATES.get(kind, _ANY_PROBLEM)


def problem_key(order: Order, kind: ProblemKind, detected_at: datetime, new_date: date | None) -> str:
    """The key of the notice about one problem, by which its delivery is told from another's."""
    return f"{notice_keys(order)}{kind}:{detected_at.isoformat()}:{new_date or ''}"


def notice_keys(order: Order) -> str:
    """How the keys of all notices about an order begin."""
    return f"buyer-problem:{order.key}:"


def canceled_to_buyer(draft: Draft, order: Order, lines: Sequence[Line], *, whole: bool) -> None:
    data: dict[str, Json] = {
        "lines": [{"title": line.title, "quantity": line.quantity} for line in lines],
        "whole": whole,
    }
    _to_buyer(draft, order, key=f"buyer-canceled:{order.key}:{order.version}", template="buyer-canceled", data=data)
