import pytest

from daemon.reading.tables.legends import marks_in
from tests.unit.reading.dropped import DHL_NUMBER, UPS_NUMBER, codes, kinds, read

BOTH = [("Parcel", DHL_NUMBER), ("Parcel", UPS_NUMBER)]
HELD = [BOTH[0], ("Doubt", "not_left_yet")]


def table(heading: str, first: str, second: str) -> str:
    return f"Bestellung;Sendungsnummer;{heading}\nA-1001;{DHL_NUMBER};{first}\nA-1002;{UPS_NUMBER};{second}\n"


@pytest.mark.parametrize(
    "text",
    ["V = versendet, O = offen", "Legende: V=versendet; O=offen", "V: versendet / O: offen", "V=versendet O=offen",
     "V - versendet | O - offen", "Liste (V = versendet, O = offen)"],
)  # fmt: skip
def test_a_legend_says_what_each_mark_means(text: str) -> None:
    assert marks_in(text) == {"v": "versendet", "o": "offen"}


@pytest.mark.parametrize("text", ["Stand 25.11.2026", "alles raus", "https://x.example/?id=1", "Müller-Lüdenscheidt"])
def test_other_words_explain_no_marks(text: str) -> None:
    assert len(marks_in(text)) <= 1


@pytest.mark.parametrize("legend", ["V = versendet, O = offen;;", "Legende:;V = versendet;O = offen"])
@pytest.mark.parametrize("heading", ["Status", "St.", "Zorp"])
def test_a_mark_means_what_the_legend_below_says(heading: str, legend: str) -> None:
    assert kinds(read(f"{table(heading, 'V', 'O')}{legend}\n")) == HELD


def test_a_mark_means_what_the_legend_above_or_in_its_heading_says() -> None:
    assert kinds(read(f"Heute (V = versendet, O = offen);;\n{table('Status', 'V', 'O')}")) == HELD
    assert kinds(read(table("Status (V=versendet, O=offen)", "V", "O"))) == HELD


@pytest.mark.parametrize("mark", ["Z", ""])
def test_a_mark_that_the_legend_does_not_explain_holds_its_row(mark: str) -> None:
    reading = read(f"{table('Status', 'V', mark)}V = versendet, O = offen;;\n")
    assert (kinds(reading)[:1], len(codes(reading))) == (BOTH[:1], 1)


def test_a_legend_of_something_else_says_nothing_of_a_dispatch() -> None:
    assert kinds(read(f"{table('Farbe', 'R', 'B')}R = rot, B = blau;;\n")) == BOTH


def test_digits_that_count_pieces_are_explained_by_no_legend() -> None:
    assert "unknown_status" not in codes(read(f"{table('Menge', '1', '2')}1 = heil, 2 = defekt;;\n"))
