"""One line of a mail: the values in it, the orders and lines it names, and what may be an order number."""

import re
from collections.abc import Sequence
from itertools import pairwise

from daemon.domain.finding import DeviceNamed, Doubt, Evidence, Parcel
from daemon.domain.identifiers import Imei, TrackingNumber
from daemon.domain.values import Value
from daemon.reading.texts.devices import Device, devices
from daemon.reading.texts.labels import Label, LabelKind, labels, regions
from daemon.reading.texts.lines_above import LinesAbove
from daemon.reading.texts.mentions import (
    Known,
    Mention,
    line_mentions,
    looks_like_order,
    order_mentions,
    title_mentions,
    tokens,
)
from daemon.reading.texts.parcels import Asker, Found, is_code, linked, numbered
from daemon.reading.texts.quantities import one_each, pieces
from daemon.reading.texts.suspects import Suspect, plain_line, suspects
from daemon.rules.automaton import Quick
from daemon.rules.carrier_book import CarrierBook
from daemon.rules.carriers import Carrier

LINE_AT_MOST = 8 * 1024
EVIDENCE_AT_MOST = 200
VALUES_PER_LINE = 60
HEADING_AT_MOST = 40
_DIGIT = re.compile(r"\d")
# Six digits, whatever stands between them: fewer are no number of a parcel or a device, but in a word of eight signs.
_NUMBER = re.compile(
    r"(?:[0-9][^0-9]*){6}|(?<![0-9A-Za-z])(?=[A-Za-z]*[0-9])(?=[0-9]*[A-Za-z])[0-9A-Za-z]{8}(?![0-9A-Za-z])"
)
_DATE_LIKE = re.compile(
    r"(?<![0-9A-Za-z.])(?:[0-9]{1,2}\.[0-9]{1,2}\.(?:[0-9]{2,4})?|20[0-9]{2}-[0-9]{2}-[0-9]{2})(?![0-9A-Za-z])"
)
_PHONE = re.compile(
    r"\+[0-9][0-9 ()/.-]{6,30}|(?<![0-9])0[1-9][0-9]{1,4}\s?[/-]\s?[0-9]{4,9}(?![0-9-])"
    # "0044 20 7946 0123": in groups, and shorter than a parcel's.
    r"|(?<![0-9])00[1-9][0-9]{1,2}(?=[ ()/-])(?=(?:[ ()/-]{0,2}[0-9]){7,11}(?![ ()/-]{0,2}[0-9]))"
    r"[0-9 ()/-]{8,24}(?<=[0-9])"
)
# Where a number ends a sentence and another begins; "Sendungsnr. 123. Hülle mit Hermes".
_NEXT_SENTENCE = re.compile(r"(?<=[0-9]{6})[A-Z]{0,2}\.\s+(?=[A-ZÀ-Ý])")
_JOINT = re.compile(r"[,;|]\s*|\s(?:und|and|et|y|e|i|en|sowie|&)\s")
# A line that holds a number and nothing else, or the word for one; one that may be dialled is no such line.
_BARE = re.compile(
    r"(?:\s*(?i:n[°º]|nrn?|no|num|n[uú]mer|num[eé]ro|n[uú]mero|nummer|number|codice|c[oó]digo|code|kod)"
    r"(?=[\s.:#])(?=(?:[^0-9]*[0-9]){10})[.:#]?)?"
    r"(?!\s*\(?(?:\+|0[1-9](?![0-9]{12,13}\s*$))[0-9 ()/.-]{5,15}\s*$)(?!.*(?<![0-9])[A-Z]{6})"
    r"[\s:(*\u2022\u2013\u2014-]*[0-9A-Z][0-9A-Z .-]{6,40}[\s.,:()-]*"
)
# The second card of a telephone, whatever else is counted.
_OF_A_CARD = re.compile(r"sim|slot|steckplatz|emplacement|ranura")
_COUNTED = re.compile(r"[ -]2|2\.")
_TRACK_ID = re.compile(r"track(?:ing)?[ -]?id")
# "S22 u. Hülle" goes on.
_PART_END = re.compile(r"(?<!\bu)[.!?;,](?=\s)")
# "A-1006 with N, the other with M".
_OTHER = re.compile(
    r"\b(?:andere[nrsm]?|zweite[nrsm]?|übrige[nr]?|other|second|autre|seconde?|deuxième|drug(?:i|a|ie|iego|ą)|inn[aey]|altr[oa]"
    r"|second[oa]|otr[oa]|segund[oa]|tweede)\b",
    re.IGNORECASE,
)
# "The phone with N, the rest with M"; "phone N, tablet M, all in one box".
_REST = re.compile(
    r"\b(?:rest|restliche[nr]?|übrige[nrs]?|remaining|remainder|everything else|reste|resto|reszt\w|pozostał\w+)\b",
    re.IGNORECASE,
)
_WHOLE = re.compile(
    r"\b(?:alles|beide[ns]?|both|all|everything|tout|tous|toutes|les deux|tutt[oi]|entramb[ie]|todo|ambos|wszystko|oba)"
    r"\s(?:[^\W\d_]+\s){0,2}?(?:in|im|dans|en|nel|w|zusammen|together|ensemble|insieme|juntos|razem|samen)\b",
    re.IGNORECASE,
)
_ALL = re.compile(
    r"\b(?:alles|alle|komplette?|all|everything|tout|tous|toutes|tutt[oaie]|tod[oa]s?|wszystk\w+|całość)\b",
    re.IGNORECASE,
)
_ENDS_WITH = (
    r"endet auf|endend auf|mit endung|endung|endziffern?|ending(?: in| with)?|ends (?:in|with)|finissant par"
    r"|se terminant par|che finisce con|terminado en|que termina en|końcówka|kończący się na|eindigend op|eindigt op"
)
# Only the end of a number, or the end of a range of numbers.
_SHORTENED = Quick(
    r"(?<!\S)[0-9]{0,12}(?:\u2026|\.{2,6}|x{3,12}|\*{2,12}|-{2,4})[0-9]{2,10}(?![0-9A-Za-z/.])"
    rf"|\b(?:{_ENDS_WITH})\s*:?\s*[0-9]{{2,10}}\b"
    r"|(?<=[0-9]{3})\s?(?:bis|to|à|al|do|t/m)\s(?:\u2026|\.{2,6}|-)?[0-9]{1,8}(?![0-9])"
    r"(?!\s(?:(?:open |business |working )?days|jours|semaines|(?:werk)?dagen"
    r"|weken|(?:werk|arbeits)?tage\b|wochen|weeks|giorni|días|dni))"
    r"|(?<=und |and |bis | et | to )-[0-9]{2,8}\b|(?<=[,&+iey] )-[0-9]{2,8}\b",
    re.IGNORECASE,
)
# The words for a telephone's own number also stand before its IMEI.
_OF_A_PHONE = re.compile(r"handy|phone|mobil|telefon|téléphone|teléfono|serien|serial|s/?n")
# Up to the end of its sentence: "The delivery note is attached. The goods left as N."
_AFTER_OTHER = re.compile(r"(?:(?!(?<=[a-zà-ž]{4})\.\s+[A-ZÀ-Ý][a-zà-ž]+\s)[^,;|]){0,60}")

