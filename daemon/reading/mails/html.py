"""The visible new text of an HTML mail, line by line, table row by table row."""

import re
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from daemon.reading.links import unwrapped
from daemon.reading.mails.page import EDGE, cut_page, outermost

HTML_AT_MOST = 256 * 1024
DEPTH_AT_MOST = 200
TAGS_UNLOOKED = 4000
"""So few tags may nest as they like: it costs milliseconds."""
CELL_AT_MOST = 300

_EDGE, _BREAK, _GAP, _NEXT = EDGE, "\ue001", "\ue002", "\ue003"
"""Marks in the text: a block's end, a line's, a paragraph's (with its distance), a cell's."""

_BLOCKS = (
    "div, tr, td, th, li, ul, ol, dl, dt, dd, table, blockquote, section, article, header, footer, address, center, "
    "form, fieldset, figure, main, nav, caption, pre"
)
_SPACED = "p, h1, h2, h3, h4, h5, h6, hr"
_CLOSE = re.compile(r"margin(?:-top|-bottom)?:0|mso", re.IGNORECASE)
_NESTING = re.compile(
    r"<(/?)(?:div|ul|ol|dl|section|article|blockquote|table|center|form|span|b|i|u|a|em|strong|font)\b", re.IGNORECASE
)
_MARKS = re.compile(f"([{_EDGE}{_BREAK}{_GAP}])")


def too_deep(html: str) -> bool:
    """Whether tags nest beyond what a mail program writes; parsing such a page takes seconds."""
    if html.count("<") < TAGS_UNLOOKED:
        return False
    depth = 0
    for closing in _NESTING.findall(html[:HTML_AT_MOST]):
        depth = max(depth - 1, 0) if closing else depth + 1
        if depth > DEPTH_AT_MOST:
            return True
    return False


def html_to_text(html: str, *, quotes_stay: bool = False) -> str:
    """The text a reader sees, table rows on one line; links follow their text in brackets.

    Of quotes their mark is left, or they stand below it in full.
    """
    if too_deep(html):
        return ""
    tree = LexborHTMLParser(html[:HTML_AT_MOST])
    body = tree.body
    if body is None:
        return ""
    cut_page(tree, quotes_stay=quotes_stay)
    _keep_lines(tree)
    _spell_links(tree)
    _flatten_rows(tree)
    _lay_out(tree)
    return _lines(body.text())


def _keep_lines(tree: LexborHTMLParser) -> None:
    """Line ends that count: breaks, and every one in preformatted text."""
    for node in tree.css("br"):
        node.insert_before(_BREAK)
    for block in tree.css("pre, textarea"):
        for node in [one for one in block.traverse(include_text=True) if one.is_text_node]:
            text = node.text_content or ""
            if "\n" in text:
                node.replace_with(text.replace("\n", _BREAK))


def _flatten_rows(tree: LexborHTMLParser) -> None:
    """Each row of a table of data becomes one line; tables that only place things on the page do not."""
    lines = {row.mem_id: line for row in tree.css("tr") if (line := _row(row))}
    for row in outermost([one for one in tree.css("tr") if one.mem_id in lines]):
        row.insert_before(f"{_EDGE}{lines[row.mem_id]}{_EDGE}")
        row.decompose()


def _row(row: LexborNode) -> str:
    """The row on one line, or nothing if it is none of data."""
    if row.css_first("table") is not None:
        return ""
    cells = [_cell(one) for one in row.css("td, th")]
    if sum(cell != "-" for cell in cells) < 2 or any(len(cell) > CELL_AT_MOST or EDGE in cell for cell in cells):  # noqa: PLR2004 - one cell is no row
        return ""
    return _NEXT.join(cells)


def _cell(node: LexborNode) -> str:
    """A cell's lines side by side; an empty one keeps its place in the row."""
    text = node.text()
    if _BREAK not in text:
        return " ".join(text.split()) or "-"
    lines = (" ".join(line.split()) for line in text.split(_BREAK))
    return ", ".join(line for line in lines if line) or "-"


def _lay_out(tree: LexborHTMLParser) -> None:
    for node in tree.css(_BLOCKS):
        node.insert_before(_EDGE)
        node.insert_after(_EDGE)
    for node in tree.css(_SPACED):
        attributes = node.attrs
        close = _CLOSE.search("".join((attributes.get("style") or "").split()) + (attributes.get("class") or ""))
        mark = _EDGE if close else _GAP
        node.insert_before(mark)
        node.insert_after(mark)


def _lines(text: str) -> str:
    lines: list[str] = []
    current = ""
    for piece in _MARKS.split(text):
        if piece == _BREAK:
            lines.append(current)
            current = ""
        elif piece in {_EDGE, _GAP}:
            if current:
                lines.append(current)
            if piece == _GAP and lines and lines[-1]:
                lines.append("")
            current = ""
        else:
            current = " ".join(piece.split())
    return "\n".join([*lines, current]).replace(_NEXT, "  ").strip()


def _spell_links(tree: LexborHTMLParser) -> None:
    for node in tree.css("a[href]"):
        href = unwrapped((node.attrs.get("href") or "").strip())
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
