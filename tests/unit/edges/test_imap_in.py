"""Mailboxes: a real Dovecot for what works, a scripted server for what goes wrong."""

import contextlib
import os
import ssl
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import pytest

from daemon.domain.arrival import ArrivalKind, Incoming
from daemon.domain.identifiers import MessageId
from daemon.edges.imap_in import Mailbox
from daemon.edges.imap_intake import KEYWORD, TRIES, Position
from daemon.edges.imap_session import Account, Session, _Client, uid_set, uids_of
from daemon.edges.oauth import ConsentError, OAuthError
from daemon.engine.ports import Acceptance, Cursor, ErasedMail, NoRoomError
from tests.support.desk import MemoryDesk
from tests.support.dovecot import PASSWORD, Dovecot, running_dovecot
from tests.support.fake_imap import FakeImap
from tests.support.waiting import wait_until


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture(scope="module")
def dovecot() -> Iterator[Dovecot]:
    with running_dovecot() as server:
        yield server


@pytest.fixture
def user() -> str:
    return f"box-{os.urandom(4).hex()}"


@pytest.fixture
def desk() -> MemoryDesk:
    return MemoryDesk()


@pytest.fixture
def fake() -> Iterator[FakeImap]:
    with FakeImap() as server:
        yield server


def mail(number: int, **headers: str) -> bytes:
    fields = {"From": "partner@acme.example", "To": "orders@shop.example", "Subject": f"Order {number}", **headers}
    head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in fields.items())
    return f"{head}Message-ID: <{number}@acme.example>\r\n\r\nText {number}\r\n".encode()


def box(server: Dovecot, user: str, desk: MemoryDesk, **settings: Any) -> Mailbox:
    account = Account(host="127.0.0.1", port=server.imap, tls="none", user=user, password=lambda: PASSWORD)
    return Mailbox("box", account, desk, now, **{"take": "all", "done": "Processed", **settings})


def fake_box(server: FakeImap, desk: MemoryDesk, *, answer_timeout: float = 5.0, **settings: Any) -> Mailbox:
    account = Account(
        host="127.0.0.1",
        port=server.port,
        tls="none",
        user="u",
        password=lambda: "secret",
        answer_timeout=answer_timeout,
    )
    return Mailbox("box", account, desk, now, **{"take": "all", "done": "Processed", "first_pause": 0.01, **settings})


@contextlib.contextmanager
def running(mailbox: Mailbox) -> Iterator[None]:
    mailbox.start()
    try:
        yield
    finally:
        mailbox.stop()


def numbers(desk: MemoryDesk) -> list[int]:
    return sorted(int(one.raw.rpartition(b"Text ")[2]) for one in desk.taken)


# With a real server


def test_waiting_mails_are_taken_and_moved_to_done(dovecot: Dovecot, user: str, desk: MemoryDesk) -> None:
    dovecot.deliver(user, *(mail(number) for number in range(5)))
    assert box(dovecot, user, desk, authserv_id="mx.shop.example", batch=2).poll() == 5
    assert numbers(desk) == [0, 1, 2, 3, 4]
    assert (dovecot.count(user, "INBOX"), dovecot.count(user, "Processed")) == (0, 5)
    one = desk.taken[0]
    assert (one.kind, one.source, one.party, one.identity) == (ArrivalKind.MAIL, "box", None, None)
    assert one.envelope.authserv_id == "mx.shop.example"
    assert abs(one.received_at - now()) < timedelta(minutes=1)
    assert [source for source, _ in desk.sightings] == ["box"]
    assert desk.troubles == []


def test_a_mail_counts_from_its_internal_date(dovecot: Dovecot, user: str, desk: MemoryDesk) -> None:
    arrived = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)
    with dovecot.client(user) as client:
        client.append("INBOX", mail(1), msg_time=arrived)
    box(dovecot, user, desk).poll()
    assert desk.taken[0].received_at == arrived


