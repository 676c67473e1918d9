"""What the new text of a reply claims."""

from datetime import date

import pytest

from daemon.domain.document import Mail
from daemon.domain.finding import DeviceNamed, Doubt, Finding, Parcel, Said, Trouble
from daemon.domain.problem import ProblemKind
from daemon.reading.texts.text_findings import text_findings
from tests.unit.reading.sample import (
    DHL_NUMBER,
    DHL_OTHER,
    DPD_NUMBER,
    IMEI,
    IMEI_TWO,
    RECEIVED,
    RULEBOOK,
    UPS_NUMBER,
    context,
    found_in,
)


def parcels(findings: tuple[Finding, ...]) -> list[tuple[str, str | None, str | None]]:
    return [(one.number, one.carrier, one.order) for one in findings if isinstance(one, Parcel)]


def devices(findings: tuple[Finding, ...]) -> list[tuple[str, str | None, str | None]]:
    return [(one.imei, one.second, one.line) for one in findings if isinstance(one, DeviceNamed)]


def doubts(findings: tuple[Finding, ...]) -> list[str]:
    return [one.code for one in findings if isinstance(one, Doubt)]


@pytest.mark.parametrize(
    "text",
    [
        f"Sendungsnummer: {DHL_NUMBER}",
        f"Sendungsnummer:\n{DHL_NUMBER}",
        f"Tracking number is {DHL_NUMBER}.",
        f"Numéro de suivi : {DHL_NUMBER}",
        f"Numer przesyłki {DHL_NUMBER}",
        "Heute mit DHL raus, 0034 0434 1610 9404 2557",
        "Heute mit DHL raus, 0034-0434-1610-9404-2557",
        "Heute mit DHL raus, 0034\u00a00434\u00a01610\u00a09404\u00a02557",
        "DHL 340434161094042557",
        f"https://www.dhl.de/sendung?piececode={DHL_NUMBER}&lang=de",
        f"Verfolgen <https://www.dhl.de/{DHL_NUMBER}>",
        DHL_NUMBER,
        f"ist unterwegs: {DHL_NUMBER} Tel. +49 30 5550101",
    ],
)
def test_a_tracking_number_is_found_however_it_is_written(text: str) -> None:
    assert parcels(found_in(text)) == [(DHL_NUMBER, "dhl", None)]
    assert doubts(found_in(text)) == []


def test_several_numbers_behind_one_label() -> None:
    found = found_in(f"Sendungsnummern: {DHL_NUMBER}, {UPS_NUMBER} / {DHL_OTHER}")
    assert parcels(found) == [(DHL_NUMBER, "dhl", None), (UPS_NUMBER, "ups", None), (DHL_OTHER, "dhl", None)]


@pytest.mark.parametrize("label", ["IMEI zu A-1001:", "Los IMEI del pedido A-1001:", "Dwa IMEI do zamówienia A-1001:"])
def test_a_list_below_a_label_that_names_its_order(label: str) -> None:
    wrong = f"{IMEI[:-1]}{(int(IMEI[-1]) + 1) % 10}"
    assert doubts(found_in(f"{label}\n{IMEI_TWO}\n{wrong}")) == ["imei_luhn_wrong"]


@pytest.mark.parametrize("word", ["nr", "N°", "No.", "numero", "kod:"])
def test_a_number_below_its_carrier_may_be_called_one(word: str) -> None:
    assert parcels(found_in(f"Sent with GLS\n{word} 504182763504")) == [("504182763504", "gls", None)]


def test_numbers_of_parcels_that_are_counted_before_are_all_taken() -> None:
    found = parcels(found_in("Weg met GLS in twee pakketten: 504182763504 en 602948175322"))
    assert [number for number, _, _ in found] == ["504182763504", "602948175322"]


def test_a_word_that_ends_with_an_x_counts_nothing() -> None:
    found = found_in(f"Sent, DHL {DHL_NUMBER}\n\nFax 04 72 55 01 98")
    assert [one.quantity for one in found if isinstance(one, Parcel)] == [None]


@pytest.mark.parametrize(("digits", "held"), [("504182763504", True), ("5041827635", False)])
def test_a_number_of_the_named_carrier_that_nothing_took_is_shown_to_a_person(digits: str, held: bool) -> None:
    said = [one.rule for one in found_in(f"GLS war da, Kasse {digits}") if isinstance(one, Said)]
    assert ("number-left-over" in said) is held


