"""The same mail for people who read HTML: made of the finished text, so that a translator edits one source only.

What the text looks like says what it is: a line in capitals is a heading, lines of `Label: value` are a table, `- `
begins an item, `| ` and `> ` mark another person's words. Everything is escaped; only https links become links.
"""

import re
from collections.abc import Iterator
from html import escape

_LABELLED = re.compile(r"(?P<label>[^:\n]{1,48}): (?P<value>\S.*)")
_LINK = re.compile(r"https://[^\s<>\"']+[^\s<>\"'.,;:!?)\]]")
_HEADING_AT_LEAST = 3
_ROWS_AT_LEAST = 2

_PAGE = """<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
</head>
<body style="margin:0;padding:16px;font-family:Arial,Helvetica,sans-serif;font-size:16px;line-height:1.5">
<div style="max-width:640px;overflow-wrap:break-word">
{blocks}
</div>
</body>
</html>
"""
_CELL = "padding:2px 16px 2px {left}px;vertical-align:top;text-align:left"
# Paler than its surroundings whatever their colour is, so that it can be read on a dark ground too.
_PALE = "opacity:0.75"
_INDENT = 12
_SHORT_LABEL = 16


def html_of(text: str, title: str, language: str) -> str:
    """A page with the words of a text in the same order; `language` is that of its words, for screen readers."""
    blocks = "\n".join(part for block in _blocks(text) for part in _block(block))
    return _PAGE.format(language=escape(language, quote=True), title=escape(title), blocks=blocks)


def _blocks(text: str) -> Iterator[list[str]]:
    """Lines that belong together, as blank lines part them."""
    block: list[str] = []
    for line in (*text.split("\n"), ""):
        if line.strip():
            block.append(line)
        elif block:
            yield block
            block = []


def _block(lines: list[str]) -> Iterator[str]:
    """A block is one thing, or a first line with a colon and the thing that it announces."""
    if len(lines) == 1 and _is_heading(lines[0]):
        yield f'<h2 style="font-size:16px;margin:24px 0 8px">{escape(lines[0])}</h2>'
    elif lines[0].rstrip() == "--":
        yield _paragraph(lines, _PALE)
    elif lines[0].rstrip().endswith(":") and len(lines) > 1:
        yield _paragraph(lines[:1])
        yield _thing(lines[1:])
    else:
        yield _thing(lines)


def _is_heading(line: str) -> bool:
    in_capitals = line == line.upper() and not _LABELLED.fullmatch(line)
    return in_capitals and sum(map(str.isalpha, line)) >= _HEADING_AT_LEAST


def _thing(lines: list[str]) -> str:
    if all(line.startswith(("- ", "  ")) for line in lines) and lines[0].startswith("- "):
        return _items(lines)
    if all(line.startswith(("| ", "> ")) or line in {"|", ">"} for line in lines):
        words = "<br>\n".join(_linked(line[2:]) for line in lines)
        return f'<blockquote style="margin:8px 0;padding:0 0 0 12px;border-left:3px solid #888">{words}</blockquote>'
    if len(lines) >= _ROWS_AT_LEAST and all(_LABELLED.fullmatch(line.strip()) for line in lines):
        return _table(lines)
    return _paragraph(lines)


def _items(lines: list[str]) -> str:
    items: list[str] = []
    for line in lines:
        if line.startswith("- "):
            items.append(_linked(line[2:]))
        else:
            items[-1] += f"<br>\n{_linked(line.strip())}"
    inner = "\n".join(f"<li>{item}</li>" for item in items)
    return f'<ul style="margin:8px 0;padding-left:20px">\n{inner}\n</ul>'


def _table(lines: list[str]) -> str:
    rows = "\n".join(_row(line) for line in lines)
    return f'<table style="border-collapse:collapse;margin:8px 0">\n{rows}\n</table>'


def _row(line: str) -> str:
    """The colon stays with the label, so that a quoted row is the text's own line again; a long number breaks."""
    label, _, value = line.strip().partition(": ")
    whole = ";white-space:nowrap" if len(label) <= _SHORT_LABEL else ""
    head = f"{_CELL.format(left=_INDENT if line.startswith(' ') else 0)};font-weight:normal;{_PALE}{whole}"
    cell = f"{_CELL.format(left=0)};overflow-wrap:anywhere"
    return f'<tr><th scope="row" style="{head}">{_label(label)}:</th><td style="{cell}">{_linked(value)}</td></tr>'


def _label(label: str) -> str:
    """French has a blank before the colon, which then stays with its word."""
    return escape(label.rstrip()) + "&nbsp;" * (label != label.rstrip())


def _paragraph(lines: list[str], style: str = "") -> str:
    return f'<p style="margin:8px 0;{style}">{"<br>".join(_linked(line) for line in lines)}</p>'


def _linked(line: str) -> str:
    """A line with its links; leading blanks stay, since they show what belongs under what."""
    stripped = line.lstrip(" ")
    parts: list[str] = ["&nbsp;" * (len(line) - len(stripped))]
    at = 0
    for link in _LINK.finditer(stripped):
        address = escape(link[0], quote=True)
        parts += [escape(stripped[at : link.start()]), f'<a href="{address}">{address}</a>']
        at = link.end()
    return "".join([*parts, escape(stripped[at:])])
