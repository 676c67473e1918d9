"""One bad morning: everything that can be wrong with what comes in comes in at once, among good files and mails.

All of it is taken in by one run; each test looks at what became of one of them.
"""

import os
import shutil
from email.message import EmailMessage, Message
from pathlib import Path
from typing import Any

import pytest

from tests.support.builders import DHL_NUMBER, IMEI_A, IMEI_B
from tests.support.workspace import Workspace, body, order_file, order_row

_SAID = f"Geht heute mit DHL raus, Sendungsnummer {DHL_NUMBER}, IMEI {IMEI_A}."
_THIRD_NUMBER = "00340434000000000024"
_PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20
_BOUNCE = """\
From: MAILER-DAEMON@mx.acme.example
To: {reply_to}
Subject: Undelivered Mail
Date: Wed, 25 Nov 2026 11:00:00 +0100
Message-ID: <bounce@mx.acme.example>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain; charset=us-ascii

Nobody of that name has a mailbox here.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.acme.example

Final-Recipient: rfc822; orders@acme.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such user

--b
Content-Type: text/rfc822-headers

From: Shop <orders@shop.example>
To: orders@acme.example
Subject: {subject}
Message-ID: {message_id}

--b--
"""


class Morning:
    """The sandbox after the bad morning."""

    def __init__(self, sandbox: Workspace) -> None:
        self.sandbox = sandbox
        self.counts: Any = None
        self.orders: dict[str, Any] = {}
        self._held: list[Any] = []

    def letter(self, number: str) -> Message:
        """The order mail about one order."""
        return next(mail for mail in self.sandbox.mails("order") if f" {number}:" in str(mail["Subject"]))

    def mail(self, name: str, number: str, text: str, **headers: str | None) -> bytes:
        """A mail of acme's in answer to an order, with other headers where they are given (None: left out)."""
        letter = self.letter(number)
        answer = EmailMessage()
        plain: dict[str, str | None] = {
            "From": "orders@acme.example",
            "To": str(letter["Reply-To"]),
            "Subject": f"AW: {letter['Subject']}",
            "Date": "Wed, 25 Nov 2026 11:00:00 +0100",
            "Message-ID": f"<{name}@partner.example>",
            "In-Reply-To": str(letter["Message-ID"]),
        }
        for header, value in (plain | {key.replace("_", "-"): value for key, value in headers.items()}).items():
            if value is not None:
                answer[header] = value
        answer.set_content(text)
        self.sandbox.drop("mail", f"{name}.eml", answer.as_bytes())
        return answer.as_bytes()

    def pass_by(self) -> None:
        """All is taken in by one run; then everything is looked at once."""
        self.counts = self.sandbox.run_once()
        self.orders = {str(one["order"]): one for one in self.sandbox.ask("orders")}
        self._held = self.sandbox.ask("held")

    def held(self, name: str) -> Any:
        """What waits for a person under this file's name."""
        (only,) = [one for one in self._held if one["name"] == name]
        return only

    def state(self, number: str) -> str:
        return str(self.orders[number]["state"])

    def answers(self, number: str) -> list[str]:
        """What the sender was told about this order."""
        return [body(mail) for mail in self.sandbox.mails("answer") if number in str(mail["Subject"])]

    def told(self) -> str:
        """What the operator was told."""
        return "".join(body(mail) for mail in self.sandbox.mails("operator"))


@pytest.fixture(scope="module")
def morning(tmp_path_factory: pytest.TempPathFactory) -> Morning:
    made = Morning(Workspace.sandbox(tmp_path_factory.mktemp("bad") / "box"))
    rows = [order_row(order_id=f"A-{number}") for number in range(1, 10)]
    made.sandbox.drop("orders", "good.csv", order_file(*rows, order_row(order_id="A-pair", quantity="2")))
    made.sandbox.run_once()
    drop_bad_files(made.sandbox)
    send_bad_mails(made)
    made.mail("good", "A-1", _SAID)
    made.sandbox.drop("sellers/acme", "good.csv", "order,carrier,tracking\nA-2,DHL,00340433836442636597\n")
    made.pass_by()
    return made


