"""A small town for one story: a shop with partners and a buyer, whose mailboxes lie on real mail servers."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import default as modern
from email.utils import format_datetime, make_msgid, parseaddr
from functools import cache
from pathlib import Path
from typing import Any

from tests.support.builders import DHL_NUMBER, IMEI_A
from tests.support.dovecot import PASSWORD, Dovecot, free_ports, running_dovecot
from tests.support.postfix import Postfix, running_postfix
from tests.support.token_server import TokenServer, running_token_server
from tests.support.waiting import wait_until
from tests.support.workspace import PARTNERS, Workspace, body, order_file, order_row

ACME = "orders@acme.example"
BOLT = "desk@bolt.example"
NORD = "anfragen@nordlager.example"
NOVA = "einkauf@nova.example"
BUYER = "zoe@buyer.example"
SHOP = "orders@shop.example"
OPERATOR = "ops@shop.example"

_KNOWN = {ACME, BOLT, NORD, NOVA, BUYER, SHOP, OPERATOR}

SHIPPED = f"Guten Tag,\n\ngeht heute mit DHL raus: {DHL_NUMBER}\nIMEI: {IMEI_A}\n"
"""What completes the order that `Town.place` places."""

_LOGINS = """
auth_mechanisms = plain login xoauth2
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {file}
}}
service auth {{
  inet_listener {{
    address = 127.0.0.1
    port = {sasl}
  }}
}}
"""


@dataclass(frozen=True)
class PostOffice:
    """Postfix takes mail, Dovecot keeps it; both take passwords, and tokens of the token server."""

    postfix: Postfix
    dovecot: Dovecot
    tokens: TokenServer

    def mails(self, mailbox: str, folder: str = "") -> list[Message]:
        """What lies in a mailbox, oldest first; read beside the server, so that waiting for it costs little."""
        there = self.dovecot.home / "mail" / mailbox / (f".{folder}" if folder else "")
        paths = [*there.glob("new/*"), *there.glob("cur/*")]
        return [_parsed(path) for path in sorted(paths, key=lambda path: path.name)]


@contextmanager
def running_post_office() -> Iterator[PostOffice]:
    (sasl,) = free_ports(1)
    with (
        running_token_server() as tokens,
        running_dovecot(lambda home: _logins(home / "oauth2.conf", tokens, sasl)) as dovecot,
        running_postfix(dovecot, sasl) as postfix,
    ):
        yield PostOffice(postfix, dovecot, tokens)


def _logins(file: Path, tokens: TokenServer, sasl: int) -> str:
    file.write_text(f"tokeninfo_url = {tokens.tokeninfo_url}\nusername_attribute = email\n")
    return _LOGINS.format(file=file, sasl=sasl)


@cache
def _parsed(path: Path) -> Message:
    return message_from_bytes(path.read_bytes(), policy=modern)


class Town:
    """Everybody's address has the town's name in it, so that every story has fresh mailboxes on the same servers."""

    def __init__(self, home: Path, office: PostOffice) -> None:
        self.name = f"t{os.urandom(4).hex()}"
        self.office = office
        self.shop = Workspace(home, clock=None)
        self.shop.init()
        (home / "rules/partners/ours.yaml").write_text(self.local(PARTNERS))
        self.configure()

    def local(self, text: str) -> str:
        """The same text with the addresses of this town."""
        return text.replace(".example", f".{self.name}.example")

    # The shop

    @property
    def by_smtp(self) -> dict[str, Any]:
        return {"via": "smtp", "host": "localhost", "port": self.office.postfix.port, "tls": "starttls"}

    @property
    def by_imap(self) -> dict[str, Any]:
        return self.mailbox | {"password": PASSWORD}

    @property
    def mailbox(self) -> dict[str, Any]:
        """The shop's, without what opens it."""
        port, user = self.office.dovecot.imaps, self.local(SHOP)
        return {"via": "imap", "host": "localhost", "port": port, "tls": "tls", "user": user}

    def configure(self, *, mail: dict[str, Any] | None = None, **more: Any) -> None:
        """Write `config.yaml` (JSON is YAML): mail leaves by Postfix and comes in by IMAP, unless told otherwise."""
        reply_to = self.local("orders+{token}@shop.example")
        wired = {"from": f"Shop <{self.local(SHOP)}>", "send": self.by_smtp, "receive": [self.by_imap], **(mail or {})}
        if "reply_domain" not in wired:
            wired["reply_to"] = reply_to
        config = {"operator": self.local(OPERATOR), "mail": wired, **more}
        (self.shop.home / "config.yaml").write_text(json.dumps(config, indent=2))

    def place(self, **changes: str) -> None:
        """Drop an order that was placed two hours ago and is paid."""
        now = datetime.now(UTC)
        times = {
            "placed_at": (now - timedelta(hours=2)).isoformat(timespec="seconds"),
            "paid_at": (now - timedelta(hours=1)).isoformat(timespec="seconds"),
        }
        row = order_row(**(times | changes))
        number = changes.get("order_id", "A-1001")
        self.shop.drop("orders", f"{number}.csv", self.local(order_file(row)))

    def inquire(self) -> str:
        """Make nova's inquiry to nordlager; its id."""
        text = self.shop.home / "text.txt"
        text.write_text("Wir suchen ein Lager für 400 Paletten.\n")
        parties = ("--merchant", "nova", "--fulfiller", "nordlager", "--warehouse", "NL-HH1")
        made = self.shop.ask("inquire", *parties, "--text-file", str(text))
        assert made["state"] == "sent"
        return str(made["inquiry"])

    def move(self, who: str, address: str) -> None:
        """A partner's mail goes to another address from now on."""
        partners = self.shop.home / "rules/partners/ours.yaml"
        partners.write_text(partners.read_text().replace(self.local(who), address))

    # Everybody

    def mails(self, who: str, template: str | None = None, folder: str = "") -> list[Message]:
        """What somebody's mailbox holds; `who` is an address without the town's name."""
        found = self.office.mails(self.local(who), folder)
        return [one for one in found if template is None or one["X-Postbote-Template"] == template]

    def gets(self, who: str, template: str | None = None, *, bounces: bool = False, within: float = 30.0) -> Message:
        """Wait for a mail of a kind; the newest."""

        def found() -> list[Message]:
            mails = self.mails(who, template)
            return [one for one in mails if one.get_content_type() == "multipart/report"] if bounces else mails

        wait_until(found, within)
        return found()[-1]

    def answer(self, to: Message, text: str, *, sender: str | None = None, recipient: str | None = None) -> None:
        """Answer one of the shop's mails by Postfix."""
        self.office.postfix.send(self.answer_to(to, text, sender=sender, recipient=recipient))

    def answer_to(
        self, to: Message, text: str, *, sender: str | None = None, recipient: str | None = None
    ) -> EmailMessage:
        """An answer as a mail program writes it, with what it answers quoted below."""
        quoted = "".join(f"> {line}\n" for line in body(to).splitlines())
        mail = self.letter(
            sender or str(to["To"]),
            recipient or parseaddr(str(to["Reply-To"]))[1],
            f"AW: {to['Subject']}",
            f"{text}\n\nAm 25.11.2026 um 10:00 schrieb Shop:\n{quoted}",
        )
        mail["In-Reply-To"] = mail["References"] = str(to["Message-ID"])
        return mail

    def letter(self, sender: str, recipient: str, subject: str, text: str) -> EmailMessage:
        """A mail that nobody has sent yet."""
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = self._here(sender), self._here(recipient), subject
        mail["Date"] = format_datetime(datetime.now(UTC))
        mail["Message-ID"] = make_msgid(domain="partner.example")
        mail.set_content(text)
        return mail

    def _here(self, address: str) -> str:
        """The addresses that stories know by name have the town's name in them."""
        return self.local(address) if address in _KNOWN else address
