"""The whole life of an inquiry as merchant, fulfiller and operator see it."""

import csv
import os
import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage, Message

import pytest

from tests.story.test_inquiry import ask
from tests.support.workspace import PARTNERS, Workspace, body

DAY = "2026-11-26T09:00:00+01:00"


def listed(sandbox: Workspace) -> list[dict[str, str]]:
    """The merchant's own list of his inquiries."""
    with (sandbox.home / "outbox/merchants/nova/inquiries.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def configure(sandbox: Workspace, line: str) -> None:
    """Put a line of the configuration in place of the one with the same key."""
    path = sandbox.home / "config.yaml"
    key = line.partition(":")[0]
    changed = re.sub(rf"^{key}:.*$", line, path.read_text(), flags=re.MULTILINE)
    assert line in changed
    path.write_text(changed)


def statuses(sandbox: Workspace) -> list[str]:
    return [body(one) for one in sandbox.mails("inquiry-status")]


def test_the_merchant_sees_every_change_without_a_shell(sandbox: Workspace) -> None:
    inquiry = ask(sandbox)
    (row,) = listed(sandbox)
    assert list(row) == ["inquiry", "fulfiller", "warehouse", "state", "sent_at", "answered_at", "active_since"]
    assert (row["inquiry"], row["fulfiller"], row["warehouse"], row["state"]) == (
        inquiry,
        "nordlager",
        "NL-HH1",
        "sent",
    )
    assert row["sent_at"] == "2026-11-25T10:00:00+01:00"
    mail = sandbox.mail("inquiry")
    steps = [
        ("Welche Artikelmaße haben Ihre Produkte?", "in_contact"),
        ("Anbei unsere Konditionen und unser Angebot.", "negotiating"),
        ("Der Vertrag ist unterschrieben.", "contract_agreed"),
        ("Hiermit bestätigen wir die Zusammenarbeit.", "active"),
    ]
    for day, (text, state) in enumerate(steps):
        sandbox.reply(mail, text)
        sandbox.run_once(f"2026-11-{26 + day}T09:00:00+01:00")
        (row,) = listed(sandbox)
        assert row["state"] == state, text
        assert len(statuses(sandbox)) == day + 1
    assert row["answered_at"] == "2026-11-26T09:00:00+01:00"
    assert row["active_since"] == "2026-11-29T09:00:00+01:00"
    assert {str(one["To"]) for one in sandbox.mails("inquiry-status")} == {"einkauf@nova.example"}
    assert [one.name for one in (sandbox.home / "outbox/merchants/nova").glob("inquiries*")] == ["inquiries.csv"]


def test_an_open_list_keeps_its_content_while_a_newer_one_takes_its_name(sandbox: Workspace) -> None:
    ask(sandbox)
    with (sandbox.home / "outbox/merchants/nova/inquiries.csv").open("rb") as reader:
        before = os.fstat(reader.fileno()).st_ino
        sandbox.reply(sandbox.mail("inquiry"), "Welche Artikelmaße haben Ihre Produkte?")
        sandbox.run_once(DAY)
        assert b",sent," in reader.read()
    after = (sandbox.home / "outbox/merchants/nova/inquiries.csv").stat().st_ino
    assert after != before
    assert listed(sandbox)[0]["state"] == "in_contact"


def test_inquiries_by_file_are_mailed_and_answered_row_by_row(sandbox: Workspace) -> None:
    sandbox.drop(
        "merchants/nova",
        "anfragen.csv",
        "fulfiller,warehouse,text\nNordlager Logistik GmbH,Hamburg 1,Haben Sie Platz?\n"
        "nordlager,NL-XX,Und hier?\nniemand,,Und dort?\n",
    )
    sandbox.run_once()
    assert "Haben Sie Platz?" in body(sandbox.mail("inquiry"))
    assert [one["state"] for one in listed(sandbox)] == ["sent"]
    results = [line.split(",")[3] for line in sandbox.receipt("merchants/nova", "anfragen.csv")[1:]]
    assert results == ["taken", "refused", "refused"]


def test_without_complete_contact_data_nothing_is_asked(sandbox: Workspace) -> None:
    (sandbox.home / "rules/partners/ours.yaml").write_text(PARTNERS.replace('phone: "+49 30 5550101", ', ""))
    text = sandbox.home / "text.txt"
    text.write_text("Haben Sie Platz?")
    ran = sandbox.refuse("inquire", "--merchant", "nova", "--fulfiller", "nordlager", "--text-file", str(text))
    assert (ran.status, ran.out) == (1, "")
    assert "phone" in ran.err
    sandbox.drop("merchants/nova", "anfragen.csv", "fulfiller,warehouse,text\nnordlager,NL-HH1,Haben Sie Platz?\n")
    sandbox.run_once()
    assert ",refused," in sandbox.receipt("merchants/nova", "anfragen.csv")[1]
    assert sandbox.mails("inquiry") == []


def test_silence_is_reminded_twice_told_to_the_operator_and_ends(sandbox: Workspace) -> None:
    inquiry = ask(sandbox)
    for day in ("2026-11-27", "2026-11-28", "2026-12-01", "2026-12-02", "2026-12-03", "2026-12-15"):
        sandbox.run_once(f"{day}T23:59:59+01:00")
    assert len(sandbox.mails("reminder-inquiry")) == 2
    assert any(inquiry in body(one) for one in sandbox.mails("operator"))
    assert listed(sandbox)[0]["state"] == "sent"
    sandbox.run_once("2026-12-17T00:30:00+01:00")
    assert listed(sandbox)[0]["state"] == "expired"
    assert "abgelaufen" in statuses(sandbox)[-1]
    sandbox.reply(sandbox.mail("inquiry"), "Entschuldigung, erst jetzt: Welche Artikelmaße haben Ihre Produkte?")
    sandbox.run_once("2026-12-18T09:00:00+01:00")
    assert listed(sandbox)[0]["state"] == "in_contact"
    assert "Artikelmaße" in statuses(sandbox)[-1]


@pytest.mark.parametrize("by", ["command", "mail"])
def test_a_withdrawn_inquiry_is_told_to_both(sandbox: Workspace, by: str) -> None:
    inquiry = ask(sandbox)
    sandbox.reply(sandbox.mail("inquiry"), "Welche Artikelmaße haben Ihre Produkte?")
    sandbox.run_once(DAY)
    if by == "command":
        sandbox.ask("inquiry", inquiry, "--set", "withdrawn", "--why", "Anruf von Nova")
    else:
        sandbox.reply(sandbox.mail("inquiry-status"), "Vielen Dank, aber hiermit ziehen wir unsere Anfrage zurück.")
    sandbox.run_once("2026-11-26T12:00:00+01:00")
    assert sandbox.ask("inquiry", inquiry)["state"] == "withdrawn"
    assert listed(sandbox)[0]["state"] == "withdrawn"
    assert sandbox.mail("inquiry-withdrawn")["To"] == "anfragen@nordlager.example"
    sandbox.run_once("2026-12-20T12:00:00+01:00")
    assert sandbox.mails("reminder-inquiry") == []


def test_a_relationship_that_is_withdrawn_is_over(sandbox: Workspace) -> None:
    inquiry = ask(sandbox)
    for state in ("contract_agreed", "active", "withdrawn"):
        sandbox.ask("inquiry", inquiry, "--set", state, "--why", "am Telefon")
    sandbox.run_once()
    assert listed(sandbox)[0]["state"] == "withdrawn"
    assert sandbox.ask("sync") == []


def test_a_refusal_is_told_and_the_fulfiller_may_be_asked_again(sandbox: Workspace) -> None:
    ask(sandbox)
    sandbox.reply(sandbox.mail("inquiry"), "Leider haben wir keine Kapazität und müssen absagen.")
    sandbox.run_once(DAY)
    assert "abgelehnt" in statuses(sandbox)[-1]
    assert ask(sandbox) == "I-0002"
    assert [one["state"] for one in listed(sandbox)] == ["declined", "sent"]


BOUNCE = """\
From: MAILER-DAEMON@mx.nordlager.example
To: {back}
Subject: Undelivered Mail Returned to Sender
Date: Wed, 25 Nov 2026 10:00:05 +0100
Message-ID: <bounce-1@mx.nordlager.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="part"

--part
Content-Type: text/plain

550 5.1.1 User unknown
--part
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.nordlager.example

Final-Recipient: rfc822; {to}
Action: failed
Status: 5.1.1

--part
Content-Type: text/rfc822-headers

Message-ID: {message}
Subject: Anfrage

--part--
"""


def test_an_inquiry_that_comes_back_is_undeliverable(sandbox: Workspace) -> None:
    ask(sandbox)
    mail = sandbox.mail("inquiry")
    bounce = BOUNCE.format(back=mail["Reply-To"], to=mail["To"], message=mail["Message-ID"])
    sandbox.drop("mail", "bounce.eml", bounce)
    sandbox.run_once("2026-11-25T10:01:00+01:00")
    assert listed(sandbox)[0]["state"] == "undeliverable"
    assert "nicht zugestellt" in statuses(sandbox)[-1]


def test_what_never_arrived_goes_out_again_once_its_address_is_right(sandbox: Workspace) -> None:
    inquiry = ask(sandbox)
    mail = sandbox.mail("inquiry")
    sandbox.drop("mail", "bounce.eml", BOUNCE.format(back=mail["Reply-To"], to=mail["To"], message=mail["Message-ID"]))
    sandbox.run_once("2026-11-25T10:01:00+01:00")
    sandbox.reply(sandbox.mail("inquiry-status"), "Die richtige Adresse ist vertrieb@nordlager.example.")
    sandbox.run_once("2026-11-25T11:00:00+01:00")
    assert sandbox.mails("relay") == []
    (held,) = sandbox.ask("held")
    assert "Nordlager" not in held["excerpt"]
    assert "nicht erreicht" in held["reasons"][0]
    assert "Jemand von uns liest sie" in body(sandbox.mail("answer"))
    partners = sandbox.home / "rules/partners/ours.yaml"
    partners.write_text(partners.read_text().replace("anfragen@", "vertrieb@"))
    sandbox.clock = "2026-11-26T10:00:00+01:00"
    sandbox.ask("inquiry", inquiry, "--set", "sent", "--why", "neue Adresse von Nova")
    sandbox.ask("discard", held["id"], "--by", "anna", "--why", "berichtigt")
    sandbox.run_once()
    again = sandbox.mails("inquiry")[-1]
    assert (again["To"], again["Message-ID"] != mail["Message-ID"]) == ("vertrieb@nordlager.example", True)
    assert "Musterweg 1" in body(again)
    assert listed(sandbox)[0]["sent_at"] == "2026-11-26T10:00:00+01:00"
    clocks = [one for one in sandbox.ask("inquiry", inquiry)["deadlines"] if one["state"] == "open"]
    assert {one["kind"]: one["due"][:10] for one in clocks} == {"answer": "2026-12-03", "expiry": "2026-12-17"}
    assert sandbox.refuse("inquiry", inquiry, "--set", "sent", "--why", "noch einmal").status == 1


def test_a_relationship_that_stands_keeps_an_ended_inquiry_from_coming_back(sandbox: Workspace) -> None:
    first = ask(sandbox)
    sandbox.ask("inquiry", first, "--set", "declined", "--why", "am Telefon")
    again = ask(sandbox)
    refused = sandbox.refuse("inquiry", first, "--set", "in_contact", "--why", "doch noch")
    assert again in refused.err
    sandbox.ask("inquiry", again, "--set", "withdrawn", "--why", "am Telefon")
    assert sandbox.ask("inquiry", first, "--set", "in_contact", "--why", "doch noch")["state"] == "in_contact"


def test_who_has_answered_on_the_telephone_is_not_reminded_and_does_not_expire(sandbox: Workspace) -> None:
    inquiry = ask(sandbox)
    sandbox.ask("inquiry", inquiry, "--set", "negotiating", "--why", "Anruf von Nordlager")
    sandbox.run_once()
    assert listed(sandbox)[0]["answered_at"] == "2026-11-25T10:00:00+01:00"
    assert "nichts zu melden" in statuses(sandbox)[-1]
    sandbox.run_once("2026-12-20T10:00:00+01:00")
    assert listed(sandbox)[0]["state"] == "negotiating"
    assert sandbox.mails("reminder-inquiry") == []


def test_the_fulfiller_is_reminded_to_confirm_once_the_contract_is_agreed(sandbox: Workspace) -> None:
    inquiry = ask(sandbox)
    sandbox.reply(sandbox.mail("inquiry"), "Der Vertrag ist unterschrieben.")
    sandbox.run_once(DAY)
    sandbox.run_once("2026-12-01T08:00:00+01:00")
    reminder = sandbox.mail("reminder-confirm")
    assert (reminder["To"], "nach dem Vertrag" in body(reminder)) == ("anfragen@nordlager.example", True)
    sandbox.reply(reminder, "Ja, gerne.")
    sandbox.run_once("2026-12-01T09:00:00+01:00")
    assert sandbox.ask("inquiry", inquiry)["state"] == "active"
    sandbox.run_once("2026-12-20T10:00:00+01:00")
    assert len(sandbox.mails("reminder-confirm")) == 1


def test_what_the_contact_data_lack_is_said_in_the_merchants_own_words(sandbox: Workspace) -> None:
    partners = sandbox.home / "rules/partners/ours.yaml"
    partners.write_text(partners.read_text().replace('phone: "+49 30 5550101", ', "").replace("city: Berlin, ", ""))
    sandbox.drop("merchants/nova", "inquiries.csv", "fulfiller,warehouse,text\nnordlager,,Wir suchen ein Lager.\n")
    sandbox.run_once()
    assert "unvollständig: Telefon, Ort (phone, city)" in sandbox.receipt("merchants/nova", "inquiries.csv")[1]


@pytest.mark.parametrize("by", ["command", "Ja, wir bestätigen die Zusammenarbeit ebenfalls.", "Wir stimmen zu."])
def test_a_two_sided_handshake_needs_the_merchant_too(sandbox: Workspace, by: str) -> None:
    configure(sandbox, "inquiries: {handshake: two_sided}")
    inquiry = ask(sandbox)
    sandbox.reply(sandbox.mail("inquiry"), "Der Vertrag ist unterschrieben, hiermit bestätigen wir die Zusammenarbeit.")
    sandbox.run_once(DAY)
    assert sandbox.ask("inquiry", inquiry)["state"] == "contract_agreed"
    shown = sandbox.ask("inquiry", inquiry)
    assert (shown["confirmed_at"], shown["merchant_confirmed_at"]) == (DAY, None)
    assert "handshake 2026-12-03 23:59 open" in sandbox.command("inquiry", inquiry, "--at", DAY).out
    (wanted,) = [one for one in sandbox.mails() if one["To"] == "einkauf@nova.example"]
    assert wanted["X-Postbote-Template"] == "inquiry-confirm"
    assert "Der Vertrag ist unterschrieben" in body(wanted)
    if by == "command":
        sandbox.ask("inquiry", inquiry, "--set", "active", "--why", "Nova am Telefon")
    else:
        sandbox.reply(wanted, by)
    sandbox.run_once("2026-11-26T10:00:00+01:00")
    assert sandbox.ask("inquiry", inquiry)["state"] == "active"
    assert listed(sandbox)[0]["active_since"]
    told = sandbox.mail("inquiry-active")
    assert (told["To"], "Nova Handels GmbH ist aktiv" in body(told)) == ("anfragen@nordlager.example", True)


def test_a_yes_that_answers_anything_else_confirms_nothing_and_he_hears_what_would(sandbox: Workspace) -> None:
    configure(sandbox, "inquiries: {handshake: two_sided}")
    inquiry = ask(sandbox)
    sandbox.reply(sandbox.mail("inquiry"), "Welche Artikelmaße haben Ihre Produkte?")
    sandbox.run_once(DAY)
    sandbox.reply(sandbox.mail("inquiry"), "Der Vertrag ist unterschrieben, hiermit bestätigen wir die Zusammenarbeit.")
    sandbox.run_once("2026-11-26T09:30:00+01:00")
    sandbox.reply(sandbox.mail("inquiry-status"), "Ja, gerne.")
    assert sandbox.run_once("2026-11-26T10:00:00+01:00")["held"] == 1
    assert sandbox.ask("inquiry", inquiry)["state"] == "contract_agreed"
    told = body(sandbox.mail("answer"))
    assert "Wir bestätigen die Zusammenarbeit" in told
    assert "Sendungsnummer" not in told


def test_a_merchant_who_has_confirmed_is_not_asked_to_do_so(sandbox: Workspace) -> None:
    configure(sandbox, "inquiries: {handshake: two_sided}")
    inquiry = ask(sandbox)
    sandbox.reply(sandbox.mail("inquiry"), "Ja, gern. Wir schicken Ihnen den Vertrag.")
    sandbox.run_once(DAY)
    words = "Der Vertrag ist unterschrieben. Hiermit bestätigen wir die Zusammenarbeit."
    sandbox.reply(sandbox.mail("inquiry-status"), words)
    sandbox.run_once("2026-11-26T10:00:00+01:00")
    assert sandbox.ask("inquiry", inquiry)["merchant_confirmed_at"]
    (told,) = [one for one in sandbox.mails("inquiry-status") if "geschlossen" in body(one)]
    assert "nichts zu tun" in body(told)
    wanted = sandbox.mail("inquiry-confirm")
    assert (wanted["To"], "auch Sie" in wanted["Subject"]) == ("anfragen@nordlager.example", True)
    assert "| Der Vertrag ist unterschrieben." in body(wanted)


def test_neither_side_learns_the_others_address_where_the_installation_says_so(sandbox: Workspace) -> None:
    configure(sandbox, "inquiries: {show_contact: false}")
    ask(sandbox)
    asked = sandbox.mail("inquiry")
    sandbox.reply(asked, "Welche Artikelmaße haben Ihre Produkte? Gern an jana@nordlager.example, Tel. 040 5550 199.")
    sandbox.run_once(DAY)
    assert "Gern an [e-mail …], Tel. [tel. …]." in " ".join(body(sandbox.mail("inquiry-status")).split()).replace(
        "| ", ""
    )
    sandbox.reply(sandbox.mail("inquiry-status"), "60 mal 40 Zentimeter. Ada, +49 30 5550101, ada@nova.example")
    sandbox.run_once("2026-11-26T10:00:00+01:00")
    to_fulfiller = [one for one in sandbox.mails() if one["To"] == "anfragen@nordlager.example"]
    to_merchant = [one for one in sandbox.mails() if one["To"] == "einkauf@nova.example"]
    assert len(to_fulfiller) == 2
    assert not [one for one in to_fulfiller if "nova.example" in written(one) or "5550101" in written(one)]
    assert not [one for one in to_merchant if "nordlager.example" in written(one)]
    assert "Ada Beispiel" in body(asked)
    assert "unmittelbar" not in "".join(map(body, sandbox.mails()))


def test_files_go_along_with_what_is_passed_on_and_one_alone_waits_for_a_person(sandbox: Workspace) -> None:
    ask(sandbox)
    prices = b"%PDF-1.4 Preise"
    sandbox.reply(sandbox.mail("inquiry"), "Anbei unsere Preise.", file=("Preise.pdf", prices))
    sandbox.run_once(DAY)
    (file,) = list(attached(sandbox.mail("inquiry-status")))
    assert file == ("Preise.pdf", "application/pdf", prices)
    sandbox.reply(sandbox.mail("inquiry-status"), "", file=("Vertrag.pdf", b"%PDF-1.4 Vertrag"))
    sandbox.run_once("2026-11-26T10:00:00+01:00")
    (held,) = sandbox.ask("held")
    sandbox.ask("release", held["id"], "--by", "anna", "--why", "Vertrag liegt bei")
    sandbox.run_once("2026-11-26T11:00:00+01:00")
    last = sandbox.mails("relay")[-1]
    assert (last["To"], [name for name, _, _ in attached(last)]) == ("anfragen@nordlager.example", ["Vertrag.pdf"])


def test_where_addresses_are_hidden_somebody_looks_into_a_file_before_it_is_passed_on(sandbox: Workspace) -> None:
    configure(sandbox, "inquiries: {show_contact: false}")
    inquiry = ask(sandbox)
    sandbox.reply(
        sandbox.mail("inquiry"), "Anbei unsere Preise.", file=("Preise.pdf", b"%PDF-1.4 jana@nordlager.example")
    )
    sandbox.run_once(DAY)
    assert listed(sandbox)[0]["state"] == "sent"
    (held,) = sandbox.ask("held")
    assert (held["about"], "Preise.pdf" in held["reasons"][0]) == (inquiry, True)
    assert "liest sie" in body(sandbox.mail("answer"))
    assert not [one for one in sandbox.mails() if "jana" in one.as_string()]
    original = sandbox.home / "mail.eml"
    sandbox.ask("explain", held["id"], "--original", str(original))
    assert [name for name, *_ in attached(message_from_bytes(original.read_bytes(), policy=policy.default))] == [
        "Preise.pdf"
    ]
    assert "File exists" in sandbox.refuse("explain", held["id"], "--original", str(original)).err
    sandbox.ask("release", held["id"], "--by", "anna", "--why", "nichts darin")
    sandbox.run_once("2026-11-26T11:00:00+01:00")
    assert [name for name, *_ in attached(sandbox.mail("inquiry-status"))] == ["Preise.pdf"]
    assert listed(sandbox)[0]["state"] == "negotiating"


def test_a_contract_that_the_merchant_reports_is_confirmed_by_the_fulfiller_alone(sandbox: Workspace) -> None:
    inquiry = ask(sandbox)
    sandbox.reply(sandbox.mail("inquiry"), "Anbei unsere Konditionen und unser Angebot.")
    sandbox.run_once(DAY)
    sandbox.reply(sandbox.mail("inquiry-status"), "Der Vertrag ist unterschrieben. Wir bestätigen die Zusammenarbeit.")
    sandbox.run_once("2026-11-26T10:00:00+01:00")
    shown = sandbox.ask("inquiry", inquiry)
    assert (shown["state"], shown["confirmed_at"]) == ("contract_agreed", None)
    wanted = sandbox.mail("inquiry-confirm")
    assert (wanted["To"], wanted["Date"].startswith("Thu, 26 Nov 2026")) == ("anfragen@nordlager.example", True)
    assert "| Der Vertrag ist unterschrieben." in body(wanted)
    assert sandbox.mails("relay") == []
    assert any(
        "Gemailt: Bitte um Bestätigung der Zusammenarbeit" in one["what"]
        for one in sandbox.ask("inquiry", inquiry)["history"]
    )
    sandbox.reply(wanted, "Ja, gerne.")
    sandbox.run_once("2026-11-26T11:00:00+01:00")
    assert sandbox.ask("inquiry", inquiry)["state"] == "active"


def test_a_contract_that_is_open_again_lets_no_confirmation_activate_until_it_stands(sandbox: Workspace) -> None:
    inquiry = ask(sandbox)
    for state in ("contract_agreed", "negotiating"):
        sandbox.ask("inquiry", inquiry, "--set", state, "--why", "am Telefon")
    refused = sandbox.refuse("inquiry", inquiry, "--set", "active", "--why", "bestätigt")
    assert (refused.status, sandbox.ask("inquiry", inquiry)["state"]) == (1, "negotiating")
    sandbox.ask("inquiry", inquiry, "--set", "contract_agreed", "--why", "nun unterschrieben")
    assert sandbox.ask("inquiry", inquiry, "--set", "active", "--why", "bestätigt")["state"] == "active"


def test_nobody_is_reminded_of_a_contract_that_is_open_again_and_a_late_yes_to_it_activates_nothing(
    sandbox: Workspace,
) -> None:
    inquiry = ask(sandbox)
    sandbox.ask("inquiry", inquiry, "--set", "contract_agreed", "--why", "am Telefon")
    sandbox.run_once()
    sandbox.ask("inquiry", inquiry, "--set", "negotiating", "--why", "doch nicht unterschrieben")
    sandbox.run_once("2026-12-02T08:00:00+01:00")
    assert sandbox.mails("reminder-confirm") == []
    sandbox.reply(sandbox.mail("inquiry-confirm"), "Ja, gerne.")
    sandbox.run_once("2026-12-02T09:00:00+01:00")
    assert sandbox.ask("inquiry", inquiry)["state"] == "negotiating"
    sandbox.ask("inquiry", inquiry, "--set", "contract_agreed", "--why", "nun unterschrieben")
    sandbox.run_once("2026-12-07T08:00:00+01:00")
    assert sandbox.ask("inquiry", inquiry)["state"] == "contract_agreed"
    assert len(sandbox.mails("inquiry-confirm")) == 2
    assert sandbox.mail("reminder-confirm")["Date"].startswith("Mon, 07 Dec 2026")


def attached(mail: Message) -> Iterator[tuple[str, str, bytes]]:
    assert isinstance(mail, EmailMessage)
    for one in mail.iter_attachments():
        yield str(one.get_filename()), one.get_content_type(), one.get_content()


def written(mail: Message) -> str:
    """Everything that can be seen of a mail: its headers, and its text without any encoding."""
    return f"{mail.items()} {body(mail)}"
