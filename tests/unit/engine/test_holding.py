"""Releasing, discarding and trusting, step by step remembered."""

from typing import Any

import msgspec
import pytest

from daemon.domain.arrival import Arrival, ArrivalKind, Verdict
from daemon.domain.decision import Decision, Disposition, Proposal
from daemon.domain.document import Mail
from daemon.domain.finding import Parcel, Reading
from daemon.domain.identifiers import ArrivalId, ConversationId, PartnerId, TrackingNumber
from daemon.domain.order import Order
from daemon.domain.reason import Reason, reason
from daemon.domain.snapshot import Context, Conversation
from daemon.domain.stimulus import Person
from daemon.engine.groups import grouped, members
from daemon.engine.holding import Holding
from daemon.engine.premises import Premises
from daemon.engine.queries import Queries
from daemon.engine.saying import Saying
from daemon.engine.stationery import Stationery
from daemon.engine.trust import to_be_trusted
from daemon.errors import RefusedError, UnknownIdError
from daemon.store import arrivals, commit, orders, portions
from daemon.store.arrivals import ArrivalState, Taken
from daemon.store.portions import Portion
from tests.support.builders import ACME, DHL_NUMBER, OTHER_DHL_NUMBER, RULEBOOK, evidence, line, order
from tests.support.builders import WEDNESDAY as NOW

ANNA = Person(name="cli:anna", why="asked by phone")
NEW = "neu@acme.example"
THREAD = Conversation(
    id=ConversationId("c"), name="order:a-1:acme", about=("A-1",), partner=ACME.id, recipient=ACME.address
)


class Plain(Saying):
    """Says a reason by its code."""

    def say(self, reason: Reason) -> str:
        return reason.code

    def place(self, where: str) -> str:
        return f"at {where}"


@pytest.fixture
def saying(premises: Premises) -> Saying:
    paper = Stationery(templates=lambda: pytest.fail("not needed"), tokens=premises.tokens, from_="s@x.example")
    return Plain(premises, paper)


@pytest.fixture
def holding(premises: Premises, saying: Saying) -> Holding:
    return Holding(premises, saying)


@pytest.fixture
def queries(premises: Premises, saying: Saying) -> Queries:
    return Queries(premises, saying)


def put(premises: Premises, *changed: Order) -> None:
    with premises.database.writing() as connection:
        commit.write(connection, Decision(orders=changed), premises.names, NOW)


def hold(
    premises: Premises,
    id_: str,
    number: str = DHL_NUMBER,
    *,
    sender: str = NEW,
    version: int = 1,
    line: str | None = None,
) -> None:
    """Hold a mail that names a parcel of order A-1, with a proposal worked out on a version of it."""
    arrival = Arrival(id=ArrivalId(id_), kind=ArrivalKind.MAIL, source="imap", name="", received_at=NOW)
    held = Decision(
        disposition=Disposition.HELD,
        reasons=(reason("unlisted_sender"),),
        about=("A-1",),
        proposal=Proposal(changes=(reason("shipment_recorded"),), sends=(), versions={"order:a-1": version}),
    )
    parcel = Parcel(evidence=evidence(), number=TrackingNumber(number), carrier="dhl", order="A-1", line=line)
    kept = Portion(
        position=0,
        rulebook="test",
        reading=Reading(documents=(Mail(sender=sender),), findings=(parcel,)),
        decision=held,
        context=Context(conversation=THREAD, proven="token", partner=ACME.id),
    )
    with premises.database.writing() as connection:
        arrivals.record(connection, [Taken(arrival=arrival, identity=id_, stream=id_, raw=b"raw")], NOW)
        portions.keep(connection, id_, kept)
        arrivals.settle(connection, id_, ArrivalState.HELD, held, NOW, rulebook="test", excerpt="Paket")


def history(queries: Queries, number: str = "A-1") -> list[tuple[str, str]]:
    return [(one.what, one.because) for one in queries.order(number).history]


def test_a_release_is_remembered_with_who_and_why_where_it_matters(
    premises: Premises, queries: Queries, holding: Holding
) -> None:
    put(premises, order("A-1"))
    hold(premises, "h")
    [view] = holding.release(["h"], ANNA)
    assert view.released
    told = history(queries)
    assert ("shipment_recorded", "h released by cli:anna: asked by phone") in told
    assert told[-1] == ("arrival_released", "cli:anna: asked by phone")
    assert [one.what for one in queries.explain("h").history] == ["arrival_released"]


@pytest.mark.parametrize(("step", "what"), [("discard", "arrival_discarded"), ("reread", "arrival_reread")])
def test_other_steps_are_remembered_too(
    premises: Premises, queries: Queries, holding: Holding, step: str, what: str
) -> None:
    put(premises, order("A-1"))
    hold(premises, "h")
    getattr(holding, step)(["h"], ANNA)
    assert history(queries)[-1] == (what, "cli:anna: asked by phone")


def test_two_mails_about_one_order_can_be_released_together(premises: Premises, holding: Holding) -> None:
    put(premises, order("A-1", line("1"), line("2")))
    hold(premises, "first", line="1")
    hold(premises, "second", OTHER_DHL_NUMBER, line="2")
    assert [view.released for view in holding.release(["first", "second"], ANNA)] == [True, True]


