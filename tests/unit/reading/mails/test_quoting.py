"""What counts as new in a reply, over the mail programs people use."""

import pytest

from daemon.reading.mails.quoting import new_text

OURS = (
    "Guten Tag Acme,\n\nbitte versenden Sie die Bestellung A-1001 bis Freitag.\n\n"
    "Pos. 1: IP13-128 Telefon 128 GB, Menge 2\n\nAntworten Sie mit Sendungsnummer und IMEIs.\nVielen Dank\nIhr Shop"
)
MARKED = "\n".join("> " + line for line in OURS.split("\n"))

CLIENTS = {
    "gmail-de": "Am Mi., 25. Nov. 2026 um 10:00 Uhr schrieb Shop <\norders@shop.example>:\n\n" + MARKED,
    "gmail-en": "On Wed, Nov 25, 2026 at 10:00 AM Shop <orders@shop.example> wrote:\n\n" + MARKED,
    "gmail-fr": "Le mer. 25 nov. 2026 à 10:00, Shop <orders@shop.example> a écrit :\n\n" + MARKED,
    "gmail-pl": "W dniu 25.11.2026 o 10:00, Shop pisze:\n" + MARKED,
    "apple-it": "Il giorno 25 nov 2026, alle ore 10:00, Shop <orders@shop.example> ha scritto:\n\n" + MARKED,
    "gmail-es": "El mié, 25 nov 2026 a las 10:00, Shop (<orders@shop.example>) escribió:\n\n" + MARKED,
    "apple-nl": "Op 25 nov. 2026 om 10:00 heeft Shop <orders@shop.example> het volgende geschreven:\n\n" + MARKED,
    "web.de-app": "Am 25.11.26, 10:00 schrieb Shop <orders@shop.example>:\n\n" + OURS,
    "outlook-de": "Von: Shop <orders@shop.example>\nGesendet: Mittwoch\nAn: Acme\nBetreff: Bestellung\n\n" + OURS,
    "outlook-bold": "*Von:* Shop <orders@shop.example>\n*Gesendet:* Mittwoch\n*An:* Acme\n*Betreff:* B\n\n" + OURS,
    "outlook-fr": "De : Shop <orders@shop.example>\nEnvoyé : mercredi\nÀ : Acme\nObjet : Commande\n\n" + OURS,
    "outlook-pl": "Od: Shop <orders@shop.example>\nWysłano: środa\nDo: Acme\nTemat: B\n\n" + OURS,
    "outlook-old": "-----Original Message-----\nFrom: Shop\nSent: Wednesday\n\n" + OURS,
    "gmx": 'Gesendet: Mittwoch um 10:00 Uhr\nVon: "Shop" <orders@shop.example>\nAn: acme\nBetreff: B\n' + OURS,
    "thunderbird": "Am 25.11.2026 um 10:00 schrieb Shop:\n" + MARKED,
    "gmail-tr": "25 Kas 2026 Çar 10:00 tarihinde Shop <orders@shop.example> şunu yazd\u0131:\n\n" + OURS,
    "gmail-hu": "Shop <orders@shop.example> ezt írta (időpont: 2026. nov. 25., Sze, 10:00):\n\n" + OURS,
    "mail-ru": "Среда, 25 ноября 2026, 10:00 +03:00 от Shop <orders@shop.example>:\n\n" + OURS,
    "name-and-time": "Shop am 25. Nov. 2026 um 10:00:\n\n" + OURS,
    "teams": "Shop  25.11.2026 10:00\n\n" + OURS,
    "no-mark-at-all": OURS,
}


@pytest.mark.parametrize("client", CLIENTS)
def test_only_the_answer_is_new_whatever_the_mail_program(client: str) -> None:
    assert new_text("Ist heute raus.\n\n" + CLIENTS[client], (OURS,)) == "Ist heute raus."


@pytest.mark.parametrize("client", [name for name in CLIENTS if name != "no-mark-at-all"])
def test_a_quote_is_dropped_even_when_it_is_not_known_to_be_ours(client: str) -> None:
    assert new_text("Ist heute raus.\n\n" + CLIENTS[client], ()) == "Ist heute raus."


