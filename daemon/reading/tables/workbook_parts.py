"""The parts of an XLSX archive beside its rows: sheets, shared texts, number formats, merged cells."""

import re
import zipfile
from collections.abc import Iterator
from posixpath import normpath
from typing import Any

from daemon.domain.values import Value

_BLOCK = 1 << 20
_MERGED = re.compile(rb'<(?:[A-Za-z]+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3})([0-9]{1,7}):[A-Z]{1,3}([0-9]{1,7})"')
_MERGES = re.compile(rb"<(?:[A-Za-z]+:)?mergeCells")
_MOST_MERGES = 100_000
_TAIL = 20
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
# The numbers that Excel gives the formats it has built in.
_BUILT_IN_DATES = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
_NOT_SHOWN = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_DATE_SIGNS = re.compile(r"[dmyhs]", re.IGNORECASE)
_ZEROS = re.compile(r"0{2,20}")


class SheetPart(Value, frozen=True, kw_only=True):
    name: str
    path: str


class Styles(Value, frozen=True, kw_only=True):
    """By the number of a cell's style: whether it shows a date or is struck out, and up to how many digits it is filled
    with zeros.
    """

    dates: frozenset[int] = frozenset()
    struck: frozenset[int] = frozenset()
    zeros: dict[int, int] = {}


def parser_options() -> dict[str, Any]:
    """No part of a workbook may refer to anything, or grow beyond its size."""
    return {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}


def tree_of(archive: zipfile.ZipFile, path: str) -> Any:
    """A small part as a tree, or None where the archive has none."""
    from lxml import etree  # noqa: PLC0415 - only the children that read a workbook pay for it

    try:
        raw = archive.read(path)
    except KeyError:
        return None
    return etree.fromstring(raw, etree.XMLParser(**parser_options()))


def sheets_of(archive: zipfile.ZipFile) -> tuple[list[SheetPart], bool]:
    """The visible sheets in their order, and whether days count from 1904."""
    book = tree_of(archive, "xl/workbook.xml")
    relations = tree_of(archive, "xl/_rels/workbook.xml.rels")
    targets = {one.get("Id"): one.get("Target") or "" for one in relations}
    found: list[SheetPart] = []
    for sheet in book.iterfind(".//{*}sheet"):
        target = targets.get(sheet.get(_RELATION), "")
        path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if sheet.get("state", "visible") == "visible" and path in archive.NameToInfo:
            found.append(SheetPart(name=sheet.get("name", ""), path=path))
    properties = book.find(".//{*}workbookPr")
    return found, properties is not None and properties.get("date1904") in {"1", "true"}


def texts_of(archive: zipfile.ZipFile) -> list[str]:
    """The shared texts, by number; how a text is to be read aloud is left out."""
    from lxml import etree  # noqa: PLC0415

    texts: list[str] = []
    if "xl/sharedStrings.xml" not in archive.NameToInfo:
        return texts
    with archive.open("xl/sharedStrings.xml") as part:
        for _, item in etree.iterparse(part, tag="{*}si", **parser_options()):
            texts.append(text_of(item))
            item.clear()
    return texts


def text_of(item: Any) -> str:
    """The text of a shared or inline string, without what is struck out in it."""
    runs = (one for one in item.iter("{*}t") if not one.getparent().tag.endswith("}rPh"))
    return "".join(one.text or "" for one in runs if not _is_struck(one.getparent()))


def styles_of(archive: zipfile.ZipFile) -> Styles:
    """What the cells' styles show."""
    root = tree_of(archive, "xl/styles.xml")
    if root is None:
        return Styles()
    codes = {one.get("numFmtId"): one.get("formatCode") or "" for one in root.iterfind("{*}numFmts/{*}numFmt")}
    fonts = [_is_struck(one) for one in root.iterfind("{*}fonts/{*}font")]
    dates: set[int] = set()
    struck: set[int] = set()
    zeros: dict[int, int] = {}
    for number, style in enumerate(root.iterfind("{*}cellXfs/{*}xf")):
        kind = style.get("numFmtId", "0")
        code = codes.get(kind, "")
        if (kind.isdigit() and int(kind) in _BUILT_IN_DATES) or _DATE_SIGNS.search(_NOT_SHOWN.sub("", code)):
            dates.add(number)
        elif _ZEROS.fullmatch(code):
            zeros[number] = len(code)
        font = style.get("fontId", "0")
        if font.isdigit() and int(font) < len(fonts) and fonts[int(font)]:
            struck.add(number)
    return Styles(dates=frozenset(dates), struck=frozenset(struck), zeros=zeros)


def _is_struck(font: Any) -> bool:
    """Whether a font, or that of a run of text, strikes out."""
    found = font.find("{*}strike") if font.tag.endswith("}font") else font.find("{*}rPr/{*}strike")
    return found is not None and found.get("val", "1") in {"1", "true"}


def comments_of(archive: zipfile.ZipFile, path: str) -> dict[int, str]:
    """What people have pinned to the cells of a sheet, by row."""
    folder, _, name = path.rpartition("/")
    relations = tree_of(archive, f"{folder}/_rels/{name}.rels")
    found: dict[int, str] = {}
    for one in relations if relations is not None else ():
        if not (one.get("Type") or "").endswith("/comments"):
            continue
        target = one.get("Target") or ""
        part = target.lstrip("/") if target.startswith("/") else normpath(f"{folder}/{target}")
        pinned = tree_of(archive, part)
        for comment in pinned.iterfind(".//{*}comment") if pinned is not None else ():
            row = int("".join(filter(str.isdigit, comment.get("ref", ""))) or 0)
            found[row] = " ".join(f"{found.get(row, '')} {text_of(comment)}".split())
    return found


def merges_of(archive: zipfile.ZipFile, path: str) -> dict[int, list[tuple[str, int]]]:
    """Cells that reach down over several rows: by their first row, each column with its last row."""
    found: dict[int, list[tuple[str, int]]] = {}
    for column, first, last in _merged(archive, path):
        if last > first:
            found.setdefault(first, []).append((column, last))
    return found


def _merged(archive: zipfile.ZipFile, path: str) -> Iterator[tuple[str, int, int]]:
    """They stand behind the rows, so the part is looked through once without being parsed."""
    tail, within = b"", False
    with archive.open(path) as part:
        while block := part.read(_BLOCK):
            tail += block
            if not within and (begin := _MERGES.search(tail)):
                within, tail = True, tail[begin.start() :]
            elif not within:
                tail = tail[-_TAIL:]
    if within:
        for number, one in enumerate(_MERGED.finditer(tail)):
            if number >= _MOST_MERGES:
                return
            yield one[1].decode(), int(one[2]), int(one[3])
