"""Tracking numbers in a line: by link, by carrier, by label, and by their form alone where a reply is proven."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from daemon.domain.identifiers import TrackingNumber
from daemon.domain.values import Value
from daemon.rules.carriers import Carrier, Recognition, carrier_named, recognise

ASKED_AT_MOST = 1000
_URL = re.compile(r"https?://[^\s<>\"'()]{4,2000}", re.IGNORECASE)
_URL_PIECE = re.compile(r"[A-Za-z0-9]{8,40}")
_CHUNK = re.compile(r"(?<![A-Za-z0-9+])[A-Za-z0-9][A-Za-z0-9.-]{0,59}(?: [A-Za-z0-9][A-Za-z0-9.-]{0,59}){0,40}")
_TOKEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*")
_WINDOW = 8
_SHORTEST, _LONGEST = 8, 40
_FEWEST_DIGITS = 6


class Found(Value, frozen=True, kw_only=True):
    """One stretch read as a tracking number, or the reason why it may not be taken."""

    start: int
    end: int
    number: TrackingNumber | None = None
    carrier: str | None = None
    url: str | None = None
    code: str | None = None
    text: str = ""
    candidates: tuple[str, ...] = ()


class Asker:
    """Asks the carriers about one mail's candidates: each once, and no more than a mail can honestly hold."""

    def __init__(self, carriers: tuple[Carrier, ...]) -> None:
        self.carriers = carriers
        self.hosts = frozenset(host.casefold() for carrier in carriers for host in carrier.hosts)
        self.tired = False
        self._known: dict[tuple[str, str | None, str | None], Recognition] = {}

    def ask(self, text: str, declared: str | None = None, host: str | None = None) -> Recognition:
        key = (text, declared, host)
        if key not in self._known:
            if len(self._known) >= ASKED_AT_MOST:
                self.tired = True
                return Recognition(number=TrackingNumber(text))
            self._known[key] = recognise(text, self.carriers, declared, host)
        return self._known[key]

    def named(self, text: str) -> str | None:
        carrier = carrier_named(text[:300], self.carriers)
        return carrier.id if carrier else None


def linked(line: str, asker: Asker) -> list[Found]:
    """Numbers in links to a carrier's own host; every link is returned, so that none is read as text."""
    found: list[Found] = []
    for match in _URL.finditer(line):
        url = match.group().rstrip(".,;:!?")
        host = _host(url)
        pieces = _URL_PIECE.findall(url.partition("//")[2].partition("/")[2]) if host in asker.hosts else []
        rights = [(one, asker.ask(one, host=host)) for one in pieces[:20] if _plausible(one)]
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


def _host(url: str) -> str | None:
    """The host of a link that hides nothing: no user, no port, plain letters."""
    try:
        parts = urlsplit(url)
        plain = parts.netloc.isascii() and "@" not in parts.netloc and parts.port is None and "\\" not in url
    except ValueError:
        return None
    return parts.netloc.casefold().rstrip(".") if plain else None


def numbered(line: str, start: int, end: int, asker: Asker, declared: str | None, *, labelled: bool) -> list[Found]:
    """Numbers between two places of a line; a label or a carrier beside them makes a wrong one a doubt."""
    found: list[Found] = []
    for chunk in _CHUNK.finditer(line, start, end):
        tokens = [(one.start(), one.end()) for one in _TOKEN.finditer(line, chunk.start(), chunk.end())]
        found.extend(_in_chunk(line, tokens, asker, declared, labelled))
    return found


def _in_chunk(
    line: str, tokens: list[tuple[int, int]], asker: Asker, declared: str | None, labelled: bool
) -> Iterator[Found]:
    place = 0
    while place < len(tokens):
        taken = 0
        for width in range(min(_WINDOW, len(tokens) - place), 0, -1):
            window = tokens[place : place + width]
            text = line[window[0][0] : window[-1][1]].rstrip(".-")
            if not _window_fits(line, window, text):
                continue
            answer = asker.ask(text, declared)
            if answer.ok:
                yield _taken(window, text, answer)
                taken = width
                break
        if not taken and (doubt := _doubtful(line, tokens[place:], asker, declared, labelled)):
            width, refused = doubt
            yield refused
            taken = width
        place += max(taken, 1)


def _window_fits(line: str, window: list[tuple[int, int]], text: str) -> bool:
    pieces = [line[start:end] for start, end in window]
    grouped = all(any(sign.isdigit() for sign in one) or (len(one) <= 4 and one.isupper()) for one in pieces)  # noqa: PLR2004
    return grouped and _plausible(text)


def _plausible(text: str) -> bool:
    plain = [sign for sign in text if sign.isalnum()]
    return _SHORTEST <= len(plain) <= _LONGEST and sum(sign.isdigit() for sign in plain) >= _FEWEST_DIGITS


def _taken(window: list[tuple[int, int]], text: str, answer: Recognition) -> Found:
    carrier = answer.carrier.id if answer.carrier else None
    return Found(start=window[0][0], end=window[-1][1], number=answer.number, carrier=carrier, text=text)


def _doubtful(
    line: str, tokens: list[tuple[int, int]], asker: Asker, declared: str | None, labelled: bool
) -> tuple[int, Found] | None:
    """The refusal of the number that begins here, where it was called one; its groups are taken together."""
    if not any(sign.isdigit() for sign in line[tokens[0][0] : tokens[0][1]]):
        return None
    width = 1
    while width < min(_WINDOW, len(tokens)) and _window_fits(line, tokens[: width + 1], "0" * _SHORTEST):
        width += 1
    if _plausible(line[tokens[0][0] : tokens[0][1]]):
        width = 1
    text = line[tokens[0][0] : tokens[width - 1][1]].rstrip(".-")
    if not _plausible(text):
        return None
    answer = asker.ask(text, declared)
    if not answer.code or not (labelled or (declared and answer.code == "check_digit_wrong")):
        return None
    refused = Found(
        start=tokens[0][0], end=tokens[width - 1][1], code=answer.code, text=text, candidates=answer.candidates
    )
    return width, refused
