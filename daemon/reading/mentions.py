"""Which order and which line a place in a mail is about: the one named last before it, on the same line first."""

import re
from collections.abc import Sequence

from daemon.domain.identifiers import order_key
from daemon.domain.snapshot import Context
from daemon.domain.values import Value
from daemon.reading.labels import Label, LabelKind

KNOWN_AT_MOST = 2000
OURS_AT_MOST = 64 * 1024
ORDERS_AT_MOST = 50
_TOKEN = re.compile(r"(?<![A-Za-z0-9])#?[A-Za-z0-9][A-Za-z0-9._/#-]{0,60}")
_ARTICLE = re.compile(
    r"(?:\(|\b(?:SKU|Art(?:ikel|\.)?-?Nr\.?|Artikel(?:nummer)?|Item(?: no\.?)?)[: ]{1,3})([A-Za-z0-9._/-]{4,40})"
)
_FIRST = re.compile(r"[\s:=#.\-*]{0,5}([A-Za-z0-9][A-Za-z0-9._/-]{0,39})")
_BETWEEN = re.compile(r"\s{0,3}(?:[,;&+]|und|and|et|e|y|i|en)\s{0,3}", re.IGNORECASE)
_DATE = re.compile(
    r"[0-9]{1,2}\.[0-9]{1,2}\.(?:[0-9]{2,4})?|20[0-9]{2}-[0-9]{2}-[0-9]{2}|[0-9]{1,2}/[0-9]{1,2}/20[0-9]{2}"
)
_SHORTEST, _LONGEST = 3, 40


class Mention(Value, frozen=True, kw_only=True):
    """`line` is the number of the text line, 0 the subject; `start` and `end` are places in it."""

    line: int
    start: int
    end: int
    text: str


class Known:
    """What the conversation is known to be about: its orders, and the articles our own mails named."""

    def __init__(self, context: Context) -> None:
        about = context.conversation.about if context.conversation else ()
        self.orders = {order_key(one) for one in about}
        named = [match[1] for text in context.ours for match in _ARTICLE.finditer(text[:OURS_AT_MOST])]
        self.articles = {one for one in named[:KNOWN_AT_MOST] if _is_article(one) and not self.is_order(one)}

    def is_order(self, token: str) -> bool:
        return order_key(token) in self.orders


def _is_article(token: str) -> bool:
    letters = any(sign.isalpha() for sign in token)
    return len(token) >= 4 and letters and any(sign.isdigit() for sign in token)  # noqa: PLR2004 - shorter are words


def tokens(line: str) -> list[tuple[int, int, str]]:
    """Every token of a line with its place, without the punctuation that ends it."""
    found = []
    for match in _TOKEN.finditer(line):
        text = match.group().rstrip("._/-#")
        if text:
            found.append((match.start(), match.start() + len(text), text))
    return found


def order_mentions(line: str, number: int, found: Sequence[Label], known: Known) -> list[Mention]:
    """Orders that a line names: known ones by themselves, others after a label and in the list that follows it."""
    ends = [label.end for label in found if label.kind is LabelKind.ORDER]
    others = [label.end for label in found if label.kind in {LabelKind.LINE, LabelKind.OTHER}]
    mentions: list[Mention] = []
    listed: Mention | None = None
    for start, end, text in tokens(line):
        if _follows(line, others, start) or not looks_like_order(text):
            continue
        named = _follows(line, ends, start) or (listed is not None and _goes_on(line, listed, start, text))
        if named or known.is_order(text):
            mentions.append(Mention(line=number, start=start, end=end, text=text))
            listed = mentions[-1] if named else None
    return mentions


def _follows(line: str, ends: Sequence[int], start: int) -> bool:
    return any(one <= start and not line[one:start].strip(" :=#.-*\t") for one in ends)


def _goes_on(line: str, last: Mention, start: int, text: str) -> bool:
    """Whether a token is the next of a list of orders: it stands behind a comma or "and" and is about as long."""
    alike = abs(len(text) - len(last.text)) <= 2  # noqa: PLR2004 - 999, 1000
    return alike and bool(_BETWEEN.fullmatch(line, last.end, start))


def looks_like_order(text: str) -> bool:
    """Whether a token may be an order number at all: 3 to 40 signs, one of them a digit, and no date."""
    digits = any(sign.isdigit() for sign in text)
    return digits and _SHORTEST <= len(text) <= _LONGEST and not _DATE.fullmatch(text)


def line_mentions(line: str, number: int, found: Sequence[Label], known: Known) -> list[Mention]:
    """Lines that a line names: by position, or by an article that our own mail had named."""
    mentions: list[Mention] = []
    for label in found:
        first = _FIRST.match(line, label.end) if label.kind is LabelKind.LINE else None
        if first and any(sign.isdigit() for sign in first[1]):
            text = first[1].rstrip("._/-")
            mentions.append(Mention(line=number, start=first.start(1), end=first.start(1) + len(text), text=text))
    taken = {mention.start for mention in mentions}
    mentions.extend(
        Mention(line=number, start=start, end=end, text=text)
        for start, end, text in tokens(line)
        if text in known.articles and start not in taken
    )
    return sorted(mentions, key=lambda mention: mention.start)


def near(mentions: Sequence[Mention], line: int, start: int, *, values_first: bool) -> Mention | None:
    """The mention that a value belongs to."""
    here = [one for one in mentions if one.line == line]
    before = [one for one in here if one.start < start]
    after = [one for one in here if one.start >= start]
    if here and (values_first or not before) and after:
        return after[0]
    if before:
        return before[-1]
    earlier = [one for one in mentions if 0 < one.line < line]
    return earlier[-1] if earlier else None