def test_a_list_below_a_label() -> None:
    found = found_in(f"Trackingnummern:\n- {DHL_NUMBER}\n- {DHL_OTHER}")
    assert [number for number, _, _ in parcels(found)] == [DHL_NUMBER, DHL_OTHER]


def test_a_number_in_groups_with_its_carrier_named() -> None:
    assert parcels(found_in("DPD Paketnummer 0101 5026 0036 53C")) == [(DPD_NUMBER, "dpd", None)]


def test_a_form_that_several_carriers_have_needs_a_carrier() -> None:
    assert parcels(found_in("DHL Sendungsnummer 201298452277")) == [("201298452277", "dhl", None)]
    assert parcels(found_in("DHL, numéro d'expédition 201298452277")) == [("201298452277", "dhl", None)]
    assert doubts(found_in("Sendungsnummer 201298452277")) == ["carrier_ambiguous"]
    assert found_in("201298452277") == ()


def test_the_form_alone_counts_only_in_a_proven_reply() -> None:
    assert found_in(DHL_NUMBER, context("A-1001", proven=False)) == ()
    assert parcels(found_in(f"Sendungsnummer {DHL_NUMBER}", context("A-1001", proven=False)))


def test_a_link_to_a_look_alike_host_is_not_believed() -> None:
    for host in ("www.dhl.de.evil.example", "www.dhl.de@evil.example", "evil.example/www.dhl.de"):
        assert parcels(found_in(f"Hier: https://{host}/{DHL_NUMBER}")) == []


@pytest.mark.parametrize(
    "label",
    ["Tel.", "Fax", "USt-IdNr.", "IBAN", "HRB", "Kundennummer", "EAN", "Rechnungsnummer", "Serial number", "Phone:"],
)
def test_a_number_behind_another_label_is_no_tracking_number(label: str) -> None:
    assert found_in(f"Gruß, DHL-Partner\n{label} 201298452277") == ()
    assert parcels(found_in(f"{label} {DHL_NUMBER}")) == []


@pytest.mark.parametrize("words", ["Per qualsiasi cosa", "cualquier cosa al", "dzwońcie", "Móvil", "call me on"])
def test_a_number_to_call_is_no_parcel(words: str) -> None:
    (parcel,) = found_in(f"DHL {DHL_NUMBER}, {words} 338 5550199")
    assert isinstance(parcel, Parcel)
    assert parcel.number == DHL_NUMBER


def test_a_wrong_check_digit_is_a_doubt_that_names_the_number() -> None:
    (doubt,) = found_in("Sendungsnummer 00340434161094042558")
    assert isinstance(doubt, Doubt)
    assert (doubt.code, doubt.value) == ("check_digit_wrong", "00340434161094042558")


def test_another_carriers_number_is_a_doubt() -> None:
    assert doubts(found_in(f"DPD Sendungsnummer {UPS_NUMBER}")) == ["carrier_mismatch"]


def test_a_promise_of_a_number_is_no_number() -> None:
    assert found_in("Die Sendungsnummer folgt am 24.11.2026 gegen 10:30 Uhr.") == ()


def test_a_day_of_dispatch_is_the_one_that_is_written() -> None:
    found = found_in(f"Versendet am 24.11.2026, Sendungsnummer {DHL_NUMBER}")
    assert [one.shipped_on for one in found if isinstance(one, Parcel)] == [date(2026, 11, 24)]
    found = found_in(f"Versendet heute, Sendungsnummer {DHL_NUMBER}")
    assert [one.shipped_on for one in found if isinstance(one, Parcel)] == [date(2026, 11, 25)]


@pytest.mark.parametrize(
    "text",
    [
        f"IMEI: {IMEI}",
        f"IMEI\n{IMEI}",
        "IMEI 35-209900-176148-1",
        "IMEI-Nr. 35 209900 176148 1",
        "IMEI: 35/209900/176148/1",
        "IMEI: 352099001761481.0",
        "IMEISV 3520990017614803",
        IMEI,
    ],
)
def test_an_imei_is_found_however_it_is_written(text: str) -> None:
    assert devices(found_in(text)) == [(IMEI, None, None)]


def test_two_numbers_of_one_device() -> None:
    assert devices(found_in(f"IMEI1/IMEI2: {IMEI} / {IMEI_TWO}")) == [(IMEI, IMEI_TWO, None)]
    assert devices(found_in(f"IMEI: {IMEI}/{IMEI_TWO}")) == [(IMEI, IMEI_TWO, None)]


