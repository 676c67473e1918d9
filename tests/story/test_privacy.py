"""What is kept about a buyer: shown, erased on demand and on schedule, and never in a subject, an id or a log."""

import re
import sqlite3
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.support.builders import DHL_NUMBER, IMEI_A
from tests.support.workspace import Workspace, body, order_file, order_row

_CANARY = {
    "buyer_name": "Kanarienvogel Xaver",
    "buyer_email": "xaver@kanarienvogel.example",
    "buyer_phone": "+49 171 9876543",
    "ship_name": "Kanarienvogel Xaver",
    "ship_street": "Voliereweg 77",
    "ship_postcode": "50668",
    "ship_city": "Käfighausen",
}
_SONG = re.compile("Kanarienvogel|Xaver|9876543|Voliereweg|fighausen", re.IGNORECASE)


def ship(sandbox: Workspace) -> None:
    sandbox.drop("orders", "orders.csv", order_file(order_row(**_CANARY)))
    sandbox.run_once("2026-11-25T10:00:00+01:00")
    sandbox.reply(sandbox.mails("order")[-1], f"Heute mit DHL raus, Sendungsnummer {DHL_NUMBER}, IMEI {IMEI_A}.")
    sandbox.run_once("2026-11-25T12:00:00+01:00")
    assert sandbox.order()["complete"]


def _kept(home: Path) -> list[str]:
    """The files of a workspace in which the buyer still stands."""
    files = [path for path in home.rglob("*") if path.is_file() and path.suffix != ".db"]
    return [str(path.relative_to(home)) for path in files if _SONG.search(path.read_text("utf-8", "replace"))]


def _remembered(home: Path) -> list[str]:
    """The tables of a workspace's database in which the buyer still stands."""
    with sqlite3.connect(home / "state" / "postbote.db") as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = ((table, row) for table in tables for row in database.execute(f'SELECT * FROM "{table}"'))  # noqa: S608
        return [table for table, row in rows if _SONG.search(" ".join(map(_text, row)))]


