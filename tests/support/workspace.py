"""A workspace driven by the real `postbote` command, as a person at a terminal would drive it."""

import atexit
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import default as modern
from functools import cache
from pathlib import Path
from typing import Any

from tests.support.believed import believe
from tests.support.warm import postbote

PARTNERS = """\
- id: acme
  role: seller
  name: Acme Mobile GmbH
  email: [orders@acme.example]
  language: de
  market: de-DE
  timezone: Europe/Berlin
- id: bolt
  role: seller
  name: Bolt Devices Ltd
  email: [desk@bolt.example]
  language: en
  market: en-GB
  timezone: Europe/London
- id: nova
  role: merchant
  name: Nova Handels GmbH
  email: [einkauf@nova.example]
  language: de
  timezone: Europe/Berlin
  contact:
    {person: Ada Beispiel, phone: "+49 30 5550101", street: Musterweg 1, postcode: "10115", city: Berlin, country: DE}
- id: nordlager
  role: fulfiller
  name: Nordlager Logistik GmbH
  email: [anfragen@nordlager.example]
  language: de
  timezone: Europe/Berlin
  warehouses: [{id: NL-HH1, name: Hamburg 1, country: DE}]
"""

ORDER_COLUMNS = (
    "order_id,placed_at,paid_at,market,currency,seller,buyer_name,buyer_email,buyer_phone,ship_name,ship_street,"
    "ship_postcode,ship_city,ship_country,line_id,sku,title,quantity,unit_price,shipping_price,category,cellular,"
    "handling_days,hs_code,origin"
)


def fresh_row(**changes: str) -> str:
    """A row of an order that is placed and paid right now, for a daemon on whose clock nobody sets the time."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return order_row(**{"placed_at": now, "paid_at": now, **changes})


def order_row(**changes: str) -> str:
    """One row of an order file: a paid phone of acme's, placed on Wednesday 25 November 2026."""
    fields = {
        "order_id": "A-1001",
        "placed_at": "2026-11-25T09:00:00+01:00",
        "paid_at": "2026-11-25T09:05:00+01:00",
        "market": "de-DE",
        "currency": "EUR",
        "seller": "acme",
        "buyer_name": "Zoë Kanari",
        "buyer_email": "zoe@buyer.example",
        "buyer_phone": "+49 170 5550199",
        "ship_name": "Zoë Kanari",
        "ship_street": "Ringstraße 5",
        "ship_postcode": "50667",
        "ship_city": "Köln",
        "ship_country": "DE",
        "line_id": "1",
        "sku": "IP13-128",
        "title": "Phone 13 128 GB",
        "quantity": "1",
        "unit_price": "299.00",
        "shipping_price": "0.00",
        "category": "smartphone",
        "cellular": "yes",
        "handling_days": "2",
        "hs_code": "",
        "origin": "",
    } | changes
    return ",".join(fields[name] for name in ORDER_COLUMNS.split(","))


def order_file(*rows: str) -> str:
    return "\n".join((ORDER_COLUMNS, *rows)) + "\n"


