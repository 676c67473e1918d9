"""One line of a mail: the values in it, the orders and lines it names, and what may be an order number."""

import re
from collections.abc import Sequence
from datetime import date

from daemon.domain.finding import DeviceNamed, Doubt, Evidence, Parcel
from daemon.domain.values import Value
from daemon.reading.dates import written_date
from daemon.reading.devices import Device, devices
from daemon.reading.labels import Label, LabelKind, hanging, labels, regions
from daemon.reading.mentions import Known, Mention, line_mentions, looks_like_order, order_mentions, tokens
from daemon.reading.parcels import Asker, Found, linked, numbered
from daemon.reading.suspects import Suspect, plain_line, suspects
from daemon.rules.carriers import Carrier

LINE_AT_MOST = 8 * 1024
EVIDENCE_AT_MOST = 200
VALUES_PER_LINE = 60
_CELL = re.compile(r"(?:[^\s|;]|(?<! ) (?! ))+")
_BULLET = re.compile(r"\s*(?:[-*\u2022+]\s+|[0-9]{1,2}[.)]\s+)?[A-Z0-9]")
_LEFT = re.compile(
    r"versand|versendet|verschickt|shipped|dispatched|sent on|expédié|spedito|enviado|wysłan|verzonden", re.IGNORECASE
)
_DATE_LIKE = re.compile(
    r"(?<![0-9A-Za-z.])(?:[0-9]{1,2}\.[0-9]{1,2}\.(?:[0-9]{2,4})?|20[0-9]{2}-[0-9]{2}-[0-9]{2})(?![0-9A-Za-z])"
)
_PHONE = re.compile(r"\+[0-9][0-9 ()/.-]{6,30}")
_AFTER_OTHER = re.compile(r"[^,;|]{0,60}")

Claim = Parcel | DeviceNamed | Doubt


class TextLine(Value, frozen=True, kw_only=True):
    """`values` stand with their places; `candidates` are tokens that the store may know as orders."""

    number: int
    blank: bool = False
    values: tuple[tuple[int, Claim], ...] = ()
    orders: tuple[Mention, ...] = ()
    places: tuple[Mention, ...] = ()
    candidates: tuple[str, ...] = ()


class _Masked:
    """A line in which what has been understood is blanked out, places staying as they are."""

    def __init__(self, text: str) -> None:
        self.text = text

    def hide(self, start: int, end: int) -> None:
        self.text = self.text[:start] + "\t" * (end - start) + self.text[end:]


