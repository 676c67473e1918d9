"""What a row says against its own number, and whether it leaves open how many pieces are meant."""

from datetime import timedelta

from msgspec.structs import replace

from daemon.domain.finding import Doubt, Statement
from daemon.domain.problem import ProblemKind
from daemon.reading.dates import promised_date
from daemon.reading.tables import cells as cell
from daemon.reading.tables.column import Cell
from daemon.reading.tables.directions import is_booked, is_return_letter, is_turned, leaves, tells_of_return
from daemon.reading.tables.headings import is_of_delivery, speaks_of_parts, speaks_of_sending
from daemon.reading.tables.meanings import (
    HARMLESS,
    SAYS_SO,
    adds_that_it_stays,
    hedged,
    is_no,
    is_yes,
    meaning_of,
    puts_off,
    speaks_against,
    waits,
)
from daemon.reading.tables.row_cells import RowCells
from daemon.reading.tables.strange import A_DAY, counted_in, is_doubtful, is_idle, is_strange, pieces_in
from daemon.reading.tables.warnings import is_name_of
from daemon.rules.conditions import judge
from daemon.rules.formats import MOVING, NOT_LEFT, Format
from daemon.rules.rulebook import Rulebook

NUMBERED = frozenset({"tracking", "url", "imei", "imei2", "serial"})
COUNTED = frozenset({"ordered", "perhaps_sent", "remaining"})
"""Fields beside which a quantity may not be all that it seems to be."""

_AGAINST = frozenset(
    {
        "unread",
        "aside",
        "planned",
        "bare_day",
        "until",
        "voided",
        "handed",
        "returned",
        "former",
        "stays",
        "part",
        "in_parts",
        "coded",
        "strange",
        "status",
        "problem",
        "remark",
        "direction",
        "turning",
    }
)
_OTHERS = ("unread", "aside")
_TAKES_BACK = frozenset({Statement.NOT_SHIPPED, Statement.CAME_BACK, Statement.DECLINED, Statement.UNCLEAR})
_FEW_WORDS = 3
_JUDGED_AT_MOST = 500
_DEVICES = frozenset({"imei", "imei2", "serial", "labelled"})
_UNFIT = frozenset({NOT_LEFT, *map(str, ProblemKind)})
_ABSENT = frozenset({ProblemKind.OUT_OF_STOCK.value, ProblemKind.DELAY.value})
_SOON = timedelta(days=14)
_TROUBLED = frozenset({"problem"})
_SAYING_PIECES = frozenset({"remark", "article", "perhaps_sent"})
_TELLING = frozenset({"handed", "marked", "explained"})


def not_read(cells: RowCells, code: str, one: Cell, order: str | None, line: str | None) -> Doubt:
    return cells.doubt(one, code, order, line, value=one.text)


def other_pieces(cells: RowCells, order: str, line: str | None) -> list[Doubt]:
    """A yes to other pieces than were ordered is none to the order; nor is a number that may say what was sent."""
    found: list[Cell] = []
    if ordered := cells.first("ordered"):
        fields = ("perhaps_sent",) if cells.says(NUMBERED) else ("perhaps_sent", "quantity")
        found += [one for field in fields for one in cells.all(field) if one.text not in {ordered.text, "0"}]
    if cells.says(NUMBERED):
        found += _fewer(cells)
    return [not_read(cells, "bad_quantity", one, order, line) for one in found]


def perhaps_sent(cells: RowCells) -> tuple[int, ...]:
    """The numbers of a row that may say how many pieces have left; what was ordered is told where they are compared."""
    if not cells.says(_SAYING_PIECES):
        return ()
    known = cells.layout.format
    told = tuple(number for one in cells.all("remark") for number in pieces_in(one.text, known))
    told += tuple(sum(found) for one in cells.all("article") if (found := counted_in(one.text, known)))
    if cells.first("ordered"):
        return told
    return told + tuple(cell.quantity(one.text) or 0 for one in cells.all("perhaps_sent"))


def _fewer(cells: RowCells) -> list[Cell]:
    """What counts fewer pieces than the quantity, or says that some stay behind where nothing tells how many left."""
    amount = cells.first("quantity")
    quantity = cell.quantity(amount.text) if amount else None
    fewer = [one for one in cells.all("perhaps_sent") if quantity and (cell.quantity(one.text) or 0) < quantity]
    if "sent" not in cells.layout.places and not (amount and "ordered" in cells.layout.places):
        fewer += [one for one in cells.all("remaining") if cell.quantity(one.text)]
    return fewer


