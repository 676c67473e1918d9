import json
from datetime import date

import pytest

from daemon.domain.document import Sheet, Tree
from daemon.domain.finding import OrderRow, Parcel, Said
from tests.unit.reading.dropped import DHL_NUMBER, IMEI, UPS_NUMBER, codes, kinds, only, read, unreadable_code


def notification(item: str, info: str = f"<SHIPMENT_ID>{UPS_NUMBER}</SHIPMENT_ID>", before: str = "") -> str:
    return f"""{before}<DISPATCHNOTIFICATION xmlns="http://www.opentrans.org/XMLSchema/2.1" version="2.1">
  <DISPATCHNOTIFICATION_HEADER><DISPATCHNOTIFICATION_INFO>{info}</DISPATCHNOTIFICATION_INFO></DISPATCHNOTIFICATION_HEADER>
  <DISPATCHNOTIFICATION_ITEM_LIST>{item}</DISPATCHNOTIFICATION_ITEM_LIST></DISPATCHNOTIFICATION>"""


def item(order: str = "A-1", line: str = "1", inner: str = "") -> str:
    reference = f"<ORDER_REFERENCE><ORDER_ID>{order}</ORDER_ID><LINE_ITEM_ID>{line}</LINE_ITEM_ID></ORDER_REFERENCE>"
    return f"<DISPATCHNOTIFICATION_ITEM>{inner}{reference}</DISPATCHNOTIFICATION_ITEM>"


def test_the_number_of_the_head_counts_for_every_item() -> None:
    reading = read(notification(item(line="1") + item(line="2")))
    assert [(one.order, one.line) for one in reading.findings] == [("A-1", "1"), ("A-1", "2")]
    assert kinds(reading) == [("Parcel", UPS_NUMBER)] * 2
    document = reading.documents[0]
    assert isinstance(document, Tree)
    assert (document.format, document.root) == ("opentrans-dispatch", "DISPATCHNOTIFICATION")


def test_a_serial_number_in_a_notification_is_a_device_when_it_is_an_imei() -> None:
    inner = f"<PRODUCT_ID><SERIAL_NUMBER>{IMEI}</SERIAL_NUMBER></PRODUCT_ID><QUANTITY>1.0</QUANTITY>"
    assert kinds(read(notification(item(inner=inner)))) == [("Parcel", UPS_NUMBER), ("DeviceNamed", IMEI)]


def test_a_carrier_that_does_not_fit_the_number_is_doubted() -> None:
    info = f'<SHIPMENT_ID>{UPS_NUMBER}</SHIPMENT_ID><REMARKS type="Onv-LogisticsServiceProvider">DPD</REMARKS>'
    assert codes(read(notification(item(), info))) == ["carrier_mismatch"]


def test_a_notification_inside_a_wrapper_is_found() -> None:
    assert kinds(read(f"<OPENTRANS>{notification(item())}</OPENTRANS>")) == [("Parcel", UPS_NUMBER)]


def test_an_order_response_is_a_confirmation() -> None:
    inner = (
        "<ORDERRESPONSE_HEADER><ORDERRESPONSE_INFO><ORDER_ID>A-1</ORDER_ID></ORDERRESPONSE_INFO></ORDERRESPONSE_HEADER>"
        "<ORDERRESPONSE_ITEM_LIST><ORDERRESPONSE_ITEM><QUANTITY>1</QUANTITY></ORDERRESPONSE_ITEM></ORDERRESPONSE_ITEM_LIST>"
    )
    assert kinds(read(f"<ORDERRESPONSE>{inner}</ORDERRESPONSE>")) == [("Said", "accepted")]


@pytest.mark.parametrize("place", ["item", "header"])
def test_an_order_response_may_say_when_it_arrives(place: str) -> None:
    days = (
        "<DELIVERY_DATE><DELIVERY_START_DATE>2026-12-09</DELIVERY_START_DATE>"
        "<DELIVERY_END_DATE>2026-12-10</DELIVERY_END_DATE></DELIVERY_DATE>"
    )
    head, item_ = ("", days) if place == "item" else (days, "")
    (said,) = read(
        f"<ORDERRESPONSE><ORDERRESPONSE_HEADER><ORDERRESPONSE_INFO><ORDER_ID>A-1</ORDER_ID>{head}</ORDERRESPONSE_INFO>"
        "</ORDERRESPONSE_HEADER><ORDERRESPONSE_ITEM_LIST><ORDERRESPONSE_ITEM><QUANTITY>1</QUANTITY>"
        f"{item_}</ORDERRESPONSE_ITEM></ORDERRESPONSE_ITEM_LIST></ORDERRESPONSE>"
    ).findings
    assert isinstance(said, Said)
    assert (said.arrives, said.until) == (date(2026, 12, 10), None)


def test_rows_of_a_tree_go_back_under_the_senders_own_names() -> None:
    reading = read(notification(item()))
    assert "ORDER_ID" in reading.columns
    assert "A-1" in reading.rows[0].cells


