"""What the new text of a mail claims: statements, problems, tracking numbers and devices, each with its line."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from datetime import date, datetime

from msgspec.structs import replace

from daemon.domain.document import Mail
from daemon.domain.finding import DeviceNamed, Doubt, Evidence, Finding, Parcel, RuleTrace, Said, Trouble
from daemon.domain.problem import ProblemKind
from daemon.domain.snapshot import Context
from daemon.reading.dates import promised_date
from daemon.reading.mentions import ORDERS_AT_MOST, Known, Mention, near
from daemon.reading.text_lines import LineReader, TextLine
from daemon.rules.conditions import Hit, judge
from daemon.rules.rulebook import Rulebook

EVIDENCE_AT_MOST = 200
JUDGED_AT_MOST = 256 * 1024
FINDINGS_AT_MOST = 500
_URL = re.compile(r"https?://[^\s<>]{1,2000}")
_QUOTED_SUBJECT = re.compile(r"\s{0,5}(?:(?:re|aw|antw|sv|fwd?|wg|odp|rif|tr)\s?:\s{0,5}){1,10}", re.IGNORECASE)


def text_findings(
    mail: Mail, context: Context, rulebook: Rulebook, received_at: datetime
) -> tuple[tuple[Finding, ...], tuple[RuleTrace, ...], tuple[str, ...]]:
    """The findings of a mail's subject and new text, the rules asked, and every token that may be an order number."""
    reader = LineReader(Known(context), rulebook.carriers, received_at.date(), proven=context.proven is not None)
    lines = [reader.read_subject(_QUOTED_SUBJECT.sub("", mail.subject))]
    lines.extend(reader.read(line, number) for number, line in enumerate(mail.new_text.split("\n"), start=1))
    values = _unique([value for line in lines for value in _attributed(line, lines, context)])
    said, trace = _judged(mail.new_text, lines, context, rulebook, received_at.date())
    found = [*said, *values]
    if reader.gave_up or len(found) > FINDINGS_AT_MOST:
        found.insert(0, Doubt(evidence=Evidence(where="mail text", text=""), code="mail_text_too_long", value=""))
    return tuple(found[:FINDINGS_AT_MOST]), tuple(trace), _orders(lines, context)


def _attributed(line: TextLine, lines: Sequence[TextLine], context: Context) -> list[Finding]:
    """A line's values, each with the order and the line it belongs to."""
    if not line.values:
        return []
    orders = [one for other in lines[: line.number + 1] for one in other.orders]
    places = [one for other in _paragraph(lines, line.number) for one in other.places]
    values_first = bool(line.orders) and min(start for start, _ in line.values) < line.orders[0].start
    found: list[Finding] = []
    for start, value in line.values:
        order = near(orders, line.number, start, values_first=values_first)
        held = _places_of_parcel(places, line, lines) if isinstance(value, Parcel) else places
        place = near(held, line.number, start, values_first=False)
        found.append(_owned(value, order.text if order else _subject_order(lines, context), place))
    return found


def _places_of_parcel(places: Sequence[Mention], line: TextLine, lines: Sequence[TextLine]) -> list[Mention]:
    """A parcel may hold everything: a line named above counts only where it is the one heading of its paragraph."""
    headings = [one for one in places if one.line != line.number and not lines[one.line].values]
    alone = len({one.text for one in places}) == 1
    return [one for one in places if one.line == line.number] or (headings if alone else [])


def _owned(value: Parcel | DeviceNamed | Doubt, order: str | None, place: Mention | None) -> Finding:
    return replace(value, order=order, line=place.text if place else None)


def _paragraph(lines: Sequence[TextLine], number: int) -> list[TextLine]:
    """The lines from the last blank line or order heading down to this one."""
    start = number
    while start > 1 and not lines[start - 1].blank and not (lines[start].orders and start != number):
        start -= 1
    return list(lines[start : number + 1])


def _subject_order(lines: Sequence[TextLine], context: Context) -> str | None:
    """The order that only the subject names; where we asked about one order, its name there adds nothing."""
    named = {one.text for one in lines[0].orders}
    about = context.conversation.about if context.conversation else ()
    only = next(iter(named)) if len(named) == 1 else None
    return None if only is None or about == (only,) else only


