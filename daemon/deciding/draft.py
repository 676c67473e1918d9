"""What a stimulus is about to change, gathered step by step and sealed into one Decision."""

from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from functools import cached_property
from itertools import chain, islice, takewhile

import msgspec

from daemon.domain.article import Article
from daemon.domain.deadline import Deadline, DeadlineKind, DeadlineState, inquiry_subject, order_subject
from daemon.domain.decision import Decision, Disposition, HistoryEntry, Proposal, Relationship, RowVerdict
from daemon.domain.effect import Effect, SendMail, TellOperator, WriteInquiries
from daemon.domain.identifiers import Imei, InquiryId, OrderKey, PartnerId, TrackingNumber
from daemon.domain.inquiry import Inquiry
from daemon.domain.order import Order
from daemon.domain.partner import Role
from daemon.domain.policy import Policy
from daemon.domain.reason import Reason
from daemon.domain.snapshot import DeviceUse, Snapshot
from daemon.domain.stock import StockLevel, StockReported
from daemon.domain.trade import Exported
from daemon.rules.rulebook import Rulebook


class Draft:
    """Reads see the draft's own changes over the snapshot.

    `at` is the moment that the stimulus counts from, `now` the present. `because` is the arrival, job or person as the
    history names it, `cause` the same as effects are keyed by: a release sends nothing that its arrival already sent.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        rulebook: Rulebook,
        policy: Policy,
        *,
        now: datetime,
        at: datetime,
        because: str,
        cause: str = "",
    ) -> None:
        self.snapshot = snapshot
        self.rulebook = rulebook
        self.policy = policy
        self.now = now
        self.at = at
        self.because = because
        self.cause = cause or because
        self._orders: dict[OrderKey, Order] = {}
        self._ordered_with: dict[str, dict[OrderKey, None]] = {}
        self._inquiries: dict[InquiryId, Inquiry] = {}
        self._deadlines: dict[str, Deadline] = {}
        self._waiting: dict[str, dict[str, Deadline]] = {}
        for one in snapshot.deadlines:
            self._waiting.setdefault(one.subject, {})[one.key] = one
        self._effects: dict[str, Effect] = {}
        self._about: dict[str, None] = {}
        self._history: list[HistoryEntry] = []
        self._relationships: list[Relationship] = []
        self._ended: list[Relationship] = []
        self._withdrawn: list[str] = []
        self._stock: list[StockLevel] = []
        self._reports: list[StockReported] = []
        self._articles: list[Article] = []
        self._exported: list[Exported] = []
        self._left_alone: list[PartnerId] = []
        self._reminded_again: list[PartnerId] = []

    def order(self, key: OrderKey) -> Order | None:
        """The order as it would be after what has been drafted so far."""
        return self._orders.get(key) or self.snapshot.orders.get(key)

    def inquiry(self, inquiry: InquiryId) -> Inquiry | None:
        """The inquiry as it would be after what has been drafted so far."""
        return self._inquiries.get(inquiry) or self.snapshot.inquiries.get(inquiry)

    def put_order(self, order: Order) -> None:
        self._orders[order.key] = order
        imeis = (device.imei for line in order.lines for device in line.devices)
        numbers = (shipment.tracking_number for shipment in order.shipments)
        for one in chain(imeis, numbers):
            self._ordered_with.setdefault(one, {})[order.key] = None
        self.concern(order.number)

    def put_inquiry(self, inquiry: Inquiry) -> None:
        self._inquiries[inquiry.id] = inquiry
        self.concern(inquiry.id)

    def concern(self, bare_id: str) -> None:
        """Name an order or inquiry that this is about, changed or not."""
        self._about[bare_id] = None

    @property
    def about(self) -> tuple[str, ...]:
        return tuple(self._about)

    def note(self, subject: str, what: Reason, *, at: datetime | None = None) -> None:
        """One line of history."""
        entry = HistoryEntry(subject=subject, at=at or self.at, what=what, because=self.because)
        self._history.append(entry)

    def send(self, effect: Effect) -> None:
        self._effects[effect.key] = effect

    def take_back(self, conversation: str, templates: Collection[str]) -> SendMail | None:
        """The latest mail of this draft in a thread, so that another may say what it says, and more."""
        for key, one in reversed(self._effects.items()):
            if isinstance(one, SendMail) and one.conversation == conversation and one.template in templates:
                if key in self.snapshot.sent or key in self.snapshot.queued:
                    return None
                del self._effects[key]
                return one
        return None

    def tell_operator(self, key: str, what: Reason, about: tuple[str, ...] = ()) -> None:
        """A line in the operator's next bundled mail."""
        self.send(TellOperator(key=key, reason=what, about=about))

    def withdraw(self, *keys: str) -> None:
        """Effects that have become pointless and must not leave if they have not left yet."""
        self._withdrawn.extend(keys)
        for key in keys:
            self._effects.pop(key, None)

    def relate(self, relationship: Relationship) -> None:
        self._relationships.append(relationship)

    def part(self, relationship: Relationship) -> None:
        self._ended.append(relationship)

    def put_stock(self, level: StockLevel) -> None:
        self._stock.append(level)

    def report_stock(self, report: StockReported) -> None:
        self._reports.append(report)

    def put_article(self, article: Article) -> None:
        self._articles.append(article)

    @property
    def articles(self) -> tuple[Article, ...]:
        """The articles that have been drafted so far."""
        return tuple(self._articles)

    def export(self, exported: Exported) -> None:
        self._exported.append(exported)

    def leave_alone(self, partner: PartnerId) -> None:
        """He wants no more mail that is about no order or inquiry."""
        self._left_alone.append(partner)

    def remind_again(self, partner: PartnerId) -> None:
        """He wants it after all."""
        self._reminded_again.append(partner)

    def put_deadline(self, deadline: Deadline) -> None:
        self._deadlines[deadline.key] = deadline
        self._waiting.setdefault(deadline.subject, {})[deadline.key] = deadline

    def deadlines(self, kind: DeadlineKind, subject: str) -> list[Deadline]:
        """The deadlines of that kind on a subject that somebody still waits for."""
        return [one for one in self._waiting.get(subject, {}).values() if one.kind == kind and not one.over]

    def settle(
        self, kind: DeadlineKind, subject: str, at: datetime, *, started: Collection[datetime] | None = None
    ) -> None:
        """Meet the open deadlines of that kind, or miss those that were due before `at`; nothing more rings.

        With `started` only those that started then.
        """
        for one in self.deadlines(kind, subject):
            if started is not None and one.started not in started:
                continue
            met = DeadlineState.MET if at <= one.due else DeadlineState.MISSED
            state = met if one.state is DeadlineState.OPEN else one.state
            self.put_deadline(msgspec.structs.replace(one, state=state, next_ring=None, over=True))

    def drop(self, kind: DeadlineKind, subject: str) -> None:
        """Nobody waits for that any more."""
        for one in self.deadlines(kind, subject):
            state = DeadlineState.DROPPED if one.state is DeadlineState.OPEN else one.state
            self.put_deadline(msgspec.structs.replace(one, state=state, next_ring=None, over=True))

    def device_use(self, imei: Imei) -> DeviceUse | None:
        """Where an IMEI is in use already, drafted changes included."""
        for order in self._drafted_with(imei):
            for line in order.lines:
                if order.keeps_devices(line) and any(device.imei == imei for device in line.devices):
                    return DeviceUse(order=order.key, number=order.number, line=line.line, shipper=order.shipper)
        return self.snapshot.devices.get(imei)

    def parcel_use(self, number: TrackingNumber) -> tuple[OrderKey, ...]:
        """The orders that a tracking number is recorded on already, drafted changes included."""
        drafted = tuple(
            order.key
            for order in self._drafted_with(number)
            if any(shipment.tracking_number == number for shipment in order.shipments)
        )
        return (*self.snapshot.parcels.get(number, ()), *drafted)

    def _drafted_with(self, identifier: str) -> Iterator[Order]:
        """The drafted orders on which an IMEI or tracking number has stood."""
        return (self._orders[key] for key in self._ordered_with.get(identifier, ()))

    def queued(self, beginning: str) -> list[str]:
        """The keys of effects that have not left yet and begin so, the draft's own included."""
        keys = self._queued
        first = bisect_left(keys, beginning)
        waiting = takewhile(lambda key: key.startswith(beginning), islice(keys, first, None))
        return [*waiting, *(key for key in self._effects if key.startswith(beginning))]

    @cached_property
    def _queued(self) -> list[str]:
        return sorted(self.snapshot.queued)

    def is_changed(self) -> bool:
        return bool(self._orders or self._inquiries or self._deadlines or self._effects or self._reminded_again)

    def seal(
        self,
        disposition: Disposition,
        reasons: tuple[Reason, ...] = (),
        *,
        verdicts: tuple[RowVerdict, ...] = (),
        undeliverable: tuple[str, ...] = (),
        taken: tuple[str, ...] = (),
    ) -> Decision:
        """Everything drafted, as one Decision."""
        return Decision(
            disposition=disposition,
            reasons=reasons,
            about=self.about,
            taken=taken,
            orders=tuple(self._orders.values()),
            inquiries=tuple(self._inquiries.values()),
            relationships=tuple(self._relationships),
            ended=tuple(self._ended),
            deadlines=tuple(self._deadlines.values()),
            history=tuple(self._history),
            stock=tuple(self._stock),
            reports=tuple(self._reports),
            articles=self.articles,
            exported=tuple(self._exported),
            effects=(*self._effects.values(), *map(self._renewed, self._inquiries.values())),
            verdicts=verdicts,
            withdrawn=tuple(self._withdrawn),
            undeliverable=undeliverable,
            left_alone=tuple(self._left_alone),
            reminded_again=tuple(self._reminded_again),
        )

    def _renewed(self, inquiry: Inquiry) -> WriteInquiries:
        """The merchant's list of inquiries follows every change of one of them."""
        merchant = self.rulebook.partner(inquiry.merchant)
        return WriteInquiries(
            key=f"inquiries:{inquiry.id}:{inquiry.version + 1}",
            party=f"{Role.MERCHANT.folder}/{inquiry.merchant}",
            merchant=inquiry.merchant,
            timezone=merchant.timezone if merchant else self.policy.timezone,
        )


