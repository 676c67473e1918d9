"""A full disk: senders are asked to try again, nothing is lost, and all goes on once there is room."""

import resource
import smtplib
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.fault.verdict import Books
from tests.support.filesystem import SmallDisk, small_disk
from tests.support.running import Running, free_port, running
from tests.support.waiting import wait_until
from tests.support.workspace import PARTNERS, Workspace, fresh_row, order_file

MIB = 1024 * 1024
_CONFIG = """\
operator: ops@shop.example
mail:
  from: Shop <orders@shop.example>
  reply_domain: replies.shop.example
  send: {{via: folder}}
  receive: [{{via: smtp, listen: "127.0.0.1:{port}"}}]
"""


class Shop(Workspace):
    """A workspace that receives by SMTP, and a seller who writes to it."""

    port = 0

    def post(self, name: str) -> tuple[int, str]:
        """What the server says to a stranger's mail."""
        letter = EmailMessage()
        letter["From"] = "someone@else.example"
        letter["To"] = "orders@shop.example"
        letter["Subject"] = "A question"
        letter["Message-ID"] = f"<{name}@else.example>"
        letter.set_content("What does delivery to Iceland cost?")
        with smtplib.SMTP("127.0.0.1", self.port, timeout=10) as client:
            try:
                client.send_message(letter)
            except smtplib.SMTPResponseException as refused:
                return refused.smtp_code, str(refused.smtp_error)
        return 250, ""

    def books(self) -> Books:
        return Books(self.home)

    def lies_waiting(self, name: str) -> bool:
        """Whether a dropped file is still where only passing things are, and nowhere else."""
        (place,) = (self.home / "inbox").rglob(name)
        return "done" not in place.parts and "failed" not in place.parts


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(tmp_path / "disk", 200 * MIB) as one:
        yield one


def make_shop(home: Path) -> Shop:
    made = Shop(home, clock=None)
    made.init()
    made.port = free_port()
    (home / "config.yaml").write_text(_CONFIG.format(port=made.port))
    (home / "rules/partners/ours.yaml").write_text(PARTNERS)
    (home / "inbox/sellers/acme").mkdir(parents=True)
    return made


def everything_goes_on(shop: Shop, run: Running) -> None:
    """Both mails (the refused one is sent again) and both orders are there once, and the database is whole."""
    books = shop.books()
    assert shop.post("during") == (250, "")
    wait_until(lambda: len(shop.mails("order")) == 2, 30)
    wait_until(books.is_drained)
    assert books.number("SELECT count(*) FROM arrival WHERE kind = 'mail'") == 2
    assert books.number("SELECT count(*) FROM arrival WHERE kind = 'file'") == 2
    assert books.number("SELECT count(*) FROM orders") == 2
    assert run.terminate() == 0
    assert books.ask("PRAGMA integrity_check") == [("ok",)]
    assert "Traceback" not in run.said


def begin(shop: Shop) -> None:
    """One mail and one order before anything goes wrong."""
    assert shop.post("before") == (250, "")
    shop.drop("orders", "before.csv", order_file(fresh_row()))
    wait_until(lambda: shop.mails("order"))
    wait_until(shop.books().is_drained)


def test_below_the_reserve_nothing_more_is_taken_in(disk: SmallDisk, tmp_path: Path) -> None:
    shop = make_shop(disk.root / "shop")
    with running(shop.home, tmp_path / "run.log") as run:
        begin(shop)
        disk.leave(50 * MIB)
        code, text = shop.post("during")
        assert code == 452
        assert "try again" in text
        shop.drop("orders", "during.csv", order_file(fresh_row(order_id="A-2")))
        wait_until(lambda: "Datenträger fast voll" in " ".join(shop.command("status").out.split()))
        assert shop.lies_waiting("during.csv")
        assert len(shop.ask("orders")) == 1
        disk.clear()
        everything_goes_on(shop, run)


def test_a_disk_without_a_byte_left_loses_nothing(disk: SmallDisk, tmp_path: Path) -> None:
    shop = make_shop(disk.root / "shop")
    with running(shop.home, tmp_path / "run.log") as run:
        begin(shop)
        shop.drop("orders", "during.csv.part", order_file(fresh_row(order_id="A-2")))
        disk.leave(0)
        assert shop.post("during")[0] in {451, 452}
        (shop.home / "inbox/orders/during.csv.part").rename(shop.home / "inbox/orders/during.csv")
        wait_until(lambda: "folder:orders" in run.said)
        assert shop.lies_waiting("during.csv")
        disk.clear()
        everything_goes_on(shop, run)


def test_a_disk_that_runs_full_in_the_middle_of_deciding_stops_only_for_a_while(
    disk: SmallDisk, tmp_path: Path
) -> None:
    shop = make_shop(disk.root / "shop")
    with running(shop.home, tmp_path / "run.log") as run:
        begin(shop)
        disk.leave(70 * MIB)
        rows = [fresh_row(order_id=f"M-{number:04}", paid_at="") for number in range(8000)]
        shop.drop("orders", "many.csv", order_file(*rows))
        wait_until(lambda: not (shop.home / "inbox/orders/many.csv").exists())
        disk.leave(0)
        wait_until(lambda: "is in trouble" in run.said, 30)
        disk.clear()
        wait_until(lambda: shop.books().number("SELECT count(*) FROM orders") == 8001, 60)
        wait_until(shop.books().is_drained)
        assert len(shop.receipt("orders", "many.csv")) == 8001
        shop.drop("orders", "during.csv", order_file(fresh_row(order_id="A-2")))
        assert shop.post("during") == (250, "")
        wait_until(lambda: len(shop.mails("order")) == 2)
        assert run.terminate() == 0
        assert shop.books().ask("PRAGMA integrity_check") == [("ok",)]
        assert "Traceback" not in run.said


def test_when_no_file_may_grow_nothing_is_lost(tmp_path: Path) -> None:
    """What a quota does, or a file system that has gone read-only."""
    shop = make_shop(tmp_path / "shop")
    with running(shop.home, tmp_path / "run.log") as run:
        begin(shop)
        usual = resource.prlimit(run.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(run.pid, resource.RLIMIT_FSIZE, (0, usual[1]))
        assert shop.post("during")[0] == 451
        shop.drop("orders", "during.csv", order_file(fresh_row(order_id="A-2")))
        wait_until(lambda: any((shop.home / "inbox/orders").glob(".taking/*/during.csv")))
        for _ in range(5):
            assert shop.post("during")[0] == 451
        assert shop.lies_waiting("during.csv")
        resource.prlimit(run.pid, resource.RLIMIT_FSIZE, usual)
        everything_goes_on(shop, run)