def test_seen_by_somebody_else_makes_no_difference_and_is_never_set(
    dovecot: Dovecot, user: str, desk: MemoryDesk
) -> None:
    dovecot.deliver(user, mail(1), mail(2))
    with dovecot.client(user) as client:
        client.add_flags(1, [b"\\Seen"])
    box(dovecot, user, desk).poll()
    assert numbers(desk) == [1, 2]
    with dovecot.client(user, "Processed") as client:
        flags = client.get_flags([1, 2])
    assert [b"\\Seen" in flags[uid] for uid in (1, 2)] == [True, False]


def test_the_second_poll_takes_only_what_is_new(dovecot: Dovecot, user: str, desk: MemoryDesk) -> None:
    mailbox = box(dovecot, user, desk, done=None)
    dovecot.deliver(user, mail(1))
    assert mailbox.poll() == 1
    assert mailbox.poll() == 0
    dovecot.deliver(user, mail(2))
    assert mailbox.poll() == 1
    with dovecot.client(user) as client:
        flags = client.get_flags([1, 2])
    assert all(KEYWORD.encode() in flags[uid] for uid in (1, 2))


@pytest.mark.parametrize("missing", [("MOVE",), ("MOVE", "UIDPLUS")])
def test_a_server_without_move_is_served_by_copy(
    dovecot: Dovecot, user: str, desk: MemoryDesk, monkeypatch: pytest.MonkeyPatch, missing: tuple[str, ...]
) -> None:
    has = _Client.has_capability
    monkeypatch.setattr(_Client, "has_capability", lambda self, name: name not in missing and has(self, name))
    dovecot.deliver(user, mail(1))
    with dovecot.client(user) as client:
        client.append("INBOX", mail(9), flags=[b"\\Deleted"])
    mailbox = box(dovecot, user, desk, take="ours")
    desk.concerns = True
    assert mailbox.poll() == 2
    assert dovecot.count(user, "Processed") == 2


def test_take_ours_leaves_other_mail_untouched_and_does_not_ask_again(
    dovecot: Dovecot, user: str, desk: MemoryDesk
) -> None:
    desk.concerns = False
    dovecot.deliver(user, mail(1, In_Reply_To="<a@shop.example>", References="<b@x> <c@x>", Cc="reply+t@shop.example"))
    mailbox = box(dovecot, user, desk, take="ours")
    assert mailbox.poll() == 0
    assert mailbox.poll() == 0
    [(addresses, messages, subject)] = desk.asked
    assert set(addresses) >= {"partner@acme.example", "orders@shop.example", "reply+t@shop.example"}
    assert list(messages) == ["a@shop.example", "b@x", "c@x"]
    assert subject == "Order 1"
    assert dovecot.count(user, "INBOX") == 1
    with dovecot.client(user) as client:
        assert not {KEYWORD.encode(), b"\\Seen"} & set(client.get_flags([1])[1])


def test_junk_is_searched_for_what_concerns_us(dovecot: Dovecot, user: str, desk: MemoryDesk) -> None:
    with dovecot.client(user) as client:
        client.create_folder("Junk")
        client.append("Junk", mail(1))
    assert box(dovecot, user, desk, junk="Junk").poll() == 1
    assert desk.taken[0].source == "box/junk"
    assert len(desk.asked) == 1
    assert dovecot.count(user, "Processed") == 1


def erased(number: int, **changes: Any) -> ErasedMail:
    plain = {"identity": mail(number).decode(), "received_at": now(), "message_id": MessageId(f"{number}@acme.example")}
    return ErasedMail(**{**plain, **changes})


