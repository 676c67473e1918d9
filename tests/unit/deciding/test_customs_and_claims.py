"""Customs data that are missing, and duties that a buyer had to pay: asked for, and followed to their end."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from daemon.deciding import command
from daemon.deciding.draft import Draft
from daemon.deciding.orders import release, ship_by
from daemon.deciding.words import Words
from daemon.domain.deadline import Deadline, DeadlineKind, DeadlineState, order_subject
from daemon.domain.decision import Decision, Disposition
from daemon.domain.finding import Customs, CustomsNamed, Evidence
from daemon.domain.identifiers import LineId, TrackingNumber
from daemon.domain.order import Address, Order
from daemon.domain.policy import Policy, TimeUnit
from daemon.domain.problem import Problem, ProblemKind
from daemon.domain.shipment import Shipment, ShippedLine
from daemon.domain.stimulus import Person, Record
from daemon.errors import RefusedError
from daemon.rules.deadlines import DeadlineRule, Span
from tests.support.builders import DHL_NUMBER, POLICY, RULEBOOK, WEDNESDAY, line, order, snapshot, templates

_ANNA = Person(name="cli:anna", why="phone call")
_CLOCKS = (
    DeadlineRule(
        kind=DeadlineKind.CUSTOMS,
        starts="customs_data_missing",
        length=Span(amount=24, unit=TimeUnit.HOURS),
        met_by=("customs_data_complete",),
    ),
    DeadlineRule(
        kind=DeadlineKind.DUTIES,
        starts="duties_claimed",
        anew=True,
        length=Span(amount=14, unit=TimeUnit.DAYS),
        met_by=("duties_refunded",),
    ),
)
_RULES = msgspec.structs.replace(RULEBOOK, deadlines=(*RULEBOOK.deadlines, *_CLOCKS))
_ZURICH = Address(name="Zoë Kanari", street="Seeweg 5", postcode="8001", city="Zürich", country="CH")


def _record(one: Order, *deadlines: Deadline, **what: Any) -> Decision:
    state = snapshot(one, deadlines=deadlines)
    return command.decide(Record(order=one.key, **what), _ANNA, state, _RULES, POLICY, WEDNESDAY)


def _deadlines(decision: Decision) -> list[tuple[str, DeadlineState]]:
    return [(one.kind, one.state) for one in decision.deadlines]


def _running(kind: DeadlineKind) -> Deadline:
    due = WEDNESDAY + timedelta(days=1)
    return Deadline(kind=kind, subject=order_subject("a-1001"), started=WEDNESDAY, due=due, next_ring=due)


def _released(one: Order) -> Decision:
    waiting = msgspec.structs.replace(one, released_at=None, ship_by=None)
    draft = Draft(snapshot(waiting), _RULES, POLICY, now=WEDNESDAY, at=WEDNESDAY, because="a-1")
    release(draft, waiting)
    return draft.seal(Disposition.DONE)


def test_an_order_that_leaves_the_union_without_customs_data_starts_a_clock() -> None:
    assert ("customs", DeadlineState.OPEN) in _deadlines(_released(order(address=_ZURICH)))


def test_an_order_inside_the_union_or_with_all_data_starts_none() -> None:
    complete = order("A-1001", line(hs_code="851713", origin="CN"), address=_ZURICH)
    for one in (order(), complete):
        assert [kind for kind, _ in _deadlines(_released(one))] == ["ship"]


def test_customs_data_that_come_later_meet_the_clock() -> None:
    decision = _record(order(address=_ZURICH), _running(DeadlineKind.CUSTOMS), hs_code="851713", origin="CN")
    assert (decision.orders[0].lines[0].hs_code, decision.orders[0].lines[0].origin) == ("851713", "CN")
    assert _deadlines(decision) == [("customs", DeadlineState.MET)]


def test_the_shipper_hears_of_customs_data_that_another_has_told() -> None:
    swiss = msgspec.structs.replace(order(address=_ZURICH), incoterm="DDP")
    assert templates(_record(swiss, hs_code="851713")) == ["order-correction"]
    assert templates(_record(swiss, hs_code="851713", speaker=swiss.shipper)) == []
    assert templates(_record(order(), hs_code="851713")) == []


def test_half_of_the_customs_data_does_not_meet_the_clock() -> None:
    decision = _record(order(address=_ZURICH), _running(DeadlineKind.CUSTOMS), hs_code="851713")
    assert _deadlines(decision) == []


def test_customs_data_for_all_lines_leave_what_stands_there() -> None:
    one = order("A-1001", line("1", hs_code="851713", origin="CN"), line("2"), address=_ZURICH)
    decision = _record(one, hs_code="420232", origin="VN")
    assert [line.hs_code for line in decision.orders[0].lines] == ["851713", "420232"]


def test_customs_data_for_a_named_line_correct_it() -> None:
    one = order("A-1001", line("1", hs_code="851713", origin="CN"), line("2"), address=_ZURICH)
    decision = _record(one, line="1", hs_code="851762")
    assert [line.hs_code for line in decision.orders[0].lines] == ["851762", ""]


def _left() -> Order:
    parcel = Shipment(
        tracking_number=TrackingNumber(DHL_NUMBER),
        carrier="dhl",
        tracking_url="https://www.dhl.de/",
        shipped_on=date(2026, 11, 24),
        entered_at=WEDNESDAY - timedelta(days=1),
        lines=(ShippedLine(line=LineId("1"), quantity=1),),
        because="a-1",
    )
    return order("A-1001", line(shipped=1), shipments=(parcel,), address=_ZURICH)


@pytest.mark.parametrize("on_return", [False, True])
def test_duties_that_a_buyer_paid_are_asked_back_from_the_seller(*, on_return: bool) -> None:
    decision = _record(_left(), duties=Decimal("23.50"), on_return=on_return)
    (claim,) = decision.orders[0].claims
    assert (claim.amount, claim.on_return, claim.refunded_at) == (Decimal("23.50"), on_return, None)
    assert templates(decision) == ["duties"]
    assert _deadlines(decision) == [("duties", DeadlineState.OPEN)]


def test_two_claims_of_one_moment_are_two_mails() -> None:
    first = _record(_left(), duties=Decimal("120.50"))
    second = _record(first.orders[0], duties=Decimal("33.00"), on_return=True)
    assert len({one.key for decision in (first, second) for one in decision.effects}) == 2


def test_a_refund_ends_the_claim_and_its_clock() -> None:
    claimed = _record(_left(), duties=Decimal("23.50")).orders[0]
    decision = _record(claimed, _running(DeadlineKind.DUTIES), refunded=True)
    assert decision.orders[0].claims[0].refunded_at == WEDNESDAY
    assert _deadlines(decision) == [("duties", DeadlineState.MET)]


@pytest.mark.parametrize(
    ("what", "code"),
    [
        ({"duties": Decimal("1.00")}, "nothing_has_left"),
        ({"refunded": True}, "nothing_claimed"),
        ({"buyer_told": True}, "nothing_to_tell"),
        ({}, "nothing_to_record"),
    ],
)
def test_what_makes_no_sense_is_refused(what: dict[str, Any], code: str) -> None:
    with pytest.raises(RefusedError) as refused:
        _record(order(), **what)
    assert refused.value.reason.code == code


def test_a_buyer_whom_somebody_else_has_told_is_told() -> None:
    waiting = Problem(kind=ProblemKind.OUT_OF_STOCK, detected_at=WEDNESDAY - timedelta(hours=2))
    decision = _record(order(problems=(waiting,)), _running(DeadlineKind.BUYER_NOTICE), buyer_told=True)
    assert decision.orders[0].problems[0].buyer_notified_at == WEDNESDAY
    assert _deadlines(decision) == [("buyer_notice", DeadlineState.MET)]


@pytest.mark.parametrize(
    ("placed", "due"),
    [
        ("2026-11-25T13:59:00+01:00", "2026-11-27T23:59:59+01:00"),
        ("2026-11-25T14:00:00+01:00", "2026-11-30T23:59:59+01:00"),
        ("2026-11-25T13:30:00+00:00", "2026-11-30T23:59:59+01:00"),
        ("2026-11-28T20:00:00+01:00", "2026-12-01T23:59:59+01:00"),
    ],
    ids=["before", "at", "in the market's zone", "on a Saturday night"],
)
def test_what_is_ordered_after_the_cut_off_counts_from_the_next_day(placed: str, due: str) -> None:
    policy = Policy(operator="ops@shop.example", cut_off=time(14))
    draft = Draft(snapshot(), _RULES, policy, now=WEDNESDAY, at=WEDNESDAY, because="a-1")
    one = order(placed_at=datetime.fromisoformat(placed))
    assert ship_by(draft, one, datetime(2026, 11, 25, tzinfo=UTC)) == datetime.fromisoformat(due)


def _told(one: Order, *named: tuple[str, str, str | None], **more: Any) -> tuple[list[str], Decision]:
    """What a mail of the shipper's tells; the reasons of what waits."""
    draft = Draft(snapshot(one, **more), _RULES, POLICY, now=WEDNESDAY, at=WEDNESDAY, because="a-1")
    found = [
        CustomsNamed(
            evidence=Evidence(where="mail text, line 1", text=""),
            what=Customs(what),
            value=value,
            line=line,
            currency="EUR" if what == "value" else "",
        )
        for what, value, line in named
    ]
    words = Words(draft, _RULES.partner("acme"), default=one.key, trusted=False, place=None)
    waiting = [outcome.doubt.code for outcome in words.apply(found) if outcome.doubt and outcome.waits]
    return waiting, draft.seal(Disposition.DONE)