def kept_back(cells: RowCells, order: str, line: str | None, rulebook: Rulebook) -> list[Doubt]:
    """What a row says against its own number: that the label was voided, that nothing has left yet, or come back."""
    known = cells.layout.format
    named = [one for one in cells.all("article") if adds_that_it_stays(one.text, known) or tells_of_return(one, known)]
    if not named and not cells.says(_AGAINST) and not _tells_by_a_blank(cells):
        return []
    against = [one for one in cells.all("voided") if not is_no(one.text, known)]
    against += [one for one in cells.all("returned") if not (is_no(one.text, known) or leaves(one.text, known))]
    against += [one for one in cells.all("direction") if is_turned(one, known)]
    against += [one for one in cells.all("turning") if is_return_letter(one.text, known)]
    against += [one for field in _OTHERS for one in cells.all(field) if tells_of_return(one, known)]
    numbered = cells.first("tracking") or cells.first("url")
    if numbered:
        against += [*_staying(cells, numbered), *named]
    doubts = [not_read(cells, "not_left_yet", one, order, line) for one in against]
    if numbered and not cells.first("quantity"):
        doubts += [not_read(cells, "bad_quantity", one, order, line) for one in _in_parts(cells)]
    # Which is the new number, the headings tell; not what has become of the parcel with the old one.
    if cells.says(NUMBERED) and (not numbered or cells.says(_TROUBLED)):
        doubts += [_replaced(cells, one, order, line) for one in cells.all("former")]
    return doubts or _puzzles(cells, order, line, rulebook)


def _in_parts(cells: RowCells) -> list[Cell]:
    """The cells that say that more is to come: a yes to a partial delivery, a no to the last one."""
    known = cells.layout.format
    return [
        one
        for one in cells.all("in_parts")
        if (is_yes(one.text, known) if speaks_of_parts(one.column, known) else is_no(one.text, known))
    ]


def _tells_by_a_blank(cells: RowCells) -> bool:
    """Whether a blank cell of a row may say something, as other rows have a mark or a day there."""
    places = cells.layout.places
    return not _TELLING.isdisjoint(places) or ("dated" in places and not cells.first("shipped_on"))


def _replaced(cells: RowCells, one: Cell, order: str, line: str | None) -> Doubt:
    doubt = not_read(cells, "partner_correction", one, order, line)
    return replace(doubt, values=doubt.values | {"order": order})


def _staying(cells: RowCells, numbered: Cell) -> list[Cell]:
    """The cells that say of a number that nothing has left with it, or nothing yet."""
    known, told = cells.layout.format, cells.all("handed")
    found = [one for one in told if is_no(one.text, known) or not _is_proof(one.text, known)]
    if len(told) < len(cells.layout.places.get("handed", ())):
        found.append(numbered)
    # A day may be the one on which it is to be collected.
    handed = bool(told) and not found and not all(cell.day(one.text, day_first=True) for one in told)
    # One program's own word for its label says nothing against the carrier's that the parcel is on its way.
    states = {meaning_of(one.text, known) for one in cells.all("status")}
    handed, sent = handed or MOVING in states, Statement.SHIPPED in states
    if "explained" in cells.layout.places and not cells.first("explained"):
        found.append(numbered)
    if "dated" in cells.layout.places and not cells.first("shipped_on") and not handed and not sent:
        found.append(numbered)
    for field in ("status", "problem", "remark", "stays"):
        free = field in {"remark", "stays"}
        told = [one for one in cells.all(field) if not is_booked(one, known)]
        found += [one for one in told if waits(one.text, known, free=free, handed=handed, sent=sent)]
    # What is sold out has no parcel; what is late may be on its way.
    absent = {ProblemKind.OUT_OF_STOCK.value} if handed else _ABSENT
    told = (*cells.all("status"), *cells.all("problem"))
    found += [one for one in told if meaning_of(one.text, known) in absent]
    others = [one for field in _OTHERS for one in cells.all(field) if not is_booked(one, known)]
    days = (*cells.all("bare_day"), *(one for one in cells.all("until") if speaks_of_sending(one.column, known)))
    found += [one for one in days if _is_to_come(one, cells)]
    found += [one for one in others if _is_soon(one, cells)]
    found += [one for one in cells.all("shop") if not is_name_of(one.text, cells.layout.speaker)]
    # A plan that says itself row by row what has left is believed there.
    found += cells.all("planned") if not handed and not sent and not cells.all("stays") else ()
    return found + [one for one in others if puts_off(one.text, known) or adds_that_it_stays(one.text, known)]


def _is_proof(text: str, known: Format) -> bool:
    """Whether a cell below "handed over" says so: with a yes, a day, an hour or a number, or in known words."""
    return (
        any(map(str.isdigit, text))
        or is_yes(text, known)
        or meaning_of(text, known) in HARMLESS
        or is_idle(text, known)
    )


def _is_to_come(one: Cell, cells: RowCells) -> bool:
    """Whether a day without a meaning lies behind the one on which the table has come in."""
    today, named = cells.layout.today, cell.day(one.text, day_first=cells.layout.day_first)
    return today is not None and named is not None and named > today


def _is_soon(one: Cell, cells: RowCells) -> bool:
    """Whether a cell below whatever heading is no more than a day soon to come, unless something arrives then."""
    today = cells.layout.today
    if today is None or not A_DAY.fullmatch(one.text) or is_of_delivery(one.column, cells.layout.format):
        return False
    named = cell.day(one.text, day_first=cells.layout.day_first) or promised_date(one.text, today)
    return named is not None and today < named <= today + _SOON


def _asks(text: str) -> bool:
    """Whether a cell asks something; a question mark in a link asks nothing."""
    return "?" in text and "://" not in text


