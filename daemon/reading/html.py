"""The visible new text of an HTML mail, and the parcels that its structured data name."""

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from inscriptis import get_text
from inscriptis.css_profiles import CSS_PROFILES
from inscriptis.model.config import ParserConfig
from selectolax.lexbor import LexborHTMLParser, LexborNode

from daemon.domain.values import Value

HTML_AT_MOST = 256 * 1024
DEPTH_AT_MOST = 200
PARCELS_AT_MOST = 50

_QUOTES = (
    "blockquote[type=cite]",
    "blockquote.gmail_quote",
    ".gmail_attr",
    ".moz-cite-prefix",
    "div[name=quote]",
    "#mail-editor-reference-message-container",
    ".moz-forward-container",
)
_QUOTE_BEGINS = ("#divRplyFwdMsg", "#appendonsend")
_UNSEEN = ("script", "style", "head", "title", "template", "noscript", "object", "[hidden]")
_UNSEEN_STYLES = ("display:none", "visibility:hidden", "font-size:0;", "font-size:0px", "max-height:0", "opacity:0;")
_NESTING = frozenset(
    (
        "div",
        "span",
        "b",
        "i",
        "u",
        "a",
        "em",
        "strong",
        "font",
        "center",
        "section",
        "article",
        "blockquote",
        "table",
        "ul",
    )
)
_TAG = re.compile(r"<(/?)([A-Za-z]{1,10})")
_CONFIG = ParserConfig(css=CSS_PROFILES["strict"])


class NamedParcel(Value, frozen=True, kw_only=True):
    """A schema.org ParcelDelivery as the sender's system wrote it."""

    number: str
    carrier: str = ""
    url: str = ""
    order: str = ""


def too_deep(html: str) -> bool:
    """Whether tags nest beyond what a mail program writes; parsing such a page takes seconds."""
    depth = 0
    for closing, name in _TAG.findall(html[:HTML_AT_MOST]):
        if name.lower() in _NESTING:
            depth = max(depth - 1, 0) if closing else depth + 1
        if depth > DEPTH_AT_MOST:
            return True
    return False


def html_to_text(html: str) -> str:
    """The text a reader sees, table rows on one line, without quotes; links follow their text in angle brackets."""
    if too_deep(html):
        return ""
    tree = LexborHTMLParser(html[:HTML_AT_MOST])
    _drop(tree, _UNSEEN)
    _drop_styled(tree)
    _drop_quotes(tree)
    _spell_links(tree)
    body = tree.body
    if body is None:
        return ""
    try:
        return str(get_text(body.html or "", _CONFIG))
    except (ValueError, RecursionError, AttributeError, KeyError, IndexError):
        return str(body.text(separator=" "))


def named_parcels(html: str) -> tuple[NamedParcel, ...]:
    """The parcels of all `application/ld+json` blocks."""
    if "ld+json" not in html or too_deep(html):
        return ()
    tree = LexborHTMLParser(html[:HTML_AT_MOST])
    parcels: list[NamedParcel] = []
    for script in tree.css('script[type="application/ld+json"]'):
        try:
            data = json.loads(script.text() or "")
        except (ValueError, RecursionError):
            continue
        parcels.extend(_parcel(one) for one in _deliveries(data) if one.get("trackingNumber"))
    return tuple(parcels[:PARCELS_AT_MOST])


def _deliveries(data: Any) -> Iterator[dict[str, Any]]:
    waiting = [data]
    while waiting:
        one = waiting.pop(0)
        if isinstance(one, list):
            waiting.extend(one)
        elif isinstance(one, dict) and one.get("@type") == "ParcelDelivery":
            yield one
        elif isinstance(one, dict):
            waiting.extend(one.get("@graph", ()) if isinstance(one.get("@graph"), list) else ())


def _parcel(one: dict[str, Any]) -> NamedParcel:
    return NamedParcel(
        number=_text(one.get("trackingNumber")),
        carrier=_named(one.get("carrier")) or _named(one.get("provider")),
        url=_text(one.get("trackingUrl")),
        order=_text(one["partOfOrder"].get("orderNumber")) if isinstance(one.get("partOfOrder"), dict) else "",
    )


def _named(value: Any) -> str:
    return _text(value.get("name")) if isinstance(value, dict) else _text(value)


def _text(value: Any) -> str:
    return str(value).strip()[:500] if isinstance(value, str | int) else ""


def _drop(tree: LexborHTMLParser, selectors: tuple[str, ...]) -> None:
    for selector in selectors:
        for node in tree.css(selector):
            node.decompose()


def _drop_styled(tree: LexborHTMLParser) -> None:
    for node in tree.css("[style]"):
        style = "".join((node.attributes.get("style") or "").lower().split()) + ";"
        if any(unseen in style for unseen in _UNSEEN_STYLES):
            node.decompose()


def _drop_quotes(tree: LexborHTMLParser) -> None:
    for node in tree.css("div.gmail_quote, div.gmail_quote_container"):
        if node.css_first("blockquote") is None:
            node.decompose()
    _drop(tree, _QUOTES)
    for selector in _QUOTE_BEGINS:
        begin = tree.css_first(selector)
        if begin is not None:
            _drop_from(begin)
    for node in tree.css("div[style]"):
        style = "".join((node.attributes.get("style") or "").lower().split())
        if "border-top:solid" in style and _is_header_box(node.text() or ""):
            parent = node.parent
            if parent is not None and parent.tag == "div":
                _drop_after(parent)
            _drop_from(node)
            break


def _is_header_box(text: str) -> bool:
    """Whether a ruled box is Outlook's head of a quoted mail: it holds an address line and little else."""
    return "@" in text and text.count(":") >= 3 and len(text) < 2000  # noqa: PLR2004 - From, Sent, Subject


def _drop_from(node: LexborNode) -> None:
    _drop_after(node)
    node.decompose()


def _drop_after(node: LexborNode) -> None:
    while True:
        following = node.next
        if following is None:
            return
        following.decompose()


def _spell_links(tree: LexborHTMLParser) -> None:
    for node in tree.css("a[href]"):
        href = (node.attributes.get("href") or "").strip()
        if not href.lower().startswith(("http://", "https://")) or not any(sign.isdigit() for sign in _path(href)):
            continue
        if href not in (node.text() or ""):
            node.insert_after(f" <{href}> ")


def _path(href: str) -> str:
    try:
        parts = urlsplit(href)
    except ValueError:
        return ""
    return f"{parts.path}?{parts.query}#{parts.fragment}"
