"""Columns of a table in a text that count nothing in any row: their head says nothing of the order."""

import re

from daemon.reading.movements import LEFT

_CELL = re.compile(r"(?:[^\s|;]|(?<! ) (?! ))+")
_NOTHING = re.compile(r"0|0[.,]0{1,3}|[-\u2013\u2014]")
_DIGIT = re.compile(r"[0-9]")
_CELLS_AT_LEAST = 3
ROWS_AT_MOST = 100


def without_idle_columns(text: str) -> str:
    """The text with such heads ("To follow" over zeros) blanked out, places staying as they are."""
    lines = text.split("\n")
    for at, line in enumerate(lines):
        cells = [] if _DIGIT.search(line) else list(_CELL.finditer(line))
        rows = _rows(lines, at + 1, len(cells)) if len(cells) >= _CELLS_AT_LEAST else []
        for column, cell in enumerate(cells):
            idle = bool(rows) and all(_NOTHING.fullmatch(row[column]) for row in rows)
            if idle and not LEFT.search(cell.group()):
                lines[at] = lines[at][: cell.start()] + " " * len(cell.group()) + lines[at][cell.end() :]
    return "\n".join(lines)


def _rows(lines: list[str], start: int, width: int) -> list[list[str]]:
    """The rows right below a head that have as many cells; none where another line stands among them, or too many."""
    rows: list[list[str]] = []
    for line in lines[start : start + ROWS_AT_MOST + 1]:
        if not line.strip():
            break
        cells = _CELL.findall(line)
        if len(cells) != width:
            return []
        rows.append(cells)
    return rows if len(rows) <= ROWS_AT_MOST else []
