from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from daemon.deciding import arrival as deciding
from daemon.domain.arrival import Arrival, ArrivalKind, Incoming
from daemon.domain.decision import Decision, Disposition, RowResult, RowVerdict
from daemon.domain.document import Mail, Sheet, Unreadable
from daemon.domain.finding import Reading, Row
from daemon.domain.identifiers import OrderKey
from daemon.domain.reason import reason
from daemon.domain.snapshot import Context, Snapshot
from daemon.engine import worker as worker_module
from daemon.engine.child import Task
from daemon.engine.intake import Intake
from daemon.engine.premises import Premises
from daemon.engine.reader import Collect, Unread
from daemon.engine.worker import Counts, Worker
from daemon.errors import StaleError
from daemon.store import arrivals, held_arrivals, orders, outbox, portions
from daemon.store.arrivals import ArrivalState
from daemon.store.outbox import OutboxKind
from tests.support.builders import WEDNESDAY, order

Read = Callable[[Task], Reading | Unread]


class InlineReader:
    def __init__(self, read: Read) -> None:
        self._read = read
        self.tasks: list[Task] = []

    def begin(self, tasks: Sequence[Task]) -> Collect:
        self.tasks += tasks
        found = [self._read(task) for task in tasks]
        return lambda: found

    def rest(self) -> None: ...

    def close(self) -> None: ...


def _understood(_task: Task) -> Reading:
    return Reading(documents=(Mail(sender="a@b.example"),), excerpt="words")


def _take(intake: Intake, *names: str, kind: ArrivalKind = ArrivalKind.MAIL, party: str | None = None) -> list[str]:
    incoming = [
        Incoming(
            kind=kind, source="test", name=name, raw=name.encode(), received_at=WEDNESDAY, party=party, identity=name
        )
        for name in names
    ]
    return [one.arrival for one in intake.accept(incoming)]


def _decides(monkeypatch: pytest.MonkeyPatch, decide: Callable[[Arrival], Decision]) -> None:
    def call(arrival: Arrival, *_rest: Any) -> Decision:
        return decide(arrival)

    monkeypatch.setattr(deciding, "decide", call)


def _run(worker: Worker) -> Counts:
    total = Counts()
    while (counts := worker.step()).moved:
        total = Counts(decided=total.decided + counts.decided, held=total.held + counts.held)
    return total


def _states(premises: Premises, ids: Sequence[str]) -> list[ArrivalState]:
    with premises.database.reading() as connection:
        found = [arrivals.get(connection, id_) for id_ in ids]
    return [one.state for one in found if one is not None]


