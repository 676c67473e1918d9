"""One column of a table: what its cells hold, worked out once for each that stands there again and again."""

from daemon.domain.values import Value
from daemon.reading.tables.cells import LONGEST_NOTHING, cleaned, damaged, says_nothing, suspect

_MOST_KNOWN = 1024


class Cell(Value, frozen=True, kw_only=True):
    """A cleaned cell that is not empty. `code` says why it may not be believed where an identifier should stand."""

    column: str
    text: str
    code: str = ""


class Column(dict[str, Cell | None]):
    """Each text that stands in a column with what it claims, None where that is nothing; worked out when asked for.

    `heading` is what people are told that the column is called.
    """

    def __init__(self, heading: str) -> None:
        super().__init__()
        self.heading = heading

    def __missing__(self, raw: str) -> Cell | None:
        if len(self) >= _MOST_KNOWN:
            self.clear()
        # Letters and digits alone are clean and undamaged, and what says nothing is short.
        plain = len(raw) > LONGEST_NOTHING and raw.isascii() and raw.isalnum()
        found = self[raw] = Cell(column=self.heading, text=raw) if plain else self._read(cleaned(raw))
        return found

    def _read(self, text: str) -> Cell | None:
        if says_nothing(text):
            return None
        code = "spreadsheet_damage" if damaged(text) else "suspect_characters" if suspect(text) else ""
        return Cell(column=self.heading, text=text, code=code)
