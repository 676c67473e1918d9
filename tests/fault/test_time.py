"""Time that was slept through and time that jumps: nobody is called silent unheard, and nothing rings twice."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage, Message
from pathlib import Path

import pytest

from daemon.domain.checksums import gs1, luhn
from tests.fault.storm import checked
from tests.support.clock import Clock, shifted_clock
from tests.support.dovecot import PASSWORD, Dovecot, running_dovecot
from tests.support.running import Running, running
from tests.support.waiting import wait_until
from tests.support.workspace import PARTNERS, Workspace, body, order_file, order_row

USER = "orders"
QUARTER = timedelta(minutes=16)
"""A little more than what lies between two mails to the operator."""


class Shop(Workspace):
    """A workspace that reads a real mailbox, and whose daemon and commands go by a clock of their own."""

    def __init__(self, home: Path, clock: Clock, dovecot: Dovecot) -> None:
        super().__init__(home, clock=None)
        self.init()
        self.time = clock
        self.environment = clock.environment
        self.dovecot = dovecot
        mailbox = {"via": "imap", "host": "127.0.0.1", "port": dovecot.imap, "tls": "none", "take": "all"}
        mail = {
            "from": "Shop <orders@shop.example>",
            "reply_domain": "replies.shop.example",
            "send": {"via": "folder"},
            "receive": [mailbox | {"user": USER, "password": PASSWORD}],
        }
        (home / "config.yaml").write_text(json.dumps({"operator": "ops@shop.example", "mail": mail}))
        (home / "rules/partners/ours.yaml").write_text(PARTNERS)

    @contextmanager
    def running(self) -> Iterator[Running]:
        """The daemon, killed at the end."""
        with running(self.home, self.home.with_name("run.log"), **self.environment) as run:
            yield run
            assert "Traceback" not in run.said
            run.kill()

    def place(self, *numbers: str, ago: timedelta = timedelta(hours=1)) -> None:
        """Paid orders, mailed to their seller."""
        paid = (datetime.now(UTC) - ago).isoformat(timespec="seconds")
        rows = (order_row(order_id=one, placed_at=paid, paid_at=paid) for one in numbers)
        self.drop("orders", f"{numbers[0]}.csv", order_file(*rows))
        wait_until(lambda: all(self.about(one, "order") for one in numbers))

    def about(self, number: str, template: str, to: str | None = None) -> list[Message]:
        """The mails of a template about an order that have left."""
        mails = [one for one in self.mails(template) if number in body(one) or number in str(one["Subject"])]
        return [one for one in mails if to is None or one["To"] == to]

    def answer(self, number: str) -> None:
        """Its seller says by mail that the order has left."""
        place = len(self.mails("order"))
        (order,) = self.about(number, "order")
        letter = EmailMessage()
        letter["From"], letter["To"], letter["Subject"] = order["To"], str(order["Reply-To"]), f"AW: {order['Subject']}"
        letter["In-Reply-To"] = str(order["Message-ID"])
        letter["Message-ID"] = f"<{number}@partner.example>"
        letter["Date"] = datetime.now(UTC)
        parcel, imei = checked(f"00340434{place:011}", gs1), checked(f"35209900{place:06}", luhn)
        letter.set_content(f"Geht heute mit DHL raus: {parcel}, IMEI {imei}.\n")
        self.dovecot.deliver(USER, letter.as_bytes())

    def told(self) -> str:
        """All that the operator was told."""
        return "\n".join(body(one) for one in self.mails("operator"))

    def ship(self, number: str) -> str:
        """How the ship deadline of an order stands."""
        (state,) = [one["state"] for one in self.order(number)["deadlines"] if one["kind"] == "ship"]
        return str(state)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    clock = shifted_clock(tmp_path)
    with running_dovecot() as dovecot:
        yield Shop(tmp_path / "shop", clock, dovecot)


def test_after_a_downtime_nobody_is_called_silent_before_all_mail_was_read_and_nothing_rings_twice(shop: Shop) -> None:
    with shop.running():
        shop.place("A-1001", "A-1002")
    shop.answer("A-1001")
    shop.dovecot.stop()
    shop.time.shift(timedelta(days=10))
    with shop.running():
        # The bells of ten days are due, but what the sellers may have written cannot be read.
        wait_until(lambda: "nicht erreichbar" in shop.told(), within=20.0)
        shop.time.shift(timedelta(days=10) + QUARTER)
        wait_until(lambda: "noch nicht gelesen" in shop.told(), within=20.0)
        assert (shop.ship("A-1001"), shop.ship("A-1002")) == ("open", "open")
    shop.dovecot.start()
    with shop.running():
        wait_until(lambda: shop.about("A-1002", "buyer-delay"), within=20.0)
        wait_until(lambda: shop.about("A-1001", "buyer-shipped"), within=20.0)
        assert (shop.ship("A-1001"), shop.ship("A-1002")) == ("met", "missed")
        shop.time.shift(timedelta(days=10) + 2 * QUARTER)
        wait_until(lambda: "A-1002" in shop.told(), within=20.0)
    once = shop.run_once()
    assert (once["rung"], once["sent"]) == (0, 0)
    # Of the reminders of ten days only the latest has left, and all else once.
    assert len(shop.about("A-1002", "reminder-ship", to="orders@acme.example")) == 1
    assert len(shop.about("A-1002", "buyer-delay")) == 1
    assert shop.told().count("Frist versäumt: Versand") == 1
    assert shop.told().count("noch nicht gelesen") == 1
    assert shop.about("A-1001", "reminder-ship") == shop.about("A-1001", "buyer-delay") == []


def test_a_clock_that_jumps_ahead_and_back_rings_nothing_twice_and_stops_nothing(shop: Shop) -> None:
    shifts = {"B-1": 10.0, "B-2": -1.25, "B-3": 10.0, "B-4": 9.999}
    for number, days in shifts.items():
        with shop.running():
            if number == "B-1":
                shop.place("A-1001")
            if number == "B-2":
                # Ten days ahead it rings, once all has been read; then it is yesterday, and ten days ahead again.
                wait_until(lambda: shop.about("A-1001", "buyer-delay"), within=20.0)
            shop.time.shift(timedelta(days=days))
            # Placed before it leaves, by the clock that was put back, too.
            shop.place(number, ago=timedelta(hours=36))
            shop.answer(number)
            wait_until(lambda number=number: shop.about(number, "buyer-shipped"), within=20.0)  # type: ignore[misc]
    once = shop.run_once()
    assert (once["rung"], once["sent"], once["failed"]) == (0, 0, 0)
    assert len(shop.about("A-1001", "buyer-delay")) == 1
    assert len(shop.about("A-1001", "reminder-ship", to="orders@acme.example")) == 1
    assert {one["state"] for one in shop.ask("orders")} == {"released", "shipped"}
    assert shop.ask("held") == []
