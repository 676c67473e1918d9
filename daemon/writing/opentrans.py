"""An order as an openTRANS 2.1 ORDER document, out of the rows by which every other file is written too."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from daemon.writing.cleaning import fit_for_xml

_NAMESPACES = {
    "xmlns": "http://www.opentrans.org/XMLSchema/2.1",
    "xmlns:bmecat": "http://www.bmecat.org/bmecat/2005",
}
_PIECE = "C62"
"""The unit of pieces in the code list of the United Nations."""

_Row = Mapping[str, str]


def order_document(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """One order, a row for each of its lines; the columns are those of an order file."""
    lines = [dict(zip(columns, row, strict=True)) for row in rows]
    root = Element("ORDER", {"type": "standard", "version": "2.1", **_NAMESPACES})
    _info(SubElement(SubElement(root, "ORDER_HEADER"), "ORDER_INFO"), lines[0])
    items = SubElement(root, "ORDER_ITEM_LIST")
    for line in lines:
        _item(SubElement(items, "ORDER_ITEM"), line)
    summary = SubElement(root, "ORDER_SUMMARY")
    _add(summary, "TOTAL_ITEM_NUM", str(len(lines)))
    _add(summary, "TOTAL_AMOUNT", f"{sum(map(_amount, lines), Decimal()):.2f}")
    indent(root)
    document: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return document + b"\n"


def _info(info: Element, order: _Row) -> None:
    _add(info, "ORDER_ID", order["order_id"])
    _add(info, "ORDER_DATE", order["placed_at"])
    parties = SubElement(info, "PARTIES")
    for role in ("buyer", "supplier"):
        party = SubElement(parties, "PARTY")
        _add(party, "bmecat:PARTY_ID", order[_PARTNERS[role]], type="party_specific")
        _add(party, "PARTY_ROLE", role)
    delivery = SubElement(parties, "PARTY")
    _add(delivery, "bmecat:PARTY_ID", order["order_id"], type="party_specific")
    _add(delivery, "PARTY_ROLE", "delivery")
    address = SubElement(delivery, "ADDRESS")
    for element, column in _ADDRESS.items():
        _add(address, element, order[column])
    reference = SubElement(info, "ORDER_PARTIES_REFERENCE")
    _add(reference, "bmecat:BUYER_IDREF", order[_PARTNERS["buyer"]], type="party_specific")
    _add(reference, "bmecat:SUPPLIER_IDREF", order[_PARTNERS["supplier"]], type="party_specific")
    shipment = SubElement(reference, "SHIPMENT_PARTIES_REFERENCE")
    _add(shipment, "DELIVERY_IDREF", order["order_id"], type="party_specific")
    _add(info, "bmecat:CURRENCY", order["currency"])
    if order["incoterm"]:
        _add(SubElement(info, "bmecat:TRANSPORT"), "bmecat:INCOTERM", order["incoterm"])
    _remark(info, order, "warehouse", "ship_by")


_PARTNERS = {"buyer": "merchant", "supplier": "fulfiller"}
_ADDRESS = {
    "bmecat:NAME": "ship_name",
    "bmecat:NAME2": "ship_company",
    "bmecat:NAME3": "ship_extra",
    "bmecat:STREET": "ship_street",
    "bmecat:ZIP": "ship_postcode",
    "bmecat:CITY": "ship_city",
    "bmecat:STATE": "ship_region",
    "bmecat:COUNTRY_CODED": "ship_country",
    "bmecat:PHONE": "buyer_phone",
    "bmecat:EMAIL": "buyer_email",
}


def _item(item: Element, line: _Row) -> None:
    _add(item, "LINE_ITEM_ID", line["line_id"])
    product = SubElement(item, "PRODUCT_ID")
    _add(product, "bmecat:SUPPLIER_PID", line["sku"])
    _add(product, "bmecat:DESCRIPTION_SHORT", line["title"])
    _add(item, "QUANTITY", line["quantity"])
    _add(item, "bmecat:ORDER_UNIT", _PIECE)
    _add(SubElement(item, "PRODUCT_PRICE_FIX"), "bmecat:PRICE_AMOUNT", line["unit_price"])
    _add(item, "PRICE_LINE_AMOUNT", f"{_amount(line):.2f}")
    _remark(item, line, "hs_code", "origin")


def _remark(parent: Element, row: _Row, *columns: str) -> None:
    """What no element is made for. Its kind is named by letters and digits alone, as the schema wants."""
    for column in columns:
        _add(parent, "REMARKS", row[column], type=column.replace("_", ""))


def _amount(line: _Row) -> Decimal:
    return Decimal(line["unit_price"]) * int(line["quantity"])


def _add(parent: Element, name: str, text: str, **attributes: str) -> None:
    """An element with a text, which a stranger may have written; none where there is nothing to say."""
    plain = fit_for_xml(text)
    if plain:
        SubElement(parent, name, attributes).text = plain
