"""The life of some orders in every order of events: what is true is what a small model says, and never more."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from daemon.domain.identifiers import ArrivalId, order_key
from tests.property.house import SmallHouse
from tests.support.builders import DHL_NUMBER, IMEI_A, IMEI_B, OTHER_DHL_NUMBER
from tests.support.workspace import order_file, order_row

_PARCELS = (DHL_NUMBER, OTHER_DHL_NUMBER)
_DEVICES = (IMEI_A, IMEI_B)
_SENDERS = {"acme": "orders@acme.example", "bolt": "desk@bolt.example", "stranger": "someone@else.example"}
_PAID_AT = datetime.fromisoformat("2026-11-25T09:05:00+01:00")


@dataclass
class Model:
    """What must be true of one order."""

    number: str
    seller: str
    cellular: bool
    placed: bool = False
    paid_at: datetime | None = None
    reversed_at: datetime | None = None
    releases: int = 0
    canceled: bool = False
    parcel: str | None = None
    device: str | None = None

    @property
    def is_open(self) -> bool:
        return self.placed and not self.canceled and bool(self.paid_at or self.parcel)

    def pay(self, at: datetime) -> None:
        is_settled = self.paid_at or self.parcel or self.canceled or not self.placed
        if not is_settled and (self.reversed_at is None or at > self.reversed_at):
            self.paid_at = at
            self.releases += 1

    def reverse(self, at: datetime) -> None:
        if not self.canceled and self.paid_at and self.paid_at <= at:
            self.paid_at, self.reversed_at = None, at

    @property
    def state(self) -> str:
        if self.canceled:
            return "canceled"
        if self.parcel:
            return "shipped"
        return "released" if self.paid_at else "awaiting_payment"

    def row(self, *, paid: bool) -> str:
        """Its row in the shop's file; every order goes somewhere else."""
        return order_row(
            order_id=self.number,
            seller=self.seller,
            paid_at=_PAID_AT.isoformat() if paid else "",
            ship_street=f"Ringstraße {self.number[-1]}",
            category="smartphone" if self.cellular else "case",
            cellular="yes" if self.cellular else "no",
        )


@dataclass
class World:
    orders: dict[str, Model] = field(default_factory=dict)

    def used_parcels(self) -> set[str]:
        return {one.parcel for one in self.orders.values() if one.parcel}

    def used_devices(self) -> set[str]:
        return {one.device for one in self.orders.values() if one.device}

    def hear(self, order: Model, parcel: str | None, device: str | None) -> None:
        """Its own seller says so, in a way that proves it."""
        if not order.is_open:
            return
        if parcel and not order.parcel and parcel not in self.used_parcels():
            order.parcel = parcel
        if device and order.cellular and not order.device and device not in self.used_devices():
            order.device = device


def said(parcel: str | None, device: str | None) -> str:
    words = [f"Sendungsnummer {parcel} (DHL)" if parcel else "", f"IMEI {device}" if device else ""]
    return ". ".join(word for word in words if word)


_orders = st.sampled_from(("K-1", "K-2", "K-3"))
_parcels = st.sampled_from((None, *_PARCELS))
_devices = st.sampled_from((None, *_DEVICES))


