"""What an arrival says of each of its orders as a whole, by which its single findings are understood."""

from collections.abc import Iterable, Sequence

from daemon.deciding.draft import Draft
from daemon.domain.calendar import local_day
from daemon.domain.finding import DeviceNamed, Doubt, Finding, Parcel, Said, Statement, Trouble, is_attached
from daemon.domain.identifiers import OrderKey, order_key
from daemon.domain.order import Order
from daemon.domain.problem import ProblemKind

RELEASABLE = {
    "check_digit_wrong",
    "carrier_mismatch",
    "carrier_ambiguous",
    "carrier_unknown",
    "number_unknown_form",
    "not_traceable",
    "not_said_to_have_left",
}
"""Doubts about a tracking number that a person may set aside."""

_Parcels = dict[OrderKey | None, list[Parcel]]

_STAYED = {Statement.NOT_SHIPPED, Statement.CAME_BACK}
_STAYING = {*_STAYED, Statement.WILL_SHIP}
_YES = {Statement.ACCEPTED, Statement.CONFIRMED}


class Tenor:
    """Each of its sets holds the orders of which that is said; None where one is named by nobody.

    `not_left`: they have not left yet, `lines_not_left` only those lines of them; `to_leave`: they leave on a day to
    come; `left`: they have left; `in_parts`: not all of them leaves at once; `short`: fewer pieces are there than
    were ordered, and nobody says when the rest comes; `one_follows`: one piece alone does not leave with the one
    number that is named; `half_named`: some of their devices are named but not all; `crowded`: more numbers are named
    than pieces are left; `declined`, `troubled`: a refusal or a problem is told; `sold_out`: the goods are out of
    stock; `unaddressed`: the address is in doubt, and nobody says that they have left; `numbered`: a new number is
    named, right or doubtful; `spoken_of`: more is told than that nothing has left yet; `disputed`: they are said to
    have left with a number, and not to have left, or one piece not, though the devices of all are named; `came_back`:
    their parcel did, which no mere "we see to it" settles.
    """

    def __init__(self, draft: Draft, findings: Sequence[Finding], default: OrderKey | None) -> None:
        self._draft = draft
        self._default = default
        said = [one for one in findings if isinstance(one, Said)]
        parcels = [one for one in findings if isinstance(one, Parcel)]
        devices = [one for one in findings if isinstance(one, DeviceNamed)]
        doubtful = [one for one in findings if isinstance(one, Doubt) and one.code in RELEASABLE]
        sent = self._by_order(parcels)
        staying = [one for one in said if one.statement in _STAYING and self._may_hold_back(one, sent)]
        told = [one for one in staying if one.statement in _STAYED]
        self.lines_not_left = {self.article(one) for one in told if self._is_of_a_line(one, sent)}
        self.not_left = self._orders_of(one for one in told if not self._is_of_a_line(one, sent))
        # Where the parcels of an order go by different carriers, each holds something else.
        parted = self._orders_of(one for one in said if self._is_of_a_part(one))
        self.in_parts = parted | {order for order, several in sent.items() if len({one.carrier for one in several}) > 1}
        rest = self._orders_of(one for one in said if one.statement is Statement.PARTIAL and one.until)
        self.short = self._orders_of(one for one in said if self._is_short(one)) - rest
        self.in_parts |= self.short
        follow = (one for one in said if one.statement is Statement.PARTIAL and one.quantity == 1 and one.line is None)
        self.one_follows = self._orders_of(follow) & self._with_one_number((*parcels, *doubtful))
        named = self._devices_named(devices)
        self.half_named = {key for key, count in named.items() if key and count < self._devices_due(key)}
        self.crowded = self._with_too_many_parcels(parcels)
        self.declined = self._orders_said(said, Statement.DECLINED)
        self.left = self._orders_said(said, Statement.SHIPPED)
        self.to_leave = self._orders_said([one for one in staying if self._is_to_come(one)], Statement.WILL_SHIP)
        self.to_leave -= self.left | self.in_parts
        self.not_left |= self._held_back_together(sent)
        self.troubled = self._orders_of(one for one in findings if isinstance(one, Trouble))
        self.sold_out = self._orders_of(
            one for one in findings if isinstance(one, Trouble) and one.problem is ProblemKind.OUT_OF_STOCK
        )
        unaddressed = (one for one in findings if isinstance(one, Trouble) and one.problem is ProblemKind.ADDRESS)
        self.unaddressed = self._orders_of(unaddressed) - self.left
        self.numbered = self._orders_of((*(one for one in parcels if not self._is_known(one)), *doubtful))
        self.spoken_of = self.troubled | sent.keys() | self._orders_of((*doubtful, *devices))
        self.spoken_of |= self._orders_said(said, Statement.WILL_SHIP)
        self.came_back = self._orders_said(said, Statement.CAME_BACK)
        self.disputed = self.left & self.not_left & sent.keys()
        self.disputed |= {key for key in parted if key and self._is_all_devices(key, named.get(key, 0))}
        self.spoken_of |= self._orders_of(one for one in said if one.statement in _YES) - self.came_back

    def _orders_said(self, said: Sequence[Said], statement: Statement) -> set[OrderKey | None]:
        """The orders of which a mail says this; None where it names none and none is meant."""
        return self._orders_of(one for one in said if one.statement is statement)

    def _is_of_a_part(self, said: Said) -> bool:
        """Whether something else of its order stays: not where the rest follows what has left before."""
        order = self._draft.order(self.meant(said) or OrderKey("")) if said.rest else None
        return said.statement is Statement.PARTIAL and not (order and order.shipments)

    def _held_back_together(self, sent: _Parcels) -> set[OrderKey | None]:
        """All orders with a number where a mail about several says that one of these, or nobody knows which, stays."""
        staying = self.not_left | self.to_leave
        whole = (order for order, several in sent.items() if any(one.quantity is None for one in several))
        named = {*whole, *self.not_left.intersection(sent)}
        together = self._default is None and (named & staying or None in staying)
        return set(sent) if together else set()

    def _may_hold_back(self, said: Said, sent: _Parcels) -> bool:
        """Whether what is said of an article that stays may be meant of a parcel: not of one that names others."""
        beside = [self._article(one) for one in sent.get(self.meant(said), ())]
        named = self._article(said)
        return named is None or not beside or any(one in {None, named} for one in beside)

    def _is_short(self, said: Said) -> bool:
        """Whether fewer pieces are there than are left to send, of the article that is named or of any."""
        order = self._draft.order(self.meant(said) or OrderKey(""))
        named = self._article(said)
        wanted = [line.open for line in order.lines if named in {None, line.line}] if order else []
        return said.statement is Statement.SCARCE and (said.quantity or 0) < max(wanted, default=0)

    def _is_of_a_line(self, said: Said, sent: _Parcels) -> bool:
        """Whether what stays is one line of an order, and each parcel of it is of one."""
        parcels = sent.get(self.meant(said), ())
        return said.line is not None and bool(parcels) and all(one.line for one in parcels)

    def article(self, finding: Finding) -> tuple[OrderKey | None, str | None]:
        """The order and the line that a finding is about."""
        return self.meant(finding), self._article(finding)

    def _is_to_come(self, said: Said) -> bool:
        """Whether a sentence names a day after today; without an order any day may be."""
        order = self._draft.order(self.meant(said) or OrderKey(""))
        return said.until is not None and (order is None or said.until > local_day(self._draft.at, order.market))

    def _article(self, finding: Finding) -> str | None:
        """The line that a finding names, by its id or its article."""
        order = self._draft.order(self.meant(finding) or OrderKey(""))
        lines = order.lines if order and finding.line else ()
        return next((one.line for one in lines if finding.line in {one.line, one.sku}), finding.line)

    def _by_order(self, parcels: Sequence[Parcel]) -> _Parcels:
        found: _Parcels = {}
        for one in parcels:
            found.setdefault(self.meant(one), []).append(one)
        return found

    def _is_known(self, parcel: Parcel) -> bool:
        """Whether a number was taken before: it says nothing of what has not left yet."""
        order = self._draft.order(self.meant(parcel) or OrderKey(""))
        return order is not None and parcel.number in _numbers_of(order)

    def _orders_of(self, findings: Iterable[Finding]) -> set[OrderKey | None]:
        return set(map(self.meant, findings))

    def meant(self, finding: Finding) -> OrderKey | None:
        """The order that a finding names, or else the one that is meant."""
        return order_key(finding.order) if finding.order else self._default

    def _with_one_number(self, numbered: Sequence[Parcel | Doubt]) -> set[OrderKey | None]:
        """Orders of which a single number is named, be it right or doubtful."""
        numbers: dict[OrderKey | None, set[str]] = {}
        for one in numbered:
            numbers.setdefault(self.meant(one), set()).add(one.number if isinstance(one, Parcel) else one.value)
        return {key for key, some in numbers.items() if len(some) == 1}

    def _devices_named(self, devices: Sequence[DeviceNamed]) -> dict[OrderKey | None, int]:
        """Of how many devices of each order a mail's text tells; the others may not have left.

        A row of a table says of its whole order that it has left; what is missing is asked for.
        """
        named: dict[OrderKey | None, int] = {}
        for one in devices:
            if one.evidence.row is None:
                key = self.meant(one)
                named[key] = named.get(key, 0) + (2 if one.second and one.counted else 1)
        return named

    def _with_too_many_parcels(self, parcels: Sequence[Parcel]) -> set[OrderKey | None]:
        """Orders for which more numbers are named than pieces are left: one of them may be another's.

        Those of one table are parcels of the same goods; a second table, or the text beside it, names others.
        """
        named: dict[OrderKey, dict[str, set[str]]] = {}
        if len(tables := {_table_of(one) for one in parcels}) == 1 and "" not in tables:
            return set()
        for one in parcels:
            order = self._draft.order(self.meant(one) or OrderKey(""))
            if order and one.number not in _numbers_of(order):
                named.setdefault(order.key, {}).setdefault(_table_of(one), set()).add(one.number)
        return {key for key, tables in named.items() if 0 < self._pieces_left(key) < _told_apart(tables)}

    def _pieces_left(self, key: OrderKey) -> int:
        order = self._draft.order(key)
        return sum(line.open for line in order.lines) if order else 0

    def _is_all_devices(self, key: OrderKey, named: int) -> bool:
        """Whether an order is of nothing but devices, more than one, and so many are all of them."""
        order = self._draft.order(key)
        pieces = sum(line.open for line in order.lines) if order else 0
        return 1 < pieces <= min(named, self._devices_due(key))

    def _devices_due(self, key: OrderKey) -> int:
        order = self._draft.order(key)
        return sum(line.open for line in order.lines if line.devices_owed) if order else 0


def _table_of(parcel: Parcel) -> str:
    """The attached file in whose rows a parcel stands, `file` for a dropped one; empty for words."""
    if parcel.evidence.row is None:
        return ""
    return parcel.evidence.where.partition(",")[0] if is_attached(parcel) else "file"


def _told_apart(tables: dict[str, set[str]]) -> int:
    """How many numbers are named; those of one table alone count as one."""
    differ = len({frozenset(numbers) for numbers in tables.values()}) > 1
    return len(set().union(*tables.values())) if differ or "" in tables else 1


def _numbers_of(order: Order) -> set[str]:
    return {one.tracking_number for one in order.shipments}
