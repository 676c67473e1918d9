"""XML that is too long to be held at once, taken portion by portion."""

import tracemalloc
from collections.abc import Iterator
from io import BytesIO
from zipfile import ZipFile

import pytest
from msgspec.structs import replace

from daemon.domain.document import Tree
from daemon.domain.finding import Doubt, OrderRow, Parcel, Reading
from daemon.domain.snapshot import Context
from daemon.reading.tables import long_tree, tree, tree_outline, tree_walk, underway
from daemon.reading.tables.delimited import share_of
from daemon.reading.tables.files import read_file
from daemon.reading.tables.tree_walk import LARGEST
from tests.unit.reading.dropped import UPS_NUMBER, attached, dropped, kinds, read, rulebook, unreadable_code

INFO = f"<SHIPMENT_ID>{UPS_NUMBER}</SHIPMENT_ID>"
HEAD = (
    f"<DISPATCHNOTIFICATION_HEADER><DISPATCHNOTIFICATION_INFO>{INFO}</DISPATCHNOTIFICATION_INFO>"
    "</DISPATCHNOTIFICATION_HEADER>"
)


def items(count: int, lines: int = 1, inner: str = "") -> str:
    return "".join(
        f"<DISPATCHNOTIFICATION_ITEM>{inner}<ORDER_REFERENCE><ORDER_ID>A-{number}</ORDER_ID>"
        f"<LINE_ITEM_ID>{line}</LINE_ITEM_ID></ORDER_REFERENCE></DISPATCHNOTIFICATION_ITEM>\n"
        for number in range(1, count + 1)
        for line in range(1, lines + 1)
    )


def notification(item: str, head: str = HEAD, behind: str = "") -> str:
    return (
        f'<?xml version="1.0"?><n:DISPATCHNOTIFICATION xmlns:n="http://www.opentrans.org/XMLSchema/2.1">{head}'
        f"<DISPATCHNOTIFICATION_ITEM_LIST>{item}</DISPATCHNOTIFICATION_ITEM_LIST>{behind}</n:DISPATCHNOTIFICATION>"
    )


def portions(content: str | bytes, party: str = "sellers/acme") -> Iterator[Reading]:
    position: int | None = 0
    while position is not None:
        reading = read(content, party, position)
        yield reading
        position = reading.next_position


def named(readings: list[Reading]) -> list[tuple[str | None, str | None]]:
    return [(one.order, one.line) for reading in readings for one in reading.findings if not isinstance(one, Doubt)]


@pytest.fixture
def short_of_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """Room for few bytes, a look at fewer, and portions of three rows."""
    for one in (tree, tree_walk):
        monkeypatch.setattr(one, "LARGEST", 1200)
    monkeypatch.setattr(tree_outline, "LOOK", 1100)
    monkeypatch.setattr(long_tree, "ROWS", 3)


def test_more_than_200_000_elements_are_taken_whole_and_memory_stays_flat() -> None:
    source = BytesIO(notification(items(50_000)).encode())
    places: list[int] = []
    found: list[str | None] = []
    position: int | None = 0
    while position is not None:
        places.append(position)
        reading = read_file(replace(dropped(position=position), digest="d"), source, Context(), rulebook())
        found += [one.order for one in reading.findings]
        position = reading.next_position
    assert found == [f"A-{number}" for number in range(1, 50_001)]
    assert len(places) == 50
    early, late = (_peak(source, places[place]) for place in (5, -1))
    assert late < 1.2 * early


def _peak(source: BytesIO, position: int) -> int:
    tracemalloc.start()
    read_file(replace(dropped(position=position), digest="d"), source, Context(), rulebook())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


@pytest.mark.usefixtures("short_of_room")
def test_each_portion_is_read_as_if_it_were_a_short_document() -> None:
    readings = list(portions(notification(items(7))))
    assert [len(one.rows) for one in readings] == [3, 3, 1]
    assert [row.number for one in readings for row in one.rows] == [1, 2, 3, 4, 5, 6, 7]
    assert kinds(readings[2]) == [("Parcel", UPS_NUMBER)]
    assert readings[2].findings[0].evidence.where.startswith("item 7")
    assert readings[2].documents == (Tree(name="file.csv", format="opentrans-dispatch", root="DISPATCHNOTIFICATION"),)
    assert len({one.columns for one in readings}) == 1


