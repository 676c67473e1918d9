"""A relay that is busy, refuses, falls silent or hangs up: what becomes of the mails, and what `status` says."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from itertools import pairwise
from pathlib import Path

import pytest

from daemon.app import House
from daemon.config import load_config
from tests.fault.verdict import Books
from tests.support.fake_smtp import HANG_UP, SILENCE, FakeSmtp, Script
from tests.support.running import running
from tests.support.waiting import wait_until
from tests.support.workspace import PARTNERS, Workspace, fresh_row, order_file

_CONFIG = """\
operator: ops@shop.example
mail:
  from: Shop <orders@shop.example>
  reply_domain: replies.shop.example
  send: {{via: smtp, host: 127.0.0.1, port: {port}, tls: none}}
"""
_BEGUN = datetime(2026, 11, 25, 9, 10, tzinfo=UTC)


class Shop(Workspace):
    """A workspace with one paid order, whose relay is scripted and whose time stands still until it is moved."""

    def __init__(self, home: Path, relay: FakeSmtp) -> None:
        super().__init__(home, clock=None)
        self.now = _BEGUN
        self.relay = relay
        self.init()
        (home / "config.yaml").write_text(_CONFIG.format(port=relay.port))
        (home / "rules/partners/ours.yaml").write_text(PARTNERS)
        self.drop("orders", "orders.csv", order_file(fresh_row()))

    @contextmanager
    def opened(self) -> Iterator[House]:
        with House(self.home, load_config(self.home, {}), lambda: self.now) as house:
            yield house

    def says(self, **replies: list[str]) -> None:
        self.relay.script.replies = replies

    def tries(self, recipient: str = "orders@acme.example") -> int:
        """How often the relay was asked to take a mail to this address."""
        return sum(one.startswith(f"RCPT TO:<{recipient}>") for one in self.relay.commands)

    def delivered(self, template: str = "order") -> list[str]:
        """The Message-IDs of the mails of a template that the relay has taken."""
        mails = [message_from_bytes(content) for _, _, content in self.relay.mails]
        return [str(mail["Message-ID"]) for mail in mails if mail["X-Postbote-Template"] == template]

    def row(self, template: str = "order") -> tuple[str, str, str]:
        """State, Message-ID and the relay's reply of the only mail of a template."""
        question = f"SELECT state, message_id, reply FROM outbox WHERE template = '{template}'"  # noqa: S608
        ((state, message_id, reply),) = Books(self.home).ask(question)
        return state, message_id, reply


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with FakeSmtp(Script()) as relay:
        yield Shop(tmp_path / "shop", relay)


@pytest.mark.parametrize(
    ("place", "reply"),
    [
        ("MAIL", "421 4.7.0 Too many connections"),
        ("MAIL", "450 4.1.8 Cannot check the sender now"),
        ("RCPT", "450 4.2.0 Greylisted"),
        ("DATA", "451 4.3.0 Not now"),
        ("content", "452 4.3.1 No room"),
        ("content", HANG_UP),
    ],
)
def test_a_relay_that_cannot_now_is_asked_again_with_the_same_mail(shop: Shop, place: str, reply: str) -> None:
    shop.says(**{place: [reply]})
    with shop.opened() as house:
        counts = house.run_once()
        assert (counts.sent, counts.failed) == (0, 1)
        assert house.health.status().queues["queued"] == 1
        assert house.queries.order("A-1001").state == "released"
        state, message_id, _ = shop.row()
        assert state == "queued"
        asked = len(shop.relay.commands)
        shop.now += timedelta(seconds=50)
        house.run_once()
        assert len(shop.relay.commands) == asked  # not before its time
        shop.says()
        shop.now += timedelta(seconds=70)
        assert house.run_once().sent == 1
        assert shop.delivered() == [f"<{message_id.strip('<>')}>"]
        assert shop.row()[0] == "sent"
        shop.now += timedelta(hours=3)
        house.run_once()
        assert len(shop.delivered()) == 1


def test_a_relay_that_is_away_for_hours_shows_in_the_status_and_all_leaves_when_it_is_back(shop: Shop) -> None:
    shop.relay.script.banner = "421 4.3.2 Service not available"
    with shop.opened() as house:
        for _ in range(7):
            house.run_once()
            shop.now += timedelta(minutes=15)
        status = house.health.status()
        assert not status.ok
        assert len(status.problems) == 1
        assert shop.row()[0] == "queued"
        shop.relay.script.banner = "220 back"
        house.run_once()
        assert len(shop.delivered()) == 1
        assert house.health.status().problems == ()


def test_a_refusal_is_final_and_the_operator_is_told_through_the_same_relay(shop: Shop) -> None:
    shop.says(RCPT=["550 5.1.1 No such user", "250 OK"])
    with shop.opened() as house:
        counts = house.run_once()
        assert (counts.sent, counts.failed) == (1, 1)  # the one that is sent is the operator's
        state, _, reply = shop.row()
        assert state == "refused"
        assert reply.startswith("550 5.1.1")
        assert len(shop.delivered("operator")) == 1
        assert any("550 5.1.1" in one.what for one in house.queries.order("A-1001").history)
        for _ in range(3):
            shop.now += timedelta(hours=5)
            house.run_once()
        assert shop.tries() - len(shop.delivered("reminder-ship")) == 1


def test_pauses_between_tries_grow_and_the_mail_is_given_up_after_five_days(shop: Shop) -> None:
    shop.says(RCPT=["450 4.2.0 Greylisted"])
    moments: list[datetime] = []
    with shop.opened() as house:
        while shop.now < _BEGUN + timedelta(hours=20):
            before = shop.tries()
            house.run_once()
            if shop.tries() > before:
                moments.append(shop.now)
            shop.now += timedelta(minutes=1) if len(moments) < 6 else timedelta(minutes=20)
        pauses = [later - earlier for earlier, later in pairwise(moments)]
        assert pauses[:5] == [timedelta(minutes=2**power) for power in range(5)]
        assert max(pauses) <= timedelta(hours=4, minutes=20)
        shop.now = _BEGUN + timedelta(days=5, hours=5)
        house.run_once()
        assert shop.row()[0] == "refused"


def test_a_silent_relay_keeps_nobody_from_stopping_and_the_same_mail_goes_later(shop: Shop, tmp_path: Path) -> None:
    shop.says(content=[SILENCE])
    with running(shop.home, tmp_path / "silent.log") as run:
        wait_until(lambda: "DATA" in shop.relay.commands)
        assert shop.row()[0] == "in_flight"
        assert run.terminate(within=12) == 0
        assert "Traceback" not in run.said
    message_id = shop.row()[1]
    shop.says()
    with running(shop.home, tmp_path / "again.log") as run:
        wait_until(shop.delivered)
        wait_until(lambda: shop.row()[0] == "sent")
    assert shop.delivered() == [f"<{message_id.strip('<>')}>"]


def test_a_command_line_run_says_that_sending_failed(shop: Shop) -> None:
    shop.says(MAIL=["450 4.3.2 Not now"])
    ran = shop.command("run", "--once", "--json")
    assert ran.status == 1
    assert ran.json["failed"] == 1
    status = shop.command("status", "--json")
    assert status.json["queues"]["queued"] == 1
    assert status.status == 0  # not for long enough to be stuck
