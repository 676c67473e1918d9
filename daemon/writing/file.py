"""Files that we hand back: CSV that a spreadsheet opens without running anything, and receipts for dropped files."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence

from daemon.domain.decision import RowResult, RowVerdict
from daemon.domain.finding import Row
from daemon.domain.reason import Reason, distinct
from daemon.domain.values import Value
from daemon.writing.cleaning import one_line
from daemon.writing.reasons import Reasons

RESULT = "postbote_result"
REASON = "postbote_reason"
FIELD = "postbote_field"
VALUE = "postbote_value"
HINT = "postbote_hint"
OURS = (RESULT, REASON, FIELD, VALUE, HINT)
"""The columns that a receipt adds, in this order."""

_STARTS = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"
_NEGATIVE = re.compile(r"-[0-9]+(?:[.,][0-9]+)*")
# Others import and dial a telephone number, so nothing stands before it; nothing in it can be carried out.
_TELEPHONE = re.compile(r"\+[0-9](?:[ ()/.-]*[0-9])*")
# A spreadsheet that splits at another sign than we do would see a cell begin here.
_WITHIN = re.compile(
    r"(?<=[,;|\t\r\n])(?=\"*[=+@\uff1d\uff0b\uff0d\uff20]|\"*-(?![0-9]+(?:[.,][0-9]+)*(?:[;|\t\r\n]|$)))"
)
# Most rows hold nothing of the kind, which is seen at a glance where none of this stands between all their cells: a
# minus is common, but not at the beginning of a cell.
_BETWEEN_CELLS = "\x1f"
_RISKY = (*_STARTS.replace("-", ""), "\x00", *(f"{sign}-" for sign in f'{_BETWEEN_CELLS},;|"'))
_WORST_FIRST = (RowResult.REFUSED, RowResult.HELD, RowResult.TAKEN, RowResult.UNCHANGED)
_BETWEEN = (" ", "; ", "; ", " ")
"""What stands between several reasons, fields, values and hints: sentences need no more than a blank."""
_BOM = "\ufeff"


def safe_cell(text: str) -> str:
    """The cell with a `'` before whatever a spreadsheet might take for a formula.

    Negative numbers stay numbers, and so do those of telephones.
    """
    text = text.replace("\x00", "")
    if _TELEPHONE.fullmatch(text):
        return text
    if _WITHIN.search(text) and not _NEGATIVE.fullmatch(text):
        text = _WITHIN.sub("'", text)
    return f"'{text}" if text.startswith(tuple(_STARTS)) and not _NEGATIVE.fullmatch(text) else text


def csv_bytes(
    columns: Sequence[str], rows: Iterable[Sequence[str]], delimiter: str = ",", *, bom: bool = False
) -> bytes:
    """A whole CSV file in UTF-8."""
    mark = _BOM.encode() if bom else b""
    return mark + _lines([columns, *rows], delimiter)


class Answered(Value, frozen=True, kw_only=True):
    """Some rows of a sender under his columns, and what became of them."""

    columns: Sequence[str]
    rows: Sequence[Row]
    verdicts: Sequence[RowVerdict]


def receipt_chunks(
    portions: Iterable[Answered], language: str, reasons: Reasons, *, delimiter: str = ",", bom: bool = False
) -> Iterator[bytes]:
    """The sender's own columns and rows in his order with what became of each; a verdict without a row stands alone.

    A receipt that was dropped again gets our columns anew, not twice. Where another table begins, so do its columns.
    """
    columns: Sequence[str] | None = None
    for portion in portions:
        if columns is None or (portion.columns != columns and portion.rows):
            columns = portion.columns
            own = [place for place, column in enumerate(columns) if column not in OURS]
            yield csv_bytes([*(columns[place] for place in own), *OURS], (), delimiter, bom=bom)
            bom = False
        if lines := _answered(portion, own, language, reasons):
            yield _lines(lines, delimiter)


def _answered(portion: Answered, own: Sequence[int], language: str, reasons: Reasons) -> list[list[str]]:
    answers: dict[int, list[RowVerdict]] = {}
    for verdict in portion.verdicts:
        answers.setdefault(verdict.number, []).append(verdict)
    lines: list[list[str]] = []
    width = len(portion.columns)
    all_his = len(own) == width
    for row in portion.rows:
        if all_his and len(row.cells) == width:
            lines.append([*row.cells, *_answer(answers.pop(row.number, ()), language, reasons)])
            continue
        cells = [row.cells[place] if place < len(row.cells) else "" for place in own]
        # Cells that have no column follow behind the answer, so that nothing of his is lost.
        lines.append([*cells, *_answer(answers.pop(row.number, ()), language, reasons), *row.cells[width:]])
    lines += [["" for _ in own] + _answer(found, language, reasons, of_row=False) for found in answers.values()]
    return lines


def _answer(verdicts: Sequence[RowVerdict], language: str, reasons: Reasons, *, of_row: bool = True) -> list[str]:
    if len(verdicts) == 1:
        result, given = verdicts[0].result, verdicts[0].reasons
    else:
        result = min((one.result for one in verdicts), key=_WORST_FIRST.index, default=RowResult.UNCHANGED)
        given = tuple(one for verdict in verdicts for one in verdict.reasons)
    if result is RowResult.TAKEN or not given:
        return [result.value, "", "", "", ""]
    said = [_said(one, result, language, reasons, of_row=of_row) for one in distinct(given)]
    if len(said) == 1:
        return [result.value, *said[0]]
    together = (dict.fromkeys(filter(None, some)) for some in zip(*said, strict=True))
    return [result.value, *(between.join(some) for between, some in zip(_BETWEEN, together, strict=True))]


def _said(
    reason: Reason, result: RowResult, language: str, reasons: Reasons, *, of_row: bool
) -> tuple[str, str, str, str]:
    hint = reasons.hint(reason, language, of_row=of_row) if result is not RowResult.UNCHANGED else ""
    return reasons.tell(reason, language), one_line(reason.values.get("column", "")), _value(reason), hint


def _value(reason: Reason) -> str:
    return one_line(reason.values.get("value") or reason.values.get("number", ""))


def _is_risky(rows: Iterable[Sequence[str]]) -> bool:
    """Whether a cell of these rows may not be safe."""
    joined = _BETWEEN_CELLS.join(("", *map(_BETWEEN_CELLS.join, rows)))
    return any(sign in joined for sign in _RISKY)


def _safe_row(row: Sequence[str]) -> Sequence[str]:
    return [safe_cell(cell) for cell in row] if _is_risky([row]) else row


def _lines(rows: Sequence[Sequence[str]], delimiter: str) -> bytes:
    sheet = io.StringIO()
    safe = map(_safe_row, rows) if _is_risky(rows) else rows
    csv.writer(sheet, delimiter=delimiter, lineterminator="\r\n").writerows(safe)
    return sheet.getvalue().encode("utf-8", "replace")