@pytest.mark.parametrize(
    "dtd",
    [
        '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">',
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>',
        '<!doctype x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_any_document_type_is_refused(dtd: str, encoding: str) -> None:
    assert unreadable_code(read(notification(item(), before=dtd).encode(encoding))) == "xml_forbidden_dtd"


def test_a_tree_that_is_nested_without_end_is_refused() -> None:
    assert unreadable_code(read("<a>" * 100 + "</a>" * 100)) == "xml_too_deep"


def test_a_tree_of_very_many_elements_is_refused() -> None:
    assert unreadable_code(read("<a>" + "<b/>" * 200_001 + "</a>")) == "file_too_large"


def test_a_tree_larger_than_allowed_is_refused() -> None:
    assert unreadable_code(read("<a>" + " " * 10 * 1024 * 1024 + "</a>")) == "file_too_large"


@pytest.mark.parametrize("broken", ["<a><b></a>", "<a>", "<", '<?xml version="1.0" encoding="nowhere"?><a/>'])
def test_broken_xml_is_unreadable(broken: str) -> None:
    assert unreadable_code(read(broken)) == "not_xml"


def test_xml_of_no_known_format_names_its_root() -> None:
    assert unreadable_code(read("<Bestellung/>")) == "unknown_xml"


def test_a_notification_without_items_is_said_to_have_none() -> None:
    assert unreadable_code(read(notification(""))) == "no_rows"


def test_orders_as_json_are_one_row_per_line_with_the_orders_own_fields_repeated() -> None:
    order = {
        "order_id": "A-1",
        "buyer": {"name": "Ida Muster"},
        "shipping_price": 4.90,
        "lines": [{"line_id": 1, "sku": "IP13", "cellular": True}, {"line_id": 2, "sku": "CASE", "cellular": False}],
    }
    reading = read(json.dumps({"orders": [order]}), party="orders")
    rows = [one.fields for one in reading.findings if isinstance(one, OrderRow)]
    assert [(one["order_id"], one["line_id"], one["cellular"]) for one in rows] == [
        ("A-1", "1", "yes"),
        ("A-1", "2", "no"),
    ]
    assert rows[0]["buyer_name"] == "Ida Muster"
    assert rows[1]["shipping_price"] == "4.9"


def test_a_flat_list_of_objects_is_a_table() -> None:
    reading = read(
        json.dumps([{"order_id": "A-1", "paid_at": None}, {"order_id": "A-2", "paid_at": "x"}]), party="orders"
    )
    assert reading.orders == ("A-1", "A-2")
    document = reading.documents[0]
    assert isinstance(document, Sheet)
    assert document.encoding == "json"


def test_a_single_order_is_a_list_of_one() -> None:
    assert read('{"order_id": "A-1", "paid_at": "x"}', party="orders").orders == ("A-1",)


def test_numbers_in_json_keep_all_their_digits() -> None:
    reading = read('[{"order_id": 12345678901234567890, "sku": "S", "unit_price": 749.00}]', party="orders")
    found = only(reading)
    assert isinstance(found, OrderRow)
    assert found.fields["order_id"] == "12345678901234567890"
    assert found.fields["unit_price"] == "749.00"


def test_a_seller_may_send_json_with_several_numbers_in_a_list() -> None:
    reading = read(json.dumps([{"orderNumber": "A-1", "trackingNumber": [UPS_NUMBER], "IMEI": IMEI}]))
    assert kinds(reading) == [("Parcel", UPS_NUMBER), ("DeviceNamed", IMEI)]
    assert isinstance(reading.findings[0], Parcel)


@pytest.mark.parametrize("broken", ["{", "[1, 2]", '{"orders": [', "[" * 100_000, '["a"]'])
def test_broken_json_is_unreadable(broken: str) -> None:
    assert unreadable_code(read(broken)) == "not_json"


def test_json_of_unknown_keys_is_unreadable() -> None:
    assert unreadable_code(read('[{"foo": 1}]')) == "unknown_json"


def test_json_in_utf_16_is_read() -> None:
    assert read('[{"order_id": "A-1", "paid_at": "x"}]'.encode("utf-16"), party="orders").orders == ("A-1",)


def test_a_long_list_comes_in_portions() -> None:
    content = json.dumps([{"order_id": f"A-{n}", "paid_at": "x"} for n in range(2500)])
    sizes: list[int] = []
    position: int | None = 0
    while position is not None:
        reading = read(content, party="orders", position=position)
        sizes.append(len(reading.rows))
        position = reading.next_position
    assert sizes == [1000, 1000, 500]


def test_the_one_list_of_a_json_document_is_that_of_its_records() -> None:
    rows = [{"order_id": f"A-{number}", "tracking_number": UPS_NUMBER} for number in (1, 2)]
    assert kinds(read(json.dumps({"labels": rows, "total": 2}))) == [("Parcel", UPS_NUMBER)] * 2


@pytest.mark.parametrize("name", ["returns", "cancelled", "pending", "plannedShipments", "stornierte_sendungen"])
def test_a_list_that_is_called_after_what_has_not_left_is_no_dispatch(name: str) -> None:
    one = {"order_id": "A-1", "tracking_number": DHL_NUMBER}
    assert codes(read(json.dumps({name: [one]}))) == ["not_left_yet"]
    assert codes(read(json.dumps({"shipments": [one]}))) == []


def test_of_several_lists_of_orders_the_others_are_given_back() -> None:
    one, other = ({"order_id": number, "tracking_number": DHL_NUMBER} for number in ("A-1", "A-2"))
    document = {"shipments": [one], "returns": [other], "links": [{"rel": "self", "href": "x"}]}
    reading = read(json.dumps(document))
    assert [(one.order, getattr(one, "code", "")) for one in reading.findings] == [
        ("A-1", ""),
        ("A-2", "another_table"),
    ]
    assert len(reading.rows) == 2
