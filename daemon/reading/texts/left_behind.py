"""Articles that a mail says stay behind: a parcel beside them holds the one that is left, else a person must say."""

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from daemon.domain.finding import Finding, Parcel, Said, Statement, Trouble
from daemon.domain.problem import ProblemKind
from daemon.reading.texts.mentions import Known

_STAYING = {Statement.NOT_SHIPPED, Statement.WILL_SHIP, Statement.DECLINED}
_LACKING = {ProblemKind.OUT_OF_STOCK, ProblemKind.DELAY, ProblemKind.CUSTOMS, ProblemKind.OTHER}


def without_left_behind(
    values: Sequence[Finding], said: Sequence[Finding], lacking: Iterable[str], known: Known
) -> list[Finding]:
    """Each parcel that names no article, or one that stays behind, with the only other one; else the mail is held."""
    stays = [one.line for one in said if _stays(one) and one.line]
    behind = {known.lines.get(one, one) for one in (*stays, *_to_follow(said, values), *lacking)}
    if not behind:
        return list(values)
    rest = sorted(set(known.lines.values()) - behind)
    found: list[Finding] = []
    for one in values:
        if not isinstance(one, Parcel) or (one.line and known.lines.get(one.line, one.line) not in behind):
            found.append(one)
        elif len(rest) == 1 and one.quantity is None:
            found.append(replace(one, line=rest[0]))
        else:
            doubt = Said(evidence=one.evidence, order=one.order, statement=Statement.PARTIAL, rule="article-not-named")
            found += [replace(one, line=None), doubt]
    return found


def _stays(one: Finding) -> bool:
    return (isinstance(one, Said) and one.statement in _STAYING) or (
        isinstance(one, Trouble) and one.problem in _LACKING
    )


def _to_follow(said: Sequence[Finding], values: Sequence[Finding]) -> list[str]:
    """Articles of which a sentence without a number says that a part of the order follows: "The case follows. N"."""
    numbers = [one.number for one in values if isinstance(one, Parcel)]
    return [
        one.line
        for one in said
        if isinstance(one, Said) and one.statement is Statement.PARTIAL and one.line
        if not any(number in one.evidence.text for number in numbers)
    ]
