import asyncio
import resource
import smtplib
import socket
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP

from daemon.edges.smtp_in import SmtpListener
from daemon.edges.smtp_limits import Limits
from daemon.edges.smtp_session import Conversation
from daemon.engine.ports import NoRoomError
from tests.support.certificates import Certificate
from tests.support.desk import MemoryDesk
from tests.support.raw_smtp import RawSmtp
from tests.support.waiting import wait_until

Listen = Callable[..., SmtpListener]
NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
MAIL = b"From: seller@acme.example\r\nSubject: A-1001\r\n\r\nShipped.\r\n.. and a dot\r\n"


def send(listener: SmtpListener, mail: bytes = MAIL, to: tuple[str, ...] = ("orders@shop.example",)) -> None:
    with smtplib.SMTP("127.0.0.1", listener.port, timeout=10) as client:
        client.sendmail("seller@acme.example", to, mail)


def test_a_mail_arrives_as_it_was_sent_with_its_envelope(listen: Listen, desk: MemoryDesk) -> None:
    send(listen())
    (taken,) = desk.taken
    assert taken.raw == MAIL
    assert taken.received_at == NOW
    assert taken.source == "smtp"
    assert taken.envelope.mail_from == "seller@acme.example"
    assert taken.envelope.rcpt_to == ("orders@shop.example",)
    assert taken.envelope.authserv_id is None


def test_250_is_said_only_when_the_desk_has_it(listen: Listen, desk: MemoryDesk) -> None:
    desk.holding = True
    with RawSmtp(listen().port) as client:
        client.begun().send(MAIL + b".\r\n")
        wait_until(lambda: desk.waiting)
        client.socket.settimeout(0.2)
        with pytest.raises(TimeoutError):
            client.socket.recv(1)
        client.socket.settimeout(10)
        desk.settle()
        assert client.socket.recv(100).startswith(b"250 ")


def test_the_null_sender_is_empty(listen: Listen, desk: MemoryDesk) -> None:
    with smtplib.SMTP("127.0.0.1", listen().port, timeout=10) as client:
        client.sendmail("", ["orders@shop.example"], MAIL)
    assert desk.taken[0].envelope.mail_from == ""


@pytest.mark.parametrize(
    "written",
    [
        "<a@b.example>",
        "<a.b+c@sub.b.example> SIZE=12 BODY=8BITMIME",
        "<a@b.example>  SIZE=12",
        "<a..b@c.example>",
        "<.a@c.example>",
        "<a@b..example>",
        "<a@b.example>(note)",
        "<a@b.example> (note) SIZE=12",
        '<"a b"@c.example>',
        "<a@[192.0.2.1]>",
        "<a@b.example",
        "<a@b.example>x",
        "<ä@b.example>",
        "<@relay.example:a@b.example>",
        "a@b.example",
        "<a@b.example>\tSIZE=12",
        "<>",
    ],
)
def test_an_address_is_understood_as_the_standard_library_understands_it(written: str, listen: Listen) -> None:
    loop = asyncio.new_event_loop()
    ours = Conversation(listen(), hostname="mx.example", tls=None, loop=loop)
    try:
        expected: tuple[str | None, str | None] = SMTP._getaddr(ours, written)
    except Exception:  # noqa: BLE001 - whatever it raises is no address to us
        expected = (None, None)
    loop.close()
    assert ours._getaddr(written) == expected


def test_banner_and_offers_say_nothing_about_the_program(listen: Listen) -> None:
    with RawSmtp(listen().port) as client:
        assert client.reply() == "220 mx.shop.example ESMTP"
        offers = client.ask("EHLO client.example")
        assert "SIZE 10485760" in offers
        assert "250 PIPELINING" in offers
        assert "AUTH" not in offers
        assert "python" not in offers.lower()
        assert client.ask("VRFY somebody").startswith("252 ")
        assert client.ask("AUTH PLAIN AHUAcA==").startswith("502 ")
        assert client.ask("EXPN staff").startswith("502 ")


