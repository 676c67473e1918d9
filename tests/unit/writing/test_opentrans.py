"""An openTRANS order: what an importer needs, in the order of the schema, and nothing that breaks the document."""

import re
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
    "ORDER_HEADER": "CONTROL_INFO? SOURCING_INFO? ORDER_INFO",
    "ORDER_INFO": "ORDER_ID ORDER_DATE PARTIES ORDER_PARTIES_REFERENCE b:CURRENCY? b:TRANSPORT? REMARKS*",
    "PARTIES": "PARTY+",
    "PARTY": "b:PARTY_ID+ PARTY_ROLE* ADDRESS*",
    "ADDRESS": "b:NAME* b:NAME2* b:NAME3* b:STREET* b:ZIP* b:CITY* b:STATE* b:COUNTRY_CODED? b:PHONE* b:EMAIL*",
    "ORDER_PARTIES_REFERENCE": "b:BUYER_IDREF b:SUPPLIER_IDREF SHIPMENT_PARTIES_REFERENCE?",
    "SHIPMENT_PARTIES_REFERENCE": "DELIVERY_IDREF",
    "TRANSPORT": "b:INCOTERM",
    "ORDER_ITEM_LIST": "ORDER_ITEM+",
    "ORDER_ITEM": "LINE_ITEM_ID PRODUCT_ID QUANTITY b:ORDER_UNIT PRODUCT_PRICE_FIX? PRICE_LINE_AMOUNT? REMARKS*",
    "PRODUCT_ID": "b:SUPPLIER_PID? b:DESCRIPTION_SHORT*",
    "PRODUCT_PRICE_FIX": "b:PRICE_AMOUNT",
    "ORDER_SUMMARY": "TOTAL_ITEM_NUM TOTAL_AMOUNT?",
}
"""What opentrans_2_1.xsd of 2 October 2009 and bmecat_2005.xsd say of the elements that we write, as far as we do.

`b:` stands for the names of BMEcat; `?`, `*` and `+` say how often a child may stand there, once if nothing does.
"""


def _misfit(element: Element) -> str | None:
    """What is wrong with the children of an element: one too many, too few, in the wrong place or namespace."""
    children = "".join(f"{_called(child)} " for child in element)
    pattern = "".join(
        f"(?:{name.rstrip('?*+')} ){name[-1] if name[-1] in '?*+' else ''}"
        for name in SCHEMA.get(_bare(element), "").split()
    )
    return None if re.fullmatch(pattern, children) else f"{_bare(element)}: {children}"


def _bare(element: Element) -> str:
    return element.tag.partition("}")[2]


def _called(element: Element) -> str:
    space = element.tag.partition("}")[0].lstrip("{")
    return f"b:{_bare(element)}" if space == _SPACES["b"] else _bare(element)


def _whole() -> list[Element]:
    """Every element of an order that has everything, and of one that has only what it must."""
    full = order(
        "A-1001",
        line("1", hs_code="8517.13", origin="CN"),
        line("2"),
        merchant="nova",
        fulfiller="nordlager",
        warehouse="NL-HH1",
        incoterm="DDP",
    )
    address = replace(full.address, company="Kanari GmbH", extra="c/o Muster", region="NRW")
    bare = replace(full, address=replace(address, company="", extra="", region=""), warehouse=None, incoterm=None)
    wholes = (replace(full, address=address), bare)
    return [
        element
        for one in wholes
        for element in fromstring(order_document(COLUMNS["document"], document(one))).iter()  # noqa: S314 - our own
    ]


def test_every_element_has_the_children_that_the_schema_allows_as_often_and_in_its_order() -> None:
    elements = _whole()
    assert [wrong for one in elements if len(one) and (wrong := _misfit(one))] == []
    assert {_bare(one) for one in elements if len(one)} == SCHEMA.keys()
    assert not [one.tag for one in elements if not len(one) and not (one.text or "").strip()]


def test_words_and_numbers_have_the_form_that_the_schema_asks_for() -> None:
    elements = _whole()
    forms = {
        "PARTY_ROLE": "buyer|supplier|delivery",
        "ORDER_DATE": r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(Z|[+-][0-9]{2}:[0-9]{2})",
        "QUANTITY": r"[0-9]+",
        "PRICE_AMOUNT": r"[0-9]+\.[0-9]{2}",
        "PRICE_LINE_AMOUNT": r"[0-9]+\.[0-9]{2}",
        "TOTAL_ITEM_NUM": r"[0-9]+",
        "TOTAL_AMOUNT": r"[0-9]+\.[0-9]{2}",
        "COUNTRY_CODED": "[A-Z]{2}",
        "CURRENCY": "[A-Z]{3}",
        "INCOTERM": "[A-Z]{3}",
        "LINE_ITEM_ID": ".{1,50}",
    }
    for one in elements:
        if form := forms.get(_bare(one)):
            assert re.fullmatch(form, one.text or ""), one.tag
    roots = [one.attrib for one in elements if _bare(one) == "ORDER"]
    assert roots == [{"type": "standard", "version": "2.1"}] * 2
    # To XML Schema an underscore is punctuation, which the kind of a remark may not hold.
    kinds = {one.attrib["type"] for one in elements if _bare(one) == "REMARKS"}
    assert kinds == {"warehouse", "shipby", "hscode", "origin"}


def test_what_a_stranger_wrote_is_text_and_no_markup() -> None:
    content = written(line(title="<b>&\x00\x1b Phone"))
    assert texts(content, ".//b:DESCRIPTION_SHORT") == ["<b>& Phone"]


def test_our_own_reader_understands_it() -> None:
    found = [one for one in read(written(line()), party="orders").findings if isinstance(one, OrderRow)]
    assert [(one.order, one.fields["quantity"], one.fields["ship_country"]) for one in found] == [("A-1001", "1", "DE")]
