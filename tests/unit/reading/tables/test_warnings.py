from io import BytesIO

import pytest

from daemon.domain.finding import Parcel
from daemon.domain.snapshot import Context
from daemon.reading.tables.files import read_file
from daemon.reading.tables.warnings import is_name_of
from tests.unit.reading.dropped import (
    DHL_NUMBER,
    DPD_NUMBER,
    IMEI,
    UPS_NUMBER,
    codes,
    dropped,
    kinds,
    only,
    read,
    rulebook,
    unreadable_code,
)

PARCEL = ("Parcel", DHL_NUMBER)


def beside(heading: str, text: str) -> list[str]:
    """The doubts about a number beside which a cell stands."""
    return codes(read(f"Bestellnummer;Sendungsnummer;{heading}\nA-1;{DHL_NUMBER};{text}\nA-2;{UPS_NUMBER};\n"))[:1]


@pytest.mark.parametrize(
    "said",
    ["PRE_TRANSIT", "Ready to send", "Étiquette éditée", "Przygotowana", "Voorgemeld", "Daten übermittelt", "REFUNDED"],
)
def test_a_number_whose_label_is_only_made_is_held(said: str) -> None:
    assert beside("Status", said) == ["not_left_yet"]


@pytest.mark.parametrize("said", ["IN_TRANSIT", "Zugestellt", "Pris en charge", "Odebrana od nadawcy", "Recogido"])
def test_a_number_on_its_way_is_taken(said: str) -> None:
    assert beside("Status", said) == []


def test_a_status_beside_a_number_that_nobody_understands_holds_it() -> None:
    assert beside("Status", "zorpt vor sich hin") == ["unknown_status"]


@pytest.mark.parametrize(
    ("heading", "text"),
    [
        ("Lagerort neu", "liegt noch in Halle 3"),
        ("OK?", "nein, Karton fehlt"),
        ("Anmerkung intern", "richtige Nummer?"),
        ("Neue Nummer", DHL_NUMBER[:-2] + "64"),
    ],
)
def test_what_stands_below_a_heading_that_nobody_understands_may_speak_against_a_number(
    heading: str, text: str
) -> None:
    assert beside(heading, text) == ["unknown_status"]


def test_a_further_carrier_below_a_heading_that_nobody_understands_holds_a_number() -> None:
    rows = f"Bestellnummer;Sendungsnummer;Dienst;Tatsächlich mit\nA-1;{DHL_NUMBER};DHL;UPS\nA-2;{UPS_NUMBER};UPS;\n"
    assert codes(read(rows)) == ["unknown_status"]


@pytest.mark.parametrize(
    ("heading", "text"),
    [("Lager-Info", "Halle 3"), ("Tatsächlich mit", "DHL"), ("postbote_reason", "Die Nummer fehlt noch.")],
)
def test_what_says_nothing_against_a_number_or_was_said_by_us_holds_none(heading: str, text: str) -> None:
    assert beside(heading, text) == []


def test_a_part_without_its_pieces_is_held_and_one_with_them_is_taken() -> None:
    assert beside("Status", "Teilweise versandt") == ["bad_quantity"]
    header = "Bestellnummer;Sendungsnummer;Status;Menge"
    assert kinds(read(f"{header}\nA-1;{DHL_NUMBER};Teilweise versandt;1\n")) == [PARCEL]


@pytest.mark.parametrize("said", ["geht morgen raus", "Rest folgt", "noch nicht abgeholt"])
def test_a_remark_that_puts_it_off_holds_a_number(said: str) -> None:
    assert beside("Bemerkung", said) != []


def test_who_packed_it_is_no_remark_against_a_number() -> None:
    assert beside("Bemerkung", "gepackt von Anna") == []


@pytest.mark.parametrize(
    ("heading", "text"),
    [("Übergeben", "nein"), ("VoidIndicator", "yes"), ("Zorp", "storniert"), ("Load Out Done", "No"), ("Test", "yes")],
)
def test_a_sign_that_it_has_not_left_holds_a_number(heading: str, text: str) -> None:
    assert beside(heading, text) == ["not_left_yet"]


def test_a_label_that_is_printed_counts_once_it_was_handed_over() -> None:
    header = "Bestellnummer;Sendungsnummer;Status;Tagesabschluss"
    assert (
        codes(read(f"{header}\nA-1;{DHL_NUMBER};gedruckt;ja\nA-2;{UPS_NUMBER};gedruckt;nein\n")) == ["not_left_yet"] * 2
    )


