"""Rows of words between and below the rows of a table."""

from collections import Counter
from collections.abc import Callable
from functools import partial
from io import BytesIO
from zipfile import ZipFile

import pytest
from openpyxl import Workbook

from daemon.domain.snapshot import Context
from daemon.reading.tables.files import read_file
from tests.unit.reading.dropped import DHL_NUMBER, DPD_NUMBER, UPS_NUMBER, codes, dropped, kinds, read, rulebook

HEADER = "Order,Tracking,Carrier\n"
FIRST, SECOND, THIRD = f"A-1001,{DHL_NUMBER},DHL\n", f"A-1002,{UPS_NUMBER},UPS\n", f"A-1003,{DPD_NUMBER},DPD\n"
TAKEN = [("Parcel", DHL_NUMBER), ("Parcel", UPS_NUMBER)]


@pytest.mark.parametrize("note", ["UPS", "# second run", "Shipped", "25.10.2026", "OK"])
def test_a_head_that_is_understood_keeps_nothing_back(note: str) -> None:
    assert kinds(read(f"{HEADER}{FIRST}{note},,\n{SECOND}")) == TAKEN


@pytest.mark.parametrize("note", ["Idzie w czwartek rano", "Thursday's van", "second pile", "Abholung 26.11."])
def test_what_stands_below_a_head_that_nobody_understands_is_not_read(note: str) -> None:
    found = kinds(read(f"{HEADER}{FIRST}{note},,\n{SECOND}"))
    assert found == [TAKEN[0], ("Doubt", "note_unclear"), ("Doubt", "not_read_below")]


@pytest.mark.parametrize("name", ["file.csv", "file.csv.zip"])
def test_every_row_below_comes_back_portion_by_portion(name: str) -> None:
    below = "".join(f"A-{at},{UPS_NUMBER},UPS\n" for at in range(2000, 4500))
    raw = f"{HEADER}{FIRST}second pile,,\n{below}".encode()
    if name.endswith("zip"):
        packed = BytesIO()
        with ZipFile(packed, "w") as archive:
            archive.writestr("file.csv", raw)
        raw = packed.getvalue()
    rows: list[int] = []
    found: list[str] = []
    position: int | None = 0
    while position is not None:
        reading = read_file(dropped(position=position, name=name), BytesIO(raw), Context(), rulebook())
        rows += [row.number for row in reading.rows]
        found += codes(reading)
        position = reading.next_position
    assert rows == list(range(2, 2504))
    assert found == ["note_unclear", *["not_read_below"] * 2500]


def test_a_note_below_all_rows_that_puts_nothing_off_holds_none() -> None:
    assert kinds(read(f"{HEADER}{FIRST}{SECOND}Kind regards Melanie,,\n")) == TAKEN


def test_a_note_that_puts_off_holds_all_rows_above_it() -> None:
    found = codes(read(f"{HEADER}{FIRST}{SECOND}everything goes tomorrow,,\n"))
    assert found == ["not_left_yet", "not_left_yet", "note_unclear"]


def test_a_note_holds_the_rows_that_it_names() -> None:
    reading = read(f"{HEADER}{FIRST}{SECOND}A-1002 goes tomorrow,,\n")
    assert kinds(reading) == [TAKEN[0], ("Doubt", "not_left_yet"), ("Doubt", "note_unclear")]


def test_a_legend_holds_the_rows_that_bear_its_mark() -> None:
    marked = SECOND.replace("UPS\n", "UPS *\n")
    reading = read(f"{HEADER}{FIRST}{marked}{THIRD}* goes tomorrow,,\n")
    assert kinds(reading) == [TAKEN[0], ("Doubt", "not_left_yet"), ("Parcel", DPD_NUMBER), ("Doubt", "note_unclear")]


@pytest.mark.parametrize("title", ["DPD collection - Tuesday 24th", "Versand 24.11.2026", "Abholung Mittwoch"])
def test_a_title_of_a_day_to_come_makes_a_list_a_plan(title: str) -> None:
    assert codes(read(f"{title}\n{HEADER}{FIRST}")) == ["not_left_yet"]


@pytest.mark.parametrize("title", ["Versand Montag", "Dispatch Friday", "Delivery 24.11.2026", "Despatched 20.11.2026"])
def test_a_title_of_a_day_that_has_come_does_not(title: str) -> None:
    assert codes(read(f"{title}\n{HEADER}{FIRST}")) == []


def test_the_carrier_of_a_title_is_that_of_the_numbers() -> None:
    reading = read("Lista DHL del giorno\nOrdine,Tracking\nA-1001,340434161094042557\n")
    assert kinds(reading) == [("Parcel", DHL_NUMBER)]


@pytest.mark.parametrize("titles", ["Sent,,,For tomorrow,", "Shipped,,,Waiting,", "Table 1,,,Table 2,", ",,,,"])
def test_two_lists_side_by_side_are_held(titles: str) -> None:
    row = f"A-1001,{DHL_NUMBER},,A-1002,{UPS_NUMBER}\n"
    assert codes(read(f"{titles}\nOrder,Tracking,,Order,Tracking\n{row}")) == ["duplicate_column"]


def long_table(note: str) -> list[str]:
    rows = [f"A-{at},{DHL_NUMBER},DHL" for at in range(1000, 2500)]
    return [*rows, note]


def as_text(rows: list[str], encoding: str = "utf-8") -> bytes:
    return "\n".join(("Order,Tracking,Carrier", *rows, "")).encode(encoding)


def as_workbook(rows: list[str]) -> bytes:
    book = Workbook()
    for row in ("Order,Tracking,Carrier", *rows):
        book.active.append(row.rstrip(",").split(","))
    packed = BytesIO()
    book.save(packed)
    return packed.getvalue()