def test_what_is_erased_here_is_removed_from_the_mailbox_and_nothing_else(
    dovecot: Dovecot, user: str, desk: MemoryDesk
) -> None:
    dovecot.deliver(user, mail(1), mail(2), mail(3))
    mailbox = box(dovecot, user, desk)
    mailbox.poll()
    # The third pretends to be the first; the second was marked by a person who has not cleared away yet.
    with dovecot.client(user, "Processed") as client:
        client.append("Processed", mail(3).replace(b"<3@", b"<1@"))
        client.add_flags(2, [b"\\Deleted"])
    with dovecot.client(user, "Processed") as client:
        stored = {uid: bytes(facts[b"BODY[]"]) for uid, facts in client.fetch([1, 2, 3, 4], ["BODY[]"]).items()}
    desk.erasing = [erased(1, identity=stored[1].decode())]
    mailbox.poll()
    with dovecot.client(user, "Processed") as client:
        assert client.search() == [2, 3, 4]
    assert (desk.struck_off, desk.left) == (desk.erasing, [])


def test_a_mail_without_a_message_id_is_found_by_the_day_of_its_receipt(
    dovecot: Dovecot, user: str, desk: MemoryDesk
) -> None:
    received = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    with dovecot.client(user) as client:
        client.append("INBOX", mail(1), msg_time=received)
        client.append("INBOX", mail(1), msg_time=received + timedelta(days=40))
        client.append("INBOX", mail(2), msg_time=received)
    mailbox = box(dovecot, user, desk)
    mailbox.poll()
    desk.erasing = [erased(1, received_at=received, message_id=None)]
    mailbox.poll()
    with dovecot.client(user, "Processed") as client:
        assert client.search() == [2, 3]


