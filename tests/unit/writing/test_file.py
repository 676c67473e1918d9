import csv
import io
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.domain.decision import RowResult, RowVerdict
from daemon.domain.finding import Row
from daemon.domain.reason import reason
from daemon.writing.file import Answered, csv_bytes, receipt_chunks, safe_cell
from daemon.writing.reasons import Reasons

REASONS = Reasons(
    sentences={
        "de": {
            "bad": "Das stimmt nicht: {value}.",
            "worse": "Auch das nicht.",
            "hint": "Bitte berichtigen.",
            "hint_bad": "Schauen Sie auf {value}.",
        },
        "en": {},
    }
)
OURS = ["postbote_result", "postbote_reason", "postbote_field", "postbote_value", "postbote_hint"]
COLUMNS = ("order_id", "imei")


def rows_of(content: bytes, delimiter: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8"), newline=""), delimiter=delimiter))


def receipt(
    rows: Sequence[Row], verdicts: Sequence[RowVerdict], columns: tuple[str, ...] = COLUMNS, delimiter: str = ","
) -> list[list[str]]:
    answered = [Answered(columns=columns, rows=rows, verdicts=verdicts)]
    chunks = receipt_chunks(answered, "de", REASONS, delimiter=delimiter)
    return rows_of(b"".join(chunks), delimiter)


def test_a_file_has_its_columns_and_rows() -> None:
    assert csv_bytes(("a", "b"), [("1", 'x "y", z')]) == b'a,b\r\n1,"x ""y"", z"\r\n'


def test_the_delimiter_and_the_byte_order_mark_are_the_readers() -> None:
    assert csv_bytes(("a", "b"), [("ü", "x;y")], ";", bom=True) == '\ufeffa;b\r\nü;"x;y"\r\n'.encode()


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "+A1",
        "+49 30+A1",
        "+49|x",
        "-cmd|x",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "\uff1d1",
        "\uff0b1",
        "\uff0d1",
        "\uff20x",
        "-1+1",
        "\x00=1",
    ],
)
def test_a_cell_that_looks_like_a_formula_is_marked(cell: str) -> None:
    assert safe_cell(cell).startswith("'")


@pytest.mark.parametrize(
    "cell",
    [
        "",
        "-5",
        "-5,20",
        "-1.234,50",
        "A-1001",
        "a=b",
        "x@y.example",
        "12, +1",
        "' x",
        "+49 170 5550199",
        "+49 (0)30/555-01",
    ],
)
def test_an_ordinary_cell_stays_as_it_is(cell: str) -> None:
    assert safe_cell(cell) == cell


@pytest.mark.parametrize("cell", ["x;=1+1;y", 'x;"=1+1', "x,=1+1", "x\n=1+1", "x\t@SUM(A1)", "x;-1+1", "x;-cmd|y"])
def test_a_formula_is_found_behind_any_sign_that_a_spreadsheet_may_split_at(cell: str) -> None:
    for delimiter in ",;\t":
        for row in rows_of(csv_bytes((), [("a", cell, "b")], ";" if delimiter == "," else ","), delimiter):
            assert not any(part.lstrip('"').startswith(("=", "@", "-", "+")) for part in row)


@given(cells=st.lists(st.text(alphabet="=+-@;,\"'\t\r\n a1\uff1d", max_size=12), min_size=1, max_size=4))
def test_no_cell_of_a_file_begins_like_a_formula(cells: list[str]) -> None:
    for row in rows_of(csv_bytes((), [cells])):
        for part in row:
            assert part == safe_cell(part)


def test_a_receipt_gives_back_the_rows_in_order_with_their_results() -> None:
    rows = [Row(number=2, cells=("A-1", "35")), Row(number=3, cells=("A-2", "36")), Row(number=4, cells=("A-3", ""))]
    verdicts = [
        RowVerdict(number=4, result=RowResult.UNCHANGED),
        RowVerdict(
            number=3, result=RowResult.REFUSED, reasons=(reason("bad", value="36", column="imei"), reason("worse"))
        ),
        RowVerdict(number=2, result=RowResult.TAKEN, reasons=(reason("worse"),)),
    ]
    assert receipt(rows, verdicts) == [
        ["order_id", "imei", *OURS],
        ["A-1", "35", "taken", "", "", "", ""],
        [
            "A-2",
            "36",
            "refused",
            "Das stimmt nicht: 36. Auch das nicht.",
            "imei",
            "36",
            "Schauen Sie auf 36. Bitte berichtigen.",
        ],
        ["A-3", "", "unchanged", "", "", "", ""],
    ]