def as_page(rows: list[str]) -> bytes:
    lines = "".join(f"<tr><td>{row.replace(',', '<td>')}" for row in ("Order,Tracking,Carrier", *rows))
    return f"<html><table>{lines}</table>".encode()


WAYS = [as_text, partial(as_text, encoding="utf-16"), as_workbook, as_page]


def all_codes(raw: bytes) -> Counter[str]:
    found: Counter[str] = Counter()
    position: int | None = 0
    while position is not None:
        reading = read_file(dropped(position=position), BytesIO(raw), Context(), rulebook())
        found.update(codes(reading))
        position = reading.next_position
    return found


@pytest.mark.parametrize("way", WAYS)
def test_a_note_below_a_long_table_is_about_the_rows_of_every_portion(way: Callable[[list[str]], bytes]) -> None:
    assert all_codes(way(long_table("everything goes tomorrow,,"))) == {"not_left_yet": 1500, "note_unclear": 1}


@pytest.mark.parametrize("way", WAYS)
def test_a_note_below_a_long_table_holds_the_rows_that_it_names(way: Callable[[list[str]], bytes]) -> None:
    assert all_codes(way(long_table("A-1003 and A-1007 go tomorrow,,")))["not_left_yet"] == 2


@pytest.mark.parametrize("way", WAYS)
def test_a_note_below_a_long_table_that_puts_nothing_off_holds_none(way: Callable[[list[str]], bytes]) -> None:
    assert not all_codes(way(long_table("Kind regards Melanie,,")))


WAITING = [
    *("Stornierte Sendungen 25.11.2026", "Noch nicht abgeholt", "Offene Posten", "Void labels", "Cancelled shipments"),
    *("Te verzenden", "Da spedire", "Do wysłania", "À expédier", "Pendientes de envío", "Spedizioni annullate"),
    *("Verlorene Pakete", "Geplante Abholungen", "Zu versenden"),
]


@pytest.mark.parametrize("title", WAITING)
def test_a_title_of_what_has_not_left_holds_all_rows_below_it(title: str) -> None:
    assert codes(read(f"{title},,\n{HEADER}{FIRST}{SECOND}")) == ["not_left_yet"] * 2


@pytest.mark.parametrize("title", ["Versandt", "Sendungen vom 20.11.2026", "Muster & Beispiel GmbH", "ohne Storno"])
def test_another_title_holds_none(title: str) -> None:
    assert kinds(read(f"{title},,\n{HEADER}{FIRST}{SECOND}")) == TAKEN


@pytest.mark.parametrize("name", ["void-labels.csv", "storno_2026-11-25.csv", "noch-nicht-abgeholt.csv", "Storno.txt"])
def test_a_file_that_is_called_after_nothing_else_holds_all_its_rows(name: str) -> None:
    raw = f"{HEADER}{FIRST}{SECOND}".encode()
    assert codes(read_file(dropped(name=name), BytesIO(raw), Context(), rulebook())) == ["not_left_yet"] * 2


@pytest.mark.parametrize("name", ["fulfilment-template.txt", "storno-neu-und-versand.csv", "shipments.csv"])
def test_a_file_that_is_called_after_other_things_as_well_holds_none(name: str) -> None:
    raw = f"{HEADER}{FIRST}{SECOND}".encode()
    assert kinds(read_file(dropped(name=name), BytesIO(raw), Context(), rulebook())) == TAKEN


SOME_STAY = [
    *("Fahrer hat nur 1 Paket mitgenommen", "collected 1 of 2", "Gesamt: 2 Pakete, davon 1 noch hier"),
    *("die zweite wurde storniert", "driver refused the last one", "kurier wziął tylko 1"),
]


@pytest.mark.parametrize("note", SOME_STAY)
def test_a_note_that_some_have_stayed_holds_all_rows_above_it(note: str) -> None:
    assert not [kind for kind, _ in kinds(read(f'{HEADER}{FIRST}{SECOND}"{note}",,\n')) if kind == "Parcel"]


@pytest.mark.parametrize(
    "note", ["Seite 1 von 2", "Page 1/2", "Storniert: 0", "Keine Retouren heute", "Anzahl Pakete: 2"]
)
def test_the_number_of_a_page_or_a_count_of_nothing_holds_none(note: str) -> None:
    assert kinds(read(f"{HEADER}{FIRST}{SECOND}{note},,\n")) == TAKEN


@pytest.mark.parametrize("note", ["A-1002 bleibt hier", "1002 bleibt hier", "…784 bleibt hier"])
def test_what_a_note_says_of_a_row_by_its_number_must_be_understood(note: str) -> None:
    found = kinds(read(f"{HEADER}{FIRST}{SECOND}{note},,\n"))
    assert found == [TAKEN[0], ("Doubt", "not_left_yet"), ("Doubt", "note_unclear")]


@pytest.mark.parametrize("note", ["A-1002 versandt", "A-1002 ok", "2 Pakete"])
def test_a_note_that_says_of_a_row_that_all_is_well_holds_none(note: str) -> None:
    assert kinds(read(f"{HEADER}{FIRST}{SECOND}{note},,\n")) == TAKEN


@pytest.mark.parametrize("note", ["rot: liegt noch hier", "grün markierte sind raus", "highlighted ones are gone"])
def test_a_note_about_colours_holds_all_rows_for_nobody_can_see_them(note: str) -> None:
    assert codes(read(f"{HEADER}{FIRST}{SECOND}{note},,\n")) == ["not_left_yet", "not_left_yet", "note_unclear"]
