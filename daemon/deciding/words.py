"""What a partner says about orders, finding by finding: what takes effect and what waits for a person."""

from collections.abc import Sequence
from datetime import date, timedelta

import msgspec

from daemon.deciding import customs, letters, problems
from daemon.deciding.devices import name_devices
from daemon.deciding.draft import Draft
from daemon.deciding.orders import line_named, not_open, order_of_another
from daemon.deciding.shipping import Dispatch, travel_together
from daemon.deciding.tenor import RELEASABLE, Tenor
from daemon.domain.calendar import local_day
from daemon.domain.deadline import order_subject
from daemon.domain.finding import CustomsNamed, DeviceNamed, Doubt, Finding, Parcel, Said, Statement, Trouble
from daemon.domain.identifiers import Imei, OrderKey, TrackingNumber, order_key
from daemon.domain.order import Order, OrderState
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
_ON_THE_WAY = timedelta(days=7)
_STAGES = {stage.casefold(): stage for stage in ("Acknowledged", "Pickprocess", "Locked")}


def _turn(finding: Finding) -> int:
    """Parcels come first, those of one line before the rest; then what is told beside them, then what is said."""
    if isinstance(finding, Parcel):
        return 0 if finding.line else 1
    if isinstance(finding, CustomsNamed):
        return 3
    return 4 if isinstance(finding, Said) else 2


def _is_named_twice(finding: Finding) -> bool:
    return isinstance(finding, Doubt) and finding.code == "imei_named_twice"


def _arrives_late(order: Order, day: date | None) -> bool:
    """Whether what arrives on a day cannot have left in time; a week may pass on the way."""
    return day is not None and _is_late(order, day - _ON_THE_WAY)


def _is_late(order: Order, day: date) -> bool:
    """Whether a day is later than the order has to leave."""
    return order.ship_by is not None and day > local_day(order.ship_by, order.market)


def _is_before(order: Order, day: date) -> bool:
    """Whether a day is earlier than the order."""
    return day < local_day(order.placed_at, order.market)


def _is_all_of(order: Order, said: Said) -> bool:
    """Whether the pieces of which a row says something are all that were ordered, of its article or altogether."""
    named = line_named(order, said.line) if said.line else None
    ordered = [line.quantity for line in order.lines]
    return said.quantity in ({named.quantity} if named else {*ordered, sum(ordered)})


def _is_of_two_alike(order: Order) -> bool:
    """Whether two pieces of one article are what has yet to leave, so that beside "the other one" there is one."""
    return [line.open for line in order.lines if line.open] == [2]


def _has_left(order: Order, line: str | None) -> bool:
    """Whether all that a sentence speaks of left with an earlier mail: that line of the order, or all of them."""
    return not any(one.open for one in order.lines if line in {None, one.line, one.sku})


def _has_devices(order: Order) -> bool:
    """Whether a device of an order needs its IMEI."""
    return any(line.imei_required for line in order.lines)


