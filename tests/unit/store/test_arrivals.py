from datetime import UTC, datetime, timedelta

import pytest

from daemon.domain.arrival import Arrival, ArrivalKind
from daemon.domain.decision import Decision, Disposition
from daemon.domain.document import Unreadable
from daemon.domain.finding import Reading
from daemon.domain.identifiers import ArrivalId
from daemon.domain.reason import reason
from daemon.store import arrivals, held_arrivals, portions, undecided
from daemon.store.arrivals import ArrivalState, Taken
from daemon.store.database import Database
from daemon.store.portions import Portion
from tests.unit.store.plans import listened

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
LEASE = timedelta(minutes=5)


def _taken(name: str, stream: str = "") -> Taken:
    arrival = Arrival(id=ArrivalId(name), kind=ArrivalKind.MAIL, source="test", name=name, received_at=NOW)
    return Taken(arrival=arrival, identity=f"identity {name}", stream=stream or name, raw=b"raw \x00 bytes")


def _record(database: Database, *taken: Taken) -> None:
    with database.writing() as connection:
        arrivals.record(connection, taken, NOW)


def _claim(database: Database, owner: str, limit: int = 50, now: datetime = NOW) -> list[str]:
    lease = LEASE if database.shared else None
    with database.writing() as connection:
        return [one.arrival.id for one in undecided.claim(connection, owner, now, lease, limit)]


def test_arrivals_are_claimed_in_the_order_in_which_they_came(database: Database) -> None:
    _record(database, _taken("b"), _taken("a"), _taken("c"))
    assert _claim(database, "one", limit=2) == ["b", "a"]


def test_a_settled_arrival_is_not_claimed_again_and_keeps_its_bytes(database: Database) -> None:
    _record(database, _taken("a"))
    with database.writing() as connection:
        arrivals.settle(connection, "a", ArrivalState.DONE, Decision(), NOW)
    assert _claim(database, "one") == []
    with database.reading() as connection:
        assert arrivals.raw(connection, "a") == b"raw \x00 bytes"


def test_another_daemon_gets_neither_a_leased_arrival_nor_what_follows_in_its_stream(database: Database) -> None:
    _record(database, _taken("a", "stream"), _taken("b", "stream"), _taken("c"))
    assert _claim(database, "one", limit=1) == ["a"]
    expected = ["c"] if database.shared else ["a", "b", "c"]
    assert _claim(database, "two") == expected


def test_a_lease_that_has_run_out_is_free_again(database: Database) -> None:
    _record(database, _taken("a"))
    _claim(database, "one")
    assert _claim(database, "two", now=NOW + LEASE + timedelta(seconds=1)) == ["a"]


def test_a_held_arrival_is_listed_under_everything_that_it_is_about(database: Database) -> None:
    _record(database, _taken("a"))
    held = Decision(disposition=Disposition.HELD, reasons=(reason("unlisted_sender"),), about=("A-1", "I-7"))
    with database.writing() as connection:
        arrivals.settle(connection, "a", ArrivalState.HELD, held, NOW, excerpt="words")
    with database.reading() as connection:
        assert held_arrivals.about(connection, "a-1") == ["a"]
        assert held_arrivals.about(connection, "i-7") == ["a"]
        assert arrivals.about(connection, ["a"]) == {"a": ("A-1", "I-7")}
        assert [one.reasons[0].code for one in held_arrivals.listed(connection)] == ["unlisted_sender"]


def test_a_discarded_arrival_no_longer_holds_anything_up(database: Database) -> None:
    _record(database, _taken("a"))
    with database.writing() as connection:
        arrivals.settle(connection, "a", ArrivalState.HELD, Decision(disposition=Disposition.HELD, about=("A-1",)), NOW)
        arrivals.settle_by_person(connection, "a", ArrivalState.DISCARDED, "cli:anna", "spam")
    with database.reading() as connection:
        assert held_arrivals.about(connection, "a-1") == []


@pytest.mark.parametrize("length", [1, 100_000], ids=["short", "long"])
def test_a_portion_comes_back_as_it_was_kept(database: Database, length: int) -> None:
    _record(database, _taken("a"))
    reading = Reading(documents=(Unreadable(name="x" * length, code="empty"),), next_position=1000)
    kept = Portion(position=0, rulebook="hash", reading=reading, decision=Decision(reasons=(reason("empty"),)))
    with database.writing() as connection:
        portions.keep(connection, "a", kept)
        portions.keep(connection, "a", kept)
    with database.reading() as connection:
        assert portions.get(connection, "a", 0) == kept
        assert portions.positions(connection, "a") == [0]


def test_reading_again_forgets_the_portions_and_begins_anew(database: Database) -> None:
    _record(database, _taken("a"))
    with database.writing() as connection:
        portions.keep(
            connection, "a", Portion(position=0, rulebook="h", reading=Reading(documents=()), decision=Decision())
        )
        undecided.advance(connection, "a", 1000, held=True, rulebook="h")
        arrivals.settle_by_person(connection, "a", ArrivalState.NEW, "cli:anna", "")
    with database.reading() as connection:
        stored = arrivals.get(connection, "a")
        assert stored is not None
        assert (stored.arrival.position, stored.held_portions, stored.state) == (0, 0, ArrivalState.NEW)
        assert portions.positions(connection, "a") == []


def test_what_still_has_to_happen_is_found_without_going_through_all_that_came(database: Database) -> None:
    if database.shared:
        return
    with database.reading() as connection:
        plans = listened(connection)
        arrivals.counts(connection)
        held_arrivals.listed(connection)
        held_arrivals.of_orders(connection)
        held_arrivals.by_subject(connection)
        held_arrivals.untold(connection, NOW)
        undecided.oldest(connection)
    through = [one for one in plans if one.startswith(("SCAN arrival", "SEARCH arrival "))]
    assert len(through) == 7, plans
    assert all("arrival_held" in one or "arrival_undecided" in one for one in through), plans
