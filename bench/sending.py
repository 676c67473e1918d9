"""Sending: how fast a mail is written on one core, and how fast mails leave to a relay that is far away."""

import contextlib
import os
import smtplib
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from bench.baselines.naive_mail import order_mail
from bench.distance import far_away
from bench.measures import Figure, Measure, MissingError, Setting, paired
from bench.workshop import ROOT, BrokenError, Workshop, answers, free_ports, program, wait_for
from daemon.app.files import read_files
from daemon.domain.effect import SendMail
from daemon.domain.identifiers import MessageId, PartnerId
from daemon.domain.values import Json
from daemon.edges.smtp_out import SmtpMailOut
from daemon.edges.smtp_relay import Relay
from daemon.engine.ports import OutcomeKind, OutgoingMail
from daemon.writing.mail import Letterhead, compose
from daemon.writing.samples import samples_of
from daemon.writing.templates import Templates, compile_templates

_SHOP = "Müller Shop <orders@shop.example>"
_SELLER = "bestellung@mobil.example"
_DATE = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
_SPAN = 0.7
_CONNECTIONS = 10
_MAILS = 200
_ONE_AFTER_THE_OTHER = 20


def _write(setting: Setting) -> list[Figure]:
    templates = _templates()
    ours = paired(
        setting.rounds,
        lambda: _rate(lambda number: _composed(templates, number)),
        lambda: _rate(lambda number: order_mail(_data(number), _SELLER, _SHOP, f"{number}@shop.example", _DATE)),
    )
    return [
        ours.figure("an order mail, rendered and built, one core (no DKIM: the relay signs)", "mails/s", floor=4, aim=7)
    ]


def _templates() -> Templates:
    compiled = compile_templates(read_files(ROOT, "templates"))
    if isinstance(compiled, tuple):
        raise BrokenError(f"the templates have mistakes: {compiled[0]}")
    return compiled


def _data(number: int) -> dict[str, Json]:
    """The same order in all but its number, address and times."""
    plain = samples_of("order")[0]
    order = plain["order"]
    address = {**order["address"], "street": f"Lindenallee {number}"}
    times = {"placed_at": f"2026-11-25T09:{number % 60:02d}:00+01:00"}
    return {**plain, "order": {**order, **times, "number": f"A-{number:06d}", "address": address}}


def _composed(templates: Templates, number: int) -> bytes:
    mail = SendMail(
        key=f"order:{number}",
        template="order",
        to=_SELLER,
        language="de",
        conversation=f"order:{number}:bench",
        about=(str(number),),
        partner=PartnerId("bench"),
        data=_data(number),
        plain=True,
    )
    letterhead = Letterhead(
        from_=_SHOP,
        reply_to="reply+abcdefghij@shop.example",
        message_id=MessageId(f"{number}@shop.example"),
        date=_DATE,
    )
    return compose(mail, letterhead, templates).content


def _rate(write: Callable[[int], bytes]) -> float:
    """Mails a second of this thread's time on the processor."""
    written, began = 0, time.thread_time()
    while (spent := time.thread_time() - began) < _SPAN:
        for number in range(written, written + 50):
            write(number)
        written += 50
    return written / spent


def _send(setting: Setting) -> list[Figure]:
    raw = _composed(_templates(), 1)
    with _sink(setting.shop) as near, far_away(setting.shop, near) as port:
        pairs = paired(setting.rounds, lambda: _by_ours(port, raw), lambda: _by_smtplib(port, raw))
    what = f"mails at 20 ms a round trip, {_CONNECTIONS} connections / one"
    return [pairs.figure(what, "mails/s", floor=8, aim=25)]


def _by_ours(port: int, raw: bytes) -> float:
    out = SmtpMailOut(Relay(host="127.0.0.1", port=port, tls="none"), connections=_CONNECTIONS)

    def send(number: int) -> OutcomeKind:
        mail = OutgoingMail(
            key=str(number),
            message_id=MessageId(f"{number}@shop.example"),
            sender="orders@shop.example",
            recipient=_SELLER,
            content=raw,
        )
        return out.send(mail).kind

    with contextlib.closing(out), ThreadPoolExecutor(_CONNECTIONS) as threads:
        # Both sides have their connections open before the clock starts.
        list(threads.map(send, range(2 * _CONNECTIONS)))
        began = time.perf_counter()
        kinds = set(threads.map(send, range(_MAILS)))
        seconds = time.perf_counter() - began
    if kinds != {OutcomeKind.DELIVERED}:
        raise BrokenError(f"not all mails left: {', '.join(kinds)}")
    return _MAILS / seconds


def _by_smtplib(port: int, raw: bytes) -> float:
    with smtplib.SMTP("127.0.0.1", port, timeout=30) as server:
        server.ehlo()
        began = time.perf_counter()
        for _ in range(_ONE_AFTER_THE_OTHER):
            server.sendmail("orders@shop.example", [_SELLER], raw)
        return _ONE_AFTER_THE_OTHER / (time.perf_counter() - began)


@contextlib.contextmanager
def _sink(shop: Workshop) -> Iterator[int]:
    """Postfix' sink: takes everything and keeps nothing."""
    if not program("smtp-sink"):
        raise MissingError("smtp-sink is not installed (Debian: postfix)")
    (port,) = free_ports(1)
    command = ["/usr/sbin/smtp-sink", *_as_postfix(), f"127.0.0.1:{port}", "1000"]
    with shop.running("sink", command, ready=""):
        wait_for(lambda: answers(port), "smtp-sink")
        yield port


def _as_postfix() -> list[str]:
    """It will not run as root."""
    return ["-u", "postfix"] if os.geteuid() == 0 else []


MEASURES = (
    Measure(code="O1", title="writing mails", baseline="cached Jinja + EmailMessage.as_bytes", run=_write),
    Measure(code="O2", title="sending to a relay far away", baseline="smtplib, one reused connection", run=_send),
)