def test_a_blank_beside_others_that_were_handed_over_holds_a_number() -> None:
    header = "Bestellnummer;Sendungsnummer;Abgeholt am"
    assert codes(read(f"{header}\nA-1;{DHL_NUMBER};25.11.2026\nA-2;{UPS_NUMBER};\n")) == ["not_left_yet"]


def test_a_number_that_replaces_another_says_which() -> None:
    header = "Bestellnummer;Sendungsnummer alt;Sendungsnummer neu"
    found = only(read(f"{header}\nA-1;{UPS_NUMBER};{DHL_NUMBER}\n"))
    assert isinstance(found, Parcel)
    assert (found.number, found.instead) == (DHL_NUMBER, UPS_NUMBER)


@pytest.mark.parametrize("row", [f"A-1;{UPS_NUMBER};{DHL_NUMBER};Karton beschädigt", f"A-1;{UPS_NUMBER};;"])
def test_a_number_that_was_replaced_for_a_reason_or_by_none_is_held(row: str) -> None:
    header = "Bestellnummer;Sendungsnummer alt;Sendungsnummer neu;Grund;IMEI"
    assert "partner_correction" in codes(read(f"{header}\n{row};{IMEI}\n"))


def test_what_came_back_is_told_row_by_row_beside_the_day_it_left() -> None:
    header = "Bestellnummer;Versandt am;Sendungsnummer;Retoure am"
    reading = read(f"{header}\nA-1;24.11.2026;{DHL_NUMBER};\nA-2;24.11.2026;{UPS_NUMBER};25.11.2026\n")
    assert (kinds(reading)[:1], codes(reading)) == ([PARCEL], ["not_left_yet"])


def test_returns_without_a_day_on_which_something_left_are_none() -> None:
    header = "Bestellnummer;Sendungsnummer;Retourengrund"
    assert unreadable_code(read(f"{header}\nA-1;{DHL_NUMBER};defekt\n")) == "returns_list"


def test_a_heading_with_a_carriers_name_names_its_numbers() -> None:
    assert kinds(read(f"Bestellnummer;DPD-Nr.\nA-1;{DPD_NUMBER}\n")) == [("Parcel", DPD_NUMBER)]


def test_a_service_is_not_made_of_short_words() -> None:
    assert kinds(read(f"Auftrag;Tracking;Dienst\nA-1;{DHL_NUMBER};Express\n"))[:1] != [("Doubt", "DHL")]


def test_a_column_for_the_order_that_is_blank_gives_way_to_one_that_is_not() -> None:
    reading = read(f"PO Number;Reference;Tracking no\n;A-1;{DHL_NUMBER}\n")
    assert [one.order for one in reading.findings] == ["A-1"]


def test_numbers_of_no_carrier_give_way_to_those_with_right_check_digits() -> None:
    header = "Sales order no;Despatch number;Carrier reference"
    assert kinds(read(f"{header}\nA-1;D-1;{DHL_NUMBER}\n")) == [PARCEL]


@pytest.mark.parametrize(
    ("heading", "text", "code"),
    [
        ("Storniert", "x", "not_left_yet"),
        ("Lagerort", "storniert", "not_left_yet"),
        ("Kunde", "nicht versenden", "not_left_yet"),
        ("Menge;Rest", "2;1", "bad_quantity"),
        ("Menge;Menge versandt", "2;1", "bad_quantity"),
    ],
)
def test_what_stands_below_the_first_rows_speaks_against_its_row_as_well(heading: str, text: str, code: str) -> None:
    rows = [f"B-{number};;{';' * heading.count(';')}" for number in range(1000, 1100)]
    rows.append(f"A-1;{DHL_NUMBER};{text}")
    content = "\n".join([f"Bestellnummer;Sendungsnummer;{heading}", *rows, ""])
    assert codes(read(content)) == [code]


@pytest.mark.parametrize(("heading", "text"), [("Versanddatum", "25.11.2026"), ("Abgeholt", "x")])
def test_who_fills_in_days_or_ticks_further_below_means_that_the_others_have_not_left(heading: str, text: str) -> None:
    rows = [f"B-{number};;" for number in range(1000, 1100)]
    rows += [f"A-1;{DHL_NUMBER};{text}", f"A-2;{UPS_NUMBER};"]
    content = "\n".join([f"Bestellnummer;Sendungsnummer;{heading}", *rows, ""])
    assert kinds(read(content)) == [PARCEL, ("Doubt", "not_left_yet")]


@pytest.mark.parametrize(
    "remark",
    ["Kunde ist zurückgetreten", "abbestellt am Telefon", "klient zrezygnował", "richtig ist 1Z4E52V66805114010"],
)
def test_free_text_that_takes_back_what_stands_beside_it_holds_the_row(remark: str) -> None:
    assert beside("Bemerkung", remark) in (["not_left_yet"], ["unknown_status"])


