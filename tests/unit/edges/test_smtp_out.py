import base64
import smtplib
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from daemon.edges.oauth import OAuthError
from daemon.edges.smtp_dialog import wire_address, wire_content
from daemon.edges.smtp_in import SmtpListener
from daemon.edges.smtp_out import SmtpMailOut
from daemon.edges.smtp_relay import Relay
from daemon.engine.ports import OutcomeKind, OutgoingMail
from tests.support.certificates import Certificate
from tests.support.desk import MemoryDesk
from tests.support.fake_smtp import HANG_UP, SILENCE, FakeSmtp, Script

Open = Callable[..., tuple[FakeSmtp, SmtpMailOut]]
CONTENT = b"From: orders@shop.example\r\nSubject: A-1001\r\n\r\nPlease ship.\r\n.dot\r\n"


def mail(
    content: bytes = CONTENT, recipient: str = "acme@acme.example", sender: str = "b@shop.example"
) -> OutgoingMail:
    return OutgoingMail(key="k", message_id="m@x", sender=sender, recipient=recipient, content=content)  # type: ignore[arg-type]


class Time:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def relayed(time: Time) -> Iterator[Open]:
    """A scripted relay, and a sender that uses it."""
    with ExitStack() as stack:

        def start(script: Script | None = None, **settings: object) -> tuple[FakeSmtp, SmtpMailOut]:
            server = stack.enter_context(FakeSmtp(script or Script()))
            asked: dict[str, object] = {
                "host": "127.0.0.1",
                "port": server.port,
                "tls": "none",
                "connect": 5.0,
                "reply": 5.0,
            }
            out = SmtpMailOut(Relay(**(asked | settings)), clock=time)  # type: ignore[arg-type]
            stack.callback(out.close)
            return server, out

        yield start


def test_a_mail_goes_out_with_its_envelope_and_bytes(relayed: Open) -> None:
    server, out = relayed()
    assert out.send(mail()).kind is OutcomeKind.DELIVERED
    ((sender, recipient, content),) = server.mails
    assert sender == f"<b@shop.example> SIZE={len(wire_content(CONTENT))}"
    assert recipient == "<acme@acme.example>"
    assert content == CONTENT.replace(b"\r\n.dot", b"\r\n..dot")


def test_our_own_listener_takes_what_we_send(desk: MemoryDesk, listen: Callable[..., SmtpListener]) -> None:
    listener = listen()
    out = SmtpMailOut(Relay(host="127.0.0.1", port=listener.port, tls="none"))
    for _ in range(3):
        assert out.send(mail(recipient="orders@shop.example", sender="")).kind is OutcomeKind.DELIVERED
    out.close()
    assert desk.taken[0].raw == CONTENT
    assert desk.taken[0].envelope.mail_from == ""


@pytest.mark.parametrize("offers", [("PIPELINING",), ("HELP",)])
@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA", "content"])
@pytest.mark.parametrize(
    ("reply", "kind", "ours"),
    [
        ("450 4.2.1 Busy", OutcomeKind.DEFERRED, False),
        ("452 4.2.2 Full", OutcomeKind.DEFERRED, False),
        ("550 5.1.1 Unknown", OutcomeKind.REFUSED, False),
        ("552 5.3.4 Too big", OutcomeKind.REFUSED, False),
        ("421 4.3.2 Closing", OutcomeKind.DEFERRED, True),
        ("530 5.7.0 Log in", OutcomeKind.DEFERRED, True),
        ("gibberish", OutcomeKind.DEFERRED, True),
    ],
)
def test_a_refusal_is_what_its_code_says(
    relayed: Open, offers: tuple[str, ...], command: str, reply: str, kind: OutcomeKind, ours: bool
) -> None:
    server, out = relayed(Script(offers=offers, replies={command: [reply]}))
    outcome = out.send(mail())
    assert (outcome.kind, outcome.ours) == (kind, ours)
    if reply[0].isdigit():
        assert outcome.reply == reply
    assert server.mails == []


@pytest.mark.parametrize("offers", [("PIPELINING",), ("HELP",)])
@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("fault", [HANG_UP, SILENCE])
def test_a_server_that_goes_away_before_the_content_is_trouble_of_ours(
    relayed: Open, offers: tuple[str, ...], command: str, fault: str
) -> None:
    _, out = relayed(Script(offers=offers, replies={command: [fault]}), reply=0.2)
    outcome = out.send(mail())
    assert (outcome.kind, outcome.ours) == (OutcomeKind.DEFERRED, True)


