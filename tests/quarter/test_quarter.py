"""A quarter of a marketplace runs through the real house: deadlines ring once, figures are those kept by hand."""

import os
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime
from email import message_from_bytes
from email.message import EmailMessage, Message
from pathlib import Path

import pytest

from daemon.app import House
from daemon.cli.workspace import make_workspace
from daemon.config import load_config
from tests.quarter import books, world
from tests.quarter.world import Asked, World


class Town:
    """The workspace, its clock, and the partners who read their mail."""

    def __init__(self, home: Path, play: World) -> None:
        self.home = home
        self.play = play
        self.now = play.moment(0)
        self._read: set[str] = set()
        self._order_mails: dict[str, Message] = {}
        self._inquiry_mails: dict[str, Message] = {}
        self._written = 0
        make_workspace(home, sandbox=True)
        (home / "rules/partners/example.yaml").unlink()
        for name, text in world.partner_files(play).items():
            (home / "rules/partners" / name).write_text(text)
        config = load_config(home, os.environ)
        self.house = House(home, config, lambda: self.now)

    def run(self) -> None:
        """Every look of the quarter, each as `run --once` would do it."""
        for look in range(self.play.looks):
            self.now = self.play.moment(look)
            self._drop(look)
            self.house.run_once()
            self._read_mail()

    def _put(self, where: str, name: str, content: str | bytes) -> None:
        folder = self.home / "inbox" / where
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())

    def _drop(self, look: int) -> None:
        if table := world.order_table(self.play, look):
            self._put("orders", f"orders-{look}.csv", table)
        for seller, table in world.dropped(self.play, look):
            self._put(f"sellers/{seller.id}", f"dhl-{look}.csv", table)
        for order, text in world.written(self.play, look):
            self._answer(self._order_mails[order.number], order.seller.email, text)
        for one in self.play.inquiries:
            self._play_inquiry(one, look)

    def _play_inquiry(self, one: Asked, look: int) -> None:
        if look == one.look:
            rows = f"fulfiller,warehouse,text\n{one.fulfiller},{one.fulfiller}-W,Wir suchen Platz.\n"
            self._put(f"merchants/{one.merchant}", f"inquiry-{one.fulfiller}.csv", rows)
        mail = self._inquiry_mails.get(one.fulfiller)
        said = {
            ("yes", 4): "Gern, wir sind interessiert.",
            ("yes", 10): "Der Vertrag ist unterschrieben.",
            ("yes", 13): "Hiermit bestätigen wir die Zusammenarbeit.",
            ("no", 5): "Leider müssen wir absagen.",
        }.get((one.answer, look - one.look))
        if mail and said:
            self._answer(mail, f"desk@{one.fulfiller}.example", said)
        if mail and one.answer == "bounce" and look == one.look + 1:
            self._bounce(mail)

    def _answer(self, to: Message, sender: str, text: str) -> None:
        reply = EmailMessage()
        reply["From"], reply["To"] = sender, str(to["Reply-To"])
        reply["Subject"], reply["In-Reply-To"] = f"Re: {to['Subject']}", str(to["Message-ID"])
        self._written += 1
        reply["Message-ID"] = f"<{self._written}@partner.example>"
        reply["Date"] = self.now.strftime("%a, %d %b %Y %H:%M:%S +0100")
        reply.set_content(text + "\n")
        self._put("mail", f"reply-{self._written}.eml", reply.as_bytes())

    def _bounce(self, mail: Message) -> None:
        self._written += 1
        notice = (
            f"From: MAILER-DAEMON@relay.example\nTo: {mail['Reply-To']}\nSubject: Undelivered Mail Returned to Sender\n"
            f"Message-ID: <{self._written}@relay.example>\nAuto-Submitted: auto-replied\nMIME-Version: 1.0\n"
            'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
            "--b\nContent-Type: text/plain\n\nThis mail could not be delivered.\n"
            "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; relay.example\n\n"
            f"Final-Recipient: rfc822; {mail['To']}\nAction: failed\nStatus: 5.1.1\n"
            f"--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: {mail['Message-ID']}\n--b--\n"
        )
        self._put("mail", f"bounce-{self._written}.eml", notice)

    def _read_mail(self) -> None:
        for path in (self.home / "outbox/mail").iterdir():
            if path.name in self._read:
                continue
            self._read.add(path.name)
            mail = message_from_bytes(path.read_bytes())
            if mail["X-Postbote-Template"] == "order":
                number = next(word for word in str(mail["Subject"]).replace(":", " ").split() if word.startswith("Q-"))
                self._order_mails[number] = mail
            elif mail["X-Postbote-Template"] == "inquiry":
                self._inquiry_mails[str(mail["To"]).removeprefix("desk@").removesuffix(".example")] = mail

    def ask(self, sql: str) -> list[tuple[str, ...]]:
        with closing(sqlite3.connect(self.home / "state/postbote.db")) as connection:
            return connection.execute(sql).fetchall()