def test_two_devices_in_a_row() -> None:
    assert devices(found_in(f"IMEIs: {IMEI}, {IMEI_TWO}")) == [(IMEI, None, None), (IMEI_TWO, None, None)]
    assert devices(found_in(f"IMEIs: {IMEI} {IMEI_TWO}")) == [(IMEI, None, None), (IMEI_TWO, None, None)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("IMEI: 352099001761482", "imei_luhn_wrong"),
        ("IMEI: 000000000000000", "imei_luhn_wrong"),
        ("IMEI: 35209900176148", "imei_wrong_length"),
        ("IMEI: 3520990017614811234", "imei_wrong_length"),
        ("IMEI: 3,52099E+14", "spreadsheet_damage"),
        ("Tracking 3.40434E+17", "spreadsheet_damage"),
        ("IMEI: 3520990017\u200b61481", "suspect_characters"),
        (
            "IMEI: \uff13\uff15\uff12\uff10\uff19\uff19\uff10\uff10\uff11\uff17\uff16\uff11\uff14\uff18\uff11",
            "suspect_characters",
        ),
        ("IMEI: \u202e352099001761481", "suspect_characters"),
        ("Tracking 1Z999\u0410\u041010123456784", "suspect_characters"),
        ("IMEI: ٣٥٢٠٩٩٠٠١٧٦١٤٨١", "suspect_characters"),
    ],
)
def test_what_only_looks_like_a_number_is_a_doubt(text: str, code: str) -> None:
    assert doubts(found_in(text)) == [code]
    assert len(found_in(text)) == 1


def test_a_doubt_names_the_code_points() -> None:
    (doubt,) = found_in("IMEI: 3520990017\u200b61481")
    assert isinstance(doubt, Doubt)
    assert doubt.values["characters"] == "U+200B"


def test_an_unlabelled_imei_counts_only_in_a_proven_reply() -> None:
    assert found_in(IMEI, context("A-1001", proven=False)) == ()


def test_each_number_belongs_to_the_order_named_last_before_it() -> None:
    where = context("A-1001", "A-1002")
    found = found_in(f"A-1001:\n{DHL_NUMBER}\nA-1002: {UPS_NUMBER}", where)
    assert parcels(found) == [(DHL_NUMBER, "dhl", "A-1001"), (UPS_NUMBER, "ups", "A-1002")]


def test_an_order_behind_its_number_counts_where_the_line_is_so_built() -> None:
    found = found_in(f"{DHL_NUMBER} für A-1001, {UPS_NUMBER} für A-1002", context("A-1001", "A-1002"))
    assert parcels(found) == [(DHL_NUMBER, "dhl", "A-1001"), (UPS_NUMBER, "ups", "A-1002")]


def test_an_order_is_named_behind_a_label() -> None:
    assert parcels(found_in(f"Bestellung: B-77 Sendungsnummer {DHL_NUMBER}"))[0][2] == "B-77"
    assert parcels(found_in(f"Auftragsnr. 4711, DHL {DHL_NUMBER}"))[0][2] == "4711"


def test_a_similar_order_number_is_not_guessed() -> None:
    assert parcels(found_in(f"A1001: DHL {DHL_NUMBER}")) == [(DHL_NUMBER, "dhl", "A1001")]
    assert parcels(found_in(f"A-1011: DHL {DHL_NUMBER}")) == [(DHL_NUMBER, "dhl", "A-1011")]


def test_a_labelled_order_in_the_subject_counts_where_the_text_names_none() -> None:
    stranger = context(proven=False)
    assert parcels(found_in(f"Sendungsnummer {DHL_NUMBER}", stranger, "Bestellung B-77"))[0][2] == "B-77"


def test_the_subject_of_our_own_mail_adds_nothing() -> None:
    assert parcels(found_in(f"Sendungsnummer {DHL_NUMBER}", subject="Re: Bestellung A-1001"))[0][2] is None


def test_a_pasted_table_is_read_by_its_head() -> None:
    text = f"Bestellung   Sendungsnummer   IMEI\nB-5   {DHL_NUMBER}   {IMEI}\nB-6   {UPS_NUMBER}   {IMEI_TWO}"
    found = found_in(text, context(proven=False))
    assert parcels(found) == [(DHL_NUMBER, "dhl", "B-5"), (UPS_NUMBER, "ups", "B-6")]
    assert [one.order for one in found if isinstance(one, DeviceNamed)] == ["B-5", "B-6"]