class Life(RuleBasedStateMachine):
    @initialize()
    def open(self) -> None:
        self.house = SmallHouse()
        models = (Model("K-1", "acme", cellular=True), Model("K-2", "acme", cellular=True), Model("K-3", "bolt", False))
        self.world = World({one.number: one for one in models})
        self.inputs: list[tuple[str, str | bytes]] = []
        self.mails = 0
        self.the_shop_drops_an_order("K-1", paid=True)
        self.the_shop_drops_an_order("K-2", paid=False)

    def teardown(self) -> None:
        self.house.close()

    # What happens

    @rule(number=_orders, paid=st.booleans())
    def the_shop_drops_an_order(self, number: str, paid: bool) -> None:
        order = self.world.orders[number]
        self.feed("orders", order_file(order.row(paid=paid)))
        order.placed = True
        if paid:
            order.pay(_PAID_AT)

    @rule(number=_orders, later=st.sampled_from((0, 20, 40)))
    def the_shop_reports_a_payment(self, number: str, later: int) -> None:
        at = _PAID_AT + timedelta(minutes=later)
        self.feed("orders", f"order_id,paid_at\n{number},{at.isoformat()}\n")
        self.world.orders[number].pay(at)

    @rule(number=_orders, later=st.sampled_from((10, 30)))
    def the_buyer_takes_his_money_back(self, number: str, later: int) -> None:
        at = _PAID_AT + timedelta(minutes=later)
        self.feed("orders", f"order_id,payment_reversed_at\n{number},{at.isoformat()}\n")
        self.world.orders[number].reverse(at)

    @rule(number=_orders, seller=st.sampled_from(("acme", "bolt")), parcel=_parcels, device=_devices)
    def a_seller_drops_a_file(self, number: str, seller: str, parcel: str | None, device: str | None) -> None:
        order = self.world.orders[number]
        self.feed(f"sellers/{seller}", f"order,carrier,tracking,imei\n{number},DHL,{parcel or ''},{device or ''}\n")
        if order.seller == seller:
            self.world.hear(order, parcel, device)

    @rule(
        number=_orders,
        sender=st.sampled_from(tuple(_SENDERS)),
        token=st.booleans(),
        parcel=_parcels,
        device=_devices,
    )
    def somebody_mails(self, number: str, sender: str, token: bool, parcel: str | None, device: str | None) -> None:
        order = self.world.orders[number]
        name = f"order:{order_key(number)}:{order.seller}"
        has_thread = self.house.rows(f"SELECT 1 FROM conversation WHERE name = '{name}'")  # noqa: S608
        self.mails += 1
        mail = EmailMessage()
        mail["From"] = _SENDERS[sender]
        mail["To"] = self.house.reply_address(name) if token else "orders@shop.example"
        mail["Subject"] = f"Bestellung {number}"
        mail["Message-ID"] = f"<{self.mails}@partner.example>"
        mail.set_content(said(parcel, device) or "Danke")
        self.feed("mail", mail.as_bytes())
        if order.seller == sender and token and has_thread:
            self.world.hear(order, parcel, device)

    @rule(number=_orders)
    def a_person_cancels(self, number: str) -> None:
        order = self.world.orders[number]
        if order.placed:
            could = not order.canceled and not order.parcel
            assert self.house.cancel(order_key(number)) == could
            order.canceled = order.canceled or could

    @rule(data=st.data())
    def something_comes_again(self, data: st.DataObject) -> None:
        """What has taken effect takes none when it comes again, however much later."""
        if not self.inputs:
            return
        where, content = data.draw(st.sampled_from(self.inputs))
        before = self.house.picture()
        self.take(where, content)
        if isinstance(content, bytes):
            self.take(where, content.replace(b"@partner.example", b".again@partner.example"))
        assert self.house.picture() == before

    @precondition(lambda self: self.house.held())
    @rule(data=st.data())
    def a_person_looks_at_what_a_release_would_do(self, data: st.DataObject) -> None:
        """Looking changes nothing."""
        before = self.house.picture()
        held = data.draw(st.sampled_from(self.house.held()))
        self.house.try_release(held)
        assert self.house.picture() == before

    @rule(hours=st.sampled_from((1, 20, 30, 100)))
    def time_passes(self, hours: int) -> None:
        self.house.wait(timedelta(hours=hours))

    @rule()
    def mails_leave(self) -> None:
        self.house.send()

    def feed(self, where: str, content: str | bytes) -> None:
        before = self.house.picture()
        self.take(where, content)
        if self.house.picture() != before:
            self.inputs.append((where, content))

    def take(self, where: str, content: str | bytes) -> ArrivalId:
        if isinstance(content, bytes):
            return self.house.take_mail(content)
        return self.house.take_file(where, content)

    # What must be true

    @invariant()
    def every_order_is_what_the_model_says(self) -> None:
        for model in self.world.orders.values():
            order = self.house.order(order_key(model.number))
            assert (order is not None) == model.placed
            if order is None:
                continue
            assert order.state.value == model.state
            assert [one.tracking_number for one in order.shipments] == ([model.parcel] if model.parcel else [])
            named = [device.imei for line in order.lines for device in line.devices]
            assert named == ([model.device] if model.device else [])
            owed = model.cellular and not model.device
            assert order.complete == (model.state == "shipped" and not owed)

    @invariant()
    def no_device_is_in_two_orders(self) -> None:
        active = [imei for (imei,) in self.house.rows("SELECT imei FROM device WHERE active")]
        assert len(active) == len(set(active))

    @invariant()
    def nothing_leaves_about_an_order_before_it_is_paid(self) -> None:
        unpaid = {model.number for model in self.world.orders.values() if not model.releases and not model.canceled}
        about = {
            subject.upper()
            for (subject,) in self.house.rows(
                "SELECT outbox_about.subject FROM outbox_about JOIN outbox ON key = outbox_key "
                "WHERE kind = 'mail' AND template NOT IN ('answer', 'operator')"
            )
        }
        assert not about & unpaid

    @invariant()
    def no_mail_leaves_twice(self) -> None:
        keys = [mail.key for mail in self.house.wire.sent]
        assert len(keys) == len(set(keys))
        ids = [mail.message_id for mail in self.house.wire.sent]
        assert len(ids) == len(set(ids))

    @invariant()
    def every_paid_order_is_mailed_to_its_seller_once_and_its_clock_runs_until_it_has_left(self) -> None:
        for model in self.world.orders.values():
            key = order_key(model.number)
            mails = self.house.rows(f"SELECT state FROM outbox WHERE template = 'order' AND key LIKE '%{key}%'")  # noqa: S608
            assert len(mails) == model.releases
            clocks = self.house.rows(
                f"SELECT state, next_ring IS NOT NULL FROM deadline WHERE kind = 'ship' AND subject = 'order:{key}' "  # noqa: S608
                "ORDER BY started"
            )
            if model.is_open and not model.parcel:
                assert clocks[-1][0] in {"open", "missed"}
                clocks.pop()
            assert not any(state == "open" or rings for state, rings in clocks)

    @invariant()
    def nothing_fails(self) -> None:
        failed = self.house.rows("SELECT id FROM arrival WHERE state = 'new' OR reasons LIKE '%_failed%'")
        assert failed == []


class LongLife(Life):
    """The same, longer and never twice the same."""


_usual = settings(
    max_examples=40,
    stateful_step_count=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
Life.TestCase.settings = _usual
LongLife.TestCase.settings = settings(_usual, max_examples=500, stateful_step_count=40, derandomize=False)
# A failure takes its time to be made small.
TestLife = pytest.mark.timeout(400)(Life.TestCase)
TestLongLife = pytest.mark.crash(pytest.mark.timeout(1200)(LongLife.TestCase))
