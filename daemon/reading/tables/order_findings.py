"""What the row of an order file claims, in the names of the contract, whatever the program calls it."""

import re
from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from daemon.domain.finding import Doubt, Finding, OrderRow
from daemon.reading.tables import cells as cell
from daemon.reading.tables.layout import Layout
from daemon.reading.tables.row_cells import RowCells
from daemon.rules.columns import plain_words
from daemon.rules.formats import NO_LINE, NOT_TO_SHIP, PAID, SHIPPING, UNPAID, Format

_IDENTIFIERS = ("order_id", "line_id", "sku", "hs_code")
_PARTS = {
    "ship_name": ("ship_first_name", "ship_last_name"),
    "buyer_name": ("buyer_first_name", "buyer_last_name"),
    "ship_street": ("ship_street", "ship_house_number"),
    "ship_extra": ("ship_extra", "ship_more"),
}
_BUYER = frozenset({"buyer_name", *_PARTS["buyer_name"]})
_TOLD = ("position", "payment", "fulfillment")
_BETWEEN = re.compile(r"(?<=[0-9])(?:T| - )(?=[0-9])")
_ZONES = {"UTC": "+00:00", "GMT": "+00:00"}
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[^ ]+$")
_OF_LINE = ("line_id", "sku", "title", "quantity", "unit_price")


def order_findings(cells: RowCells) -> list[Finding]:
    """The order and the line that a row is about, or why nobody can tell."""
    form = cells.layout.format
    fields = {field: _unquoted(cells.raw(field)) or form.constants.get(field, "") for field in cells.layout.fields}
    day_first = cells.layout.day_first
    fields |= {field: moment(fields.get(field, ""), cells.layout.zone, day_first=day_first) for field in form.days}
    order, line = fields.get("order_id") or None, fields.get("line_id") or None
    named = [found for field in _IDENTIFIERS if (found := cells.first(field))]
    if doubts := [doubt for one in named if (doubt := cells.identifier_doubt(one, order, line))]:
        return [*doubts]
    meant = {field: _meant(form, fields.pop(field, "")) for field in _TOLD}
    if odd := next((text for meaning, text in meant.values() if meaning is None or meaning == NOT_TO_SHIP), ""):
        code = "unknown_status" if any(meaning is None for meaning, _ in meant.values()) else "order_not_to_ship"
        return [Doubt(code=code, value=odd, order=order, evidence=cells.evidence("", odd))]
    fields = _whole(fields)
    if not _BUYER & cells.layout.fields and "ship_name" in fields:
        # Where a program knows of nobody but who gets the parcel, he has bought it.
        fields["buyer_name"] = fields["ship_name"]
    fields |= _paid(fields, *(meaning for meaning, _ in (meant["payment"], meant["fulfillment"])))
    if meant["position"][0] in {SHIPPING, NO_LINE}:
        price = fields.get("unit_price", "") if meant["position"][0] == SHIPPING else ""
        fields |= dict.fromkeys(_OF_LINE, "") | ({"shipping_price": price} if price else {})
    evidence = cells.evidence("", " | ".join(cells.row.cells))
    return [OrderRow(fields=fields, columns=_called(cells.layout), order=order, line=line, evidence=evidence)]


def moment(text: str, zone: str, *, day_first: bool = False) -> str:
    """A moment as ISO, with the sender's zone where it names none; a day is when it began there; else as it is."""
    day, _, rest = " ".join(_BETWEEN.sub(" ", text).split()).partition(" ")
    clock, _, offset = rest.partition(" ")
    named = cell.day(day, day_first=day_first)
    if named is None:
        return text
    try:
        when = datetime.fromisoformat(f"{named.isoformat()}T{clock or '00:00'}{_ZONES.get(offset, offset)}")
    except ValueError:
        return text
    if when.tzinfo:
        return text if _ISO.fullmatch(text) else when.isoformat()
    return when.replace(tzinfo=ZoneInfo(zone)).isoformat()


def _unquoted(text: str) -> str:
    """Without the sign by which a program keeps a spreadsheet from counting with a postcode or a telephone number."""
    return text[1:] if text[:1] == "'" and (text[1:2] == "+" or text[1:2].isdecimal()) else text


def _meant(form: Format, text: str) -> tuple[str | None, str]:
    """What a status or a kind of position means; None where the format does not know it."""
    return (dict(form.phrases).get(plain_words(text)) if text else "", text)


def _whole(fields: Mapping[str, str]) -> dict[str, str]:
    """The fields with names and streets of which a program gives the parts."""
    whole = dict(fields)
    for field, (before, behind) in _PARTS.items():
        first, last = fields.get(before, ""), fields.get(behind, "")
        given = "" if before == field else fields.get(field, "")
        # "Vorname" and "Name", a street and its number: the one may say both.
        rest = given if given and not last else last
        if first or last:
            whole[field] = given if given and last else _joined(first, rest)
    return whole


def _called(layout: Layout) -> dict[str, str]:
    """The sender's headings, of what he gives in parts those of all of them."""
    called = layout.called
    parts = {
        field: " + ".join(called.get(one, one) for one in several if one in layout.places)
        for field, several in _PARTS.items()
        if called and field not in layout.places
    }
    return {field: heading for field, heading in parts.items() if heading} | called


def _joined(first: str, rest: str) -> str:
    if first.casefold() in rest.casefold().split():
        return rest
    return first if rest.casefold() in first.casefold().split() else f"{first} {rest}".strip()


def _paid(fields: Mapping[str, str], payment: str | None, status: str | None) -> dict[str, str]:
    """When it was paid: not at all where a status says so; at the latest when it was placed where only that is told."""
    if UNPAID in {payment, status} or (payment and payment != PAID):
        return {"paid_at": ""}
    return {"paid_at": fields.get("paid_at") or fields.get("placed_at", "")} if PAID in {payment, status} else {}
