"""Tracking numbers in a line: by link, by carrier, by label, and by their form alone where a reply is proven."""

import re
from collections.abc import Iterator, Sequence
from enum import IntEnum
from typing import NamedTuple

from daemon.domain.identifiers import TrackingNumber
from daemon.domain.values import Value
from daemon.reading.links import host_of
from daemon.reading.movements import LEFT
from daemon.rules.carrier_book import CarrierBook
from daemon.rules.carriers import Recognition

ASKED_AT_MOST = 1000
_URL = re.compile(r"https?://[^\s<>\"'()]{4,2000}", re.IGNORECASE)
_URL_PIECE = re.compile(r"[A-Za-z0-9]{8,40}")
_CHUNK = re.compile(r"(?<![A-Za-z0-9+])[A-Za-z0-9][A-Za-z0-9.-]{0,59}(?: [A-Za-z0-9][A-Za-z0-9.-]{0,59}){0,40}")
_TOKEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*")
_WINDOW = 8
_WORD_BEFORE = re.compile(r"([^\W\d_]+)[\s.:#=(/-]*$")
# Behind a full stop a number is nobody's: "… à l'ouverture du bureau. N"; shorter words are cut short by it.
_SENTENCE_BEFORE = re.compile(r"(?<![^\W\d_])[^\W\d_A-ZÀ-Ý]{6,}[.!]\s+$")
_REACH = 30
_PAUSE = re.compile(r"[,;|.!?]\s|\t")
# "GLS: N, M and O": each stands where the first of them does.
_LISTED = re.compile(
    r"(?:(?<![0-9A-Za-z])(?=(?:[A-Z]{0,4}[0-9]){6})[0-9A-Z]{8,40}\s?(?:[,;/&+]|\b(?:und|and|et|en|e|y|i))\s){1,10}$",
    re.IGNORECASE,
)
# What may stand right before a number that has no label, besides a word for what has left.
_LEADING = (
    "n nº nr no num number nummer id mit per via unter und ist lautet wie als sagt paket sendung tracking versendet"
    " verschickt raus abgegeben übergeben eingeliefert aufgegeben abgeholt mitgenommen unterwegs"
    " with by and is as says shipped sent dispatched parcel posted collected under gone"
    " par avec et est sous expédié envoyé remis déposé parti numéro colis"
    " con y es enviado entregado depositado número"
    " da e è spedito consegnato inviato partito tramite numero"
    " z i przez numer wysłane nadane nadano wysłano odebrane"
    " met en verzonden verstuurd afgegeven opgehaald weg mee"
    " code codice código codigo kod"
    # As of several: "in two parcels, N and M"; or as of what is on its way.
    " pakete sendungen nummern parcels packages boxes numbers codes cartons numéros numeros pacchi colli spedizioni"
    " numeri paquetes bultos envíos envios números pakketten pakketjes dozen zendingen nummers paczki paczkach"
    " przesyłki przesyłkach numery weg reise way route chemin viaggio camino drodze onderweg"
)
_LEADS = frozenset(_LEADING.split())
_SHORTEST, _LONGEST = 8, 40
_FEWEST_DIGITS = 6
_WORD_AT_MOST = 4
# A number that is mostly letters, as GLS gives one beside its longer one; "S22ULTRA", "IPHONE13" are none.
_CODE = re.compile(r"(?=[A-Z0-9]*[0-9][A-Z])(?!.*[A-Z]{4})(?=(?:[A-Z]*[0-9]){2})[A-Z0-9]{8}")
_LABELLED_CODE = re.compile(r"(?=[a-z]*[0-9])(?=[0-9]*[a-z])[a-z0-9]{8}", re.IGNORECASE)


class Found(Value, frozen=True, kw_only=True):
    """One stretch read as a tracking number, or the reason why it may not be taken."""

    start: int
    end: int
    number: TrackingNumber | None = None
    sure: bool = False
    carrier: str | None = None
    url: str | None = None
    code: str | None = None
    text: str = ""
    candidates: tuple[str, ...] = ()


class Asker:
    """Asks the carriers about one mail's candidates, and no more than a mail can honestly hold."""

    def __init__(self, book: CarrierBook) -> None:
        self._book = book
        self._left = ASKED_AT_MOST
        self.hosts = book.hosts

    @property
    def tired(self) -> bool:
        return self._left < 0

    def ask(
        self, text: str, declared: str | None = None, host: str | None = None, *, labelled: bool = False
    ) -> Recognition:
        self._left -= 1
        if self.tired:
            return Recognition(number=TrackingNumber(text))
        return self._book.recognise(text, declared, host, labelled=labelled)

    def named(self, text: str) -> str | None:
        carrier = self._book.named(text[:300])
        return carrier.id if carrier else None


