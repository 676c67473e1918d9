"""Tracking numbers in the cells of a row, each with its carrier, or the doubt that keeps it from being taken."""

import re
from collections.abc import Sequence
from datetime import date
from urllib.parse import urlsplit

from msgspec.structs import replace

from daemon.domain.checksums import is_imei
from daemon.domain.finding import Doubt, Finding, Parcel
from daemon.domain.identifiers import TrackingNumber
from daemon.reading.links import host_of
from daemon.reading.tables.cells import not_ascii
from daemon.reading.tables.column import Cell
from daemon.reading.tables.meanings import hedged
from daemon.reading.tables.row_cells import RowCells
from daemon.reading.tables.row_doubts import not_read, perhaps_sent
from daemon.rules.carriers import Recognition, carrier_named, recognise, recognise_of
from daemon.rules.rulebook import Rulebook

_BETWEEN = re.compile(r"[,;|\n]|\s/\s|\s+(?:und|and|\+|&)\s+")
_FREIGHT_NUMBER = re.compile(r"(?=.*[0-9])[A-Z0-9][A-Z0-9./_-]{3,39}", re.IGNORECASE)
_EXACT_FLOAT = re.compile(r"([0-9]{8,15})\.0")
_CALLED_NUMBER = re.compile(r"(?:n[°ºo]|nr|num)\.?\s*:?\s+(?=[0-9A-Z])", re.IGNORECASE)
_LONG_WORD = re.compile(r"(?=.*[0-9])[A-Za-z0-9]{10,40}")
# A letter before nothing but digits, or a short code, may number anything.
_WITH_LETTERS = re.compile(r"(?![A-Za-z][0-9 ]*$)(?=.*[A-Za-z])[0-9A-Za-z ]{11,40}")
_IN_LINK = re.compile(r"[A-Za-z0-9]{8,40}")
_WITH_NAME = re.compile(r"([A-Za-z][A-Za-z .]{1,20}?)(?::\s*|\s+)([0-9][0-9A-Za-z ]{5,40})")
_LINK = re.compile(r"https?://[^\s<>\"']{4,2000}", re.IGNORECASE)
PARCELS = frozenset({"tracking", "url", "shipment_id"})
"""Fields that name a parcel."""
_RIVALS = frozenset({"unread", "until", "remark"})
"""Fields in which another number may stand, whatever they are for."""


def article_of(cells: RowCells, rulebook: Rulebook) -> str:
    """What a row calls the goods; a carrier calls its own services products."""
    text = cells.text("article")
    return "" if text and rulebook.carrier_book.named(text) else text