@pytest.mark.parametrize("fault", [HANG_UP, SILENCE])
def test_a_server_that_goes_away_after_the_content_leaves_it_unknown(relayed: Open, fault: str) -> None:
    server, out = relayed(Script(replies={"content": [fault]}), reply=0.2)
    outcome = out.send(mail())
    assert (outcome.kind, outcome.ours) == (OutcomeKind.UNKNOWN, False)
    assert server.connections == 1


def test_a_refusal_counts_also_when_the_server_hangs_up_after_it(relayed: Open) -> None:
    _, out = relayed(Script(replies={"RCPT": ["550 5.1.1 Unknown"], "DATA": [HANG_UP]}))
    assert out.send(mail()).kind is OutcomeKind.REFUSED


@pytest.mark.parametrize("banner", ["421 4.3.2 Later", "554 5.7.1 Not you", HANG_UP, SILENCE, "nonsense"])
def test_a_server_that_will_not_have_us_is_trouble_of_ours(relayed: Open, banner: str) -> None:
    _, out = relayed(Script(banner=banner), connect=0.2)
    outcome = out.send(mail())
    assert (outcome.kind, outcome.ours) == (OutcomeKind.DEFERRED, True)
    assert out.check() == outcome.reply


def test_a_server_that_is_not_there_is_trouble_of_ours(relayed: Open) -> None:
    server, out = relayed()
    server.__exit__(None, None, None)
    outcome = out.send(mail())
    assert (outcome.kind, outcome.ours) == (OutcomeKind.DEFERRED, True)
    assert outcome.reply == f"127.0.0.1:{server.port} cannot be used: Connection refused"


def test_addresses_are_not_repeated_from_a_reply(relayed: Open) -> None:
    _, out = relayed(Script(replies={"RCPT": ["550 5.1.1 <acme@acme.example>: unknown user"]}))
    assert out.send(mail()).reply == "550 5.1.1 <...>: unknown user"


def test_a_reply_that_does_not_end_is_cut(relayed: Open) -> None:
    _, out = relayed(Script(replies={"RCPT": ["550 " + "x" * 5000]}))
    assert len(out.send(mail()).reply) == 300


# --- connections


def test_one_connection_serves_many_mails_and_is_given_up_after_a_hundred(relayed: Open) -> None:
    server, out = relayed()
    for _ in range(100):
        out.send(mail())
    assert server.connections == 1
    out.send(mail())
    assert server.connections == 2
    assert len(server.mails) == 101


def test_a_refused_transaction_is_reset_before_the_next(relayed: Open) -> None:
    server, out = relayed(
        Script(replies={"RCPT": ["550 5.1.1 Unknown", "250 OK"], "DATA": ["503 No recipient", "354 Go"]})
    )
    assert out.send(mail()).kind is OutcomeKind.REFUSED
    assert out.send(mail()).kind is OutcomeKind.DELIVERED
    assert server.connections == 1
    assert server.commands.count("rset") == 1


def test_a_server_that_wants_a_content_after_a_refusal_gets_none(relayed: Open) -> None:
    server, out = relayed(Script(replies={"RCPT": ["550 5.1.1 Unknown", "250 OK"]}))
    assert out.send(mail()).kind is OutcomeKind.REFUSED
    assert out.send(mail()).kind is OutcomeKind.DELIVERED
    assert len(server.mails) == 1
    assert server.connections == 2


def test_an_idle_connection_is_asked_before_it_is_used(relayed: Open, time: Time) -> None:
    server, out = relayed()
    out.send(mail())
    time.now = 31.0
    out.send(mail())
    assert server.commands.count("noop") == 1
    assert server.connections == 1


def test_an_old_connection_is_replaced(relayed: Open, time: Time) -> None:
    server, out = relayed()
    out.send(mail())
    time.now = 301.0
    out.send(mail())
    assert server.connections == 2


@pytest.mark.parametrize("idle", [0.0, 31.0])
def test_a_connection_that_the_server_has_dropped_is_replaced_at_once(relayed: Open, time: Time, idle: float) -> None:
    server, out = relayed()
    out.send(mail())
    server.drop_all()
    time.now = idle
    assert out.send(mail()).kind is OutcomeKind.DELIVERED
    assert len(server.mails) == 2


