"""One wrong digit is never accepted where the carrier's scheme can tell."""

import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.domain.checksums import is_imei
from daemon.rules.carrier_files import CarrierEntry
from daemon.rules.carriers import NumberForm, matches, normalised
from daemon.rules.entries import entries

_FOLDER = Path(__file__).parents[3] / "rules" / "carriers"
# Moduli that do not see every change: 7 and 9 are one to a modulus of 7, 11 that is cut to one digit loses some.
_BLIND = {"none", "dhl_express", "fedex", "s10", "ups", "dhl_ident"}


def _numbers() -> list[tuple[NumberForm, str]]:
    found: list[tuple[NumberForm, str]] = []
    for file in sorted(_FOLDER.glob("*.yaml")):
        for entry in entries(file.name, file.read_text("utf-8"), CarrierEntry)[0]:
            for number in entry.value.numbers:
                found.extend((number.form(), normalised(one)) for one in number.valid)
    return [(form, number) for form, number in found if form.check not in _BLIND and matches(form, number)]


_CHECKED = _numbers()


def test_most_forms_with_a_check_digit_see_every_wrong_digit() -> None:
    assert {form.check for form, _ in _CHECKED} >= {"gs1", "gls", "dpd"}


@given(st.sampled_from(_CHECKED), st.data())
def test_a_number_with_one_wrong_digit_is_refused(known: tuple[NumberForm, str], data: st.DataObject) -> None:
    form, number = known
    if form.lead and not number.startswith(form.lead):
        number = form.lead + number
    places = [place for place, sign in enumerate(number) if sign in string.digits]
    place = data.draw(st.sampled_from(places))
    digit = data.draw(st.sampled_from([one for one in string.digits if one != number[place]]))
    assert not matches(form, number[:place] + digit + number[place + 1 :])


@pytest.mark.parametrize("place", range(15))
def test_an_imei_with_one_wrong_digit_is_refused(place: int) -> None:
    imei = "352099001761481"
    wrong = [imei[:place] + digit + imei[place + 1 :] for digit in string.digits if digit != imei[place]]
    assert not any(is_imei(one) for one in wrong)
