import threading
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from msgspec.structs import replace
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from daemon.deciding import outcome as deciding
from daemon.domain.decision import Decision, HistoryEntry
from daemon.domain.effect import Effect, SendMail, TellOperator, WriteFile, WriteInquiries
from daemon.domain.identifiers import InquiryId, PartnerId
from daemon.domain.inquiry import Inquiry, InquiryState
from daemon.domain.reason import Reason, reason
from daemon.engine import brakes
from daemon.engine.brakes import Brakes
from daemon.engine.dispatcher import Dispatcher, Sent
from daemon.engine.operator import OperatorDesk
from daemon.engine.ports import Outcome, OutcomeKind, OutgoingMail
from daemon.engine.premises import Premises
from daemon.engine.stationery import Stationery
from daemon.store import commit, departures, inquiries, outbox
from daemon.store.outbox import OutboxKind, OutboxState
from daemon.store.schema import outbox as outbox_table
from daemon.writing.mail import Composed
from tests.unit.engine.conftest import StandingClock

DELIVERED = Outcome(kind=OutcomeKind.DELIVERED, reply="250 ok")


class Line:
    """A way out that does as it is told and notes what it saw."""

    connections = 2

    def __init__(self, premises: Premises) -> None:
        self.premises = premises
        self.sent: list[OutgoingMail] = []
        self.states: list[str] = []
        self.answer: Callable[[OutgoingMail], Outcome] = lambda _mail: DELIVERED
        self._lock = threading.Lock()

    def send(self, mail: OutgoingMail) -> Outcome:
        with self._lock:
            self.sent.append(mail)
            with self.premises.database.reading() as connection:
                self.states.append(outbox.get(connection, mail.key).state.value)  # type: ignore[union-attr]
        return self.answer(mail)

    def check(self) -> str | None:
        return None

    def close(self) -> None: ...


class Shelf:
    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.failing = False

    def write(self, party: str, name: str, chunks: Iterable[bytes]) -> str:
        if self.failing:
            raise OSError(28, "No space left on device")
        self.files[f"{party}/{name}"] = b"".join(chunks)
        return f"outbox/{party}/{name}"

    def renew(self, party: str, name: str, chunks: Iterable[bytes]) -> str:
        return self.write(party, name, chunks)


class Paper(Stationery):
    """Writes mails of one line."""

    def mail(
        self,
        connection: Connection,  # noqa: ARG002
        queued: outbox.Queued,
        effect: SendMail,
        now: datetime,  # noqa: ARG002
    ) -> Composed:
        if effect.template == "broken":
            raise ValueError("this cannot be written")
        return Composed(content=f"mail {queued.key}".encode(), subject="s", text="t", recipient=effect.to)


@pytest.fixture
def paper(premises: Premises) -> Paper:
    return Paper(templates=lambda: pytest.fail("no template is needed"), tokens=premises.tokens, from_="s@x.example")


@pytest.fixture
def line(premises: Premises) -> Line:
    return Line(premises)


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def dispatcher(premises: Premises, paper: Paper, line: Line, shelf: Shelf) -> Dispatcher:
    return _dispatcher(premises, paper, line, shelf)


def _dispatcher(
    premises: Premises, paper: Paper, line: Line, shelf: Shelf, per_hour: int = 100, per_minute: int | None = None
) -> Dispatcher:
    limits = Brakes(premises.names, mails_per_hour=per_hour, per_minute=per_minute)
    return Dispatcher(premises, paper, line, shelf, brakes=limits)


def _mail(key: str, template: str = "order", to: str = "a@b.example") -> SendMail:
    return SendMail(
        key=key,
        template=template,
        to=to,
        language="de",
        conversation=f"c:{key}",
        about=("A-1",),
        partner=PartnerId("acme"),
        data={},
    )


def _queue(premises: Premises, *effects: Effect) -> None:
    with premises.database.writing() as connection:
        outbox.queue(connection, effects, premises.names, premises.clock())


def _state(premises: Premises, key: str) -> OutboxState:
    with premises.database.reading() as connection:
        found = outbox.get(connection, key)
    assert found is not None
    return found.state


def _operator_lines(premises: Premises) -> list[str]:
    with premises.database.reading() as connection:
        lines = outbox.queued_of_kind(connection, OutboxKind.OPERATOR)
    return [one.key.partition(":")[0] for one in lines]


def test_a_mail_is_marked_in_flight_before_it_leaves_and_sent_afterwards(
    premises: Premises, dispatcher: Dispatcher, line: Line
) -> None:
    _queue(premises, _mail("k"))
    assert dispatcher.step() == Sent(sent=1, moved=1)
    assert line.states == ["in_flight"]
    assert _state(premises, "k") is OutboxState.SENT
    assert dispatcher.step() == Sent()


def test_a_crash_in_flight_sends_again_with_the_same_message_id_and_bytes(
    premises: Premises, dispatcher: Dispatcher, line: Line
) -> None:
    _queue(premises, _mail("k"))
    dispatcher._claim()
    assert _state(premises, "k") is OutboxState.IN_FLIGHT
    assert dispatcher.recover() == 1
    dispatcher.step()
    assert [(mail.message_id, mail.content) for mail in line.sent] == [(premises.tokens.message_id("k"), b"mail k")]