def test_a_kept_connection_that_is_closed_with_421_is_replaced_at_once(relayed: Open) -> None:
    server, out = relayed(Script(replies={"MAIL": ["250 OK", "421 4.7.0 Enough for one connection", "250 OK"]}))
    out.send(mail())
    assert out.send(mail()).kind is OutcomeKind.DELIVERED
    assert server.connections == 2


def test_several_threads_have_a_connection_each(relayed: Open) -> None:
    server, out = relayed()
    kinds: list[OutcomeKind] = []
    threads = [
        threading.Thread(target=lambda: kinds.extend(out.send(mail()).kind for _ in range(20))) for _ in range(5)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert kinds == [OutcomeKind.DELIVERED] * 100
    assert len(server.mails) == 100
    assert server.connections <= 5


# --- TLS


@pytest.mark.parametrize("tls", ["tls", "starttls"])
def test_mail_goes_out_over_tls(relayed: Open, certificate: Certificate, tls: str) -> None:
    secured = certificate.server()
    script = Script(tls=secured) if tls == "tls" else Script(offers=("STARTTLS", "PIPELINING"), starttls=secured)
    server, out = relayed(script, host="localhost", tls=tls, context=certificate.client())
    assert out.check() is None
    assert out.send(mail()).kind is OutcomeKind.DELIVERED
    assert len(server.mails) == 1


@pytest.mark.parametrize("tls", ["tls", "starttls"])
@pytest.mark.parametrize("trust", ["nobody", "another host"])
def test_a_certificate_that_is_not_good_stops_the_mail(
    relayed: Open, certificate: Certificate, foreign_certificate: Certificate, tls: str, trust: str
) -> None:
    server_side = certificate if trust == "nobody" else foreign_certificate
    context = ssl.create_default_context() if trust == "nobody" else foreign_certificate.client()
    secured = server_side.server()
    script = Script(tls=secured) if tls == "tls" else Script(offers=("STARTTLS",), starttls=secured)
    server, out = relayed(script, host="localhost", tls=tls, context=context)
    outcome = out.send(mail())
    assert (outcome.kind, outcome.ours) == (OutcomeKind.DEFERRED, True)
    assert "TLS" in outcome.reply
    assert server.mails == []


@pytest.mark.parametrize("offers", [("PIPELINING",), ("STARTTLS",)])
def test_a_server_without_starttls_gets_nothing_in_the_clear(relayed: Open, offers: tuple[str, ...]) -> None:
    script = Script(offers=offers, replies={"STARTTLS": ["454 4.7.0 Not now"]})
    server, out = relayed(script, tls="starttls", user="orders", password="secret")
    outcome = out.send(mail())
    assert (outcome.kind, outcome.ours) == (OutcomeKind.DEFERRED, True)
    assert [command for command in server.commands if command != "STARTTLS"] == []


# --- logging in


def test_a_password_is_sent_in_utf8(relayed: Open) -> None:
    server, out = relayed(Script(offers=("AUTH PLAIN LOGIN",)), user="orders", password="grün")
    assert out.check() is None
    said = next(command for command in server.commands if command.startswith("AUTH"))
    assert base64.b64decode(said.removeprefix("AUTH PLAIN ")).decode() == "\0orders\0grün"


def test_a_server_with_login_alone_is_served(relayed: Open) -> None:
    server, out = relayed(
        Script(
            offers=("AUTH LOGIN",), replies={"AUTH": ["334 UGFzc3dvcmQ6"], base64.b64encode(b"pw").decode(): ["235 OK"]}
        ),
        user="orders",
        password="pw",
    )
    assert out.check() is None
    assert server.commands[0].startswith("AUTH LOGIN ")


def test_a_refused_login_is_trouble_of_ours_and_says_what_to_do(relayed: Open) -> None:
    _, out = relayed(
        Script(offers=("AUTH PLAIN",), replies={"AUTH": ["535 5.7.8 Wrong"]}), user="orders", password="secret"
    )
    outcome = out.send(mail())
    assert (outcome.kind, outcome.ours, outcome.login) == (OutcomeKind.DEFERRED, True, True)
    assert outcome.reply == "535 5.7.8 Wrong"
    assert out.check() == "127.0.0.1 does not accept the login: 535 5.7.8 Wrong; check user and password"


@pytest.mark.parametrize(("offer", "code", "login"), [("PLAIN", 454, False), ("LOGIN", 535, True)])
def test_only_a_refusal_for_good_is_a_failing_login(relayed: Open, offer: str, code: int, login: bool) -> None:
    script = Script(offers=(f"AUTH {offer}",), replies={"AUTH": [f"{code} 4.7.0 No"]})
    _, out = relayed(script, user="orders", password="secret")
    outcome = out.send(mail())
    assert (outcome.kind, outcome.ours, outcome.login) == (OutcomeKind.DEFERRED, True, login)


class Tokens:
    def __init__(self) -> None:
        self.number = 0
        self.failing = False

    def token(self) -> str:
        if self.failing:
            raise OAuthError("the token server refused: invalid_grant (HTTP 400)")
        return f"token-{self.number}"

    def forget(self) -> None:
        self.number += 1


def test_a_token_that_is_refused_is_not_used_again(relayed: Open) -> None:
    tokens = Tokens()
    script = Script(offers=("AUTH XOAUTH2",), replies={"AUTH": ["334 e30=", "235 OK"], "": ["535 5.7.8 Expired"]})
    server, out = relayed(script, user="orders@shop.example", tokens=tokens)
    assert out.send(mail()).ours
    assert out.send(mail()).kind is OutcomeKind.DELIVERED
    said = [base64.b64decode(command[13:]) for command in server.commands if command.startswith("AUTH")]
    assert said == [b"user=orders@shop.example\1auth=Bearer token-%d\1\1" % number for number in range(2)]


def test_no_token_is_trouble_of_ours(relayed: Open) -> None:
    tokens = Tokens()
    tokens.failing = True
    _, out = relayed(user="orders", tokens=tokens)
    outcome = out.send(mail())
    assert (outcome.kind, outcome.ours) == (OutcomeKind.DEFERRED, True)
    assert outcome.reply.endswith("invalid_grant (HTTP 400)")


# --- addresses and contents


@pytest.mark.parametrize(
    "address", ["a@x.example>\r\nRCPT TO:<b@y.example", "a b@x.example", "a\\@x.example", "a@x\0.example"]
)
def test_an_address_that_is_more_than_one_is_refused(relayed: Open, address: str) -> None:
    server, out = relayed()
    assert out.send(mail(recipient=address)).kind is OutcomeKind.REFUSED
    assert out.send(mail(sender=address)).kind is OutcomeKind.REFUSED
    assert server.commands == []


def test_a_domain_beyond_ascii_is_spoken_in_ascii() -> None:
    assert wire_address("post@müller.example") == "post@xn--mller-kva.example"


def test_a_name_beyond_ascii_needs_a_server_that_knows_it(relayed: Open) -> None:
    server, out = relayed(Script(offers=("PIPELINING", "SMTPUTF8")))
    assert out.send(mail(recipient="jörg@acme.example")).kind is OutcomeKind.DELIVERED
    assert server.mails[0][0] == "<b@shop.example> SMTPUTF8"
    _, plain = relayed()
    assert plain.send(mail(recipient="jörg@acme.example")).kind is OutcomeKind.REFUSED


def test_eight_bits_are_announced(relayed: Open) -> None:
    server, out = relayed(Script(offers=("8BITMIME",)))
    out.send(mail(b"Subject: x\r\n\r\ngr\xc3\xbcn\r\n"))
    assert server.mails[0][0] == "<b@shop.example> BODY=8BITMIME"


@pytest.mark.parametrize(
    ("content", "wire"),
    [
        (b"", b"\r\n.\r\n"),
        (b".", b"..\r\n.\r\n"),
        (b"a\n.\nb", b"a\r\n..\r\nb\r\n.\r\n"),
        (b"a\r.\rb\r\n", b"a\r\n..\r\nb\r\n.\r\n"),
        (b"a\r\n.\r\n", b"a\r\n..\r\n.\r\n"),
    ],
)
def test_no_content_can_end_itself(content: bytes, wire: bytes) -> None:
    assert wire_content(content) == wire


def test_a_mail_is_told_twice_in_two_round_trips(relayed: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    server, out = relayed()
    out.send(mail())
    sent: list[bytes] = []
    send = smtplib.SMTP.send

    def watch(self: smtplib.SMTP, data: bytes) -> None:
        sent.append(data)
        send(self, data)

    monkeypatch.setattr(smtplib.SMTP, "send", watch)
    out.send(mail())
    assert len(sent) == 1
    assert len(server.mails) == 2