def test_where_the_server_removes_no_single_mail_it_is_said_and_other_mails_are_safe(
    dovecot: Dovecot, user: str, desk: MemoryDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    dovecot.deliver(user, mail(1), mail(2))
    mailbox = box(dovecot, user, desk)
    mailbox.poll()
    with dovecot.client(user, "Processed") as client:
        stored = bytes(client.fetch([1], ["BODY[]"])[1][b"BODY[]"])
        client.add_flags(2, [b"\\Deleted"])
    has = _Client.has_capability
    monkeypatch.setattr(_Client, "has_capability", lambda self, name: name != "UIDPLUS" and has(self, name))
    desk.erasing = [erased(1, identity=stored.decode())]
    mailbox.poll()
    assert dovecot.count(user, "Processed") == 2
    assert (desk.struck_off, desk.left) == (desk.erasing, desk.erasing)


def test_a_mail_that_arrives_while_others_are_removed_is_not_waited_for(
    dovecot: Dovecot, user: str, desk: MemoryDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    dovecot.deliver(user, mail(1))
    desk.erasing = [erased(7)]

    def arrives(source: str, gone: Sequence[ErasedMail], left: Sequence[ErasedMail]) -> None:
        desk.struck_off.extend(gone)
        dovecot.deliver(user, mail(2))

    monkeypatch.setattr(desk, "removed", arrives)
    assert box(dovecot, user, desk).poll() == 2


def test_a_removal_that_breaks_the_connection_is_given_up_and_said(fake: FakeImap, desk: MemoryDesk) -> None:
    fake.mails = {1: mail(1)}
    mailbox = fake_box(fake, desk)
    mailbox.poll()
    fake.mails = {2: mail(2)}
    fake.breaking = {2}
    desk.erasing = [erased(2)]
    desk.cursors["box"] = str(Position(validity=fake.validity, last=2))
    mailbox.poll()
    assert (desk.struck_off, desk.left) == (desk.erasing, desk.erasing)
    assert desk.troubles == []


def test_missing_and_foreign_folder_names_are_made(dovecot: Dovecot, user: str, desk: MemoryDesk) -> None:
    dovecot.deliver(user, mail(1))
    assert box(dovecot, user, desk, done="Erledigt & geprüft", junk="Spamverdächtig").poll() == 1
    assert dovecot.count(user, "Erledigt & geprüft") == 1
    assert dovecot.count(user, "Spamverdächtig") == 0


def test_a_crash_between_commit_and_move_is_made_good(dovecot: Dovecot, user: str, desk: MemoryDesk) -> None:
    dovecot.deliver(user, mail(1), mail(2))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Session, "move", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            box(dovecot, user, desk).poll()
    assert numbers(desk) == [1, 2]
    assert dovecot.count(user, "INBOX") == 2
    assert box(dovecot, user, desk).poll() == 0
    assert (dovecot.count(user, "INBOX"), dovecot.count(user, "Processed")) == (0, 2)


def test_a_crash_before_the_commit_takes_them_again(dovecot: Dovecot, user: str, desk: MemoryDesk) -> None:
    dovecot.deliver(user, mail(1))
    desk.failing = RuntimeError("killed")
    assert box(dovecot, user, desk).poll() == 0
    assert dovecot.count(user, "INBOX") == 1
    desk.failing = None
    assert box(dovecot, user, desk).poll() == 1


def test_a_full_disk_leaves_mail_in_the_mailbox_and_says_so(dovecot: Dovecot, user: str, desk: MemoryDesk) -> None:
    dovecot.deliver(user, mail(1))
    desk.failing = NoRoomError()
    assert box(dovecot, user, desk).poll() == 0
    assert desk.troubles[0][1].code == "trouble_no_room"
    assert desk.sightings == []


def test_idle_brings_a_mail_within_moments_and_ends_at_once(dovecot: Dovecot, user: str, desk: MemoryDesk) -> None:
    dovecot.deliver(user, mail(0))
    mailbox = box(dovecot, user, desk)
    with running(mailbox):
        wait_until(lambda: len(desk.taken) == 1)
        for number in (1, 2, 3):
            dovecot.deliver(user, mail(number))
            wait_until(lambda number=number: len(desk.taken) == number + 1, within=4)  # type: ignore[misc]
        stopping = now()
    assert now() - stopping < timedelta(seconds=3)
    assert dovecot.count(user, "INBOX") == 0


def test_tls_is_verified(dovecot: Dovecot, user: str, desk: MemoryDesk) -> None:
    dovecot.deliver(user, mail(1))
    wires: list[tuple[Literal["tls", "starttls"], int]] = [("tls", dovecot.imaps), ("starttls", dovecot.imap)]
    for tls, port in wires:
        reached = Account(host="localhost", port=port, tls=tls, user=user, password=lambda: PASSWORD)
        assert Mailbox("box", reached, desk, now, context=dovecot.context).check() is None
        complaint = Mailbox("box", reached, desk, now, context=ssl.create_default_context()).check()
        assert complaint is not None
        assert complaint.code == "trouble_certificate"


def test_a_wrong_password_is_reported_at_once_as_a_login(dovecot: Dovecot, user: str, desk: MemoryDesk) -> None:
    account = Account(host="127.0.0.1", port=dovecot.imap, tls="none", user=user, password=lambda: "wrong-pass")
    mailbox = Mailbox("box", account, desk, now)
    with running(mailbox):
        wait_until(lambda: desk.troubles)
    [(source, what, is_login)] = desk.troubles
    assert (source, is_login) == ("box", True)
    assert "wrong-pass" not in what.values.values()
    assert mailbox.check() == what


def test_a_password_beyond_ascii_can_be_sent(dovecot: Dovecot, user: str, desk: MemoryDesk) -> None:
    account = Account(host="127.0.0.1", port=dovecot.imap, tls="none", user=user, password=lambda: "gehéim")
    refused = Mailbox("box", account, desk, now).check()
    assert refused is not None
    assert refused.code == "trouble_login"


# With a scripted server


def test_changed_uidvalidity_reads_everything_again(fake: FakeImap, desk: MemoryDesk) -> None:
    fake.mails = {1: mail(1), 2: mail(2)}
    mailbox = fake_box(fake, desk, done=None)
    assert mailbox.poll() == 2
    fake.validity, fake.mails = 8, {1: mail(2), 2: mail(3)}
    assert mailbox.poll() == 1
    assert numbers(desk) == [1, 2, 3]


def test_a_huge_mail_is_left_and_the_next_is_taken(fake: FakeImap, desk: MemoryDesk) -> None:
    fake.mails = {1: mail(1), 2: mail(2), 3: mail(3)}
    fake.size_of = {2: 26 * 1024 * 1024}
    mailbox = fake_box(fake, desk)
    assert mailbox.poll() == 2
    assert mailbox.poll() == 0
    assert list(fake.mails) == [2]
    [(_, what, _)] = desk.troubles
    assert (what.code, what.values) == ("trouble_too_large", {"source": "box", "uid": "2", "folder": "INBOX"})


def test_a_portion_is_cut_by_its_bytes(fake: FakeImap) -> None:
    sizes: list[tuple[int, str | None]] = []

    class Counting(MemoryDesk):
        def accept(self, incoming: Sequence[Incoming], cursor: Cursor | None = None) -> list[Acceptance]:
            sizes.append((len(incoming), cursor.position if cursor else None))
            return super().accept(incoming, cursor)

    fake.mails = {uid: mail(uid) for uid in (1, 2, 3, 9)}
    fake.size_of = dict.fromkeys(fake.mails, 7 * 1024 * 1024)
    assert fake_box(fake, Counting()).poll() == 4
    assert sizes == [(2, "7/2/1:2"), (2, "7/9/3,9")]


@pytest.mark.parametrize("fault", ["breaking", "refusing", "giant"])
def test_one_broken_message_never_stops_the_others(fake: FakeImap, desk: MemoryDesk, fault: str) -> None:
    fake.mails = {uid: mail(uid) for uid in range(1, 7)}
    setattr(fake, fault, {3})
    assert fake_box(fake, desk).poll() >= 0
    assert numbers(desk) == [1, 2, 4, 5, 6]
    assert (desk.troubles[0][1].code, desk.troubles[0][1].values["uid"]) == ("trouble_unfetched", "3")
    assert list(fake.mails) == [3]


def test_a_broken_message_is_tried_again_before_it_is_left(fake: FakeImap, desk: MemoryDesk) -> None:
    fake.mails = {1: mail(1)}
    fake.breaking = {1}
    mailbox = fake_box(fake, desk)
    with running(mailbox):
        wait_until(lambda: len(fake.connections) >= 3)
        fake.breaking = set()
        wait_until(lambda: numbers(desk) == [1])
    assert not any(what.code == "trouble_unfetched" for _, what, _ in desk.troubles)
    assert len(fake.connections) <= TRIES + 1


def test_a_move_that_is_refused_is_made_up_for_later(fake: FakeImap, desk: MemoryDesk) -> None:
    fake.mails = {1: mail(1)}
    fake.refuse_move = True
    mailbox = fake_box(fake, desk)
    assert mailbox.poll() == 1
    fake.mails[2] = mail(2)
    assert mailbox.poll() == 1
    fake.refuse_move = False
    assert mailbox.poll() == 0
    assert sorted(fake.moved) == [1, 2]


def test_a_half_open_connection_is_noticed_and_replaced(fake: FakeImap, desk: MemoryDesk) -> None:
    fake.deaf_in_idle = True
    with running(fake_box(fake, desk, answer_timeout=0.3, idle_renew=0.3)):
        wait_until(lambda: "IDLE" in fake.commands)
        fake.mails = {1: mail(1)}
        wait_until(lambda: numbers(desk) == [1])
    assert len(fake.connections) >= 2


@pytest.mark.parametrize("fault", ["bye_in_idle", "close_in_idle"])
def test_a_server_that_leaves_is_called_again_without_alarm(fake: FakeImap, desk: MemoryDesk, fault: str) -> None:
    setattr(fake, fault, 1)
    with running(fake_box(fake, desk)):
        wait_until(lambda: len(fake.connections) == 2 and fake.commands.count("IDLE") == 2)
    assert desk.troubles == []
    assert fake.commands.count("IDLE") <= 3


def test_news_sent_together_with_the_start_of_idle_is_seen(fake: FakeImap, desk: MemoryDesk) -> None:
    fake.eager_exists = True
    with running(fake_box(fake, desk)):
        wait_until(lambda: fake.commands.count("IDLE") >= 3)


def test_news_sent_along_with_another_answer_is_seen(fake: FakeImap, desk: MemoryDesk) -> None:
    fake.mails, fake.arrives_with_move = {1: mail(1)}, mail(2)
    with running(fake_box(fake, desk)):
        wait_until(lambda: numbers(desk) == [1, 2], within=4)


def test_failures_are_reported_from_the_third_on_and_pauses_grow(desk: MemoryDesk) -> None:
    with FakeImap() as fake:
        mailbox = fake_box(fake, desk)
    pauses: list[float] = []
    wait = mailbox._stopped.wait

    def noting(timeout: float | None = None) -> bool:
        pauses.append(timeout or 0.0)
        return wait(0.0) or len(pauses) > 20

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mailbox._stopped, "wait", noting)
        mailbox._first_pause = 1.0
        mailbox.start()
        wait_until(lambda: len(pauses) >= 12)
        mailbox.stop()
    assert pauses[:10] == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300]
    assert len(desk.troubles) >= len(pauses) - 3
    assert desk.troubles[0][1].code == "trouble_unreachable"


