"""Why something was decided, as a code with its values; `templates/reasons` says it in the reader's language."""

from collections.abc import Iterable

from daemon.domain.values import Value


class Reason(Value, frozen=True, kw_only=True):
    """`where` is the evidence's place when the reason is about one value; of one of several changes, its order."""

    code: str
    values: dict[str, str] = {}
    where: str = ""


def distinct(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """Each reason once, in the order of its first mention."""
    reasons = tuple(reasons)
    if len(reasons) < 2:  # noqa: PLR2004 - what is alone is distinct
        return reasons
    seen: dict[object, Reason] = {}
    for one in reasons:
        seen.setdefault((one.code, one.where, *one.values.items()), one)
    return tuple(seen.values())


def reason(code: str, where: str = "", **values: object) -> Reason:
    """A reason with its values written as text."""
    return Reason(code=code, where=where, values={name: str(value) for name, value in values.items()})