@pytest.mark.parametrize(
    "remark", ["gepackt von Lisa", "bitte klingeln", "chez le voisin", "alte Nummer war 1Z4E52V66805114010"]
)
def test_free_text_about_something_else_does_not(remark: str) -> None:
    assert beside("Bemerkung", remark) == []


def test_a_plan_has_not_left_unless_its_rows_say_so() -> None:
    plan = f"Versandplan KW 49\nBestellnummer;Sendungsnummer;Status\nA-1;{DHL_NUMBER};\nA-2;{UPS_NUMBER};versandt\n"
    assert kinds(read(plan)) == [("Doubt", "not_left_yet"), ("Parcel", UPS_NUMBER)]


def test_a_day_without_a_meaning_that_is_still_to_come_is_none_of_dispatch() -> None:
    table = f"Bestellnummer;Sendungsnummer;Datum\nA-1;{DHL_NUMBER};01.01.2020\nA-2;{UPS_NUMBER};01.01.2050\n"
    assert kinds(read(table)) == [PARCEL, ("Doubt", "not_left_yet")]


@pytest.mark.parametrize(
    ("text", "its"),
    [("Polder Telecom", True), ("POLDER TELECOM B.V. Utrecht", True), ("Pol", False), ("Telecom", False)],
)
def test_a_name_may_be_told_in_short_or_with_more_behind_it(text: str, its: bool) -> None:
    assert is_name_of(text, "Polder Telecom B.V.") is its


@pytest.mark.parametrize(("first", "second"), [("3", "5"), ("30", "20")])
def test_a_status_in_numbers_that_differ_tells_nobody_which_has_left(first: str, second: str) -> None:
    table = f"Bestellnummer;Sendungsnummer;Status\nA-1;{DHL_NUMBER};{first}\nA-2;{UPS_NUMBER};{second}\n"
    assert codes(read(table)) == ["unknown_status"] * 2
    assert not codes(read(table.replace(f";{second}\n", f";{first}\n")))


@pytest.mark.parametrize(
    ("said", "held"), [("ja", []), ("14:30", []), ("M-77", []), ("tbc", ["not_left_yet"]), ("offen", ["not_left_yet"])]
)
def test_what_is_handed_over_says_so(said: str, held: list[str]) -> None:
    assert codes(read(f"Bestellnummer;Sendungsnummer;Abgeholt\nA-1;{DHL_NUMBER};ja\nA-2;{UPS_NUMBER};{said}\n")) == held


@pytest.mark.parametrize("heading", ["Tour", "Kunde", "Zorp"])
@pytest.mark.parametrize("day", ["27.11.", "27 Nov", "Fr 27.11.", "27/11"])
def test_a_day_soon_to_come_below_whatever_heading_holds_its_row(heading: str, day: str) -> None:
    assert beside_of_sender(heading, day) == ["not_left_yet"]


def test_a_day_on_which_it_arrives_or_that_has_passed_is_no_doubt() -> None:
    assert beside_of_sender("Zustellung", "27.11.") == beside_of_sender("Tour", "20.11.") == []


def beside_of_sender(heading: str, text: str) -> list[str]:
    return codes(read(f"Bestellnummer;Bestelldatum;Sendungsnummer;{heading}\nA-1;20.11.2026;{DHL_NUMBER};{text}\n"))


@pytest.mark.parametrize("heading", ["Batch", "Tour", "Rampe"])
def test_other_words_than_the_number_of_a_tour_hold_their_row(heading: str) -> None:
    table = f"Bestellnummer;Sendungsnummer;{heading}\nA-1;{DHL_NUMBER};1\nA-2;{UPS_NUMBER};"
    assert codes(read(f"{table}next\n")) == ["unknown_status"]
    assert not codes(read(f"{table}2\n"))


@pytest.mark.parametrize("heading", ["", "Kunde", "Artikel", "Ort"])
@pytest.mark.parametrize("text", ["Mayer (storniert)", "STORNO Mayer", "Mayer - fehlt noch", "Hülle: nicht da"])
def test_what_stands_apart_in_a_cell_below_whatever_heading_holds_its_row(heading: str, text: str) -> None:
    table = f"Bestellnummer;Sendungsnummer;{heading};\nA-1;{DHL_NUMBER};Muster;\nA-2;{UPS_NUMBER};{text};\n"
    assert codes(read(table))[-1] in {"not_left_yet", "unknown_status"}


