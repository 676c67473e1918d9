"""The life of an order between its placing and its dispatch: release, payment, address, cancellation."""

from datetime import UTC, date, datetime, time, timedelta

import msgspec

from daemon.deciding import letters
from daemon.deciding.clocks import happened
from daemon.deciding.draft import Draft
from daemon.domain.calendar import after, local_day, market_zone
from daemon.domain.deadline import order_subject
from daemon.domain.kinds import KINDS, plain_name
from daemon.domain.order import Line, Order, OrderState
from daemon.domain.partner import Partner
from daemon.domain.policy import ClockStart
from daemon.domain.reason import Reason, reason
from daemon.domain.territory import incoterm
from daemon.rules.deadlines import Event


def shipper_of(draft: Draft, order: Order) -> Partner | None:
    """The partner who sends the order and may speak about it."""
    return draft.rulebook.partner(order.shipper)


def order_of_another(order: Order, partner: Partner) -> Reason:
    """What a person hears who releases what a partner said of an order that is not his."""
    return reason("order_of_another", order=order.number, shipper=order.shipper, partner=partner.id)


def line_named(order: Order, named: str) -> Line | None:
    """The line whose id, be it filled up with zeros, or, if only one has it, SKU or title a partner named."""
    if found := order.line(named) or (order.line(named.lstrip("0")) if named.isdecimal() else None):
        return found
    wanted = _plain(named)
    same = [one for one in order.lines if wanted == _plain(one.sku)]
    same = same or [one for one in order.lines if wanted == _plain(one.title)]
    return same[0] if len(same) == 1 else None


def lines_told(order: Order, text: str) -> list[Line]:
    """The lines that a text tells; those of "Galaxy S22 + Etui" where each part tells one of its own."""
    several = [_lines_told(order, part) for part in text.split("+")]
    if all(len(told) == 1 for told in several):
        return [line for line in order.lines if [line] in several]
    return _lines_told(order, text)


def _lines_told(order: Order, text: str) -> list[Line]:
    """The lines of whose titles a text has all words, or whose titles have all words of the text."""
    told = plain_name(text)
    titles = [(line, plain_name(line.title)) for line in order.lines]
    whole = [title for _, title in titles if title and title <= told]
    # "Case for iPhone 13" has all words of the phone's title, too.
    if not told & KINDS <= frozenset[str]().union(*whole):
        whole = []
    return [line for line, title in titles if title in whole or (told and _within(told, title))]


def _within(told: frozenset[str], title: frozenset[str]) -> bool:
    """Whether all words stand in a title, be it cut short: "iPad 9 Cell."."""
    return all(one in title or (one.endswith(".") and any(word.startswith(one[:-1]) for word in title)) for one in told)


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def is_late(order: Order, day: date) -> bool:
    """Whether a day is later than the order has to leave."""
    return order.ship_by is not None and day > local_day(order.ship_by, order.market)


def is_before(order: Order, day: date) -> bool:
    """Whether a day is earlier than the order."""
    return day < local_day(order.placed_at, order.market)


def has_devices(order: Order) -> bool:
    """Whether a device of an order needs its IMEI."""
    return any(line.imei_required for line in order.lines)


def not_open(order: Order) -> Reason | None:
    """Why nothing may be recorded on the order in its present state, whoever says it."""
    if order.state is OrderState.CANCELED:
        return reason("order_is_canceled", order=order.number)
    if order.state is OrderState.AWAITING_PAYMENT:
        return reason("order_payment_reversed" if order.payment_reversed_at else "order_not_paid", order=order.number)
    return None


def paid_in_full(order: Order) -> bool:
    """Whether the order may be carried out (seed rule 2.6); no amount named means the whole."""
    return order.paid_at is not None and (order.paid_amount is None or order.paid_amount >= order.total)


