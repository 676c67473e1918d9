"""What a partner says about orders, finding by finding: what takes effect and what waits for a person."""

from collections.abc import Iterable, Sequence
from datetime import date

import msgspec

from daemon.deciding import problems
from daemon.deciding.devices import name_devices
from daemon.deciding.draft import Draft
from daemon.deciding.orders import not_open
from daemon.deciding.shipping import Dispatch
from daemon.domain.calendar import local_day
from daemon.domain.deadline import order_subject
from daemon.domain.finding import DeviceNamed, Doubt, Finding, Parcel, Said, Statement, Trouble
from daemon.domain.identifiers import OrderKey, TrackingNumber, order_key
from daemon.domain.order import Order, OrderState
from daemon.domain.partner import Partner
from daemon.domain.problem import ProblemKind
from daemon.domain.reason import Reason, reason
from daemon.domain.values import Value

_RELEASABLE = {
    "check_digit_wrong",
    "carrier_mismatch",
    "carrier_ambiguous",
    "carrier_unknown",
    "number_unknown_form",
    "not_traceable",
}
"""Doubts about a tracking number that a person may set aside."""


class Outcome(Value, frozen=True, kw_only=True):
    """What became of one finding: `doubt` None when it took effect, code `already_recorded` when it changed nothing."""

    finding: Finding
    doubt: Reason | None = None

    @property
    def known(self) -> bool:
        return self.doubt is not None and self.doubt.code == "already_recorded"

    @property
    def waits(self) -> bool:
        return self.doubt is not None and not self.known


_STAYING = {Statement.NOT_SHIPPED, Statement.WILL_SHIP}
_STAGES = {stage.casefold(): stage for stage in ("Acknowledged", "Pickprocess", "Locked")}
_ACCEPTING = {Statement.ACCEPTED, Statement.CONFIRMED, Statement.WILL_SHIP}


def _turn(finding: Finding) -> int:
    """Parcels come first, those of one line before the rest; then what is told beside them, then what is said."""
    if isinstance(finding, Parcel):
        return 0 if finding.line else 1
    return 3 if isinstance(finding, Said) else 2


def _is_named_twice(finding: Finding) -> bool:
    return isinstance(finding, Doubt) and finding.code == "imei_named_twice"


def _is_late(order: Order, day: date) -> bool:
    """Whether a day is later than the order has to leave."""
    return order.ship_by is not None and day > local_day(order.ship_by, order.market)