@pytest.mark.parametrize(
    "text", ["Cancellara", "Hülle (schwarz)", "IPHONE 13 - 128 GB", "Fehler & Söhne GmbH", "Mayer, Bert"]
)
def test_what_only_looks_like_it_holds_no_row(text: str) -> None:
    assert not codes(read(f"Bestellnummer;Sendungsnummer;Artikel\nA-1;{DHL_NUMBER};{text}\n"))


def test_words_below_no_heading_must_be_understood() -> None:
    table = f"Bestellnummer;Sendungsnummer;;\nA-1;{DHL_NUMBER};;\nA-2;{UPS_NUMBER};;bleibt hier\n"
    assert codes(read(table)) == ["unknown_status"]


@pytest.mark.parametrize("carrier", ["UPS morgen", "UPS noch nicht", "UPS?"])
def test_a_carrier_with_a_doubt_is_none(carrier: str) -> None:
    assert codes(read(f"Bestellnummer;Sendungsnummer;Versanddienst\nA-1;{UPS_NUMBER};{carrier}\n")) != []


@pytest.mark.parametrize(
    ("heading", "text"),
    [("Bemerkung", "falsche IMEI, richtig folgt"), ("Status", "storniert"), ("Status", "defekt"),
     ("Grund", "beschädigt"), ("Bemerkung", "Akku unter 80"), ("Status", "nicht lieferbar")],
)  # fmt: skip
def test_what_speaks_against_a_device_holds_its_row(heading: str, text: str) -> None:
    assert codes(read(f"Bestellnummer;IMEI;{heading}\nA-1;{IMEI};{text}\n")) == ["unknown_status"]


@pytest.mark.parametrize(
    ("heading", "text"), [("Status", "verpackt"), ("Status", "versandt"), ("Bemerkung", "geprüft"), ("Bemerkung", "ok")]
)
def test_a_device_that_waits_for_its_parcel_is_named_all_the_same(heading: str, text: str) -> None:
    assert ("Device", IMEI) in [
        (kind[:6], value) for kind, value in kinds(read(f"Bestellnummer;IMEI;{heading}\nA-1;{IMEI};{text}\n"))
    ]


@pytest.mark.parametrize("title", ["Retouren KW 48", "Zwroty", "Wareneingang 20.11.", "Garantiefälle"])
def test_a_title_of_what_came_back_or_came_in_holds_all_rows_below_it(title: str) -> None:
    table = f"{title};;\nBestellnummer;IMEI;Sendungsnummer\nA-1;;{DHL_NUMBER}\nA-2;{IMEI};\n"
    assert set(codes(read(table))) == {"not_left_yet", "unknown_status"}
    assert not codes(read(table.replace(title, "Versand ohne Retouren")))


@pytest.mark.parametrize(
    ("heading", "more", "all_"),
    [
        ("Final delivery", "no", "yes"),
        ("Teillieferung", "ja", "nein"),
        ("Livraison partielle", "oui", "non"),
        ("Consegna a saldo", "no", "sì"),
        ("Envío completo", "no", "sí"),
        ("Laatste zending", "nee", "ja"),
        ("Dostawa częściowa", "tak", "nie"),
        ("isPartial", "true", "false"),
    ],
)
def test_a_number_of_a_part_needs_its_pieces(heading: str, more: str, all_: str) -> None:
    head = f"Bestellnummer;Sendungsnummer;{heading}"
    assert codes(read(f"{head}\nA-1;{DHL_NUMBER};{more}\n")) == ["bad_quantity"]
    assert codes(read(f"{head}\nA-1;{DHL_NUMBER};{all_}\n")) == []
    assert codes(read(f"{head};Menge\nA-1;{DHL_NUMBER};{more};1\n")) == []


@pytest.mark.parametrize("heading", ["Last name", "Complete address"])
def test_a_column_of_other_words_than_yes_and_no_tells_of_no_part(heading: str) -> None:
    assert codes(read(f"Bestellnummer;Sendungsnummer;{heading}\nA-1;{DHL_NUMBER};Meyer\n")) == []


@pytest.mark.parametrize("name", ["offen", "Retouren 24-11", "pending", "Rueckstand"])
def test_a_file_of_one_word_for_what_has_not_left_is_no_list_of_dispatches(name: str) -> None:
    content = f"Bestellnummer;Sendungsnummer\nA-1;{DHL_NUMBER}\n".encode()
    found = read_file(dropped(name=f"{name}.csv"), BytesIO(content), Context(), rulebook())
    assert codes(found) in (["not_left_yet"], ["returns_list"])
    assert codes(read_file(dropped(name="heute offen gewesen.csv"), BytesIO(content), Context(), rulebook())) == []