@pytest.mark.parametrize(
    "recipient",
    [
        "<victim@other.example>",
        "<victim%other.example@shop.example>",
        "<@shop.example:victim@other.example>",
        '<"victim@other.example"@shop.example>',
        "<other.example!victim>",
        "<victim@[192.0.2.1]>",
        "<victim>",
        "<>",
        "<victim@other.example@shop.example>",
        "<orders@shop.example.>",
        "victim@other.example",
        "<postmaster@[127.0.0.1]:victim@other.example>",
        "<" + "(" * 300 + "@shop.example>",
        "<\x00orders@shop.example>",
    ],
)
def test_mail_for_others_is_refused_before_its_content(listen: Listen, desk: MemoryDesk, recipient: str) -> None:
    with RawSmtp(listen().port) as client:
        client.greeted()
        client.ask("MAIL FROM:<seller@acme.example>")
        assert client.ask(f"RCPT TO:{recipient}").startswith("5")
        assert client.ask("DATA").startswith("503 ")
    assert desk.taken == []


@pytest.mark.parametrize(
    "sender", [b"<a\xff@x.example>", b"<a\0@x.example>", b"<a\x1b@x.example>", b"<" + b"(" * 400 + b">"]
)
def test_a_sender_that_could_not_be_stored_is_refused(listen: Listen, sender: bytes) -> None:
    with RawSmtp(listen().port) as client:
        client.greeted().send(b"MAIL FROM:" + sender + b"\r\n")
        assert client.reply().startswith("553 ")


def test_a_sender_with_letters_beyond_ascii_is_kept(listen: Listen, desk: MemoryDesk) -> None:
    with RawSmtp(listen().port) as client:
        client.greeted().ask("MAIL FROM:<jörg@acme.example> SMTPUTF8")
        client.ask("RCPT TO:<orders@shop.example>")
        client.ask("DATA")
        client.send(MAIL + b".\r\n")
        assert client.reply().startswith("250 ")
    assert desk.taken[0].envelope.mail_from == "jörg@acme.example"


def test_an_eleventh_recipient_is_put_off(listen: Listen) -> None:
    with RawSmtp(listen().port) as client:
        client.greeted()
        client.ask("MAIL FROM:<seller@acme.example>")
        replies = [client.ask("RCPT TO:<orders@shop.example>")[:4] for _ in range(11)]
    assert replies == ["250 "] * 10 + ["452 "]


SMUGGLED = b"MAIL FROM:<evil@x.example>\r\nRCPT TO:<orders@shop.example>\r\nDATA\r\nSubject: 2\r\n\r\nsmuggled\r\n.\r\n"
ENDINGS = [
    b"\n.\n",
    b"\n.\r\n",
    b"\r\n.\n",
    b"\r.\r",
    b"\r\n.\r",
    b"\r.\r\n",
    b"\n.\r",
    b"\r\n\0.\r\n",
    b"\r\n.\0\r\n",
    b"\r\r\n.\r\r\n",
]


@pytest.mark.parametrize("ending", ENDINGS)
def test_no_false_end_of_a_mail_lets_a_second_one_in(listen: Listen, desk: MemoryDesk, ending: bytes) -> None:
    with RawSmtp(listen().port) as client:
        client.begun().send(b"Subject: 1\r\n\r\nfirst" + ending + SMUGGLED)
        assert client.reply().startswith("550 5.6.11 ")
        assert client.ask("NOOP").startswith("250 ")
    assert desk.taken == []


def test_mails_sent_ahead_are_all_taken_in_order(listen: Listen, desk: MemoryDesk) -> None:
    transaction = b"MAIL FROM:<a@acme.example>\r\nRCPT TO:<orders@shop.example>\r\nDATA\r\n%d\r\n.\r\n"
    with RawSmtp(listen().port) as client:
        client.greeted().send(b"".join(transaction % number for number in range(20)) + b"QUIT\r\n")
        replies = [client.reply()[:3] for _ in range(81)]
    assert replies == ["250", "250", "354", "250"] * 20 + ["221"]
    assert [one.raw for one in desk.taken] == [b"%d\r\n" % number for number in range(20)]


def test_a_size_announced_beyond_the_limit_is_refused_at_once(listen: Listen) -> None:
    with RawSmtp(listen().port) as client:
        assert client.greeted().ask("MAIL FROM:<a@acme.example> SIZE=10485761").startswith("552 ")


