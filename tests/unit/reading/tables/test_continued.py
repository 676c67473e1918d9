import pytest

from daemon.domain.finding import DeviceNamed, Finding, Parcel
from tests.unit.reading.dropped import DHL_NUMBER, IMEI, OTHER_IMEI, UPS_NUMBER, read

HEAD = "Bestellnummer;Artikelnummer;Sendungsnummer;IMEI\n"
FIRST = f"A-1;IP13;{DHL_NUMBER};{IMEI}\n"


def told(text: str) -> list[tuple[str | None, str | None, str]]:
    return [(one.order, one.line, _what(one)) for one in read(text).findings]


def _what(finding: Finding) -> str:
    return getattr(finding, "code", "parcel" if isinstance(finding, Parcel) else "device")


def test_the_next_article_in_the_same_parcel_is_of_the_order_above() -> None:
    rows = f"{HEAD}{FIRST};IPAD;{DHL_NUMBER};{OTHER_IMEI}\n;CASE;{DHL_NUMBER};\nA-2;CASE;{UPS_NUMBER};\n"
    assert told(rows) == [
        ("A-1", "IP13", "parcel"),
        ("A-1", "IP13", "device"),
        ("A-1", "IPAD", "parcel"),
        ("A-1", "IPAD", "device"),
        ("A-1", "CASE", "parcel"),
        ("A-2", "CASE", "parcel"),
    ]


def test_a_further_device_is_of_the_order_above() -> None:
    assert [one for one in told(f"{HEAD}{FIRST};;;{OTHER_IMEI}\n") if one[2] == "device"] == [
        ("A-1", "IP13", "device"),
        ("A-1", None, "device"),
    ]
    found = read(f"Bestellnummer;IMEI\nA-1;{IMEI}\n;{OTHER_IMEI}\n").findings
    assert [(one.order, one.imei) for one in found if isinstance(one, DeviceNamed)] == [
        ("A-1", IMEI),
        ("A-1", OTHER_IMEI),
    ]


@pytest.mark.parametrize(
    "row",
    [
        f";IPAD;{UPS_NUMBER};\n",
        f";IPAD;;{OTHER_IMEI}\n",
        f"\n;IPAD;{DHL_NUMBER};\n",
        f";;{UPS_NUMBER};{OTHER_IMEI}\n",
    ],
)
def test_what_may_be_of_another_order_names_none(row: str) -> None:
    assert {order for order, line, _ in told(HEAD + FIRST + row) if line != "IP13"} == {None}


def test_a_list_without_columns_of_goods_leaves_nothing_blank() -> None:
    assert [order for order, _, _ in told(f"Bestellnummer;Sendungsnummer\nA-1;{DHL_NUMBER}\n;{DHL_NUMBER}\n")] == [
        "A-1",
        None,
    ]


def test_an_object_without_an_order_is_of_none() -> None:
    one = f'{{"order_id": "A-1", "sku": "IP13", "tracking_number": "{DHL_NUMBER}"}}'
    other = f'{{"sku": "IPAD", "tracking_number": "{DHL_NUMBER}"}}'
    assert [order for order, _, _ in told(f"[{one}, {other}]")] == ["A-1", None]
