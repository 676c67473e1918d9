"""Carriers: whose number it is, and where it can be followed."""

import pytest

from daemon.rules.carriers import Carrier, NumberForm, carrier_named, recognise, tracking_url

DHL = Carrier(
    id="dhl",
    name="DHL",
    aliases=("DHL Paket", "Deutsche Post"),
    numbers=(
        NumberForm(pattern="0034043[0-9]{13}", check="gs1", alone=True, lead="00"),
        NumberForm(pattern="[0-9]{12}", check="dhl_ident"),
    ),
    hosts=("www.dhl.de",),
    links={"de": "https://dhl.example/de?n={number}", "en": "https://dhl.example/en?n={number}"},
)
GLS = Carrier(id="gls", name="GLS", numbers=(NumberForm(pattern="[0-9]{12}", check="gls"),), hosts=("gls-group.eu",))
UPS = Carrier(
    id="ups",
    name="UPS",
    numbers=(NumberForm(pattern="1Z[0-9A-Z]{15}[0-9]", check="ups", alone=True),),
    links={"it-IT": "https://ups.example/it?n={number}", "*": "https://ups.example/?n={number}"},
)
CARRIERS = (DHL, GLS, UPS)

SSCC = "00340434161094042557"
BOTH = "201298452277"  # right for DHL and for GLS


def _seen(number: str, declared: str | None = None, host: str | None = None) -> tuple[str | None, str | None]:
    found = recognise(number, CARRIERS, declared, host)
    assert found.ok == (found.code is None)
    return (found.carrier.id if found.ok and found.carrier else None), found.code


def test_a_form_that_only_one_carrier_has_identifies_it() -> None:
    assert _seen(SSCC) == ("dhl", None)
    assert _seen("1Z999AA10123456784") == ("ups", None)


@pytest.mark.parametrize(
    "written",
    [" 00340434161094042557 ", "0034 0434 1610 9404 2557", "00340434-161094042557", "0034.0434.161094042557",
     "00340434\u00a0161094042557", "00340434\u200b161094042557", "00340434161094042557\ufeff"],
)  # fmt: skip
def test_what_groups_a_number_is_taken_away(written: str) -> None:
    assert recognise(written, CARRIERS, None, None).number == SSCC


def test_small_letters_are_the_same_number() -> None:
    assert _seen("1z999aa10123456784") == ("ups", None)


def test_a_number_that_two_carriers_could_own_is_not_guessed_at() -> None:
    found = recognise(BOTH, CARRIERS, None, None)
    assert (found.code, found.candidates) == ("carrier_ambiguous", ("dhl", "gls"))


def test_a_form_that_may_not_stand_alone_does_not_identify_its_only_carrier() -> None:
    assert recognise(BOTH, (GLS,), None, None).code == "carrier_ambiguous"


def test_beside_a_label_a_form_that_nobody_else_has_identifies_its_carrier() -> None:
    assert recognise("201298452274", (GLS, UPS), None, None, labelled=True).code == "check_digit_wrong"
    assert recognise(BOTH, (GLS, UPS), None, None, labelled=True).carrier == GLS


def test_a_mistyped_number_is_not_one_of_a_carrier_whose_numbers_have_no_check_digit() -> None:
    unchecked = Carrier(id="brt", name="BRT", numbers=(NumberForm(pattern="[0-9]{12}"),))
    found = recognise("201298452274", (GLS, unchecked), None, None, labelled=True)
    assert (found.code, found.candidates) == ("carrier_ambiguous", ("brt",))


def test_the_declared_carrier_settles_it() -> None:
    assert _seen(BOTH, declared="GLS") == ("gls", None)
    assert _seen(BOTH, declared="DHL Paket national") == ("dhl", None)


def test_the_host_of_a_link_settles_it() -> None:
    assert _seen(BOTH, host="gls-group.eu") == ("gls", None)
    assert _seen(BOTH, host="WWW.DHL.DE.") == ("dhl", None)


@pytest.mark.parametrize("host", ["www.dhl.de.evil.example", "evil-www.dhl.de", "dhl.de", "de", ""])
def test_a_host_that_only_looks_alike_settles_nothing(host: str) -> None:
    assert _seen(BOTH, host=host) == (None, "carrier_ambiguous")


