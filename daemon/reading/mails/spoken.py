"""Which of a mail's texts is read: the plain one unless it is empty, a stub, broken off, lacks something, or has
what the page strikes out.
"""

import re
from collections.abc import Sequence
from html import unescape

from daemon.domain.values import Value
from daemon.reading.links import unwrapped_links
from daemon.reading.mails.contents import Contents
from daemon.reading.mails.html import HTML_AT_MOST, html_to_text, too_deep
from daemon.reading.mails.page import STRUCK
from daemon.reading.mails.quoting import is_cut, new_text

STUB_AT_MOST = 300
LAST = 50
CELLS_OF_A_TABLE = 4
LAST_WORDS = 20
TEXTS_DIFFER = "mail_texts_differ"
STRUCK_OUT = "number_struck_out"

# What may be a tracking number or an IMEI: words of digits and capitals, a blank, dot or dash apart.
_NUMBER = re.compile(r"(?<![A-Za-z0-9])[A-Z]{0,6}[0-9][A-Z0-9]*(?:[ .-](?=[A-Z]{0,6}[0-9])[A-Z0-9]+)*")
_DAY = re.compile(r"[0-3]?[0-9]\.[01]?[0-9]\.(?:20)?[0-9]{2}")
_WORD = re.compile(r"[^\W_]+")
_APART = re.compile(r"[ .-]")
_WITHIN_A_WORD = re.compile(r"</?(?:a|b|em|font|i|o:p|span|strong|sub|sup|u|wbr)\b[^<>]{0,4000}>", re.IGNORECASE)
_UNSEEN = re.compile(r"<(style|script|title)\b|<(!--)", re.IGNORECASE)
_UNSEEN_ENDS = {
    "style": re.compile(r"</style[^>]{0,100}>?", re.IGNORECASE),
    "script": re.compile(r"</script[^>]{0,100}>?", re.IGNORECASE),
    "title": re.compile(r"</title[^>]{0,100}>?", re.IGNORECASE),
    "!--": re.compile(r"-->"),
}
_STRUCK = re.compile(r"<(?:s|strike|del)\b|line-through", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{1,4000}>")
_FEWEST_DIGITS, _FEWEST_SIGNS = 9, 8
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_BLANK = dict.fromkeys(map(ord, "\u00a0\u2007\u2009\u202f"), " ")


class Spoken(Value, frozen=True, kw_only=True):
    """`new` is what the mail adds, `whole` what it shows in all; `trouble` says why something may be missing.

    `other` is what its other text adds, where that has words of its own.
    """

    new: str
    whole: str
    trouble: str | None = None
    other: str = ""


def spoken(contents: Contents, ours: Sequence[str]) -> Spoken:
    """The mail's words, without quotes and with rewritten links as they were."""
    plain = "\n".join(contents.plain)
    new = new_text(plain, ours)
    if not contents.html or (new and not _may_lack(new, plain, contents.html)):
        return _spoken(new, plain)
    if any(too_deep(html) for html in contents.html):
        return _spoken(new, plain, None if new else "too_deep")
    page = "\n".join(html_to_text(html) for html in contents.html)
    shown = new_text(page, ours)
    if STRUCK in shown:
        return _spoken(shown.replace(STRUCK, "").strip(), page.replace(STRUCK, ""), STRUCK_OUT)
    if not plain.strip() and (within := _written_within(contents.html, shown, ours)):
        return _spoken(within, page)
    better = not new or (
        bool(shown)
        and (
            _is_stub(new)
            or _breaks_off(new, contents.html)
            or _has_lost_rows(new, shown)
            or (_names_more(shown, new) and not _names_more(new, shown))
            or (any(map(_STRUCK.search, contents.html)) and _says_more(new, shown))
        )
    )
    if not better:
        other = unwrapped_links(shown) if _says_more(shown, plain) else ""
        return _spoken(new, plain, TEXTS_DIFFER if _contradict(new, shown) else None, other)
    longer = any(len(html) > HTML_AT_MOST for html in contents.html)
    return _spoken(shown, page, "mail_text_too_long" if longer and page.endswith(shown[-LAST:]) else None)


def _written_within(htmls: Sequence[str], shown: str, ours: Sequence[str]) -> str:
    """What a page says where its writer answers within our mail that it quotes, too; empty where he does not."""
    if not ours:
        return ""
    page = "\n".join(html_to_text(html, quotes_stay=True) for html in htmls)
    within = new_text(page, ours)
    return within if _says_more(within, shown) and not _says_more(shown, within) else ""


def _spoken(new: str, whole: str, trouble: str | None = None, other: str = "") -> Spoken:
    cut = "mail_text_too_long" if is_cut(whole, new) else None
    return Spoken(new=unwrapped_links(new), whole=whole, trouble=trouble or cut, other=other)


def _may_lack(new: str, plain: str, htmls: Sequence[str]) -> bool:
    """Whether a look at the HTML is worth its price."""
    bare = "\n".join(map(_bare, htmls))
    return (
        _is_stub(new)
        or _breaks_off(new, htmls)
        or _names_more(new, bare)
        or _names_more("\n".join((bare, *htmls)), plain)
        or _says_more(bare, plain)
        or any(_STRUCK.search(html) or html.lower().count("<td") >= CELLS_OF_A_TABLE for html in htmls)
    )


def _says_more(text: str, other: str) -> bool:
    """Whether it has words or figures that the other text lacks."""
    return not set(_WORD.findall(_seen(text).lower())) <= set(_WORD.findall(_seen(other).lower()))


def _breaks_off(new: str, htmls: Sequence[str]) -> bool:
    """Whether the plain text ends within a word that goes on in the page."""
    last = new.rstrip().rpartition("\n")[2][-LAST_WORDS:]
    if len(last) < LAST_WORDS:
        return False
    return any((at := html.find(last)) >= 0 and html[at + len(last) : at + len(last) + 1].isalnum() for html in htmls)


def _contradict(new: str, shown: str) -> bool:
    """Whether each text names a number that the other lacks: nobody can tell which of them is meant."""
    return _names_more(new, shown) and _names_more(shown, new)


def _names_more(text: str, other: str) -> bool:
    """Whether it names a number that the other text lacks, however that is written there."""
    numbers = _numbers(text)
    written = _APART.sub("", _seen(other)) if numbers else ""
    return any(number not in written for number in numbers)


def _numbers(text: str) -> set[str]:
    words = (_APART.sub("", _DAY.sub("", found)) for found in _NUMBER.findall(_seen(text)))
    return {word for word in words if _is_long(word)}


def _is_long(word: str) -> bool:
    digits = sum(sign.isdigit() for sign in word)
    return digits >= _FEWEST_DIGITS or (len(word) >= _FEWEST_SIGNS and digits > 1 and not word.isdigit())


def _seen(text: str) -> str:
    """As a reader sees it: without what is invisible, every kind of blank as a blank."""
    return text.translate(_INVISIBLE | _BLANK)


def _bare(html: str) -> str:
    """Roughly what the page shows; it only decides whether the page is worth a look."""
    return unescape(_TAG.sub("\n", _WITHIN_A_WORD.sub("", _without_unseen(html))))


def _without_unseen(html: str) -> str:
    """The page without its styles, scripts and comments, in one pass; what is never closed runs to the end."""
    kept: list[str] = []
    at = 0
    while begin := _UNSEEN.search(html, at):
        kept.append(html[at : begin.start()])
        end = _UNSEEN_ENDS[(begin[1] or begin[2]).lower()].search(html, begin.end())
        at = end.end() if end else len(html)
    return "".join([*kept, html[at:]])


def _is_stub(new: str) -> bool:
    """`Please view this mail in a program that shows HTML`."""
    return len(new) < STUB_AT_MOST and "html" in new.lower()


def _has_lost_rows(new: str, shown: str) -> bool:
    """Whether the page has a table whose rows the plain text tore into cells."""
    rows = [" ".join(line.split()) for line in shown.split("\n") if "  " in line.strip()]
    lines = {" ".join(line.replace("|", " ").split()) for line in new.split("\n")}
    return len(rows) > 1 and not lines.issuperset(rows)