@pytest.mark.parametrize("place", ["Position 2", "Pos. 2", "line 2", "Zeile 2:"])
def test_a_line_is_named_by_its_position(place: str) -> None:
    assert devices(found_in(f"{place} IMEI {IMEI}")) == [(IMEI, None, "2")]
    assert devices(found_in(f"{place}\nIMEI {IMEI}")) == [(IMEI, None, "2")]


def test_a_parcel_below_several_lines_is_not_the_last_ones_alone() -> None:
    found = found_in(f"Pos. 1: IMEI {IMEI}\nPos. 2: IMEI {IMEI_TWO}\nDHL {DHL_NUMBER}")
    assert [one.line for one in found] == ["1", "2", None]


def test_a_parcel_below_the_heading_of_one_line_is_that_lines() -> None:
    assert [one.line for one in found_in(f"Position 2:\nDHL {DHL_NUMBER}")] == ["2"]


def test_a_line_is_named_by_the_article_our_mail_had_named() -> None:
    where = context("A-1001", ours=("Position 1: 2 Stück, Telefon 128GB (IP13-128)",))
    assert devices(found_in(f"IP13-128 (128GB): IMEI {IMEI}", where)) == [(IMEI, None, "IP13-128")]


def test_what_is_understood_has_its_line_as_evidence() -> None:
    (found,) = found_in(f"Hallo,\n\nSendungsnummer {DHL_NUMBER}")
    assert (found.evidence.where, found.evidence.text) == ("mail text, line 3", f"Sendungsnummer {DHL_NUMBER}")


def test_statements_and_problems_come_from_the_rules() -> None:
    accepted, trouble = found_in("A-1001 bestätigen wir.\nA-1002 ist nicht lieferbar.", context("A-1001", "A-1002"))
    assert isinstance(accepted, Said)
    assert isinstance(trouble, Trouble)
    assert (accepted.order, accepted.rule) == ("A-1001", "accept")
    assert (trouble.order, trouble.problem) == ("A-1002", ProblemKind.OUT_OF_STOCK)


def test_one_statement_about_two_orders_counts_for_both() -> None:
    found = found_in("A-1001 und A-1002 sind bestätigt.", context("A-1001", "A-1002"))
    assert [one.order for one in found] == ["A-1001", "A-1002"]


def test_a_sentence_that_turns_from_one_order_to_another_is_read_in_two() -> None:
    found = found_in("A-1001 ist bestätigt, A-1002 nicht lieferbar.", context("A-1001", "A-1002"))
    assert {(type(one).__name__, one.order) for one in found} == {("Said", "A-1001"), ("Trouble", "A-1002")}


def test_two_orders_between_which_a_sentence_does_not_turn_go_to_a_person() -> None:
    found = found_in("A-1001 ist bestätigt wie A-1002.", context("A-1001", "A-1002"))
    assert set(doubts(found)) == {"order_ambiguous"}
    found = found_in("Sobald A-1001 da ist, ist A-1002 bestätigt.", context("A-1001", "A-1002"))
    assert set(doubts(found)) == {"order_ambiguous"}


def test_what_is_said_of_a_list_holds_for_each_of_its_orders() -> None:
    found = found_in("A-1001 sowie die A-1002 sind bestätigt.", context("A-1001", "A-1002"))
    assert [one.order for one in found if isinstance(one, Said)] == ["A-1001", "A-1002"]


def test_both_orders_are_those_we_asked_about() -> None:
    found = found_in("Beide Bestellungen sind bestätigt.", context("A-1001", "A-1002"))
    assert [one.order for one in found if isinstance(one, Said)] == ["A-1001", "A-1002"]


def test_the_other_order_is_not_guessed() -> None:
    found = found_in("Die andere Bestellung ist nicht lieferbar.", context("A-1001", "A-1002"))
    assert doubts(found) == ["order_ambiguous"]


def test_one_parcel_behind_a_list_holds_all_its_orders_and_two_are_not_shared_out() -> None:
    found = found_in(f"A-1001 und A-1002: DHL {DHL_NUMBER}", context("A-1001", "A-1002"))
    assert [one.order for one in found if isinstance(one, Parcel)] == ["A-1001", "A-1002"]
    found = found_in(f"A-1001 und A-1002: DHL {DHL_NUMBER}, {DHL_OTHER}", context("A-1001", "A-1002"))
    assert set(doubts(found)) == {"order_ambiguous"}


