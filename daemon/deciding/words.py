"""What a partner says about orders, finding by finding: what takes effect and what waits for a person."""

from collections.abc import Sequence

import msgspec

from daemon.deciding import letters
from daemon.deciding.draft import Draft
from daemon.deciding.hearing import Hearing, undoes
from daemon.deciding.orders import has_devices, is_before, is_late, order_of_another
from daemon.deciding.tenor import RELEASABLE, Tenor
from daemon.domain.finding import (
    UNKNOWN_ASIDE,
    CustomsNamed,
    DeviceNamed,
    Doubt,
    Finding,
    Parcel,
    Said,
    Statement,
    Trouble,
)
from daemon.domain.identifiers import OrderKey, TrackingNumber, order_key
from daemon.domain.order import Order
from daemon.domain.partner import Partner
from daemon.domain.problem import ProblemKind
from daemon.domain.reason import Reason, reason
from daemon.domain.values import Value


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


CUSTOMS_UNCLEAR = "customs_unclear"


def _turn(finding: Finding) -> int:
    """Parcels come first, those of one line before the rest; then what is told beside them, then what is said."""
    if isinstance(finding, Parcel):
        return 0 if finding.line else 1
    if isinstance(finding, CustomsNamed):
        return 3
    return 4 if isinstance(finding, Said) else 2


def _is_named_twice(finding: Finding) -> bool:
    return isinstance(finding, Doubt) and finding.code == "imei_named_twice"


