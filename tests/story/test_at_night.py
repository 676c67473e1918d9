"""What a tired operator reads: each message names the thing that it is about, and the command that helps."""

from tests.story.test_inquiry import ask
from tests.support.builders import DHL_NUMBER, IMEI_A
from tests.support.workspace import Workspace, body, order_file, order_row


def place(sandbox: Workspace, *more: str) -> None:
    sandbox.drop("orders", "orders.csv", order_file(order_row(), *more))
    sandbox.run_once()


def test_a_missed_deadline_is_told_once_and_names_the_command(sandbox: Workspace) -> None:
    place(sandbox)
    sandbox.run_once("2026-11-30T09:00:00+01:00")
    told = body(sandbox.mail("operator"))
    assert "`postbote record A-1001 --carrier … --tracking …`" in told
    assert "`postbote record A-1001 --buyer-told`" in told
    assert told.count("Nachricht an den Käufer zu A-1001") == 1


def test_a_missing_column_is_called_by_its_plain_name_in_the_senders_language(sandbox: Workspace) -> None:
    place(sandbox)
    for party, name in (("acme", "a.csv"), ("bolt", "b.csv")):
        sandbox.drop(f"sellers/{party}", name, "Bestellnummer;A;B\nA-1001;x;y\n")
    sandbox.run_once()
    assert "fehlt eine Spalte: Sendungsnummer" in sandbox.receipt("sellers/acme", "a.csv")[1]
    assert "lacks a column: tracking number" in sandbox.receipt("sellers/bolt", "b.csv")[1]


def test_what_is_used_elsewhere_says_where(sandbox: Workspace) -> None:
    place(sandbox, order_row(order_id="A-1002", ship_street="Anderswo 1"))
    sandbox.ask("record", "A-1001", "--carrier", "dhl", "--tracking", DHL_NUMBER, "--imei", IMEI_A)
    assert "A-1001" in sandbox.refuse("record", "A-1002", "--imei", IMEI_A).err
    sandbox.reply(sandbox.mails("order")[1], f"DHL {DHL_NUMBER}, IMEI {IMEI_A}")
    sandbox.run_once("2026-11-25T11:00:00+01:00")
    (held,) = sandbox.ask("held")
    assert [one for one in held["reasons"] if "schon bei der Bestellung A-1001" in one] == held["reasons"]


def test_whose_order_it_is_that_another_seller_sends_is_told_to_the_operator_alone(sandbox: Workspace) -> None:
    place(sandbox, order_row(order_id="B-1001", seller="bolt", ship_street="Anderswo 1"))
    sandbox.ask("record", "A-1001", "--carrier", "dhl", "--tracking", DHL_NUMBER, "--imei", IMEI_A)
    (mail,) = [one for one in sandbox.mails("order") if one["To"] == "desk@bolt.example"]
    sandbox.reply(mail, f"DHL {DHL_NUMBER}, IMEI {IMEI_A}")
    rows = f"order_id,carrier,tracking_number,imei\nB-1001,DHL,{DHL_NUMBER},{IMEI_A}\n"
    sandbox.drop("sellers/bolt", "today.csv", rows)
    sandbox.run_once("2026-11-25T11:00:00+01:00")
    assert all("A-1001" in one for held in sandbox.ask("held") for one in held["reasons"])
    told = body(sandbox.mail("answer")) + "".join(sandbox.receipt("sellers/bolt", "today.csv"))
    assert ("another order" in told, "A-1001" in told) == (True, False)


def test_all_lists_are_by_the_operators_clock_and_an_order_by_its_markets_and_say_so(sandbox: Workspace) -> None:
    place(sandbox, order_row(order_id="B-1001", seller="bolt", market="en-GB"))

    def printed(*words: str) -> str:
        return sandbox.command(*words, "--at", "2026-11-25T10:00:00+01:00").out

    for words in (("orders",), ("status", "--owed"), ("forecast",)):
        said = printed(*words)
        assert "2026-11-28 00:59" in said, words
        assert said.endswith("Zeiten: Europe/Berlin\n"), words
    partners = sandbox.home / "rules/partners/ours.yaml"
    at_home = "email: [einkauf@nova.example]\n  language: de\n  timezone: Europe/"
    partners.write_text(partners.read_text().replace(f"{at_home}Berlin", f"{at_home}London"))
    said = printed("inquiry", ask(sandbox))
    assert "2026-11-25 10:00" in said
    assert "2026-11-25 09:00" not in said
    assert said.endswith("Zeiten: Europe/Berlin\n")
    said = printed("order", "B-1001")
    assert "2026-11-27 23:59" in said
    assert "Zeiten: Europe/London" in said


def test_lists_are_headed_in_the_operators_language_and_json_is_not(sandbox: Workspace) -> None:
    place(sandbox)
    at = ("--at", str(sandbox.clock))
    assert sandbox.command("orders", *at).out.startswith("Bestellung  Stand")
    config = sandbox.home / "config.yaml"
    config.write_text(config.read_text().replace("locale: de-DE", "locale: it-IT"))
    assert sandbox.command("orders", *at).out.startswith("ordine  stato")
    assert "spedire entro" in sandbox.command("order", "A-1001", *at).out
    assert "Nulla attende una persona." in sandbox.command("held", *at).out
    assert sandbox.ask("orders")[0]["state"] == "released"


def test_the_doctor_speaks_the_operators_language(sandbox: Workspace) -> None:
    said = {one["name"]: one["said"] for one in sandbox.ask("doctor")}
    assert said["disk"] == "Geht."
    assert "`imprint`" in said["imprint"]
    config = sandbox.home / "config.yaml"
    config.write_text(config.read_text().replace("locale: de-DE", "locale: fr-FR"))
    assert {one["said"] for one in sandbox.ask("doctor") if one["name"] == "disk"} == {"Fonctionne."}


def test_the_subject_of_a_status_says_that_there_is_a_message(sandbox: Workspace) -> None:
    text = sandbox.home / "inquiry.txt"
    text.write_text("Wir suchen ein Lager.")
    sandbox.ask("inquire", "--merchant", "nova", "--fulfiller", "nordlager", "--text-file", str(text))
    sandbox.run_once()
    listed = sandbox.command("inquiries", "--at", "2026-11-25T10:00:00+01:00").out
    assert listed.endswith("Zeiten: Europe/Berlin\n")
    sandbox.reply(sandbox.mail("inquiry"), "Wie viele Sendungen erwarten Sie im Monat?")
    sandbox.run_once("2026-11-25T11:00:00+01:00")
    assert sandbox.mail("inquiry-status")["Subject"] == "Anfrage I-0001: neue Nachricht an Sie"


def test_what_has_no_new_date_is_told_at_once_for_somebody_has_to_decide(sandbox: Workspace) -> None:
    place(sandbox)
    sandbox.reply(sandbox.mail("order"), "Leider nicht mehr lieferbar.")
    sandbox.run_once("2026-11-25T12:00:00+01:00")
    told = body(sandbox.mail("operator"))
    assert "acme meldet zur Bestellung A-1001 ein Problem, ohne einen neuen Termin: nicht vorrätig." in told
    assert "`postbote cancel A-1001`" in told


def test_what_is_at_its_end_says_what_can_be_typed(sandbox: Workspace) -> None:
    place(sandbox)
    sandbox.run_once("2026-12-08T10:00:00+01:00")
    said = " ".join(sandbox.command("status", "--owed", "--at", "2026-12-08T10:00:00+01:00").out.split())
    assert "Von selbst" in said
    assert "`postbote order A-1001`" in said