class LineReader:
    """Reads the lines of one mail in order, remembering labels and carriers that hold for the lines below."""

    def __init__(self, known: Known, carriers: tuple[Carrier, ...], received: date, *, proven: bool) -> None:
        self._known = known
        self._asker = Asker(carriers)
        self._received = received
        self._proven = proven
        self._hanging: LabelKind | None = None
        self._columns: tuple[LabelKind | None, ...] = ()
        self._carrier: str | None = None

    def read_subject(self, subject: str) -> TextLine:
        """The subject, in which only what is labelled counts."""
        proven, self._proven = self._proven, False
        line = self._read(subject, 0, "subject")
        self._proven, self._hanging, self._carrier, self._columns = proven, None, None, ()
        return line

    @property
    def gave_up(self) -> bool:
        """Whether the text held more candidates than are looked at."""
        return self._asker.tired

    def read(self, line: str, number: int) -> TextLine:
        return self._read(line, number, f"mail text, line {number}")

    def _read(self, line: str, number: int, where: str) -> TextLine:
        text = plain_line(line[:LINE_AT_MOST])
        if not text.strip():
            self._columns = ()
            return TextLine(number=number, blank=True)
        evidence = Evidence(where=where, text=" ".join(line.split())[:EVIDENCE_AT_MOST])
        masked = _Masked(text)
        links = linked(text, self._asker)
        odd = [one for one in suspects(text) if not any(link.start <= one.start < link.end for link in links)]
        for start, end in [(one.start, one.end) for one in links] + [(one.start, one.end) for one in odd]:
            masked.hide(start, end)
        own = labels(masked.text)
        found = sorted([*self._given(text), *own], key=lambda label: label.start)
        self._hang_on(text, own)
        self._hide_others(masked, found)
        orders = order_mentions(masked.text, number, found, self._known)
        places = line_mentions(masked.text, number, found, self._known)
        for mention in (*orders, *places):
            masked.hide(mention.start, mention.end)
        values = [(one.start, self._doubt(one, evidence)) for one in odd]
        values += [(one.start, self._parcel(one, evidence, text)) for one in links if one.number]
        values += self._values(masked, found, text, evidence)
        return TextLine(
            number=number,
            values=tuple(sorted(values, key=lambda one: one[0])[:VALUES_PER_LINE]),
            orders=tuple(orders),
            places=tuple(places),
            candidates=tuple(word for _, _, word in tokens(masked.text) if looks_like_order(word)),
        )

    def _hide_others(self, masked: _Masked, found: Sequence[Label]) -> None:
        """Phone and customer numbers, dates and the labels themselves are no identifiers of ours."""
        for place, label in enumerate(found):
            if label.kind is LabelKind.OTHER:
                end = found[place + 1].start if place + 1 < len(found) else len(masked.text)
                rest = _AFTER_OTHER.match(masked.text, label.end, end)
                masked.hide(label.end, rest.end() if rest else end)
            masked.hide(label.start, label.end)
        for pattern in (_PHONE, _DATE_LIKE):
            for match in list(pattern.finditer(masked.text)):
                masked.hide(match.start(), match.end())

    def _values(
        self, masked: _Masked, found: Sequence[Label], text: str, evidence: Evidence
    ) -> list[tuple[int, Claim]]:
        declared = self._asker.named(_words(masked.text)) if any(sign.isdigit() for sign in masked.text) else None
        values: list[tuple[int, Claim]] = []
        for start, end in regions(masked.text, found, LabelKind.IMEI):
            values += self._devices(masked, start, end, evidence, labelled=True)
        for start, end in regions(masked.text, found, LabelKind.TRACKING):
            values += self._parcels(
                masked, start, end, declared or self._carrier, evidence=evidence, text=text, labelled=True
            )
        if declared or self._proven:
            values += self._parcels(masked, 0, len(text), declared, evidence=evidence, text=text, labelled=False)
        if self._proven:
            values += self._devices(masked, 0, len(text), evidence, labelled=False)
        self._carrier = declared or self._asker.named(_words(text)) or self._carrier
        return values

    def _given(self, text: str) -> list[Label]:
        """Labels that stand above: a hanging one for a line that begins with its value, or the head of a table."""
        cells = [cell.start() for cell in _CELL.finditer(text)]
        if self._columns and len(cells) == len(self._columns):
            pairs = zip(self._columns, cells, strict=True)
            return [Label(kind=kind, start=start, end=start) for kind, start in pairs if kind]
        self._columns = _header(text)
        if self._hanging and _BULLET.match(text):
            return [Label(kind=self._hanging, start=0, end=0)]
        return []

    def _hang_on(self, text: str, own: Sequence[Label]) -> None:
        listed = not own and _BULLET.match(text) and any(sign.isdigit() for sign in text)
        self._hanging = hanging(text, list(own)) or (self._hanging if listed else None)

    def _devices(
        self, masked: _Masked, start: int, end: int, evidence: Evidence, *, labelled: bool
    ) -> list[tuple[int, Claim]]:
        found = devices(masked.text, start, end, labelled=labelled)
        for one in found:
            masked.hide(one.start, one.end)
        return [(one.start, _device(one, evidence)) for one in found]

    def _parcels(
        self,
        masked: _Masked,
        start: int,
        end: int,
        declared: str | None,
        *,
        evidence: Evidence,
        text: str,
        labelled: bool,
    ) -> list[tuple[int, Claim]]:
        found = numbered(masked.text, start, end, self._asker, declared, labelled=labelled)
        for one in found:
            masked.hide(one.start, one.end)
        return [(one.start, self._parcel(one, evidence, text)) for one in found]

    def _parcel(self, found: Found, evidence: Evidence, text: str) -> Claim:
        if found.number is None:
            values = {"number": found.text, "carriers": ", ".join(found.candidates)}
            return Doubt(evidence=evidence, code=found.code or "number_unknown_form", value=found.text, values=values)
        left = written_date(text, self._received) if _LEFT.search(text) else None
        shipped_on = left if left and left <= self._received else None
        return Parcel(
            evidence=evidence, number=found.number, carrier=found.carrier, url=found.url, shipped_on=shipped_on
        )

    def _doubt(self, suspect: Suspect, evidence: Evidence) -> Claim:
        values = {"number": suspect.text, "characters": suspect.characters}
        return Doubt(evidence=evidence, code=suspect.code, value=suspect.text, values=values)


def _device(found: Device, evidence: Evidence) -> Claim:
    if found.imei is None:
        code = found.code or "imei_wrong_length"
        return Doubt(evidence=evidence, code=code, value=found.text, values={"number": found.text})
    return DeviceNamed(evidence=evidence, imei=found.imei, second=found.second)


def _words(text: str) -> str:
    return text.replace("\t", " ")


def _header(text: str) -> tuple[LabelKind | None, ...]:
    """The kinds of the columns if a line is the head of a table: at least two cells that begin with a label."""
    cells = [cell.group() for cell in _CELL.finditer(text)]
    kinds = tuple(next((one.kind for one in labels(cell) if one.start == 0), None) for cell in cells)
    return kinds if sum(kind is not None for kind in kinds) > 1 else ()
