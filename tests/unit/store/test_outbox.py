from datetime import UTC, datetime, timedelta

from daemon.domain.effect import Effect, SendMail, TellOperator, WriteFile
from daemon.domain.identifiers import PartnerId
from daemon.domain.reason import reason
from daemon.store import conversations, departures, outbox
from daemon.store.conversations import Names
from daemon.store.database import Database
from daemon.store.departures import Settled
from daemon.store.outbox import Keys, OutboxKind, OutboxState, Queued
from tests.unit.store.plans import listened

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
NAMES = Names(conversation=lambda name: f"c-{name}", message=lambda key: f"{key}@ours.example")


def _mail(key: str, to: str = "a@seller.example", collapse: str | None = None, text: str = "") -> SendMail:
    return SendMail(
        key=key,
        template="order",
        to=to,
        language="de",
        conversation="order:a-1:acme",
        about=("A-1",),
        partner=PartnerId("acme"),
        data={"text": text},
        collapse=collapse,
    )


def _queue(database: Database, *effects: Effect, now: datetime = NOW) -> None:
    with database.writing() as connection:
        outbox.queue(connection, effects, NAMES, now)


def _due(
    database: Database, paused: tuple[str, ...] = (), kinds: tuple[OutboxKind, ...] = tuple(OutboxKind)
) -> list[Queued]:
    with database.writing() as connection:
        return departures.due(connection, LATER, 10, kinds=kinds, paused_partners=paused)


def _settle(database: Database, key: str, state: OutboxState) -> None:
    with database.writing() as connection:
        departures.settle(connection, [Settled(key=key, state=state, reply="said", sent_at=NOW)])


def test_an_effect_is_queued_once_and_renewed_while_it_waits(database: Database) -> None:
    _queue(database, _mail("k", text="old"))
    _queue(database, _mail("k", text="new"))
    assert [one.effect for one in _due(database)] == [_mail("k", text="new")]


def test_an_effect_that_has_left_is_left_alone(database: Database) -> None:
    _queue(database, _mail("k", text="old"))
    _settle(database, "k", OutboxState.SENT)
    _queue(database, _mail("k", text="new"))
    assert _due(database) == []


def test_a_withdrawn_effect_does_not_leave_unless_it_is_decided_again(database: Database) -> None:
    _queue(database, _mail("k"))
    with database.writing() as connection:
        outbox.withdraw(connection, ["k"])
    assert _due(database) == []
    _queue(database, _mail("k"))
    assert [one.key for one in _due(database)] == ["k"]


def test_of_a_series_to_one_recipient_only_the_latest_goes(database: Database) -> None:
    _queue(database, _mail("1", collapse="s"), _mail("2", collapse="s"), _mail("3", "b@x.example", "s"), _mail("4"))
    with database.writing() as connection:
        departures.collapse(connection)
    assert [one.key for one in _due(database)] == ["2", "3", "4"]


def test_what_goes_to_a_paused_partner_waits(database: Database) -> None:
    _queue(database, _mail("k"), WriteFile(key="f", party="sellers/acme", kind="export", columns=(), rows=()))
    assert _due(database, paused=("acme",)) == []


def test_what_was_in_flight_at_a_crash_goes_again_with_the_same_bytes(database: Database) -> None:
    _queue(database, _mail("k"))
    lease = timedelta(minutes=30)
    with database.writing() as connection:
        (one,) = departures.due(connection, LATER, 10, kinds=[OutboxKind.MAIL])
        flying = Queued(**{**{name: getattr(one, name) for name in one.__struct_fields__}, "content": b"bytes"})
        departures.keep_content(connection, flying, "subject", "text")
        departures.mark_in_flight(connection, flying, "me", NOW, lease)
    assert _due(database) == []
    with database.writing() as connection:
        assert departures.recover(connection, NOW + lease * 2, shared=database.shared, owner="me") == 1
    (again,) = _due(database)
    assert (again.content, again.message_id, again.first_try) == (b"bytes", "k@ours.example", NOW)


def test_a_message_of_ours_leads_to_its_conversation_and_its_text(database: Database) -> None:
    _queue(database, _mail("k"))
    (one,) = _due(database)
    with database.writing() as connection:
        departures.keep_content(connection, one, "subject", "our words")
    with database.reading() as connection:
        found = conversations.of_messages(connection, ["k@ours.example", "unknown@x.example"])
        (conversation,) = found.values()
        assert (conversation.about, conversation.partner, conversation.name) == (("A-1",), "acme", "order:a-1:acme")
        assert conversations.texts(connection, [conversation.id]) == {
            conversation.id: [("k@ours.example", "our words")]
        }


def test_a_conversation_comes_to_be_about_further_orders(database: Database) -> None:
    _queue(database, _mail("k"))
    further = SendMail(
        key="k2",
        template="answer",
        to="a@b.example",
        language="de",
        conversation="order:a-1:acme",
        about=("A-2",),
        data={},
    )
    _queue(database, further)
    with database.reading() as connection:
        (found,) = conversations.load(connection, ["c-order:a-1:acme"]).values()
    assert found.about == ("A-1", "A-2")


def test_keys_about_an_order_tell_what_has_left_and_what_has_not(database: Database) -> None:
    _queue(database, _mail("sent"), _mail("queued"), _mail("withdrawn"))
    _settle(database, "sent", OutboxState.SENT)
    with database.writing() as connection:
        outbox.withdraw(connection, ["withdrawn"])
    with database.reading() as connection:
        assert outbox.keys_about(connection, ["a-1"]) == {"a-1": Keys(sent=("sent",), queued=("queued",))}


def test_the_operators_lines_wait_for_their_bundle(database: Database) -> None:
    _queue(database, TellOperator(key="o", reason=reason("held_long")))
    assert _due(database, kinds=(OutboxKind.MAIL, OutboxKind.FILE, OutboxKind.RECEIPT)) == []
    with database.reading() as connection:
        assert [one.key for one in outbox.queued_of_kind(connection, OutboxKind.OPERATOR)] == ["o"]


def test_only_mails_that_have_left_since_then_are_counted(database: Database) -> None:
    _queue(database, _mail("1"), _mail("2"))
    _settle(database, "1", OutboxState.SENT)
    with database.reading() as connection:
        assert outbox.sent_since(connection, NOW - timedelta(hours=1)) == 1
        assert outbox.sent_since(connection, NOW + timedelta(hours=1)) == 0


def test_how_many_have_left_is_counted_by_the_index_of_mails(database: Database) -> None:
    if database.shared:
        return
    with database.reading() as connection:
        plans = listened(connection)
        outbox.sent_since(connection, NOW)
    assert plans == ["SEARCH outbox USING INDEX outbox_mailed (sent_at>?)"]


def test_what_may_have_left_goes_again_but_is_neither_taken_back_nor_rewritten(database: Database) -> None:
    _queue(database, _mail("k", text="old"))
    with database.writing() as connection:
        unsure = Settled(key="k", state=OutboxState.QUEUED, reply="broke off", next_try=NOW, unsure=True)
        departures.settle(connection, [unsure])
        assert outbox.keys_about(connection, ["a-1"]) == {"a-1": Keys(sent=("k",))}
        outbox.withdraw(connection, ["k"])
    _queue(database, _mail("k", text="new"))
    assert [one.effect for one in _due(database)] == [_mail("k", text="old")]
