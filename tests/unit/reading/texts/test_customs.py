"""Commodity codes, countries of origin and values that a mail names behind the words for them."""

import pytest

from daemon.domain.finding import Customs, CustomsNamed, Doubt, Parcel
from tests.unit.reading.sample import DHL_NUMBER, context, found_in

OURS = (
    "Position 1: 1 Stück, Phone 13 128 GB\n    Artikelnummer: IP13-128\n"
    "Position 2: 1 Stück, Clear Case\n    Artikelnummer: CASE-9\n"
)


def named(text: str, *about: str) -> list[tuple[str | None, str, str]]:
    where = context(*(about or ("A-1001",)), ours=(OURS,))
    found = found_in(text, where)
    assert [one for one in found if isinstance(one, Doubt)] == []
    return [(one.line, one.what.value, f"{one.value}{one.currency}") for one in found if isinstance(one, CustomsNamed)]


def doubts(text: str) -> list[str]:
    return [one.code for one in found_in(text, context("A-1001", ours=(OURS,))) if isinstance(one, Doubt)]


@pytest.mark.parametrize(
    ("text", "code", "origin", "value"),
    [
        ("HS-Code 8517.13, Ursprung China, Warenwert 449 EUR", "8517.13", "CN", "449.00EUR"),
        ("HS 8517 13 00\nHerkunft: CN\nWert: 1.449,00 €", "8517.13.00", "CN", "1449.00EUR"),
        ("Zolltarifnummer (HS-Code): 85171300, Ursprungsland der Ware: VR China, EUR 449,-", "85171300", "CN", None),
        ("HS code is 8517.13; made in South Korea, customs value USD 1,299.00", "8517.13", "KR", "1299.00USD"),
        ("Commodity code: 8517130000. Country of origin: Viet Nam", "8517130000", "VN", None),
        ("Code SH : 8517.13, pays d\u2019origine : Chine, valeur 449 euros", "8517.13", "CN", "449.00EUR"),
        ("Codice doganale 8517.13 - paese d'origine Cina", "8517.13", "CN", None),
        ("Código arancelario: 8517.13. País de origen: Vietnam (VN)", "8517.13", "VN", None),
        ("Kod HS: 8517.1300, kraj pochodzenia: Chiny", "8517.1300", "CN", None),
        ("Goederencode 85171300, land van oorsprong: China", "85171300", "CN", None),
    ],
)
def test_what_stands_behind_its_word_is_taken(text: str, code: str, origin: str, value: str | None) -> None:
    wanted = [(None, "hs_code", code), (None, "origin", origin), (None, "value", value)]
    assert named(text) == [one for one in wanted if one[2]]


@pytest.mark.parametrize(
    "text",
    [
        "HS-Code vermutlich 8517.13",
        "HS-Code 8517.13?",
        "HS-Code: 8517.13 / 8517.14",
        "HS-Code 8517 13 10 Stück",
        "Tarifnummer 8517.13 (China)",
        "HS-Code 8517.13, Ursprung China oder Vietnam",
        "HS-Code 8517.13, Ursprung Korea",
        "HS-Code 8517.13, Ursprung: China (TW)",
        "HS-Code 8517.13, Ursprung EU",
        "HS-Code 8517.13\nHS-Code 8517.14",
        "Die Angabe der Warennummer folgt.",
    ],
)
def test_what_is_not_sure_is_a_doubt(text: str) -> None:
    assert "customs_unclear" in doubts(text)


@pytest.mark.parametrize(
    "text",
    [
        "Pos. 1: HS-Code 8517.13, Ursprung China\nPos. 2: HS-Code 3926.90, Ursprung Vietnam",
        "Pos. 1\nHS-Code 8517.13\nUrsprung China\n\nPos. 2\nHS-Code 3926.90\nUrsprung Vietnam",
        "IP13-128 HS-Code 8517.13, Ursprung China; CASE-9 HS-Code 3926.90, Ursprung Vietnam",
        "HS-Code 8517.13 und Ursprung China für Pos. 1\nHS-Code 3926.90 und Ursprung Vietnam für Pos. 2",
    ],
)
def test_each_article_has_its_own(text: str) -> None:
    lines = [line for line, _, _ in named(text)]
    assert [value for _, _, value in named(text)] == ["8517.13", "CN", "3926.90", "VN"]
    assert lines[0] == lines[1] != lines[2] == lines[3]
    assert None not in lines


def test_two_articles_side_by_side_cannot_share_what_nobody_parts() -> None:
    assert "customs_unclear" in doubts("HS-Code 8517.13 für Pos. 1 und 2")


def test_an_order_is_named_with_them_where_several_are_asked_for() -> None:
    text = "A-1001: HS-Code 8517.13\nA-1002: HS-Code 3926.90"
    found = [one for one in found_in(text, context("A-1001", "A-1002")) if isinstance(one, CustomsNamed)]
    assert [(one.order, one.value) for one in found] == [("A-1001", "8517.13"), ("A-1002", "3926.90")]


def test_a_parcel_beside_them_is_still_read() -> None:
    found = found_in(f"DHL {DHL_NUMBER}, HS-Code 8517.13, Ursprung China")
    assert [one.number for one in found if isinstance(one, Parcel)] == [DHL_NUMBER]
    assert [one.what for one in found if isinstance(one, CustomsNamed)] == [Customs.HS_CODE, Customs.ORIGIN]


def test_words_like_value_and_origin_mean_nothing_by_themselves() -> None:
    text = f"Wir legen Wert auf Pünktlichkeit, Warenwert 449 EUR, Ursprung des Fehlers unbekannt. DHL {DHL_NUMBER}"
    assert [type(one) for one in found_in(text)] == [Parcel]
