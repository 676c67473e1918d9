"""Two daemons on one PostgreSQL: whatever they do at once happens once."""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from daemon.deciding import arrival as deciding
from daemon.domain.arrival import Arrival, ArrivalKind, Incoming
from daemon.domain.decision import Decision
from daemon.domain.document import Mail
from daemon.domain.effect import SendMail
from daemon.domain.finding import Reading
from daemon.engine.brakes import Brakes
from daemon.engine.child import Task
from daemon.engine.dispatcher import Dispatcher
from daemon.engine.intake import Intake
from daemon.engine.premises import Premises
from daemon.engine.reader import Collect
from daemon.engine.worker import Worker
from daemon.store import outbox
from daemon.store.database import Database
from daemon.store.schema import arrival as arrival_table
from tests.support.builders import WEDNESDAY
from tests.support.postgres import empty, running_postgres
from tests.unit.engine.test_dispatcher import Line, Paper, Shelf


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    with running_postgres() as url:
        yield url


@pytest.fixture
def daemons(premises: Premises, postgres_url: str) -> Iterator[list[Premises]]:
    empty(postgres_url)
    databases = [Database(postgres_url), Database(postgres_url)]
    databases[0].prepare()
    yield [replace(premises, database=database, owner=f"daemon {n}") for n, database in enumerate(databases)]
    for database in databases:
        database.close()


class Reads:
    def begin(self, tasks: Sequence[Task]) -> Collect:
        return lambda: [Reading(documents=(Mail(sender="a@b.example"),)) for _ in tasks]

    def rest(self) -> None: ...

    def close(self) -> None: ...


def _at_once(*steps: Callable[[], None]) -> None:
    failed: list[BaseException] = []

    def guarded(step: Callable[[], None]) -> None:
        try:
            step()
        except BaseException as error:  # noqa: BLE001 - it is raised again below
            failed.append(error)

    threads = [threading.Thread(target=guarded, args=(step,)) for step in steps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    if failed:
        raise failed[0]


def _incoming(number: int) -> Incoming:
    raw = b"From: a@b.example\r\nMessage-ID: <%d@b.example>\r\n\r\nhello\r\n" % number
    return Incoming(kind=ArrivalKind.MAIL, source="imap", name="", raw=raw, received_at=WEDNESDAY)


def test_the_same_mails_taken_in_twice_at_once_are_there_once(daemons: list[Premises]) -> None:
    desks = [Intake(one) for one in daemons]

    def take(desk: Intake) -> Callable[[], None]:
        def go() -> None:
            for number in range(50):
                desk.accept([_incoming(number)])

        return go

    _at_once(*(take(desk) for desk in desks))
    for desk in desks:
        desk.stop()
    with daemons[0].database.reading() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(arrival_table)).scalar() == 50


def test_each_arrival_is_decided_by_one_of_them(daemons: list[Premises], monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    def decide(arrival: Arrival, *_rest: Any) -> Decision:
        seen.append(arrival.id)
        return Decision()

    monkeypatch.setattr(deciding, "decide", decide)
    desk = Intake(daemons[0])
    desk.accept([_incoming(number) for number in range(200)])
    desk.stop()

    def work(premises: Premises) -> Callable[[], None]:
        worker = Worker(premises, Reads())

        def go() -> None:
            while worker.step().moved:
                pass

        return go

    _at_once(*(work(one) for one in daemons))
    assert len(seen) == len(set(seen)) == 200


def test_each_mail_is_sent_by_one_of_them(daemons: list[Premises], tmp_path: Path) -> None:
    mails = [
        SendMail(
            key=str(number), template="order", to="a@b.example", language="de", conversation="c", about=(), data={}
        )
        for number in range(60)
    ]
    with daemons[0].database.writing() as connection:
        outbox.queue(connection, mails, daemons[0].names, WEDNESDAY)
    lines = [Line(one) for one in daemons]

    def send(premises: Premises, line: Line) -> Callable[[], None]:
        paper = Paper(templates=lambda: pytest.fail("not needed"), tokens=premises.tokens, from_="s@x.example")
        limits = Brakes(premises.names, mails_per_hour=1000)
        dispatcher = Dispatcher(premises, paper, line, Shelf(), brakes=limits)

        def go() -> None:
            while dispatcher.step().moved:
                pass

        return go

    _at_once(*(send(one, line) for one, line in zip(daemons, lines, strict=True)))
    sent = [mail.key for line in lines for mail in line.sent]
    assert sorted(sent, key=int) == [str(number) for number in range(60)]
