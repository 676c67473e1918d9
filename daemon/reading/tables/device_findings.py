"""IMEIs in the cells of a row: one device, both numbers of one device, or one for each of several."""

import re

from msgspec.structs import replace

from daemon.domain.checksums import IMEI_DIGITS, is_imei, luhn
from daemon.domain.finding import DeviceNamed, Doubt, Finding
from daemon.domain.identifiers import Imei
from daemon.reading.tables.cells import both_imeis, imeis_within, labelled_imeis, not_ascii
from daemon.reading.tables.column import Cell
from daemon.reading.tables.row_cells import RowCells

_BETWEEN_DEVICES = re.compile(r"[,;|\n+&]|\bund\b|\band\b|(?<=[0-9]{15})\s*[-\u2013]\s*(?=[0-9]{15})")
_WITHIN_DEVICE = re.compile(r"\s*/\s*")
_LABEL = re.compile(r"\bIMEI\s*(?:\(?[12]\)?\s*[:=]|[:=])?\s*", re.IGNORECASE)
_FILL = re.compile(r"[\s.\-]")
_FLOAT = re.compile(rf"(?<![0-9])([0-9]{{{IMEI_DIGITS}}})[.,]0{{1,2}}(?![0-9])")
_SPACED = re.compile(rf"[0-9]{{{IMEI_DIGITS}}}(?:\s+[0-9]{{{IMEI_DIGITS}}})+")

DEVICES = frozenset({"imei", "imei2", "serial", "labelled"})
_TOLD = ("imei", "serial", "labelled")
PAIR = 2
_IMEISV_DIGITS = 16


def devices_of(cells: RowCells, order: str, line: str | None, quantity: int | None, article: str) -> list[Finding]:
    """Every device that the row names, and every number in an IMEI column that is none."""
    found = _devices_of(cells, order, line, quantity)
    numbered = bool(cells.all("imei") and cells.all("imei2")) or any(
        not one.text.isdigit() and both_imeis(one.text) for field in _TOLD for one in cells.all(field)
    )
    if not (article or numbered):
        return found
    return [
        replace(one, article=article, counted=numbered and one.second is not None)
        if isinstance(one, DeviceNamed)
        else one
        for one in found
    ]


def _devices_of(cells: RowCells, order: str, line: str | None, quantity: int | None) -> list[Finding]:
    groups: list[tuple[str, ...]] = []
    doubts: list[Finding] = []
    evidence: Cell | None = None
    second = cells.all("imei2")
    for one in (*cells.all("imei"), *second):
        evidence = evidence or one
        doubt = cells.identifier_doubt(one, order, line)
        if doubt:
            doubts.append(doubt)
            continue
        found, wrong = _split(cells, one, order, line)
        doubts += wrong
        groups += found
    if second and len(groups) == PAIR and all(len(group) == 1 for group in groups):
        groups = [groups[0] + groups[1]]
    groups = groups or [group for one in cells.all("serial") for group in _imeis_among(one.text)]
    groups = groups or [group for one in cells.all("labelled") for group in _labelled(one.text)]
    evidence = evidence or cells.first("serial") or cells.first("labelled")
    if doubts or evidence is None:
        return doubts
    return _as_devices(cells, groups, evidence, order, line, quantity)


def _split(cells: RowCells, one: Cell, order: str, line: str | None) -> tuple[list[tuple[str, ...]], list[Finding]]:
    """The numbers of one cell, grouped by device as far as its signs say, and the doubts about them."""
    if is_imei(one.text):
        return [(one.text,)], []
    groups: list[tuple[str, ...]] = []
    doubts: list[Finding] = []
    text = _FLOAT.sub(r"\1", _LABEL.sub(" ", one.text))
    for part in _parts(text):
        group: list[str] = []
        for piece in _WITHIN_DEVICE.split(part):
            number = _without_software(_FILL.sub("", piece))
            code = _wrong(number)
            if code:
                values = {"column": one.column, "number": number, "characters": not_ascii(number)}
                evidence = cells.evidence_of(one)
                doubts.append(Doubt(code=code, value=number, values=values, order=order, line=line, evidence=evidence))
            elif number:
                group.append(number)
        if group:
            groups.append(tuple(dict.fromkeys(group)))
    return groups, doubts


def _parts(text: str) -> list[str]:
    """What stands for one device each; only a slash joins the two numbers of one device."""
    parts: list[str] = []
    for part in _BETWEEN_DEVICES.split(text):
        parts += part.split() if _SPACED.fullmatch(part.strip()) else [part]
    return parts


def _labelled(text: str) -> list[tuple[str, ...]]:
    """What a text calls IMEIs, the first and the second of one device together."""
    pair = both_imeis(text)
    return [pair] if pair else [(number,) for number in labelled_imeis(text)]


def _imeis_among(text: str) -> list[tuple[str, ...]]:
    """The serial numbers that are IMEIs; the others are none of our business."""
    if is_imei(text):
        return [(text,)]
    if pair := both_imeis(text):
        return [pair]
    pieces = re.split(r"[,;|/\n+&]|\bund\b|\band\b", text)
    found: list[tuple[str, ...]] = [(number,) for piece in pieces if is_imei(number := _FILL.sub("", piece))]
    return found or [(number,) for number in imeis_within(text)]


def _without_software(number: str) -> str:
    """The IMEI in an IMEISV: 14 digits of the device and 2 of its software, without a check digit (3GPP TS 23.003)."""
    if len(number) != _IMEISV_DIGITS or not (number.isascii() and number.isdigit()):
        return number
    return next(one for digit in "0123456789" if luhn(one := number[:-2] + digit))


def _wrong(number: str) -> str | None:
    if not number or is_imei(number):
        return None
    if not_ascii(number):
        return "suspect_characters"
    if not number.isdigit() or len(number) != IMEI_DIGITS:
        return "imei_wrong_length"
    return "imei_luhn_wrong"


def _as_devices(
    cells: RowCells, groups: list[tuple[str, ...]], cell: Cell, order: str, line: str | None, quantity: int | None
) -> list[Finding]:
    evidence = cells.evidence_of(cell)
    if len(groups) == 1 and len(groups[0]) == 1:
        return [DeviceNamed(imei=Imei(groups[0][0]), order=order, line=line, evidence=evidence)]
    groups = list(dict.fromkeys(groups))
    numbers = list(dict.fromkeys(number for group in groups for number in group))
    paired = all(len(group) == PAIR for group in groups) and quantity in {None, len(groups)}
    if paired:
        devices = [(group[0], group[1]) for group in groups]
    elif quantity is not None and len(numbers) > quantity:
        values = {"column": cell.column, "imeis": str(len(numbers)), "quantity": str(quantity)}
        return [Doubt(code="too_many_imeis", value=cell.text, values=values, order=order, line=line, evidence=evidence)]
    else:
        devices = [(number, "") for number in numbers]
    return [
        DeviceNamed(imei=Imei(first), second=Imei(other) if other else None, order=order, line=line, evidence=evidence)
        for first, other in devices
    ]