def drop_bad_files(sandbox: Workspace) -> None:
    sandbox.drop("sellers/acme", "photo.csv", _PICTURE)
    sandbox.drop("orders", "latin.csv", order_file(order_row(order_id="B-1")).encode("cp1252"))
    torn = order_file(order_row(order_id="B-2")).encode() + b"B-2x,\xff\xfe\x80\n"
    sandbox.drop("orders", "torn.csv", torn)
    without = order_file(order_row(order_id="B-3")).replace(",currency,", ",").replace(",EUR,", ",")
    sandbox.drop("orders", "column.csv", without)
    for name, changes in {
        "seller": {"seller": "nobody"},
        "amount": {"unit_price": "12.3.4"},
        "date": {"placed_at": "25.11.26 9 Uhr"},
        "address": {"ship_postcode": ""},
    }.items():
        rows = order_row(order_id=f"B-{name}", **changes), order_row(order_id=f"G-{name}")
        sandbox.drop("orders", f"{name}.csv", order_file(*rows))
    sandbox.drop("orders", "changed.csv", order_file(order_row(order_id="A-9", unit_price="1.00")))
    (sandbox.home / "inbox/sellers/acme/link.csv").symlink_to("/etc/passwd")
    os.mkfifo(sandbox.home / "inbox/orders/pipe.csv")