class ParcelReader:
    """What all numbers of one row share."""

    def __init__(self, cells: RowCells, rulebook: Rulebook, order: str, line: str | None) -> None:
        self.cells = cells
        self.rulebook = rulebook
        self.book = rulebook.carrier_book
        self.carriers = rulebook.carriers
        self.order = order
        self.line = line
        self.carrier_text = cells.text("carrier")
        self.declared = rulebook.carrier_called(self.carrier_text) if self.carrier_text else None
        self.unsure = "?" in self.carrier_text or (
            " " in self.carrier_text and hedged(self.carrier_text, cells.layout.format)
        )
        self.quantity: int | None = None
        self.perhaps = perhaps_sent(cells)
        self.article = article_of(cells, rulebook) if line is None else ""
        self.link = cells.first("url")
        self.url = self.link.text if self.link and _LINK.fullmatch(self.link.text) and host_of(self.link.text) else None

    def read(self, shipped_on: date | None, quantity: int | None) -> list[Finding]:
        """A parcel for every number; the quantity is with the first, and the others lie beside it."""
        self.quantity = quantity
        found: list[Finding] = []
        if self.link and not self.url:
            found.append(self._doubt("bad_tracking_url", self.link, self.link.text))
        for cell in self._named():
            doubt = self.cells.identifier_doubt(cell, self.order, self.line)
            found += [doubt] if doubt else self._cell(cell, shipped_on)
        if not found and self.link and self.url:
            one = self._of_link(self.url, self.link, shipped_on)
            # Beside a column for numbers that is blank, a link of nobody we know claims nothing.
            found = [one] if isinstance(one, Parcel) or "tracking" not in self.cells.layout.places else []
        parcels: dict[TrackingNumber, Parcel] = {}
        for one in found:
            if isinstance(one, Parcel):
                parcels.setdefault(one.number, one)
        numbers = list(parcels.values())
        doubts = [one for one in found if not isinstance(one, Parcel)]
        if parcels and self.cells.says(_RIVALS) and (rivals := self._beside(parcels)):
            return [*map(self._rival, rivals), *doubts]
        if parcels and self.link and self.url and self._leads_elsewhere(self.url, self.link, parcels):
            return [self._rival(self.link), *doubts]
        counted = 0 if self.cells.row.beside else 1
        beside = [replace(one, quantity=None, beside=True) for one in numbers[counted:]]
        return [*numbers[:counted], *beside, *doubts]

    def _named(self) -> Sequence[Cell]:
        """The cells for numbers; where none of them holds one, those of the shipment's own id that do."""
        named = self.cells.all("tracking")
        others = [one for one in self.cells.all("shipment_id") if self._recognised(one.text).ok]
        if not others:
            return named
        texts = [text for one in named for text in one.text.split("\n")]
        return named if any(self._recognised(text).ok for text in texts) else others

    def _leads_elsewhere(self, url: str, link: Cell, parcels: dict[TrackingNumber, Parcel]) -> bool:
        """Whether the row's link is a carrier's page about another number."""
        found = self._of_link(url, link, None)
        if not isinstance(found, Parcel):
            return False
        # A page may be called with less of a number than its label shows.
        return not any(found.number in number or number in found.number for number in parcels)

    def _beside(self, parcels: dict[TrackingNumber, Parcel]) -> list[Cell]:
        """The cells that name another number beside the row's."""
        # "Neue Nummer" is a new date by its heading and a new number by its cell.
        others = (*self.cells.all("unread"), *self.cells.all("until"))
        remarks = [one for one in self.cells.all("remark") if self._names_further(one, parcels)]
        return [one for one in (*others, *remarks) if one in remarks or self._rivals(one, parcels)]

    def _rivals(self, cell: Cell, parcels: dict[TrackingNumber, Parcel]) -> bool:
        """Whether a cell that claims nothing for this row names another number like the row's, or another carrier.

        Below no heading any number of a parcel or a device may be one of this row's.
        """
        if not cell.column and (is_imei(cell.text) or self._is_further(cell.text, parcels)):
            return True
        own = {parcel.carrier for parcel in parcels.values()}
        carriers = [one for one in self.carriers if one.id in own]
        if not carriers:
            return False
        named = self.rulebook.carrier_called(cell.text)
        if named is not None and named not in carriers:
            return True
        if len(re.sub(r"\s", "", cell.text)) not in map(len, parcels):
            return False
        found = [recognise_of(cell.text, one, self.carriers) for one in carriers]
        return any(one.ok and one.number not in parcels for one in found)

    def _names_further(self, remark: Cell, parcels: dict[TrackingNumber, Parcel]) -> bool:
        """Whether a remark beside a number names a further one, and not as the former: "richtig ist 1Z…"."""
        words = remark.text.split()
        if not parcels or any(word.casefold() in self.cells.layout.format.former for word in words):
            return False
        return any(self._is_further(word, parcels) for word in words if _LONG_WORD.fullmatch(word))

    def _is_further(self, text: str, parcels: dict[TrackingNumber, Parcel]) -> bool:
        """Whether a text is by itself a parcel's number, and none of the row's."""
        found = self.book.recognise(text, None, None)
        return found.ok and found.number not in parcels

    def _rival(self, cell: Cell) -> Doubt:
        return not_read(self.cells, "unknown_status", cell, self.order, self.line)

    def _cell(self, cell: Cell, shipped_on: date | None) -> list[Finding]:
        parts = [cell.text] if cell.text.isalnum() else _BETWEEN.split(cell.text)
        numbers = [number for part in parts for number in self._numbers(part.strip())]
        return [self._one(number, cell, shipped_on) for number in numbers]

    def _numbers(self, part: str) -> list[str]:
        """A part of a cell as numbers: a whole one that holds blanks or slashes, or several that these keep apart."""
        if part.isalnum():
            return [part]
        for pattern in (r"\s+", r"/", r"[\s/]+"):
            pieces = [piece for piece in re.split(pattern, part) if piece]
            if len(pieces) > 1 and not _LINK.match(part) and all(self._recognised(piece).ok for piece in pieces):
                return pieces
        return [part] if part else []

    def _one(self, text: str, cell: Cell, shipped_on: date | None) -> Finding:
        if not (text.isascii() and text.isalnum()):
            text = _EXACT_FLOAT.sub(r"\1", _CALLED_NUMBER.sub("", text))
            if not_ascii(text):
                return self._doubt("suspect_characters", cell, text, characters=not_ascii(text))
            if _LINK.fullmatch(text):
                return self._of_link(text, cell, shipped_on)
        found = self._recognised(text)
        if self.unsure or (found.ok and self._names_another(found)):
            return self._doubt("carrier_unknown", cell, text, carrier=self.carrier_text)
        if found.ok:
            carrier = found.carrier or self.declared
            return self._parcel(found.number, carrier.id if carrier else None, cell, shipped_on)
        if with_name := self._named_beside(text):
            return self._parcel(with_name.number, with_name.carrier.id if with_name.carrier else None, cell, shipped_on)
        number = re.sub(r"\s+", "", text)
        if self.carrier_text and not self.declared and _FREIGHT_NUMBER.fullmatch(number):
            return self._parcel(TrackingNumber(number), self.carrier_text, cell, shipped_on)
        return self._refused(found, cell, text)

    def _names_another(self, found: Recognition) -> bool:
        """Whether the row names a carrier that nobody knows beside a number that has the form of a known one's."""
        return bool(self.carrier_text and not self.declared and found.carrier)

    def _named_beside(self, text: str) -> Recognition | None:
        """The number of a cell that names its carrier as well, "UPS: 1Z…", unless another cell names another one."""
        if not (found := _WITH_NAME.fullmatch(text)) or not (carrier := self.rulebook.carrier_called(found[1])):
            return None
        if self.declared and self.declared.id != carrier.id:
            return None
        answer = recognise_of(found[2], carrier, self.carriers)
        return answer if answer.ok else None

    def _of_link(self, link: str, cell: Cell, shipped_on: date | None) -> Finding:
        """The number in a link that stands where a number should; only the pages of carriers are believed."""
        host = host_of(link)
        known = any(host in carrier.hosts for carrier in self.carriers)
        parts = urlsplit(link) if known else None
        words = _IN_LINK.findall(f"{parts.path} {parts.query} {parts.fragment}") if parts else []
        for word in words:
            found = recognise(word, self.carriers, self.declared.id if self.declared else None, host)
            if found.ok and found.carrier:
                return self._parcel(found.number, found.carrier.id, cell, shipped_on)
        return self._doubt("unknown_tracking_number", cell, link)

    def _recognised(self, text: str) -> Recognition:
        if self.declared:
            found = recognise_of(text, self.declared, self.carriers)
            return found if found.ok else self._of_another(text) or found
        if self.carrier_text:
            return self.book.recognise(text, None, None)
        # Below a heading for numbers, a form with letters that nobody else has tells whose it is.
        telling = _WITH_LETTERS.fullmatch(text) is not None
        found = self.book.recognise(text, None, host_of(self.url) if self.url else None, labelled=telling)
        return found if found.ok else self._of_status(text) or found

    def _of_status(self, text: str) -> Recognition | None:
        """The number as one of the carrier whom the row's status names: "An Hermes übergeben"."""
        named = [carrier for one in self.cells.all("status") if (carrier := carrier_named(one.text, self.carriers))]
        found = recognise_of(text, named[0], self.carriers) if named else None
        return found if found and found.ok else None

    def _of_another(self, text: str) -> Recognition | None:
        """The number as one of a further carrier that the row names: "Tracking 2", "Carrier 2"."""
        others = [self.rulebook.carrier_called(one.text) for one in self.cells.all("carrier")[1:]]
        found = [recognise_of(text, one, self.carriers) for one in others if one]
        return next((one for one in found if one.ok), None)

    def _parcel(self, number: TrackingNumber, carrier: str | None, cell: Cell, shipped_on: date | None) -> Parcel:
        return Parcel(
            number=number,
            carrier=carrier,
            url=self.url,
            shipped_on=shipped_on,
            quantity=self.quantity,
            article=self.article,
            instead=self.cells.text("former"),
            perhaps=() if self.quantity else self.perhaps,
            order=self.order,
            line=self.line,
            evidence=self.cells.evidence_of(cell),
        )

    def _refused(self, found: Recognition, cell: Cell, text: str) -> Doubt:
        code = found.code or ("carrier_mismatch" if self.declared else "unknown_tracking_number")
        return self._doubt(code, cell, text, carrier=self.carrier_text, carriers=", ".join(found.candidates))

    def _doubt(self, code: str, cell: Cell, value: str, **values: str) -> Doubt:
        known = {"column": cell.column, "number": value, "carriers": "", **values}
        return Doubt(
            code=code,
            value=value,
            values=known,
            order=self.order,
            line=self.line,
            evidence=self.cells.evidence_of(cell),
        )
