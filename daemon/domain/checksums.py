"""Check digits of tracking numbers and devices, by the names that carrier files use."""

from collections.abc import Callable
from itertools import cycle
from operator import mul

_VALUES = bytes.maketrans(b"0123456789", bytes(range(10)))
_DOUBLED = bytes.maketrans(bytes(range(10)), bytes((0, 2, 4, 6, 8, 1, 3, 5, 7, 9)))
"""Each digit doubled, as the sum of its digits."""


def _values(digits: str) -> bytes:
    """What each digit counts; ValueError where something else stands among them."""
    if not digits.isdigit():
        raise ValueError(digits)
    return digits.encode("ascii").translate(_VALUES)


def luhn(digits: str) -> bool:
    """ISO/IEC 7812-1 Annex B over ASCII digits, the last being the check digit (IMEI: 3GPP TS 23.003 Annex B)."""
    values = _values(digits)
    return (sum(values[::-2]) + sum(values[-2::-2].translate(_DOUBLED))) % 10 == 0


def _weighted(digits: str, weights: tuple[int, ...]) -> int:
    return sum(map(mul, _values(digits), cycle(weights)))


def gs1(digits: str) -> bool:
    """GS1 General Specifications 7.9: weights 3 and 1 from the right, modulo 10 (SSCC, Hermes, Post AT)."""
    values = _values(digits)
    return (3 * sum(values[-2::-2]) + sum(values[::-2])) % 10 == 0


def dhl_ident(digits: str) -> bool:
    """Deutsche Post Ident- and Leitcode: weights 4 and 9 from the left, modulo 10."""
    return (_weighted(digits[:-1], (4, 9)) + int(digits[-1])) % 10 == 0


def dhl_express(digits: str) -> bool:
    """DHL Express waybill: the number before the last digit modulo 7."""
    return int(digits[:-1]) % 7 == int(digits[-1])


def s10(number: str) -> bool:
    """UPU S10: weights 8 6 4 2 3 5 9 7 over the eight digits, modulo 11."""
    digits = number[2:11]
    check = 11 - _weighted(digits[:8], (8, 6, 4, 2, 3, 5, 9, 7)) % 11
    return {10: 0, 11: 5}.get(check, check) == int(digits[8])


def ups(number: str) -> bool:
    """UPS 1Z: letters count (code point - 3) mod 10, every second sign double, modulo 10."""
    body = number[2:]
    values = [int(sign) if sign.isdigit() else (ord(sign) - 3) % 10 for sign in body]
    total = sum(value * (1 + place % 2) for place, value in enumerate(values[:-1]))
    return (10 - total % 10) % 10 == values[-1]


def fedex(digits: str) -> bool:
    """FedEx Express 12: weights 3 1 7 from the left over eleven digits, modulo 11, modulo 10."""
    return _weighted(digits[:11], (3, 1, 7)) % 11 % 10 == int(digits[11])


def gls(digits: str) -> bool:
    """GLS parcel number: GS1 sum plus one, modulo 10."""
    return (_weighted(digits[-2::-1], (3, 1)) + 1 + int(digits[-1])) % 10 == 0


def dpd(number: str) -> bool:
    """DPD parcel label number: ISO 7064 mod 37,36 over fourteen digits and one check sign."""
    signs = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    rest = 36
    for sign in number[:-1]:
        rest += signs.index(sign)
        rest = (rest - 36 if rest > 36 else rest) * 2  # noqa: PLR2004 - the modulus itself
        rest = rest - 37 if rest >= 37 else rest  # noqa: PLR2004
    return (37 - rest) % 36 == signs.index(number[-1])


def unchecked(_number: str) -> bool:
    """For numbers that carry no check digit."""
    return True


CHECKS: dict[str, Callable[[str], bool]] = {
    "none": unchecked,
    "luhn": luhn,
    "gs1": gs1,
    "dhl_ident": dhl_ident,
    "dhl_express": dhl_express,
    "s10": s10,
    "ups": ups,
    "fedex": fedex,
    "gls": gls,
    "dpd": dpd,
}


IMEI_DIGITS = 15


def is_imei(text: str) -> bool:
    """Exactly 15 ASCII digits, not all equal, Luhn right."""
    if len(text) != IMEI_DIGITS or not (text.isascii() and text.isdigit()):
        return False
    return text != text[0] * IMEI_DIGITS and luhn(text)
