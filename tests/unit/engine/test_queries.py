from datetime import timedelta
from typing import Any

import msgspec
import pytest

from daemon.domain.arrival import Arrival, ArrivalKind
from daemon.domain.deadline import Deadline, DeadlineKind
from daemon.domain.decision import Decision, Disposition, HistoryEntry, Proposal
from daemon.domain.document import Mail
from daemon.domain.finding import Evidence, Parcel, Reading, RuleTrace
from daemon.domain.identifiers import ArrivalId, Imei, InquiryId, TrackingNumber
from daemon.domain.inquiry import Inquiry
from daemon.domain.order import Device
from daemon.domain.reason import Reason, reason
from daemon.domain.stimulus import Person
from daemon.engine.commands import Commands
from daemon.engine.hearing import Hearing
from daemon.engine.holding import Holding
from daemon.engine.premises import Premises
from daemon.engine.queries import Queries
from daemon.engine.saying import Saying
from daemon.engine.stationery import Stationery
from daemon.engine.ticker import Ticker
from daemon.errors import RefusedError, UnknownIdError
from daemon.store import arrivals, commit, portions
from daemon.store.arrivals import ArrivalState, Taken
from daemon.store.portions import Portion
from tests.support.builders import DHL_NUMBER, IMEI_A, NORD, NOVA, order, phone
from tests.support.builders import WEDNESDAY as NOW

PERSON = Person(name="cli:anna", why="asked by phone")


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
def queries(premises: Premises, saying: Saying) -> Queries:
    return Queries(premises, saying)


@pytest.fixture
def commands(premises: Premises, saying: Saying) -> Commands:
    return Commands(premises, saying, Ticker(premises, Hearing(()), sync_every=timedelta(minutes=15)))


@pytest.fixture
def holding(premises: Premises, saying: Saying) -> Holding:
    return Holding(premises, saying)


def _as_json(view: object) -> Any:
    return msgspec.json.decode(msgspec.json.encode(view))


def _commit(premises: Premises, decision: Decision) -> None:
    with premises.database.writing() as connection:
        commit.write(connection, decision, premises.names, NOW)


def _hold(premises: Premises, id_: str, about: str, proposal: Proposal | None = None) -> None:
    arrival = Arrival(id=ArrivalId(id_), kind=ArrivalKind.MAIL, source="imap", name="", received_at=NOW)
    held = Decision(
        disposition=Disposition.HELD, reasons=(reason("unlisted_sender"),), about=(about,), proposal=proposal
    )
    finding = Parcel(number=TrackingNumber(DHL_NUMBER), evidence=Evidence(where="mail text, line 1", text="Paket"))
    reading = Reading(
        documents=(Mail(sender="x@y.example"),),
        findings=(finding,),
        rules=(RuleTrace(rule="dispatch", hit=True, why="said so"),),
    )
    kept = Portion(position=0, rulebook="test", reading=reading, decision=held)
    with premises.database.writing() as connection:
        arrivals.record(connection, [Taken(arrival=arrival, identity=id_, stream=id_, raw=b"raw")], NOW)
        portions.keep(connection, id_, kept)
        arrivals.settle(connection, id_, ArrivalState.HELD, held, NOW, rulebook="test", excerpt="Paket")


def test_an_order_is_shown_in_its_markets_offset_with_what_is_missing(premises: Premises, queries: Queries) -> None:
    device = Device(imei=Imei(IMEI_A), because="x")
    shown = order("A-1", phone(quantity=2, devices=(device,)))
    deadline = Deadline(kind=DeadlineKind.SHIP, subject="order:a-1", started=NOW, due=shown.ship_by or NOW)
    entry = HistoryEntry(subject="order:a-1", at=NOW, what=reason("order_received"), because="a-order")
    _commit(premises, Decision(orders=(shown,), deadlines=(deadline,), history=(entry,)))
    _hold(premises, "h", "A-1")
    view = _as_json(queries.order('"#a-1"'))
    assert view["order"] == "A-1"
    assert view["state"] == "released"
    assert view["ship_by"] == "2026-11-27T23:59:59+01:00"
    assert view["shipping_price"] == "0.00"
    assert view["missing"] == [{"what": "imei", "line": "1", "count": 1}]
    assert view["deadlines"] == [{"kind": "ship", "due": "2026-11-27T23:59:59+01:00", "state": "open"}]
    assert view["held"] == ["h"]
    assert view["history"] == [{"at": "2026-11-25T11:00:00+01:00", "what": "order_received", "because": "a-order"}]
    assert view["lines"][0]["imeis"] == [IMEI_A]


