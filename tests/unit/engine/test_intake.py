from concurrent.futures import wait
from datetime import timedelta

import pytest
import sqlalchemy as sa
from msgspec.structs import replace

from daemon.domain.arrival import ArrivalKind, Envelope, Incoming
from daemon.domain.effect import SendMail
from daemon.domain.identifiers import MessageId
from daemon.domain.reason import reason
from daemon.engine.intake import RESERVE, Intake
from daemon.engine.ports import Cursor, NoRoomError
from daemon.engine.premises import Premises
from daemon.store import arrivals, departures, outbox
from daemon.store.outbox import OutboxKind
from daemon.store.schema import arrival
from tests.support.builders import POLICY
from tests.support.builders import WEDNESDAY as NOW

MAIL = b"From: a@b.example\r\nTo: c@d.example\r\nMessage-ID: <1@b.example>\r\nSubject: x\r\n\r\nhello\r\n"


def _mail(raw: bytes = MAIL, *rcpt: str, **changes: object) -> Incoming:
    plain = Incoming(
        kind=ArrivalKind.MAIL, source="smtp", name="", raw=raw, received_at=NOW, envelope=Envelope(rcpt_to=rcpt)
    )
    return replace(plain, **changes)


def _states(premises: Premises) -> list[str]:
    with premises.database.reading() as connection:
        return list(connection.execute(sa.select(arrival.c.state).order_by(arrival.c.seq)).scalars())


def _send(premises: Premises) -> outbox.Queued:
    mail = SendMail(
        key="k",
        template="order",
        to="a@b.example",
        language="de",
        conversation="order:a-1:acme",
        about=("A-1",),
        data={},
    )
    with premises.database.writing() as connection:
        outbox.queue(connection, [mail], premises.names, NOW)
        return departures.due(connection, NOW, 1, kinds=[OutboxKind.MAIL])[0]


def test_what_was_accepted_is_in_the_database(premises: Premises, intake: Intake) -> None:
    (accepted,) = intake.accept([_mail()])
    with premises.database.reading() as connection:
        assert arrivals.raw(connection, accepted.arrival) == MAIL
    assert not accepted.known


def test_the_same_mail_again_changes_nothing_and_is_known(premises: Premises, intake: Intake) -> None:
    (first,) = intake.accept([_mail()])
    again, twice = intake.accept([_mail(b"Received: by another way\r\n" + MAIL), _mail()])
    assert (again.arrival, again.known, twice.known) == (first.arrival, True, True)
    assert _states(premises) == ["new"]


def test_the_same_mail_twice_in_one_delivery_is_taken_once(premises: Premises, intake: Intake) -> None:
    first, second = intake.accept([_mail(), _mail()])
    assert first.arrival == second.arrival
    assert _states(premises) == ["new"]


def test_the_same_message_id_with_other_words_is_another_mail(premises: Premises, intake: Intake) -> None:
    intake.accept([_mail(), _mail(MAIL + b"more\r\n")])
    assert _states(premises) == ["new", "new"]


def test_many_offers_are_all_taken(premises: Premises, intake: Intake) -> None:
    offers = [intake.offer(_mail(MAIL + b"%d\r\n" % number)) for number in range(100)]
    wait(offers, timeout=30)
    assert len({offer.result().arrival for offer in offers}) == 100
    assert len(_states(premises)) == 100
    assert intake.taken_in == 100


def test_the_cursor_moves_with_the_arrivals(intake: Intake) -> None:
    assert intake.cursor("imap") is None
    intake.accept([], Cursor(source="imap", position="7:1"))
    intake.accept([_mail()], Cursor(source="imap", position="7:2"))
    assert intake.cursor("imap") == "7:2"


def test_on_a_full_disk_nothing_is_taken_and_later_it_is(premises: Premises) -> None:
    free = [RESERVE - 1]
    intake = Intake(premises, lambda: free[0])
    with pytest.raises(NoRoomError):
        intake.accept([_mail()])
    assert isinstance(intake.offer(_mail()).exception(10), NoRoomError)
    assert _states(premises) == []
    free[0] = RESERVE
    intake.accept([_mail()])
    assert _states(premises) == ["new"]
    intake.stop()


def test_mail_from_before_going_live_is_ignored(premises: Premises) -> None:
    live = Premises(**{**premises.__dict__, "policy": replace(POLICY, go_live=NOW)})
    intake = Intake(live)
    intake.accept([_mail(received_at=NOW - timedelta(seconds=1)), _mail(MAIL + b"later", received_at=NOW)])
    intake.stop()
    assert _states(premises) == ["ignored", "new"]


def test_answers_of_one_conversation_stand_in_one_stream(premises: Premises, intake: Intake) -> None:
    sent = _send(premises)
    address = premises.tokens.reply_address(sent.conversation or "")
    threading = b"In-Reply-To: <" + (sent.message_id or "").encode() + b">\r\nSubject: re:"
    by_reference = MAIL.replace(b"Subject:", threading)
    intake.accept([_mail(MAIL, address), _mail(by_reference), _mail(MAIL + b"stranger")])
    with premises.database.reading() as connection:
        streams = list(connection.execute(sa.select(arrival.c.stream).order_by(arrival.c.seq)).scalars())
    assert streams[0] == streams[1] == sent.conversation
    assert streams[2] != streams[0]


def test_a_mail_concerns_us_by_token_message_listed_sender_or_known_order(premises: Premises, intake: Intake) -> None:
    sent = _send(premises)
    assert intake.concerns_us([premises.tokens.reply_address(sent.conversation or "")], (), "")
    assert intake.concerns_us(["x@y.example"], (MessageId(sent.message_id or ""),), "")
    assert intake.concerns_us(["Orders@Acme.example"], (), "")
    assert not intake.concerns_us(["x@y.example"], (MessageId("1@y.example"),), "Re: A-1001")


def test_only_our_own_addresses_are_ours(premises: Premises, intake: Intake) -> None:
    assert intake.is_own_recipient(premises.tokens.reply_address(premises.tokens.conversation_id("x")))
    assert not intake.is_own_recipient("reply+aaaaaaaaaaaaaaaaaaaaaaaaaa@replies.shop.example")


def test_the_operator_hears_once_of_a_source_in_trouble(premises: Premises, intake: Intake) -> None:
    intake.trouble("imap", reason("trouble_no_answer", source="imap"))
    intake.trouble("imap", reason("trouble_no_answer", source="imap"))
    with premises.database.reading() as connection:
        assert len(outbox.queued_of_kind(connection, OutboxKind.OPERATOR)) == 1


def test_a_large_file_stays_on_disk(premises: Premises, intake: Intake) -> None:
    large = Incoming(
        kind=ArrivalKind.FILE,
        source="folder:orders",
        name="o.csv",
        raw=b"",
        received_at=NOW,
        party="orders",
        path="inbox/orders/done/o.csv",
        identity="claim-1",
        digest="d" * 64,
        size=5_000_000,
    )
    (accepted,) = intake.accept([large])
    assert intake.is_claimed("claim-1") == accepted.arrival
    with premises.database.reading() as connection:
        stored = arrivals.get(connection, accepted.arrival)
        assert arrivals.raw(connection, accepted.arrival) is None
    assert stored is not None
    assert (stored.arrival.size, stored.arrival.path) == (5_000_000, "inbox/orders/done/o.csv")