def test_what_the_relay_has_said_is_written_down_as_soon_as_the_database_is_back(
    premises: Premises, dispatcher: Dispatcher, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    _queue(premises, *(_mail(f"k{number}") for number in range(5)))
    with monkeypatch.context() as broken:
        broken.setattr(departures, "settle", _gone)
        for _ in range(2):
            with pytest.raises(OperationalError):
                dispatcher.step()
    assert dispatcher.step() == Sent(sent=5, moved=5)
    assert len(line.sent) == 5


def _gone(*_: object) -> None:
    raise OperationalError("SELECT 1", {}, OSError("the database has gone"))


def test_a_deferred_mail_is_tried_again_later_and_not_before(
    premises: Premises, dispatcher: Dispatcher, line: Line, clock: StandingClock
) -> None:
    line.answer = lambda _mail: Outcome(kind=OutcomeKind.DEFERRED, reply="451 later")
    _queue(premises, _mail("k"))
    assert dispatcher.step() == Sent(failed=1, moved=1)
    assert dispatcher.step() == Sent()
    clock.go(timedelta(minutes=1))
    line.answer = lambda _mail: DELIVERED
    assert dispatcher.step() == Sent(sent=1, moved=1)
    assert line.sent[0] == line.sent[1]


def test_after_an_unknown_outcome_the_same_mail_goes_again(
    premises: Premises, dispatcher: Dispatcher, line: Line, clock: StandingClock
) -> None:
    line.answer = lambda _mail: Outcome(kind=OutcomeKind.UNKNOWN)
    _queue(premises, _mail("k"))
    dispatcher.step()
    clock.go(timedelta(minutes=1))
    dispatcher.step()
    assert line.sent[0] == line.sent[1]


def test_a_refused_mail_is_not_tried_again_and_the_decider_hears_of_it(
    premises: Premises, dispatcher: Dispatcher, line: Line, clock: StandingClock
) -> None:
    line.answer = lambda _mail: Outcome(kind=OutcomeKind.REFUSED, reply="550 no such user")
    _queue(premises, _mail("k"))
    assert dispatcher.step().failed == 1
    clock.go(timedelta(days=1))
    dispatcher.step()
    assert len(line.sent) == 1
    assert _state(premises, "k") is OutboxState.REFUSED
    assert _operator_lines(premises) == ["mail-refused"]


def test_after_five_days_a_mail_is_given_up(
    premises: Premises, dispatcher: Dispatcher, line: Line, clock: StandingClock
) -> None:
    line.answer = lambda _mail: Outcome(kind=OutcomeKind.DEFERRED)
    _queue(premises, _mail("k"))
    dispatcher.step()
    clock.go(timedelta(days=5))
    dispatcher.step()
    assert _state(premises, "k") is OutboxState.REFUSED


def test_a_relay_that_is_away_does_not_count_against_the_mail(
    premises: Premises, dispatcher: Dispatcher, line: Line, clock: StandingClock
) -> None:
    line.answer = lambda _mail: Outcome(kind=OutcomeKind.DEFERRED, ours=True)
    _queue(premises, _mail("k"))
    for _ in range(10):
        dispatcher.step()
        clock.go(timedelta(days=1))
    assert len(line.sent) == 10
    assert _state(premises, "k") is OutboxState.QUEUED


def test_what_a_refused_login_keeps_waiting_goes_at_once_by_a_renewed_door(
    premises: Premises, dispatcher: Dispatcher, line: Line
) -> None:
    line.answer = lambda _mail: Outcome(kind=OutcomeKind.DEFERRED, reply="535 no", ours=True, login=True)
    _queue(premises, _mail("k"))
    dispatcher.step()
    dispatcher.step()
    assert len(line.sent) == 1
    renewed = Line(premises)
    dispatcher.use(renewed)
    assert dispatcher.step().sent == 1


def test_an_exception_on_the_way_out_is_an_unknown_outcome(
    premises: Premises, dispatcher: Dispatcher, line: Line
) -> None:
    def fail(_mail: OutgoingMail) -> Outcome:
        raise ZeroDivisionError

    line.answer = fail
    _queue(premises, _mail("k"))
    assert dispatcher.step().failed == 1
    assert _state(premises, "k") is OutboxState.QUEUED


def test_a_mail_that_cannot_be_written_stops_no_other_and_the_operator_hears_of_it(
    premises: Premises, dispatcher: Dispatcher, line: Line
) -> None:
    _queue(premises, _mail("bad", "broken"), _mail("good"))
    dispatcher.step()
    assert [mail.key for mail in line.sent] == ["good"]
    assert _operator_lines(premises) == ["unwritable"]


def test_while_paused_nothing_leaves_and_afterwards_everything(
    premises: Premises, dispatcher: Dispatcher, line: Line
) -> None:
    _queue(premises, _mail("k"))
    for what in ("all", "mail", "acme"):
        with premises.database.writing() as connection:
            brakes.pause(connection, what, premises.clock())
        assert dispatcher.step() == Sent()
        with premises.database.writing() as connection:
            brakes.resume(connection, what, premises.clock())
    assert dispatcher.step().sent == 1


def test_a_storm_of_mails_stops_at_the_limit_until_a_person_lets_it_go_on(
    premises: Premises, paper: Paper, line: Line, shelf: Shelf
) -> None:
    dispatcher = _dispatcher(premises, paper, line, shelf, per_hour=3)
    _queue(premises, *(_mail(str(number)) for number in range(5)))
    while dispatcher.step().moved:
        pass
    assert len(line.sent) == 3
    assert _operator_lines(premises) == ["breaker"]
    with premises.database.writing() as connection:
        brakes.resume(connection, "all", premises.clock())
    while dispatcher.step().moved:
        pass
    assert len(line.sent) == 5


def test_an_account_that_allows_so_many_a_minute_gets_no_more(
    premises: Premises, paper: Paper, line: Line, shelf: Shelf, clock: StandingClock
) -> None:
    dispatcher = _dispatcher(premises, paper, line, shelf, per_minute=2)
    _queue(premises, *(_mail(str(number)) for number in range(5)))
    for expected in (2, 4, 5):
        while dispatcher.step().moved:
            pass
        assert len(line.sent) == expected
        clock.go(timedelta(seconds=61))


def test_what_follows_from_a_sent_mail_is_written_with_it(
    premises: Premises, dispatcher: Dispatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = HistoryEntry(subject="order:a-1", at=premises.clock(), what=reason("mail_sent"), because="k")
    monkeypatch.setattr(deciding, "sent", lambda *_arguments: Decision(history=(entry,)))
    _queue(premises, _mail("k"))
    dispatcher.step()
    with premises.database.reading() as connection:
        assert commit.history_of(connection, "order:a-1") == [entry]


def test_a_sent_mail_stays_sent_although_what_follows_fails(
    premises: Premises, dispatcher: Dispatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object) -> Decision:
        raise ZeroDivisionError

    monkeypatch.setattr(deciding, "sent", fail)
    _queue(premises, _mail("k"))
    assert dispatcher.step().sent == 1
    assert _state(premises, "k") is OutboxState.SENT


def test_a_file_is_written_under_a_name_that_stays_the_same(
    premises: Premises, dispatcher: Dispatcher, shelf: Shelf, clock: StandingClock
) -> None:
    _queue(premises, WriteFile(key="f", party="merchants/nova", kind="warehouse", columns=("a",), rows=(("1",),)))
    shelf.failing = True
    dispatcher.step()
    assert shelf.files == {}
    shelf.failing = False
    clock.go(timedelta(minutes=2))
    dispatcher.step()
    assert list(shelf.files) == ["merchants/nova/warehouse-20261125T100000Z-000001.csv"]
    assert _state(premises, "f") is OutboxState.SENT


def test_a_merchants_list_of_inquiries_says_what_is_true_when_it_is_written(
    premises: Premises, dispatcher: Dispatcher, shelf: Shelf
) -> None:
    asked = Inquiry(
        id=InquiryId("I-0001"),
        merchant=PartnerId("nova"),
        fulfiller=PartnerId("nordlager"),
        text="?",
        sent_at=premises.clock(),
        because="cli:anna",
    )
    with premises.database.writing() as connection:
        inquiries.write(connection, [asked])
    for version in (1, 2):
        renewed = WriteInquiries(
            key=f"inquiries:I-0001:{version}", party="merchants/nova", merchant=asked.merchant, timezone="Europe/Berlin"
        )
        _queue(premises, renewed)
    with premises.database.writing() as connection:
        inquiries.write(connection, [replace(asked, version=1, state=InquiryState.DECLINED)])
    dispatcher.step()
    header, row = shelf.files["merchants/nova/inquiries.csv"].decode().splitlines()
    assert header == "inquiry,fulfiller,warehouse,state,sent_at,answered_at,active_since"
    assert row == "I-0001,nordlager,,declined,2026-11-25T11:00:00+01:00,,"


def test_the_operators_lines_go_as_one_mail_at_most_every_quarter_of_an_hour(
    premises: Premises, paper: Paper, clock: StandingClock
) -> None:
    heard: list[str] = []
    operator = OperatorDesk(premises, Said(paper), heard.append)
    for round_ in range(2):
        for number in range(3):
            _tell(premises, f"{round_}:{number}")
        assert operator.bundle() == (3 if round_ == 0 else 0)
    clock.go(timedelta(minutes=15))
    assert operator.bundle() == 3
    assert len(heard) == 2
    with premises.database.reading() as connection:
        mails = connection.execute(sa.select(outbox_table.c.key).where(outbox_table.c.kind == "mail")).all()
    assert len(mails) == 2


class Said(Paper):
    def __init__(self, paper: Paper) -> None:
        super().__init__(templates=paper.templates, tokens=paper.tokens, from_=paper.from_)

    def say(self, reason: Reason, language: str) -> str:  # noqa: ARG002
        return "said"


def _tell(premises: Premises, key: str) -> None:
    _queue(premises, TellOperator(key=key, reason=reason("held_long")))