def _is_against(one: Cell, cells: RowCells, rulebook: Rulebook) -> bool:
    """Whether free text says that something has not left, was canceled or replaced, or is in trouble.

    What only a caution of a language hears is none of that, and a former number may be named.
    """
    known = cells.layout.format
    meaning = meaning_of(one.text, known)
    if " " not in one.text or meaning is not None:
        return meaning == NOT_LEFT
    former = any(word in known.former for word in one.text.casefold().split())
    hits, _ = judge(one.text[:_JUDGED_AT_MOST], "order", rulebook)
    said = {hit.action.say for hit in hits if hit.rule not in rulebook.cautions}
    return (
        bool(said & _TAKES_BACK)
        or (Statement.CORRECTION in said and not former)
        or any(hit.action.problem for hit in hits)
    )


def _says_against(one: Cell, rulebook: Rulebook) -> bool:
    """Whether a remark in a document says in known words that something has not left, or is in trouble."""
    hits, _ = judge(one.text[:_JUDGED_AT_MOST], "order", rulebook)
    sure = [hit.action for hit in hits if hit.rule not in rulebook.cautions]
    return any(one.problem or one.say in {*_TAKES_BACK, Statement.CORRECTION} for one in sure)


def _is_harmless(one: Cell, cells: RowCells, rulebook: Rulebook) -> bool:
    """Whether a remark is understood, and says no more than that the parcel has left."""
    if _asks(one.text) or _is_against(one, cells, rulebook):
        return False
    if hedged(one.text, cells.layout.format):
        return meaning_of(one.text, cells.layout.format) == MOVING
    if is_idle(one.text, cells.layout.format):
        return True
    hits, _ = judge(one.text[:_JUDGED_AT_MOST], "order", rulebook)
    said = {hit.action.say for hit in hits}
    former = any(word in cells.layout.format.former for word in one.text.casefold().split())
    told = {Statement.PARTIAL} if cells.first("quantity") else {Statement.CORRECTION} if former else set()
    return bool(said) and said <= SAYS_SO | told


def _names(text: str, order: str) -> bool:
    """Whether a cell says no more than which order it is: "Order A-1001"."""
    return order in text and len(text.split()) <= _FEW_WORDS


def _marked(cells: RowCells) -> list[Cell]:
    """The marks, or the lack of one, below headings that nobody understands, where other rows have other ones."""
    marks = [(column, column[cells.row.cells[place]]) for place, column in cells.layout.by_field.get("marked", ())]
    known = cells.layout.format
    return [
        mark or Cell(column=column.heading, text="")
        for column, mark in marks
        if is_doubtful(column.heading, mark.text if mark else "", known)
    ]


def _puzzles(cells: RowCells, order: str, line: str | None, rulebook: Rulebook) -> list[Doubt]:
    """What nobody understands may say that a number is none, or that something is missing; a part tells no pieces."""
    if not cells.layout.format.words:
        told = [one for one in cells.all("remark") if _says_against(one, rulebook)]
        return [not_read(cells, "unknown_status", one, order, line) for one in told]
    known = cells.layout.format
    doubted = [one for one in cells.all("unread") if speaks_against(one.text, known) or _asks(one.text)]
    numbered = cells.first("tracking") or cells.first("url")
    if numbered:
        doubted += [one for one in cells.all("remark") if not _is_harmless(one, cells, rulebook)]
        others = [one for one in cells.all("strange") if not _names(one.text, order)]
        doubted += [one for one in others if is_strange(one.text, known, rulebook)]
        doubted += [one for one in cells.all("unread") if one not in doubted and _is_against(one, cells, rulebook)]
        doubted += cells.all("coded")
        doubted += [one for one in cells.all("part") if not cell.part_in(one.text)]
        doubted += _marked(cells)
    found = [not_read(cells, "unknown_status", one, order, line) for one in dict.fromkeys(doubted)]
    if not numbered:
        return found or _of_device(cells, order, line, rulebook)
    for one in cells.all("status"):
        meaning = meaning_of(one.text, known)
        if meaning is None:
            found.append(not_read(cells, "unknown_status", one, order, line))
        elif meaning == Statement.PARTIAL and not cells.first("quantity"):
            found.append(not_read(cells, "bad_quantity", one, order, line))
    return found


def _of_device(cells: RowCells, order: str, line: str | None, rulebook: Rulebook) -> list[Doubt]:
    """What a row without a parcel says against its device, be it packed or not: that it is canceled or broken."""
    if not cells.says(_DEVICES):
        return []
    known = cells.layout.format
    told = (*cells.all("status"), *cells.all("problem"))
    against = [one for one in told if meaning_of(one.text, known) in _UNFIT]
    against += [one for one in (*told, *cells.all("unread")) if _is_against(one, cells, rulebook)]
    # What it says beside the number that it names itself is about the device, and not about the row.
    remarks = [one for one in cells.all("remark") if not cell.labelled_imeis(one.text) or hedged(one.text, known)]
    against += [one for one in remarks if not _is_harmless(one, cells, rulebook)]
    against += cells.all("planned")
    return [not_read(cells, "unknown_status", one, order, line) for one in dict.fromkeys(against)]