def proposal_of(would: Decision, decision: Decision) -> Proposal:
    """What a release would change and send beyond `decision`, from the decision that it would lead to.

    The versions are those that `decision` itself leaves behind, so that what it takes does not count as a move.
    """
    taken = [(entry.subject, entry.what) for entry in decision.history]
    sent = {one.key for one in decision.effects}
    changed = {one.key for one in decision.orders}
    moved = {one.id for one in decision.inquiries}
    coming = [entry for entry in would.history if (entry.subject, entry.what) not in taken]
    return Proposal(
        changes=_changes(coming, would),
        sends=tuple(
            f"{one.template} to {one.to}" for one in would.effects if isinstance(one, SendMail) and one.key not in sent
        ),
        versions={order_subject(one.key): one.version + (one.key in changed) for one in would.orders}
        | {inquiry_subject(one.id): one.version + (one.id in moved) for one in would.inquiries},
    )


def _changes(coming: Sequence[HistoryEntry], would: Decision) -> tuple[Reason, ...]:
    """Where several orders or inquiries would change, each change says which."""
    if len({one.subject for one in coming}) < 2:  # noqa: PLR2004
        return tuple(one.what for one in coming)
    names = {order_subject(one.key): one.number for one in would.orders}
    names |= {inquiry_subject(one.id): one.id for one in would.inquiries}
    return tuple(msgspec.structs.replace(one.what, where=names.get(one.subject, "")) for one in coming)