def _two(**first: str) -> Order:
    return order("A-1001", line("1", **first), line("2"), address=_ZURICH)


def test_what_the_shipper_tells_is_filled_in_and_meets_the_clock() -> None:
    told = [("hs_code", "8517.13", None), ("origin", "CN", None), ("value", "100.00", None)]
    waiting, decision = _told(order(address=_ZURICH), *told, deadlines=(_running(DeadlineKind.CUSTOMS),))
    assert waiting == []
    assert [(one.hs_code, one.origin) for one in decision.orders[0].lines] == [("8517.13", "CN")]
    assert _deadlines(decision) == [("customs", DeadlineState.MET)]


def test_of_several_articles_the_only_one_that_lacks_it_is_meant() -> None:
    waiting, decision = _told(_two(hs_code="8517.13"), ("hs_code", "3926.90", None))
    assert waiting == []
    assert [one.hs_code for one in decision.orders[0].lines] == ["8517.13", "3926.90"]


def test_what_may_be_of_either_article_waits() -> None:
    waiting, decision = _told(_two(), ("hs_code", "8517.13", None))
    assert waiting == ["customs_line_not_named"]
    assert decision.orders == ()


def test_what_one_of_several_articles_has_already_is_told_again() -> None:
    one = order("A-1001", line("1", hs_code="8517.13"), line("2", hs_code="3926.90"), address=_ZURICH)
    assert _told(one, ("hs_code", "851713", None))[0] == []
    assert _told(one, ("hs_code", "8517.14", None))[0] == ["customs_line_not_named"]


def test_each_named_article_gets_its_own() -> None:
    waiting, decision = _told(_two(), ("hs_code", "8517.13", "1"), ("hs_code", "3926.90", "2"))
    assert waiting == []
    assert [one.hs_code for one in decision.orders[-1].lines] == ["8517.13", "3926.90"]


@pytest.mark.parametrize(
    ("named", "code"),
    [
        (("origin", "VN", None), "customs_differ"),
        (("value", "449.00", None), "customs_value_differs"),
        (("hs_code", "8517.13", "7"), "unknown_line"),
    ],
)
def test_what_contradicts_the_order_waits(named: tuple[str, str, str | None], code: str) -> None:
    one = order("A-1001", line(hs_code="8517.13", origin="CN"), address=_ZURICH)
    assert _told(one, named)[0] == [code]


def test_what_is_told_again_changes_nothing_and_inside_the_union_nothing_is_asked() -> None:
    one = order("A-1001", line(hs_code="8517.13", origin="CN"), address=_ZURICH)
    again = [("hs_code", "851713", None), ("origin", "CN", None)]
    for waiting, decision in (_told(one, *again), _told(order(), ("origin", "CN", None))):
        assert (waiting, decision.orders) == ([], ())