def test_arrivals_are_decided_in_order_and_settled(
    premises: Premises, intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    results = {"a": Disposition.DONE, "b": Disposition.IGNORED, "c": Disposition.HELD}

    def decide(arrival: Arrival) -> Decision:
        seen.append(arrival.name)
        return Decision(disposition=results[arrival.name], reasons=(reason("because"),), about=("A-1",))

    _decides(monkeypatch, decide)
    ids = _take(intake, "a", "b", "c")
    assert _run(Worker(premises, InlineReader(_understood))) == Counts(decided=3, held=1)
    assert seen == ["a", "b", "c"]
    assert _states(premises, ids) == [ArrivalState.DONE, ArrivalState.IGNORED, ArrivalState.HELD]


def test_one_that_always_raises_is_held_after_three_tries_and_stops_nobody(
    premises: Premises, intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[str] = []

    def decide(arrival: Arrival) -> Decision:
        tries.append(arrival.name)
        if arrival.name == "bad":
            raise ZeroDivisionError
        return Decision()

    _decides(monkeypatch, decide)
    ids = _take(intake, "bad", "good")
    assert _run(Worker(premises, InlineReader(_understood))) == Counts(decided=2, held=1)
    assert tries.count("bad") == 1 + 3  # together with the other, and then each by itself
    assert _states(premises, ids) == [ArrivalState.HELD, ArrivalState.DONE]
    with premises.database.reading() as connection:
        assert held_arrivals.listed(connection)[0].reasons[0].code == "deciding_failed"


def test_one_that_cannot_be_read_in_its_limits_is_held_after_three_tries(
    premises: Premises, intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    _decides(monkeypatch, lambda _arrival: Decision())
    reader = InlineReader(lambda task: Unread("takes too long") if task.arrival.name == "bomb" else _understood(task))
    ids = _take(intake, "bomb", "good")
    assert _run(Worker(premises, reader)) == Counts(decided=2, held=1)
    assert _states(premises, ids) == [ArrivalState.HELD, ArrivalState.DONE]
    assert [task.arrival.name for task in reader.tasks].count("bomb") == 3


def test_what_a_failed_decision_wrote_is_gone(
    premises: Premises, intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    def decide(arrival: Arrival) -> Decision:
        # The second order has a version that nobody has written, so the first must not stay either.
        return Decision(orders=(order("A-1"), order("A-2", version=7)) if arrival.name == "bad" else ())

    _decides(monkeypatch, decide)
    _take(intake, "bad", "good")
    _run(Worker(premises, InlineReader(_understood)))
    with premises.database.reading() as connection:
        assert orders.load(connection, ["a-1", "a-2"]) == {}


def test_who_loses_a_race_decides_again(premises: Premises, intake: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
    tries: list[int] = []

    def decide(_arrival: Arrival) -> Decision:
        tries.append(1)
        if len(tries) == 1:
            raise StaleError
        return Decision()

    _decides(monkeypatch, decide)
    ids = _take(intake, "a")
    _run(Worker(premises, InlineReader(_understood)))
    assert _states(premises, ids) == [ArrivalState.DONE]


def test_who_comes_later_in_a_batch_sees_what_the_earlier_changed(
    premises: Premises, intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: dict[str, int] = {}

    def decide(arrival: Arrival, _reading: Reading, _context: Context, snapshot: Snapshot, *_rest: Any) -> Decision:
        now = snapshot.orders.get(OrderKey("a-1"), order("A-1"))
        seen[arrival.name] = now.version
        return Decision(orders=(now,))

    monkeypatch.setattr(deciding, "decide", decide)
    _take(intake, "a", "b", "c")
    about = Reading(documents=(Mail(sender="a@b.example"),), orders=("A-1",))
    assert _run(Worker(premises, InlineReader(lambda _task: about))).decided == 3
    assert seen == {"a": 0, "b": 1, "c": 2}


@pytest.mark.parametrize(
    ("kind", "party", "read"),
    [(ArrivalKind.MAIL, None, ["a", "b", "c"]), (ArrivalKind.FILE, "sellers/acme", ["a", "b"])],
    ids=["of other streams", "of the same stream"],
)
def test_the_next_are_read_while_these_are_decided_unless_they_come_behind_them(
    premises: Premises,
    intake: Intake,
    monkeypatch: pytest.MonkeyPatch,
    kind: ArrivalKind,
    party: str | None,
    read: list[str],
) -> None:
    reader = InlineReader(_understood)
    read_by_then: list[list[str]] = []

    def decide(_arrival: Arrival) -> Decision:
        read_by_then.append([task.arrival.name for task in reader.tasks])
        return Decision()

    _decides(monkeypatch, decide)
    monkeypatch.setattr(worker_module, "_BATCH", 2)
    _take(intake, "a", "b", "c", kind=kind, party=party)
    worker = Worker(premises, reader)
    assert _run(worker).decided == 3
    assert read_by_then[0] == read


def test_trouble_with_the_database_counts_against_nobody(
    premises: Premises, intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    def decide(_arrival: Arrival) -> Decision:
        raise OperationalError("select", {}, Exception("database is locked"))

    _decides(monkeypatch, decide)
    ids = _take(intake, "a")
    worker = Worker(premises, InlineReader(_understood))
    for _ in range(5):
        with pytest.raises(OperationalError):
            worker.step()
    assert _states(premises, ids) == [ArrivalState.NEW]


def _portions(task: Task) -> Reading:
    position = task.arrival.position
    sheet = Sheet(name=task.arrival.name, format="tracking", columns=("a",))
    rows = (Row(number=position + 2, cells=(str(position),)),)
    following = position + 1 if position < 2 else None
    return Reading(documents=(sheet,), columns=("a",), rows=rows, next_position=following)


def test_a_table_is_decided_portion_by_portion_and_the_next_file_waits(
    premises: Premises, intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[str, int]] = []

    def decide(arrival: Arrival) -> Decision:
        seen.append((arrival.name, arrival.position))
        held = arrival.name == "1.csv" and arrival.position == 1
        verdict = RowVerdict(number=arrival.position + 2, result=RowResult.HELD if held else RowResult.TAKEN)
        disposition = Disposition.HELD if held else Disposition.DONE
        return Decision(disposition=disposition, verdicts=(verdict,), about=("A-1",))

    _decides(monkeypatch, decide)
    ids = _take(intake, "1.csv", "2.csv", kind=ArrivalKind.FILE, party="sellers/acme")
    counts = _run(Worker(premises, InlineReader(_portions)))
    assert seen == [("1.csv", 0), ("1.csv", 1), ("1.csv", 2), ("2.csv", 0), ("2.csv", 1), ("2.csv", 2)]
    assert counts == Counts(decided=2, held=1)
    assert _states(premises, ids) == [ArrivalState.HELD, ArrivalState.DONE]
    with premises.database.reading() as connection:
        assert portions.positions(connection, ids[0]) == [0, 1, 2]
        receipts = outbox.queued_of_kind(connection, OutboxKind.RECEIPT)
    assert [one.effect.key for one in receipts] == [f"receipt:{id_}" for id_ in ids]


def test_a_table_goes_on_where_it_was_when_the_daemon_died(
    premises: Premises, intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []

    def decide(arrival: Arrival) -> Decision:
        seen.append(arrival.position)
        return Decision()

    _decides(monkeypatch, decide)
    _take(intake, "1.csv", kind=ArrivalKind.FILE, party="sellers/acme")
    Worker(premises, InlineReader(_portions)).step()
    _run(Worker(premises, InlineReader(_portions)))
    assert seen == [0, 1, 2]


def test_a_file_of_which_nothing_could_be_read_is_moved_once_it_is_decided(
    premises: Premises, intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    _decides(monkeypatch, lambda _arrival: Decision(disposition=Disposition.HELD))
    incoming = Incoming(
        kind=ArrivalKind.FILE,
        source="folder:orders",
        name="x.csv",
        raw=b"?",
        received_at=WEDNESDAY,
        party="orders",
        path="inbox/orders/done/x.csv",
    )
    (accepted,) = intake.accept([incoming])
    unreadable = InlineReader(lambda _task: Reading(documents=(Unreadable(name="x.csv", code="empty"),)))
    _run(Worker(premises, unreadable, lambda path: path.replace("done", "failed")))
    with premises.database.reading() as connection:
        stored = arrivals.get(connection, accepted.arrival)
    assert stored is not None
    assert stored.arrival.path == "inbox/orders/failed/x.csv"


def test_a_decision_is_made_at_the_time_of_the_clock(
    premises: Premises, intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    times: list[datetime] = []

    def call(*arguments: Any) -> Decision:
        times.append(arguments[6])
        return Decision()

    monkeypatch.setattr(deciding, "decide", call)
    _take(intake, "a")
    _run(Worker(premises, InlineReader(_understood)))
    assert times == [WEDNESDAY]
