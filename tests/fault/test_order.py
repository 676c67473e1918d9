"""In which order things reach the disk and the network: nothing is acknowledged or sent before it is written down."""

import json
import re
import smtplib
from collections.abc import Callable, Iterator, Sequence
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.support.daemon import running_daemon
from tests.support.dovecot import PASSWORD, Dovecot, running_dovecot
from tests.support.fake_smtp import FakeSmtp, Script
from tests.support.journal import Step, journal
from tests.support.running import free_port
from tests.support.waiting import wait_until
from tests.support.workspace import PARTNERS, Workspace, fresh_row, order_file

MANY = 8
_LEAVES = rb"UID (?:MOVE|COPY|STORE) ([0-9,:]+) "
USER = "orders"


class Shop(Workspace):
    """A workspace with every wire, whose daemon keeps a journal."""

    def __init__(self, home: Path, relay: FakeSmtp, dovecot: Dovecot) -> None:
        super().__init__(home, clock=None)
        self.init()
        self.port, self.relay, self.dovecot = free_port(), relay, dovecot
        mailbox = {"via": "imap", "host": "127.0.0.1", "port": dovecot.imap, "tls": "none", "take": "all"}
        mail = {
            "from": "Shop <orders@shop.example>",
            "reply_domain": "replies.shop.example",
            "send": {"via": "smtp", "host": "127.0.0.1", "port": relay.port, "tls": "none"},
            "receive": [
                {"via": "smtp", "listen": f"127.0.0.1:{self.port}"},
                mailbox | {"user": USER, "password": PASSWORD},
            ],
        }
        (home / "config.yaml").write_text(json.dumps({"operator": "ops@shop.example", "mail": mail}))
        (home / "rules/partners/ours.yaml").write_text(PARTNERS)


def letter(mark: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "someone@else.example", "orders@shop.example", "A question"
    mail["Message-ID"] = f"<{mark}@else.example>"
    mail.set_content("What does delivery to Iceland cost?")
    return mail


@pytest.fixture(scope="module")
def steps(tmp_path_factory: pytest.TempPathFactory) -> Sequence[Step]:
    """What a daemon did that was sent mails, found others in its mailbox, and mailed what it was given in files."""
    folder = tmp_path_factory.mktemp("order")
    with FakeSmtp(Script()) as relay, running_dovecot() as dovecot:
        shop = Shop(folder / "shop", relay, dovecot)
        kept = journal(folder, shop.home)
        with running_daemon(shop.home, **kept.environment):
            for number in range(MANY):
                with smtplib.SMTP("127.0.0.1", shop.port, timeout=10) as client:
                    client.send_message(letter(f"posted-{number}"))
                dovecot.deliver(USER, letter(f"fetched-{number}").as_bytes())
                shop.drop("orders", f"file-{number}.csv", order_file(fresh_row(order_id=f"A-100{number}")))
                wait_until(lambda number=number: len(relay.mails) > number)  # type: ignore[misc]
            shop.drop("orders", "large.csv", order_file(fresh_row(order_id="A-2000", title="x" * 1_200_000)))
            wait_until(lambda: list((shop.home / "inbox/orders/done").rglob("large.csv")))
            wait_until(lambda: dovecot.count(USER, "Processed") == MANY)
        return list(kept.steps())


def find(steps: Sequence[Step], what: Callable[[Step], object], after: int = 0) -> int:
    """Where the first such step from there on is."""
    return next(place for place in range(after, len(steps)) if what(steps[place]))


def is_written(steps: Sequence[Step], mark: str, before: int) -> bool:
    """Whether a commit that holds the mark has reached the disk before then: the log was synced behind it.

    One writes at a time, and each commit syncs before the next one writes.
    """
    in_log = [place for place in range(before) if _to_log(steps[place]) and mark.encode() in steps[place].data]
    return bool(in_log) and any(one.what == "s" and _is_log(one) for one in steps[in_log[0] : before])


def _to_log(step: Step) -> bool:
    return step.what == "w" and _is_log(step)


def _is_log(step: Step) -> bool:
    return step.path.endswith("state/postbote.db-wal")


def said(steps: Sequence[Step], pattern: bytes) -> Iterator[int]:
    return (place for place, one in enumerate(steps) if one.what == "n" and re.search(pattern, one.data))


def test_a_mail_is_on_the_disk_before_its_sender_is_told_250(steps: Sequence[Step]) -> None:
    begun = list(said(steps, rb"^354 "))
    assert len(begun) == MANY
    for number, place in enumerate(begun):
        acknowledged = find(steps, lambda one: one.what == "n" and one.data.startswith(b"250 "), place + 1)
        assert is_written(steps, f"<posted-{number}@else.example>", acknowledged)


def test_a_mail_is_on_the_disk_before_it_leaves_its_mailbox(steps: Sequence[Step]) -> None:
    left = {uid: place for place in reversed(list(said(steps, _LEAVES))) for uid in uids(steps[place].data)}
    assert left.keys() == set(range(1, MANY + 1))
    for uid, place in left.items():
        assert is_written(steps, f"<fetched-{uid - 1}@else.example>", place)


def uids(command: bytes) -> Iterator[int]:
    """Which mails a command takes out of their folder."""
    for part in re.findall(_LEAVES, command)[0].split(b","):
        first, _, last = part.partition(b":")
        yield from range(int(first), int(last or first) + 1)


def renamed(steps: Sequence[Step], name: str, into: str) -> int:
    """When a file was renamed into such a folder."""
    return find(steps, lambda one: one.what == "r" and f"/{into}/" in one.other and one.other.endswith(name))


def is_synced(steps: Sequence[Step], path: str) -> bool:
    return any(one.what == "s" and one.path == path for one in steps)


def test_a_file_is_on_the_disk_before_it_is_filed_as_done_and_so_is_each_of_its_names(steps: Sequence[Step]) -> None:
    for number in range(MANY):
        claimed, done = (renamed(steps, f"file-{number}.csv", into) for into in (".taking", "done"))
        batch = Path(steps[claimed].other).parent
        for folder in (batch, batch.parent, batch.parent.parent):
            assert is_synced(steps[claimed:done], str(folder))
        # So small a file is kept in the database, whole.
        assert is_written(steps, f"\nA-100{number},", done)
        assert is_synced(steps[done:], steps[done].other.rpartition("/")[0])


def test_a_large_file_and_the_name_it_is_kept_by_are_on_the_disk_before_anything_is_written_of_it(
    steps: Sequence[Step],
) -> None:
    noted = find(steps, lambda one: _to_log(one) and b"large.csv" in one.data)
    kept = find(steps, lambda one: one.what == "l" and one.other.endswith("large.csv"))
    gone = find(steps, lambda one: one.what == "u" and one.path == steps[kept].path)
    assert kept < noted < gone
    assert is_written(steps, "large.csv", gone)
    assert is_synced(steps[:noted], steps[kept].path)
    assert is_synced(steps[kept:noted], str(Path(steps[kept].other).parent))


def test_that_a_mail_may_be_leaving_is_on_the_disk_before_it_leaves(steps: Sequence[Step]) -> None:
    left = list(said(steps, rb"X-Postbote-Template: order\r\n"))
    assert len(left) == MANY
    for place in left:
        (message,) = re.findall(rb"Message-ID:\s*<([^>]+)>", steps[place].data)
        leaving = [at for at in range(place) if _to_log(steps[at]) and b"in_flight" in steps[at].data]
        noted = [at for at in leaving if message in steps[at].data]
        assert any(one.what == "s" and _is_log(one) for one in steps[noted[0] : place])
