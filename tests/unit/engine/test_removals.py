import sqlalchemy as sa

from daemon.domain.arrival import ArrivalKind, Incoming
from daemon.engine import removals
from daemon.engine.intake import Intake
from daemon.engine.premises import Premises
from daemon.store.schema import outbox
from tests.support.builders import WEDNESDAY as NOW

BOX = "imap:orders@shop.example@imap.shop.example/INBOX"


def _mail(message_id: str) -> bytes:
    return f"From: a@b.example\r\nMessage-ID: {message_id}\r\nSubject: x\r\n\r\nhello {message_id}\r\n".encode()


def _erase(premises: Premises, intake: Intake, *mails: bytes, source: str = BOX) -> None:
    came = [Incoming(kind=ArrivalKind.MAIL, source=source, name="", raw=one, received_at=NOW) for one in mails]
    ids = [one.arrival for one in intake.accept(came)]
    with premises.database.writing() as connection:
        removals.remember(connection, ids, {BOX})


def _told(premises: Premises) -> int:
    with premises.database.reading() as connection:
        return len(connection.execute(sa.select(outbox.c.key)).all())


def test_what_came_by_a_mailbox_is_wanted_back_until_it_is_gone(premises: Premises, intake: Intake) -> None:
    plain, odd = _mail("<1@b.example>"), _mail('<"two words"@b.example>')
    _erase(premises, intake, plain, odd)
    _erase(premises, intake, _mail("<2@b.example>"), source="smtp")
    found = {one.identity: one for one in intake.erased(BOX)}
    assert set(found) == {intake.identity(plain), intake.identity(b"Received: elsewhere\r\n" + odd)}
    assert [found[intake.identity(one)].message_id for one in (plain, odd)] == ["1@b.example", None]
    assert intake.erased("smtp") == intake.erased(f"{BOX}/junk") == []
    intake.removed(BOX, list(found.values()), [])
    assert intake.erased(BOX) == []
    assert _told(premises) == 0


def test_what_the_server_keeps_is_told_once(premises: Premises, intake: Intake) -> None:
    _erase(premises, intake, _mail("<1@b.example>"))
    left = intake.erased(BOX)
    intake.removed(BOX, [], left)
    assert intake.erased(BOX) == []
    assert _told(premises) == 1
