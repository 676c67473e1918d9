"""A text cut into sentences, so that a "not" counts for what it stands beside and for nothing else."""

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

from daemon.domain.values import Value

# A line at least so long was probably broken by the writer's mail program and goes on in the next.
_WRAPPED = 55
# A shorter one that ends with a comma is a greeting: "Guten Tag,".
_GREETING = 40

_END = re.compile(r"[.!?\u2026]+[\"'\u201c\u201d\u00bb)]*(?=\s|$)|\n\s*\n|\n")
_NO_END = re.compile(
    r"(?:(?<![0-9])[0-9]{1,2}|\b(?:z|b|d|h|u|a|o|ä|i|e|g|s|nr|no|ca|inkl|incl|exkl|bzw|evtl|ggf|vsl|voraus|voraussichtl|vorauss|approx|"
    r"hr|fr|mr|mrs|ms|dr|tel|str|etc|max|min|st|stk|pos|art|bspw|sog|mo|di|mi|do|sa|so))\.$",
    re.IGNORECASE,
)
_NEW_ITEM = re.compile(r"\s*(?:[-*\u2022\u2013>]|[0-9]+[.)]\s|[\w ]{1,24}:\s)")
_SMALL = re.compile(r"[ \t]*[a-zäöüß]")
_BEFORE_STOP = 20
# Where one thing that is said may end and another begin.
_PAUSE = re.compile(
    r"[,;]\s+|\s[\u2013\u2014-]\s+"
    r"|\s(?=(?:but|however|mais|ale|ma|però|pero|maar)\s)",
    re.IGNORECASE,
)


class Sentence(Value, frozen=True, kw_only=True):
    """`span` is where it stands in the text; `words` is it with single blanks and composed letters."""

    span: tuple[int, int]
    words: str


def sentences(text: str) -> tuple[Sentence, ...]:
    """The sentences of a text in order, without empty ones."""
    return tuple(_trimmed(text, start, end) for start, end in _cuts(text) if text[start:end].strip())


def clauses(text: str, sentence: Sentence) -> tuple[Sentence, ...]:
    """A sentence cut where it pauses; whether its parts may be taken for themselves, the caller must judge."""
    start, end = sentence.span
    if not _PAUSE.search(text, start, end):
        return (sentence,)
    cuts = [start, *(pause.end() for pause in _PAUSE.finditer(text, start, end)), end]
    return tuple(_trimmed(text, *part) for part in pairwise(cuts) if text[slice(*part)].strip())


def _cuts(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for found in _END.finditer(text):
        bare = found.start() == start or text[start : found.start()].isspace()
        if not bare and _ends(text, found):
            yield start, found.end()
            start = found.end()
    yield start, len(text)


def _ends(text: str, found: re.Match[str]) -> bool:
    sign = found.group()
    if sign == "\n":
        return not _goes_on(text, found.start(), found.end())
    if sign.startswith("."):
        return not _NO_END.search(text[max(0, found.start() - _BEFORE_STOP) : found.start() + 1])
    return True


def _goes_on(text: str, end: int, start: int) -> bool:
    """Whether the line that ends here goes on in the next, which begins at `start`."""
    line = text[text.rfind("\n", 0, end) + 1 : end].rstrip("\r ")
    if _NEW_ITEM.match(text, start):
        return False
    if len(line) >= _WRAPPED:
        return True
    greeting = line.endswith(",") and len(line) < _GREETING
    return bool(line) and not greeting and _SMALL.match(text, start) is not None


def composed(text: str) -> str:
    """A text with every letter as one sign."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _trimmed(text: str, start: int, end: int) -> Sentence:
    raw = text[start:end]
    start += len(raw) - len(raw.lstrip())
    words = " ".join(composed(raw).split())
    return Sentence(span=(start, start + len(raw.strip())), words=words)