def _scale(request: pytest.FixtureRequest) -> World:
    if request.param == "quarter":
        return world.make(date(2026, 10, 1), 92, orders=10_000, sellers=200, fulfillers=20, seed=7)
    return world.make(date(2026, 10, 19), 30, orders=160, sellers=10, fulfillers=4, seed=7)


_QUARTER = pytest.param("quarter", marks=[pytest.mark.quarter, pytest.mark.timeout(2400)])


@pytest.fixture(scope="module", params=["month", _QUARTER])
def town(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A month with the end of summer time and All Saints; the whole quarter with `make quarter`."""
    made = Town(tmp_path_factory.mktemp("quarter") / "home", _scale(request))
    made.run()
    yield made
    made.house.close()


def _end(town: Town) -> datetime:
    return town.play.moment(town.play.looks - 1)


def test_nothing_that_was_said_waits_for_a_person(town: Town) -> None:
    assert town.ask("SELECT name, excerpt FROM arrival WHERE state NOT IN ('done', 'ignored')") == []


def test_every_ship_deadline_ends_as_it_does_by_hand(town: Town) -> None:
    kept = {
        key.removeprefix("order:"): state
        for key, state in town.ask("SELECT subject, state FROM deadline WHERE kind = 'ship'")
    }
    by_hand = {one.number.lower(): books.fate(town.play, one, _end(town)).deadline for one in town.play.orders}
    assert kept == {number: state for number, state in by_hand.items() if state}


def test_every_bell_rang_exactly_once(town: Town) -> None:
    rows = town.ask("SELECT subject, what FROM history WHERE CAST(what AS TEXT) LIKE '%deadline_missed%ship%'")
    missed = Counter(subject.removeprefix("order:") for subject, _ in rows)
    assert set(missed.values()) <= {1}
    fates = {one.number.lower(): books.fate(town.play, one, _end(town)) for one in town.play.orders}
    assert set(missed) == {number for number, one in fates.items() if one.delay_told}
    reminded = Counter(
        key.split(":")[1]
        for (key,) in town.ask(
            "SELECT key FROM outbox WHERE template = 'reminder-ship' AND recipient NOT LIKE 'ops@%' AND state = 'sent'"
        )
    )
    assert dict(reminded) == {number: one.reminders for number, one in fates.items() if one.reminders}


def test_the_buyer_hears_of_each_delay_and_of_each_dispatch_once(town: Town) -> None:
    sent = town.ask(
        "SELECT template, key FROM outbox WHERE template IN ('buyer-delay', 'buyer-shipped') AND state = 'sent'"
    )
    delays = Counter(key.split(":")[1] for template, key in sent if template == "buyer-delay")
    by_hand = {one.number.lower(): books.fate(town.play, one, _end(town)).delay_told for one in town.play.orders}
    assert dict(delays) == {number: told for number, told in by_hand.items() if told}
    shipped = Counter(key.split(":")[1] for template, key in sent if template == "buyer-shipped")
    end = _end(town)
    left = {
        one.number.lower() for one in town.play.orders if one.ships is not None and town.play.moment(one.ships) <= end
    }
    assert dict(shipped) == dict.fromkeys(left, 1)


def test_the_quality_figures_are_those_kept_by_hand(town: Town) -> None:
    by_hand = books.figures(town.play, _end(town))
    found = {
        one.metric: (one.numerator, one.denominator) for one in town.house.reports.quality(None) if one.seller is None
    }
    assert {metric: found[metric] for metric in by_hand} == by_hand
    assert by_hand["late_dispatch_rate"][0] > 0


def test_every_inquiry_ends_as_its_fulfiller_answered(town: Town) -> None:
    states = Counter(state for (state,) in town.ask("SELECT state FROM inquiry"))
    assert states == books.inquiry_states(town.play)


def test_nothing_failed_and_nothing_waits_to_leave(town: Town) -> None:
    assert town.ask("SELECT key, reply FROM outbox WHERE state NOT IN ('sent', 'dropped', 'undeliverable')") == []
