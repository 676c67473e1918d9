"""Files that we hand back: CSV that a spreadsheet opens without running anything, and receipts for dropped files."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence

from daemon.domain.decision import RowResult, RowVerdict
from daemon.domain.finding import Row
from daemon.writing.reasons import Reasons

RESULT = "postbote_result"
REASON = "postbote_reason"

_STARTS = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"
_NEGATIVE = re.compile(r"-[0-9]+(?:[.,][0-9]+)*")
# A spreadsheet that splits at another sign than we do would see a cell begin here.
_WITHIN = re.compile(
    r"(?<=[,;|\t\r\n])(?=\"*[=+@\uff1d\uff0b\uff0d\uff20]|\"*-(?![0-9]+(?:[.,][0-9]+)*(?:[;|\t\r\n]|$)))"
)
_WORST_FIRST = (RowResult.REFUSED, RowResult.HELD, RowResult.TAKEN, RowResult.UNCHANGED)
_BOM = "\ufeff"


def safe_cell(text: str) -> str:
    """The cell with a `'` before whatever a spreadsheet might take for a formula; negative numbers stay numbers."""
    text = text.replace("\x00", "")
    if _WITHIN.search(text) and not _NEGATIVE.fullmatch(text):
        text = _WITHIN.sub("'", text)
    return f"'{text}" if text.startswith(tuple(_STARTS)) and not _NEGATIVE.fullmatch(text) else text


def csv_bytes(
    columns: Sequence[str], rows: Iterable[Sequence[str]], delimiter: str = ",", *, bom: bool = False
) -> bytes:
    """A whole CSV file in UTF-8."""
    mark = _BOM.encode() if bom else b""
    return mark + _lines([columns, *rows], delimiter)


def receipt_chunks(
    columns: Sequence[str],
    portions: Iterable[tuple[Sequence[Row], Sequence[RowVerdict]]],
    language: str,
    reasons: Reasons,
    *,
    delimiter: str = ",",
    bom: bool = False,
) -> Iterator[bytes]:
    """The sender's own columns and rows in his order with what became of each; a verdict without a row stands alone.

    A receipt that was dropped again gets its two columns anew, not twice.
    """
    own = [place for place, column in enumerate(columns) if column not in {RESULT, REASON}]
    yield csv_bytes([*(columns[place] for place in own), RESULT, REASON], (), delimiter, bom=bom)
    for rows, verdicts in portions:
        answers: dict[int, list[RowVerdict]] = {}
        for verdict in verdicts:
            answers.setdefault(verdict.number, []).append(verdict)
        lines: list[list[str]] = []
        for row in rows:
            cells = [row.cells[place] if place < len(row.cells) else "" for place in own]
            # Cells that have no column follow behind the answer, so that nothing of his is lost.
            lines.append([*cells, *_answer(answers.pop(row.number, []), language, reasons), *row.cells[len(columns) :]])
        lines += [["" for _ in own] + _answer(found, language, reasons) for found in answers.values()]
        if lines:
            yield _lines(lines, delimiter)


def _answer(verdicts: list[RowVerdict], language: str, reasons: Reasons) -> list[str]:
    results = {verdict.result for verdict in verdicts}
    result = next((one for one in _WORST_FIRST if one in results), RowResult.UNCHANGED)
    if result is RowResult.TAKEN:
        return [result.value, ""]
    said = dict.fromkeys(reasons.say(one, language) for verdict in verdicts for one in verdict.reasons)
    return [result.value, "; ".join(said)]


def _lines(rows: Iterable[Sequence[str]], delimiter: str) -> bytes:
    sheet = io.StringIO()
    csv.writer(sheet, delimiter=delimiter, lineterminator="\r\n").writerows(
        [safe_cell(cell) for cell in row] for row in rows
    )
    return sheet.getvalue().encode("utf-8", "replace")
