"""Each problem that a mail tells of an order, once."""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import date

from msgspec.structs import replace

from daemon.domain.finding import Finding, Said, Statement, Trouble
from daemon.domain.identifiers import OrderKey, order_key
from daemon.domain.problem import ProblemKind
from daemon.reading.texts.mentions import Known

# What waits at customs on its way to the buyer, and not what has yet to come in.
_PARCEL = re.compile(
    r"pa[kc]k?et|pacz|parcel|package|sendung|shipment|consignment|colis|envoi|pacc[oh]|spedizion|paquete|env[ií]o|zending"
    r"|przesy[łl]k",
    re.IGNORECASE,
)
DATED = {ProblemKind.DELAY, ProblemKind.OUT_OF_STOCK}
"""The problems that may end on a day."""


def once(findings: Sequence[Finding], about: Sequence[str], known: Known) -> list[Finding]:
    """Each problem of an order once, with its new date where one sentence names it; two dates are none.

    A sentence that names no order speaks of the only one that we asked about. What is missing is what leaves later only
    where we asked about one article.
    """
    sole = order_key(about[0]) if len(about) == 1 else None
    findings = _late_by_customs(findings, sole)
    findings = _without_stock_delay(_without_address_delay(findings, sole), sole)
    findings = _dated_by_promises(findings, sole, known)
    dates: dict[tuple[OrderKey | None, ProblemKind], set[date]] = {}
    for one in findings:
        if isinstance(one, Trouble):
            dates.setdefault((_meant(one, sole), one.problem), set()).update({one.until} if one.until else ())
    kept: list[Finding] = []
    seen: set[tuple[OrderKey | None, ProblemKind]] = set()
    for one in findings:
        if isinstance(one, Trouble):
            key = (_meant(one, sole), one.problem)
            if key in seen:
                continue
            seen.add(key)
            until = next(iter(dates[key])) if len(dates[key]) == 1 else None
            kept.append(replace(one, until=until))
        else:
            kept.append(one)
    return kept


def _meant(one: Trouble | Said, sole: OrderKey | None) -> OrderKey | None:
    return order_key(one.order) if one.order else sole


def _late_by_customs(findings: Sequence[Finding], sole: OrderKey | None) -> list[Finding]:
    """What waits at customs and is yet to be sent is late: "the goods are stuck in customs, we send them Tuesday"."""
    to_leave = {_meant(one, sole) for one in findings if isinstance(one, Trouble | Said) and _is_yet_to_leave(one)}
    gone = {_meant(one, sole) for one in findings if isinstance(one, Said) and one.statement is Statement.SHIPPED}
    return [
        replace(one, problem=ProblemKind.DELAY)
        if isinstance(one, Trouble)
        and one.problem is ProblemKind.CUSTOMS
        and not _PARCEL.search(one.evidence.text)
        and _meant(one, sole) in to_leave - gone
        else one
        for one in findings
    ]


def _is_yet_to_leave(one: Trouble | Said) -> bool:
    return one.problem is ProblemKind.DELAY if isinstance(one, Trouble) else one.statement is Statement.WILL_SHIP


def _dated_by_promises(findings: Sequence[Finding], sole: OrderKey | None, known: Known) -> list[Finding]:
    """The problems, with the day on which another sentence sends what they speak of.

    "Nothing comes of Friday. They go out on Thursday", "Sold out. New ones come on Monday. We ship on Tuesday".
    """
    of_one_article = len(set(known.lines.values())) == 1
    # Of one piece there are no parts: "the battery by Tuesday, and the phone then leaves on Wednesday".
    leaving = {Statement.WILL_SHIP, *([Statement.PARTIAL] if sum(known.ordered.values()) == 1 else [])}
    promised: dict[OrderKey | None, set[tuple[str | None, date]]] = {}
    for one in findings:
        if isinstance(one, Said) and one.statement in leaving and one.until:
            promised.setdefault(_meant(one, sole), set()).add((one.line, one.until))
    return [
        _dated(one, promised.get(_meant(one, sole), set()), of_one_article=of_one_article)
        if isinstance(one, Trouble) and one.problem in DATED and not one.leaving
        else one
        for one in findings
    ]


def _dated(trouble: Trouble, promised: AbstractSet[tuple[str | None, date]], *, of_one_article: bool) -> Trouble:
    late = trouble.problem is ProblemKind.DELAY and trouble.until is None
    days = {day for line, day in promised if late or (line == trouble.line and (line or of_one_article))}
    if len(days) != 1:
        return trouble
    return replace(trouble, until=max(*days, trouble.until or date.min))


def _without_address_delay(findings: Sequence[Finding], sole: OrderKey | None) -> list[Finding]:
    """What has no right address cannot leave before it has one: that is no problem of its own, unless it has a day."""
    troubles = [one for one in findings if isinstance(one, Trouble)]
    unclear = {_meant(one, sole) for one in troubles if one.problem is ProblemKind.ADDRESS}
    return [
        one
        for one in findings
        if not (
            isinstance(one, Trouble)
            and one.problem is ProblemKind.DELAY
            and one.until is None
            and _meant(one, sole) in unclear
        )
    ]


def _without_stock_delay(findings: Sequence[Finding], sole: OrderKey | None) -> list[Finding]:
    """What is out of stock comes later, too: that is one problem, with the day that either sentence names."""
    troubles = [one for one in findings if isinstance(one, Trouble)]
    lacking = {_meant(one, sole) for one in troubles if one.problem is ProblemKind.OUT_OF_STOCK}
    return [
        replace(one, problem=ProblemKind.OUT_OF_STOCK)
        if isinstance(one, Trouble) and one.problem is ProblemKind.DELAY and _meant(one, sole) in lacking
        else one
        for one in findings
    ]
