"""An openTRANS order: what an importer needs, in the order of the schema, and nothing that breaks the document."""

from xml.etree.ElementTree import Element, fromstring

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


def test_what_a_stranger_wrote_is_text_and_no_markup() -> None:
    content = written(line(title="<b>&\x00\x1b Phone"))
    assert texts(content, ".//b:DESCRIPTION_SHORT") == ["<b>& Phone"]


def test_our_own_reader_understands_it() -> None:
    found = [one for one in read(written(line()), party="orders").findings if isinstance(one, OrderRow)]
    assert [(one.order, one.fields["quantity"], one.fields["ship_country"]) for one in found] == [("A-1001", "1", "DE")]