@dataclass(frozen=True)
class Ran:
    """How one command ended."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Workspace:
    """`clock` is given as `--at` in a sandbox, None outside of one; `environment` is what commands have too.

    In a sandbox, where nothing but files is around, commands are forks of a loaded interpreter; elsewhere they start as
    a user starts them.
    """

    def __init__(self, home: Path, clock: str | None = "2026-11-25T10:00:00+01:00") -> None:
        self.home = home
        self.clock = clock
        self.environment: dict[str, str] = {}

    @classmethod
    def sandbox(cls, home: Path, clock: str = "2026-11-25T10:00:00+01:00") -> "Workspace":
        """A fresh sandbox with the tests' partners."""
        shutil.copytree(_pattern(), home)
        return cls(home, clock)

    def init(self) -> None:
        """What `postbote init` makes, where the shipped rules and templates have been tried already."""
        made = self.command("init", str(self.home), home=False)
        assert made.status == 0, made.err
        shutil.copytree(_pattern() / "state/rules", self.home / "state/rules", dirs_exist_ok=True)
        shutil.copy(_pattern() / "state/templates.msgpack", self.home / "state")

    def command(self, *words: str, home: bool = True, stdin: str | None = None, timeout: float = 60) -> Ran:
        """Run `postbote`; it must never show a traceback."""
        said = (*words, "--home", str(self.home)) if home else words
        environment = {**os.environ, **self.environment}
        if self.clock and not self.environment:
            ran = Ran(*postbote(said, environment, stdin or "", timeout))
        else:
            done = subprocess.run(
                [sys.executable, "-m", "daemon", *said],
                capture_output=True,
                text=True,
                input=stdin,
                timeout=timeout,
                check=False,
                env=environment,
            )
            ran = Ran(done.returncode, done.stdout, done.stderr)
        assert "Traceback" not in ran.err, ran.err
        return ran

    def ask(self, *words: str) -> Any:
        """A command's JSON; the command must succeed."""
        ran = self.command(*words, "--json", *self._at())
        assert ran.status == 0, (words, ran.err)
        return ran.json

    def refuse(self, *words: str) -> Ran:
        """A command that must not succeed; what it said."""
        ran = self.command(*words, "--json", *self._at())
        assert ran.status != 0, (words, ran.out)
        return ran

    def _at(self) -> Sequence[str]:
        return ("--at", self.clock) if self.clock else ()

    def run_once(self, at: str | None = None) -> Any:
        if at:
            self.clock = at
        return self.ask("run", "--once")

    def drop(self, where: str, name: str, content: str | bytes) -> Path:
        """Put a file into `inbox/WHERE/`."""
        folder = self.home / "inbox" / where
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def order(self, number: str = "A-1001") -> Any:
        return self.ask("order", number)

    def mails(self, template: str | None = None) -> list[Message]:
        """The mails that have left, oldest first; those of one template if it is named."""
        paths = sorted((self.home / "outbox/mail").glob("*.eml"))
        found: list[Message] = [message_from_bytes(path.read_bytes(), policy=modern) for path in paths]
        return [one for one in found if template is None or one["X-Postbote-Template"] == template]

    def mail(self, template: str) -> Message:
        """The only mail of a template."""
        (only,) = self.mails(template)
        return only

    def receipt(self, party: str, name: str) -> list[str]:
        """The lines of a receipt."""
        return (self.home / "outbox" / party / f"{name}.receipt.csv").read_text("utf-8-sig").splitlines()

    def reply(
        self,
        to: Message,
        text: str,
        *,
        sender: str | None = None,
        token: bool = True,
        quote: bool = True,
        file: tuple[str, bytes] | None = None,
    ) -> str:
        """Drop an answer to one of our mails as a mail program would write it; its file name."""
        answer = EmailMessage()
        answer["From"] = sender or str(to["To"])
        answer["To"] = str(to["Reply-To"]) if token else "orders@shop.example"
        answer["Subject"] = f"AW: {to['Subject']}"
        answer["Date"] = datetime.fromisoformat(self.clock) if self.clock else datetime.now(UTC)
        count = len(list((self.home / "inbox/mail").rglob("*.eml")))
        answer["Message-ID"] = f"<answer-{count}-{abs(hash(text))}@partner.example>"
        if token:
            answer["In-Reply-To"] = str(to["Message-ID"])
            answer["References"] = str(to["Message-ID"])
        quoted = "".join(f"> {line}\n" for line in body(to).splitlines()) if quote else ""
        answer.set_content(f"{text}\n\nAm 25.11.2026 um 10:00 schrieb Shop:\n{quoted}")
        if file:
            answer.add_attachment(file[1], maintype="application", subtype="pdf", filename=file[0])
        name = f"reply-{count}.eml"
        self.drop("mail", name, answer.as_bytes())
        return name


@cache
def _pattern() -> Path:
    """The sandbox of which all others are copies: its rules and templates count as tried, which would take long."""
    folder = Path(tempfile.mkdtemp(prefix="postbote-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    made = Workspace(folder / "box")
    ran = made.command("init", "--sandbox", str(made.home), home=False)
    assert ran.status == 0, ran.err
    (made.home / "rules/partners/ours.yaml").write_text(PARTNERS)
    believe(made.home)
    return made.home


def body(mail: Message) -> str:
    """The text of a mail."""
    assert isinstance(mail, EmailMessage)
    plain = mail.get_body(("plain",))
    assert plain is not None
    return str(plain.get_content()).replace("\r\n", "\n")