def resident() -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize()


def flood(client: RawSmtp, block: bytes, total: int) -> int:
    """Send up to `total` bytes; how many went out before the server hung up."""
    sent = 0
    try:
        while sent < total:
            sent += client.socket.send(block)
    except OSError:
        pass
    return sent


def test_a_mail_of_30_mb_is_cut_off_at_the_limit(listen: Listen, desk: MemoryDesk) -> None:
    line = b"x" * 998 + b"\r\n"
    with RawSmtp(listen().port) as client:
        client.begun()
        assert flood(client, line * 64, 30 * 1024 * 1024) < 30 * 1024 * 1024
    assert desk.taken == []


def test_a_mail_just_too_big_hears_552(listen: Listen) -> None:
    with RawSmtp(listen(limits=Limits(size=5000)).port) as client:
        client.begun().send((b"x" * 998 + b"\r\n") * 5 + b"y\r\n.\r\n")
        assert client.reply().startswith("552 ")
        assert client.reply() == ""


def test_an_endless_line_is_dropped_within_a_second_and_takes_no_memory(listen: Listen, desk: MemoryDesk) -> None:
    with RawSmtp(listen().port) as client:
        client.begun()
        before, start = resident(), time.monotonic()
        assert flood(client, b"x" * 65536, 400 * 1024 * 1024) < 8 * 1024 * 1024
        assert time.monotonic() - start < 1.0
    assert resident() - before < 16 * 1024 * 1024
    assert desk.taken == []


def test_an_endless_command_is_dropped(listen: Listen) -> None:
    with RawSmtp(listen().port) as client:
        client.greeted()
        assert flood(client, b"x" * 65536, 400 * 1024 * 1024) < 8 * 1024 * 1024


def test_what_follows_a_line_too_long_is_not_understood_as_commands(listen: Listen, desk: MemoryDesk) -> None:
    with RawSmtp(listen().port) as client:
        client.begun().send(b"x" * 17000 + b"\r\n" + SMUGGLED)
        assert client.reply()[:4] in {"500 ", ""}
        assert client.reply() == ""
    assert desk.taken == []


def test_a_line_of_16_kb_is_taken(listen: Listen, desk: MemoryDesk) -> None:
    send(listen(), b"Subject: x\r\n\r\n" + b"x" * (16 * 1024 - 2) + b"\r\n")
    assert len(desk.taken) == 1


@pytest.mark.parametrize("error", [RuntimeError("secret /srv/db"), OSError(28, "secret"), KeyError("secret")])
def test_any_trouble_of_ours_is_451_without_its_text(listen: Listen, desk: MemoryDesk, error: Exception) -> None:
    desk.failing = error
    with RawSmtp(listen().port) as client:
        client.begun().send(MAIL + b".\r\n")
        assert client.reply() == "451 4.3.0 Try again later"
        desk.failing = None
        client.ask("MAIL FROM:<a@acme.example>")
        client.ask("RCPT TO:<orders@shop.example>")
        client.ask("DATA")
        client.send(MAIL + b".\r\n")
        assert client.reply().startswith("250 ")


def test_trouble_with_the_question_whose_address_it_is_is_451(
    listen: Listen, desk: MemoryDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_address: str) -> bool:
        raise RuntimeError("secret")

    monkeypatch.setattr(desk, "is_own_recipient", fail)
    with RawSmtp(listen().port) as client:
        client.greeted()
        client.ask("MAIL FROM:<seller@acme.example>")
        assert client.ask("RCPT TO:<orders@shop.example>") == "451 4.3.0 Try again later"


def test_a_full_disk_is_452(listen: Listen, desk: MemoryDesk) -> None:
    desk.failing = NoRoomError()
    with RawSmtp(listen().port) as client:
        client.begun().send(MAIL + b".\r\n")
        assert client.reply().startswith("452 4.3.1 ")


def test_mails_that_together_hold_too_much_memory_are_put_off(listen: Listen, desk: MemoryDesk) -> None:
    listener = listen(limits=Limits(content=100_000))
    with RawSmtp(listener.port) as first, RawSmtp(listener.port) as second:
        first.begun().send((b"x" * 998 + b"\r\n") * 60)
        second.begun().send((b"x" * 998 + b"\r\n") * 60)
        wait_until(lambda: len(listener.conversations) == 1)
    wait_until(lambda: not listener.conversations)
    send(listener)
    assert len(desk.taken) == 1


