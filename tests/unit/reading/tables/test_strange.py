"""What nobody understands holds the number beside it; what means nothing does not."""

import pytest

from daemon.domain.finding import Parcel
from tests.unit.reading.dropped import DHL_NUMBER, DPD_NUMBER, UPS_NUMBER, codes, read

HELD = ["unknown_status"]


def beside(heading: str, *texts: str) -> list[str]:
    """The doubts about the numbers of three rows, of which the first ones have these cells below a heading."""
    numbers = (DHL_NUMBER, UPS_NUMBER, DPD_NUMBER)
    cells = [*texts, *[""] * (len(numbers) - len(texts))]
    rows = [f"A-{place};{number};{text}\n" for place, (number, text) in enumerate(zip(numbers, cells, strict=True))]
    return codes(read(f"Bestellnummer;Sendungsnummer;{heading}\n{''.join(rows)}"))


@pytest.mark.parametrize(
    ("heading", "text"),
    [
        ("Obs. dépôt", "coque rayée, on voit avec le client"),
        ("Uwagi magazynu", "paczka otwarta przy kontroli"),
        ("Bemerkung", "Deckel klemmt, Chef schaut drauf"),
        ("Comentario almacén", "hablar con Marta"),
        ("Zorp", "liegt im Keller"),
        ("Zorp", "wartend"),
        ("Comments", "see mail"),
    ],
)
def test_words_that_nobody_understands_hold_a_number(heading: str, text: str) -> None:
    assert beside(heading, text) == HELD


@pytest.mark.parametrize(
    ("heading", "text"),
    [
        ("Bemerkung", "Bitte beim Nachbarn abgeben"),
        ("Uwagi", "proszę dzwonić przed dostawą"),
        ("Note", "lasciare in portineria, fragile"),
        ("Opmerking", "breekbaar"),
        ("Comments", "thanks!"),
        ("Bemerkung", "alte Nummer war 1Z4E52V66805114010"),
        ("Notiz", "gepackt von Anna"),
        ("Zorp", "KST 4711"),
        ("Zorp", "KM"),
        ("Ort", "Bad Oldesloe"),
        ("gepackt von", "Anna"),
        ("Uwagi klienta", "dziękuję, super sklep"),
    ],
)
def test_words_that_mean_nothing_for_a_dispatch_hold_none(heading: str, text: str) -> None:
    assert beside(heading, text) == []


def test_what_stands_the_same_in_every_row_tells_none_of_them_apart() -> None:
    assert beside("Zorp", "grün", "grün", "grün") == []
    assert beside("Zorp", "grün", "grün", "blau") == HELD * 3


def test_marks_below_a_heading_that_nobody_understands_hold_where_they_differ() -> None:
    assert beside("Zorp", "ja", "nein", "ja") == HELD * 3
    assert beside("Zorp", "nein", "nein", "nein") == []
    assert beside("Zorp", "x") == HELD * 3


@pytest.mark.parametrize("heading", ["OK?", "Meegegeven aan chauffeur", "Raus?"])
def test_a_mark_that_says_that_all_is_done_holds_the_rows_without_it(heading: str) -> None:
    assert len(beside(heading, "x", "x", "")) == 1


@pytest.mark.parametrize("heading", ["Backorder", "Blocked", "Gesperrt"])
def test_a_mark_below_a_word_for_what_stays_holds_its_row(heading: str) -> None:
    assert beside(heading, "yes", "no", "no") == ["not_left_yet"]


def test_a_remark_that_counts_pieces_says_how_many_have_left() -> None:
    reading = read(f"Bestellnummer;Sendungsnummer;Bemerkung\nA-1;{UPS_NUMBER};2 Stück drin\n")
    assert [one.perhaps for one in reading.findings if isinstance(one, Parcel)] == [(2,)]


def test_ticks_are_a_state_and_crosses_are_none() -> None:
    assert beside("Stand", "✅", "✔️", "") == []
    assert beside("Stand", "✅", "❌", "⏳") == HELD * 2
