"""On which day a parcel left: what its own part of the mail says; a day that nobody can place keeps the mail back."""

from collections.abc import Iterator, Sequence
from datetime import date

from msgspec.structs import replace

from daemon.domain.document import Mail
from daemon.domain.finding import Finding, Parcel, Said, Statement
from daemon.domain.values import Value
from daemon.reading.dates import promised_date, says_impossible_day
from daemon.reading.texts.dispatch_days import (
    Clause,
    arrives,
    cells_of,
    clauses,
    head_of,
    heads_numbers,
    is_of_a_plan,
    is_to_leave,
    speaks_of_dispatch,
    tells_dispatch_day,
)
from daemon.reading.texts.promises import is_today
from daemon.reading.texts.said import said_of_line
from daemon.reading.texts.text_lines import TextLine
from daemon.rules.carrier_book import CarrierBook


class _Day(Value, frozen=True, kw_only=True):
    """A day that a line names, None where nobody can tell it.

    `told`: as that of a dispatch. `orders`: of which alone it speaks.
    """

    day: date | None
    told: bool
    orders: tuple[str, ...]
    line: int


class DayLine(Value, frozen=True, kw_only=True):
    """One line of the text with the orders that it or the last line before it names."""

    number: int
    text: str
    orders: tuple[str, ...]
    parcels: tuple[tuple[int, str], ...]
    clauses: tuple[Clause, ...]


def day_lines(lines: Sequence[TextLine], mail: Mail, received: date, book: CarrierBook) -> list[DayLine]:
    """The lines of a mail that names numbers, each with the days of its clauses; without a number no day matters."""
    if not any(isinstance(value, Parcel) for line in lines for _, value in line.values):
        return []
    texts = mail.new_text.split("\n")
    page: list[DayLine] = []
    orders: tuple[str, ...] = ()
    head: tuple[str, ...] = ()
    for line in lines:
        orders = (tuple(one.text for one in line.orders) or orders) if line.number else ()
        text = texts[line.number - 1] if line.number else ""
        head = head_of(text) or (head if len(head) == len(cells_of(text)) else ())
        if text.strip():
            page.append(
                DayLine(
                    number=line.number,
                    text=text,
                    orders=orders,
                    parcels=tuple((start, one.number) for start, one in line.values if isinstance(one, Parcel)),
                    clauses=tuple(clauses(text, received, book, head if line.values else ())),
                )
            )
    return page


def dated(
    values: Sequence[Finding],
    said: Sequence[Finding],
    page: Sequence[DayLine],
    mail: Mail,
    received: date,
    book: CarrierBook,
) -> list[Finding]:
    """Each parcel with the day that its line, else its part of the mail tells; where it is not one, all is held."""
    if not any(isinstance(one, Parcel) for one in values):
        return list(values)
    own = {(line.number, number): day for line in page for number, day in _own_days(line, received).items()}
    days = [*_said_days(said, received, book), *(day for line in page for day in _days(line))]
    found: list[Finding] = []
    doubted: set[int] = set()
    for one in values:
        if not isinstance(one, Parcel):
            found.append(one)
            continue
        place = (_number(one), one.number)
        near = [_Day(day=own[place], told=True, orders=(), line=place[0])] if place in own else _near(one, days)
        told = {day.day for day in near if day.told and day.orders} or {day.day for day in near if day.told}
        day = told.pop() if len(told) == 1 else None
        found.append(replace(one, shipped_on=day) if day else one)
        doubted |= set() if day else {one.line for one in near if one.told or (not told and one.day != received)}
    return [*found, *(_unplaced(number, mail) for number in sorted(doubted))]


def dated_list(listed: Sequence[Finding], mail: Mail, received: date, book: CarrierBook) -> list[Finding]:
    """The parcels of attached lists that name no day, with that of which the mail's own words say that they left.

    Where its words name another day than that of receipt ("the list of yesterday"), or a plan, the mail is held.
    """
    undated = [one for one in listed if isinstance(one, Parcel) and one.shipped_on is None]
    if not undated:
        return list(listed)
    rows = enumerate(mail.new_text.split("\n"), start=1)
    found = [(number, one) for number, row in rows for one in clauses(row, received, book)]
    told = {day for _, one in found if one.told for day in one.days}
    planned = [number for number, one in found if is_of_a_plan(one.text, received)]
    if len(told) == 1 and not planned:
        return [replace(one, shipped_on=max(told)) if one in undated else one for one in listed]
    vague = [number for number, one in found if one.vague and (one.told or heads_numbers(one.text))]
    other = [number for number, one in found if told or {*one.days, *one.others} - {received}]
    return [*listed, *(_unplaced(number, mail) for number in (*planned, *vague, *other)[:1])]