def test_lmtp_answers_for_each_recipient(listen: Listen, desk: MemoryDesk) -> None:
    with RawSmtp(listen(lmtp=True).port) as client:
        assert client.reply() == "220 mx.shop.example LMTP"
        assert client.ask("EHLO client.example").startswith("500 ")
        assert client.ask("LHLO client.example").startswith("250")
        client.ask("MAIL FROM:<seller@acme.example>")
        for _ in range(3):
            client.ask("RCPT TO:<orders@shop.example>")
        assert client.ask("RCPT TO:<victim@other.example>").startswith("550 5.7.1 ")
        client.ask("DATA")
        client.send(MAIL + b".\r\nNOOP\r\n")
        assert [client.reply()[:6] for _ in range(4)] == ["250 2.", "250 2.", "250 2.", "250 OK"]
        assert len(desk.taken) == 1
        desk.failing = RuntimeError()
        client.ask("MAIL FROM:<seller@acme.example>")
        client.ask("RCPT TO:<orders@shop.example>")
        client.ask("RCPT TO:<orders@shop.example>")
        client.ask("DATA")
        client.send(b"2" + MAIL + b".\r\nNOOP\r\n")
        assert [client.reply()[:4] for _ in range(3)] == ["451 ", "451 ", "250 "]


def test_a_library_speaks_lmtp_with_us(listen: Listen, desk: MemoryDesk) -> None:
    with smtplib.LMTP("127.0.0.1", listen(lmtp=True).port) as client:
        refused = client.sendmail("a@acme.example", ["orders@shop.example", "victim@other.example"], MAIL)
    assert list(refused) == ["victim@other.example"]
    assert len(desk.taken) == 1


def test_an_address_has_ten_connections_and_the_next_is_turned_away(listen: Listen) -> None:
    listener = listen()
    clients = [RawSmtp(listener.port) for _ in range(10)]
    try:
        assert all(client.reply().startswith("220 ") for client in clients)
        with RawSmtp(listener.port) as eleventh:
            assert eleventh.reply().startswith("421 ")
            assert eleventh.reply() == ""
        with RawSmtp(listener.port, source="127.0.0.2") as other:
            assert other.reply().startswith("220 ")
    finally:
        for client in clients:
            client.__exit__(None, None, None)
    wait_until(lambda: not listener.conversations)
    with RawSmtp(listener.port) as again:
        assert again.reply().startswith("220 ")


def test_all_connections_together_are_limited(listen: Listen) -> None:
    listener = listen(limits=Limits(connections=2))
    with (
        RawSmtp(listener.port) as first,
        RawSmtp(listener.port, source="127.0.0.2") as second,
        RawSmtp(listener.port, source="127.0.0.3") as third,
    ):
        assert [one.reply()[:4] for one in (first, second, third)] == ["220 ", "220 ", "421 "]


def test_who_says_nothing_is_sent_away(listen: Listen) -> None:
    with RawSmtp(listen(limits=Limits(command=0.1)).port) as client:
        client.greeted()
        assert client.reply() == "421 4.4.2 Timeout"
        assert client.reply() == ""


def test_who_drips_a_content_is_dropped_when_the_session_ends(listen: Listen, desk: MemoryDesk) -> None:
    listener = listen(limits=Limits(session=0.3))
    with RawSmtp(listener.port) as client:
        client.begun().send(b"Subject: x\r\n")
        wait_until(lambda: not listener.conversations)
        assert client.reply() == ""
    assert desk.taken == []


def test_after_ten_errors_the_connection_is_closed(listen: Listen) -> None:
    with RawSmtp(listen().port) as client:
        client.greeted().ask("MAIL FROM:<seller@acme.example>")
        for _ in range(10):
            assert client.ask("RCPT TO:<victim@other.example>").startswith("550 ")
        assert client.reply().startswith("421 ")
        assert client.reply() == ""


