"""Reports that go out by themselves, each once in its period."""

import threading
from collections.abc import Sequence
from datetime import time, timedelta

from sqlalchemy import Connection

from daemon.deciding.outcome import REFUSED
from daemon.domain.effect import SendMail, TellOperator
from daemon.domain.reason import Reason, reason
from daemon.engine.health import Health
from daemon.engine.premises import Premises
from daemon.engine.reports import Reports
from daemon.store import departures, outbox, sources
from daemon.store.departures import Settled
from daemon.store.outbox import OutboxKind, OutboxState
from tests.unit.engine.conftest import StandingClock


class Well(Health):
    """Nothing is wrong."""

    def __init__(self) -> None: ...

    def troubles(self, connection: Connection) -> list[Reason]:  # noqa: ARG002
        return []


class BusyHealth(Health):
    """Something comes in while it is asked."""

    def __init__(self, premises: Premises) -> None:
        self._premises = premises
        self.wrote: list[bool] = []

    def troubles(self, connection: Connection) -> list[Reason]:
        del connection
        writer = threading.Thread(target=self._write, daemon=True)
        writer.start()
        writer.join(timeout=10)
        self.wrote.append(not writer.is_alive())
        return []

    def _write(self) -> None:
        with self._premises.database.writing() as connection:
            sources.note_input(connection, "mail", self._premises.clock())


def _digests(premises: Premises) -> Sequence[list[str]]:
    """The codes of what waits for a person, digest by digest."""
    with premises.database.reading() as connection:
        queued = outbox.queued_of_kind(connection, OutboxKind.MAIL)
    mails = [one.effect for one in queued if isinstance(one.effect, SendMail)]
    return [[str(line["code"]) for line in mail.data["waiting"]] for mail in mails]


def test_what_was_refused_for_good_stands_in_the_next_digest_and_in_no_other(
    premises: Premises, clock: StandingClock
) -> None:
    reports = Reports(premises, Well(), digest_at=time(0))
    reports.run_jobs()
    line = TellOperator(
        key=f"{REFUSED}order:a-1", reason=reason("mail_refused", template="order", about="A-1", reply="")
    )
    with premises.database.writing() as connection:
        outbox.queue(connection, [line], premises.names, clock())
        told = Settled(key=line.key, state=OutboxState.SENT, reply="", sent_at=clock())
        departures.settle(connection, [told])
    for _ in range(2):
        clock.go(timedelta(days=1))
        reports.run_jobs()
    assert _digests(premises) == [["digest_refused"]]


def test_what_comes_in_is_written_while_a_report_is_made_up(premises: Premises, clock: StandingClock) -> None:
    health = BusyHealth(premises)
    reports = Reports(premises, health, digest_at=time(0))
    reports.run_jobs()
    assert health.wrote == []  # a house that has just been opened reports from its next day on
    clock.go(timedelta(days=1))
    reports.run_jobs()
    reports.run_jobs()
    assert health.wrote == [True]
