"""What a partner says about orders, finding by finding: what takes effect and what waits for a person."""

from collections.abc import Sequence

import msgspec

from daemon.deciding import problems
from daemon.deciding.devices import name_devices
from daemon.deciding.draft import Draft
from daemon.deciding.orders import not_open
from daemon.deciding.shipping import Dispatch
from daemon.domain.deadline import order_subject
from daemon.domain.finding import DeviceNamed, Doubt, Finding, Parcel, Said, Statement, Trouble
from daemon.domain.identifiers import OrderKey, TrackingNumber, order_key
from daemon.domain.order import Order, OrderState
from daemon.domain.partner import Partner
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


def _corrects(finding: Finding) -> bool:
    return isinstance(finding, Said) and finding.statement is Statement.CORRECTION


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

    def apply(self, findings: Sequence[Finding]) -> list[Outcome]:
        """Take the findings: parcels before what is said about them, devices line by line, consequences at the end."""
        if not self._trusted and any(_corrects(one) for one in findings):
            return [Outcome(finding=one, doubt=self._corrected(one)) for one in findings]
        ordered = sorted(findings, key=lambda one: isinstance(one, Said))
        outcomes = [Outcome(finding=one, doubt=self._take(one)) for one in ordered if not isinstance(one, DeviceNamed)]
        outcomes += self._devices([one for one in findings if isinstance(one, DeviceNamed)])
        for dispatch in self._dispatches.values():
            dispatch.finish()
        return outcomes

    def _corrected(self, finding: Finding) -> Reason:
        """A mail that corrects ("X instead of Y") names both values; only a person can tell which is which."""
        order, _ = self.order_of(finding)
        return reason("partner_correction", order=order.number if order else "?")

    def order_of(self, finding: Finding) -> tuple[Order | None, Reason | None]:
        """The order that a finding is about, or why it may not be touched."""
        key = self._place or (order_key(finding.order) if finding.order else self._default)
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
                return self._dispatch(order).add(finding)
            case Trouble():
                return problems.report(self._draft, order, finding.problem, finding.until, self._draft.at)
            case Said():
                return self._statement(order, finding.statement)

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

    def _statement(self, order: Order, statement: Statement) -> Reason | None:
        match statement:
            case Statement.ACCEPTED | Statement.CONFIRMED:
                return self._acknowledge(order)
            case Statement.SHIPPED:
                return None if self._has_parcels(order) or self._trusted else reason("dispatch_without_number")
            case Statement.NO_MORE_MAIL:
                what = reason("no_more_mail", order=order.number)
                self._draft.tell_operator(f"no-more-mail:{self._draft.because}", what, (order.number,))
                return None
            case Statement.QUESTION | Statement.DECLINED | Statement.CORRECTION:
                return None if self._trusted else reason(f"partner_{statement}", order=order.number)
            case Statement.NEGOTIATING | Statement.CONTRACT_AGREED:
                return None if self._trusted else reason("not_about_orders", order=order.number)

    def _has_parcels(self, order: Order) -> bool:
        return bool(order.shipments) or order.key in self._dispatches

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
