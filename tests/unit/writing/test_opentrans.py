"""An openTRANS order: what an importer needs, in the order of the schema, and nothing that breaks the document."""

from xml.etree.ElementTree import Element, fromstring

from msgspec.structs import replace

from daemon.deciding.sync_rows import COLUMNS, document
from daemon.domain.finding import OrderRow
from daemon.domain.order import Line
from daemon.writing.opentrans import order_document
from tests.support.builders import line, order
from tests.unit.reading.dropped import read

_SPACES = {"o": "http://www.opentrans.org/XMLSchema/2.1", "b": "http://www.bmecat.org/bmecat/2005"}


def written(*lines: Line) -> bytes:
    one = order("A-1001", *lines, merchant="nova", fulfiller="nordlager", warehouse="NL-HH1")
    return order_document(COLUMNS["document"], document(one))


def texts(content: bytes, path: str) -> list[str | None]:
    return [one.text for one in found(content, path)]


def found(content: bytes, path: str) -> list[Element]:
    return list(fromstring(content).iterfind(path, _SPACES))  # noqa: S314 - it is our own


def test_a_line_is_an_item_and_what_was_canceled_is_none() -> None:
    content = written(line("1", quantity=3, canceled=1), line("2", canceled=1), line("3"))
    items = "o:ORDER_ITEM_LIST/o:ORDER_ITEM"
    assert texts(content, f"{items}/o:LINE_ITEM_ID") == ["1", "3"]
    assert texts(content, f"{items}/o:QUANTITY") == ["2", "1"]
    assert texts(content, "o:ORDER_SUMMARY/o:TOTAL_ITEM_NUM") == ["2"]


def test_parties_are_the_merchant_the_fulfiller_and_where_it_goes() -> None:
    info = "o:ORDER_HEADER/o:ORDER_INFO"
    content = written(line())
    assert texts(content, f"{info}/o:PARTIES/o:PARTY/o:PARTY_ROLE") == ["buyer", "supplier", "delivery"]
    assert texts(content, f"{info}/o:PARTIES/o:PARTY/b:PARTY_ID") == ["nova", "nordlager", "A-1001"]
    (root,) = found(content, info)
    names = [one.tag.partition("}")[2] for one in root]
    assert names[:5] == ["ORDER_ID", "ORDER_DATE", "PARTIES", "ORDER_PARTIES_REFERENCE", "CURRENCY"]


SCHEMA = {
    "ORDER": "ORDER_HEADER ORDER_ITEM_LIST ORDER_SUMMARY",
    "ORDER_INFO": "ORDER_ID ORDER_DATE DELIVERY_DATE? PARTIES ORDER_PARTIES_REFERENCE CURRENCY? TRANSPORT? REMARKS?",
    "PARTY": "PARTY_ID PARTY_ROLE? ADDRESS?",
    "ADDRESS": "NAME? NAME2? NAME3? STREET? ZIP? CITY? STATE? COUNTRY? COUNTRY_CODED? PHONE? EMAIL?",
    "ORDER_PARTIES_REFERENCE": "BUYER_IDREF SUPPLIER_IDREF SHIPMENT_PARTIES_REFERENCE?",
    "SHIPMENT_PARTIES_REFERENCE": "DELIVERY_IDREF",
    "TRANSPORT": "INCOTERM",
    "ORDER_ITEM": "LINE_ITEM_ID PRODUCT_ID QUANTITY ORDER_UNIT PRODUCT_PRICE_FIX? PRICE_LINE_AMOUNT? REMARKS?",
    "PRODUCT_ID": "SUPPLIER_PID? DESCRIPTION_SHORT?",
    "PRODUCT_PRICE_FIX": "PRICE_AMOUNT",
    "ORDER_SUMMARY": "TOTAL_ITEM_NUM TOTAL_AMOUNT?",
}
"""What opentrans_2_1.xsd of 2 October 2009 and bmecat_2005.xsd say of the elements that we write, as far as we do."""


def test_every_element_has_its_children_in_the_order_of_the_schema() -> None:
    one = order("A-1001", line(hs_code="8517.13", origin="CN"), merchant="nova", fulfiller="nordlager", incoterm="DDP")
    address = replace(one.address, company="Kanari GmbH", extra="c/o Muster", region="NRW")
    document_ = order_document(COLUMNS["document"], document(replace(one, address=address)))
    seen = set()
    for element in fromstring(document_).iter():  # noqa: S314 - it is our own
        name = element.tag.partition("}")[2]
        if name in SCHEMA:
            seen.add(name)
            allowed = SCHEMA[name].split()
            there = list(dict.fromkeys(child.tag.partition("}")[2] for child in element))
            assert there == [child.rstrip("?") for child in allowed if child.rstrip("?") in there], name
            assert {child for child in allowed if not child.endswith("?")} <= set(there), name
    assert seen == SCHEMA.keys()


def test_what_a_stranger_wrote_is_text_and_no_markup() -> None:
    content = written(line(title="<b>&\x00\x1b Phone"))
    assert texts(content, ".//b:DESCRIPTION_SHORT") == ["<b>& Phone"]


def test_our_own_reader_understands_it() -> None:
    found = [one for one in read(written(line()), party="orders").findings if isinstance(one, OrderRow)]
    assert [(one.order, one.fields["quantity"], one.fields["ship_country"]) for one in found] == [("A-1001", "1", "DE")]