def _text(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def test_everything_that_is_kept_about_a_buyer_is_shown(sandbox: Workspace) -> None:
    ship(sandbox)
    kept = sandbox.ask("export", "--buyer", "Xaver@kanarienvogel.example")
    assert kept["orders"][0]["buyer"]["name"] == "Kanarienvogel Xaver"
    assert kept["orders"][0]["address"]["street"] == "Voliereweg 77"
    assert {mail["template"] for mail in kept["mails"]} == {"order", "buyer-shipped"}
    assert len(kept["arrivals"]) == 2
    assert kept["files"] == sorted(_kept(sandbox.home))
    assert {file.split("/")[0] for file in kept["files"]} == {"inbox", "outbox"}


def test_a_buyer_who_wants_to_be_forgotten_is_gone_from_everywhere(sandbox: Workspace) -> None:
    ship(sandbox)
    assert _kept(sandbox.home)
    view = sandbox.ask("forget", "--buyer", "xaver@kanarienvogel.example", "--by", "anna")
    assert (view["erased"], view["kept"]) == (["A-1001"], [])
    assert _kept(sandbox.home) == []
    assert not _SONG.search(sandbox.command("order", "A-1001", "--json").out)
    assert sandbox.refuse("export", "--buyer", "xaver@kanarienvogel.example").status == 1
    order = sandbox.order()
    assert (order["state"], order["lines"][0]["imeis"]) == ("shipped", [IMEI_A])
    sandbox.command("sync", "--at", "2026-11-25T12:30:00+01:00")
    database = b"".join(path.read_bytes() for path in (sandbox.home / "state").glob("postbote.db*"))
    assert b"Voliereweg" not in database


def test_no_thread_keeps_the_address_of_a_forgotten_buyer(sandbox: Workspace) -> None:
    ship(sandbox)
    sandbox.ask("forget", "--buyer", "xaver@kanarienvogel.example")
    assert _remembered(sandbox.home) == []


def test_what_waits_for_a_person_is_named_by_forget_and_erased_once_it_is_settled(sandbox: Workspace) -> None:
    ship(sandbox)
    sandbox.reply(
        sandbox.mails("order")[-1], "Ist Voliereweg 77 richtig? Wir haben Herrn Kanarienvogel nicht erreicht."
    )
    sandbox.run_once("2026-11-25T13:00:00+01:00")
    (held,) = sandbox.ask("held")
    assert held["id"] in sandbox.ask("export", "--buyer", "xaver@kanarienvogel.example")["arrivals"]
    view = sandbox.ask("forget", "--buyer", "xaver@kanarienvogel.example")
    assert (view["erased"], view["waiting"]) == (["A-1001"], [held["id"]])
    sandbox.ask("discard", held["id"], "--by", "anna", "--why", "telefonisch geklärt")
    sandbox.run_once("2026-11-26T10:00:00+01:00")
    assert _kept(sandbox.home) == []
    assert _remembered(sandbox.home) == []


@pytest.mark.parametrize("by", ["forget", "retention"])
def test_what_a_release_would_have_sent_to_an_erased_buyer_is_forgotten_at_once(sandbox: Workspace, by: str) -> None:
    config = sandbox.home / "config.yaml"
    config.write_text(config.read_text().replace("buyers: 730d", "buyers: 60d").replace("sent: 730d", "sent: 30d"))
    ship(sandbox)
    sandbox.reply(sandbox.mails("order")[-1], "Noch ein Paket: DHL 00340433836442636597", quote=False)
    sandbox.run_once("2026-11-25T13:00:00+01:00")
    (held,) = sandbox.ask("held")
    assert any(_SONG.search(one) for one in held["proposal"]["sends"])
    if by == "forget":
        sandbox.ask("forget", "--buyer", "xaver@kanarienvogel.example")
    else:
        sandbox.run_once("2027-03-01T12:00:00+01:00")
    assert (_kept(sandbox.home), _remembered(sandbox.home)) == ([], [])
    (held,) = sandbox.ask("held")
    assert held["proposal"]["changes"]
    assert sandbox.refuse("release", held["id"]).status == 1
    sandbox.ask("discard", held["id"], "--why", "kein Paket")
    sandbox.run_once("2027-03-02T12:00:00+01:00")
    assert not list((sandbox.home / "inbox/mail").rglob("*.eml"))


def test_what_changes_after_the_buyer_was_erased_is_told_to_nobody(sandbox: Workspace) -> None:
    ship(sandbox)
    sandbox.ask("forget", "--buyer", "xaver@kanarienvogel.example")
    mended = ("--carrier", "dhl", "--tracking", "00340433836442636597", "--replace", DHL_NUMBER)
    sandbox.ask("record", "A-1001", *mended)
    assert sandbox.run_once("2026-11-25T13:00:00+01:00")["failed"] == 0
    assert sandbox.ask("status")["queues"]["queued"] == 0


def test_an_open_order_keeps_its_buyer_until_it_has_ended(sandbox: Workspace) -> None:
    sandbox.drop("orders", "orders.csv", order_file(order_row(**_CANARY)))
    sandbox.run_once("2026-11-25T10:00:00+01:00")
    view = sandbox.ask("forget", "--buyer", "xaver@kanarienvogel.example")
    assert (view["erased"], view["kept"]) == ([], ["A-1001"])
    sandbox.reply(sandbox.mail("order"), f"Heute mit DHL raus, Sendungsnummer {DHL_NUMBER}, IMEI {IMEI_A}.")
    sandbox.run_once("2026-11-25T12:00:00+01:00")
    assert "Kanarienvogel" in body(sandbox.mail("buyer-shipped"))
    sandbox.run_once("2026-11-26T10:00:00+01:00")
    assert sandbox.refuse("export", "--buyer", "xaver@kanarienvogel.example").status == 1
    assert _kept(sandbox.home) == []


@pytest.mark.parametrize("moment", ["before", "after"])
def test_the_last_that_a_buyer_has_to_hear_is_forgotten_as_well(sandbox: Workspace, moment: str) -> None:
    sandbox.drop("orders", "orders.csv", order_file(order_row(**_CANARY)))
    sandbox.run_once("2026-11-25T10:00:00+01:00")
    if moment == "before":
        sandbox.ask("forget", "--buyer", "xaver@kanarienvogel.example")
    sandbox.ask("cancel", "A-1001")
    if moment == "after":
        assert sandbox.ask("forget", "--buyer", "xaver@kanarienvogel.example")["kept"] == ["A-1001"]
    sandbox.run_once("2026-11-26T10:00:00+01:00")
    assert "Kanarienvogel" in body(sandbox.mail("buyer-canceled"))
    sandbox.run_once("2026-11-27T10:00:00+01:00")
    assert (_kept(sandbox.home), _remembered(sandbox.home)) == ([], [])


def test_what_is_over_its_time_is_erased_by_itself(sandbox: Workspace) -> None:
    config = sandbox.home / "config.yaml"
    kept = "retention: {arrivals: 730d, sent: 730d, buyers: 730d}"
    assert kept in config.read_text()
    config.write_text(config.read_text().replace(kept, "retention: {arrivals: 30d, sent: 30d, buyers: 60d}"))
    ship(sandbox)
    sandbox.run_once("2026-12-24T12:00:00+01:00")
    assert _kept(sandbox.home)
    sandbox.run_once("2026-12-27T12:00:00+01:00")
    assert _kept(sandbox.home) == []
    assert sandbox.ask("export", "--buyer", "xaver@kanarienvogel.example")["orders"]
    sandbox.run_once("2027-01-27T12:00:00+01:00")
    assert sandbox.refuse("export", "--buyer", "xaver@kanarienvogel.example").status == 1
    assert sandbox.order()["state"] == "shipped"


def test_the_buyer_of_what_was_never_paid_or_left_without_its_imei_is_erased_in_time(sandbox: Workspace) -> None:
    config = sandbox.home / "config.yaml"
    config.write_text(config.read_text().replace("buyers: 730d", "buyers: 60d"))
    unpaid = order_row(order_id="A-1001", paid_at="", **_CANARY)
    left, owed = (order_row(order_id=number, **_CANARY) for number in ("A-1002", "A-1003"))
    sandbox.drop("orders", "orders.csv", order_file(unpaid, left, owed))
    sandbox.run_once("2026-11-25T10:00:00+01:00")
    sandbox.ask("record", "A-1002", "--carrier", "dhl", "--tracking", DHL_NUMBER)
    for moment in ("2027-01-20T12:00:00+01:00", "2027-06-01T12:00:00+01:00"):
        sandbox.run_once(moment)
    kept = sandbox.ask("export", "--buyer", _CANARY["buyer_email"])
    assert [one["order"] for one in kept["orders"]] == ["A-1003"]
    assert sandbox.order("A-1002")["missing"]


def test_an_order_file_that_was_erased_is_still_known_when_it_comes_again(sandbox: Workspace) -> None:
    ship(sandbox)
    sandbox.ask("forget", "--buyer", "xaver@kanarienvogel.example")
    sandbox.drop("orders", "orders.csv", order_file(order_row(**_CANARY)))
    sandbox.run_once("2026-11-26T12:00:00+01:00")
    assert sandbox.order()["state"] == "shipped"
    assert len(sandbox.mails("order")) == 0


def test_no_person_stands_in_a_subject_an_id_a_name_of_a_file_or_a_log(sandbox: Workspace) -> None:
    ship(sandbox)
    sandbox.drop("orders", "broken.csv", order_file(order_row(**_CANARY, order_id="A-2", quantity="many")))
    ran = sandbox.command("run", "--once", "--at", "2026-11-25T13:00:00+01:00")
    assert not _SONG.search(ran.out + ran.err)
    for mail in sandbox.mails():
        for name in ("Subject", "Message-ID", "Reply-To", "X-Postbote-Template"):
            assert not _SONG.search(str(mail[name]))
    assert not any(_SONG.search(path.name) for path in sandbox.home.rglob("*"))


def test_a_mail_in_which_the_address_stands_encoded_and_its_copies_are_forgotten_too(sandbox: Workspace) -> None:
    ship(sandbox)
    answer = EmailMessage()
    answer["From"], answer["To"] = "orders@acme.example", "orders@shop.example"
    answer["Subject"], answer["Message-ID"] = "Eine Frage", "<frage@acme.example>"
    answer.set_content("Ist xaver@kanarienvogel.example die richtige Anschrift von Käfighausen?", cte="base64")
    sandbox.drop("mail", "frage.eml", answer.as_bytes())
    sandbox.run_once("2026-11-25T13:00:00+01:00")
    (held,) = sandbox.ask("held")
    sandbox.ask("discard", held["id"], "--why", "beantwortet")
    sandbox.drop("mail", "frage-noch-einmal.eml", answer.as_bytes())
    sandbox.run_once("2026-11-25T13:30:00+01:00")
    kept = [path.name for path in (sandbox.home / "inbox/mail/done").rglob("frage*")]
    assert sorted(kept) == ["frage-noch-einmal.eml", "frage.eml"]
    view = sandbox.ask("forget", "--buyer", "xaver@kanarienvogel.example")
    assert (view["files"], view["mailboxes"]) == (1, [])
    assert not list((sandbox.home / "inbox/mail/done").rglob("frage*"))


def test_what_is_still_held_keeps_its_file(sandbox: Workspace) -> None:
    ship(sandbox)
    sandbox.drop("sellers/acme", "kaputt.csv", "Spalte 1;Spalte 2\nxaver@kanarienvogel.example;?\n")
    sandbox.run_once("2026-11-25T13:00:00+01:00")
    assert sandbox.ask("held")
    sandbox.ask("forget", "--buyer", "xaver@kanarienvogel.example")
    assert list((sandbox.home / "inbox/sellers/acme").rglob("kaputt.csv"))


def test_a_file_that_names_the_buyer_without_his_address_is_forgotten(sandbox: Workspace) -> None:
    ship(sandbox)
    table = "Bestellnummer;Empfänger;Straße\nZ-77;Kanarienvogel Xaver;Voliereweg 77\n"
    sandbox.drop("sellers/acme", "versand.csv", table)
    sandbox.run_once("2026-11-25T13:00:00+01:00")
    (held,) = sandbox.ask("held")
    sandbox.ask("discard", held["id"], "--why", "nicht unsere")
    assert [name for name in _kept(sandbox.home) if "versand" in name]
    sandbox.ask("forget", "--buyer", "xaver@kanarienvogel.example")
    assert _kept(sandbox.home) == []
    assert _remembered(sandbox.home) == []


def test_an_order_that_comes_again_after_its_buyer_was_erased_is_no_change_of_address(sandbox: Workspace) -> None:
    sandbox.drop("orders", "orders.csv", order_file(order_row()))
    sandbox.run_once()
    sandbox.ask("record", "A-1001", "--carrier", "dhl", "--tracking", DHL_NUMBER, "--imei", IMEI_A)
    sandbox.run_once("2026-11-25T11:00:00+01:00")
    sandbox.ask("forget", "--buyer", "zoe@buyer.example")
    sandbox.drop("orders", "again.csv", order_file(order_row()))
    sandbox.run_once("2026-11-26T10:00:00+01:00")
    assert sandbox.ask("held") == []
    assert "unchanged" in sandbox.receipt("orders", "again.csv")[1]
    assert "zoe" not in str(sandbox.order()).casefold()
    sandbox.ask("forget", "--buyer", "zoe@buyer.example")
    assert sandbox.refuse("export", "--buyer", "zoe@buyer.example").status == 1