class Words:
    """The findings of one arrival, applied for one partner.

    `default` is the order that is meant where a finding names none. `trusted` is a person's release.
    """

    def __init__(
        self, draft: Draft, partner: Partner | None, *, default: OrderKey | None, trusted: bool, place: OrderKey | None
    ) -> None:
        self._draft = draft
        self._partner = partner
        self._default = default
        self._trusted = trusted
        self._place = place
        self._dispatches: dict[OrderKey, Dispatch] = {}
        self._not_left: set[OrderKey | None] = set()
        self._in_parts: set[OrderKey | None] = set()
        self._spoken_of: set[OrderKey | None] = set()
        self._numbered: set[OrderKey | None] = set()
        self._troubled: set[OrderKey | None] = set()
        self._refused: set[OrderKey] = set()
        self._half_named: set[OrderKey | None] = set()
        self._declined: set[OrderKey | None] = set()
        self._to_leave: set[OrderKey | None] = set()

    def apply(self, findings: Sequence[Finding]) -> list[Outcome]:
        """Take the findings: parcels before what is said about them, devices line by line, consequences at the end."""
        said = [one for one in findings if isinstance(one, Said)]
        parcels = [one for one in findings if isinstance(one, Parcel)]
        devices = [one for one in findings if isinstance(one, DeviceNamed)]
        if not self._trusted and any(one.statement is Statement.CORRECTION for one in said):
            return [Outcome(finding=one, doubt=self._corrected(one)) for one in findings]
        unclear = next((one for one in said if one.statement is Statement.UNCLEAR), None)
        if unclear and not self._trusted:
            return [Outcome(finding=one, doubt=self._waiting_for(unclear, one)) for one in findings]
        staying = [one for one in said if one.statement in _STAYING and self._may_hold_back(one, parcels)]
        self._not_left = self._orders_said(staying, Statement.NOT_SHIPPED)
        carriers = self._carriers(parcels)
        self._in_parts = self._orders_said(said, Statement.PARTIAL)
        # Where the parcels of an order go by different carriers, each holds something else.
        self._in_parts |= {order for order, several in carriers.items() if len(several) > 1}
        self._half_named = self._with_half_their_devices(devices)
        self._declined = self._orders_said(said, Statement.DECLINED)
        self._to_leave = self._orders_said([one for one in staying if one.until], Statement.WILL_SHIP)
        self._to_leave -= self._orders_said(said, Statement.SHIPPED) | self._in_parts
        self._troubled = self._orders_of(one for one in findings if isinstance(one, Trouble))
        self._numbered = set(carriers)
        # Of these it tells more than that nothing has left yet: a problem, an acceptance, or a number that is held.
        self._spoken_of = self._troubled | self._numbered | self._orders_of(devices)
        self._spoken_of |= self._orders_of(one for one in said if one.statement in _ACCEPTING)
        last = [one for one in findings if isinstance(one, Doubt) and _is_named_twice(one)]
        first = [one for one in findings if not isinstance(one, DeviceNamed) and not _is_named_twice(one)]
        first.sort(key=_turn)
        outcomes = [Outcome(finding=one, doubt=self._take(one)) for one in first]
        outcomes += self._devices(devices)
        outcomes += [Outcome(finding=one, doubt=self._twice(one)) for one in last]
        for dispatch in self._dispatches.values():
            dispatch.finish()
        return outcomes

    def _orders_said(self, said: Sequence[Said], statement: Statement) -> set[OrderKey | None]:
        """The orders of which a mail says this; None where it names none and none is meant."""
        return self._orders_of(one for one in said if one.statement is statement)

    def _may_hold_back(self, said: Said, parcels: Sequence[Parcel]) -> bool:
        """Whether what is said of an article that stays may be meant of a parcel: not of one that names others."""
        beside = [self._article(one) for one in parcels if self._meant(one) == self._meant(said)]
        named = self._article(said)
        return named is None or not beside or any(one in {None, named} for one in beside)

    def _article(self, finding: Finding) -> str | None:
        """The line that a finding names, by its id or its article."""
        order = self._draft.order(self._meant(finding) or OrderKey(""))
        lines = order.lines if order and finding.line else ()
        return next((one.line for one in lines if finding.line in {one.line, one.sku}), finding.line)

    def _carriers(self, parcels: Sequence[Parcel]) -> dict[OrderKey | None, set[str | None]]:
        """By whom the parcels of each order go."""
        carriers: dict[OrderKey | None, set[str | None]] = {}
        for parcel in parcels:
            carriers.setdefault(self._meant(parcel), set()).add(parcel.carrier)
        return carriers

    def _orders_of(self, findings: Iterable[Finding]) -> set[OrderKey | None]:
        return set(map(self._meant, findings))

    def _meant(self, finding: Finding) -> OrderKey | None:
        """The order that a finding names, or else the one that is meant."""
        return order_key(finding.order) if finding.order else self._default

    def _twice(self, doubt: Doubt) -> Reason | None:
        """An IMEI that stands there twice may be a slip as long as another is due."""
        order, _ = self.order_of(doubt)
        owed = order is not None and any(line.devices_owed for line in order.lines)
        return reason(doubt.code, doubt.evidence.where, value=doubt.value) if owed else None

    def _unfit(self, order: Order, parcel: Parcel) -> Reason | None:
        """Why a number may not count as a dispatch beside what else the mail says of its order."""
        if self._trusted:
            return None
        if order.key in self._not_left or (order.key in self._to_leave and parcel.quantity is None):
            return reason("partner_not_shipped", order=order.number)
        several = sum(line.open for line in order.lines) > 1
        in_parts = order.key in self._in_parts or order.key in self._half_named
        if in_parts and several and parcel.quantity is None and parcel.line is None:
            return reason("quantity_unclear", value=parcel.number)
        return None

    def _with_half_their_devices(self, devices: Sequence[DeviceNamed]) -> set[OrderKey | None]:
        """Orders of which a mail's text names some devices but not all: the others may not have left.

        A row of a table says of its whole order that it has left; what is missing is asked for.
        """
        named: dict[OrderKey | None, int] = {}
        for one in devices:
            if one.evidence.row is not None:
                continue
            key = self._meant(one)
            named[key] = named.get(key, 0) + (2 if one.second and one.counted else 1)
        return {key for key, count in named.items() if key and count < self._devices_due(key)}

    def _devices_due(self, key: OrderKey) -> int:
        order = self._draft.order(key)
        return sum(line.open for line in order.lines if line.devices_owed) if order else 0

    def _waiting_for(self, unclear: Said, finding: Finding) -> Reason:
        """A sentence that nobody understood may take back all the rest, which therefore waits with it."""
        self.order_of(finding)
        said = finding if isinstance(finding, Said) and finding.statement is Statement.UNCLEAR else unclear
        return reason("partner_unclear", said.evidence.where, text=said.evidence.text)

    def _corrected(self, finding: Finding) -> Reason:
        """A mail that corrects ("X instead of Y") names both values; only a person can tell which is which."""
        order, _ = self.order_of(finding)
        return reason("partner_correction", order=order.number if order else "?")

    def order_of(self, finding: Finding) -> tuple[Order | None, Reason | None]:
        """The order that a finding is about, or why it may not be touched."""
        key = self._place or self._meant(finding)
        if key is None:
            return None, reason("no_order_named")
        order = self._draft.order(key)
        if order is None:
            return None, reason("unknown_order", order=finding.order or key)
        if not self._trusted and (self._partner is None or order.shipper != self._partner.id):
            return None, reason("not_your_order", order=order.number)
        self._draft.concern(order.number)
        return order, None

    def _take(self, finding: Finding) -> Reason | None:
        match finding:
            case Doubt():
                return self._doubt(finding)
            case Parcel() | Said() | Trouble():
                order, doubt = self.order_of(finding)
                if order is None:
                    return doubt
                return self._on_order(order, finding)
            case _:
                return None

    def _on_order(self, order: Order, finding: Parcel | Said | Trouble) -> Reason | None:
        match finding:
            case Parcel():
                return self._parcel(order, finding)
            case Trouble() if order.key in self._declined and not self._trusted:
                return reason("partner_declined", order=order.number)
            case Trouble() if self._in_time(order, finding) or self._over(order, finding):
                return None
            case Trouble():
                return problems.report(self._draft, order, finding.problem, finding.until, self._draft.at)
            case Said():
                return self._statement(order, finding)

    def _parcel(self, order: Order, parcel: Parcel) -> Reason | None:
        doubt = self._unfit(order, parcel)
        if doubt:
            self._refused.add(order.key)
        return doubt or self._dispatch(order).add(parcel)

    def _in_time(self, order: Order, trouble: Trouble) -> bool:
        """A new date that still keeps what was promised is no delay."""
        until = trouble.until if trouble.problem is ProblemKind.DELAY else None
        return until is not None and order.ship_by is not None and not _is_late(order, until)

    def _over(self, order: Order, trouble: Trouble) -> bool:
        """An excuse for a delay that is over, for the rest leaves with this very mail."""
        left = order.state is OrderState.SHIPPED and order.key in self._dispatches
        return left and trouble.problem is ProblemKind.DELAY and trouble.until is None

    def _dispatch(self, order: Order) -> Dispatch:
        return self._dispatches.setdefault(order.key, Dispatch(self._draft, order, trusted=self._trusted))

    def _doubt(self, doubt: Doubt) -> Reason | None:
        where = doubt.evidence.where
        if self._trusted and doubt.code in _RELEASABLE:
            number = TrackingNumber("".join(doubt.value.split()).upper())
            carrier = doubt.values.get("carrier")
            parcel = Parcel(evidence=doubt.evidence, order=doubt.order, line=doubt.line, number=number, carrier=carrier)
            return self._take(parcel)
        self.order_of(doubt)
        return reason(doubt.code, where, **{"value": doubt.value, **doubt.values})

    def _statement(self, order: Order, said: Said) -> Reason | None:
        if said.until and _is_late(order, said.until) and order.key not in self._troubled | self._refused:
            self._troubled.add(order.key)
            return problems.report(self._draft, order, ProblemKind.DELAY, said.until, self._draft.at)
        match said.statement:
            case Statement.ACCEPTED | Statement.CONFIRMED:
                return None if order.key in self._declined and not self._trusted else self._accepted(order, said)
            case Statement.WILL_SHIP:
                return None if order.key in self._troubled | self._refused else self._acknowledge(order)
            case Statement.NO_MORE_MAIL:
                self._leave_alone(order)
                return None
            case _:
                return None if self._trusted else self._asks_for_a_person(order, said)

    def _asks_for_a_person(self, order: Order, said: Said) -> Reason | None:
        """Why a person must look at what is said, unless something else in the mail settles it."""
        statement = said.statement
        match statement:
            case Statement.SHIPPED:
                numbered = self._has_parcels(order) or order.key in self._numbered
                return None if numbered else reason("dispatch_without_number")
            case Statement.PARTIAL | Statement.NOT_SHIPPED:
                idle = order.key in self._spoken_of or (statement is Statement.PARTIAL and self._has_parcels(order))
                return None if idle else reason(f"partner_{statement}", order=order.number)
            case Statement.UNCLEAR:
                return reason("partner_unclear", said.evidence.where, text=said.evidence.text)
            case Statement.NEGOTIATING | Statement.CONTRACT_AGREED:
                return reason("not_about_orders", order=order.number)
            case Statement.NOTHING:
                return None
            case _:
                return reason(f"partner_{statement}", order=order.number)

    def _leave_alone(self, order: Order) -> None:
        """No more reminders about this order; its clocks run on, so the operator is told."""
        what = reason("no_more_mail", about=order.number)
        self._draft.tell_operator(f"no-more-mail:{self._draft.because}", what, (order.number,))
        if order.no_reminders_since is None:
            self._draft.put_order(msgspec.structs.replace(order, no_reminders_since=self._draft.at))
            self._draft.note(order_subject(order.key), reason("reminders_stopped"))

    def _has_parcels(self, order: Order) -> bool:
        dispatch = self._dispatches.get(order.key)
        return bool(order.shipments) or (dispatch is not None and not dispatch.empty)

    def _accepted(self, order: Order, said: Said) -> Reason | None:
        """A status in a table says, besides, how far the fulfiller is; a later one is news after the first, too."""
        told = said.evidence.text.strip().casefold() if said.evidence.row else ""
        stage = _STAGES.get(told, order.stage)
        doubt = self._acknowledge(order)
        if stage == order.stage or not_open(order):
            return doubt
        current = self._draft.order(order.key) or order
        self._draft.put_order(msgspec.structs.replace(current, stage=stage))
        self._draft.note(order_subject(order.key), reason("fulfiller_stage", status=stage))
        return None

    def _acknowledge(self, order: Order) -> Reason | None:
        doubt = not_open(order)
        if doubt:
            return doubt
        if order.acknowledged_at or order.state is not OrderState.RELEASED:
            return reason("already_recorded", value=order.number)
        self._draft.put_order(msgspec.structs.replace(order, acknowledged_at=self._draft.at))
        self._draft.note(order_subject(order.key), reason("order_acknowledged"))
        return None

    def _devices(self, named: Sequence[DeviceNamed]) -> list[Outcome]:
        outcomes: list[Outcome] = []
        groups: dict[OrderKey, list[DeviceNamed]] = {}
        for one in named:
            order, doubt = self.order_of(one)
            if order is None:
                outcomes.append(Outcome(finding=one, doubt=doubt))
            else:
                groups.setdefault(order.key, []).append(one)
        for key, devices in groups.items():
            order = self._draft.order(key)
            if order is not None:
                self._dispatch(order)
                verdicts = name_devices(self._draft, order, devices)
                outcomes += [Outcome(finding=one, doubt=verdicts.get(one.imei)) for one in devices]
        return outcomes