def ship_by(draft: Draft, order: Order, released_at: datetime) -> datetime:
    """When it must have left: the shortest standard delivery time of its lines, from the configured start."""
    policy = draft.policy
    starts = {
        ClockStart.RECEIVED: order.placed_at,
        ClockStart.PAID: order.paid_at or released_at,
        ClockStart.RELEASED: released_at,
    }
    start = starts[policy.clock_start].astimezone(market_zone(order.market))
    if policy.cut_off and not policy.clock_unit.is_of_hours and _is_past(start, policy.cut_off):
        start = datetime.combine(start.date() + timedelta(days=1), time.min, start.tzinfo)
    amount = min(line.handling_days for line in order.lines if line.quantity > line.canceled)
    return after(start, amount, policy.clock_unit, order.market, policy.business_hours)


def _is_past(moment: datetime, cut_off: time) -> bool:
    """Whether the hour has come; in the night that has it twice, it has come for good the first time."""
    first = datetime.combine(moment.date(), cut_off, moment.tzinfo)
    return moment.time() >= cut_off or moment.astimezone(UTC) >= first.astimezone(UTC)


def place(draft: Draft, order: Order) -> None:
    """Record a new order, and release it if it is paid."""
    go_live = draft.policy.go_live
    order = msgspec.structs.replace(order, silent=go_live is not None and order.placed_at < go_live)
    draft.put_order(order)
    draft.note(order_subject(order.key), reason("order_recorded"))
    if paid_in_full(order):
        release(draft, order)
    else:
        _partly_paid(draft, order)


def release(draft: Draft, order: Order) -> None:
    """The order is paid: the shipper gets it, and the ship clock runs."""
    due = ship_by(draft, order, draft.at)
    released = msgspec.structs.replace(
        order,
        released_at=draft.at,
        ship_by=due,
        incoterm=incoterm(order.address.country, order.address.postcode),
    )
    draft.put_order(released)
    draft.note(order_subject(order.key), reason("order_released"))
    if released.silent:
        return
    partner = shipper_of(draft, released)
    if partner is None or not partner.address:
        _nobody_to_mail(draft, released)
        return
    hand_over(draft, released, partner)


def hand_over(draft: Draft, order: Order, partner: Partner) -> None:
    """The order mail leaves, and what it asks for is waited for."""
    letters.order_mail(draft, order, partner)
    order_event(draft, order, "order_released")
    if letters.customs_missing(order):
        order_event(draft, order, "customs_data_missing")


def order_event(draft: Draft, order: Order, event: Event, *, at: datetime | None = None) -> None:
    """Something happened to an order: its clocks start, are met or are dropped by it."""
    partner = shipper_of(draft, order)
    subject = order_subject(order.key)
    happened(draft, event, subject, market=order.market, partner=partner, at=at, due=order.ship_by)


def _nobody_to_mail(draft: Draft, order: Order) -> None:
    what = reason("shipper_without_address", order=order.number, partner=order.shipper)
    draft.tell_operator(f"no-address:{order.key}", what, (order.number,))


def pay(draft: Draft, order: Order, paid: Order) -> bool:
    """Take over what a later file says of the payment; whether anything is new. One that was reversed stays so."""
    if paid.paid_at is None or order.released_at or order.state is OrderState.CANCELED:
        return False
    if order.payment_reversed_at and paid.paid_at <= order.payment_reversed_at:
        return False
    if order.paid_at == paid.paid_at and order.paid_amount == paid.paid_amount:
        return False
    order = msgspec.structs.replace(order, paid_at=paid.paid_at, paid_amount=paid.paid_amount)
    draft.put_order(order)
    if paid_in_full(order):
        release(draft, order)
    else:
        _partly_paid(draft, order)
    return True


def _partly_paid(draft: Draft, order: Order) -> None:
    if order.paid_at and order.paid_amount is not None:
        what = reason("payment_incomplete", amount=order.priced(order.paid_amount), total=order.priced(order.total))
        draft.note(order_subject(order.key), what)


