"""The mail that somebody hands on below his words: who wrote it when, and what it says."""

import re
from collections.abc import Sequence

from daemon.domain.values import Value
from daemon.reading.mails.quote_begins import HEADER_LOOK_AHEAD, head_ends, is_marked, label_of
from daemon.reading.mails.quoting import LINES_AT_MOST, TEXT_AT_MOST, new_text

FIELD_AT_MOST = 500
MAILS_AT_MOST = 3
"""So many mails that were handed on within one another are looked at."""
_MARK = re.compile(r"^[ \t]*\|?>[ \t]?")
_LOCAL_PART = re.compile(r"[^\s<>\"'\[(:]{1,80}@")


class HandedOn(Value, frozen=True, kw_only=True):
    """`sender` is his name and the domain of his address, `sent` the day as the program wrote it."""

    sender: str
    sent: str
    subject: str
    text: str


def handed_on(text: str, ours: Sequence[str]) -> tuple[HandedOn, ...]:
    """The mails of which a text shows the heads, each handed on below the one before; none below a mail of ours."""
    lines = text[:TEXT_AT_MOST].replace("\r\n", "\n").split("\n")[:LINES_AT_MOST]
    found: list[HandedOn] = []
    while len(found) < MAILS_AT_MOST and (placed := _head(lines)):
        fields, lines = placed
        below = "\n".join(lines)
        one = HandedOn(
            sender=_LOCAL_PART.sub(" ", fields["from"]),
            sent=fields.get("sent", ""),
            subject=fields["subject"],
            text=new_text(below, ours),
        )
        found.append(one)
        if one.text != new_text(below, ()):
            break
    return tuple(found)


def _head(lines: Sequence[str]) -> tuple[dict[str, str], list[str]] | None:
    """The fields of the first head, and what stands below it."""
    for place, marked in enumerate(lines):
        if label_of(_MARK.sub("", marked).strip()) is None:
            continue
        head = [_MARK.sub("", one) for one in lines[place : place + HEADER_LOOK_AHEAD]]
        if end := head_ends(head, 0):
            below = lines[place + end :]
            return _fields(head[:end]), [_MARK.sub("", one) for one in below] if is_marked(marked) else list(below)
    return None


def _fields(head: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in head:
        if kind := label_of(line.strip()):
            found.setdefault(kind, line.partition(":")[2].replace("*", "").strip()[:FIELD_AT_MOST])
    return found
