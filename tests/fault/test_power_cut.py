"""The power goes at any step: what was acknowledged is there after the next start, and everything is there once."""

import json
import random
import shutil
import smtplib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from itertools import pairwise
from pathlib import Path

import pytest

from tests.fault.verdict import Books
from tests.support.daemon import running_daemon
from tests.support.journal import Step, journal
from tests.support.power_cut import Disk
from tests.support.running import free_port
from tests.support.waiting import wait_until
from tests.support.workspace import PARTNERS, Workspace, fresh_row, order_file

MANY = 6
LARGE = order_file(fresh_row(order_id="A-2000", title="x" * 1_200_000))
_NOISE = ("-shm", "state/lock")


@dataclass(frozen=True)
class Day:
    """How the workspace lay there in the morning, and all that happened until the daemon ended."""

    morning: Path
    home: Path
    steps: Sequence[Step]


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Day:
    """Order files lie there, mails are sent in, mails go out into a folder."""
    folder = tmp_path_factory.mktemp("power")
    home, morning, port = folder / "shop", folder / "morning", free_port()
    shop = Workspace(home, clock=None)
    shop.init()
    receive = [{"via": "smtp", "listen": f"127.0.0.1:{port}"}]
    mail = {"from": "Shop <orders@shop.example>", "reply_domain": "replies.shop.example", "send": {"via": "folder"}}
    config = {"operator": "ops@shop.example", "mail": mail | {"receive": receive}}
    (home / "config.yaml").write_text(json.dumps(config))
    (home / "rules/partners/ours.yaml").write_text(PARTNERS)
    assert shop.command("run", "--once").status == 0
    for number in range(MANY):
        shop.drop("orders", f"file-{number}.csv", order_file(fresh_row(order_id=f"A-100{number}")))
    shop.drop("orders", "large.csv", LARGE)
    shutil.copytree(home, morning)
    kept = journal(folder, home)
    with running_daemon(home, **kept.environment):
        for number in range(MANY):
            with smtplib.SMTP("127.0.0.1", port, timeout=10) as client:
                client.send_message(_letter(number))
        wait_until(lambda: len(shop.mails("order")) == MANY, within=20.0)
        wait_until(Books(home).is_drained)
    return Day(morning, home, [step for step in kept.steps() if not step.path.endswith(_NOISE)])


def _letter(number: int) -> EmailMessage:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = "someone@else.example", "orders@shop.example", "A question"
    letter["Message-ID"] = f"<posted-{number}@else.example>"
    letter.set_content("What does delivery to Iceland cost?")
    return letter


def cut_at(day: Day, place: int, chance: random.Random, folder: Path) -> None:
    """Cut the power before a step, start again, and look."""
    disk = Disk(day.morning, day.home)
    for step in day.steps[:place]:
        disk.take(step)
    left = Workspace(folder / f"cut-{place}", clock=None)
    disk.cut(left.home, chance)
    ran = left.command("run", "--once")
    assert ran.status == 0, ran.err
    check(left, acknowledged(day.steps[:place]))
    shutil.rmtree(left.home)


def acknowledged(steps: Sequence[Step]) -> int:
    """How many mails had been answered with 250 after their content."""
    said = [step.data[:4] for step in steps if step.what == "n" and step.data[:4] in {b"354 ", b"250 "}]
    return sum(before == b"354 " and one == b"250 " for before, one in pairwise(said))


def check(left: Workspace, owed: int) -> None:
    books = Books(left.home)
    assert books.ask("PRAGMA integrity_check") == [("ok",)]
    raws = books.ask("SELECT raw FROM original JOIN arrival ON id = arrival WHERE kind = 'mail'")
    mails = Counter(str(message_from_bytes(raw)["Message-ID"]) for (raw,) in raws)
    assert {f"<posted-{number}@else.example>" for number in range(owed)} <= mails.keys()
    assert set(mails.values()) <= {1}
    names = Counter(name for (name,) in books.ask("SELECT name FROM arrival WHERE kind = 'file'"))
    assert names == Counter(["large.csv", *(f"file-{number}.csv" for number in range(MANY))])
    for name, path in books.ask("SELECT name, path FROM arrival WHERE kind = 'file'"):
        content = (left.home / path).read_text()
        assert content == LARGE if name == "large.csv" else f"A-100{name[5]}" in content
    orders = [number for (number,) in books.ask("SELECT number FROM orders")]
    assert sorted(orders) == [f"A-100{number}" for number in range(MANY)]
    sent = {(str(mail["Subject"]), str(mail["Message-ID"])) for mail in left.mails("order")}
    assert len(sent) == MANY


def cuts(day: Day, many: int, folder: Path) -> str:
    chance = random.Random(20261125)  # noqa: S311 - cuts that can be repeated
    # Between two writes of one file nothing is decided.
    decisive = [place for place, step in enumerate(day.steps) if step.what != "w"]
    places = sorted(chance.sample(decisive, min(many, len(decisive))))
    for place in places:
        cut_at(day, place, chance, folder)
    return f"{len(places)} cuts among {len(decisive)} steps other than writes; lost 0, doubled 0"


@pytest.mark.timeout(180)
def test_eight_power_cuts(day: Day, tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    record_property("figures", cuts(day, 8, tmp_path))


@pytest.mark.crash
@pytest.mark.timeout(3600)
def test_a_power_cut_at_every_step(day: Day, tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    record_property("figures", cuts(day, len(day.steps), tmp_path))