def test_a_proposal_that_no_longer_stands_is_renewed_and_can_then_be_released(
    premises: Premises, queries: Queries, holding: Holding
) -> None:
    put(premises, order("A-1"))
    hold(premises, "h", version=7)
    [refused] = holding.release(["h"], ANNA)
    assert (refused.released, refused.reasons) == (False, ("moved_since_proposal",))
    [again] = queries.held()
    assert again.proposal is not None
    assert "shipment_recorded" in again.proposal.changes
    assert [view.released for view in holding.release(["h"], ANNA)] == [True]


def test_a_dry_run_says_what_is_possible_and_changes_nothing(premises: Premises, holding: Holding) -> None:
    put(premises, order("A-1"))
    hold(premises, "h")
    [view] = holding.release(["h"], ANNA, dry_run=True, trust_sender=True)
    assert (view.possible, view.released) == (True, False)
    assert "shipment_recorded" in view.changes
    assert holding.trusting.listed() == []
    assert [one.state for one in holding.states(["h"])] == ["held"]


def test_a_finding_that_is_not_there_cannot_be_released(premises: Premises, holding: Holding) -> None:
    put(premises, order("A-1"))
    hold(premises, "h")
    [view] = holding.release(["h"], ANNA, only=[2])
    assert (view.released, view.reasons) == (False, ("no_such_finding",))


def test_an_order_that_is_not_there_cannot_be_released_to(premises: Premises, holding: Holding) -> None:
    put(premises, order("A-1"))
    hold(premises, "h")
    with pytest.raises(UnknownIdError):
        list(holding.release(["h"], ANNA, order="A-9"))


def test_a_release_can_put_everything_on_another_order(premises: Premises, queries: Queries, holding: Holding) -> None:
    put(premises, order("A-1"), order("A-2"))
    hold(premises, "h")
    assert [view.released for view in holding.release(["h"], ANNA, order="a-2")] == [True]
    assert (queries.order("A-1").state, queries.order("A-2").state) == ("released", "shipped")


def test_a_trusted_sender_speaks_for_the_partner_until_it_is_forgotten(premises: Premises, holding: Holding) -> None:
    put(premises, order("A-1"))
    hold(premises, "h")
    assert [view.released for view in holding.release(["h"], ANNA, trust_sender=True)] == [True]
    editions = premises.editions
    assert [one.id for one in editions.current.speakers(NEW)] == ["acme"]
    acme = editions.current.partner("acme")
    assert acme is not None
    assert acme.address == ACME.address
    [kept] = holding.trusting.listed()
    assert (kept.sender, kept.partner, kept.by, kept.why, kept.arrival) == (
        NEW,
        "acme",
        "cli:anna",
        "asked by phone",
        "h",
    )
    holding.trusting.distrust(NEW.upper(), ANNA)
    assert editions.current.speakers(NEW) == ()
    with pytest.raises(UnknownIdError):
        holding.trusting.distrust(NEW, ANNA)


def test_nothing_is_released_when_the_sender_cannot_be_trusted(premises: Premises, holding: Holding) -> None:
    put(premises, order("A-1"))
    hold(premises, "h", sender="desk@bolt.example")
    [view] = holding.release(["h"], ANNA, trust_sender=True)
    assert (view.released, view.reasons) == (False, ("sender_of_several",))
    with premises.database.reading() as connection:
        assert not orders.load(connection, [order("A-1").key])[order("A-1").key].shipments


@pytest.mark.parametrize(
    ("mail", "context"),
    [
        ({"sender": ""}, {}),
        ({"sender_doubt": "several_senders"}, {}),
        ({"verdict": Verdict.FAIL}, {}),
        ({"sender": "zoe@buyer.example"}, {}),
        ({"sender": "orders@shop.example"}, {"own_addresses": ("orders@shop.example",)}),
        ({}, {"partner": None, "conversation": msgspec.structs.replace(THREAD, partner=None)}),
        ({}, {"partner": PartnerId("nobody")}),
    ],
)
def test_who_is_not_certain_is_never_trusted(mail: dict[str, Any], context: dict[str, Any]) -> None:
    made = msgspec.structs.replace(Mail(sender=NEW), **mail)
    known = msgspec.structs.replace(Context(conversation=THREAD, partner=ACME.id), **context)
    with pytest.raises(RefusedError):
        to_be_trusted(made, known, [order("A-1")], RULEBOOK)


def test_without_a_thread_the_only_shipper_of_the_orders_is_meant() -> None:
    mail = Mail(sender=NEW)
    other = msgspec.structs.replace(order("A-2"), shipper=PartnerId("bolt"))
    assert to_be_trusted(mail, Context(), [order("A-1")], RULEBOOK) == (ACME, NEW)
    with pytest.raises(RefusedError):
        to_be_trusted(mail, Context(), [order("A-1"), other], RULEBOOK)
    with pytest.raises(RefusedError):
        to_be_trusted(mail, Context(), [], RULEBOOK)


def test_held_mails_are_grouped_by_sender_and_reason_under_an_id_of_their_own(
    premises: Premises, queries: Queries
) -> None:
    put(premises, order("A-1"))
    for id_, sender in (("a", NEW), ("b", NEW), ("c", "else@far.example")):
        hold(premises, id_, sender=sender)
    first, second = grouped(queries.held())
    assert (first.count, first.sender, first.ids, first.about) == (2, NEW, ("a", "b"), ("A-1",))
    assert (first.releasable, first.release) == (2, f"postbote release {first.id}")
    assert second.ids == ("c",)
    assert members([first.id, "c", "a"], queries.held()) == ["a", "b", "c"]
    hold(premises, "d", sender=NEW)
    assert members([first.id], queries.held()) == [first.id]
