"""What the lines above give to a line with numbers: a label that hangs over it, the head of a table, a carrier."""

import re
from collections.abc import Callable, Sequence

from daemon.reading.texts.labels import Label, LabelKind, hanging, labels

Columns = tuple[Label | None, ...]

_CELL = re.compile(r"(?:[^\s|;]|(?<! ) (?! ))+")
_BULLET = re.compile(r"\s*(?:[-*\u2022+]\s+|[0-9]{1,2}[.)]\s+)?[A-Z0-9]")


class LinesAbove:
    """Lines without a digit are only laid by, and looked into when a line below asks for them."""

    def __init__(self) -> None:
        self._quiet: list[str] = []
        self._unasked: list[str] = []
        self._paragraph = 0
        self._hanging: Label | None = None
        self._columns: Columns = ()
        self._carrier: str | None = None

    def blank(self) -> None:
        """A blank line ends a table, but a label may hang over it."""
        self._columns = ()
        self._paragraph = len(self._quiet)

    def lay_by(self, text: str) -> None:
        self._quiet.append(text)

    def given(self, text: str) -> list[Label]:
        """The labels that stand above: in the head of the table, or hanging over a line that begins with its value."""
        cells = [cell.start() for cell in _CELL.finditer(text)]
        self._columns = self._head(len(cells))
        if self._columns:
            pairs = zip(self._columns, cells, strict=True)
            return [Label(kind=one.kind, start=start, end=start, text=one.text) for one, start in pairs if one]
        self._columns = _header(text)
        if self._quiet:
            self._hanging = hanging(self._quiet[-1], labels(self._quiet[-1]))
        above = self._hanging
        return [Label(kind=above.kind, start=0, end=0, text=above.text)] if above and _BULLET.match(text) else []

    def go_on(self, text: str, own: Sequence[Label], unnamed: str = "") -> None:
        """The line has been read; a label hangs on over a list of values."""
        self._hanging = hanging(text, own, unnamed) or (self._hanging if not own and _BULLET.match(text) else None)
        self._unasked += [*self._quiet, text]
        self._quiet = []
        self._paragraph = 0

    def _head(self, width: int) -> Columns:
        """The head of the table whose rows have so many cells."""
        if width < 2:  # noqa: PLR2004 - one cell is no table
            return ()
        columns = self._columns if len(self._columns) == width else ()
        for line in self._quiet[self._paragraph :]:
            fits = len(_CELL.findall(line)) == width
            columns = (columns or _header(line)) if fits else ()
        return columns

    def carrier(self, named: Callable[[str], str | None]) -> str | None:
        """The carrier that was named last."""
        for line in reversed(self._unasked + self._quiet):
            if carrier := named(line):
                self._carrier = carrier
                break
        self._unasked = []
        return self._carrier

    def name_carrier(self, carrier: str) -> None:
        self._carrier = carrier
        self._unasked = []


def _header(text: str) -> Columns:
    """The labels of the columns if a line is the head of a table: at least two cells that begin with a label."""
    cells = [cell.group() for cell in _CELL.finditer(text)]
    if len(cells) < 2:  # noqa: PLR2004 - one cell is no table
        return ()
    kinds = tuple(_heads(labels(cell)) for cell in cells)
    return kinds if sum(one is not None for one in kinds) > 1 else ()


def _heads(found: Sequence[Label]) -> Label | None:
    """What a column holds by the label that its head begins with: "Serial no. / IMEI" holds IMEIs."""
    first = found[0] if found and found[0].start == 0 else None
    return first and next((one for one in found if one.kind is LabelKind.IMEI), first)
