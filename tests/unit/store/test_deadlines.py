from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from daemon.domain.arrival import Arrival, ArrivalKind
from daemon.domain.deadline import Deadline, DeadlineKind, DeadlineState
from daemon.domain.decision import Decision, Disposition
from daemon.domain.identifiers import ArrivalId, PartnerId
from daemon.store import arrivals, deadlines
from daemon.store.arrivals import ArrivalState, Taken
from daemon.store.database import Database

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


def _deadline(subject: str, ring: datetime | None = NOW, silent: str | None = None) -> Deadline:
    return Deadline(
        kind=DeadlineKind.SHIP,
        subject=subject,
        started=NOW - HOUR,
        due=NOW + HOUR,
        next_ring=ring,
        silent_party=PartnerId(silent) if silent else None,
    )


def _write(database: Database, *changed: Deadline) -> None:
    with database.writing() as connection:
        deadlines.write(connection, changed)


def _due(database: Database, until: datetime | None = NOW, late: tuple[str, ...] = ()) -> list[str]:
    with database.reading() as connection:
        return [one.subject for one in deadlines.due(connection, NOW, until, late, 100)]


def _hold(database: Database, about: str) -> None:
    arrival = Arrival(id=ArrivalId("h"), kind=ArrivalKind.MAIL, source="s", name="n", received_at=NOW)
    with database.writing() as connection:
        arrivals.record(connection, [Taken(arrival=arrival, identity="h", stream="h", raw=b"")], NOW)
        held = Decision(disposition=Disposition.HELD, about=(about,))
        arrivals.settle(connection, "h", ArrivalState.HELD, held, NOW)


def test_bells_ring_from_their_time_on_the_longest_due_first(database: Database) -> None:
    _write(database, _deadline("order:b"), _deadline("order:a", NOW - HOUR), _deadline("order:c", NOW + HOUR))
    assert _due(database) == ["order:a", "order:b"]


def test_a_missed_deadline_rings_on_until_it_is_settled(database: Database) -> None:
    missed = replace(_deadline("order:a"), state=DeadlineState.MISSED)
    _write(database, missed)
    assert _due(database) == ["order:a"]
    with database.reading() as connection:
        assert deadlines.still(connection, [missed.key]) == [missed]
        assert deadlines.of(connection, ["order:a"], only_awaited=True) == [missed]
    _write(database, replace(missed, next_ring=None))
    assert _due(database) == []


def test_a_settled_deadline_rings_no_more(database: Database) -> None:
    _write(database, _deadline("order:a"))
    settled = Deadline(
        kind=DeadlineKind.SHIP, subject="order:a", started=NOW - HOUR, due=NOW + HOUR, state=DeadlineState.MET
    )
    _write(database, settled)
    assert _due(database) == []


def test_a_held_arrival_pauses_what_it_is_about_until_it_is_settled(database: Database) -> None:
    _write(database, _deadline("order:a-1"), _deadline("order:a-2"))
    _hold(database, "A-1")
    assert _due(database) == ["order:a-2"]
    with database.writing() as connection:
        arrivals.settle_by_person(connection, "h", ArrivalState.DISCARDED, "cli:anna", "")
    assert sorted(_due(database)) == ["order:a-1", "order:a-2"]


def test_silence_is_not_judged_before_the_sources_have_been_read_past_it(database: Database) -> None:
    _write(database, _deadline("order:a", silent="acme"), _deadline("order:b"))
    assert _due(database, until=NOW - HOUR) == ["order:b"]
    assert _due(database, until=None) == ["order:b"]
    assert _due(database, late=("acme",)) == ["order:b"]
    assert sorted(_due(database)) == ["order:a", "order:b"]


def test_bells_that_wait_for_sources_are_counted(database: Database) -> None:
    _write(database, _deadline("order:a", silent="acme"), _deadline("order:b"))
    with database.reading() as connection:
        assert deadlines.waiting_for_sources(connection, NOW, NOW - HOUR, ()) == 1
        assert deadlines.waiting_for_sources(connection, NOW, NOW, ()) == 0


def test_the_scan_uses_the_partial_index(database: Database) -> None:
    if database.shared:
        return
    with database.reading() as connection:
        plan = connection.exec_driver_sql(
            "EXPLAIN QUERY PLAN SELECT data FROM deadline WHERE deadline.next_ring IS NOT NULL AND next_ring <= 5 "
            "ORDER BY next_ring LIMIT 100"
        ).all()
    assert "deadline_bell" in str(plan)