def reverse_payment(draft: Draft, order: Order, at: datetime) -> bool:
    """The buyer took his money back: nothing more is to leave, and a person must see to what has left."""
    if order.paid_at is None or order.paid_at > at:
        return False
    partner = shipper_of(draft, order)
    waiting = order.released_at is not None and not order.shipments
    unpaid = msgspec.structs.replace(order, paid_at=None, paid_amount=None, payment_reversed_at=at)
    if waiting:
        unpaid = msgspec.structs.replace(unpaid, released_at=None, acknowledged_at=None, ship_by=None)
        order_event(draft, unpaid, "payment_reversed")
        draft.withdraw(letters.order_mail_key(order))
        if partner and letters.order_mail_key(order) in draft.snapshot.sent:
            letters.canceled_mail(draft, order, partner, order.lines, whole=True)
    draft.put_order(unpaid)
    what = reason("payment_reversed", order=order.number)
    draft.note(order_subject(order.key), what)
    draft.tell_operator(f"payment-reversed:{order.key}:{order.version}", what, (order.number,))
    return True


def move(draft: Draft, order: Order, changed: Order, *, approved: bool) -> bool:
    """Put a changed address or buyer on the order; False when a person must approve it first.

    Before the order mail has left it simply replaces; afterwards the shipper gets a correction (contract §4).
    """
    left = letters.order_mail_key(order) in draft.snapshot.sent
    if left and not approved:
        return False
    moved = msgspec.structs.replace(order, address=changed.address, buyer=changed.buyer)
    if order.released_at:
        moved = msgspec.structs.replace(moved, incoterm=incoterm(moved.address.country, moved.address.postcode))
    draft.put_order(moved)
    what = "buyer_changed" if moved.address == order.address else "address_changed"
    draft.note(order_subject(order.key), reason(what))
    partner = shipper_of(draft, moved)
    if order.released_at and not order.silent and partner and partner.address:
        letters.order_mail(draft, moved, partner, correction=left)
    return True


def readdress(draft: Draft, order: Order, email: str) -> Reason | None:
    """Put the buyer's right address on the order, of which its shipper hears as of every change; or why not."""
    if order.is_forgotten:
        return reason("buyer_erased")
    if email == order.buyer.email:
        return reason("already_recorded", value=email)
    buyer = msgspec.structs.replace(order.buyer, email=email)
    move(draft, order, msgspec.structs.replace(order, buyer=buyer), approved=True)
    return None


def customs_complete(draft: Draft, order: Order) -> None:
    """Nothing is missing, so nobody is reminded of it any more."""
    order_event(draft, order, "customs_data_complete")
    draft.withdraw(*draft.queued(f"reminder-customs:{order.key}:"))


def cancel(draft: Draft, order: Order, line: Line | None = None) -> None:
    """Cancel what has not left, of one line or of all, and tell whoever must know."""
    gone = tuple(one for one in order.lines if one.open and (line is None or one.line == line.line))
    gone_ids = {one.line for one in gone}
    lines = tuple(
        msgspec.structs.replace(one, canceled=one.canceled + one.open) if one.line in gone_ids else one
        for one in order.lines
    )
    whole = all(one.canceled == one.quantity for one in lines)
    canceled = msgspec.structs.replace(order, lines=lines, canceled_at=draft.at if whole else order.canceled_at)
    draft.put_order(canceled)
    subject = order_subject(order.key)
    draft.note(subject, reason("order_canceled") if whole else reason("line_canceled", lines=", ".join(gone_ids)))
    if not any(one.open for one in lines):
        order_event(draft, canceled, "order_canceled")
    elif order.undeclared and not canceled.undeclared:
        customs_complete(draft, canceled)
    _tell_of_cancellation(draft, canceled, gone, whole=whole)


def _tell_of_cancellation(draft: Draft, order: Order, gone: tuple[Line, ...], *, whole: bool) -> None:
    if order.silent:
        return
    key = letters.order_mail_key(order)
    partner = shipper_of(draft, order)
    if order.released_at and partner:
        if whole and key not in draft.snapshot.sent:
            draft.withdraw(key)
        else:
            letters.canceled_mail(draft, order, partner, gone, whole=whole)
    letters.canceled_to_buyer(draft, order, gone, whole=whole)
