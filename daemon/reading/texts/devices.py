"""IMEIs in a stretch of text: singles, pairs of one phone, IMEISV, and what only looks like one."""

import re
from collections.abc import Sequence

from daemon.domain.checksums import IMEI_DIGITS, is_imei
from daemon.domain.identifiers import Imei
from daemon.domain.values import Value

CHUNKS_AT_MOST = 500
_CHUNK = re.compile(r"(?<![A-Za-z0-9+])[0-9](?:[0-9 ./-]{0,300}[0-9])?(?![A-Za-z0-9])")
_PIECE = re.compile(r"([ ./-]*)([0-9]+)")
_APART = re.compile(r" {2,}")
_CELL_AT_MOST = 5
_FLOAT = re.compile(r"\.0$")
# "n.1 35 672311 391074 6": which of several it is.
_COUNT = re.compile(r"[1-9][ .]{1,2}(?=[0-9]{2}[ .-])")
_SHORTEST, _LONGEST = 12, 20
# Of a parcel's number (SSCC) that was cut off; phones under test alone have such an IMEI.
_OF_PARCELS = "00"
# As phones and boxes print an IMEISV; "9 - 358…" behind an "iPad" is none.
_IMEISV_GROUPS = {(16,), (14, 2), (8, 6, 2), (2, 6, 6, 2), (6, 2, 6, 2), (4, 4, 4, 4)}
# As phones and boxes print an IMEI.
_IMEI_GROUPS = {(15,), (2, 6, 6, 1), (6, 2, 6, 1), (8, 6, 1)}
_COUNT_AT_MOST = 2
_GROUP_AT_MOST = 8


class Device(Value, frozen=True, kw_only=True):
    """One stretch that was read as a device, or the reason why it was not."""

    start: int
    end: int
    imei: Imei | None = None
    second: Imei | None = None
    code: str | None = None
    text: str = ""


def devices(text: str, start: int, end: int, *, labelled: bool) -> list[Device]:
    """Every device between two places of a line; without a label only what is an IMEI beyond doubt."""
    found: list[Device] = []
    for chunk in list(_CHUNK.finditer(text, start, end))[:CHUNKS_AT_MOST]:
        found.extend(_in_chunk(chunk.group(), chunk.start(), labelled=labelled))
    return found


def _in_chunk(chunk: str, offset: int, *, labelled: bool) -> list[Device]:
    text = _FLOAT.sub("", chunk)
    numbers = _numbers(text) or _counted(text) or _in_cells(text) or _numbers(_COUNT.sub("", text, count=1))
    if numbers and all(is_imei(number) for number, _ in numbers) and (labelled or not _begins_a_parcel(text)):
        return _paired(numbers, offset, offset + len(chunk), text)
    digits = "".join(sign for sign in text if sign.isdigit())
    if not labelled or len(digits) < _SHORTEST:
        return []
    whole = Device(start=offset, end=offset + len(chunk), text=text)
    if _grouped(text) in _IMEISV_GROUPS and (derived := _of_imeisv(digits)):
        return [Device(start=whole.start, end=whole.end, imei=derived, text=text)]
    if numbers:
        return [_judged(number, whole) for number, _ in numbers]
    code = "imei_wrong_length" if len(digits) <= _LONGEST or len(digits) % IMEI_DIGITS else "imei_luhn_wrong"
    return [Device(start=whole.start, end=whole.end, code=code, text=text)]


def _begins_a_parcel(text: str) -> bool:
    """Whether a stretch begins as a parcel's number, cut off, may: no phone that is sold has an IMEI that begins so."""
    return text.startswith(_OF_PARCELS)


def _judged(number: str, whole: Device) -> Device:
    if is_imei(number):
        return Device(start=whole.start, end=whole.end, imei=Imei(number), text=number)
    return Device(start=whole.start, end=whole.end, code="imei_luhn_wrong", text=number)


def _grouped(text: str) -> tuple[int, ...]:
    """How many digits stand in each group of a stretch."""
    return tuple(len(digits) for _, digits in _PIECE.findall(text))


def _numbers(text: str) -> list[tuple[str, str]]:
    """The stretch cut into numbers of 15 digits, with what stands before each; empty when digits are left."""
    numbers: list[tuple[str, str]] = []
    pieces: list[str] = []
    before = ""
    for separator, piece in _PIECE.findall(text):
        before = before if pieces else separator
        pieces.append(piece)
        if sum(map(len, pieces)) == IMEI_DIGITS:
            if not _are_groups(pieces):
                return []
            numbers.append(("".join(pieces), before))
            pieces = []
    return [] if pieces else numbers


def _are_groups(pieces: Sequence[str]) -> bool:
    """Whether somebody wrote one number in these groups: no digit by itself but the last, no long one beside others."""
    *leading, last = pieces
    if len(leading) == 1 and len(last) <= 2:  # noqa: PLR2004 - the end of a number, set apart
        return True
    return not leading or (all(1 < len(one) <= _GROUP_AT_MOST for one in leading) and len(last) <= _GROUP_AT_MOST)


def _counted(text: str) -> list[tuple[str, str]]:
    """Whole numbers of 15 digits among small ones that only count them ("1. 3520… 2. 4901…", "1 35 2099…")."""
    pieces = _PIECE.findall(text)
    first, *groups = (digits for _, digits in pieces)
    if len(first) <= _COUNT_AT_MOST and tuple(map(len, groups)) in _IMEI_GROUPS and is_imei("".join(groups)):
        return [("".join(groups), "")]
    whole = [(digits, "") for _, digits in pieces if len(digits) == IMEI_DIGITS]
    small = all(len(digits) in {1, 2, IMEI_DIGITS} for _, digits in pieces)
    return whole if small else []


def _in_cells(text: str) -> list[tuple[str, str]]:
    """Whole numbers of 15 digits that stand apart from short ones, as the cells of a row do ("128    2     3520…")."""
    cells = _APART.split(text)
    whole = [(cell, "") for cell in cells if len(cell) == IMEI_DIGITS and cell.isdigit()]
    short = [cell for cell in cells if sum(map(str.isdigit, cell)) <= _CELL_AT_MOST]
    return whole if len(whole) + len(short) == len(cells) else []


def _paired(numbers: list[tuple[str, str]], start: int, end: int, text: str) -> list[Device]:
    found: list[Device] = []
    for number, before in numbers:
        last = found[-1] if found else None
        if last and "/" in before and last.second is None and last.imei != number:
            found[-1] = Device(start=start, end=end, imei=last.imei, second=Imei(number), text=text)
        else:
            found.append(Device(start=start, end=end, imei=Imei(number), text=number))
    return found


def _of_imeisv(digits: str) -> Imei | None:
    """The IMEI behind 14 digits of device and 2 of software, which carry no check digit (3GPP TS 23.003)."""
    return next((Imei(digits[:14] + check) for check in "0123456789" if is_imei(digits[:14] + check)), None)
