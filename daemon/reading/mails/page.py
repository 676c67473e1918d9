"""What of an HTML page is not said or not new: what is hidden or struck out, and quotes as mail programs mark them."""

import re
from collections.abc import Callable, Iterator
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode

from daemon.reading.mails.quote_begins import GREETING

STYLES_AT_MOST = 64 * 1024
RULES_AT_MOST = 300
LETTERS_AT_MOST = 20

EDGE = "\ue000"
"""Stands in the text where a block begins or ends."""
STRUCK = "\ue004"
"""Stands in the text where something was struck out that may be a number."""
QUOTE_MARK = ">"
SEPARATOR = "-----Original Message-----"

_UNSEEN = "script, style, head, title, template, noscript, object, select, [hidden]"
_STRUCK = "s, strike, del"
_QUOTES = (
    "blockquote[type=cite], blockquote[class*=quote], blockquote[cite], "
    "blockquote[style*=border-left], #blockquote_zmail, .gmail_extra > blockquote, "
    ".gmail_attr, .moz-cite-prefix, .moz-forward-container, #reply-intro, "
    "div[name=quote], .yahoo_quoted, .yahoo-quoted-begin, .protonmail_quote, .tutanota_quote, .zmail_extra, "
    ".freshdesk_quote, .hs_reply, .front-blockquote, div[fairemail=reference], .OutlookMessageHeader"
)
_QUOTES_BEGIN = "#divRplyFwdMsg, #appendonsend, #mail-editor-reference-message-container, #zwchr, #x_divRplyFwdMsg"
_SET_APART = "blockquote, details, div[style*=border-left]"
_GMAIL = "div.gmail_quote, div.gmail_quote_container"
_HIDING = re.compile(
    r"(?:^|;)(?:display:none|visibility:(?:hidden|collapse)|mso-hide:all|opacity:0(?:\.0*)?(?:;|$|!)"
    r"|font-size:(?:0(?:\.0*)?(?:[a-z]{1,4}|%)?|[01]?(?:\.[0-9]+)?(?:px|pt)|0?\.[01][0-9]*r?em)(?:;|$|!)"
    r"|max-height:0|text-indent:-[0-9]{3})"
)
_WHITE = re.compile(r"(?:^|;)color:(?:#fff(?:fff)?|white|rgba?\(255,255,255)(?=[;,!)]|$)")
_BACKGROUND = re.compile(
    r"(?:^|;)background(?:-color|-image)?:(?!#fff|white|transparent|none|inherit|initial|rgba?\(255,255,255)"
)
_WHITES = {"white", "#fff", "#ffffff"}
_LINE_THROUGH = re.compile(r"(?:^|;)text-decoration(?:-line)?:[a-z]{0,20}line-through")
_A_LONG_NUMBER = 8
_BRACE = re.compile(r"[{}]")
_SIMPLE = re.compile(r"[a-z0-9]{0,20}(?:[.#][\w-]{1,60})?", re.IGNORECASE)
_WHOLE = {"html", "body", "div", "p", "table", "tr", "td", "span"}
"""Whoever hides these hides the mail."""
_RULED = "border-top:solid"


def cut_page(tree: LexborHTMLParser, *, quotes_stay: bool = False) -> None:
    """Take out what a reader does not see or sees struck out, and put a mark where quoted text begins.

    That goes as well, or stays.
    """
    struck = [*tree.css(_STRUCK), *(node for node in tree.css("[style]") if _LINE_THROUGH.search(_style(node)))]
    for node in struck:
        if sum(map(str.isdigit, node.text() or "")) >= _A_LONG_NUMBER:
            node.insert_before(STRUCK)
    hidden = [*tree.css(_UNSEEN), *_styled(tree), *_ruled_out(tree), *struck]
    quotes = [*tree.css(_QUOTES), *(node for node in tree.css(_GMAIL) if node.css_first("blockquote") is None)]
    quotes += _letters_within(tree)
    begins = [*tree.css(_QUOTES_BEGIN), *_header_boxes(tree)]
    for node in begins:
        node.insert_before(f"{EDGE}{SEPARATOR}{EDGE}")
    if quotes_stay:
        for node in quotes:
            node.insert_before(f"{EDGE}{SEPARATOR}{EDGE}")
        quotes = []
    marked = {node.mem_id for node in quotes}
    for node in outermost([node for node in (*hidden, *quotes) if node.tag not in {"html", "body"}]):
        if node.mem_id in marked:
            node.insert_before(f"{EDGE}{QUOTE_MARK}{EDGE}")
        node.decompose()


