"""Where a sentence ends."""

import pytest

from daemon.rules.sentences import sentences


def _words(text: str) -> list[str]:
    return [sentence.words for sentence in sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ja. Nein!  Warum? Doch", ["Ja.", "Nein!", "Warum?", "Doch"]),
        ("Guten Tag,\nja, gerne.\n\nGruß", ["Guten Tag,", "ja, gerne.", "Gruß"]),
        ("Geht am 24. November raus.", ["Geht am 24. November raus."]),
        ("Der Fahrer kommt um 10. Paket liegt noch hier.", ["Der Fahrer kommt um 10.", "Paket liegt noch hier."]),
        ("He came at 14:30. Parcel not sent.", ["He came at 14:30.", "Parcel not sent."]),
        ("The street stops at number 10. Can you ask?", ["The street stops at number 10.", "Can you ask?"]),
        ("Kommt gegen 10. Dezember an.", ["Kommt gegen 10. Dezember an."]),
        ("Paket Nummer 10. Dezember", ["Paket Nummer 10. Dezember"]),
        ("Wysłane po 10. listopada.", ["Wysłane po 10. listopada."]),
        ("Das kostet ca. 5 Euro, z. B. per DHL. Ende", ["Das kostet ca. 5 Euro, z. B. per DHL.", "Ende"]),
        ("Versand am 30.11. Das Display ist hin.", ["Versand am 30.11.", "Das Display ist hin."]),
        ("Versand am 30.11. Montag.", ["Versand am 30.11. Montag."]),
        ("Goes on Monday 30/11. The buyer rang.", ["Goes on Monday 30/11.", "The buyer rang."]),
        ("Nr. 5 ist da.", ["Nr. 5 ist da."]),
        ("IMEI 35-209900-176148-1. Danke", ["IMEI 35-209900-176148-1.", "Danke"]),
        ("- eins\n- zwei\n", ["- eins", "- zwei"]),
        ("imei 352099001761481\narriva domani", ["imei 352099001761481", "arriva domani"]),
        ("Status: ok\nNummer: 12", ["Status: ok", "Nummer: 12"]),
        ("Siehe https://a.example/x.html?n=1.2 dort.", ["Siehe https://a.example/x.html?n=1.2 dort."]),
        ("", []),
        (" \n\n ", []),
        ("Wirklich?!", ["Wirklich?!"]),
    ],
)
def test_a_text_is_cut_into_sentences(text: str, expected: list[str]) -> None:
    assert _words(text) == expected


def test_a_line_that_the_mail_program_broke_goes_on() -> None:
    text = "Leider ist das von Ihnen bestellte Gerät zurzeit bei uns nicht\nvorrätig."
    assert _words(text) == ["Leider ist das von Ihnen bestellte Gerät zurzeit bei uns nicht vorrätig."]


def test_a_long_line_before_a_list_ends() -> None:
    text = "Die folgenden Geräte haben wir heute für Sie mit DHL versendet\n- eins\n- zwei"
    assert len(_words(text)) == 3


def test_a_span_is_the_sentence_in_the_text_as_it_was_given() -> None:
    text = "  Ja.\r\n\r\n  Wir  liefern\u00a0morgen. \n"
    assert [text[slice(*sentence.span)] for sentence in sentences(text)] == ["Ja.", "Wir  liefern\u00a0morgen."]
    assert _words(text) == ["Ja.", "Wir liefern morgen."]


def test_letters_of_two_signs_are_composed() -> None:
    assert _words("vorra\u0308tig") == ["vorrätig"]
