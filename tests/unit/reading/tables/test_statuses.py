from datetime import date

import pytest

from daemon.domain.finding import Trouble
from tests.unit.reading.dropped import UPS_NUMBER, codes, kinds, only, read

HEADER = "Bestellnummer;Sendungsnummer;Status;lieferbar ab\n"


@pytest.mark.parametrize(
    ("status", "problem"),
    [
        ("nicht lieferbar", "out_of_stock"),
        ("Leider derzeit NICHT  lieferbar!", "out_of_stock"),
        ("out_of_stock", "out_of_stock"),
        ("verzögert", "delay"),
        ("Adresse unvollständig", "address"),
        ("beim Zoll", "customs"),
    ],
)
def test_a_status_that_tells_of_trouble_is_trouble(status: str, problem: str) -> None:
    assert kinds(read(f"{HEADER}A-1;;{status};\n")) == [("Trouble", problem)]


def test_the_longer_phrase_wins_over_the_one_inside_it() -> None:
    assert not read(f"{HEADER}A-1;;wieder lieferbar;\n").findings


def test_trouble_may_say_until_when() -> None:
    found = only(read(f"{HEADER}A-1;;nicht lieferbar;02.12.2026\n"))
    assert isinstance(found, Trouble)
    assert found.until == date(2026, 12, 2)


def test_a_date_of_trouble_that_cannot_be_read_is_doubted() -> None:
    assert codes(read(f"{HEADER}A-1;;nicht lieferbar;bald\n")) == ["bad_date"]


def test_dispatched_without_a_number_is_said_but_not_a_parcel() -> None:
    assert kinds(read(f"{HEADER}A-1;;versandt;\n")) == [("Said", "shipped")]


def test_dispatched_beside_a_number_adds_nothing() -> None:
    assert kinds(read(f"{HEADER}A-1;{UPS_NUMBER};versandt;\n")) == [("Parcel", UPS_NUMBER)]


def test_a_carriers_own_words_beside_a_number_mean_nothing() -> None:
    assert kinds(read(f"{HEADER}A-1;{UPS_NUMBER};Im Ziel-Paketzentrum bearbeitet;\n")) == [("Parcel", UPS_NUMBER)]


def test_a_status_that_nobody_knows_is_doubted_where_it_stands_alone() -> None:
    assert codes(read(f"{HEADER}A-1;;blockiert;\n")) == ["unknown_status"]


def test_a_problem_that_nobody_knows_is_doubted_even_beside_a_number() -> None:
    content = f"Bestellnummer;Sendungsnummer;Problem\nA-1;{UPS_NUMBER};Karton nass\n"
    assert codes(read(content)) == ["unknown_status"]


def test_a_confirmation_is_said() -> None:
    assert kinds(read(f"{HEADER}A-1;;bestätigt;\n")) == [("Said", "accepted")]


@pytest.mark.parametrize("note", ["1 Ladegerät fehlt", "Deckel lässt sich nicht schließen", "noch in Bearbeitung?"])
def test_a_note_in_a_row_without_a_number_that_nobody_understands_is_doubted(note: str) -> None:
    content = f"Bestellnummer;Sendungsnummer;Status;Notiz\nA-1;;in Bearbeitung;{note}\n"
    assert codes(read(content)) == ["unknown_status"]


@pytest.mark.parametrize("note", ["noch offen", "in Bearbeitung", "ok", "-"])
def test_a_note_that_says_no_more_than_the_status_is_none(note: str) -> None:
    assert not read(f"Bestellnummer;Sendungsnummer;Status;Notiz\nA-1;;in Bearbeitung;{note}\n").findings


def test_a_note_below_whatever_heading_counts_where_no_number_stands() -> None:
    assert codes(read("Bestellnummer;Sendungsnummer;Lager\nA-1;;liegt noch in Halle 3\n")) == ["unknown_status"]


@pytest.mark.parametrize("day", ["23.11.2026", "x", "ja"])
def test_a_day_of_dispatch_without_a_number_says_that_something_has_left(day: str) -> None:
    assert kinds(read(f"Bestellnummer;versandt;Sendungsnummer\nA-1;{day};\n")) == [("Said", "shipped")]


@pytest.mark.parametrize("day", ["24.11.2026", "nein", ""])
def test_a_day_to_come_without_a_number_says_nothing(day: str) -> None:
    assert kinds(read(f"Bestellnummer;versandt;Sendungsnummer\nA-1;{day};\n")) == []


@pytest.mark.parametrize("status", ["nicht lieferbar", "out of stock", "Rückstand", "backordered", "verzögert"])
def test_what_is_not_there_has_not_left_with_the_number_beside_it(status: str) -> None:
    assert codes(read(f"{HEADER}A-1;{UPS_NUMBER};{status};\n")) == ["not_left_yet"]


def test_what_is_late_may_be_on_its_way() -> None:
    header = "Bestellnummer;Sendungsnummer;Status;Letzter Scan\n"
    assert "not_left_yet" not in codes(read(f"{header}A-1;{UPS_NUMBER};verzögert;in Zustellung\n"))


@pytest.mark.parametrize("name", ["data", "payload", "object"])
def test_an_envelope_says_what_happened_to_what_lies_in_it(name: str) -> None:
    inner = f'{{"order_number": "A-1", "tracking_number": "{UPS_NUMBER}"}}'
    assert kinds(read(f'{{"event": "shipped", "{name}": {inner}}}')) == [("Parcel", UPS_NUMBER)]
    assert codes(read(f'{{"event": "label.voided", "{name}": {inner}}}')) == ["not_left_yet"]


@pytest.mark.parametrize("heading", ["Status", "Bemerkung"])
@pytest.mark.parametrize(
    "said", ["Empfänger nicht angetroffen, neuer Versuch morgen", "Client absent, 2e présentation demain"]
)
def test_what_found_nobody_is_on_its_way_whatever_is_put_off(heading: str, said: str) -> None:
    assert not codes(read(f"Bestellnummer;Sendungsnummer;{heading}\nA-1;{UPS_NUMBER};{said}\n"))


@pytest.mark.parametrize("said", ["Fahrer nicht angetroffen", "UPS nicht da, morgen", "unterwegs erst morgen"])
def test_what_the_driver_did_not_fetch_is_not(said: str) -> None:
    assert codes(read(f"Bestellnummer;Sendungsnummer;Status\nA-1;{UPS_NUMBER};{said}\n"))
