"""Each problem that a mail tells of an order, once."""

from collections.abc import Sequence
from datetime import date

from msgspec.structs import replace

from daemon.domain.finding import Finding, Said, Statement, Trouble
from daemon.domain.identifiers import OrderKey, order_key
from daemon.domain.problem import ProblemKind


def once(findings: Sequence[Finding], about: Sequence[str], *, of_one_article: bool) -> list[Finding]:
    """Each problem of an order once, with its new date where one sentence names it; two dates are none.

    A sentence that names no order speaks of the only one that we asked about. What is missing is what leaves later only
    where we asked about one article.
    """
    sole = order_key(about[0]) if len(about) == 1 else None
    findings = _without_stock_delay(_without_address_delay(findings, sole), sole)
    dates: dict[tuple[OrderKey | None, ProblemKind], set[date]] = {}
    for one in findings:
        if isinstance(one, Trouble):
            dates.setdefault((_meant(one, sole), one.problem), set()).update({one.until} if one.until else ())
    promised: dict[OrderKey | None, set[date]] = {}
    for one in findings:
        if isinstance(one, Said) and one.statement is Statement.WILL_SHIP and one.until:
            promised.setdefault(_meant(one, sole), set()).add(one.until)
    for (order, problem), days in dates.items():
        # "Nothing comes of Friday. ... They go out on Thursday."
        if not days and (problem is ProblemKind.DELAY or (problem is ProblemKind.OUT_OF_STOCK and of_one_article)):
            days.update(promised.get(order, ()))
    kept: list[Finding] = []
    seen: set[tuple[OrderKey | None, ProblemKind]] = set()
    for one in findings:
        if isinstance(one, Trouble):
            key = (_meant(one, sole), one.problem)
            if key in seen:
                continue
            seen.add(key)
            only = next(iter(dates[key])) if len(dates[key]) == 1 else None
            kept.append(replace(one, until=only))
        else:
            kept.append(one)
    return kept


def _meant(one: Trouble | Said, sole: OrderKey | None) -> OrderKey | None:
    return order_key(one.order) if one.order else sole


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
