"""The mail that somebody hands on below his words: who wrote it when, and what it says."""

import re
from collections.abc import Sequence

from daemon.domain.values import Value
from daemon.reading.mails.quote_begins import HEADER_LOOK_AHEAD, head_ends, is_marked, label_of
from daemon.reading.mails.quoting import LINES_AT_MOST, TEXT_AT_MOST, new_text

FIELD_AT_MOST = 500
_MARK = re.compile(r"^[ \t]*\|?>[ \t]?")
_LOCAL_PART = re.compile(r"[^\s<>\"'\[(:]{1,80}@")


class HandedOn(Value, frozen=True, kw_only=True):
    """`sender` is his name and the domain of his address, `sent` the day as the program wrote it."""

    sender: str
    sent: str
    subject: str
    text: str


def handed_on(text: str, ours: Sequence[str]) -> HandedOn | None:
    """The first mail of which a text shows the head; None where it shows none."""
    lines = text[:TEXT_AT_MOST].replace("\r\n", "\n").split("\n")[:LINES_AT_MOST]
    for place, marked in enumerate(lines):
        line = _MARK.sub("", marked)
        if label_of(line.strip()) is None:
            continue
        head = [_MARK.sub("", one) for one in lines[place : place + HEADER_LOOK_AHEAD]]
        if end := head_ends(head, 0):
            fields = _fields(head[:end])
            below = lines[place + end :]
            below = [_MARK.sub("", one) for one in below] if is_marked(marked) else below
            return HandedOn(
                sender=_LOCAL_PART.sub(" ", fields["from"]),
                sent=fields.get("sent", ""),
                subject=fields["subject"],
                text=new_text("\n".join(below), ours),
            )
    return None


def _fields(head: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in head:
        if kind := label_of(line.strip()):
            found.setdefault(kind, line.partition(":")[2].replace("*", "").strip()[:FIELD_AT_MOST])
    return found