def _judged(
    text: str, lines: Sequence[TextLine], context: Context, rulebook: Rulebook, received: date
) -> tuple[list[Finding], list[RuleTrace]]:
    name = context.conversation.name if context.conversation else "order:"
    judged = text[:JUDGED_AT_MOST]
    spoken = _URL.sub(lambda link: "x" * len(link.group()), judged)
    if name.startswith("inquiry:"):
        hits, trace = judge(spoken, "inquiry", rulebook)
        page = _Page(judged, [], None)
    else:
        hits, trace = judge(spoken, "order", rulebook)
        page = _Page(judged, lines, _subject_order(lines, context))
    rivals: dict[tuple[int, int], set[object]] = {}
    for hit in hits:
        rivals.setdefault(hit.span, set()).add(hit.action)
    return [one for hit in hits for one in _of_hit(hit, page, len(rivals[hit.span]) > 1, received)], trace


class _Page:
    """Where in the judged text orders and lines are named."""

    def __init__(self, text: str, lines: Sequence[TextLine], subject: str | None) -> None:
        self.text = text
        self.subject = subject
        self.starts = [0, *(match.end() for match in re.finditer(r"\n", text))]
        self.orders = self._placed([one for line in lines[1:] for one in line.orders])
        self.places = self._placed([one for line in lines[1:] for one in line.places])

    def _placed(self, mentions: Sequence[Mention]) -> list[tuple[int, str]]:
        known = [one for one in mentions if one.line <= len(self.starts)]
        return [(self.starts[one.line - 1] + one.start, one.text) for one in known]

    def orders_of(self, span: tuple[int, int]) -> list[str]:
        """The orders that a sentence names, else the one named last before it."""
        here = _within(self.orders, span)
        earlier = [text for place, text in self.orders if place < span[0]]
        return here or earlier[-1:] or ([self.subject] if self.subject else [])

    def where(self, place: int) -> str:
        return f"mail text, line {bisect_right(self.starts, place)}"


def _within(placed: Sequence[tuple[int, str]], span: tuple[int, int]) -> list[str]:
    return list(dict.fromkeys(text for place, text in placed if span[0] <= place < span[1]))


def _of_hit(hit: Hit, page: _Page, contested: bool, received: date) -> list[Finding]:
    sentence = page.text[hit.span[0] : hit.span[1]]
    evidence = Evidence(where=page.where(hit.span[0]), text=" ".join(sentence.split())[:EVIDENCE_AT_MOST])
    orders = page.orders_of(hit.span)
    if len(orders) > 1 and contested:
        named = ", ".join(orders)
        return [Doubt(evidence=evidence, code="order_ambiguous", value=named, values={"orders": named})]
    until = promised_date(sentence, received)
    owners: list[str | None] = [*orders] or [None]
    lined: list[str | None] = [*_within(page.places, hit.span)] or [None]
    return [_claim(hit, evidence, order, line, until) for order in owners for line in lined]


def _claim(hit: Hit, evidence: Evidence, order: str | None, line: str | None, until: date | None) -> Finding:
    if hit.action.say is not None:
        return Said(evidence=evidence, order=order, line=line, statement=hit.action.say, rule=hit.rule)
    problem = hit.action.problem or ProblemKind.OTHER
    return Trouble(evidence=evidence, order=order, line=line, problem=problem, until=until, rule=hit.rule)


def _unique(values: Sequence[Finding]) -> list[Finding]:
    """Each number once per order; what was read somewhere is no doubt elsewhere."""
    kept: dict[tuple[object, ...], Finding] = {}
    named = {one.number for one in values if isinstance(one, Parcel) and one.order}
    for one in values:
        if isinstance(one, Parcel):
            if one.order or one.number not in named:
                kept.setdefault(("parcel", one.number, one.order), one)
        elif isinstance(one, DeviceNamed):
            kept.setdefault(("device", one.imei, one.order), one)
        elif isinstance(one, Doubt) and one.values.get("number", one.value) not in named:
            kept.setdefault(("doubt", one.code, one.value, one.order), one)
    return list(kept.values())


def _orders(lines: Sequence[TextLine], context: Context) -> tuple[str, ...]:
    about = context.conversation.about if context.conversation else ()
    named = [one.text for line in lines for one in line.orders]
    return tuple(dict.fromkeys([*about, *named, *(one for line in lines for one in line.candidates)]))[:ORDERS_AT_MOST]
