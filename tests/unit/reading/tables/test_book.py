from io import BytesIO
from typing import Any

import openpyxl
import pytest
from msgspec.structs import replace
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.styles import Font

from daemon.domain.document import Unreadable
from daemon.domain.finding import Parcel, Reading
from daemon.domain.snapshot import Context
from daemon.reading.tables.files import read_file
from tests.unit.reading.dropped import DHL_NUMBER, DPD_NUMBER, IMEI, UPS_NUMBER, codes, dropped, kinds, read, rulebook

HEADER = ("Bestellnummer", "Sendungsnummer", "IMEI")


def workbook(**sheets: list[tuple[Any, ...]]) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    return book


def saved(book: openpyxl.Workbook) -> bytes:
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def whole(content: bytes) -> list[Reading]:
    found: list[Reading] = []
    position: int | None = 0
    while position is not None:
        arrival = replace(dropped(position=position), digest="d")
        found.append(read_file(arrival, BytesIO(content), Context(), rulebook()))
        position = found[-1].next_position
    return found


def test_every_sheet_with_a_header_is_read() -> None:
    book = workbook(
        Samstag=[HEADER, ("A-1", DHL_NUMBER, None)],
        Hilfe=[("So geht es",)],
        Sonntag=[HEADER, ("A-2", UPS_NUMBER, None)],
    )
    found = [one for reading in whole(saved(book)) for one in reading.findings]
    assert [(one.order, one.evidence.where) for one in found] == [
        ("A-1", "Samstag, row 2, column Sendungsnummer"),
        ("A-2", "Sonntag, row 2, column Sendungsnummer"),
    ]


def test_a_sheet_that_is_hidden_is_not_read() -> None:
    book = workbook(A=[HEADER, ("A-1", DHL_NUMBER, None)], B=[HEADER, ("A-2", UPS_NUMBER, None)])
    book["B"].sheet_state = "hidden"
    assert [one.order for reading in whole(saved(book)) for one in reading.findings] == ["A-1"]


def test_a_row_that_its_sender_does_not_see_is_held() -> None:
    book = workbook(A=[HEADER, ("A-1", DHL_NUMBER, None), ("A-2", UPS_NUMBER, None)])
    book["A"].row_dimensions[2].hidden = True
    assert kinds(read(saved(book))) == [("Doubt", "hidden_row"), ("Parcel", UPS_NUMBER)]


def test_a_cell_that_reaches_over_several_rows_counts_for_each() -> None:
    book = workbook(A=[HEADER, ("A-1", DHL_NUMBER, int(IMEI)), (None, UPS_NUMBER, None)])
    book["A"].merge_cells("A2:A3")
    assert [one.order for one in read(saved(book)).findings if isinstance(one, Parcel)] == ["A-1", "A-1"]


def test_a_formula_that_was_never_worked_out_is_doubted() -> None:
    book = workbook(A=[HEADER, ("A-1", '=A2&"x"', None)])
    assert codes(read(saved(book))) == ["spreadsheet_damage"]


def test_a_sheet_that_only_lacks_a_column_is_told() -> None:
    book = workbook(A=[HEADER, ("A-1", DHL_NUMBER, None)], B=[("Sendungsnummer", "IMEI"), (UPS_NUMBER, None)])
    assert codes(whole(saved(book))[-1]) == ["missing_column"]


PAGE = f"""<html><body><table><tr><td><table>
<tr><th>Bestellnummer</th><th>Sendungsnummer</th></tr>
<tr><td rowspan="2">A-1</td><td>{DHL_NUMBER}</td></tr>
<tr><td>{UPS_NUMBER}</td></tr>
<tr style="display: none"><td>A-2</td><td>{UPS_NUMBER}</td></tr>
</table></td></tr></table></body></html>"""


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_a_web_page_that_is_called_a_workbook_is_read(encoding: str) -> None:
    reading = read(PAGE.encode(encoding))
    assert kinds(reading) == [("Parcel", DHL_NUMBER), ("Parcel", UPS_NUMBER), ("Doubt", "hidden_row")]


def test_what_no_format_knows_comes_with_a_draft_of_one() -> None:
    document = read("Vorgang;Etikett\n4711;ja\n").documents[0]
    assert isinstance(document, Unreadable)
    for line in (
        "format: file",
        "for: [sellers]",
        "kind: table",
        '  # not used: column "Vorgang"',
        "needs: [order, tracking]",
    ):
        assert line in document.draft.splitlines()


def test_an_unknown_document_comes_with_a_draft_that_names_its_paths() -> None:
    document = read("<lieferung><paket><nr>1</nr></paket><paket><nr>2</nr></paket></lieferung>").documents[0]
    assert isinstance(document, Unreadable)
    assert "rows: paket" in document.draft
    assert "path nr: 1" in document.draft


def test_a_row_that_is_struck_out_is_held() -> None:
    book = workbook(A=[HEADER, ("A-1", DHL_NUMBER, None), ("A-2", UPS_NUMBER, None)])
    book["A"]["A2"].font = Font(strike=True)
    assert kinds(read(saved(book))) == [("Doubt", "struck_row"), ("Parcel", UPS_NUMBER)]


def test_what_is_struck_out_in_a_cell_is_not_read() -> None:
    book = workbook(A=[HEADER, ("A-1", None, None)])
    old = TextBlock(InlineFont(strike=True), DHL_NUMBER)
    book["A"]["B2"] = CellRichText(old, TextBlock(InlineFont(), UPS_NUMBER))
    assert kinds(read(saved(book))) == [("Parcel", UPS_NUMBER)]


def test_a_comment_pinned_to_a_row_is_a_remark() -> None:
    book = workbook(A=[HEADER, ("A-1", DHL_NUMBER, None), ("A-2", UPS_NUMBER, None), ("A-3", DPD_NUMBER, None)])
    book["A"]["B2"].comment = Comment("ask Sean first", "Aoife")
    book["A"]["B3"].comment = Comment("fragile", "Aoife")
    assert kinds(read(saved(book))) == [("Doubt", "unknown_status"), ("Parcel", UPS_NUMBER), ("Parcel", DPD_NUMBER)]
