"""Addresses and telephone numbers that people type are left out; whatever else they write stays."""

import pytest

from daemon.deciding.hiding import without_addresses


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Schreiben Sie an jana.petersen@nordlager.example.", "Schreiben Sie an [e-mail …]."),
        ("mailto:jana@nordlager.example", "[e-mail …]"),
        ("jana (at) nordlager.example", "[e-mail …]"),
        ("Tel.: +49 40 5550-199", "Tel.: [tel. …]"),
        ("call 00353 1 555 0199 today", "call [tel. …] today"),
        ("Rufen Sie (040) 55 50 199 an", "Rufen Sie [tel. …] an"),
        ("0170/5550199", "[tel. …]"),
        ("06 12 34 56 78", "[tel. …]"),
    ],
)
def test_an_address_or_number_is_left_out(text: str, left: str) -> None:
    assert without_addresses(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "Ab 01-12-2026, 0,42 € je Stück und 2,85 EUR je Sendung.",
        "EAN 4012345678901, Artikel 0012-33, 01067 Dresden",
        "Von 08:00 bis 16:30, 400 Paletten zu 120 x 80 cm",
        "IMEI 352099001761481, Vertrag 2026/0017",
        "0 bis 100 Stück, 10 000 im Jahr, @Ada: danke",
    ],
)
def test_figures_dates_and_prices_stay(text: str) -> None:
    assert without_addresses(text) == text


def test_a_long_text_costs_no_more_than_a_short_one() -> None:
    assert without_addresses("a." * 50_000) == "a." * 50_000
    assert without_addresses("0 " * 50_000) == "0 " * 50_000