class Words:
    """The findings of one arrival, applied for one partner.

    `default` is the order that is meant where a finding names none, `about` are those of the conversation. `trusted` is
    a person's release.
    """

    def __init__(
        self,
        draft: Draft,
        partner: Partner | None,
        *,
        default: OrderKey | None,
        trusted: bool,
        place: OrderKey | None,
        about: frozenset[OrderKey] = frozenset(),
    ) -> None:
        self._draft = draft
        self._partner = partner
        self._default = default
        self._about = about
        self._trusted = trusted
        self._place = place
        self._tenor = Tenor(draft, (), default)
        self._hearing = Hearing(draft, partner, self._tenor, {}, trusted=trusted)
        self._unknown: dict[str, Reason] = {}

    def apply(self, findings: Sequence[Finding]) -> list[Outcome]:
        """Take the findings: parcels before what is said about them, devices line by line, consequences at the end."""
        if self._place and len(named := self._orders_named(findings)) > 1:
            doubt = reason("several_orders_named", orders=", ".join(named))
            return [Outcome(finding=one, doubt=doubt) for one in findings]
        findings = [self._promise_kept(self._of_the_one(one)) for one in findings]
        said = [one for one in findings if isinstance(one, Said)]
        devices = [one for one in findings if isinstance(one, DeviceNamed)]
        if not self._trusted and any(self._corrects(one) for one in said):
            return [Outcome(finding=one, doubt=self._corrected(one)) for one in findings]
        unclear = [one for one in said if one.statement is Statement.UNCLEAR and not self._trusted]
        apart = self._unclear_alone(unclear, findings)
        waiting = [one for one in findings if unclear and (not apart or self._tenor.meant(one) in apart)]
        outcomes = [Outcome(finding=one, doubt=self._waiting_for(unclear[0], one)) for one in waiting]
        if unclear and not apart:
            return outcomes
        findings = [one for one in findings if one not in waiting]
        devices = [one for one in devices if one not in waiting]
        self._tenor = Tenor(self._draft, findings, self._default)
        named_with = self._orders_by_number(findings)
        self._hearing = Hearing(self._draft, self._partner, self._tenor, named_with, trusted=self._trusted)
        last = [one for one in findings if isinstance(one, Doubt) and _is_named_twice(one)]
        first = [one for one in findings if not isinstance(one, DeviceNamed) and not _is_named_twice(one)]
        first.sort(key=_turn)
        outcomes += [Outcome(finding=one, doubt=self._take(one)) for one in first]
        outcomes += self._devices(devices)
        outcomes += [Outcome(finding=one, doubt=self._twice(one)) for one in last]
        self._hearing.finish()
        return outcomes

    def _of_the_one(self, finding: Finding) -> Finding:
        """An IMEI below several orders, or below one without a device, is that one's in which alone there is one."""
        if not isinstance(finding, DeviceNamed) or not finding.among or self._place:
            return finding
        if finding.order:
            last = self._draft.order(order_key(finding.order))
            before = [one for key in finding.among if (one := self._draft.order(order_key(key))) and has_devices(one)]
            fits = last is not None and not has_devices(last) and len(before) == 1
            return msgspec.structs.replace(finding, order=before[0].number, line=None) if fits else finding
        orders = [self._draft.order(order_key(one)) for one in finding.among]
        fitting = [one for one in orders if one is None or has_devices(one)]
        if len(fitting) == 1 and fitting[0]:
            return msgspec.structs.replace(finding, order=fitting[0].number)
        named = ", ".join(finding.among)
        values = {"orders": named, "number": finding.imei}
        return Doubt(evidence=finding.evidence, code="order_ambiguous", value=named, values=values)

    def _orders_named(self, findings: Sequence[Finding]) -> list[str]:
        """The known orders that findings name; of one of them a person can put what is said on another."""
        found = (self._draft.order(order_key(one.order)) for one in findings if one.order)
        return list(dict.fromkeys(order.number for order in found if order))

    def _orders_by_number(self, findings: Sequence[Finding]) -> dict[str, dict[OrderKey, Order]]:
        """The orders that each number of a parcel or a device is said to be of."""
        found: dict[str, dict[OrderKey, Order]] = {}
        for one in findings:
            if isinstance(one, Parcel | DeviceNamed) and (order := self.order_of(one)[0]):
                found.setdefault(one.number if isinstance(one, Parcel) else one.imei, {})[order.key] = order
        return found

    def _twice(self, doubt: Doubt) -> Reason | None:
        """An IMEI that stands there twice may be a slip as long as another is due."""
        order, _ = self.order_of(doubt)
        owed = order is not None and any(line.devices_owed for line in order.lines)
        return reason(doubt.code, doubt.evidence.where, value=doubt.value) if owed else None

    def _unclear_alone(self, unclear: Sequence[Said], findings: Sequence[Finding]) -> set[OrderKey | None]:
        """The orders of which alone something is unclear, and nothing named that could be another's: only they wait."""
        orders = {self._tenor.meant(one) for one in unclear}
        named = {self._tenor.meant(one) for one in findings if isinstance(one, Parcel | DeviceNamed | Doubt)}
        return orders if all(one.alone for one in unclear) and named.isdisjoint({*orders, None}) else set()

    def _waiting_for(self, unclear: Said, finding: Finding) -> Reason:
        """A sentence that nobody understood may take back all the rest, which therefore waits with it."""
        if isinstance(finding, Doubt) and finding.code == CUSTOMS_UNCLEAR and (doubt := self._doubt(finding)):
            return doubt
        self.order_of(finding)
        said = finding if isinstance(finding, Said) and finding.statement is Statement.UNCLEAR else unclear
        if said.unknown:
            code = "unknown_aside" if said.rule == UNKNOWN_ASIDE else "unknown_word"
            return reason(code, said.evidence.where, words=", ".join(said.unknown), text=said.evidence.text)
        return reason("partner_unclear", said.evidence.where, text=said.evidence.text)

    def _corrects(self, said: Said) -> bool:
        """Whether something may have to be undone: all but a slip of this very mail that nothing knows of."""
        return said.statement is Statement.CORRECTION and undoes(self.order_of(said)[0], said)

    def _corrected(self, finding: Finding) -> Reason:
        """A mail that corrects ("X instead of Y") names both values; only a person can tell which is which."""
        order, _ = self.order_of(finding)
        return reason("partner_correction", order=order.number if order else "?")

    def order_of(self, finding: Finding) -> tuple[Order | None, Reason | None]:
        """The order that a finding is about, or why it may not be touched."""
        key = self._place or self._tenor.meant(finding)
        if key is None:
            return None, reason("no_order_named")
        order = self._draft.order(key)
        if order is None:
            return None, self._unknown_order(finding.order or key)
        if doubt := self._of_another(order):
            return None, doubt
        self._draft.concern(order.number)
        return order, None

    def _unknown_order(self, named: str) -> Reason:
        """The same for all that a row says of an order; a long list may know none of ours."""
        if named not in self._unknown:
            self._unknown[named] = reason("unknown_order", order=named)
        return self._unknown[named]

    def _of_another(self, order: Order) -> Reason | None:
        """Why the speaker may say nothing of an order that somebody else ships; a person may say so by naming it."""
        if self._partner is not None and order.shipper == self._partner.id:
            return None
        if not self._trusted:
            return reason("not_your_order", order=order.number)
        if self._partner is None or self._place is not None:
            return None
        return order_of_another(order, self._partner)

    def _take(self, finding: Finding) -> Reason | None:
        match finding:
            case Doubt():
                return self._doubt(finding)
            case Said() if self._is_numbered(finding):
                return None
            case Parcel() | CustomsNamed() | Said() | Trouble():
                order, doubt = self.order_of(finding)
                if order is None:
                    return doubt
                return self._hearing.hear(order, finding)
            case _:
                return None

    def _is_numbered(self, said: Said) -> bool:
        """Whether a dispatch of no order that we know is that of the parcels, of which every order has one."""
        dispatch = (
            said.statement is Statement.SHIPPED and self._draft.order(self._tenor.meant(said) or OrderKey("")) is None
        )
        return dispatch and bool(self._about) and self._tenor.numbered.issuperset(self._about)

    def _promise_kept(self, finding: Finding) -> Finding:
        """A new date that keeps what was promised is no delay: where something leaves by then it is a promise."""
        if not isinstance(finding, Trouble) or finding.problem is not ProblemKind.DELAY or finding.until is None:
            return finding
        order = self._draft.order(self._place or self._tenor.meant(finding) or OrderKey(""))
        if order is None or order.ship_by is None or is_late(order, finding.until) or is_before(order, finding.until):
            return finding
        return Said(
            evidence=finding.evidence,
            order=finding.order,
            line=finding.line,
            statement=Statement.WILL_SHIP if finding.leaving else Statement.NOTHING,
            rule=finding.rule,
            until=finding.until,
        )

    def _doubt(self, doubt: Doubt) -> Reason | None:
        where = doubt.evidence.where
        if self._trusted and doubt.code in RELEASABLE:
            number = TrackingNumber("".join(doubt.value.split()).upper())
            carrier = doubt.values.get("carrier")
            parcel = Parcel(evidence=doubt.evidence, order=doubt.order, line=doubt.line, number=number, carrier=carrier)
            return self._take(parcel)
        order, untouchable = self.order_of(doubt)
        if doubt.code in RELEASABLE and untouchable and untouchable.code == "not_your_order":
            return untouchable
        if doubt.code == CUSTOMS_UNCLEAR and order is not None and not letters.customs_missing(order):
            return None
        return reason(doubt.code, where, **{"value": doubt.value, **doubt.values})

    def _devices(self, named: Sequence[DeviceNamed]) -> list[Outcome]:
        outcomes: list[Outcome] = []
        groups: dict[OrderKey, list[DeviceNamed]] = {}
        for one in named:
            order, doubt = self.order_of(one)
            if order is None:
                outcomes.append(Outcome(finding=one, doubt=doubt))
            elif order.key in self._tenor.disputed and not self._trusted:
                stays = "partner_partial" if order.key in self._tenor.in_parts else "partner_not_shipped"
                outcomes.append(Outcome(finding=one, doubt=reason(stays, order=order.number)))
            else:
                groups.setdefault(order.key, []).append(one)
        for key, devices in groups.items():
            order = self._draft.order(key)
            if order is not None:
                verdicts = self._hearing.name(order, devices)
                for place, one in enumerate(devices):
                    again = any(one.imei == before.imei for before in devices[:place])
                    known = reason("already_recorded", value=one.imei) if again else None
                    outcomes.append(Outcome(finding=one, doubt=verdicts.get(one.imei) or known))
        return outcomes
