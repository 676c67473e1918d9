"""The gates before any XML: what is refused, how deep it may go, and where in its bytes each element begins."""

import re
from typing import Any
from xml.parsers import expat

LARGEST = 10 * 1024 * 1024
"""So much of a document is held in memory at once."""

DEEPEST = 64
MOST_ELEMENTS = 200_000

_DOCTYPE = re.compile(rb"<!(?i:DOCTYPE)")
_INCLUDE = b"http://www.w3.org/2001/XInclude"


class TreeError(Exception):
    """A document may not be read on; its message is the reason's code, `values` what that one tells."""

    def __init__(self, code: str, **values: str) -> None:
        super().__init__(code)
        self.values = values


def forbidden(raw: bytes) -> str:
    """Why these bytes are not read at all: a document type, or another file that is to be put in."""
    if _DOCTYPE.search(raw):
        return "xml_forbidden_dtd"
    return "xml_forbidden_include" if _INCLUDE in raw else ""


def parsed(raw: bytes) -> Any:
    """The tree of a document that has passed the gates."""
    from lxml import etree  # noqa: PLC0415 - only the children that read XML pay for it

    return etree.fromstring(
        raw, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    )


def admitted(raw: bytes) -> Any:
    """The tree of a document that passes all gates. Raises `TreeError` for any other."""
    from lxml import etree  # noqa: PLC0415

    if code := forbidden(raw.replace(b"\0", b"")):
        raise TreeError(code)
    try:
        if code := _limit_broken(etree, raw):
            raise TreeError(code)
        return parsed(raw)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise TreeError("not_xml", line=str(getattr(error, "lineno", None) or 1)) from error


def _limit_broken(etree: Any, raw: bytes) -> str:
    """Walks the document once without keeping it, so that a hostile one never becomes a tree."""
    if len(raw) > LARGEST:
        return "file_too_large"
    depth = elements = 0
    target = etree.XMLPullParser(
        events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    for begin in range(0, len(raw), LARGEST // 160):
        target.feed(raw[begin : begin + LARGEST // 160])
        for event, element in target.read_events():
            if event == "start":
                depth += 1
                elements += 1
            else:
                depth -= 1
                element.clear()
            if depth > DEEPEST or elements > MOST_ELEMENTS:
                return "xml_too_deep" if depth > DEEPEST else "file_too_large"
    target.close()
    return ""


class Walk:
    """Goes through a document without keeping it. Its users say what they note of each element down to a `level`.

    `at` is where in all bytes fed the element begins that is just opened.
    """

    def __init__(self, level: int = DEEPEST) -> None:
        self.depth = 0
        self._level = level
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.StartDoctypeDeclHandler = _refuse_doctype

    @property
    def at(self) -> int:
        return self._parser.CurrentByteIndex

    def feed(self, raw: bytes) -> None:
        """Go on; nothing more to be fed is the end of the document."""
        try:
            self._parser.Parse(raw, not raw)
        except (expat.ExpatError, LookupError, ValueError) as error:
            # Behind the first element a document type is no more than wrong to the parser.
            raise TreeError(forbidden(raw) or "not_xml") from error

    def opened(self, name: str) -> None:
        """An element begins, at `depth`."""

    def closed(self) -> None:
        """An element at `depth` ends."""

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise TreeError("xml_too_deep")
        if self.depth <= self._level:
            self.opened(name)

    def _end(self, _name: str) -> None:
        if self.depth <= self._level:
            self.closed()
        self.depth -= 1


def _refuse_doctype(*_declared: Any) -> None:
    raise TreeError("xml_forbidden_dtd")


def local(name: str) -> str:
    """An element's name without the prefix of its namespace."""
    return name.rpartition(":")[2]
