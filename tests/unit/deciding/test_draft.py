"""Drafts: what is drafted is found again beside what was there, by its subject, its number and its beginning."""

from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from daemon.deciding.draft import Draft, proposal_of
from daemon.domain.deadline import Deadline, DeadlineKind, order_subject
from daemon.domain.decision import Decision, Disposition
from daemon.domain.identifiers import Imei, TrackingNumber
from daemon.domain.order import Device
from daemon.domain.policy import Policy
from daemon.domain.reason import reason
from daemon.domain.shipment import Shipment
from daemon.domain.snapshot import Snapshot
from daemon.rules.rulebook import Rulebook
from tests.support.builders import order

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
IMEI = Imei("352099001761481")
NUMBER = TrackingNumber("00340434161094042557")


def _draft(snapshot: Snapshot) -> Draft:
    return Draft(snapshot, Rulebook(hash="1"), Policy(operator="ops@shop.example"), now=NOW, at=NOW, because="a")


def _deadline(number: str) -> Deadline:
    due = NOW + timedelta(days=1)
    return Deadline(kind=DeadlineKind.SHIP, subject=order_subject(number), started=NOW, due=due, next_ring=due)


def test_the_deadlines_of_a_subject_follow_what_is_drafted() -> None:
    one, other = _deadline("a-1"), _deadline("a-2")
    draft = _draft(Snapshot(deadlines=(one, other)))
    assert draft.deadlines(DeadlineKind.SHIP, one.subject) == [one]
    draft.drop(DeadlineKind.SHIP, one.subject)
    assert draft.deadlines(DeadlineKind.SHIP, one.subject) == []
    assert draft.deadlines(DeadlineKind.SHIP, other.subject) == [other]


def test_an_identifier_is_in_use_only_as_long_as_a_drafted_order_has_it() -> None:
    plain = order()
    line = replace(plain.lines[0], devices=(Device(imei=IMEI, because="a"),))
    shipment = Shipment(
        tracking_number=NUMBER, carrier="dhl", tracking_url=None, shipped_on=NOW.date(), entered_at=NOW, because="a"
    )
    draft = _draft(Snapshot(orders={plain.key: plain}))
    draft.put_order(replace(plain, lines=(line, *plain.lines[1:]), shipments=(shipment,)))
    use = draft.device_use(IMEI)
    assert use is not None
    assert use.order == plain.key
    assert draft.parcel_use(NUMBER) == (plain.key,)
    draft.put_order(plain)
    assert draft.device_use(IMEI) is None
    assert draft.parcel_use(NUMBER) == ()


def test_queued_effects_are_found_by_how_their_keys_begin() -> None:
    keys = {"reminder-ship:a-1:1", "reminder-ship:a-1:2", "reminder-ship:a-10:1", "shipped:a-1"}
    draft = _draft(Snapshot(queued=frozenset(keys)))
    assert draft.queued("reminder-ship:a-1:") == ["reminder-ship:a-1:1", "reminder-ship:a-1:2"]
    assert draft.queued("reminder-imei:") == []


def test_a_proposal_about_several_orders_says_which_of_them_each_change_is_of() -> None:
    first, second = order("A-1001"), order("A-1002")
    what = reason("order_acknowledged")
    one, several = _draft(Snapshot()), _draft(Snapshot())
    for draft, orders in ((one, [first]), (several, [first, second])):
        for each in orders:
            draft.put_order(each)
            draft.note(order_subject(each.key), what)
    nothing = Decision()
    assert proposal_of(one.seal(Disposition.DONE), nothing).changes == (what,)
    assert [(each.code, each.where) for each in proposal_of(several.seal(Disposition.DONE), nothing).changes] == [
        ("order_acknowledged", "A-1001"),
        ("order_acknowledged", "A-1002"),
    ]