def to_come(page: Sequence[DayLine], received: date) -> list[Finding]:
    """What keeps a number back beside a day to come on which it is to leave ("pickup 26/11")."""
    found: list[Finding] = []
    for line in page:
        beside = bool(line.parcels) and not speaks_of_dispatch(line.text)
        days = (promised_date(one.text, received) for one in line.clauses if _is_of_leaving(one, line, beside=beside))
        if day := next((day for day in days if day and day > received), None):
            said = said_of_line(line.number, line.text, Statement.WILL_SHIP, "day-to-come")
            found.append(replace(said, until=day, order=line.orders[0] if len(line.orders) == 1 else None))
    return found


def impossible(mail: Mail, received: date) -> list[Finding]:
    """What keeps a mail back that names a day that there is not: who wrote it meant another."""
    rows = enumerate(mail.new_text.split("\n"), start=1)
    number = next((number for number, row in rows if says_impossible_day(row, received)), None)
    return [_unplaced(number, mail)] if number else []


def _is_of_leaving(clause: Clause, line: DayLine, *, beside: bool) -> bool:
    """Whether the day of a clause is one of dispatch: it says so, or it holds a number and tells of no arrival."""
    holds = any(clause.start <= start < clause.end for start, _ in line.parcels)
    return tells_dispatch_day(clause.text) or (
        beside and (is_to_leave(clause.text) or (holds and not arrives(clause.text)))
    )


def _own_days(line: DayLine, received: date) -> dict[str, date | None]:
    """The day of each parcel in its own clause, else in its line as that of a dispatch; None where it is not one."""
    found: dict[str, date | None] = {}
    for clause in line.clauses:
        inside = [number for start, number in line.parcels if clause.start <= start < clause.end]
        found |= _paired(inside, clause.days, vague=clause.vague)
    rest = [number for _, number in line.parcels if number not in found]
    told = [day for clause in line.clauses if clause.told for day in clause.days]
    if len(line.parcels) > 1 and told:
        told = [day for clause in line.clauses for day in clause.days]
    elif len(line.parcels) == 1 and not told and is_today(line.text, received):
        told = [received]  # "the other one today, N"
    vague = any(clause.told and clause.vague for clause in line.clauses)
    return found | _paired(rest, told, vague=vague)


def _paired(numbers: Sequence[str], days: Sequence[date], *, vague: bool) -> dict[str, date | None]:
    """One day for all numbers, or one for each in their order."""
    if len(set(days)) == 1:
        return dict.fromkeys(numbers, days[0])
    if len(days) == len(numbers):
        return dict(zip(numbers, days, strict=True))
    return dict.fromkeys(numbers) if days or vague else {}


def _near(parcel: Parcel, days: Sequence[_Day]) -> list[_Day]:
    return [day for day in days if not day.orders or parcel.order in (None, *day.orders)]


def _said_days(said: Sequence[Finding], received: date, book: CarrierBook) -> Iterator[_Day]:
    """The days of the sentences that say that something has left."""
    for one in said:
        if isinstance(one, Said) and one.statement is Statement.SHIPPED:
            parts = list(clauses(one.evidence.text, received, book))
            days = {day for part in parts if part.told for day in part.days}
            days = days or {day for part in parts for day in (*part.days, *part.others)}
            if len(days) == 1:
                orders = (one.order,) if one.order else ()
                yield _Day(day=days.pop(), told=True, orders=orders, line=_number(one))


def _days(line: DayLine) -> Iterator[_Day]:
    for clause in line.clauses:
        days: list[date | None] = [*clause.days] if clause.told else [*clause.others]
        if clause.vague and not days and (clause.told or heads_numbers(clause.text)):
            days = [None]
        yield from (_Day(day=day, told=clause.told, orders=line.orders, line=line.number) for day in days)


def _number(finding: Finding) -> int:
    where = finding.evidence.where
    return int(where.rpartition(" ")[2]) if where[-1:].isdigit() else 1


def _unplaced(number: int, mail: Mail) -> Finding:
    return said_of_line(number, mail.new_text.split("\n")[number - 1], Statement.UNCLEAR, "day-of-dispatch")