@pytest.mark.usefixtures("short_of_room")
def test_the_rows_of_one_order_stay_together() -> None:
    readings = list(portions(notification(items(3, lines=4))))
    assert [one.orders for one in readings] == [("A-1",), ("A-2",), ("A-3",)]
    assert len(named(readings)) == 12


@pytest.mark.usefixtures("short_of_room")
def test_a_place_in_a_long_tree_says_how_much_of_it_is_read() -> None:
    content = notification(items(40))
    reading = read(content)
    share = share_of(reading.next_position or 0, len(content), len(reading.rows))
    assert share is not None
    assert 0 < share < 0.2


@pytest.mark.usefixtures("short_of_room")
def test_orders_with_their_lines_are_records_as_a_whole() -> None:
    order = (
        "<tBestellung><cBestellNr>A-{0}</cBestellNr><tbestellpos><cArtNr>ONE</cArtNr></tbestellpos>"
        "<tbestellpos><cArtNr>TWO</cArtNr></tbestellpos><tlieferadresse><cOrt>Köln</cOrt></tlieferadresse></tBestellung>"
    )
    orders = "".join(order.format(number) for number in range(1, 9))
    content = f'<?xml version="1.0" encoding="ISO-8859-1"?><tBestellungen>{orders}</tBestellungen>'.encode("latin-1")
    readings = list(portions(content, "orders"))
    rows = [one.fields for reading in readings for one in reading.findings if isinstance(one, OrderRow)]
    assert [(one["order_id"], one["sku"]) for one in rows] == [
        (f"A-{number}", sku) for number in range(1, 9) for sku in ("ONE", "TWO")
    ]
    assert {one["ship_city"] for one in rows} == {"Köln"}
    assert [len(one.rows) for one in readings] == [4, 4, 4, 4]


@pytest.mark.usefixtures("short_of_room")
def test_many_documents_in_one_wrapper_keep_their_own_heads() -> None:
    numbers = ("1Z999AA10123456784", "1Z999AA10123456793")
    documents = "".join(
        notification(items(1), HEAD.replace(UPS_NUMBER, number)).partition("?>")[2] for number in numbers * 2
    )
    readings = list(portions(f"<OPENTRANS>{documents}</OPENTRANS>"))
    parcels = [one.number for reading in readings for one in reading.findings if isinstance(one, Parcel)]
    assert parcels == [numbers[0], numbers[1]] * 2


@pytest.mark.usefixtures("short_of_room")
@pytest.mark.parametrize(
    ("broken", "code"),
    [
        ("<!DOCTYPE x>", "xml_forbidden_dtd"),
        ('<!doctype x [<!ENTITY a "b">]>', "xml_forbidden_dtd"),
        ('<x xmlns:i="http://www.w3.org/2001/XInclude"/>', "xml_forbidden_include"),
        ("<a>" * 70 + "</a>" * 70, "xml_too_deep"),
        ("&unknown;", "not_xml"),
        ("</wrong>", "not_xml"),
        (HEAD, "file_too_large"),
    ],
)
def test_what_is_forbidden_late_is_refused_and_what_stood_before_is_kept(broken: str, code: str) -> None:
    padding = f"<!--{'x' * 70_000}-->"
    content = notification(items(40) + padding + broken + padding + items(2), behind="<SUMMARY/>")
    readings = list(portions(content))
    taken = [order for order, _ in named(readings)]
    assert taken == [f"A-{number}" for number in range(1, len(taken) + 1)]
    assert len(taken) in {39, 40}
    last = readings[-1].findings[-1]
    assert isinstance(last, Doubt)
    assert (last.code, last.evidence.where) == (code, f"behind item {len(taken)}")
    assert isinstance(readings[-1].documents[0], Tree)


