"""A shop, its seller and some strangers who keep a daemon busy by every wire, and a ledger of what it owes them."""

import contextlib
import random
import re
import smtplib
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from pathlib import Path
from queue import Empty, Queue

from daemon.domain.checksums import gs1, luhn
from tests.support.dovecot import Dovecot
from tests.support.fake_smtp import FakeSmtp
from tests.support.workspace import order_file, order_row

MAILBOX = "box"
_ORDER = re.compile(r"K-[0-9]{5}")
_EVERY = 0.25
_ROWS = 2


@dataclass(frozen=True)
class Placed:
    """An order, and what its seller will say about it."""

    number: str
    tracking: str
    imei: str


@dataclass
class Ledger:
    """`accepted` and `delivered` are mails by Message-ID: what got a 250, and what was put into the mailbox."""

    orders: dict[str, Placed] = field(default_factory=dict)
    dropped: dict[str, bytes] = field(default_factory=dict)
    accepted: Counter[str] = field(default_factory=Counter)
    delivered: Counter[str] = field(default_factory=Counter)
    strange: set[str] = field(default_factory=set)


class Storm:
    """The world around one workspace. `calm` ends new orders and strangers; what is under way is still answered."""

    def __init__(self, home: Path, port: int, sink: FakeSmtp, dovecot: Dovecot | None) -> None:
        self.ledger = Ledger()
        self._home = home
        self._port = port
        self._sink = sink
        self._dovecot = dovecot
        self._letters: Queue[EmailMessage] = Queue()
        self._underway = 0
        self._calm = threading.Event()
        self._over = threading.Event()
        self._threads = ThreadPoolExecutor(4, thread_name_prefix="storm")
        self._parts: list[Future[None]] = []
        self._chance = random.Random(4711)  # noqa: S311 - a load that can be repeated

    def rise(self) -> None:
        parts: list[Callable[[], None]] = [self._shop, self._seller, self._postman, self._postman]
        self._parts = [self._threads.submit(part) for part in parts]

    def calm(self) -> None:
        self._calm.set()

    def end(self) -> None:
        """Stop all parts; what has gone wrong in one of them is raised here."""
        self._calm.set()
        self._over.set()
        self._threads.shutdown()
        for part in self._parts:
            part.result()

    def has_gone_wrong(self) -> bool:
        return any(part.done() and part.exception() is not None for part in self._parts)

    # The shop: order files, and strangers who write to it

    def _shop(self) -> None:
        count = 0
        while not self._calm.wait(_EVERY):
            count += 1
            placed = [_placed(count * _ROWS + number) for number in range(_ROWS)]
            self.ledger.orders.update((one.number, one) for one in placed)
            self._drop("orders", f"orders-{count:05}.csv", order_file(*(_row(one.number) for one in placed)))
            if count % 4 == 0:
                letter = _letter("someone@else.example", "orders@shop.example", f"stranger-{count}")
                letter.set_content("What does delivery to Iceland cost?")
                self.ledger.strange.add(str(letter["Message-ID"]))
                self._letters.put(letter)

    def _drop(self, where: str, name: str, text: str) -> None:
        folder = self._home / "inbox" / where
        unfinished = folder / f"{name}.part"
        unfinished.write_text(text)
        unfinished.rename(folder / name)
        self.ledger.dropped[name] = text.encode()

    # The seller: answers every order once, by one wire or another

    def _seller(self) -> None:
        answered: set[str] = set()
        seen = 0
        while not self._over.wait(0.02):
            mails = self._sink.mails[seen:]
            seen += len(mails)
            for _, _, content in mails:
                mail = BytesHeaderParser().parsebytes(content)
                found = _ORDER.search(str(mail["Subject"]))
                if mail["X-Postbote-Template"] == "order" and found and found[0] not in answered:
                    answered.add(found[0])
                    self._answer(self.ledger.orders[found[0]], str(mail["Reply-To"]), str(mail["Message-ID"]))

    def _answer(self, order: Placed, reply_to: str, message_id: str) -> None:
        ways = ["mail", "mail", "file", *(["mailbox", "both"] if self._dovecot else [])]
        way = self._chance.choice(ways)
        if way == "file":
            row = f"{order.number},DHL,{order.tracking},{order.imei}"
            self._drop("sellers/acme", f"{order.number}.csv", f"order,carrier,tracking,imei\n{row}\n")
            return
        letter = _letter("orders@acme.example", reply_to, f"answer-{order.number}", message_id)
        letter.set_content(f"Geht heute mit DHL raus, Sendungsnummer {order.tracking}, IMEI {order.imei}.\n")
        if way != "mailbox":
            self._letters.put(letter)
        if way != "mail" and self._dovecot:
            self._dovecot.deliver(MAILBOX, letter.as_bytes())
            self.ledger.delivered[str(letter["Message-ID"])] += 1

    # The seller's mail server: tries again until it is told 250

    def _postman(self) -> None:
        while not self._over.is_set():
            with contextlib.suppress(Empty):
                letter = self._letters.get(timeout=0.1)
                self._underway += 1
                while not self._hand_over(letter) and not self._over.wait(0.05):
                    pass
                self._underway -= 1

    def _hand_over(self, letter: EmailMessage) -> bool:
        with (
            contextlib.suppress(OSError, smtplib.SMTPException),
            smtplib.SMTP("127.0.0.1", self._port, timeout=10) as client,
        ):
            client.send_message(letter)
            self.ledger.accepted[str(letter["Message-ID"])] += 1
            return True
        return False

    @property
    def is_all_handed_over(self) -> bool:
        return self._letters.empty() and self._underway == 0


def _placed(number: int) -> Placed:
    return Placed(
        number=f"K-{number:05}",
        tracking=checked(f"00340434{number:011}", gs1),
        imei=checked(f"35209900{number:06}", luhn),
    )


def checked(digits: str, check: Callable[[str], bool]) -> str:
    """Digits with the last one that makes them right."""
    return next(digits + last for last in "0123456789" if check(digits + last))


def _row(number: str) -> str:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return order_row(order_id=number, placed_at=now, paid_at=now, handling_days="20")


def _letter(sender: str, recipient: str, name: str, answers: str | None = None) -> EmailMessage:
    letter = EmailMessage()
    letter["From"] = sender
    letter["To"] = recipient
    letter["Subject"] = "Re: your mail"
    letter["Date"] = datetime.now(UTC)
    letter["Message-ID"] = f"<{name}.{time.time_ns()}@partner.example>"
    if answers:
        letter["In-Reply-To"] = answers
        letter["References"] = answers
    return letter