@pytest.mark.parametrize(
    ("text", "until"),
    [
        ("geht erst Montag raus", date(2026, 11, 30)),
        ("geht erst am Mittwoch raus", date(2026, 12, 2)),
        ("geht erst morgen raus", date(2026, 11, 26)),
        ("geht erst ab 3.12. raus", date(2026, 12, 3)),
        ("geht erst am 7.1. raus", date(2027, 1, 7)),
        ("nicht vor dem 05.12.2026", date(2026, 12, 5)),
        ("ships later, on December 3rd", date(2026, 12, 3)),
        ("geht erst 2026-12-04 raus", date(2026, 12, 4)),
        ("geht erst bald raus", None),
    ],
)
def test_a_delay_keeps_the_day_it_promises(text: str, until: date | None) -> None:
    (trouble,) = found_in(text)
    assert isinstance(trouble, Trouble)
    assert (trouble.problem, trouble.until) == (ProblemKind.DELAY, until)


def test_a_link_with_a_question_mark_asks_nothing() -> None:
    assert [one for one in found_in(f"https://www.dhl.de/x?a={DHL_NUMBER} ok") if isinstance(one, Said)] == []


def test_orders_to_look_up_are_those_known_named_and_likely() -> None:
    mail = Mail(
        sender="a@b.example", subject="AW: Vorgang X-9", new_text=f"Auftrag 4711: DHL {DHL_NUMBER} am 24.11.2026, 058-3"
    )
    _, rules, orders = text_findings(mail, context("A-1001"), RULEBOOK, RECEIVED.date())
    assert set(orders) >= {"A-1001", "4711", "X-9", "058-3"}
    assert DHL_NUMBER not in orders
    assert {name for one in rules for name in one.rules} == {rule.rule for rule in RULEBOOK.replies}


def test_at_most_fifty_orders_are_looked_up() -> None:
    mail = Mail(sender="a@b.example", new_text=" ".join(f"N{number}" for number in range(1000)))
    assert len(text_findings(mail, context("A-1001"), RULEBOOK, RECEIVED.date())[2]) == 50


def test_a_mail_in_which_nothing_is_understood_claims_nothing() -> None:
    assert found_in("Viele Grüße\nMax\nTel. 030 5550101\nUSt-IdNr. DE123456789\nVon meinem Telefon gesendet") == ()


HOSTILE = {
    "numbers": " ".join(str(10**14 + at) for at in range(15000)),
    "labels": "Sendungsnummer " * 15000,
    "short": "IMEI 1 " * 30000,
    "digits": "1 " * 120000,
    "lines": "\n".join(f"DHL {10**11 + at}" for at in range(5000)),
    "orders": "Bestellung A" * 20000,
    "dashes": "a1-" * 80000,
}


@pytest.mark.timeout(8)
@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_text_ends_soon(what: str) -> None:
    assert len(found_in(HOSTILE[what][: 256 * 1024])) <= 500


def test_more_candidates_than_are_looked_at_are_a_doubt() -> None:
    assert doubts(found_in(HOSTILE["lines"]))[0] == "mail_text_too_long"


def test_a_statement_about_an_inquiry_names_no_order() -> None:
    found = found_in("Auftrag 4711: bestätigt", context("I-1", name="inquiry"))
    (said,) = (one for one in found if isinstance(one, Said))
    assert (said.order, said.evidence.where) == (None, "mail text, line 1")


@pytest.mark.parametrize("head", ["Pos Artikel    Menge Serien-Nr.", "Line  SKU  Qty  Serial no. / IMEI"])
def test_serial_numbers_that_are_imeis_beyond_doubt_are_taken_below_their_head(head: str) -> None:
    found = found_in(f"{head}\n10  IP13-128  2  {IMEI}\n                 {IMEI_TWO}")
    assert [number for number, _, _ in devices(found)] == [IMEI, IMEI_TWO]
    assert doubts(found) == []


def test_each_sentence_with_a_number_has_its_own_carrier() -> None:
    found = found_in(f"Telefon mit DPD, {DPD_NUMBER}. Hülle mit GLS, 613982492016. Danke.")
    assert parcels(found) == [(DPD_NUMBER, "dpd", None), ("613982492016", "gls", None)]