Parts = Sequence[tuple[int, int, str | None]]
"""Stretches of a line, each with the carrier that it names."""

Claim = Parcel | DeviceNamed | Doubt

# "Went with DHL, the number is N": that of the parcel, by its words.
_THE_NUMBER = re.compile(
    r"\b(?:nummer|number|num[eé]ro|n[uú]mero|numer|nr\.?)(?: (?:dazu|davon|there|here))?"
    r"(?: (?:ist|lautet|is|est|è|es|to|jest))?[\s:]{1,3}([0-9]{15})(?![0-9])",
    re.IGNORECASE,
)


class TextLine(Value, frozen=True, kw_only=True):
    """`values` and `pieces` stand with their places; `candidates` are tokens that the store may know as orders.

    `ends` are the places where a sentence or a part of it ends, `others` those where it speaks of another without
    naming it, `rests` where of the rest, `wholes` where of all of it; `each`: every parcel holds one piece. `lacking`
    are lines of an order that it excepts, `all_but`: from all that it speaks of. `spoken` are articles of which a line
    without a number speaks that is too long for a heading: no value below is theirs. `bare`: it holds an order's number
    and nothing else.
    """

    number: int
    blank: bool = False
    values: tuple[tuple[int, Claim], ...] = ()
    orders: tuple[Mention, ...] = ()
    places: tuple[Mention, ...] = ()
    spoken: tuple[Mention, ...] = ()
    lacking: tuple[str, ...] = ()
    all_but: bool = False
    candidates: tuple[str, ...] = ()
    pieces: tuple[tuple[int, int], ...] = ()
    ends: tuple[int, ...] = ()
    others: tuple[int, ...] = ()
    rests: tuple[int, ...] = ()
    wholes: tuple[int, ...] = ()
    each: bool = False
    bare: bool = False


