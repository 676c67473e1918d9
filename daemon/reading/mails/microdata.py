"""The items that the elements of an HTML page name by their attributes (`itemscope`, `itemprop`), as objects."""

from collections.abc import Iterator
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

ELEMENTS_AT_MOST = 5000
DEPTH_AT_MOST = 20
_TOLD_BY = ("content", "href", "src", "datetime")


def items(html: str) -> list[dict[str, Any]]:
    """The items that lie in no other one, each with its `@type` and what it says of itself."""
    if "itemscope" not in html:
        return []
    tree = LexborHTMLParser(html)
    whole = [node for node in tree.css("[itemscope]") if "itemprop" not in node.attrs]
    return [_item(node, _Count(), 0) for node in whole[:DEPTH_AT_MOST]]


class _Count:
    """How many elements were looked at."""

    def __init__(self) -> None:
        self.seen = 0


def _item(node: LexborNode, count: _Count, depth: int) -> dict[str, Any]:
    found: dict[str, list[Any]] = {}
    for one in _properties(node, count):
        inner = "itemscope" in one.attrs
        value = (_item(one, count, depth + 1) if depth < DEPTH_AT_MOST else {}) if inner else _told(one)
        for name in (one.attrs.get("itemprop") or "").split():
            found.setdefault(name, []).append(value)
    kinds = [kind.rpartition("/")[2] for kind in (node.attrs.get("itemtype") or "").split()]
    return {"@type": kinds, **{name: values if len(values) > 1 else values[0] for name, values in found.items()}}


def _properties(node: LexborNode, count: _Count) -> Iterator[LexborNode]:
    """The elements that name a property of this item, and not one of an item within it."""
    waiting = [node.child]
    while waiting:
        one = waiting.pop()
        if one is None or count.seen >= ELEMENTS_AT_MOST:
            continue
        count.seen += 1
        waiting.append(one.next)
        if not one.is_element_node:
            continue
        if "itemprop" in one.attrs:
            yield one
        if "itemscope" not in one.attrs:
            waiting.append(one.child)


def _told(node: LexborNode) -> str:
    named = next((value for name in _TOLD_BY if (value := node.attrs.get(name))), None)
    return " ".join((named or node.text() or "").split())