def test_a_sender_who_hangs_up_does_not_disturb_what_the_desk_is_doing(listen: Listen, desk: MemoryDesk) -> None:
    desk.holding = True
    listener = listen()
    with RawSmtp(listener.port) as client:
        client.begun().send(MAIL + b".\r\n")
        wait_until(lambda: desk.waiting)
    wait_until(lambda: not listener.conversations)
    assert not desk.waiting[0][1].cancelled()
    desk.settle()
    assert len(desk.taken) == 1


def test_a_sender_who_hangs_up_within_a_content_leaves_nothing(listen: Listen, desk: MemoryDesk) -> None:
    listener = listen()
    with RawSmtp(listener.port) as client:
        client.begun().send(MAIL)
    wait_until(lambda: not listener.conversations)
    assert desk.taken == []


def test_mail_comes_over_starttls(listen: Listen, desk: MemoryDesk, certificate: Certificate) -> None:
    listener = listen(tls=True)
    with smtplib.SMTP("localhost", listener.port, timeout=10) as client:
        client.starttls(context=certificate.client())
        client.ehlo()
        assert not client.has_extn("auth")
        assert not client.has_extn("starttls")
        client.sendmail("a@acme.example", ["orders@shop.example"], MAIL)
    assert desk.taken[0].raw == MAIL


def test_commands_sent_ahead_of_tls_are_forgotten(listen: Listen, certificate: Certificate) -> None:
    with RawSmtp(listen(tls=True).port) as client:
        client.greeted()
        client.send(b"STARTTLS\r\nMAIL FROM:<evil@x.example>\r\n")
        assert client.reply().startswith("220 ")
        with certificate.client().wrap_socket(client.socket, server_hostname="localhost") as secured:
            secured.sendall(b"NOOP\r\n")
            assert secured.recv(100).startswith(b"250 ")
            secured.sendall(b"RCPT TO:<orders@shop.example>\r\n")
            assert secured.recv(100).startswith(b"503 ")


def test_a_failed_tls_handshake_gives_its_place_back(listen: Listen) -> None:
    listener = listen(tls=True)
    with RawSmtp(listener.port) as client:
        client.greeted().ask("STARTTLS")
        client.send(b"this is no handshake\r\n" * 10)
        wait_until(lambda: not listener.conversations)


def test_starttls_is_not_offered_without_a_certificate(listen: Listen) -> None:
    with RawSmtp(listen().port) as client:
        client.reply()
        assert "STARTTLS" not in client.ask("EHLO client.example")
        assert client.ask("STARTTLS").startswith("454 ")


def test_the_desk_hears_that_the_source_is_read(listen: Listen, desk: MemoryDesk) -> None:
    listen()
    wait_until(lambda: desk.sightings)
    assert desk.sightings[0] == ("smtp", NOW)


def test_a_port_that_is_taken_is_reported_and_used_once_it_is_free(
    desk: MemoryDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("daemon.edges.smtp_in._BIND_SECONDS", 0.02)
    with socket.create_server(("127.0.0.1", 0)) as other:
        listener = SmtpListener(
            name="smtp", host="127.0.0.1", port=other.getsockname()[1], desk=desk, clock=lambda: NOW
        )
        listener.start()
        source, what, login = desk.troubles[0]
        assert (source, login) == ("smtp", False)
        assert (what.code, what.values["address"]) == ("trouble_listening", f"127.0.0.1:{listener.port}")
        assert desk.sightings == []
    wait_until(lambda: desk.sightings)
    send(listener)
    listener.stop()
    assert len(desk.taken) == 1


def test_stopping_finishes_what_is_read_and_sends_the_others_away(listen: Listen, desk: MemoryDesk) -> None:
    desk.holding = True
    listener = listen()
    with RawSmtp(listener.port) as busy, RawSmtp(listener.port) as idle:
        busy.begun().send(MAIL + b".\r\n")
        idle.greeted()
        wait_until(lambda: desk.waiting)
        stopping = threading.Thread(target=listener.stop)
        stopping.start()
        assert idle.reply().startswith("421 ")
        desk.settle()
        assert busy.reply().startswith("250 ")
        stopping.join(10)
        assert not stopping.is_alive()
    with pytest.raises(ConnectionRefusedError):
        RawSmtp(listener.port)
