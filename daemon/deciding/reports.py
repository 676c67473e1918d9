"""What is reported by itself: quality figures each month, warnings before a threshold is crossed, a digest each day."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from daemon.domain.effect import Effect, SendMail, TellOperator, WriteFile
from daemon.domain.partner import Partner
from daemon.domain.policy import Policy
from daemon.domain.quality import Figure, FigureState
from daemon.domain.reason import Reason, reason
from daemon.domain.values import Json
from daemon.rules.rulebook import Rulebook

COLUMNS = ("month", "seller", "metric", "numerator", "denominator", "value", "threshold", "state")
_OPERATOR = "operator"


def monthly(
    figures: Sequence[Figure], rulebook: Rulebook, policy: Policy, month: str, left_alone: Collection[str] = ()
) -> list[Effect]:
    """The month's figures: everything to the operator, and to every seller his own, by mail and as a file.

    Who is `left_alone` wants no mail, and finds them in the file.
    """
    counted = [one for one in figures if one.denominator]
    if not counted:
        return []
    effects: list[Effect] = [_file(counted, _OPERATOR, month), _report(_striking(counted), None, policy, month)]
    for seller in dict.fromkeys(one.seller for one in counted if one.seller):
        partner = rulebook.partner(seller)
        if partner:
            own = [one for one in counted if one.seller == seller]
            effects.append(_file(own, partner.party, month))
            wanted = partner.address and partner.id not in left_alone
            effects += [_report(own, partner, policy, month)] if wanted else []
    return effects


def _striking(figures: Sequence[Figure]) -> list[Figure]:
    """What a person reads of everybody's figures: those of all together, and whose he must look at, the worst first."""
    worrying_ones = sorted(worrying(figures), key=lambda one: one.state is not FigureState.BREACHED)
    return [*(one for one in figures if not one.seller), *worrying_ones]


def _file(figures: Iterable[Figure], party: str, month: str) -> WriteFile:
    rows = tuple(
        (
            month,
            one.seller or "",
            one.metric,
            str(one.numerator),
            str(one.denominator),
            "" if one.value is None else str(one.value),
            str(one.threshold),
            one.state.value,
        )
        for one in figures
    )
    return WriteFile(key=f"quality:{month}:{party}", party=party, kind="quality", columns=COLUMNS, rows=rows)


def _report(figures: Iterable[Figure], partner: Partner | None, policy: Policy, month: str) -> SendMail:
    lines: list[Json] = [_line(_figure(one, own=partner is not None)) for one in figures]
    data: dict[str, Json] = {"month": f"{month}-01", "lines": lines}
    return _mail(f"quality:{month}", "quality-report", partner, policy, data)


def _mail(key: str, template: str, partner: Partner | None, policy: Policy, data: dict[str, Json]) -> SendMail:
    """A mail to a partner as such, or to the operator."""
    name = partner.id if partner else _OPERATOR
    return SendMail(
        key=f"{key}:{name}",
        template=template,
        to=partner.address if partner else policy.operator,
        language=partner.language if partner else policy.language,
        conversation=f"partner:{name}:{name}" if partner else _OPERATOR,
        about=(),
        partner=partner.id if partner else None,
        data={**data, "partner": {"name": partner.name} if partner else None},
    )


def _figure(one: Figure, *, own: bool = False) -> Reason:
    """A figure in words; whose it is need not be said to him whose `own` it is."""
    return reason(
        "figure_of_own" if own else "figure" if one.seller else "figure_of_all",
        seller=one.seller or "",
        metric=one.metric,
        share=_percent(one),
        numerator=one.numerator,
        denominator=one.denominator,
        good=one.good,
        threshold=f"{one.threshold * 100:.4g}",
        state=one.state,
    )


def _percent(one: Figure) -> str:
    return "-" if one.value is None else f"{one.value * 100:.2f}"


def _line(said: Reason) -> dict[str, Json]:
    return {"code": said.code, "values": dict(said.values), "where": "", "about": []}


def warning_key(one: Figure, month: str) -> str:
    """A figure is warned of once in a month, and once more when it gets worse."""
    return f"quality-warning:{month}:{one.seller}:{one.metric}:{one.state}"


def worrying(figures: Iterable[Figure]) -> list[Figure]:
    """A seller's figures that come near a threshold or are past it."""
    return [one for one in figures if one.seller and one.state in {FigureState.WARNING, FigureState.BREACHED}]


def warnings(
    figures: Sequence[Figure], rulebook: Rulebook, policy: Policy, day: date, left_alone: Collection[str] = ()
) -> list[Effect]:
    """Whose figures these are hears of all of them in one mail; the operator hears of each."""
    effects: list[Effect] = [TellOperator(key=warning_key(one, f"{day:%Y-%m}"), reason=_figure(one)) for one in figures]
    for seller in dict.fromkeys(one.seller for one in figures):
        partner = rulebook.partner(seller or "")
        if partner and partner.address and partner.id not in left_alone:
            own = [one for one in figures if one.seller == seller]
            breached = any(one.state is FigureState.BREACHED for one in own)
            data: dict[str, Json] = {"breached": breached, "lines": [_line(_figure(one, own=True)) for one in own]}
            effects.append(_mail(f"quality-warning:{day}", "quality-warning", partner, policy, data))
    return effects


def digest(day: str, waiting: Sequence[Reason], done: Mapping[str, int], taken_in: int, policy: Policy) -> list[Effect]:
    """What needs a person and what was done since yesterday; nothing on a day on which there is neither.

    `done` counts the mails that have left by their template.
    """
    if not (waiting or done or taken_in):
        return []
    did = [reason("digest_taken_in", count=taken_in)] if taken_in else []
    did += [reason("digest_mailed", template=template, count=count) for template, count in sorted(done.items())]
    data: dict[str, Json] = {"day": day, "waiting": [_line(one) for one in waiting], "did": [_line(one) for one in did]}
    return [_mail(f"digest:{day}", "digest", None, policy, data)]