def linked(line: str, asker: Asker) -> list[Found]:
    """Numbers in links to a carrier's own host; every link is returned, so that none is read as text."""
    found: list[Found] = []
    for match in _URL.finditer(line):
        url = match.group().rstrip(".,;:!?")
        host = host_of(url)
        pieces = _URL_PIECE.findall(url.partition("//")[2].partition("/")[2]) if host in asker.hosts else []
        rights = [
            (one, asker.ask(one, host=host)) for one in pieces[:20] if len(re.findall("[0-9]", one)) >= _FEWEST_DIGITS
        ]
        right = next(((one, answer) for one, answer in rights if answer.ok), None)
        found.append(
            Found(
                start=match.start(),
                end=match.end(),
                number=right[1].number if right else None,
                carrier=right[1].carrier.id if right and right[1].carrier else None,
                url=url if right else None,
                text=right[0] if right else "",
            )
        )
    return found


def numbered(line: str, start: int, end: int, asker: Asker, declared: str | None, *, labelled: bool) -> list[Found]:
    """Numbers between two places of a line; a label or a carrier beside them makes a wrong one a doubt."""
    found: list[Found] = []
    for chunk in _CHUNK.finditer(line, start, end):
        groups: list[_Group] = []
        for token in _TOKEN.finditer(line, chunk.start(), chunk.end()):
            if group := _group(token):
                groups.append(group)
            else:
                found += _in_groups(line, groups, asker, declared, labelled)
                groups = []
        found += _in_groups(line, groups, asker, declared, labelled)
    return found


class _Group(NamedTuple):
    """A token that may be part of a number: it holds digits, or is a short word in capitals."""

    start: int
    end: int
    signs: int
    digits: int


def _group(token: re.Match[str]) -> _Group | None:
    text = token.group()
    digits = sum(map(text.count, "0123456789"))
    if not digits and not (len(text) <= _WORD_AT_MOST and text.isupper()):
        return None
    return _Group(token.start(), token.end(), len(text) - text.count(".") - text.count("-"), digits)


def _in_groups(
    line: str, groups: Sequence[_Group], asker: Asker, declared: str | None, labelled: bool
) -> Iterator[Found]:
    """The numbers in groups that stand side by side: as many of them together as a carrier knows for one number."""
    place = 0
    while place < len(groups):
        window = groups[place : place + _WINDOW]
        widths = [width for width in range(len(window), 0, -1) if _plausible(window[:width])]
        if declared and is_code(_text(line, window[:1]), labelled=labelled):
            widths.append(1)
        taken = next(
            (one for width in widths if (one := _taken(line, window[:width], asker, declared, labelled))), None
        )
        if taken is None and window[0].digits:
            taken = _doubtful(line, window, asker, declared, labelled)
        if taken:
            yield taken
        place += sum(one.start < taken.end for one in window) if taken else 1


def _plausible(window: Sequence[_Group]) -> bool:
    signs = sum(one.signs for one in window)
    return _SHORTEST <= signs <= _LONGEST and sum(one.digits for one in window) >= _FEWEST_DIGITS


def is_code(text: str, *, labelled: bool) -> bool:
    """Whether a word of few digits may be a number of the carrier that is named beside it."""
    return (_LABELLED_CODE if labelled else _CODE).fullmatch(text) is not None


def _text(line: str, window: Sequence[_Group]) -> str:
    return line[window[0].start : window[-1].end].rstrip(".-")


def _taken(line: str, window: Sequence[_Group], asker: Asker, declared: str | None, labelled: bool) -> Found | None:
    text = _text(line, window)
    answer = asker.ask(text, declared, labelled=labelled)
    stand = _stand(line, window[0].start, asker) if answer.ok and not answer.sure else _Stand.NAMED
    if not answer.ok or stand is _Stand.FOREIGN:
        return None
    carrier = answer.carrier.id if answer.carrier else None
    return Found(
        start=window[0].start,
        end=window[-1].end,
        number=answer.number,
        sure=answer.sure or stand is _Stand.NAMED,
        carrier=carrier,
        text=text,
    )


class _Stand(IntEnum):
    """How well the place of a number speaks for it, where its form may also be another's."""

    FOREIGN = 0
    FREE = 1
    NAMED = 2


def _stand(line: str, start: int, asker: Asker) -> _Stand:
    """Behind its carrier's name, behind a label or nothing or a small word, or behind a word that is not ours."""
    listed = _LISTED.search(line, 0, start)
    if any(
        asker.named(_PAUSE.split(line[max(0, at - _REACH) : at])[-1]) for at in (start, listed and listed.start()) if at
    ):
        return _Stand.NAMED
    before = line[max(0, start - _REACH) : start]
    word = _WORD_BEFORE.search(before)
    free = (
        word is None
        or _SENTENCE_BEFORE.search(before) is not None
        or "\t" in word.group()
        or word.group(1).lower() in _LEADS
        or LEFT.search(word.group(1)) is not None
    )
    return _Stand.FREE if free else _Stand.FOREIGN


def _doubtful(line: str, window: Sequence[_Group], asker: Asker, declared: str | None, labelled: bool) -> Found | None:
    """The refusal of the number that begins here, where it was called one; its groups are taken together."""
    if _plausible(window[:1]):
        window = window[:1]
    if not _plausible(window):
        return None
    text = _text(line, window)
    answer = asker.ask(text, declared)
    if not answer.code or not (labelled or (declared and answer.code == "check_digit_wrong")):
        return None
    return Found(start=window[0].start, end=window[-1].end, code=answer.code, text=text, candidates=answer.candidates)
