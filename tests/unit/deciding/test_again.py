"""What came back of an order, once more: only what still has to be said, to the addresses as they are now."""

import pytest
from msgspec.structs import replace

from daemon.deciding import command
from daemon.deciding.letters import again_key, first_key, problem_key
from daemon.domain.effect import SendMail
from daemon.domain.order import Order
from daemon.domain.problem import Problem, ProblemKind
from daemon.domain.snapshot import Snapshot
from daemon.domain.stimulus import Person, Resend
from daemon.errors import RefusedError
from tests.support.builders import ACME, DHL_NUMBER, POLICY, RULEBOOK, WEDNESDAY, order, phone

TOLD = Problem(kind=ProblemKind.DELAY, detected_at=WEDNESDAY)


def mail(key: str, template: str, **changes: object) -> SendMail:
    made = SendMail(
        key=key,
        template=template,
        to="wrong@acme.example",
        language="de",
        conversation="order:a-1001:acme",
        about=("A-1001",),
        partner=ACME.id,
        data={"order": {"number": "A-1001"}},
    )
    return replace(made, **changes)


def to_buyer(key: str, template: str, **changes: object) -> SendMail:
    return mail(key, template, to="wrong@buyer.example", partner=None, buyer=True, **changes)


def resent(it: Order, *returned: SendMail, sent: tuple[str, ...] = ("order:a-1001",)) -> list[SendMail]:
    snapshot = Snapshot(orders={it.key: it}, returned=returned, sent=frozenset({*(one.key for one in returned), *sent}))
    person = Person(name="cli:me")
    decision = command.decide(Resend(order=it.key), person, snapshot, RULEBOOK, POLICY, WEDNESDAY)
    return [one for one in decision.effects if isinstance(one, SendMail)]


def test_an_order_mail_leaves_as_the_order_stands_now_and_makes_its_corrections_needless() -> None:
    (one,) = resent(order(), mail("order:a-1001", "order"), mail("order-correction:a-1001:3", "order-correction"))
    assert (one.key, one.to, one.template) == ("order:a-1001:again:1", "orders@acme.example", "order")
    assert one.data["order"]


def test_each_try_has_a_key_of_its_own() -> None:
    lost = mail("order:a-1001:again:1", "order")
    (one,) = resent(order(), mail("order:a-1001", "order"), lost)
    assert one.key == "order:a-1001:again:2"
    assert first_key(again_key(again_key("a", 1), 2)) == "a"


def test_what_has_left_once_more_does_not_leave_again() -> None:
    with pytest.raises(RefusedError):
        resent(order(), mail("order:a-1001", "order"), sent=("order:a-1001", "order:a-1001:again:1"))


def test_nothing_that_came_back_is_refused() -> None:
    with pytest.raises(RefusedError):
        resent(order(), sent=("order:a-1001",))


def test_a_reminder_that_came_back_is_seen_to_without_another() -> None:
    assert resent(order(), mail("reminder-ship:a-1001:-:0:0", "reminder-ship")) == []


def test_an_order_that_is_canceled_is_mailed_no_more() -> None:
    gone = order(canceled_at=WEDNESDAY)
    canceled = mail("order-canceled:a-1001:4", "order-canceled")
    assert [one.template for one in resent(gone, mail("order:a-1001", "order"), canceled)] == ["order-canceled"]


def test_a_buyer_hears_again_only_of_what_he_does_not_know() -> None:
    it = order(problems=(TOLD,))
    notice = to_buyer(problem_key(it, TOLD.kind, TOLD.detected_at, None), "buyer-delay")
    (one,) = resent(it, notice)
    assert one.to == it.buyer.email
    assert resent(order(problems=(replace(TOLD, resolved_at=WEDNESDAY),)), notice) == []


def test_parcels_whose_number_has_changed_since_are_not_told_of_again() -> None:
    gone = to_buyer("buyer-shipped:a-1001:1", "buyer-shipped", data={"shipments": [{"tracking_number": DHL_NUMBER}]})
    assert resent(order("A-1001", phone()), gone) == []


def test_nothing_goes_to_a_buyer_who_has_been_erased() -> None:
    it = order()
    nobody = replace(it, buyer=replace(it.buyer, name="", email=""), address=replace(it.address, street=""))
    assert resent(nobody, to_buyer("buyer-canceled:a-1001:2", "buyer-canceled")) == []
    assert resent(it, to_buyer("buyer-canceled:a-1001:2", "buyer-canceled", data={})) == []


def test_an_order_that_nobody_could_be_mailed_leaves_now_and_its_clock_begins() -> None:
    it = order()
    snapshot = Snapshot(orders={it.key: it})
    decision = command.decide(Resend(order=it.key), Person(name="cli:me"), snapshot, RULEBOOK, POLICY, WEDNESDAY)
    assert [(one.key, one.to) for one in decision.effects if isinstance(one, SendMail)] == [
        ("order:a-1001", "orders@acme.example")
    ]
    assert [one.kind for one in decision.deadlines] == ["ship"]
