import pytest

from daemon.domain.finding import DeviceNamed, Reading
from tests.unit.reading.dropped import IMEI, OTHER_IMEI, codes, row

COLUMNS = "Bestellnummer;IMEI;Menge"


def devices(reading: Reading) -> list[tuple[str, str | None]]:
    return [(one.imei, one.second) for one in reading.findings if isinstance(one, DeviceNamed)]


@pytest.mark.parametrize(
    "written", [IMEI, "35-209900-176148-1", "35 209900 176148 1", f"IMEI: {IMEI}", f'"=""{IMEI}"""']
)
def test_an_imei_is_read_however_it_is_grouped(written: str) -> None:
    assert devices(row(f"A-1;{written};1", columns=COLUMNS)) == [(IMEI, None)]


def test_two_numbers_for_one_device_are_its_first_and_second() -> None:
    assert devices(row(f"A-1;{IMEI}/{OTHER_IMEI};1", columns=COLUMNS)) == [(IMEI, OTHER_IMEI)]


def test_two_numbers_for_two_devices_are_two() -> None:
    assert devices(row(f"A-1;{IMEI}/{OTHER_IMEI};2", columns=COLUMNS)) == [(IMEI, None), (OTHER_IMEI, None)]


@pytest.mark.parametrize("between", [", ", "\n", " ", " | "])
def test_several_numbers_for_several_devices(between: str) -> None:
    reading = row(f'A-1;"{IMEI}{between}{OTHER_IMEI}";2', columns=COLUMNS)
    assert devices(reading) == [(IMEI, None), (OTHER_IMEI, None)]


def test_a_slash_without_quantity_joins_both_numbers_of_one_device() -> None:
    assert devices(row(f"A-1;{IMEI}/{OTHER_IMEI};", columns=COLUMNS)) == [(IMEI, OTHER_IMEI)]


def test_two_columns_are_both_numbers_of_one_device() -> None:
    reading = row(f"A-1;{IMEI};{OTHER_IMEI}", columns="Bestellnummer;IMEI 1;IMEI 2")
    assert devices(reading) == [(IMEI, OTHER_IMEI)]


def test_the_same_number_twice_is_one_device() -> None:
    assert devices(row(f"A-1;{IMEI}, {IMEI};1", columns=COLUMNS)) == [(IMEI, None)]


def test_more_numbers_than_devices_are_doubted() -> None:
    third = "356938035643809"
    assert codes(row(f"A-1;{IMEI}, {OTHER_IMEI}, {third};2", columns=COLUMNS)) == ["too_many_imeis"]


def test_a_wrong_check_digit_is_doubted() -> None:
    assert codes(row("A-1;352099001761482;1", columns=COLUMNS)) == ["imei_luhn_wrong"]


@pytest.mark.parametrize("number", ["35209900176148", "89490200001234567890", "4006381333931", "C39ABC"])
def test_what_is_no_imei_by_its_length_is_doubted(number: str) -> None:
    assert codes(row(f"A-1;{number};1", columns=COLUMNS)) == ["imei_wrong_length"]


def test_a_rounded_imei_is_doubted_as_spoiled() -> None:
    assert codes(row('A-1;"3,52099E+14";1', columns=COLUMNS)) == ["spreadsheet_damage"]


def test_full_width_digits_are_doubted() -> None:
    assert codes(row("A-1;\uff1352099001761481;1", columns=COLUMNS)) == ["suspect_characters"]


def test_a_serial_number_is_a_device_only_when_it_is_an_imei() -> None:
    columns = "Bestellnummer;Seriennummer"
    assert devices(row(f"A-1;{IMEI}", columns=columns)) == [(IMEI, None)]
    assert not row("A-1;F2LX93KQ0D41", columns=columns).findings


def test_one_wrong_number_keeps_back_the_right_one_beside_it() -> None:
    assert devices(row(f"A-1;{IMEI}, 123;2", columns=COLUMNS)) == []
