from datetime import date

import pytest

from daemon.reading.tables import cells


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ('="00340434"', "00340434"),
        ("'00340434", "00340434"),
        ("\u00a0A-1\u00a0", "A-1"),
        ("\ufeffA-1", "A-1"),
        ('"A-1"', "A-1"),
        ("it's", "it's"),
    ],
)
def test_the_habits_of_spreadsheets_are_taken_off(cell: str, text: str) -> None:
    assert cells.cleaned(cell) == text


@pytest.mark.parametrize("cell", ["", "-", "n/a", "N/A", "NULL", "k.A."])
def test_words_for_nothing_claim_nothing(cell: str) -> None:
    assert cells.says_nothing(cell)


@pytest.mark.parametrize("cell", ["3,52099E+14", "3.52099E+14", "4E+11", "#NAME?", "#NV"])
def test_what_a_spreadsheet_has_spoiled_is_seen(cell: str) -> None:
    assert cells.damaged(cell)


@pytest.mark.parametrize("cell", ["219E01BE", "1E5", "352099001761481", "A-1"])
def test_ids_with_an_e_in_them_are_not_spoiled(cell: str) -> None:
    assert not cells.damaged(cell)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-23", date(2026, 11, 23)),
        ("2026-11-23T21:59:59.999Z", date(2026, 11, 23)),
        ("23.11.2026", date(2026, 11, 23)),
        ("3.1.26", date(2026, 1, 3)),
        ("23.11.2026 14:05", date(2026, 11, 23)),
        ("20261123", date(2026, 11, 23)),
        ("31/12/25", date(2025, 12, 31)),
        ("12/31/25", date(2025, 12, 31)),
    ],
)
def test_a_date_is_read_where_only_one_reading_exists(text: str, day: date) -> None:
    assert cells.day(text) == day


@pytest.mark.parametrize("text", ["03/04/2026", "31.02.2026", "morgen", "46022", "2026-13-01"])
def test_a_date_with_two_readings_or_none_is_not_guessed(text: str) -> None:
    assert cells.day(text) is None


def test_a_serial_number_is_a_day_only_in_a_workbook() -> None:
    assert cells.day("46022", serials=True) == date(2025, 12, 31)


@pytest.mark.parametrize(("text", "number"), [("2", 2), ("1.0", 1), ("2,00", 2), ("3 Stk", 3), ("2x", 2)])
def test_a_quantity_is_a_whole_number(text: str, number: int) -> None:
    assert cells.quantity(text) == number


@pytest.mark.parametrize("text", ["0", "-1", "1,5", "zwei", "1.000.000.000"])
def test_what_is_no_quantity_is_none(text: str) -> None:
    assert cells.quantity(text) is None


@pytest.mark.parametrize("text", ["A\u200b1", "\u0661\u0662", "\uff11", "A\u202e1", "A\u00ad1"])
def test_signs_that_look_like_others_or_like_nothing_are_named(text: str) -> None:
    assert cells.suspect(text).startswith("U+")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-24T22:30Z", date(2026, 11, 24)),
        ("2026-11-24T23:30:00Z", date(2026, 11, 25)),
        ("2026-11-24 23:30:00.120 UTC", date(2026, 11, 25)),
        ("2026-11-25T00:15:00+02:00", date(2026, 11, 24)),
        ("2026-11-25T00:15:00", None),
        ("2026-02-30T00:15:00Z", None),
    ],
)
def test_a_moment_with_its_zone_has_the_day_of_the_sender(text: str, day: date | None) -> None:
    assert cells.moment_day(text, "Europe/Berlin") == day


@pytest.mark.parametrize(
    ("text", "wrong"),
    [("MÃ¼ller", True), ("£ukasz", True), ("Wa³êsa", True), ("Müller", False), ("£5 off", False), ("5 m³", False)],
)
def test_letters_of_another_encoding_are_seen(text: str, wrong: bool) -> None:
    assert cells.wrongly_encoded(text) is wrong