def outermost(nodes: list[LexborNode]) -> list[LexborNode]:
    """Those that lie in no other one: a node must not be taken out twice."""
    chosen = {node.mem_id: node for node in nodes}
    within = _Inherited(lambda node: node.mem_id in chosen)
    return [node for node in chosen.values() if not within(node.parent)]


def _letters_within(tree: LexborHTMLParser) -> list[LexborNode]:
    """What is set apart below other words and begins as a letter does: somebody else's, or an older one."""
    body = tree.body
    whole = (body.text() or "") if body else ""
    found: list[LexborNode] = []
    for node in tree.css(_SET_APART)[:LETTERS_AT_MOST]:
        text = node.text() or ""
        first = [line.strip() for line in (node.text(separator="\n") or "").split("\n") if line.strip()][:2]
        above = whole.partition(text)[0] if text.strip() else ""
        if any(map(GREETING.fullmatch, first)) and any(sign.isalpha() for sign in above):
            found.append(node)
    return found


class _Inherited:
    """Whether something holds for an element or for any that it lies in; each is looked at once."""

    def __init__(self, holds: Callable[[LexborNode], bool]) -> None:
        self._holds = holds
        self._known: dict[int, bool] = {}

    def __call__(self, node: LexborNode | None) -> bool:
        passed: list[int] = []
        found = False
        while node is not None and node.is_element_node and not found:
            if node.mem_id in self._known:
                found = self._known[node.mem_id]
                break
            passed.append(node.mem_id)
            found = self._holds(node)
            node = node.parent
        self._known.update(dict.fromkeys(passed, found))
        return found


def _styled(tree: LexborHTMLParser) -> list[LexborNode]:
    """Elements whose own style hides them, white writing on white among them."""
    coloured = _Inherited(_coloured)
    return [
        node for node in tree.css("[style], font[color]") if _hides(node) or (_is_white(node) and not coloured(node))
    ]


def _hides(node: LexborNode) -> bool:
    return bool(_HIDING.search(_style(node)))


def _is_white(node: LexborNode) -> bool:
    font = (node.attrs.get("color") or "").lower() if node.tag == "font" else ""
    return font in _WHITES or bool(_WHITE.search(_style(node)))


def _coloured(node: LexborNode) -> bool:
    ground = (node.attrs.get("bgcolor") or "").lower()
    return bool(_BACKGROUND.search(_style(node))) or (bool(ground) and ground not in _WHITES)


def _style(node: LexborNode) -> str:
    return "".join((node.attrs.get("style") or "").lower().split())


def _ruled_out(tree: LexborHTMLParser) -> list[LexborNode]:
    """What the page's own style sheet hides by a tag, a class or an id; rules for some screens only do not count."""
    sheet = "\n".join(node.text() or "" for node in tree.css("style"))[:STYLES_AT_MOST]
    hiding = [
        selector.strip()
        for selectors, declarations in islice(_rules(sheet), RULES_AT_MOST)
        if _HIDING.search("".join(declarations.lower().split()))
        for selector in selectors.split(",")
    ]
    simple = [one for one in hiding[:RULES_AT_MOST] if one and _SIMPLE.fullmatch(one) and one.lower() not in _WHOLE]
    return tree.css(", ".join(simple)) if simple else []


def _rules(sheet: str) -> Iterator[tuple[str, str]]:
    """The selectors and declarations of the rules that hold for every screen."""
    first, *rest = sheet.replace("<!--", "").replace("-->", "").split("/*")
    bare = first + "".join(one.partition("*/")[2] for one in rest)
    depth, start, selectors = 0, 0, ""
    for brace in _BRACE.finditer(bare):
        text = bare[start : brace.start()]
        start = brace.end()
        if brace.group() == "{":
            selectors = selectors if depth else text.strip()
            depth += 1
            continue
        if depth == 1 and not selectors.startswith("@"):
            yield selectors, text
        depth = max(depth - 1, 0)


def _header_boxes(tree: LexborHTMLParser) -> list[LexborNode]:
    """Outlook's ruled box with the head of the mail that is answered: an address line and little else."""
    for node in tree.css("div[style]"):
        if _RULED in _style(node):
            text = node.text() or ""
            if text.count(":") >= 3 and len(text) < 2000:  # noqa: PLR2004 - From, Sent, Subject
                return [node]
    return []