def test_an_unknown_order_is_unknown(queries: Queries) -> None:
    with pytest.raises(UnknownIdError):
        queries.order("A-1")


def test_held_arrivals_come_nearest_deadline_first(premises: Premises, queries: Queries) -> None:
    late, soon = order("A-1"), order("A-2")
    deadline = Deadline(kind=DeadlineKind.SHIP, subject="order:a-2", started=NOW, due=NOW)
    _commit(premises, Decision(orders=(late, soon), deadlines=(deadline,)))
    _hold(premises, "first", "A-1")
    _hold(premises, "second", "A-2")
    found = queries.held()
    assert [one.id for one in found] == ["second", "first"]
    assert (found[0].about, found[0].reasons, found[0].sender) == ("A-2", ("unlisted_sender",), "x@y.example")


def test_explain_shows_findings_with_their_place_and_every_rule(premises: Premises, queries: Queries) -> None:
    _hold(premises, "h", "A-1")
    view = _as_json(queries.explain("h"))
    assert view["arrival"] == "h"
    assert view["decision"] == "held"
    assert view["findings"] == [
        {
            "kind": "parcel",
            "order": None,
            "line": None,
            "value": DHL_NUMBER,
            "evidence": {"where": "mail text, line 1", "place": "at mail text, line 1", "text": "Paket"},
        }
    ]
    assert view["rules"] == [{"rule": "dispatch", "hit": True, "why": "said so"}]
    assert view["reasons"] == ["unlisted_sender"]


def test_an_inquiry_is_shown_with_its_state(premises: Premises, queries: Queries) -> None:
    inquiry = Inquiry(id=InquiryId("I-0001"), merchant=NOVA.id, fulfiller=NORD.id, text="t", sent_at=NOW, because="x")
    _commit(premises, Decision(inquiries=(inquiry,)))
    assert [one.state for one in queries.inquiries("nova")] == ["sent"]
    with pytest.raises(UnknownIdError):
        queries.inquiries("else")
    assert queries.inquiry("I-0001").sent_at == "2026-11-25T11:00:00+01:00"


def test_a_discarded_arrival_is_no_longer_held(premises: Premises, queries: Queries, holding: Holding) -> None:
    _hold(premises, "h", "A-1")
    holding.discard(["h"], PERSON)
    assert queries.held() == []
    with pytest.raises(RefusedError):
        holding.discard(["h"], PERSON)


def test_of_several_ids_with_a_wrong_one_none_is_discarded(
    premises: Premises, queries: Queries, holding: Holding
) -> None:
    _hold(premises, "h", "A-1")
    with pytest.raises(UnknownIdError):
        holding.discard(["h", "unknown"], PERSON)
    assert [one.id for one in queries.held()] == ["h"]


def test_a_release_is_refused_when_the_order_has_moved_since_the_proposal(
    premises: Premises, queries: Queries, holding: Holding
) -> None:
    _commit(premises, Decision(orders=(order("A-1"),)))
    _hold(premises, "h", "A-1", Proposal(changes=(), sends=(), versions={"order:a-1": 7}))
    _let_it_name(premises, "h", "A-1")
    (view,) = holding.release(["h"], PERSON)
    assert (view.released, view.reasons) == (False, ("moved_since_proposal",))
    assert [one.id for one in queries.held()] == ["h"]


def _let_it_name(premises: Premises, id_: str, number: str) -> None:
    """Have the reading name its order, as a mail would."""
    with premises.database.writing() as connection:
        kept = portions.get(connection, id_, 0)
        assert kept is not None
        reading = msgspec.structs.replace(kept.reading, orders=(number,))
        portions.keep(connection, id_, msgspec.structs.replace(kept, reading=reading))


def test_read_again_means_undecided_again(premises: Premises, queries: Queries, holding: Holding) -> None:
    _hold(premises, "h", "A-1")
    assert holding.reread([], PERSON) == ["h"]
    assert queries.held() == []
    assert [one.state for one in holding.states(["h"])] == ["new"]


def test_pausing_an_unknown_partner_is_an_error(commands: Commands, queries: Queries) -> None:
    with pytest.raises(UnknownIdError):
        commands.pause("nobody", PERSON)
    commands.pause("acme", PERSON)
    assert queries.paused() == ("acme",)
    commands.resume("all", PERSON)
    assert queries.paused() == ()
