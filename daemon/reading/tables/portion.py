"""As many rows of a table as fit into one portion, never parting the rows of one order, and what they claim."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain

from msgspec.structs import replace

from daemon.domain.document import Sheet, Unreadable
from daemon.domain.finding import Doubt, Evidence, Finding, Reading, Row
from daemon.domain.values import Value
from daemon.reading.tables.alignment import filled_up
from daemon.reading.tables.continued import continued
from daemon.reading.tables.delimited import RawRow, unread_from
from daemon.reading.tables.device_rows import one_device_each
from daemon.reading.tables.field_findings import order_of, others_of, row_findings
from daemon.reading.tables.layout import Layout
from daemon.reading.tables.legends import Legend, legend_of, marks_in, with_legend
from daemon.reading.tables.notes import is_quiet, meant_by, named_by, notes_below, puts_off, words_of
from daemon.reading.tables.parts import part_of, with_parts
from daemon.reading.tables.row_kinds import RowKind, kind_of
from daemon.reading.tables.strange import with_strange
from daemon.reading.tables.warnings import with_shops, with_ticks
from daemon.rules.rulebook import Rulebook

MOST_ROWS_OF_ONE_ORDER = 5_000

_A_HEAD = 2
_EXCERPT = 300
_RULED = " \t\u00a0-=_+"
_FREE_TEXT = frozenset({"orders", "inquiries"})


def unreadable(name: str, code: str, draft: str = "", **values: str) -> Reading:
    """A reading of something of which nothing can be read, and why."""
    evidence = Evidence(where=name, text="")
    return Reading(
        documents=(Unreadable(name=name, code=code, values=values, draft=draft),),
        findings=(Doubt(code=code, value=name, values=values, evidence=evidence),),
    )


def portion(
    document: Sheet,
    layout: Layout,
    rows: Iterable[RawRow],
    rulebook: Rulebook,
    most: int,
    *,
    serials: bool = False,
    word: str = "row",
    blanks: bool = True,
    unread: bool = False,
    begins: bool = False,
    grouped: bool = False,
    end: Callable[[], Sequence[RawRow]] = tuple,
) -> Reading:
    """The findings of as many rows as fit, to the end of the order that the last of them belongs to.

    `blanks`: what stands nowhere in a row is left blank there, where other rows fill it in. `unread`: the rows stand
    behind something that nobody understands, and are given back as they are. `begins`: they are the first ones below
    the header. `grouped`: a row whose order is blank may go on with that of the row above. `end` are the last rows.
    """
    fitting = _fitting(_filled(rows), layout, rulebook, most, unread=unread)
    written = fitting.rows
    last = end() if fitting.following is not None else ()
    layout = _filled_in(fitting.taken, layout, blanks=blanks)
    legend = legend_of(layout, fitting.taken, last)
    if legend:
        layout, fitting = with_legend(layout, legend), _explained(fitting, legend)
    late = _put_off(fitting, last, layout, rulebook)
    fitting = _grouped(fitting, layout) if grouped and layout.format.gives == "dispatch" else fitting
    findings, also = _claims(fitting, layout, late, rulebook, serials=serials, word=word)
    above = layout.above if begins else ()
    for row in above:
        findings += row_findings(replace(row, code="not_read_above"), layout, rulebook, word=word)
    for row in fitting.left:
        if kind_of(row, layout) not in {RowKind.HEADER, RowKind.TOTAL}:
            findings += row_findings(replace(row, code="not_read_below"), layout, rulebook, word=word)
    return Reading(
        documents=(document,),
        findings=tuple(findings),
        orders=tuple(dict.fromkeys(one.order for one in findings if one.order)),
        also=also,
        numbered="numbered" in layout.places,
        columns=layout.columns,
        rows=tuple(Row(number=row.number, cells=row.cells) for row in (*above, *written)),
        next_position=fitting.following,
        excerpt="\n".join(" | ".join(row.cells) for row in fitting.rows[:2])[:_EXCERPT],
    )


class _Fitting(Value, frozen=True, kw_only=True):
    """The rows of a portion and where the next begins, with the words of those that hold nothing else.

    Of the rows only the first ones are `read`, where something stands below them that nobody understands. `cut`: that
    are words that may be the head of rows that have not left.
    """

    rows: list[RawRow]
    read: int
    following: int | None = None
    notes: dict[int, str] = {}
    cut: bool = False
    legend: Legend | None = None

    @property
    def taken(self) -> list[RawRow]:
        return self.rows[: self.read]

    @property
    def left(self) -> list[RawRow]:
        return self.rows[self.read :]


def _claims(
    fitting: _Fitting, layout: Layout, late: Mapping[int, str], rulebook: Rulebook, *, serials: bool, word: str
) -> tuple[list[Finding], dict[str, tuple[str, ...]]]:
    """What the rows of a portion claim, and what stands in the other columns that could hold their orders."""
    put_off = {said: replace(layout, planned=said) for said in set(late.values())}
    findings: list[Finding] = []
    also: dict[str, tuple[str, ...]] = {}
    counted = "quantity" in layout.places or "part" in layout.places
    parts = {row.number: part for row in fitting.taken if (part := part_of(row, layout))} if counted else {}
    for row in fitting.taken:
        kind = kind_of(row, layout)
        if row.number in fitting.notes:
            if row.number in late:
                findings += row_findings(replace(row, code="note_unclear"), layout, rulebook, word=word)
        elif kind is RowKind.DATA:
            order = order_of(row, layout) if "order_also" in layout.places else ""
            if order and (others := others_of(row, layout)):
                also[order] = tuple(dict.fromkeys((*also.get(order, ()), *others)))
            known = put_off[late[row.number]] if row.number in late else layout
            read = fitting.legend.read(row) if fitting.legend else row
            findings += row_findings(_judged(read, layout, rulebook), known, rulebook, serials=serials, word=word)
        elif kind is RowKind.OTHER_HEADER:
            findings += row_findings(replace(row, code="another_table"), layout, rulebook, word=word)
    return with_parts(one_device_each(findings), parts), also


def _filled_in(taken: Sequence[RawRow], layout: Layout, *, blanks: bool) -> Layout:
    """The layout with what these rows tell of its columns, which the first rows of the table did not."""
    if not layout.format.words or layout.format.gives != "dispatch":
        return layout
    places = with_ticks(layout.places, taken) if blanks else layout.places
    places = with_strange(layout.columns, places, layout.format, taken) if len(taken) > 1 else places
    return replace(layout, places=with_shops(places, taken, layout.speaker))


def _grouped(fitting: _Fitting, layout: Layout) -> _Fitting:
    """The rows, those that go on with the order of the one above with its number."""
    rows: list[RawRow] = []
    order = ""
    for row in fitting.taken:
        own = order_of(row, layout)
        if not own and order and row.number not in fitting.notes:
            row = continued(row, rows[-1], layout)  # noqa: PLW2901 - the row as it is meant
            own = order_of(row, layout)
        order = own
        rows.append(row)
    return replace(fitting, rows=[*rows, *fitting.left])


def _explained(fitting: _Fitting, legend: Legend) -> _Fitting:
    """A portion whose legend says nothing else."""
    return replace(fitting, legend=legend, notes=fitting.notes | dict.fromkeys(legend.rows, ""))


def _fitting(rows: Iterable[RawRow], layout: Layout, rulebook: Rulebook, most: int, *, unread: bool) -> _Fitting:
    """The rows of a portion; read to the header of another table or of a part that nobody understands."""
    taken: list[RawRow] = []
    notes: dict[int, str] = {}
    last, unclear = "", 0
    if unread:
        return _not_read(rows, [], most)
    following = iter(rows)
    for row in following:
        said = words_of(row, layout)
        order = "" if said else order_of(row, layout)
        if unclear and order:
            behind = _not_read(chain(taken[unclear:], [row], following), taken[:unclear], most)
            return replace(behind, notes=notes, cut=True)
        if len(taken) >= most and ((order and order != last) or len(taken) >= most + MOST_ROWS_OF_ONE_ORDER):
            return _Fitting(rows=taken, read=len(taken), following=row.position, notes=notes)
        taken.append(row)
        last = order or last
        if said:
            notes[row.number] = said
            unclear = unclear or (0 if is_quiet(said, layout, rulebook) else len(taken))
        elif kind_of(row, layout) is RowKind.OTHER_HEADER:
            return replace(_not_read(following, taken, most), notes=notes)
    return _Fitting(rows=taken, read=len(taken), notes=notes)


def _not_read(rows: Iterable[RawRow], read: list[RawRow], most: int) -> _Fitting:
    """The rows of a portion of which the first ones are read, and the others only given back."""
    both = list(read)
    for row in rows:
        if len(both) >= max(most, len(read)):
            return _Fitting(rows=both, read=len(read), following=unread_from(row.position))
        both.append(row)
    return _Fitting(rows=both, read=len(read))


def _put_off(fitting: _Fitting, end: Sequence[RawRow], layout: Layout, rulebook: Rulebook) -> dict[int, str]:
    """The rows of which a note below all rows says that they have not left, and the notes that do so."""
    taken, notes = fitting.taken, fitting.notes
    if fitting.cut:
        return {taken[-1].number: ""}
    rows = [row for row in taken if row.number not in notes]
    last = rows[-1].number if rows else 0
    below = {number: said for number, said in notes.items() if number > last}
    told = [*below.values(), *notes_below(end, layout)]
    told = [said for said in told if not (fitting.legend and marks_in(said))]
    # What is said of a row by its number must be understood.
    late = {number: said for said in told if not is_quiet(said, layout, rulebook) for number in named_by(said, rows)}
    told = [said for said in told if puts_off(said, layout, rulebook)]
    told += _closing(fitting, layout, rulebook)
    late |= {number: said for said in told for number in meant_by(said, rows)}
    meant = set(late.values())
    return late | {number: said for number, said in below.items() if said in meant}


def _closing(fitting: _Fitting, layout: Layout, rulebook: Rulebook) -> Iterator[str]:
    """What the sum of a table says, and a line that would be the head of what has not left if anything stood below."""
    if not fitting.taken:
        return
    row = fitting.taken[-1]
    said, kind = " ".join(filter(None, map(str.strip, row.cells))), kind_of(row, layout)
    ended = fitting.following is None and not fitting.left
    sentence = len(said.split()) > _A_HEAD and not said.endswith(":")
    if (kind is RowKind.TOTAL and puts_off(said, layout, rulebook)) or (
        kind is RowKind.OTHER_HEADER and ended and sentence
    ):
        yield said


def _judged(row: RawRow, layout: Layout, rulebook: Rulebook) -> RawRow:
    """Letters that could be others are no harm where only numbers are read, nor is a blank end that was cut off."""
    if row.code == "ragged_row":
        return filled_up(row, layout, rulebook)
    if row.unclear and not row.code and layout.format.gives in _FREE_TEXT:
        return replace(row, code="encoding_unclear")
    return row


def _filled(rows: Iterable[RawRow]) -> Iterator[RawRow]:
    """The rows in which anything stands at all, be it no more than a ruled line."""
    return (row for row in rows if row.cells and (row.cells[0].strip(_RULED) or "".join(row.cells).strip(_RULED)))
