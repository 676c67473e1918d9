"""Articles that a mail says stay behind: a parcel beside them holds the one that is left, else a person must say."""

import re
from collections.abc import Sequence

from msgspec.structs import replace

from daemon.domain.finding import Finding, Parcel, Said, Statement, Trouble
from daemon.domain.identifiers import OrderKey, order_key
from daemon.domain.problem import ProblemKind
from daemon.reading.movements import LEFT
from daemon.reading.texts.mentions import Known
from daemon.reading.texts.text_lines import TextLine

_LATER = re.compile(
    r"(?!.*\b(?:teil|part))\W*(?:[\w-]+ ){0,3}(?:offen|ausstehend|rückst[aä]nd\w*|nachlieferung|folg(?:t|en)"
    r"|follow(?:s|ing)?|back[ -]?order(?:ed)?|outstanding|pending|to come|remaining|à suivre|reliquat"
    r"|da evadere|pendientes?|volgt|nalevering|do wysłania)(?: [\w-]+){0,3}\W*:\W*",
    re.IGNORECASE,
)
_STAYING = {Statement.NOT_SHIPPED, Statement.CAME_BACK, Statement.WILL_SHIP, Statement.DECLINED}
_LACKING = {ProblemKind.OUT_OF_STOCK, ProblemKind.DELAY, ProblemKind.CUSTOMS, ProblemKind.OTHER}


def without_left_behind(
    values: Sequence[Finding], said: Sequence[Finding], lines: Sequence[TextLine], known: Known
) -> list[Finding]:
    """Each parcel that names no article, or one that stays behind, with what else there is; else the mail is held.

    Several other articles lie in a single parcel of which it is said that it holds all but what stays behind, or where
    of each of them it is said that it has left. "The phone is going out, the case follows": beside what stays, what
    leaves without a day to come is what the parcel holds.
    """
    lacking = [one for line in lines for one in line.lacking]
    stays = [one.line for one in said if _stays(one) and one.line]
    behind = {known.lines.get(one, one) for one in (*stays, *_to_follow(said, values), *lacking)}
    if not behind:
        return list(values)
    orders = _orders_of(said) if not lacking and len(behind) == len(set(stays)) else None
    leaves = _said_to(Statement.SHIPPED, said, known)
    going = _said_to(Statement.WILL_SHIP, said, known)
    if not leaves and going and behind - going:
        leaves, behind = going, behind - going
    rest = sorted(set(known.lines.values()) - behind)
    single = len({one.number for one in values if isinstance(one, Parcel)}) == 1
    all_but = any(line.all_but for line in lines) or leaves.issuperset(rest)
    # "The case is going out. N" may be the case's number, and the other's.
    told = (len(rest) == 1 and not behind <= going) or (single and all_but)
    found: list[Finding] = []
    for one in values:
        if (
            not isinstance(one, Parcel)
            or _is_of_another(one, orders)
            or _lies_apart(one, behind, known)
            or _goes_with(one, said)
        ):
            found.append(one)
        elif _is_listed_in_part(one, values, rest, known) or any(_is_of(one, other, known) for other in said):
            # "Case: N - no, the driver left it" is refused when it is decided.
            found.append(one)
        elif told and one.quantity is None:
            found += [replace(one, line=line) for line in rest]
        else:
            doubt = Said(evidence=one.evidence, order=one.order, statement=Statement.PARTIAL, rule="article-not-named")
            found += [replace(one, line=None), doubt]
    return found


def without_what_follows(lines: Sequence[TextLine], said: Sequence[Finding]) -> list[TextLine]:
    """The lines of a mail; those that stand below a heading ("To follow:") list no contents of a parcel."""
    heads = {one.evidence.where for one in said if _is_heading(one)}
    later: set[int] = set()
    for line in lines:
        headed = f"mail text, line {line.number - 1}" in heads
        left = any(isinstance(value, Parcel) for _, value in line.values)
        if not left and (headed or (line.number - 1 in later and not line.blank)):
            later.add(line.number)
    if any(line.values for line in lines if line.number in later):
        return list(lines)
    return [_only_lacking(line) if line.number in later else line for line in lines]


def _only_lacking(line: TextLine) -> TextLine:
    return replace(line, places=(), pieces=(), lacking=(*line.lacking, *(one.text for one in line.places)))


def _is_heading(one: Finding) -> bool:
    """Whether a line alone says that what stands below it comes later; "partial delivery:" lists what has left."""
    if not isinstance(one, Said) or one.statement is not Statement.PARTIAL:
        return False
    return _LATER.fullmatch(one.evidence.text) is not None and LEFT.search(one.evidence.text) is None


def _is_of(parcel: Parcel, said: Finding, known: Known) -> bool:
    """Whether the very sentence that says that an article stays names this number as its own."""
    if not isinstance(said, Said) or said.statement is not Statement.NOT_SHIPPED or not (said.line and parcel.line):
        return False
    same = known.lines.get(said.line, said.line) == known.lines.get(parcel.line, parcel.line)
    return same and parcel.number in said.evidence.text


def _stays(one: Finding) -> bool:
    return (isinstance(one, Said) and one.statement in _STAYING) or (
        isinstance(one, Trouble) and one.problem in _LACKING
    )


def _is_of_another(parcel: Parcel, orders: set[OrderKey] | None) -> bool:
    """Whether what stays is of these orders, and the parcel of another."""
    return orders is not None and parcel.order is not None and order_key(parcel.order) not in orders


def _orders_of(said: Sequence[Finding]) -> set[OrderKey] | None:
    """The orders of which an article stays; None where one is named by nobody, and may be any."""
    staying = [one.order for one in said if _stays(one) and one.line]
    return {order_key(one) for one in staying if one} if all(staying) else None


def _lies_apart(parcel: Parcel, behind: set[str], known: Known) -> bool:
    """Whether it names an article of which nothing is said to stay."""
    return bool(parcel.line) and _line_of(parcel, known) not in behind


def _is_listed_in_part(parcel: Parcel, values: Sequence[Finding], rest: Sequence[str], known: Known) -> bool:
    """Whether a list of what it holds names all that does not stay, and fewer of its own article than were ordered."""
    listed = {_line_of(one, known) for one in values if isinstance(one, Parcel) and one.number == parcel.number}
    fewer = parcel.quantity is not None and parcel.quantity < known.ordered.get(_line_of(parcel, known), 0)
    return fewer and listed.issuperset(rest)


def _line_of(parcel: Parcel, known: Known) -> str:
    return known.lines.get(parcel.line or "", parcel.line or "")


def _goes_with(parcel: Parcel, said: Sequence[Finding]) -> bool:
    """Whether the number stands in the very line that says of its article that it leaves: "The case goes out, N"."""
    told = (one for one in said if isinstance(one, Said) and one.statement is Statement.WILL_SHIP and not one.until)
    return any(one.line == parcel.line and one.evidence.where == parcel.evidence.where for one in told if one.line)


def _said_to(statement: Statement, said: Sequence[Finding], known: Known) -> set[str]:
    """The articles of which this is said without a day to come."""
    told = (one for one in said if isinstance(one, Said) and one.statement is statement and not one.until)
    return {known.lines.get(one.line, one.line) for one in told if one.line}


def _to_follow(said: Sequence[Finding], values: Sequence[Finding]) -> list[str]:
    """Articles of which a sentence without a number says that a part of the order follows: "The case follows. N"."""
    numbers = [one.number for one in values if isinstance(one, Parcel)]
    return [
        one.line
        for one in said
        if isinstance(one, Said) and one.statement is Statement.PARTIAL and one.line
        if not any(number in one.evidence.text for number in numbers)
    ]