def test_a_login_limit_is_no_wrong_password(fake: FakeImap, desk: MemoryDesk) -> None:
    fake.login_answer = "NO [UNAVAILABLE] Maximum number of connections exceeded"
    fake.password = "other"
    fake_box(fake, desk).poll()
    assert [is_login for _, _, is_login in desk.troubles] == [False]


class Tokens:
    """Gives one token after the other, each until it is forgotten; at the end there is no consent any more."""

    def __init__(self, *tokens: str, end: type[OAuthError] = ConsentError) -> None:
        self.left = list(tokens)
        self.end = end

    def token(self) -> str:
        if not self.left:
            raise self.end("the token server refused: invalid_grant (HTTP 400)")
        return self.left[0]

    def forget(self) -> None:
        self.left.pop(0)


def token_box(fake: FakeImap, desk: MemoryDesk, tokens: Tokens) -> Mailbox:
    fake.mails, fake.password = {1: mail(1)}, "auth=Bearer good\x01"
    account = Account(host="127.0.0.1", port=fake.port, tls="none", user="u", tokens=tokens)
    return Mailbox("box", account, desk, now, take="all")


def test_an_access_token_that_is_refused_is_replaced_at_once(fake: FakeImap, desk: MemoryDesk) -> None:
    assert token_box(fake, desk, Tokens("old", "good")).poll() == 1
    assert desk.troubles == []


