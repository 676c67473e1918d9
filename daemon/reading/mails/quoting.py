"""What a mail adds: without the lines we sent, quotes, attributions and headers of quoted mails."""

import re
from collections.abc import Sequence
from itertools import pairwise

from daemon.reading.mails.boilerplate import without_boilerplate, without_signature
from daemon.reading.mails.quote_begins import is_marked, is_rule, is_ticket_line, label_of, quote_begins
from daemon.reading.movements import LEFT

TEXT_AT_MOST = 256 * 1024
LINES_AT_MOST = 5000
OURS_AT_MOST = 64 * 1024
ANSWERS_AT_MOST = 200
DISTINCTIVE = 25
"""From this length on a line of ours is recognised wherever it stands; a shorter one only beside another."""


def new_text(text: str, ours: Sequence[str]) -> str:
    """The lines that the writer added, answers between quoted lines included; blank when he added none."""
    sent = _Ours(ours)
    written = _written(_lines(text)[:LINES_AT_MOST], sent, from_tickets=is_ticket_line(text[:TEXT_AT_MOST]))
    return "\n".join(_squeezed(without_boilerplate(_subtract(written, sent))))


def _written(lines: Sequence[str], sent: "_Ours", *, from_tickets: bool) -> list[str]:
    """The lines outside every quote; `stretch` is what was written at one go."""
    kept: list[str] = []
    stretch: list[str] = []
    place = 0
    in_rest = has_spoken = False
    unjudged: list[str] = []
    while place < len(lines):
        line = lines[place]
        begins = quote_begins(lines, place, sent.knows)
        if begins is None and from_tickets and is_ticket_line(line):
            has_spoken = has_spoken or _is_said(unjudged)
            begins = place + 1 if has_spoken else None
            unjudged.clear()
            line = ""
        if begins is None and not is_marked(line):
            behind = in_rest or (place > 0 and is_marked(lines[place - 1]))
            in_rest = behind and sent.continues(lines[place - 1], line)
            stretch.append("" if in_rest else line)
            unjudged.append(stretch[-1])
            place += 1
            continue
        _close(kept, stretch, before_quote=begins is not None)
        if begins is None or _quoted_by_marks(lines, begins):
            place = begins or place + 1
        else:
            return [*kept, *_answers_within(lines[begins:], sent)]
    _close(kept, stretch, before_quote=False)
    return kept


def _is_said(lines: Sequence[str]) -> bool:
    """Whether somebody wrote any of these lines: not the banner of a mail server, nor a rule that a program drew."""
    return any(sign.isalnum() for line in without_boilerplate(lines) for sign in line)


def is_cut(text: str, new: str) -> bool:
    """Whether a limit fell within what the writer added, so that something he said was not read."""
    lines = _lines(text)
    beyond = len(text) > TEXT_AT_MOST or any(line.strip() for line in lines[LINES_AT_MOST:])
    last = next((line.strip() for line in reversed(lines[:LINES_AT_MOST]) if line.strip()), "")
    return beyond and bool(last) and new.endswith(last)


def _lines(text: str) -> list[str]:
    return text[:TEXT_AT_MOST].replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _close(kept: list[str], stretch: list[str], *, before_quote: bool) -> None:
    """End what was written at one go: its signature goes, and the rule that parts it from a quote."""
    kept.append("")
    if not stretch:
        return
    while before_quote and stretch and (not stretch[-1].strip() or is_rule(stretch[-1])):
        stretch.pop()
    kept.extend(without_signature(stretch))
    stretch.clear()


_TARGET = re.compile(r"(?<=[^\s<])<(?:mailto:|tel:|https?://)[^<>\s]{1,2000}>")
# "Shop, 24 Nov. 2026, 09:20 GMT": who wrote the entry of a ticket's history that follows.
_ENTRY = re.compile(
    r"[^\W\d][^,;:0-9]{0,60}, "
    r"(?:[0-9]{1,2}\.? [^\W\d]{3,10}\.?,? (?:de )?20[0-9]{2}|[^\W\d]{3,10}\.? [0-9]{1,2}, 20[0-9]{2}"
    r"|[0-9]{1,2}[./-][0-9]{1,2}[./-](?:20)?[0-9]{2}|20[0-9]{2}-[0-9]{2}-[0-9]{2})"
    r",? [0-9]{1,2}[:.][0-9]{2}(?: ?[A-Za-z]{1,5})?"
)
_QUOTE_MARKS = "> \t\u00a0|"
_BULLETS = {"- ", "* ", "\u2022 ", "\u00b7 ", "\u2022\t", "*\t", "-\t"}


