"""What a mail adds: without the lines we sent, quotes, attributions and headers of quoted mails."""

import re
from collections.abc import Sequence
from itertools import pairwise

TEXT_AT_MOST = 256 * 1024
LINES_AT_MOST = 5000
OURS_AT_MOST = 64 * 1024
DISTINCTIVE = 25
"""From this length on a line of ours is recognised wherever it stands; a shorter one only beside another."""
ATTRIBUTION_AT_MOST = 4
HEADER_LOOK_AHEAD = 10

_DATED = re.compile(r"[0-9]{1,2}[:.h][0-9]{2}\b(?!\.)|20[0-9]{2}")
_OPENERS = ("am ", "on ", "le ", "il ", "el ", "op ", "w dniu", "dnia ", "den ", "von: ", "from: ")
_WROTE = ("schrieb", "wrote", "a écrit", "pisze", "napisa", "ha scritto", "escribió", "schreef", "geschreven")
_SEPARATORS = (
    "ursprüngliche nachricht",
    "original message",
    "originalnachricht",
    "weitergeleitete nachricht",
    "forwarded message",
    "message d'origine",
    "message original",
    "messaggio originale",
    "mensaje original",
    "oorspronkelijk bericht",
    "oryginalna wiadomość",
    "wiadomość oryginalna",
)
_LABELS = {
    "from": ("von", "from", "de", "da", "od", "van"),
    "sent": (
        "gesendet",
        "datum",
        "sent",
        "date",
        "envoyé",
        "inviato",
        "data",
        "enviado",
        "fecha",
        "wysłano",
        "verzonden",
    ),
    "to": ("an", "to", "à", "a", "para", "do", "aan"),
    "cc": ("cc", "kopie", "dw", "kopia"),
    "subject": ("betreff", "subject", "objet", "oggetto", "asunto", "temat", "onderwerp"),
}
_KINDS = {label: kind for kind, labels in _LABELS.items() for label in labels}


def new_text(text: str, ours: Sequence[str]) -> str:
    """The lines that the writer added, answers between quoted lines included; blank when he added none."""
    lines = _lines(text)[:LINES_AT_MOST]
    sent = _Ours(ours)
    kept: list[str] = []
    place = 0
    while place < len(lines):
        begins = _quote_begins(lines, place)
        if begins is None:
            kept.append("" if _is_marked(lines[place]) else lines[place])
            place += 1
            continue
        if not _quoted_by_marks(lines, begins):
            kept.extend(_answers_within(lines[begins:], sent))
            break
        place = begins
    return "\n".join(_squeezed(_subtract(kept, sent)))


def is_cut(text: str, new: str) -> bool:
    """Whether a limit fell within what the writer added, so that something he said was not read."""
    lines = _lines(text)
    beyond = len(text) > TEXT_AT_MOST or any(line.strip() for line in lines[LINES_AT_MOST:])
    last = next((line.strip() for line in reversed(lines[:LINES_AT_MOST]) if line.strip()), "")
    return beyond and bool(last) and new.endswith(last)


def _lines(text: str) -> list[str]:
    return text[:TEXT_AT_MOST].replace("\r\n", "\n").replace("\r", "\n").split("\n")


class _Ours:
    """The lines of the mails that are answered, blanks and quote marks folded away."""

    def __init__(self, texts: Sequence[str]) -> None:
        joined = "\n".join(texts)[:OURS_AT_MOST]
        self.lines = frozenset(folded for line in joined.splitlines() if (folded := fold(line)))
        self.running = fold(joined.replace("\n", " "))

    def has(self, folded: str) -> bool:
        return folded in self.lines or (len(folded) >= DISTINCTIVE and folded in self.running)


def fold(line: str) -> str:
    """A line without quote marks, with single blanks."""
    return " ".join(line.lstrip("> \t\u00a0").split())


def _is_marked(line: str) -> bool:
    return line.lstrip(" \t\u00a0").startswith(">")


def _quote_begins(lines: Sequence[str], place: int) -> int | None:
    """Where the quoted text starts if an attribution, a separator or a header block stands here."""
    line = lines[place].strip()
    if not line or _is_marked(line):
        return None
    return _after_attribution(lines, place) or _after_separator(line, place) or _after_header_block(lines, place)


def _after_attribution(lines: Sequence[str], place: int) -> int | None:
    if not lines[place].strip().lower().startswith(_OPENERS):
        return None
    joined = ""
    for end in range(place, min(place + ATTRIBUTION_AT_MOST, len(lines))):
        line = lines[end].strip()[:300]
        if not line:
            return None
        joined = f"{joined} {line}".lower()
        if line.endswith(":"):
            told = any(word in joined for word in _WROTE)
            dated = "@" in joined or _DATED.search(joined)
            return end + 1 if told and dated else None
    return None


def _after_separator(line: str, place: int) -> int | None:
    bare = line.strip("-_= \t").lower()
    return place + 1 if line.startswith("--") and bare.rstrip(":") in _SEPARATORS else None


def _label(line: str) -> str | None:
    name, colon, _ = line.strip()[:40].replace("*", "").partition(":")
    return _KINDS.get(name.strip().lower()) if colon else None


def _after_header_block(lines: Sequence[str], place: int) -> int | None:
    kinds: set[str] = set()
    end = place
    if _label(lines[place]) not in {"from", "sent"}:
        return None
    for at in range(place, min(place + HEADER_LOOK_AHEAD, len(lines))):
        if not lines[at].strip():
            if kinds:
                break
            continue
        if kind := _label(lines[at]):
            kinds.add(kind)
            end = at + 1
    return end if len(kinds) >= 3 and {"from", "subject"} <= kinds else None  # noqa: PLR2004 - fewer may be prose


def _quoted_by_marks(lines: Sequence[str], place: int) -> bool:
    following = next((line for line in lines[place:] if line.strip()), "")
    return _is_marked(following)


def _answers_within(lines: Sequence[str], sent: _Ours) -> list[str]:
    """Answers written into an unmarked quote; only where nearly all of the quote is known to be ours."""
    known = [at for at, line in enumerate(lines) if (folded := fold(line)) and sent.has(folded)]
    if len(known) < 3:  # noqa: PLR2004 - a greeting and a name prove nothing
        return []
    between = range(known[0], known[-1] + 1)
    answers = {at for at in between if fold(lines[at]) and at not in known and not _label(lines[at])}
    if len(answers) > len(known) or any(_quote_begins(lines, at) is not None for at in answers):
        return []
    return ["", *(lines[at] if at in answers and not _is_marked(lines[at]) else "" for at in between)]


def _subtract(lines: Sequence[str], sent: _Ours) -> list[str]:
    """Lines of ours that stand without any mark; a short one alone may well be the writer's own."""
    known = [bool(folded := fold(line)) and sent.has(folded) for line in lines]
    filled = [at for at, line in enumerate(lines) if line.strip()]
    beside = {at for before, at in pairwise(filled) if known[before] and known[at]}
    beside |= {before for before, at in pairwise(filled) if known[before] and known[at]}
    return [
        "" if known[at] and (at in beside or len(fold(line)) >= DISTINCTIVE) else line for at, line in enumerate(lines)
    ]


def _squeezed(lines: Sequence[str]) -> list[str]:
    """One blank line at most between others, none at the ends."""
    squeezed: list[str] = []
    for line in lines:
        if line.strip() or (squeezed and squeezed[-1]):
            squeezed.append(line.rstrip() if line.strip() else "")
    while squeezed and not squeezed[-1]:
        squeezed.pop()
    return squeezed