def test_a_host_of_another_carrier_than_the_declared_is_a_mismatch() -> None:
    assert _seen(BOTH, declared="GLS", host="www.dhl.de") == (None, "carrier_mismatch")


def test_a_number_that_is_surely_another_carriers_is_a_mismatch() -> None:
    found = recognise("1Z999AA10123456784", CARRIERS, "DHL", None)
    assert (found.code, found.candidates) == ("carrier_mismatch", ("dhl", "ups"))


def test_a_wrong_check_digit_is_refused() -> None:
    assert _seen("00340434161094042558") == (None, "check_digit_wrong")
    assert _seen("00340434161094042558", declared="DHL") == (None, "check_digit_wrong")


def test_a_form_that_nobody_has_is_refused() -> None:
    assert _seen("12345") == (None, "number_unknown_form")
    assert _seen("12345", declared="UPS") == (None, "number_unknown_form")


@pytest.mark.parametrize(
    "number", ["", "3,40434E+17", "0034043416109404255\u041e", "\uff11\uff12\uff13", "A;B", "1" * 41, "<b>"]
)
def test_signs_that_no_number_has_are_suspect(number: str) -> None:
    assert _seen(number) == (None, "suspect_characters")


def test_an_unknown_carrier_is_not_replaced_by_a_guess() -> None:
    assert _seen(SSCC, declared="Nagel Logistik") == (None, "carrier_unknown")


def test_a_blank_carrier_is_none() -> None:
    assert _seen(SSCC, declared="  ") == ("dhl", None)


def test_zeros_that_a_spreadsheet_lost_are_put_back_when_the_check_digit_agrees() -> None:
    assert recognise("340434161094042557", CARRIERS, None, None).number == SSCC
    assert _seen("340434161094042558") == (None, "number_unknown_form")


def test_a_check_that_cannot_be_worked_out_is_a_wrong_one() -> None:
    odd = Carrier(id="odd", name="Odd", numbers=(NumberForm(pattern="[A-Z]{4}", check="gs1", alone=True),))
    assert recognise("ABCD", (odd,), None, None).code == "check_digit_wrong"


@pytest.mark.parametrize("pattern", ["([0-9]|[0-9][0-9])+X", "(?:[0-9]+){2,}[A-Z]", "[0-9]*" * 9 + "[XY]"])
def test_a_pattern_without_end_finds_nothing_instead_of_hanging(pattern: str) -> None:
    slow = Carrier(id="slow", name="Slow", numbers=(NumberForm(pattern=pattern, alone=True),))
    assert recognise("1" * 40, (slow,), None, None).code == "number_unknown_form"


@pytest.mark.parametrize("text", ["dhl", "DHL", " Deutsche  Post ", "dhl-paket", "Versand mit DHL"])
def test_a_carrier_is_known_by_id_name_and_alias(text: str) -> None:
    assert carrier_named(text, CARRIERS) == DHL


@pytest.mark.parametrize("text", ["", "DHLX", "GLS oder DHL", "Post"])
def test_a_text_that_names_no_carrier_or_two_names_none(text: str) -> None:
    assert carrier_named(text, CARRIERS) is None


def test_a_link_speaks_the_language_of_the_market() -> None:
    assert tracking_url(DHL, "1", "de-AT") == "https://dhl.example/de?n=1"
    assert tracking_url(DHL, "1", "fr-FR") == "https://dhl.example/en?n=1"
    assert tracking_url(UPS, "1", "it-IT") == "https://ups.example/it?n=1"
    assert tracking_url(UPS, "1", "it-CH") == "https://ups.example/?n=1"
    assert tracking_url(UPS, "1", "it_it") == "https://ups.example/it?n=1"


def test_a_carrier_without_links_has_no_link() -> None:
    assert tracking_url(GLS, "1", "de-DE") is None


def test_a_number_cannot_break_out_of_its_link() -> None:
    assert tracking_url(DHL, "1&x=%2F#", "de-DE") == "https://dhl.example/de?n=1%26x%3D%252F%23"