def send_bad_mails(morning: Morning) -> None:
    sandbox = morning.sandbox
    morning.mail("no-token", "A-3", _SAID, To="orders@shop.example", In_Reply_To=None)
    morning.mail("forged", "A-4", _SAID, From='"orders@acme.example" <evil@else.example>')
    morning.mail("automatic", "A-5", _SAID, Auto_Submitted="auto-replied")
    morning.mail("empty", "A-6", "")
    letter = morning.letter("A-7")
    fields = {"reply_to": letter["Reply-To"], "subject": letter["Subject"], "message_id": letter["Message-ID"]}
    sandbox.drop("mail", "bounce.eml", _BOUNCE.format_map(fields).replace("\n", "\r\n"))
    head = morning.mail("line", "A-8", "x")
    sandbox.drop("mail", "line.eml", head + b"a" * (5 * 1024 * 1024))
    sandbox.drop("mail", "big.eml", head + (b"z" * 76 + b"\r\n") * (30 * 1024 * 1024 // 78))
    head = morning.mail("parts", "A-9", "x").partition(b"Content-Type")[0]
    parts = b"".join(b"--p\r\nContent-Type: text/plain\r\n\r\npart %d\r\n" % number for number in range(5000))
    sandbox.drop("mail", "parts.eml", head + b"Content-Type: multipart/mixed; boundary=p\n\n" + parts + b"--p--\r\n")
    sandbox.drop(
        "mail", "broken.eml", b"\xff\xfeFrom: =?x?q?\r\nContent-Type: multipart/mixed; boundary=\r\n\r\n\0\x80"
    )
    sandbox.drop("mail", "nothing.eml", b"")


def test_the_good_ones_among_them_take_effect(morning: Morning) -> None:
    assert morning.counts["failed"] == 0
    assert morning.orders["A-1"]["complete"]
    assert morning.state("A-2") == "shipped"
    for name in ("seller", "amount", "date", "address"):
        assert morning.state(f"G-{name}") == "released"
        assert morning.sandbox.receipt("orders", f"{name}.csv")[2].endswith("taken,,,,")


def test_what_is_no_csv_is_put_aside_and_its_receipt_says_why(morning: Morning) -> None:
    assert list((morning.sandbox.home / "inbox/sellers/acme/failed").rglob("photo.csv"))
    header, *rows = morning.sandbox.receipt("sellers/acme", "photo.csv")
    assert header == "postbote_result,postbote_reason,postbote_field,postbote_value,postbote_hint"
    assert len(rows) == 1
    assert "Bilder" in rows[0]
    assert morning.held("photo.csv")["reasons"]
    assert "sellers/acme" in morning.told()


def test_another_encoding_is_recognised_and_never_garbled(morning: Morning) -> None:
    (mail,) = [one for one in morning.sandbox.mails("order") if " B-1:" in str(one["Subject"])]
    assert "Zoë Kanari" in body(mail)
    assert "Ringstraße" in body(mail)


def test_a_row_of_broken_bytes_is_refused_and_the_others_are_taken(morning: Morning) -> None:
    _, good, bad = morning.sandbox.receipt("orders", "torn.csv")
    assert good.endswith("taken,,,,")
    assert ",refused," in bad
    assert morning.state("B-2") == "released"


@pytest.mark.parametrize(
    ("file", "value", "column"),
    [
        ("column", "", "currency"),
        ("seller", "nobody", "seller"),
        ("amount", "12.3.4", "unit_price"),
        ("date", "25.11.26 9 Uhr", "placed_at"),
        ("address", "", "ship_postcode"),
    ],
)
def test_a_mistake_in_an_order_is_named_with_row_column_and_value(
    morning: Morning, file: str, value: str, column: str
) -> None:
    row = morning.sandbox.receipt("orders", f"{file}.csv")[1]
    result, _, said = row.partition(",refused,")
    assert result
    assert f"Zeile 2, Spalte {column}" in said
    assert value in said
    assert not {f"B-{file}", "B-3"} & morning.orders.keys()
    assert "abgewiesen" in morning.told()


def test_an_order_that_comes_again_with_other_terms_is_held(morning: Morning) -> None:
    assert morning.held("changed.csv")["about"] == "A-9"
    assert ",held," in morning.sandbox.receipt("orders", "changed.csv")[1]
    assert morning.state("A-9") == "released"


def test_a_device_that_is_in_use_is_held_and_one_that_is_missing_is_asked_for(morning: Morning) -> None:
    rows = f"A-2,,{IMEI_A}\nA-pair,{_THIRD_NUMBER},{IMEI_B}\n"
    morning.sandbox.drop("sellers/acme", "devices.csv", f"order,tracking,imei\n{rows}")
    morning.sandbox.run_once()
    _, used, missing = morning.sandbox.receipt("sellers/acme", "devices.csv")
    assert ",held," in used
    assert missing.endswith("taken,,,,")
    assert morning.sandbox.order("A-2")["lines"][0]["imeis"] == []
    pair = morning.sandbox.order("A-pair")
    assert (pair["state"], pair["complete"]) == ("shipped", False)
    assert pair["missing"] == [{"what": "imei", "line": "1", "count": 1}]
    assert [mail for mail in morning.sandbox.mails("reminder-imei") if "A-pair" in str(mail["Subject"])]


@pytest.mark.parametrize(("mail", "number"), [("no-token", "A-3"), ("forged", "A-4")])
def test_a_mail_that_proves_nothing_is_held_and_changes_nothing(morning: Morning, mail: str, number: str) -> None:
    held = morning.held(f"{mail}.eml")
    assert held["about"] == number
    assert len(held["reasons"]) == 1
    assert DHL_NUMBER in str(held["proposal"])
    assert morning.state(number) == "released"
    assert morning.sandbox.order(number)["held"] == [held["id"]]


def test_a_listed_sender_is_told_why_and_a_forger_is_not(morning: Morning) -> None:
    assert len(morning.answers("A-3")) == 1
    assert morning.answers("A-4") == []
    assert not [mail for mail in morning.sandbox.mails() if "evil@else.example" in str(mail["To"])]


def test_an_automatic_answer_changes_nothing_and_is_not_answered(morning: Morning) -> None:
    assert morning.state("A-5") == "released"
    assert morning.answers("A-5") == []


def test_an_empty_reply_is_held_and_its_sender_is_asked(morning: Morning) -> None:
    assert morning.held("empty.eml")["about"] == "A-6"
    assert "leer" in morning.answers("A-6")[0]


def test_a_bounce_is_held_and_the_operator_is_told(morning: Morning) -> None:
    held = morning.held("bounce.eml")
    assert held["about"] == "A-7"
    assert "5.1.1" in held["reasons"][0]
    assert "A-7" in morning.told()
    assert morning.answers("A-7") == []


def test_an_endless_line_is_held(morning: Morning) -> None:
    assert morning.held("line.eml")["about"] == "A-8"
    assert len(morning.held("line.eml")["excerpt"]) < 1000
    assert morning.state("A-8") == "released"


def test_a_mail_of_five_thousand_parts_is_held(morning: Morning) -> None:
    assert morning.held("parts.eml")["about"] == "A-9"
    assert morning.state("A-9") == "released"


def test_a_mail_of_thirty_megabytes_is_put_aside_and_the_operator_is_told(morning: Morning) -> None:
    assert list((morning.sandbox.home / "inbox/mail/failed").rglob("big.eml"))
    assert "big.eml" in morning.told()


@pytest.mark.parametrize("name", ["broken.eml", "nothing.eml"])
def test_a_mail_that_is_none_is_held(morning: Morning, name: str) -> None:
    assert morning.held(name)["reasons"]


@pytest.mark.parametrize(("folder", "name"), [("sellers/acme", "link.csv"), ("orders", "pipe.csv")])
def test_what_is_no_plain_file_stays_where_it_is_and_is_reported_once(morning: Morning, folder: str, name: str) -> None:
    assert os.path.lexists(morning.sandbox.home / "inbox" / folder / name)
    assert morning.told().count(name) == 1
    assert not (morning.sandbox.home / "outbox" / folder / f"{name}.receipt.csv").exists()


_PARTNER = "- {id: x, role: seller, name: X, email: [a@x.example], language: de, market: de-DE, timezone: Europe/Berlin"


def _without_a_good_set(home: Path) -> Workspace:
    """A sandbox whose rules have never been in force; of its reply rules few, since all are tried at every start."""
    sandbox = Workspace.sandbox(home)
    shutil.rmtree(home / "state/rules")
    for file in (home / "rules/replies").iterdir():
        if file.name != "question.yaml":
            file.unlink()
    return sandbox


@pytest.mark.parametrize(
    ("file", "text", "line", "said"),
    [
        ("rules/partners/bad.yaml", "- id: x\n\trole: seller\n", 2, "tab"),
        ("rules/partners/bad.yaml", _PARTNER + ",\n   name: Y}\n", 2, "name"),
        (
            "config.yaml",
            "sandbox: NO\noperator: ops@shop.example\nmail: {from: a@b.example, send: {via: folder}}\n",
            1,
            "true or false",
        ),
        ("templates/order/de.txt", "Subject: {{ order.number }}\n\n{{ nobody_knows }}\n", 3, "nobody_knows"),
    ],
    ids=["tab", "duplicate key", "NO", "undefined name"],
)
def test_a_mistake_in_the_users_own_files_is_named_with_its_line(
    tmp_path: Path, file: str, text: str, line: int, said: str
) -> None:
    sandbox = _without_a_good_set(tmp_path / "box")
    (sandbox.home / file).write_text(text)
    checked = sandbox.command("check", "--json")
    assert checked.status == 2
    (mistake,) = checked.json
    assert (mistake["file"], mistake["line"]) == (file, line)
    assert said in mistake["problem"]
    started = sandbox.command("run", "--once")
    assert started.status == 2
    assert f"{file}:{line}" in started.err


def test_norway_is_a_country(tmp_path: Path) -> None:
    sandbox = _without_a_good_set(tmp_path / "box")
    partners = sandbox.home / "rules/partners/ours.yaml"
    partners.write_text(partners.read_text().replace("country: DE}]", "country: NO}]"))
    assert sandbox.command("check").status == 0
    text = tmp_path / "text.txt"
    text.write_text("Was kostet die Lagerung?")
    sandbox.ask(
        "inquire", "--merchant", "nova", "--fulfiller", "nordlager", "--warehouse", "NL-HH1", "--text-file", str(text)
    )
    sandbox.run_once()
    assert "Norwegen" in body(sandbox.mail("inquiry"))