@pytest.mark.parametrize(
    "tokens",
    [("old", "older"), ()],
    ids=["refused twice", "no consent"],
)
def test_a_login_without_a_good_token_needs_a_person(fake: FakeImap, desk: MemoryDesk, tokens: tuple[str, ...]) -> None:
    assert token_box(fake, desk, Tokens(*tokens)).poll() == 0
    assert [login for _, _, login in desk.troubles] == [True]


def test_a_token_server_that_is_away_comes_back_without_a_person(fake: FakeImap, desk: MemoryDesk) -> None:
    assert token_box(fake, desk, Tokens(end=OAuthError)).poll() == 0
    assert [login for _, _, login in desk.troubles] == [False]


def test_a_new_password_is_tried_at_once(fake: FakeImap, desk: MemoryDesk) -> None:
    fake.mails, fake.password = {1: mail(1)}, "renewed"
    mailbox = fake_box(fake, desk)
    account = Account(host="127.0.0.1", port=fake.port, tls="none", user="u", password=lambda: "renewed")
    with running(mailbox):
        wait_until(lambda: desk.troubles)
        mailbox.renew(account)
        wait_until(lambda: numbers(desk) == [1])


def test_positions_are_written_and_read() -> None:
    position = Position(validity=7, last=99, moving=(3, 5, 6, 7, 99))
    assert str(position) == "7/99/3,5:7,99"
    assert Position.parsed(str(position)) == position
    assert Position.parsed(None) == Position.parsed("nonsense") == Position()
    assert uids_of(uid_set([])) == []
