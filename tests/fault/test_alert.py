"""The operator's other way, an address or a command: he is told, nobody's data are, and its failing stops nothing."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest

from tests.fault.verdict import Books
from tests.support.alarm import running_alarm
from tests.support.builders import DHL_NUMBER, IMEI_A
from tests.support.daemon import running_daemon
from tests.support.fake_smtp import FakeSmtp, Script
from tests.support.running import Running
from tests.support.waiting import wait_until
from tests.support.workspace import PARTNERS, Workspace, fresh_row, order_file

KEEP = "import pathlib, sys; pathlib.Path(sys.argv[1]).write_text(sys.argv[2])"
PRIVATE = ("zoe", "Zoë", "Kanari", "buyer.example", "5550199", "Ringstraße", "50667", "Köln", IMEI_A)
REFUSAL = "550 5.1.1 <zoe@buyer.example>: no such mailbox here"


class Shop(Workspace):
    """A workspace whose relay is scripted."""

    def __init__(self, home: Path, relay: FakeSmtp) -> None:
        super().__init__(home, clock=None)
        self.relay = relay
        self.init()
        (home / "rules/partners/ours.yaml").write_text(PARTNERS)
        (home / "inbox/sellers/acme").mkdir(parents=True)

    @contextmanager
    def alerting(self, **alert: Any) -> Iterator[Running]:
        """The daemon runs and alerts this way."""
        send = {"via": "smtp", "host": "127.0.0.1", "port": self.relay.port, "tls": "none"}
        mail = {"from": "Shop <orders@shop.example>", "reply_domain": "replies.shop.example", "send": send}
        config = {"operator": "ops@shop.example", "mail": mail, "alert": alert}
        (self.home / "config.yaml").write_text(json.dumps(config))
        with running_daemon(self.home) as run:
            yield run

    def sent(self, template: str) -> list[str]:
        """What has left by this template, whole."""
        mails = [message_from_bytes(content) for _, _, content in self.relay.mails]
        return [one.as_string() for one in mails if one["X-Postbote-Template"] == template]

    def lose_a_buyers_mail(self) -> None:
        """An order leaves its seller, and the relay does not know the buyer."""
        self.relay.script.replies = {"RCPT": ["250 OK", REFUSAL, "250 OK"]}
        self.drop("orders", "orders.csv", order_file(fresh_row()))
        wait_until(lambda: self.sent("order"))
        self.drop("sellers/acme", "sent.csv", f"order,carrier,tracking,imei\nA-1001,DHL,{DHL_NUMBER},{IMEI_A}\n")


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with FakeSmtp(Script()) as relay:
        yield Shop(tmp_path / "shop", relay)


def holds_nothing_private(text: str) -> bool:
    return "A-1001" in text and "Versandnachricht" in text and not [word for word in PRIVATE if word in text]


def test_an_address_is_told_what_the_operator_is_told_and_no_personal_data(shop: Shop) -> None:
    with running_alarm() as alarm, shop.alerting(url=alarm.url):
        shop.lose_a_buyers_mail()
        wait_until(lambda: shop.sent("operator"))
        wait_until(lambda: alarm.posted)
    ((kind, text),) = alarm.posted
    assert kind == "text/plain; charset=utf-8"
    assert holds_nothing_private(text.decode())
    (mail,) = shop.sent("operator")
    assert not [word for word in PRIVATE if word in mail]


def test_a_command_is_given_the_same_as_one_word_and_no_shell_sees_it(shop: Shop, tmp_path: Path) -> None:
    said = tmp_path / "said; $(touch oops)"
    with shop.alerting(command=[sys.executable, "-c", KEEP, str(said), "!{text}!"]):
        shop.lose_a_buyers_mail()
        wait_until(said.exists)
        wait_until(said.read_text)
    text = said.read_text()
    assert holds_nothing_private(text)
    assert text.startswith("!")
    assert text.endswith("!")


@contextmanager
def refusing_address() -> Iterator[dict[str, Any]]:
    with running_alarm(status=500) as alarm:
        yield {"url": alarm.url}


@contextmanager
def silent_address() -> Iterator[dict[str, Any]]:
    with running_alarm(status=None) as alarm:
        yield {"url": alarm.url}


@contextmanager
def missing_command() -> Iterator[dict[str, Any]]:
    yield {"command": ["/no/such/program", "{text}"]}


@contextmanager
def endless_command() -> Iterator[dict[str, Any]]:
    yield {"command": [sys.executable, "-c", "import time; time.sleep(300)"]}


@pytest.mark.parametrize("way", [refusing_address, silent_address, missing_command, endless_command])
def test_an_alert_that_fails_stops_nothing(shop: Shop, way: Any) -> None:
    with way() as alert, shop.alerting(**alert):
        shop.drop("sellers/acme", "picture.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
        wait_until(lambda: shop.sent("operator"))
        shop.drop("orders", "orders.csv", order_file(fresh_row()))
        wait_until(lambda: shop.sent("order"))
        shop.drop("sellers/acme", "sent.csv", f"order,carrier,tracking,imei\nA-1001,DHL,{DHL_NUMBER},{IMEI_A}\n")
        wait_until(lambda: shop.sent("buyer-shipped"))
        assert shop.order()["complete"]
    assert Books(shop.home).is_drained()
