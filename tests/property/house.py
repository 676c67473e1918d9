"""The rooms that decide and keep, on a real database in a temporary folder; fed by hand, their clock is pushed."""

import json
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from datetime import timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from daemon.domain.arrival import ArrivalKind, Incoming
from daemon.domain.identifiers import ArrivalId, OrderKey
from daemon.domain.order import Order
from daemon.domain.stimulus import Cancel, Person
from daemon.engine.brakes import Brakes
from daemon.engine.child import Task
from daemon.engine.commands import Commands
from daemon.engine.dispatcher import Dispatcher
from daemon.engine.editions import Editions
from daemon.engine.hearing import Hearing
from daemon.engine.holding import Holding
from daemon.engine.intake import Intake
from daemon.engine.ports import Outcome, OutcomeKind, OutgoingMail
from daemon.engine.premises import Premises
from daemon.engine.reader import Collect, Reader
from daemon.engine.saying import Saying
from daemon.engine.stationery import Stationery
from daemon.engine.ticker import Ticker
from daemon.engine.tokens import Tokens
from daemon.engine.worker import Worker
from daemon.errors import RefusedError
from daemon.reading.read import read
from daemon.rules.rulebook import Rulebook
from daemon.store import held_arrivals, orders, sources
from daemon.store.database import Database
from tests.support.believed import believed_rules, believed_templates
from tests.support.builders import POLICY, WEDNESDAY
from tests.support.workspace import PARTNERS

_ANNA = Person(name="anna", why="she knows")


@cache
def rules() -> Rulebook:
    """The rules that are shipped, with the tests' partners."""
    return believed_rules({"rules/partners/ours.yaml": PARTNERS})


@cache
def empty_database() -> bytes:
    """Made once: the schema takes longer than everything that a short life does with it."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/empty.db")
        database.prepare()
        with database.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        database.close()
        return Path(folder, "empty.db").read_bytes()


class ReaderHere:
    """Reads in this process: what is fed here is no danger to it."""

    def begin(self, tasks: Sequence[Task]) -> Collect:
        return lambda: [read(task.arrival, BytesIO(task.raw or b""), task.context, rules()) for task in tasks]

    def rest(self) -> None: ...

    def close(self) -> None: ...


class Wire:
    """Takes every mail and remembers it."""

    connections = 1

    def __init__(self) -> None:
        self.sent: list[OutgoingMail] = []

    def send(self, mail: OutgoingMail) -> Outcome:
        self.sent.append(mail)
        return Outcome(kind=OutcomeKind.DELIVERED, reply="250 OK")

    def check(self) -> str | None:
        return None

    def close(self) -> None: ...


class Shelf:
    def write(self, party: str, name: str, chunks: Iterable[bytes]) -> str:
        return f"outbox/{party}/{name}/{len(b''.join(chunks))}"

    def renew(self, party: str, name: str, chunks: Iterable[bytes]) -> str:
        return self.write(party, name, chunks)


class SmallHouse:
    def __init__(self) -> None:
        self.now = WEDNESDAY
        self.wire = Wire()
        self._folder = Path(tempfile.mkdtemp())
        (self._folder / "state").mkdir()
        (self._folder / "state/postbote.db").write_bytes(empty_database())
        self.database = Database(f"sqlite:///{self._folder}/state/postbote.db")
        editions = Editions(self._folder / "state/rules", lambda _files, _last: rules())
        editions.adopt({})
        self._premises = premises = Premises(
            home=self._folder,
            database=self.database,
            clock=lambda: self.now,
            tokens=Tokens([b"k" * 32], "reply+{token}@replies.shop.example"),
            editions=editions,
            policy=POLICY,
            owner="test",
        )
        stationery = Stationery(
            templates=believed_templates, tokens=premises.tokens, from_="Shop <orders@shop.example>"
        )
        self._intake = Intake(premises)
        reader: Reader = ReaderHere()
        self._worker = Worker(premises, reader)
        self._ticker = Ticker(premises, Hearing(()), sync_every=timedelta(minutes=15))
        brakes = Brakes(premises.names, mails_per_hour=100_000)
        self._dispatcher = Dispatcher(premises, stationery, self.wire, Shelf(), brakes=brakes)
        self._commands = Commands(premises, Saying(premises, stationery), self._ticker)
        self._holding = Holding(premises, Saying(premises, stationery))
        self._count = 0

    def close(self) -> None:
        self._intake.stop()
        self.database.close()
        shutil.rmtree(self._folder)

    # What happens to it

    def take_file(self, party: str, text: str) -> ArrivalId:
        """A dropped file; dropped again it is another arrival."""
        self._count += 1
        return self._take(
            Incoming(
                kind=ArrivalKind.FILE,
                source=f"folder:{party}",
                name=f"file-{self._count}.csv",
                raw=text.encode(),
                received_at=self.now,
                party=party,
                identity=f"file:{self._count}",
            )
        )

    def take_mail(self, raw: bytes) -> ArrivalId:
        return self._take(Incoming(kind=ArrivalKind.MAIL, source="folder:mail", name="", raw=raw, received_at=self.now))

    def _take(self, incoming: Incoming) -> ArrivalId:
        (accepted,) = self._intake.accept([incoming])
        while self._worker.step().moved:
            pass
        return accepted.arrival

    def cancel(self, key: OrderKey) -> bool:
        """Whether there was anything to cancel."""
        try:
            self._commands.execute(Cancel(order=key), _ANNA)
        except RefusedError:
            return False
        return True

    def release(self, arrival: ArrivalId) -> bool:
        (view,) = self._holding.release([arrival], _ANNA)
        return view.released

    def try_release(self, arrival: ArrivalId) -> None:
        """What a release would do, without doing it."""
        list(self._holding.release([arrival], _ANNA, dry_run=True))

    def send(self) -> None:
        while self._dispatcher.step().moved:
            pass

    def wait(self, span: timedelta) -> None:
        """Time passes; every source is read to its end, and all bells ring whose time has come."""
        self.now += span
        with self.database.writing() as connection:
            for row in sources.listed(connection):
                sources.seen(connection, row.name, self.now, self.now)
        while self._ticker.ring_due():
            pass

    # What can be seen of it

    def order(self, key: OrderKey) -> Order | None:
        with self.database.reading() as connection:
            return orders.load(connection, [key]).get(key)

    def held(self) -> list[ArrivalId]:
        with self.database.reading() as connection:
            return [one.arrival.id for one in held_arrivals.listed(connection)]

    def reply_address(self, name: str) -> str:
        return self._premises.tokens.reply_address(self._premises.tokens.conversation_id(name))

    def rows(self, question: str) -> list[tuple[Any, ...]]:
        with self.database.reading() as connection:
            return [tuple(row) for row in connection.execute(sa.text(question))]

    def picture(self) -> str:
        """All that is true: orders, devices, parcels, deadlines, history, and what leaves for partners and buyers."""
        parts = [
            "SELECT key, version, state, complete, data FROM orders ORDER BY key",
            "SELECT order_key, imei, line, active FROM device ORDER BY imei",
            "SELECT number, order_key FROM parcel ORDER BY number",
            "SELECT key, state, due FROM deadline ORDER BY key",
            "SELECT subject, what, because FROM history ORDER BY seq",
            "SELECT key, state FROM outbox WHERE kind = 'mail' AND template NOT IN ('answer', 'operator') ORDER BY seq",
        ]
        return json.dumps([self.rows(one) for one in parts], default=repr)