class _Ours:
    """The lines of the mails that are answered, folded."""

    def __init__(self, texts: Sequence[str]) -> None:
        folded = [one for line in "\n".join(texts)[:OURS_AT_MOST].splitlines() if (one := fold(line))]
        self.lines = frozenset(folded)
        self.last = frozenset(fold(text.rstrip().rpartition("\n")[2]) for text in texts)
        self.running = f" {' '.join(folded)} "

    def has(self, folded: str) -> bool:
        return folded in self.lines or (len(folded) >= DISTINCTIVE and folded in self.running)

    def knows(self, line: str) -> bool:
        folded = fold(line)
        return bool(folded) and self.has(folded)

    def holds(self, line: str) -> bool:
        """Whether the words of a line follow one another in our mails: a program may have torn lines and rows."""
        folded = fold(line)
        return not folded or f" {folded} " in self.running

    def continues(self, before: str, line: str) -> bool:
        """Whether a line is the rest of the line of ours before it, which a program broke in two."""
        folded = fold(line)
        return bool(folded) and f"{fold(before)[-DISTINCTIVE:]} {folded}" in self.running

    def in_order(self, lines: Sequence[str]) -> bool:
        """Whether lines follow one another as in a mail of ours; a greeting and a name prove nothing."""
        place = 0
        for line in lines:
            folded = fold(line)
            place = self.running.find(folded, place)
            if place < 0:
                return False
            place += len(folded)
        return len({fold(line) for line in lines}) >= 3  # noqa: PLR2004

    def added(self, line: str) -> str:
        """What stands behind the words of ours with which a line begins."""
        folded = fold(line)
        longest = max((one for one in self.lines if folded.startswith(f"{one} ")), key=len, default="")
        return folded[len(longest) :].strip()


def fold(line: str) -> str:
    """A line without what programs add when they put a page into words: quote marks, bullets, links' targets."""
    bare = line.lstrip(_QUOTE_MARKS)
    if bare[:2] in _BULLETS:
        bare = bare[2:]
    if "<" in bare:
        bare = _TARGET.sub("", bare)
    return " ".join(bare.split())


def _quoted_by_marks(lines: Sequence[str], place: int) -> bool:
    following = next((line for line in lines[place:] if line.strip()), "")
    return is_marked(following)


def _answers_within(lines: Sequence[str], sent: _Ours) -> list[str]:
    """Answers written into an unmarked quote or below its end; only where nearly all of it is known to be ours."""
    known = [at for at, line in enumerate(lines) if sent.knows(line)]
    if not sent.in_order([lines[at] for at in known]):
        return []
    first, last = known[0], known[-1]
    answers = {at for at in range(first, last) if not sent.holds(lines[at]) and not label_of(lines[at].strip())}
    older = next((at for at in range(first, len(lines)) if quote_begins(lines, at, sent.knows)), len(lines))
    if len(answers) > min(len(known), ANSWERS_AT_MOST) or older < last:
        return []
    within = [sent.added(lines[at]) if at in answers else "" for at in range(first, last)]
    below = lines[last + 1 : older] if fold(lines[last]) in sent.last else []
    return ["", *within, "", *below]


def _subtract(lines: Sequence[str], sent: _Ours) -> list[str]:
    """Lines of ours that stand without any mark; a short one alone may well be the writer's own."""
    if not sent.lines:
        return list(lines)
    folded = [fold(line) for line in lines]
    known = [bool(line) and sent.has(line) for line in folded]
    filled = [at for at, line in enumerate(folded) if line]
    beside = {at for pair in pairwise(filled) if known[pair[0]] and known[pair[1]] for at in pair}
    heads = {at for at, below in pairwise(filled) if below in beside and _is_entry(folded[at])}
    return [
        "" if at in heads or (known[at] and (at in beside or len(folded[at]) >= DISTINCTIVE)) else line
        for at, line in enumerate(lines)
    ]


def _is_entry(line: str) -> bool:
    """Whether a line above our words only tells who wrote them and when, not that something left then."""
    return _ENTRY.fullmatch(line) is not None and not LEFT.search(line)


def _squeezed(lines: Sequence[str]) -> list[str]:
    """One blank line at most between others, none at the ends."""
    squeezed: list[str] = []
    for line in lines:
        if line.strip() or (squeezed and squeezed[-1]):
            squeezed.append(line.rstrip() if line.strip() else "")
    while squeezed and not squeezed[-1]:
        squeezed.pop()
    return squeezed
