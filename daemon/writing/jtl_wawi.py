"""An order as JTL-Wawi imports it as XML, for a fulfiller who works with it.

He sells nothing: the goods are the merchant's, who is his customer by the number of his id, and so every price is 0.
Every element that programs write for this import is there, in their order; one of which nothing is known is empty.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from daemon.writing.cleaning import fit_for_xml

_HEAD = (
    *("cSprache", "cWaehrung", "cBestellNr", "cExterneBestellNr", "cVersandartName", "cVersandInfo", "dVersandDatum"),
    *("cTracking", "dLieferDatum", "cKommentar", "cBemerkung", "dErstellt", "cZahlungsartName", "dBezahltDatum"),
)
_POSITION = (
    *("cName", "cArtNr", "cBarcode", "cSeriennummer", "cEinheit", "fPreisEinzelNetto", "fPreis", "fMwSt", "fAnzahl"),
    *("cPosTyp", "fRabatt"),
)
_CUSTOMER = (
    *("cKundenNr", "cAnrede", "cTitel", "cVorname", "cNachname", "cFirma", "cStrasse", "cAdressZusatz", "cPLZ", "cOrt"),
    *("cBundesland", "cLand", "cTel", "cMobil", "cFax", "cMail", "cUSTID", "cWWW", "cHerkunft"),
)
_DELIVERY = (
    *("cAnrede", "cVorname", "cNachname", "cTitel", "cFirma", "cStrasse", "cAdressZusatz", "cPLZ", "cOrt"),
    *("cBundesland", "cLand", "cTel", "cMobil", "cFax", "cMail"),
)
_NOTHING = {"fPreisEinzelNetto": "0.00", "fPreis": "0.00", "fMwSt": "0.00", "fRabatt": "0.00", "cPosTyp": "standard"}

_Row = Mapping[str, str]


def order_document(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """One order, a row for each of its lines; the columns are those of an order file. Always in Latin 1."""
    lines = [dict(zip(columns, row, strict=True)) for row in rows]
    root = Element("tBestellungen")
    order = SubElement(root, "tBestellung")
    first = lines[0]
    _fill(order, _HEAD, _head(first))
    for line in lines:
        position = {"cName": line["title"], "cArtNr": line["sku"], "fAnzahl": f"{line['quantity']}.00"}
        _fill(SubElement(order, "twarenkorbpos"), _POSITION, _NOTHING | position)
    customer = {"cKundenNr": first["merchant"], "cFirma": first["merchant_name"]}
    _fill(SubElement(order, "tkunde"), _CUSTOMER, customer)
    _fill(SubElement(order, "tlieferadresse"), _DELIVERY, _delivery(first))
    indent(root)
    document: bytes = tostring(root, encoding="iso-8859-1", xml_declaration=True)
    return document + b"\n"


def _head(order: _Row) -> _Row:
    ship_by = f"Versand bis {datetime.fromisoformat(order['ship_by']):%d.%m.%Y}" if order["ship_by"] else ""
    told = (ship_by, order["incoterm"], order["warehouse"])
    return {
        "cWaehrung": order["currency"],
        "cExterneBestellNr": order["order_id"],
        "cKommentar": ", ".join(filter(None, told)),
        "dErstellt": order["placed_at"][:10],
    }


def _delivery(order: _Row) -> _Row:
    """Which word of a name is the family's nobody has said."""
    return {
        "cNachname": order["ship_name"],
        "cFirma": order["ship_company"],
        "cStrasse": order["ship_street"],
        "cAdressZusatz": order["ship_extra"],
        "cPLZ": order["ship_postcode"],
        "cOrt": order["ship_city"],
        "cBundesland": order["ship_region"],
        "cLand": order["ship_country"],
        "cTel": order["buyer_phone"],
        "cMail": order["buyer_email"],
    }


def _fill(parent: Element, names: Iterable[str], values: _Row) -> None:
    for name in names:
        SubElement(parent, name).text = fit_for_xml(values.get(name, ""))
