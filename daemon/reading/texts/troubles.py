"""Each problem that a mail tells of an order, once."""

from collections.abc import Sequence
from datetime import date

from msgspec.structs import replace

from daemon.domain.finding import Finding, Said, Statement, Trouble
from daemon.domain.problem import ProblemKind


def once(findings: Sequence[Finding]) -> list[Finding]:
    """Each problem of an order once, with its new date where one sentence names it; two dates are none."""
    findings = _without_stock_delay(_without_address_delay(findings))
    dates: dict[tuple[str | None, ProblemKind], set[date]] = {}
    for one in findings:
        if isinstance(one, Trouble):
            dates.setdefault((one.order, one.problem), set()).update({one.until} if one.until else ())
    promised: dict[str | None, set[date]] = {}
    for one in findings:
        if isinstance(one, Said) and one.statement is Statement.WILL_SHIP and one.until:
            promised.setdefault(one.order, set()).add(one.until)
    for (order, problem), days in dates.items():
        # "Nothing comes of Friday. ... They go out on Thursday."
        if problem is ProblemKind.DELAY and not days:
            days.update(promised.get(order, ()))
    kept: list[Finding] = []
    seen: set[tuple[str | None, ProblemKind]] = set()
    for one in findings:
        if isinstance(one, Trouble):
            key = (one.order, one.problem)
            if key in seen:
                continue
            seen.add(key)
            only = next(iter(dates[key])) if len(dates[key]) == 1 else None
            kept.append(replace(one, until=only))
        else:
            kept.append(one)
    return kept


def _without_address_delay(findings: Sequence[Finding]) -> list[Finding]:
    """What has no right address cannot leave before it has one: that is no problem of its own, unless it has a day."""
    troubles = [one for one in findings if isinstance(one, Trouble)]
    unclear = {one.order for one in troubles if one.problem is ProblemKind.ADDRESS}
    return [
        one
        for one in findings
        if not (
            isinstance(one, Trouble) and one.problem is ProblemKind.DELAY and one.until is None and one.order in unclear
        )
    ]


def _without_stock_delay(findings: Sequence[Finding]) -> list[Finding]:
    """What is out of stock comes later, too: that is one problem, with the day that either sentence names."""
    troubles = [one for one in findings if isinstance(one, Trouble)]
    lacking = {one.order for one in troubles if one.problem is ProblemKind.OUT_OF_STOCK}
    return [
        replace(one, problem=ProblemKind.OUT_OF_STOCK)
        if isinstance(one, Trouble) and one.problem is ProblemKind.DELAY and one.order in lacking
        else one
        for one in findings
    ]
