"""Tracking numbers in the cells of a row, each with its carrier, or the doubt that keeps it from being taken."""

import re
from datetime import date
from urllib.parse import urlsplit

from msgspec.structs import replace

from daemon.domain.finding import Doubt, Finding, Parcel
from daemon.domain.identifiers import TrackingNumber
from daemon.reading.cells import not_ascii
from daemon.reading.row_cells import Cell, RowCells, identifier_doubt
from daemon.rules.carriers import Recognition, carrier_named, recognise
from daemon.rules.rulebook import Rulebook

_BETWEEN = re.compile(r"[,;|\n]|\s/\s|\s+(?:und|and|\+|&)\s+")
_FREIGHT_NUMBER = re.compile(r"(?=.*[0-9])[A-Z0-9][A-Z0-9./_-]{3,39}", re.IGNORECASE)
_IN_LINK = re.compile(r"[A-Za-z0-9]{8,40}")
_LINK = re.compile(r"https?://[^\s<>\"']{4,2000}", re.IGNORECASE)


class ParcelReader:
    """What all numbers of one row share."""

    def __init__(self, cells: RowCells, rulebook: Rulebook, order: str, line: str | None) -> None:
        self.cells = cells
        self.carriers = rulebook.carriers
        self.order = order
        self.line = line
        self.carrier_text = cells.text("carrier")
        self.declared = carrier_named(self.carrier_text, self.carriers) if self.carrier_text else None
        self.link = cells.first("url")
        self.url = self.link.text if self.link and _host(self.link.text) else None

    def read(self, shipped_on: date | None, quantity: int | None) -> list[Finding]:
        """A parcel for every number, the quantity with the first of them."""
        found: list[Finding] = []
        if self.link and not self.url:
            found.append(self._doubt("bad_tracking_url", self.link, self.link.text))
        for cell in self.cells.all("tracking"):
            doubt = identifier_doubt(cell, self.order, self.line)
            found += [doubt] if doubt else self._cell(cell, shipped_on)
        parcels: dict[TrackingNumber, Parcel] = {}
        for one in found:
            if isinstance(one, Parcel):
                parcels.setdefault(one.number, one)
        numbers = list(parcels.values())
        doubts = [one for one in found if not isinstance(one, Parcel)]
        if numbers:
            numbers[0] = replace(numbers[0], quantity=quantity)
        return [*numbers, *doubts]

    def _cell(self, cell: Cell, shipped_on: date | None) -> list[Finding]:
        numbers = [number for part in _BETWEEN.split(cell.text) for number in self._numbers(part.strip())]
        return [self._one(number, cell, shipped_on) for number in numbers]

    def _numbers(self, part: str) -> list[str]:
        """A part of a cell as numbers: a whole one that holds blanks or slashes, or several that these keep apart."""
        for pattern in (r"\s+", r"/", r"[\s/]+"):
            pieces = [piece for piece in re.split(pattern, part) if piece]
            if len(pieces) > 1 and not _LINK.match(part) and all(self._recognised(piece).ok for piece in pieces):
                return pieces
        return [part] if part else []

    def _one(self, text: str, cell: Cell, shipped_on: date | None) -> Finding:
        if not_ascii(text):
            return self._doubt("suspect_characters", cell, text, characters=not_ascii(text))
        if _LINK.fullmatch(text):
            return self._of_link(text, cell, shipped_on)
        found = self._recognised(text)
        if found.ok:
            carrier = found.carrier or self.declared
            return self._parcel(found.number, carrier.id if carrier else None, cell, shipped_on)
        number = re.sub(r"\s+", "", text)
        if self.carrier_text and not self.declared and _FREIGHT_NUMBER.fullmatch(number):
            return self._parcel(TrackingNumber(number), self.carrier_text, cell, shipped_on)
        return self._refused(found, cell, text)

    def _of_link(self, link: str, cell: Cell, shipped_on: date | None) -> Finding:
        """The number in a link that stands where a number should."""
        host = _host(link)
        parts = urlsplit(link) if host else None
        words = _IN_LINK.findall(f"{parts.path} {parts.query} {parts.fragment}") if parts else []
        for word in words:
            found = recognise(word, self.carriers, self.declared.id if self.declared else None, host)
            if found.ok and found.carrier:
                return self._parcel(found.number, found.carrier.id, cell, shipped_on)
        return self._doubt("unknown_tracking_number", cell, link)

    def _recognised(self, text: str) -> Recognition:
        host = _host(self.url) if self.url and not self.carrier_text else None
        return recognise(text, self.carriers, self.declared.id if self.declared else None, host)

    def _parcel(self, number: TrackingNumber, carrier: str | None, cell: Cell, shipped_on: date | None) -> Parcel:
        return Parcel(
            number=number,
            carrier=carrier,
            url=self.url,
            shipped_on=shipped_on,
            order=self.order,
            line=self.line,
            evidence=cell.evidence,
        )

    def _refused(self, found: Recognition, cell: Cell, text: str) -> Doubt:
        code = found.code or ("carrier_mismatch" if self.declared else "unknown_tracking_number")
        return self._doubt(code, cell, text, carrier=self.carrier_text, carriers=", ".join(found.candidates))

    def _doubt(self, code: str, cell: Cell, value: str, **values: str) -> Doubt:
        known = {"column": cell.column, "number": value, "carriers": "", **values}
        return Doubt(code=code, value=value, values=known, order=self.order, line=self.line, evidence=cell.evidence)


def _host(link: str) -> str | None:
    """The host of a plain web link; None for what is none or hides its host behind a user name."""
    if not _LINK.fullmatch(link):
        return None
    try:
        parts = urlsplit(link)
    except ValueError:
        return None
    return parts.hostname if "@" not in parts.netloc else None
