"""An XML document that no format knows, as the object that a program would have written as JSON."""

import re
from typing import Any

from daemon.domain.values import Json
from daemon.rules.columns import column_key

_A_RECORD = 3
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])|_")
_TO_LISTS = {
    name: several
    for several, names in {
        "lines": (
            *("line", "item", "position", "positionitem", "orderline", "orderitem", "lineitem", "orderposition"),
            *("artikel", "article", "ligne", "pozycja", "produkt", "riga", "articolo", "linea", "articulo", "regel"),
            *("orderregel", "leveringsregel", "bestelregel"),
        ),
        "parcels": (
            *("package", "parcel", "track", "paket", "packstueck", "colis", "paczka", "collo", "bulto", "paquete"),
            *("pakket", "colli"),
        ),
    }.items()
    for name in names
}
"""What a document calls one line of a record, or one parcel, where these stand in it without a list around them."""


def as_object(root: Any) -> Json:
    """The document: elements that hold others are objects, those that stand there again are lists of them.

    None where it holds several lists of records: what is in one may take back what is in another.
    """
    value = _value(root)
    if isinstance(value, dict):
        # A list may have one record.
        alone = [name for name in map(_name, filter(_is_record, _children(root))) if isinstance(value.get(name), dict)]
        value |= {name: [value[name]] for name in alone}
    # The root is called after the list that it is, or holds one record.
    while isinstance(value, dict) and len(value) == 1 and not isinstance(only := next(iter(value.values())), str):
        value = only
    lists = [key for key, one in value.items() if isinstance(one, list)] if isinstance(value, dict) else []
    return None if len(set(lists) - set(_TO_LISTS.values())) > 1 else value


def names_of(root: Any) -> tuple[str, ...]:
    """What the document and its first records are called."""
    return tuple(dict.fromkeys(as_title(_name(one)) for one in (root, *_children(root))))


def as_title(name: str) -> str:
    """The name of an element or a list as words: `PlannedShipments`, `open_orders`."""
    return _HUMP.sub(" ", name)


def _value(element: Any) -> Json:
    children = _children(element)
    if not children:
        return dict(_attributes(element)) if _is_record(element) else (element.text or "").strip()
    found: dict[str, Json] = dict(_attributes(element))
    if not found and len({_name(one) for one in children}) == 1:
        values = list(map(_value, children))
        if all(isinstance(one, dict) for one in values):
            return values
    several: dict[str, list[Json]] = {}
    for one in children:
        name = _name(one)
        key = _TO_LISTS.get(column_key(name), name) if _children(one) or _is_record(one) else name
        several.setdefault(key, []).append(_value(one))
        found |= {
            f"{name} {attribute}": text
            for attribute, text in _attributes(one)
            if not _children(one) and not _is_record(one)
        }
    for key, values in several.items():
        one = values[0]
        is_list = len(values) > 1 or (key in _TO_LISTS.values() and isinstance(one, dict))
        found[key] = values if is_list else one
    return found


def _is_record(element: Any) -> bool:
    """Whether an element tells all in its attributes: `<Sendung Auftrag="1" Dienst="DHL" Nummer="2"/>`."""
    return not _children(element) and not (element.text or "").strip() and len(element.attrib) >= _A_RECORD


def _children(element: Any) -> list[Any]:
    return [one for one in element if isinstance(one.tag, str)]


def _attributes(element: Any) -> list[tuple[str, str]]:
    return [(str(name).rpartition("}")[2], str(text)) for name, text in element.attrib.items()]


def _name(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]
