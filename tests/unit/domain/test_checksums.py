"""Check digits: right numbers pass, and one wrong digit does not where the scheme can tell."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.domain.checksums import CHECKS, is_imei, luhn

EXAMPLES = {
    "gs1": ["00340433836442636597", "00340434161094042557", "09133131530724"],
    "dhl_ident": ["201298452277"],
    "dpd": ["01015026003653C"],
    "ups": ["1Z999AA10123456784"],
    "s10": ["XU171986142FR"],
    "luhn": ["352099001761481"],
}


@pytest.mark.parametrize(("check", "number"), [(check, one) for check, many in EXAMPLES.items() for one in many])
def test_a_right_number_passes(check: str, number: str) -> None:
    assert CHECKS[check](number)


@given(st.data())
def test_one_wrong_digit_never_passes_where_the_scheme_can_tell(data: st.DataObject) -> None:
    check = data.draw(st.sampled_from(["gs1", "luhn"]))
    number = data.draw(st.sampled_from(EXAMPLES[check]))
    place = data.draw(st.integers(0, len(number) - 1))
    digit = data.draw(st.sampled_from([one for one in "0123456789" if one != number[place]]))
    assert not CHECKS[check](number[:place] + digit + number[place + 1 :])


@pytest.mark.parametrize("check", ["gs1", "luhn", "dhl_ident", "gls"])
@pytest.mark.parametrize("number", ["35209900A761481", "35209900\u0661761481", ""])
def test_what_is_no_digit_is_never_counted(check: str, number: str) -> None:
    with pytest.raises((ValueError, IndexError)):
        CHECKS[check](number)


def test_a_ups_number_hides_only_an_error_of_five_in_a_doubled_place() -> None:
    number = EXAMPLES["ups"][0]
    hidden = [
        abs(int(digit) - int(sign))
        for place, sign in enumerate(number[:-1])
        for digit in "0123456789"
        if sign.isdigit()
        and place > 1
        and digit != sign
        and CHECKS["ups"](number[:place] + digit + number[place + 1 :])
    ]
    assert set(hidden) == {5}


@given(st.integers(0, 10**14 - 1))
def test_exactly_one_luhn_digit_completes_any_number(body: int) -> None:
    assert sum(luhn(f"{body:014d}{digit}") for digit in range(10)) == 1


@pytest.mark.parametrize(
    "text",
    ["35209900176148", "3520990017614810", "352099001761482", "000000000000000", "\uff13" * 15, "", "35209900176148x"],
)
def test_what_is_no_imei_is_refused(text: str) -> None:
    assert not is_imei(text)