def test_the_worst_of_several_verdicts_on_a_row_counts_and_all_reasons_are_said_once() -> None:
    verdicts = [
        RowVerdict(number=2, result=RowResult.TAKEN),
        RowVerdict(number=2, result=RowResult.HELD, reasons=(reason("worse"),)),
        RowVerdict(number=2, result=RowResult.HELD, reasons=(reason("worse"), reason("bad", value="x"))),
    ]
    assert receipt([Row(number=2, cells=("A-1", "35"))], verdicts)[1][2:4] == [
        "held",
        "Auch das nicht. Das stimmt nicht: x.",
    ]


def test_a_file_that_could_not_be_read_gets_one_row_with_the_reason_and_no_advice_about_a_row() -> None:
    refused = RowVerdict(number=0, result=RowResult.REFUSED, reasons=(reason("worse"),))
    assert receipt([], [refused], ()) == [OURS, ["refused", "Auch das nicht.", "", "", ""]]


def test_short_and_long_rows_keep_the_answer_under_its_column() -> None:
    rows = [Row(number=2, cells=("A-1",)), Row(number=3, cells=("A-2", "35", "zu viel"))]
    taken = [RowVerdict(number=number, result=RowResult.TAKEN) for number in (2, 3)]
    assert receipt(rows, taken)[1:] == [
        ["A-1", "", "taken", "", "", "", ""],
        ["A-2", "35", "taken", "", "", "", "", "zu viel"],
    ]


def test_a_receipt_that_was_dropped_again_has_its_columns_once() -> None:
    columns = ("order_id", *OURS)
    rows = [Row(number=2, cells=("A-1", "refused", "alt", "imei", "36", "alt"))]
    assert receipt(rows, [RowVerdict(number=2, result=RowResult.TAKEN)], columns) == [
        ["order_id", *OURS],
        ["A-1", "taken", "", "", "", ""],
    ]


def test_another_table_in_the_same_file_has_its_own_columns() -> None:
    taken = [RowVerdict(number=2, result=RowResult.TAKEN)]
    portions = [
        Answered(columns=("a",), rows=[Row(number=2, cells=("1",))], verdicts=taken),
        Answered(columns=("b", "c"), rows=[Row(number=2, cells=("2", "3"))], verdicts=taken),
    ]
    assert [row[:3] for row in rows_of(b"".join(receipt_chunks(portions, "de", REASONS)))] == [
        ["a", *OURS[:2]],
        ["1", "taken", ""],
        ["b", "c", OURS[0]],
        ["2", "3", "taken"],
    ]


def test_a_receipt_of_many_portions_is_made_piece_by_piece() -> None:
    asked: list[int] = []

    def watched() -> Iterator[Answered]:
        for number in range(3):
            asked.append(number)
            taken = RowVerdict(number=number, result=RowResult.TAKEN)
            yield Answered(columns=COLUMNS, rows=[Row(number=number, cells=("A", "1"))], verdicts=[taken])

    chunks = receipt_chunks(watched(), "de", REASONS)
    next(chunks)
    assert asked == [0]
    next(chunks)
    assert asked == [0]
    next(chunks)
    assert asked == [0, 1]


def test_cells_of_a_receipt_are_safe_to_open() -> None:
    row = Row(number=2, cells=("=HYPERLINK(1)", "35"))
    assert receipt([row], [RowVerdict(number=2, result=RowResult.TAKEN)])[1][0] == "'=HYPERLINK(1)"


def test_half_a_character_does_not_stop_a_file() -> None:
    assert csv_bytes(("a",), [("\ud800",)]) == b"a\r\n?\r\n"
