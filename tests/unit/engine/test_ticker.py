from datetime import datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from daemon.deciding import due as deciding
from daemon.domain.arrival import ArrivalKind, Incoming
from daemon.domain.deadline import Deadline, DeadlineKind, DeadlineState
from daemon.domain.decision import Decision
from daemon.domain.identifiers import PartnerId
from daemon.engine.hearing import Hearing
from daemon.engine.intake import Intake
from daemon.engine.premises import Premises
from daemon.engine.ticker import Ticker
from daemon.store import deadlines, outbox, sources
from daemon.store.outbox import OutboxKind
from tests.support.builders import WEDNESDAY as NOW
from tests.unit.engine.conftest import StandingClock

HOUR = timedelta(hours=1)


def _ticker(premises: Premises, hearing: Hearing | None = None) -> Ticker:
    return Ticker(premises, hearing or Hearing(()), sync_every=timedelta(minutes=15))


def _deadline(subject: str, ring: datetime = NOW, silent: str | None = None) -> Deadline:
    return Deadline(
        kind=DeadlineKind.SHIP,
        subject=subject,
        started=NOW - HOUR,
        due=ring,
        next_ring=ring,
        silent_party=PartnerId(silent) if silent else None,
    )


def _write(premises: Premises, *changed: Deadline) -> None:
    with premises.database.writing() as connection:
        deadlines.write(connection, changed)


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every ring settles its deadline and is noted."""
    subjects: list[str] = []

    def decide(deadline: Deadline, *_rest: Any) -> Decision:
        subjects.append(deadline.subject)
        if deadline.subject == "order:bad":
            raise ZeroDivisionError
        if deadline.subject == "order:stuck":
            return Decision()
        return Decision(deadlines=(replace(deadline, state=DeadlineState.MISSED, next_ring=None),))

    monkeypatch.setattr(deciding, "decide", decide)
    return subjects


def _ring_all(ticker: Ticker) -> int:
    total = 0
    while one := ticker.ring_due():
        total += one
    return total


def test_each_bell_rings_once(premises: Premises, rung: list[str]) -> None:
    _write(premises, *(_deadline(f"order:{number}") for number in range(250)))
    assert _ring_all(_ticker(premises)) == 250
    assert len(set(rung)) == 250


def test_after_downtime_of_days_a_bell_still_rings(premises: Premises, clock: StandingClock, rung: list[str]) -> None:
    _write(premises, _deadline("order:a"))
    clock.go(timedelta(days=10))
    assert _ring_all(_ticker(premises)) == 1


def test_one_bad_deadline_stops_no_other_and_the_operator_hears_of_it(premises: Premises, rung: list[str]) -> None:
    _write(premises, _deadline("order:bad", NOW - HOUR), _deadline("order:good"))
    assert _ring_all(_ticker(premises)) == 1
    assert rung == ["order:bad", "order:bad", "order:good"]  # together, and then each by itself
    with premises.database.reading() as connection:
        assert [one.key.partition(":")[0] for one in outbox.queued_of_kind(connection, OutboxKind.OPERATOR)] == [
            "deadline-failed"
        ]


def test_a_deadline_that_its_decision_does_not_move_is_not_asked_in_a_circle(
    premises: Premises, rung: list[str]
) -> None:
    _write(premises, _deadline("order:stuck"))
    assert _ring_all(_ticker(premises)) == 1
    assert rung == ["order:stuck"]


def test_silence_waits_until_the_mailbox_has_been_read_and_the_operator_hears_of_it(
    premises: Premises, intake: Intake, clock: StandingClock, rung: list[str]
) -> None:
    ticker = _ticker(premises, Hearing(["imap:box"]))
    _write(premises, _deadline("order:a", silent="acme"), _deadline("order:b"))
    assert _ring_all(ticker) == 1
    intake.seen("imap:box", NOW - HOUR)
    assert _ring_all(ticker) == 0
    with premises.database.reading() as connection:
        assert len(outbox.queued_of_kind(connection, OutboxKind.OPERATOR)) == 1
    clock.go(timedelta(seconds=10))
    intake.seen("imap:box", clock.now)
    assert _ring_all(ticker) == 1
    assert rung == ["order:b", "order:a"]


def test_only_the_partner_whose_folder_is_away_is_not_judged(
    premises: Premises, intake: Intake, rung: list[str]
) -> None:
    intake.seen("folder:sellers/acme", NOW - HOUR)
    intake.seen("folder:sellers/bolt", NOW)
    _write(premises, _deadline("order:a", silent="acme"), _deadline("order:b", silent="bolt"))
    assert _ring_all(_ticker(premises)) == 1
    assert rung == ["order:b"]


def test_silence_waits_for_what_has_come_in_and_is_not_decided_yet(
    premises: Premises, intake: Intake, rung: list[str]
) -> None:
    intake.accept(
        [Incoming(kind=ArrivalKind.MAIL, source="smtp", name="", raw=b"x", received_at=NOW - timedelta(seconds=1))]
    )
    _write(premises, _deadline("order:a", silent="acme"), _deadline("order:b"))
    assert _ring_all(_ticker(premises)) == 1
    assert rung == ["order:b"]


def test_a_listener_is_believed_once_it_has_been_up_as_long_as_it_was_away(
    premises: Premises, clock: StandingClock
) -> None:
    hearing = Hearing(["smtp:1"], ["smtp:1"])
    with premises.database.writing() as connection:
        sources.seen(connection, "smtp:1", NOW - timedelta(minutes=20), NOW - timedelta(minutes=20))
        hearing.begin(connection, NOW)
        sources.seen(connection, "smtp:1", NOW, NOW)
        assert hearing.heard(connection, NOW).until is None
        clock.go(timedelta(minutes=20))
        sources.seen(connection, "smtp:1", clock.now, clock.now)
        assert hearing.heard(connection, clock.now).until == clock.now


def test_a_listener_that_was_away_for_days_is_believed_after_an_hour(premises: Premises) -> None:
    hearing = Hearing(["smtp:1"], ["smtp:1"])
    with premises.database.writing() as connection:
        sources.seen(connection, "smtp:1", NOW - timedelta(days=3), NOW - timedelta(days=3))
        hearing.begin(connection, NOW)
        sources.seen(connection, "smtp:1", NOW + HOUR, NOW + HOUR)
        assert hearing.heard(connection, NOW + HOUR).until == NOW + HOUR