class _Masked:
    """A line in which what has been understood is blanked out, places staying as they are."""

    def __init__(self, text: str) -> None:
        self.text = text

    def hide(self, start: int, end: int) -> None:
        if start < end:
            self.text = self.text[:start] + "\t" * (end - start) + self.text[end:]


class LineReader:
    """Reads the lines of one mail in order, remembering what holds for the lines below.

    `carrier` is the only one that the whole mail names.

    `pairs` names the first IMEI of a telephone for each that was labelled as its second, `counted` those of which the
    label may as well count telephones. `codes` are numbers that a carrier may give beside a longer one, `weak` tracking
    numbers for which only their form and a carrier speak, `written` those that stand in the text itself, `linked` those
    in links.
    """

    def __init__(self, known: Known, book: CarrierBook, *, proven: bool, carrier: Carrier | None = None) -> None:
        self._known = known
        self._asker = Asker(book)
        self._proven = proven
        self._only = carrier.id if carrier else None
        self._above = LinesAbove()
        self._first: Imei | None = None
        self.pairs: dict[Imei, Imei] = {}
        self.counted: set[Imei] = set()
        self.weak: set[TrackingNumber] = set()
        self.codes: set[TrackingNumber] = set()
        self.written: set[TrackingNumber] = set()
        self.linked: set[TrackingNumber] = set()

    def read_subject(self, subject: str) -> TextLine:
        """The subject, in which only what is labelled counts."""
        proven, self._proven = self._proven, False
        line = self._read(subject, 0, "subject")
        self._proven, self._above = proven, LinesAbove()
        return line

    @property
    def gave_up(self) -> bool:
        """Whether the text held more candidates than are looked at."""
        return self._asker.tired

    def read(self, line: str, number: int) -> TextLine:
        return self._read(line, number, f"mail text, line {number}")

    def _read(self, line: str, number: int, where: str) -> TextLine:
        text = plain_line(line[:LINE_AT_MOST])
        if not text or text.isspace():
            self._above.blank()
            return TextLine(number=number, blank=True)
        if not _DIGIT.search(text):
            self._above.lay_by(text)
            heading = text.rstrip().endswith(":") or len(text) <= HEADING_AT_MOST
            spoken = title_mentions(text, number, self._known)
            present = tuple(one for one in spoken if not one.lacking)
            return TextLine(
                number=number,
                places=present if heading else (),
                spoken=() if heading else present,
                lacking=tuple(one.text for one in spoken if one.lacking),
                all_but=_excepts_from_all(text, spoken),
                pieces=tuple(pieces(text, [], self._known.goods)),
                each=one_each(text),
            )
        evidence = Evidence(where=where, text=" ".join(line.split())[:EVIDENCE_AT_MOST])
        masked = _Masked(text)
        links = linked(text, self._asker)
        self.linked |= {one.number for one in links if one.number}
        odd = [one for one in suspects(text) if not any(link.start <= one.start < link.end for link in links)]
        for start, end in [(one.start, one.end) for one in links] + [(one.start, one.end) for one in odd]:
            masked.hide(start, end)
        own = [one for one in labels(masked.text) if not self._is_of_a_name(one, text)]
        found = sorted([*self._above.given(text), *own], key=lambda label: label.start)
        counted = pieces(masked.text, found, self._known.goods)
        self._hide_others(masked, found)
        searched = masked.text
        words = tokens(searched)
        orders = order_mentions(masked.text, number, words, found, self._known)
        places = line_mentions(masked.text, number, words, found, self._known)
        for mention in (*orders, *places):
            masked.hide(mention.start, mention.end)
        named = places or title_mentions(text, number, self._known)
        places = [one for one in named if not one.lacking]
        values = [(one.start, self._doubt(one, evidence)) for one in odd]
        values += [(one.start, self._parcel(one, evidence)) for one in links if one.number]
        values += self._cut_short(masked, evidence)
        values += self._values(masked, found, text, evidence, named)
        abbreviated = {label.end for label in own}
        bare = bool(orders) and not any(sign.isalnum() for sign in masked.text)
        left = words if masked.text is searched else tokens(masked.text)
        self._above.go_on(text, own, masked.text if orders and not values else "")
        return TextLine(
            number=number,
            values=tuple(sorted(values, key=lambda one: one[0])[:VALUES_PER_LINE]),
            orders=tuple(orders),
            places=tuple(places),
            lacking=tuple(one.text for one in named if one.lacking),
            all_but=_excepts_from_all(text, named),
            pieces=tuple(counted),
            each=one_each(text),
            bare=bare,
            ends=(
                *(one.start() for one in _PART_END.finditer(text) if one.start() not in abbreviated),
                len(text.rstrip(" .!")),
            ),
            others=tuple(one.start() for one in _OTHER.finditer(text)) if orders or places else (),
            rests=tuple(one.start() for one in _REST.finditer(text)) if places else (),
            wholes=tuple(one.start() for one in _WHOLE.finditer(text)) if places else (),
            candidates=tuple(word for _, _, word in left if looks_like_order(word)),
        )

    def _is_of_a_name(self, label: Label, text: str) -> bool:
        """Whether what looks like a label is a word of a carrier's name: "DHL Parcel NL"."""
        if label.kind is not LabelKind.TRACKING:
            return False
        return self._asker.named(text) != self._asker.named(f"{text[: label.start]} {text[label.end :]}")

    def _hide_others(self, masked: _Masked, found: Sequence[Label]) -> None:
        """Phone and customer numbers, dates and the labels themselves are no identifiers of ours."""
        for place, label in enumerate(found):
            if label.kind is LabelKind.OTHER:
                end = found[place + 1].start if place + 1 < len(found) else len(masked.text)
                rest = _AFTER_OTHER.match(masked.text, label.end, end)
                end = rest.end() if rest else end
                if not (_OF_A_PHONE.search(label.text) and devices(masked.text, label.end, end, labelled=False)):
                    masked.hide(label.end, end)
            masked.hide(label.start, label.end)
        for pattern in (_PHONE, _DATE_LIKE):
            for match in list(pattern.finditer(masked.text)):
                masked.hide(match.start(), match.end())

    def _values(
        self, masked: _Masked, found: Sequence[Label], text: str, evidence: Evidence, named: Sequence[Mention]
    ) -> list[tuple[int, Claim]]:
        """`named` are the articles of the line, which may stand beside its only number."""
        if not _NUMBER.search(masked.text):
            return []
        parts = self._parts(masked.text)
        if carrier := self._asker.named(masked.text) or self._asker.named(text):
            self._above.name_carrier(carrier)
        values: list[tuple[int, Claim]] = []
        for start, end in regions(masked.text, found, LabelKind.IMEI):
            devices_here = self._devices(masked, start, end, evidence, labelled=True)
            self._pair(_label_before(found, start), devices_here)
            values += devices_here
        for start, end in regions(masked.text, found, LabelKind.TRACKING):
            for first, last, declared in parts:
                carrier = declared or self._near()
                if first < end and last > start:
                    parcels = self._parcels(
                        masked, max(first, start), min(last, end), carrier, evidence=evidence, labelled=True
                    )
                    self.codes |= _codes(parcels) if _TRACK_ID.match(_label_before(found, start)) else set()
                    values += parcels
        values += self._unlabelled(masked, parts, named, evidence)
        if self._proven:
            if self._asker.named(text):
                self._hide_the_number(masked)
            values += self._devices(masked, 0, len(text), evidence, labelled=False)
        return values

    def _hide_the_number(self, masked: _Masked) -> None:
        """What a line with a carrier calls the number, and no carrier knows, is no IMEI that lost its label."""
        for match in list(_THE_NUMBER.finditer(masked.text)):
            masked.hide(match.start(1), match.end(1))

    def _unlabelled(
        self, masked: _Masked, parts: Parts, named: Sequence[Mention], evidence: Evidence
    ) -> list[tuple[int, Claim]]:
        """Numbers by their form; one that stands alone, or beside its article, with the carrier of the lines above."""
        bare = _Masked(masked.text)
        for one in named:
            bare.hide(one.start, one.end)
        alone = _BARE.fullmatch(bare.text) is not None
        if alone:
            masked.text = bare.text
        above = self._above.carrier(self._asker.named) if alone else None
        values: list[tuple[int, Claim]] = []
        for first, last, declared in parts:
            said = declared or above
            for carrier in dict.fromkeys([said or (self._only if alone else None), said]):
                if carrier or self._proven:
                    values += self._parcels(masked, first, last, carrier, evidence=evidence, labelled=False)
        return values

    def _cut_short(self, masked: _Masked, evidence: Evidence) -> list[tuple[int, Claim]]:
        """Numbers of which only the end is written: they are held, never completed."""
        values: list[tuple[int, Claim]] = []
        for match in _SHORTENED.finditer(masked.text):
            text = match.group().strip()
            doubt = Doubt(evidence=evidence, code="number_shortened", value=text, values={"number": text})
            values.append((match.start(), doubt))
            masked.hide(match.start(), match.end())
        return values

    def _near(self) -> str | None:
        """The carrier named last above, else the only one of the whole mail."""
        return self._above.carrier(self._asker.named) or self._only

    def _parts(self, line: str) -> Parts:
        """A line with the one carrier that it names, or cut so that each sentence or part of it has its own."""
        if carrier := self._asker.named(line):
            return [(0, len(line), carrier)]
        sentences = _cut(_NEXT_SENTENCE, line, 0, len(line))
        return [one for start, end in sentences for one in self._clauses(line, start, end)]

    def _clauses(self, line: str, start: int, end: int) -> Parts:
        carrier = self._asker.named(line[start:end])
        if carrier or not any(self._asker.named(part) for part in _JOINT.split(line[start:end])):
            return [(start, end, carrier)]
        return [(first, last, self._asker.named(line[first:last])) for first, last in _cut(_JOINT, line, start, end)]

    def _pair(self, label: str, found: Sequence[tuple[int, Claim]]) -> None:
        """`IMEI 1` and the `IMEI 2` that follows it are two numbers of one telephone."""
        named = [one.imei for _, one in found if isinstance(one, DeviceNamed)]
        if "2" in label and self._first and named:
            self.pairs[named[0]] = self._first
            self.counted |= {named[0]} if _COUNTED.search(label) and not _OF_A_CARD.match(label) else set()
        first = label and (not _DIGIT.search(label) or "1" in label)
        self._first = named[-1] if first and len(named) == 1 else None

    def _devices(
        self, masked: _Masked, start: int, end: int, evidence: Evidence, *, labelled: bool
    ) -> list[tuple[int, Claim]]:
        found = [one for one in devices(masked.text, start, end, labelled=labelled) if not self._is_parcel(one)]
        for one in found:
            masked.hide(one.start, one.end)
        return [(one.start, _device(one, evidence)) for one in found]

    def _is_parcel(self, one: Device) -> bool:
        """A number too long or too short for a device, which a carrier knows beyond doubt."""
        return one.code == "imei_wrong_length" and self._asker.ask(one.text).sure

    def _parcels(
        self,
        masked: _Masked,
        start: int,
        end: int,
        declared: str | None,
        *,
        evidence: Evidence,
        labelled: bool,
    ) -> list[tuple[int, Claim]]:
        found = numbered(masked.text, start, end, self._asker, declared, labelled=labelled)
        for one in found:
            masked.hide(one.start, one.end)
            if one.number:
                self.written.add(one.number)
                self.weak |= set() if labelled or one.sure else {one.number}
        return [(one.start, self._parcel(one, evidence)) for one in found]

    def _parcel(self, found: Found, evidence: Evidence) -> Claim:
        if found.number is None:
            values = {"number": found.text, "carriers": ", ".join(found.candidates)}
            return Doubt(evidence=evidence, code=found.code or "number_unknown_form", value=found.text, values=values)
        return Parcel(evidence=evidence, number=found.number, carrier=found.carrier, url=found.url)

    def _doubt(self, suspect: Suspect, evidence: Evidence) -> Claim:
        values = {"number": suspect.text, "characters": suspect.characters}
        return Doubt(evidence=evidence, code=suspect.code, value=suspect.text, values=values)


def _label_before(found: Sequence[Label], start: int) -> str:
    """The label that ends where a region begins."""
    return next((one.text for one in found if one.end == start), "")


def _codes(values: Sequence[tuple[int, Claim]]) -> set[TrackingNumber]:
    """The numbers among some values that a carrier may give beside a longer one."""
    return {one.number for _, one in values if isinstance(one, Parcel) and is_code(one.number, labelled=True)}


def _device(found: Device, evidence: Evidence) -> Claim:
    if found.imei is None:
        code = found.code or "imei_wrong_length"
        return Doubt(evidence=evidence, code=code, value=found.text, values={"number": found.text})
    return DeviceNamed(evidence=evidence, imei=found.imei, second=found.second)


def _cut(joint: re.Pattern[str], line: str, start: int, end: int) -> Sequence[tuple[int, int]]:
    """The parts of a stretch of a line between its joints."""
    return list(pairwise([start, *(one.end() for one in joint.finditer(line, start, end)), end]))


def _excepts_from_all(text: str, named: Sequence[Mention]) -> bool:
    """Whether a line speaks of all but what it excepts."""
    return any(one.lacking for one in named) and _ALL.search(text) is not None
