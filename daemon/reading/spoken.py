"""Which of a mail's texts is read: the plain one unless it is empty, a stub, broken off, or lacks rows or numbers."""

import re
from collections.abc import Sequence

from daemon.domain.values import Value
from daemon.reading.contents import Contents
from daemon.reading.html import HTML_AT_MOST, html_to_text, too_deep
from daemon.reading.links import unwrapped_links
from daemon.reading.quoting import is_cut, new_text

STUB_AT_MOST = 300
LAST = 50
CELLS_OF_A_TABLE = 4
LAST_WORDS = 20
TEXTS_DIFFER = "mail_texts_differ"

# As long as a tracking number or an IMEI may be; what has letters in it (`RR123456785DE`, `3SDEVC…`) is written in one.
_LONG_NUMBER = re.compile(
    r"[0-9](?:[ .-]?[0-9]){9,39}|(?<![A-Za-z0-9])(?=(?:[A-Z]{0,6}[0-9]){8})[A-Z0-9]{10,39}(?![A-Za-z0-9])"
)


class Spoken(Value, frozen=True, kw_only=True):
    """`new` is what the mail adds, `whole` what it shows in all; `trouble` says why something may be missing."""

    new: str
    whole: str
    trouble: str | None = None


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
    better = not new or (
        bool(shown)
        and (
            _is_stub(new)
            or _breaks_off(new, contents.html)
            or _has_lost_rows(new, shown)
            or _long_numbers(new) < _long_numbers(shown)
        )
    )
    if not better:
        return _spoken(new, plain, TEXTS_DIFFER if _contradict(new, shown) else None)
    longer = any(len(html) > HTML_AT_MOST for html in contents.html)
    return _spoken(shown, page, "mail_text_too_long" if longer and page.endswith(shown[-LAST:]) else None)


def _spoken(new: str, whole: str, trouble: str | None = None) -> Spoken:
    cut = "mail_text_too_long" if is_cut(whole, new) else None
    return Spoken(new=unwrapped_links(new), whole=whole, trouble=trouble or cut)


def _may_lack(new: str, plain: str, htmls: Sequence[str]) -> bool:
    """Whether a look at the HTML is worth its price."""
    return (
        _is_stub(new)
        or _breaks_off(new, htmls)
        or not all(any(number in html for html in htmls) for number in _LONG_NUMBER.findall(new))
        or any(not _long_numbers(plain).issuperset(_long_numbers(html)) for html in htmls)
        or any(html.lower().count("<td") >= CELLS_OF_A_TABLE for html in htmls)
    )


def _breaks_off(new: str, htmls: Sequence[str]) -> bool:
    """Whether the plain text ends within a word that goes on in the page."""
    last = new.rstrip().rpartition("\n")[2][-LAST_WORDS:]
    if len(last) < LAST_WORDS:
        return False
    return any((at := html.find(last)) >= 0 and html[at + len(last) : at + len(last) + 1].isalnum() for html in htmls)


def _contradict(new: str, shown: str) -> bool:
    """Whether each text names a long number that the other lacks: nobody can tell which of them is meant."""
    plain, page = _long_numbers(new), _long_numbers(shown)
    return bool(plain - page) and bool(page - plain)


def _long_numbers(text: str) -> set[str]:
    return {re.sub("[ .-]", "", number) for number in _LONG_NUMBER.findall(text)}


def _is_stub(new: str) -> bool:
    """`Please view this mail in a program that shows HTML`."""
    return len(new) < STUB_AT_MOST and "html" in new.lower()


def _has_lost_rows(new: str, shown: str) -> bool:
    """Whether the page has a table whose rows the plain text tore into cells."""
    rows = [" ".join(line.split()) for line in shown.split("\n") if "  " in line.strip()]
    lines = {" ".join(line.replace("|", " ").split()) for line in new.split("\n")}
    return len(rows) > 1 and not lines.issuperset(rows)
