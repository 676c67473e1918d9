"""What is said of one order: what it changes, what waits for a person, and what follows once all of it is heard."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import msgspec

from daemon.deciding import customs, problems
from daemon.deciding.devices import name_devices
from daemon.deciding.draft import Draft
from daemon.deciding.orders import has_devices, is_before, is_late, line_named, not_open
from daemon.deciding.shipping import Dispatch, travel_together
from daemon.deciding.tenor import Tenor
from daemon.domain.deadline import order_subject
from daemon.domain.finding import CustomsNamed, DeviceNamed, Parcel, Said, Statement, Trouble
from daemon.domain.identifiers import Imei, OrderKey
from daemon.domain.order import Order, OrderState
from daemon.domain.partner import Partner
from daemon.domain.problem import ProblemKind
from daemon.domain.reason import Reason, reason

_ON_THE_WAY = timedelta(days=7)
_TAKEN_ONLY_WHOLE = {Statement.ACCEPTED, Statement.CONFIRMED, Statement.WILL_SHIP, Statement.SCARCE}
"""What is not taken of an order of which only a part is there."""
_STAGES = {stage.casefold(): stage for stage in ("Acknowledged", "Pickprocess", "Locked")}


def undoes(order: Order | None, said: Said) -> bool:
    """Whether a correction may have to undo something: all but a slip of this very mail that nothing knows of."""
    return not said.instead or order is None or said.instead in _recorded(order)


def _recorded(order: Order) -> set[str]:
    """The numbers of an order that have been taken: of its parcels and its devices."""
    parcels = {str(one.tracking_number) for one in order.shipments}
    return parcels | {str(device.imei) for line in order.lines for device in line.devices}


def _arrives_late(order: Order, day: date | None) -> bool:
    """Whether what arrives on a day cannot have left in time; a week may pass on the way."""
    return day is not None and is_late(order, day - _ON_THE_WAY)


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


class Hearing:
    """Takes the findings of one arrival, order by order.

    `tenor` is what it says of each as a whole, `named` are the orders that it gives each number to.
    """

    def __init__(
        self,
        draft: Draft,
        partner: Partner | None,
        tenor: Tenor,
        named: Mapping[str, Mapping[OrderKey, Order]],
        *,
        trusted: bool,
    ) -> None:
        self._draft = draft
        self._partner = partner
        self._tenor = tenor
        self._named = named
        self._trusted = trusted
        self._dispatches: dict[OrderKey, Dispatch] = {}
        self._troubled: set[OrderKey | None] = set(tenor.troubled)
        self._refused: set[OrderKey] = set()

    def hear(self, order: Order, finding: Parcel | CustomsNamed | Said | Trouble) -> Reason | None:
        """Take one finding; why it waits for a person, or None."""
        match finding:
            case Parcel():
                return self._parcel(order, finding)
            case CustomsNamed():
                return customs.hear(self._draft, order, finding, trusted=self._trusted)
            case Trouble() if order.key in self._tenor.declined - self._tenor.sold_out and not self._trusted:
                return reason("partner_declined", order=order.number)
            case Trouble() if finding.until and is_before(order, finding.until):
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
        if kind is ProblemKind.DELAY and self._gone_unnumbered(order):
            return reason("dispatch_without_number")
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

    def _gone_unnumbered(self, order: Order) -> bool:
        """Whether the mail says of an order, too, that all of it has left, without a number."""
        tenor = self._tenor
        return order.key in tenor.left - tenor.numbered - tenor.in_parts and not self._trusted

    def _over(self, order: Order, trouble: Trouble) -> bool:
        """An excuse for a delay that is over, for the rest leaves with this very mail."""
        left = order.state is OrderState.SHIPPED and order.key in self._dispatches
        return left and trouble.problem is ProblemKind.DELAY and trouble.until is None

    def _parcel(self, order: Order, parcel: Parcel) -> Reason | None:
        if order.key in self._tenor.one_follows and parcel.quantity is None and _is_of_two_alike(order):
            parcel = msgspec.structs.replace(parcel, quantity=1)
        doubt = self._unfit(order, parcel)
        if doubt:
            self._refused.add(order.key)
        return doubt or self._dispatch(order).add(parcel)

    def _unfit(self, order: Order, parcel: Parcel) -> Reason | None:
        """Why a number may not count as a dispatch beside what else the mail says of its order."""
        if self._trusted:
            return None
        if order.key in self._tenor.not_left or (order.key in self._tenor.to_leave and parcel.quantity is None):
            return reason("partner_not_shipped", order=order.number)
        if order.key in self._tenor.unaddressed or self._tenor.article(parcel) in self._tenor.lines_not_left:
            return reason("partner_not_shipped", order=order.number)
        if parcel.instead and any(one.tracking_number != parcel.number for one in order.shipments):
            return reason("partner_correction", order=order.number)
        others = [one.number for one in self._others(order, parcel.number) if not travel_together(order, one)]
        if others:
            return reason("number_used_elsewhere", value=parcel.number, order=", ".join(others))
        if order.key in self._tenor.crowded | self._tenor.disputed:
            return reason("quantity_unclear", value=parcel.number)
        several = sum(line.open for line in order.lines) > 1
        in_parts = self._tenor.in_parts | self._tenor.half_named | self._tenor.sold_out
        if order.key in in_parts and several and parcel.quantity is None and parcel.line is None:
            return reason("quantity_unclear", value=parcel.number)
        return None

    def _others(self, order: Order, number: str) -> list[Order]:
        """The other orders that the same arrival gives a number to; which of them is meant, nobody knows."""
        return [] if self._trusted else [one for key, one in self._named.get(number, {}).items() if key != order.key]

    def _dispatch(self, order: Order) -> Dispatch:
        return self._dispatches.setdefault(order.key, Dispatch(self._draft, order, trusted=self._trusted))

    def _statement(self, order: Order, said: Said) -> Reason | None:
        if order.key in self._tenor.short and not self._trusted and said.statement in _TAKEN_ONLY_WHOLE:
            scarce = said.statement is Statement.SCARCE and order.key not in self._tenor.troubled
            return reason("other_pieces_confirmed", value=said.quantity, order=order.number) if scarce else None
        if said.until and is_late(order, said.until) and order.key not in self._troubled | self._refused:
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
                denied = order.key in self._tenor.declined | self._tenor.came_back
                return None if denied and not self._trusted else self._accepted(order, said)
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
            case Statement.PARTIAL | Statement.NOT_SHIPPED | Statement.CAME_BACK | Statement.SCARCE:
                of_the_rest = statement in {Statement.PARTIAL, Statement.SCARCE} or order.key in self._tenor.in_parts
                told = Statement.PARTIAL if statement is Statement.SCARCE else statement
                idle = order.key in self._tenor.spoken_of or (of_the_rest and self._has_parcels(order))
                return None if idle else reason(f"partner_{told}", order=order.number)
            case Statement.UNCLEAR:
                return reason("partner_unclear", said.evidence.where, text=said.evidence.text)
            case Statement.NEGOTIATING | Statement.CONTRACT_AGREED:
                return reason("not_about_orders", order=order.number)
            case Statement.NOTHING:
                return None
            case Statement.CORRECTION if not undoes(order, said):
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
        """No more reminders of this order, and no mail that is about none; clocks run on, so the operator is told."""
        if self._partner:
            self._draft.leave_alone(self._partner.id)
        partner = self._partner.id if self._partner else order.shipper
        what = reason("no_more_mail_of_shipper", partner=partner, about=order.number)
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
        """The IMEIs that the same arrival gives to two devices: of this order, or of another that has not had them."""
        found: dict[Imei, Reason] = {}
        for one in devices:
            fresh = [other for other in self._others(order, one.imei) if one.imei not in _recorded(other)]
            others = [other.number for other in fresh if has_devices(other)]
            if len({each.line for each in devices if each.imei == one.imei}) > 1:
                others.append(order.number)
            if others:
                found[one.imei] = reason("imei_used_elsewhere", value=one.imei, order=", ".join(others))
        return found

    def name(self, order: Order, devices: Sequence[DeviceNamed]) -> dict[Imei, Reason | None]:
        """Take the devices of an order together; for each why it waits for a person, or None."""
        self._dispatch(order)
        return name_devices(self._draft, order, devices, self._of_several(order, devices))

    def finish(self) -> None:
        """Draw the consequences of what has left, once all is heard."""
        for dispatch in self._dispatches.values():
            dispatch.finish()
