"""One column of a table: what its cells hold, worked out once for each that stands there again and again."""

from functools import lru_cache

from daemon.domain.values import Value
from daemon.reading.tables.cells import LONGEST_NOTHING, cleaned, damaged, says_nothing, suspect

_MOST_KNOWN = 1024
_COLUMNS = 64


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
        # Letters, digits and hyphens are clean and undamaged; what is long and made of them stands there but once.
        plain = raw.isascii() and raw.replace("-", "").isalnum() and not says_nothing(raw)
        found = Cell(column=self.heading, text=raw) if plain else self._read(cleaned(raw))
        if plain and len(raw) > LONGEST_NOTHING:
            return found
        if len(self) >= _MOST_KNOWN:
            self.clear()
        self[raw] = found
        return found

    def _read(self, text: str) -> Cell | None:
        if says_nothing(text):
            return None
        code = "spreadsheet_damage" if damaged(text) else "suspect_characters" if suspect(text) else ""
        return Cell(column=self.heading, text=text, code=code)


@lru_cache(maxsize=_COLUMNS)
def column_called(heading: str) -> Column:
    """The column of that heading, be it of the next portion of its table: what was worked out of its cells is kept."""
    return Column(heading)