def _recorded(order: Order) -> set[str]:
    """The numbers of an order that have been taken: of its parcels and its devices."""
    parcels = {str(one.tracking_number) for one in order.shipments}
    return parcels | {str(device.imei) for line in order.lines for device in line.devices}


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
        self._dispatches: dict[OrderKey, Dispatch] = {}
        self._troubled: set[OrderKey | None] = set()
        self._refused: set[OrderKey] = set()
        self._unknown: dict[str, Reason] = {}
        self._named: dict[str, dict[OrderKey, Order]] = {}

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
        self._troubled = set(self._tenor.troubled)
        self._named = self._orders_by_number(findings)
        last = [one for one in findings if isinstance(one, Doubt) and _is_named_twice(one)]
        first = [one for one in findings if not isinstance(one, DeviceNamed) and not _is_named_twice(one)]
        first.sort(key=_turn)
        outcomes += [Outcome(finding=one, doubt=self._take(one)) for one in first]
        outcomes += self._devices(devices)
        outcomes += [Outcome(finding=one, doubt=self._twice(one)) for one in last]
        for dispatch in self._dispatches.values():
            dispatch.finish()
        return outcomes

    def _of_the_one(self, finding: Finding) -> Finding:
        """An IMEI below several orders is that one's in which alone there is a device."""
        if not isinstance(finding, DeviceNamed) or not finding.among or self._place:
            return finding
        orders = [self._draft.order(order_key(one)) for one in finding.among]
        fitting = [one for one in orders if one is None or _has_devices(one)]
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

    def _others(self, order: Order, number: str) -> list[Order]:
        """The other orders that the same arrival gives a number to; which of them is meant, nobody knows."""
        return [] if self._trusted else [one for key, one in self._named.get(number, {}).items() if key != order.key]

    def _twice(self, doubt: Doubt) -> Reason | None:
        """An IMEI that stands there twice may be a slip as long as another is due."""
        order, _ = self.order_of(doubt)
        owed = order is not None and any(line.devices_owed for line in order.lines)
        return reason(doubt.code, doubt.evidence.where, value=doubt.value) if owed else None

    def _unfit(self, order: Order, parcel: Parcel) -> Reason | None:
        """Why a number may not count as a dispatch beside what else the mail says of its order."""
        if self._trusted:
            return None
        if order.key in self._tenor.not_left or (order.key in self._tenor.to_leave and parcel.quantity is None):
            return reason("partner_not_shipped", order=order.number)
        if order.key in self._tenor.unaddressed:
            return reason("partner_not_shipped", order=order.number)
        if parcel.instead and any(one.tracking_number != parcel.number for one in order.shipments):
            return reason("partner_correction", order=order.number)
        others = [one.number for one in self._others(order, parcel.number) if not travel_together(order, one)]
        if others:
            return reason("number_used_elsewhere", value=parcel.number, order=", ".join(others))
        if order.key in self._tenor.crowded:
            return reason("quantity_unclear", value=parcel.number)
        several = sum(line.open for line in order.lines) > 1
        in_parts = self._tenor.in_parts | self._tenor.half_named | self._tenor.sold_out
        if order.key in in_parts and several and parcel.quantity is None and parcel.line is None:
            return reason("quantity_unclear", value=parcel.number)
        return None

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
        return reason("partner_unclear", said.evidence.where, text=said.evidence.text)

    def _corrects(self, said: Said) -> bool:
        """Whether something may have to be undone: all but a slip of this very mail that nothing knows of."""
        if said.statement is not Statement.CORRECTION or not said.instead:
            return said.statement is Statement.CORRECTION
        order, _ = self.order_of(said)
        return order is None or said.instead in _recorded(order)

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
                return self._on_order(order, finding)
            case _:
                return None

    def _is_numbered(self, said: Said) -> bool:
        """Whether a dispatch of no order that we know is that of the parcels, of which every order has one."""
        dispatch = (
            said.statement is Statement.SHIPPED and self._draft.order(self._tenor.meant(said) or OrderKey("")) is None
        )
        return dispatch and bool(self._about) and self._tenor.numbered.issuperset(self._about)

    def _on_order(self, order: Order, finding: Parcel | CustomsNamed | Said | Trouble) -> Reason | None:
        match finding:
            case Parcel():
                return self._parcel(order, finding)
            case CustomsNamed():
                return customs.hear(self._draft, order, finding, trusted=self._trusted)
            case Trouble() if order.key in self._tenor.declined - self._tenor.sold_out and not self._trusted:
                return reason("partner_declined", order=order.number)
            case Trouble() if finding.until and _is_before(order, finding.until):
                return reason("date_before_order", value=finding.until, order=order.number)
            case Trouble() if self._over(order, finding):
                return None
            case Trouble():
                return self._trouble(order, finding)
            case Said():
                return self._statement(order, finding)

    def _trouble(self, order: Order, trouble: Trouble) -> Reason | None:
        """What nobody has a day for, a person has to decide on: the goods are missing, or something else is."""
        draft, kind = self._draft, trouble.problem
        known = problems.known(order, kind, trouble.until)
        doubt = problems.report(draft, order, kind, trouble.until, draft.at)
        if trouble.until or kind is ProblemKind.DELAY or order.silent or (doubt and not known):
            return doubt
        key = f"problem:{order.key}:{kind}:{(known.detected_at if known else draft.at).isoformat()}"
        if key not in draft.snapshot.sent | draft.snapshot.queued:
            # What a stock list had let us fear, and the buyer has heard, its shipper says only now.
            if known:
                draft.note(order_subject(order.key), reason("problem_undated", kind=kind))
            what = reason("problem_to_decide", kind=kind, order=order.number, partner=order.shipper)
            draft.tell_operator(key, what, (order.number,))
        return doubt

    def _parcel(self, order: Order, parcel: Parcel) -> Reason | None:
        if order.key in self._tenor.one_follows and parcel.quantity is None and _is_of_two_alike(order):
            parcel = msgspec.structs.replace(parcel, quantity=1)
        doubt = self._unfit(order, parcel)
        if doubt:
            self._refused.add(order.key)
        return doubt or self._dispatch(order).add(parcel)

    def _promise_kept(self, finding: Finding) -> Finding:
        """A new date that keeps what was promised is no delay: where something leaves by then it is a promise."""
        if not isinstance(finding, Trouble) or finding.problem is not ProblemKind.DELAY or finding.until is None:
            return finding
        order = self._draft.order(self._place or self._tenor.meant(finding) or OrderKey(""))
        if order is None or order.ship_by is None or _is_late(order, finding.until) or _is_before(order, finding.until):
            return finding
        return Said(
            evidence=finding.evidence,
            order=finding.order,
            line=finding.line,
            statement=Statement.WILL_SHIP if finding.leaving else Statement.NOTHING,
            rule=finding.rule,
            until=finding.until,
        )

    def _over(self, order: Order, trouble: Trouble) -> bool:
        """An excuse for a delay that is over, for the rest leaves with this very mail."""
        left = order.state is OrderState.SHIPPED and order.key in self._dispatches
        return left and trouble.problem is ProblemKind.DELAY and trouble.until is None

    def _dispatch(self, order: Order) -> Dispatch:
        return self._dispatches.setdefault(order.key, Dispatch(self._draft, order, trusted=self._trusted))

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

    def _statement(self, order: Order, said: Said) -> Reason | None:
        if said.until and _is_late(order, said.until) and order.key not in self._troubled | self._refused:
            self._troubled.add(order.key)
            if said.statement is Statement.ACCEPTED and said.evidence.row is None:
                self._acknowledge(order)
                order = self._draft.order(order.key) or order
            return problems.report(self._draft, order, ProblemKind.DELAY, said.until, self._draft.at)
        known = self._troubled | self._refused | self._tenor.declined
        known |= self._tenor.numbered if said.evidence.row is None else set()
        if _arrives_late(order, said.arrives) and order.key not in known:
            self._troubled.add(order.key)
            doubt = problems.report(self._draft, order, ProblemKind.DELAY, said.arrives, self._draft.at)
            self._acknowledge(self._draft.order(order.key) or order)
            return doubt
        match said.statement:
            case Statement.ACCEPTED | Statement.CONFIRMED:
                return None if order.key in self._tenor.declined and not self._trusted else self._accepted(order, said)
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
                return self._left_unnumbered(order, said)
            case Statement.PARTIAL | Statement.NOT_SHIPPED:
                of_the_rest = statement is Statement.PARTIAL or order.key in self._tenor.in_parts
                idle = order.key in self._tenor.spoken_of or (of_the_rest and self._has_parcels(order))
                return None if idle else reason(f"partner_{statement}", order=order.number)
            case Statement.UNCLEAR:
                return reason("partner_unclear", said.evidence.where, text=said.evidence.text)
            case Statement.NEGOTIATING | Statement.CONTRACT_AGREED:
                return reason("not_about_orders", order=order.number)
            case Statement.NOTHING:
                return None
            case Statement.CORRECTION if not self._corrects(said):
                return None
            case Statement.QUESTION if said.courtesy and order.key not in self._troubled:
                return None
            case _:
                return reason(f"partner_{statement}", order=order.number)

    def _left_unnumbered(self, order: Order, said: Said) -> Reason | None:
        """Why what is said to have left needs a number; a row of a table speaks of its own line alone."""
        if _has_left(order, said.line):
            return reason("already_recorded", value=order.number) if said.evidence.row else None
        numbered = self._dispatched(order) or order.key in self._tenor.numbered
        return None if numbered and not (said.evidence.row and said.line) else reason("dispatch_without_number")

    def _leave_alone(self, order: Order) -> None:
        """No more reminders about this order; its clocks run on, so the operator is told."""
        what = reason("no_more_mail", partner=self._partner.id if self._partner else "?", about=order.number)
        self._draft.tell_operator(f"no-more-mail:{self._draft.because}", what, (order.number,))
        if order.no_reminders_since is None:
            self._draft.put_order(msgspec.structs.replace(order, no_reminders_since=self._draft.at))
            self._draft.note(order_subject(order.key), reason("reminders_stopped"))

    def _has_parcels(self, order: Order) -> bool:
        return bool(order.shipments) or self._dispatched(order)

    def _dispatched(self, order: Order) -> bool:
        """Whether this mail names a parcel of an order."""
        dispatch = self._dispatches.get(order.key)
        return dispatch is not None and not dispatch.empty

    def _accepted(self, order: Order, said: Said) -> Reason | None:
        """A status in a table says, besides, how far the fulfiller is; a later one is news after the first, too."""
        told = said.evidence.text.strip().casefold() if said.evidence.row else ""
        stage = _STAGES.get(told, order.stage)
        if said.quantity and not self._trusted and not _is_all_of(order, said):
            return reason("other_pieces_confirmed", value=said.quantity, order=order.number)
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

    def _of_several(self, order: Order, devices: Sequence[DeviceNamed]) -> dict[Imei, Reason]:
        """The IMEIs that the same arrival gives to a device of another order, or to two of this one."""
        found: dict[Imei, Reason] = {}
        for one in devices:
            others = [other.number for other in self._others(order, one.imei) if _has_devices(other)]
            if len({each.line for each in devices if each.imei == one.imei}) > 1:
                others.append(order.number)
            if others:
                found[one.imei] = reason("imei_used_elsewhere", value=one.imei, order=", ".join(others))
        return found

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
                verdicts = name_devices(self._draft, order, devices, self._of_several(order, devices))
                for place, one in enumerate(devices):
                    again = any(one.imei == before.imei for before in devices[:place])
                    known = reason("already_recorded", value=one.imei) if again else None
                    outcomes.append(Outcome(finding=one, doubt=verdicts.get(one.imei) or known))
        return outcomes
