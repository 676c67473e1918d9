"""Where quoted text begins in a plain mail: an attribution, a separator, or the head of the mail that is answered."""

import re
from collections.abc import Callable, Sequence

from daemon.reading.mails.quote_words import ABOVE, FORWARDED, LABELS, OPENERS, SEPARATORS, WROTE
from daemon.reading.movements import LEFT

ATTRIBUTION_AT_MOST = 4
HEADER_LOOK_AHEAD = 12
WIDTH = 300
HEADING_AT_MOST = 100
LABEL_AT_MOST = 60

_DATED = re.compile(r"[0-9]{1,2}[:.h][0-9]{2}\b(?!\.)|20[0-9]{2}|@")
_MARKED_BY_FORM = re.compile(r"[0-9]{1,2}[:.][0-9]{2}\b.{0,60}<[^<>@\s]{1,80}@[^<>\s]{1,80}>\W{0,3}:$")
"""A time and an address before a marked quote need no word of a language that we know."""
_DAY = re.compile(r"20[0-9]{2}|[0-9]{1,2}[./-] ?[0-9]{1,2}[./-] ?[0-9]{2}\b")
_TIME = re.compile(r"(?<![0-9.])[0-9]{1,2}[:.h][0-9]{2}(?![0-9.])")
_ADDRESS = re.compile(r"<[^<>@\s]{1,80}@[^<>\s]{1,80}>")
GREETING = re.compile(r"[^\W\d_]{2,20}(?: [^\W\d_]{1,20}\.?){0,5}[,!]")
"""How a letter begins: a few words and a comma."""
_MAYBE = re.compile(r"[\"'*\[(]|[0-9]|[^\W\d_]{2,9}\.?,? |[^<>@]{1,80}<[^<>@\s]{1,80}@")
_GROUPWISE = re.compile(r">>> .{1,200} >>>")
_KINDS = {label: kind for kind, labels in LABELS.items() for label in labels}
_RULES = "-_=*~#\u2013\u2014\u2500\u2501"

Known = Callable[[str], bool]
"""Whether a line is one that we sent."""


def lowered(text: str) -> str:
    """A text as the tables of words are written."""
    return text.lower().replace("\u2019", "'")


def is_marked(line: str) -> bool:
    """Whether a line bears the mark of quoted text."""
    return line.lstrip(" \t\u00a0").startswith((">", "|>"))


def is_rule(line: str) -> bool:
    """A line of dashes or the like, drawn to part what follows."""
    bare = line.strip()
    return len(bare) > 4 and not bare.strip(_RULES)  # noqa: PLR2004 - fewer may be a signature's or a table's


def label_of(line: str) -> str | None:
    """The kind of header field that a line shows, in whatever language: `from`, `sent`, `to`, `cc`, `subject`."""
    name, colon, _ = line[:LABEL_AT_MOST].replace("*", "").partition(":")
    return _KINDS.get(name.strip().lower()) if colon else None


def quote_begins(lines: Sequence[str], place: int, known: Known) -> int | None:
    """Where the quoted text itself starts, if what introduces it stands here."""
    line = lines[place].strip()
    if not line:
        return None
    if line[0] == ">" or line.startswith("|>"):
        return place + 1 if _GROUPWISE.fullmatch(line) else None
    begins = _after_separator(line, place) if line[0] in _RULES or line[-1] == ":" else None
    if begins is None and ":" in line[:LABEL_AT_MOST]:
        begins = head_ends(lines, place)
    return begins or _after_attribution(lines, place, known) or _above_a_letter(lines, place)


def is_ticket_line(text: str) -> bool:
    """Whether a line, or any in a text, says `please write above this line`: the conversation so far stands below."""
    words = lowered(text)
    return any(word in words for word in ABOVE)


def _after_attribution(lines: Sequence[str], place: int, known: Known) -> int | None:
    end = _colon(lines, place)
    if end is None:
        return None
    joined = " ".join(line.strip()[:WIDTH] for line in lines[place : end + 1]).lower()
    sure = joined.startswith(OPENERS)
    if not sure and not _MAYBE.match(joined):
        return None
    if not any(word in joined for word in WROTE):
        by_form = _MARKED_BY_FORM.search(joined) and is_marked(_following(lines, end))
        return end + 1 if by_form or _is_attribution_by_form(joined) else None
    told = _DATED.search(joined)
    return end + 1 if told and (sure or _quote_follows(lines, place, end, known)) else None


def _colon(lines: Sequence[str], place: int) -> int | None:
    """The line with the colon that ends what may be an attribution."""
    for end in range(place, min(place + ATTRIBUTION_AT_MOST, len(lines))):
        line = lines[end].rstrip()
        if not line:
            return None
        if line[-1] in ":\uff1a":
            return end
    return None


def _is_attribution_by_form(line: str) -> bool:
    """Whether it has a day, a time and an address, in whatever language it says that this is what somebody wrote."""
    return all(one.search(line) for one in (_DAY, _TIME, _ADDRESS))


def _above_a_letter(lines: Sequence[str], place: int) -> int | None:
    """Where a letter begins of which a line only tells who wrote it when: below other words, above a greeting.

    A ticket system writes such a line above what is new, too.
    """
    line = lines[place].strip()
    if len(line) > HEADING_AT_MOST or not _TIME.search(line) or not _DAY.search(line) or LEFT.search(line):
        return None
    below = [one.strip() for one in lines[place + 1 : place + 5] if one.strip()][:2]
    if not any(map(GREETING.fullmatch, below)) or any(map(is_ticket_line, lines[:place])):
        return None
    return place + 1 if any(sign.isalpha() for one in lines[:place] for sign in one) else None


def _quote_follows(lines: Sequence[str], place: int, end: int, known: Known) -> bool:
    """Whether what may be an attribution is one: on one line with an address, or before a quote or words of ours."""
    if "@" in lines[place] and end - place < 2:  # noqa: PLR2004 - the address or the colon may be on the next line
        return True
    following = _following(lines, end)
    return end == place and (is_marked(following) or known(following))


def _following(lines: Sequence[str], end: int) -> str:
    return next((line for line in lines[end + 1 : end + 4] if line.strip()), "")


def _after_separator(line: str, place: int) -> int | None:
    text = lowered(line[:WIDTH])
    bare = text.strip(f"{_RULES}| \t").rstrip(": ")
    if bare in SEPARATORS:
        return place + 1 if text.startswith(("--", "__", "==", "**")) or text[-1] == ":" else None
    if text.startswith("--") and text.endswith("--"):
        return place + 1 if bare.startswith(FORWARDED) or bare.endswith(WROTE) else None
    return None


def head_ends(lines: Sequence[str], place: int) -> int | None:
    """Where the text of a quoted mail starts whose head begins here."""
    first = label_of(lines[place].strip())
    if first is None:
        return None
    kinds = {first}
    end = place + 1
    for at in range(place + 1, min(place + HEADER_LOOK_AHEAD, len(lines))):
        line = lines[at].strip()
        if not line:
            break
        if kind := label_of(line):
            kinds.add(kind)
            end = at + 1
    complete = len(kinds) >= 3 and {"from", "subject"} <= kinds  # noqa: PLR2004 - fewer may be prose
    sure = first in {"from", "sent"} or any("@" in line for line in lines[place:end])
    return end if complete and sure else None