@pytest.mark.usefixtures("short_of_room")
def test_a_document_that_was_cut_off_keeps_its_whole_records() -> None:
    readings = list(portions(notification(items(40)).partition("A-40")[0]))
    assert [order for order, _ in named(readings)] == [f"A-{number}" for number in range(1, 40)]


@pytest.mark.usefixtures("short_of_room")
@pytest.mark.parametrize(
    "content",
    [
        notification(items(8), head="", behind=HEAD),
        notification(items(8), behind=f"<!--{'x' * 2_000}-->"),
        notification(items(2, inner="<B/>" * 400)),
        notification(items(8), head=HEAD + f"<!--{'x' * 2_000}-->"),
        notification(items(8)).encode("utf-16"),
        "<unknown>" + "<row/>" * 400 + "</unknown>",
    ],
    ids=["head at the end", "long end", "one record", "long head", "utf-16", "unknown"],
)
def test_what_cannot_be_taken_apart_into_records_is_too_large_as_a_whole(content: str | bytes) -> None:
    assert unreadable_code(read(content)) == "file_too_large"


@pytest.mark.usefixtures("short_of_room")
def test_the_words_for_a_record_in_a_comment_begin_none() -> None:
    said = "<!-- <DISPATCHNOTIFICATION_ITEM> --><![CDATA[</DISPATCHNOTIFICATION_ITEM>]]>"
    readings = list(portions(notification(said + items(7, inner=said))))
    assert [order for order, _ in named(readings)] == [f"A-{number}" for number in range(1, 8)]


@pytest.mark.usefixtures("short_of_room")
def test_a_second_list_of_records_is_not_read_by_the_head_of_the_first() -> None:
    second = f"<DISPATCHNOTIFICATION_ITEM_LIST>{items(2)}</DISPATCHNOTIFICATION_ITEM_LIST>"
    readings = list(portions(notification(items(7), behind=second)))
    last = readings[-1].findings[-1]
    assert isinstance(last, Doubt)
    assert last.code == "file_too_large"


@pytest.mark.usefixtures("short_of_room")
def test_a_record_that_never_ends_is_refused() -> None:
    content = notification(items(4) + items(1, inner=f"<B>{'x' * (LARGEST + 100_000)}</B>") + items(1))
    last = list(portions(content))[-1].findings[-1]
    assert isinstance(last, Doubt)
    assert last.code == "file_too_large"


@pytest.mark.usefixtures("short_of_room")
def test_without_what_was_kept_every_portion_is_the_same() -> None:
    content = notification(items(20)).encode()
    kept: list[Reading] = []
    position: int | None = 0
    while position is not None:
        arrival = replace(dropped(position=position), digest="e")
        kept.append(read_file(arrival, BytesIO(content), Context(), rulebook()))
        position = kept[-1].next_position
    underway.forget(long_tree.LongTree)
    assert kept == list(portions(content))


@pytest.mark.usefixtures("short_of_room")
def test_a_long_tree_in_an_archive_goes_on_where_it_was() -> None:
    packed = BytesIO()
    with ZipFile(packed, "w") as archive:
        archive.writestr("one.xml", notification(items(8)))
        archive.writestr("two.xml", notification(items(9)))
    readings = list(portions(packed.getvalue()))
    assert [order for order, _ in named(readings)] == [
        f"A-{number}" for count in (8, 9) for number in range(1, count + 1)
    ]
    assert [len(one.rows) for one in readings] == [3, 3, 2, 3, 3, 3]


@pytest.mark.usefixtures("short_of_room")
def test_a_long_tree_that_comes_with_a_mail_is_read_whole() -> None:
    reading = attached("list.xml", notification(items(8)).encode(), Context(party="sellers/acme"))
    assert [order for order, _ in named([reading])] == [f"A-{number}" for number in range(1, 9)]
    assert [row.number for row in reading.rows] == [1, 2, 3, 4, 5, 6, 7, 8]
