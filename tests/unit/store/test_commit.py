from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from daemon.domain.deadline import Deadline, DeadlineKind
from daemon.domain.decision import Decision, HistoryEntry, Relationship
from daemon.domain.effect import SendMail
from daemon.domain.identifiers import InquiryId, MessageId, OrderKey, PartnerId, TrackingNumber
from daemon.domain.inquiry import Inquiry, InquiryState
from daemon.domain.reason import reason
from daemon.domain.shipment import Shipment
from daemon.domain.snapshot import Lookup
from daemon.errors import StaleError
from daemon.store import commit, inquiries, snapshots
from daemon.store.conversations import Names
from daemon.store.database import Database
from tests.support.builders import order

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
NAMES = Names(conversation=lambda name: f"c-{name}", message=lambda key: f"{key}@ours.example")


def _inquiry(id_: str, version: int = 0, state: InquiryState = InquiryState.SENT) -> Inquiry:
    return Inquiry(
        id=InquiryId(id_),
        version=version,
        merchant=PartnerId("nova"),
        fulfiller=PartnerId("nord"),
        text="words",
        state=state,
        sent_at=NOW,
        because="test",
    )


def _decision() -> Decision:
    mail = SendMail(
        key="order:a-1",
        template="order",
        to="a@b.example",
        language="de",
        conversation="order:a-1:acme",
        about=("A-1",),
        data={},
    )
    return Decision(
        orders=(order("A-1"),),
        inquiries=(_inquiry("I-1"),),
        deadlines=(Deadline(kind=DeadlineKind.SHIP, subject="order:a-1", started=NOW, due=NOW, next_ring=NOW),),
        history=(HistoryEntry(subject="order:a-1", at=NOW, what=reason("order_received"), because="x"),),
        effects=(mail,),
    )


def _write(database: Database, decision: Decision) -> None:
    with database.writing() as connection:
        commit.write(connection, decision, NAMES, NOW)


def test_everything_of_a_decision_is_there_afterwards(database: Database) -> None:
    _write(database, _decision())
    wanted = Lookup(
        orders=(OrderKey("a-1"),), inquiries=(InquiryId("I-1"),), messages=(MessageId("order:a-1@ours.example"),)
    )
    with database.reading() as connection:
        found = snapshots.load(connection, wanted)
        told = commit.history_of(connection, "order:a-1")
    assert found.orders[OrderKey("a-1")].version == 1
    assert found.inquiries[InquiryId("I-1")].version == 1
    assert [one.subject for one in found.deadlines] == ["order:a-1"]
    assert found.queued == {"order:a-1"}
    assert found.messages[MessageId("order:a-1@ours.example")].about == ("A-1",)
    assert found.next_inquiry == 2
    assert [one.what.code for one in told] == ["order_received"]


def test_a_stale_decision_leaves_nothing_behind(database: Database) -> None:
    _write(database, _decision())
    stale = replace(_decision(), inquiries=(_inquiry("I-2"),))
    with pytest.raises(StaleError):
        _write(database, stale)
    with database.reading() as connection:
        assert len(commit.history_of(connection, "order:a-1")) == 1
        assert not inquiries.load(connection, ["I-2"])


def test_an_inquiry_that_has_moved_is_stale(database: Database) -> None:
    _write(database, Decision(inquiries=(_inquiry("I-1"),)))
    _write(database, Decision(inquiries=(_inquiry("I-1", 1, InquiryState.IN_CONTACT),)))
    with pytest.raises(StaleError):
        _write(database, Decision(inquiries=(_inquiry("I-1", 1, InquiryState.DECLINED),)))
    with database.reading() as connection:
        assert inquiries.load(connection, ["I-1"])[InquiryId("I-1")].state is InquiryState.IN_CONTACT


def test_a_bounced_message_brings_along_the_order_that_it_was_about(database: Database) -> None:
    _write(database, _decision())
    with database.reading() as connection:
        found = snapshots.load(connection, Lookup(messages=(MessageId("order:a-1@ours.example"),)))
    assert set(found.orders) == {"a-1"}


def test_a_relationship_is_kept_per_warehouse(database: Database) -> None:
    one = Relationship(merchant="nova", fulfiller="nord", warehouse=None, inquiry="I-1", since=NOW)
    other = replace(one, warehouse="HH1")
    _write(database, Decision(relationships=(one, other)))
    _write(database, Decision(relationships=(one,)))
    with database.reading() as connection:
        assert inquiries.relationships(connection, ["nova"]) == (one, other)
        assert inquiries.relationships(connection, ["else"]) == ()


def test_a_parcel_brings_along_every_order_that_left_in_it(database: Database) -> None:
    parcel = Shipment(
        tracking_number=TrackingNumber("N-1"),
        carrier=None,
        tracking_url=None,
        shipped_on=NOW.date(),
        entered_at=NOW,
        because="test",
    )
    _write(database, Decision(orders=(order("A-1", shipments=(parcel,)), order("A-2", shipments=(parcel,)))))
    with database.reading() as connection:
        found = snapshots.load(connection, Lookup(orders=(OrderKey("a-1"),), numbers=(TrackingNumber("N-1"),)))
    assert set(found.orders) == {"a-1", "a-2"}


def test_a_merchant_brings_along_his_inquiries(database: Database) -> None:
    others = replace(_inquiry("I-2"), merchant=PartnerId("else"))
    _write(database, Decision(inquiries=(_inquiry("I-1"), others)))
    with database.reading() as connection:
        found = snapshots.load(connection, Lookup(merchants=(PartnerId("nova"),)))
    assert set(found.inquiries) == {"I-1"}


def test_an_inquiry_whose_rivals_matter_brings_along_those_between_the_same_two(database: Database) -> None:
    elsewhere = replace(_inquiry("I-3"), fulfiller=PartnerId("south"))
    _write(database, Decision(inquiries=(_inquiry("I-1"), _inquiry("I-2"), elsewhere)))
    with database.reading() as connection:
        alone = snapshots.load(connection, Lookup(inquiries=(InquiryId("I-1"),)))
        beside = snapshots.load(connection, Lookup(inquiries=(InquiryId("I-1"),), rivals=(InquiryId("I-1"),)))
    assert (set(alone.inquiries), set(beside.inquiries)) == ({"I-1"}, {"I-1", "I-2"})


def test_an_order_that_waits_for_its_payment_brings_along_whom_its_merchant_works_with(database: Database) -> None:
    relation = Relationship(merchant="nova", fulfiller="nord", warehouse=None, inquiry="I-1", since=NOW)
    unpaid = {"seller": None, "merchant": "nova", "fulfiller": "nord", "shipper": "nord", "released_at": None}
    placed = (order("A-1", **unpaid), order("A-2", **unpaid | {"released_at": NOW}))
    _write(database, Decision(orders=placed, inquiries=(_inquiry("I-1"),), relationships=(relation,)))
    with database.reading() as connection:
        waits, released = (snapshots.load(connection, Lookup(orders=(OrderKey(one),))) for one in ("a-1", "a-2"))
    assert (waits.relationships, set(waits.inquiries)) == ((relation,), {"I-1"})
    assert (released.relationships, released.inquiries) == ((), {})