def test_answers_between_quoted_lines_are_kept() -> None:
    text = "Am 25.11.2026 um 10:00 schrieb Shop:\n> Sendungsnummer?\n00340434161094042557\n> IMEI?\nfolgt"
    assert new_text(text, ()) == "00340434161094042557\n\nfolgt"


def test_answers_within_an_unmarked_quote_of_ours_are_kept() -> None:
    quote = "Von: Shop <o@shop.example>\nGesendet: Mi\nAn: Acme\nBetreff: B\n\n" + OURS.replace(
        "Menge 2", "Menge 2\nIMEI 35"
    )
    assert new_text("siehe unten\n\n" + quote, (OURS,)) == "siehe unten\n\nIMEI 35"


def test_a_value_in_an_unknown_unmarked_quote_is_never_new() -> None:
    assert new_text("ok\n-----Original Message-----\nSendungsnummer 00340434161094042557", ()) == "ok"


def test_a_sentence_that_tells_who_wrote_is_no_attribution() -> None:
    text = "Am 23.11. schrieb uns der Kunde:\nVon: Lager An: Kunde\nDie Ware ist raus."
    assert new_text(text, (OURS,)) == text


def test_a_dashed_table_is_no_separator() -> None:
    text = "----------\nsku;imei\nA;1\n----------\nEnde"
    assert new_text(text, ()) == text


def test_a_short_line_of_ours_alone_may_be_the_writers_own() -> None:
    assert new_text("Vielen Dank\n\n0034", (OURS,)) == "Vielen Dank\n\n0034"


def test_an_empty_reply_adds_nothing() -> None:
    assert new_text("\n\n" + MARKED, (OURS,)) == ""


@pytest.mark.timeout(2)
@pytest.mark.parametrize("text", ["On " * 60000, "\n" * 200000, "-" * 200000, "Von: a\n" * 20000, "Am 1\n" * 20000])
def test_hostile_text_costs_next_to_nothing(text: str) -> None:
    assert len(new_text(text, (OURS,))) <= len(text)


@pytest.mark.parametrize(
    "above", ["CAUTION: this e-mail originated from outside of the organisation.", "\u2014-\u2014\u2014-\u2014"]
)
def test_a_banner_above_a_ticket_systems_line_is_no_answer(above: str) -> None:
    text = f"{above}\n\n##- Please type your reply above this line -##\n\nSent today.\n\n{OURS}"
    assert new_text(text, (OURS,)).endswith("Sent today.")


@pytest.mark.parametrize(
    "notice",
    [
        "This message is confidential and intended solely for the addressee. If you received it in error, delete it.",
        "Ce message est confidentiel et exclusivement destiné à son destinataire.",
        "Wiadomość poufna, przeznaczona wyłącznie dla adresata.",
        "Messaggio riservato, ad uso esclusivo del destinatario.",
        "Este mensaje es confidencial y va dirigido exclusivamente a su destinatario.",
        "Dit bericht is vertrouwelijk en uitsluitend bestemd voor de geadresseerde.",
    ],
)
def test_a_notice_of_confidentiality_is_not_new(notice: str) -> None:
    assert new_text(f"Sent today.\n\n{notice}", ()) == "Sent today."


@pytest.mark.parametrize(
    "entry", ["Shop, 24 nov. 2026 09:20 CET", "Shop, Nov 24, 2026, 08:20 GMT", "Shop, 24.11.2026 09:20"]
)
def test_the_head_of_our_entry_in_a_tickets_history_is_no_answer(entry: str) -> None:
    assert new_text(f"Sent today.\n\n{entry}\n\n{OURS}", (OURS,)) == "Sent today."


def test_when_something_left_is_no_head_of_an_entry() -> None:
    assert new_text(f"Collected, 24.11.2026 09:20\n\n{OURS}", (OURS,)) == "Collected, 24.11.2026 09:20"


def test_a_line_with_day_and_time_above_the_whole_letter_begins_no_quote() -> None:
    assert new_text("25.11.2026 14:20\n\nHallo,\n\nist heute raus.", ()).endswith("ist heute raus.")


def test_when_the_driver_came_begins_no_quote() -> None:
    text = "Hallo,\n\nabgeholt am 25.11.2026 um 14:20:\n\nDanke,\nOle"
    assert "abgeholt am" in new_text(text, ())
