"""What the new text of a mail claims: statements, problems, tracking numbers and devices, each with its line."""

import re
from collections.abc import Collection, Sequence
from datetime import date

from msgspec.structs import replace

from daemon.domain.document import Mail
from daemon.domain.finding import DeviceNamed, Doubt, Evidence, Finding, Parcel, RuleTrace, Said, Statement, Trouble
from daemon.domain.identifiers import TrackingNumber, order_key
from daemon.domain.problem import ProblemKind
from daemon.domain.snapshot import Context
from daemon.reading.texts.asides import with_unknown_asides
from daemon.reading.texts.attribution import attributed, subject_order
from daemon.reading.texts.beside import NOT_UNDERSTOOD
from daemon.reading.texts.corrections import corrected
from daemon.reading.texts.customs import Stretches
from daemon.reading.texts.days import dated, day_lines, impossible, to_come
from daemon.reading.texts.form_heads import with_our_orders
from daemon.reading.texts.left_behind import without_left_behind, without_what_follows
from daemon.reading.texts.leftovers import CARRIER_WITHIN, left_over, orders_left_over
from daemon.reading.texts.mentions import ORDERS_AT_MOST, Known
from daemon.reading.texts.models import other_models
from daemon.reading.texts.parcel_counts import parcels_missing
from daemon.reading.texts.statements import statements
from daemon.reading.texts.terms import other_people, other_prices
from daemon.reading.texts.text_lines import LineReader, TextLine
from daemon.reading.texts.troubles import once
from daemon.reading.texts.unknown_words import with_unknown_words
from daemon.rules.rulebook import Rulebook

FINDINGS_AT_MOST = 500
_QUOTED_SUBJECT = re.compile(r"\s{0,5}(?:(?:re|aw|antw|sv|fwd?|wg|odp|rif|tr)\s?:\s{0,5}){1,10}", re.IGNORECASE)

_STAYS = {Statement.WILL_SHIP, Statement.NOT_SHIPPED, Statement.PARTIAL, Statement.DECLINED}
# "Phone 1", "first", "1)": which of several.
_COUNTER = re.compile(
    r"(?<![0-9])[1-9](?:st|nd|rd|\.)?(?![0-9])|\b(?:erste|zweite|first|second|premi[eè]re?|deuxi[eè]me|prim[oa]|second[oea]|primer[oa]?|segund[oa]"
    r"|eerste|tweede|pierwsz[yae]|drug[iae])[nrs]?\b",
    re.IGNORECASE,
)


def text_findings(
    mail: Mail, context: Context, rulebook: Rulebook, today: date
) -> tuple[tuple[Finding, ...], tuple[RuleTrace, ...], tuple[str, ...]]:
    """The findings of a mail's subject and new text, the rules asked, and every token that may be an order number.

    `today` is the day of writing where its writer lives.
    """
    known, book = Known(context), rulebook.carrier_book
    asks = context.conversation is None or not context.conversation.name.startswith("inquiry:")
    customs, whole = Stretches(mail.new_text if asks else ""), mail.new_text
    mail = replace(mail, new_text=customs.rest) if asks else mail
    reader = LineReader(
        known,
        book,
        proven=context.proven is not None,
        carrier=book.named(mail.new_text[:CARRIER_WITHIN]),
    )
    lines = [reader.read_subject(_QUOTED_SUBJECT.sub("", mail.subject))]
    lines.extend(reader.read(line, number) for number, line in enumerate(mail.new_text.split("\n"), start=1))
    lines = with_our_orders(lines, mail.new_text, known)
    about = context.conversation.about if context.conversation else ()
    said, unheard, trace = statements(whole, lines, known, context, rulebook, today)
    lines = without_what_follows(lines, said)
    subject = subject_order(lines[0], about)
    values = _unique(_paired(list(attributed(lines, subject, about, said, known)), reader))
    values = _without_codes(values, reader.codes)
    values, said = corrected(values, said, mail.new_text)
    values = without_left_behind(
        _whole(_surely(_outnumbered(values, said, lines, known), reader.weak)), said, lines, known
    )
    page = day_lines(lines, mail, today, book)
    values, said = _in_stock(values, said, about, known)
    said = [
        *once(said, about, known),
        *parcels_missing(mail.new_text, values),
        *to_come(page, today),
    ]
    said += _links_of_others(values, reader)
    said += customs.findings(lines, subject)
    said += impossible(mail, today) if asks else []
    said = _gone_not_sold(_without_numbered(said, values))
    found = [*_of_none(said, values, about), *dated(values, said, page, mail, today, book)]
    if context.proven and context.conversation and not context.conversation.name.startswith("inquiry:"):
        words = [word for line in lines for word in line.candidates]
        found += left_over(mail.new_text, words, found, book)
        found += orders_left_over(lines, found, about, mail.new_text)
        found += other_models(mail.new_text, known)
        found += other_prices(found, mail.new_text, context.ours)
        found += other_people(found, mail.new_text, context.ours)
        found += with_unknown_words(found, mail, known, rulebook.vocabularies)
        found += with_unknown_asides(found, unheard, mail, known, rulebook)
    if reader.gave_up or len(found) > FINDINGS_AT_MOST:
        found.insert(0, Doubt(evidence=Evidence(where="mail text", text=""), code="mail_text_too_long", value=""))
    return tuple(found[:FINDINGS_AT_MOST]), tuple(trace), _orders(lines, context)


def _surely(values: Sequence[Finding], weak: Collection[TrackingNumber]) -> list[Finding]:
    """A number that only its form speaks for is not taken beside one of the same order that is beyond doubt."""
    strong = {one.order for one in values if isinstance(one, Parcel) and one.number not in weak}
    return [
        Doubt(
            evidence=one.evidence,
            order=one.order,
            code="carrier_ambiguous",
            value=one.number,
            values={"number": one.number, "carriers": one.carrier or ""},
        )
        if isinstance(one, Parcel) and one.number in weak and one.order in strong
        else one
        for one in values
    ]


def _without_codes(values: Sequence[Finding], codes: Collection[TrackingNumber]) -> list[Finding]:
    """A short number that a carrier gives beside each of its longer ones is of the same parcels."""
    parcels = [one for one in values if isinstance(one, Parcel)]
    short = {(one.number, one.order) for one in parcels if one.number in codes}
    long = {(one.number, one.order) for one in parcels if one.number not in codes}
    if len(short) != len(long) or len({one.carrier for one in parcels}) != 1:
        return list(values)
    return [one for one in values if not (isinstance(one, Parcel) and one.number in codes)]


def _without_numbered(said: Sequence[Finding], values: Sequence[Finding]) -> list[Finding]:
    """What is said, without that nothing is said of an order for which a value stands there."""
    told = {order_key(one.order) for one in values if one.order}
    return [
        one
        for one in said
        if not (isinstance(one, Said) and one.rule == NOT_UNDERSTOOD and one.order and order_key(one.order) in told)
    ]


def _of_none(said: Sequence[Finding], values: Sequence[Finding], about: Sequence[str]) -> list[Finding]:
    """What is said, without a dispatch of no order in a mail that names a number for each that we asked about."""
    left = {order_key(one.order) for one in values if isinstance(one, Parcel) and one.order}
    if len(about) < 2 or not left.issuperset(map(order_key, about)):  # noqa: PLR2004 - of one order it would be said
        return list(said)
    return [
        one for one in said if not (isinstance(one, Said) and one.statement is Statement.SHIPPED and one.order is None)
    ]


def _gone_not_sold(said: Sequence[Finding]) -> list[Finding]:
    """What is said, without that there is none of what the same words may send off: "The case is out"."""
    left = {one.evidence for one in said if isinstance(one, Said) and one.statement is Statement.SHIPPED}
    return [one for one in said if not (_is_gone(one) and one.evidence in left)]


def _is_gone(one: Finding) -> bool:
    return isinstance(one, Trouble) and one.problem is ProblemKind.OUT_OF_STOCK and one.until is None


def _links_of_others(values: Sequence[Finding], reader: LineReader) -> list[Finding]:
    """What keeps a mail back whose links lead to other numbers than those that it writes."""
    if not (reader.linked - reader.written and reader.written - reader.linked):
        return []
    odd = [one for one in values if isinstance(one, Parcel) and one.number in reader.linked - reader.written]
    return [
        Said(evidence=one.evidence, statement=Statement.UNCLEAR, rule="link-of-another-number", order=one.order)
        for one in odd[:1]
    ]


def _whole(values: Sequence[Finding]) -> list[Finding]:
    """A number that names no article is not taken beside one of the same order that does: it may hold anything."""
    parted = {one.order for one in values if isinstance(one, Parcel) and one.line}
    return [
        Doubt(evidence=one.evidence, order=one.order, code="quantity_unclear", value=one.number)
        if isinstance(one, Parcel) and one.line is None and one.quantity is None and one.order in parted
        else one
        for one in values
    ]


def _outnumbered(
    values: Sequence[Finding], said: Sequence[Finding], lines: Sequence[TextLine], known: Known
) -> list[Finding]:
    """The only parcel is not taken where nothing is said to stay, and what the mail counts contradicts its pieces.

    It holds fewer than there are IMEIs, or all of an order of which an article is counted short ("2 chargers" of 3).
    """
    numbers = {one.number for one in values if isinstance(one, Parcel)}
    devices = {one.imei for one in values if isinstance(one, DeviceNamed)}
    stays = any(isinstance(one, Trouble) or (isinstance(one, Said) and one.statement in _STAYS) for one in said)
    if len(numbers) != 1 or stays:
        return list(values)
    named = [one for line in lines for one in (*line.places, *line.spoken) if one.pieces]
    short = any((one.pieces or 0) < known.ordered.get(known.lines.get(one.text, one.text), 0) for one in named)
    return [
        Doubt(evidence=one.evidence, order=one.order, code="quantity_unclear", value=one.number)
        if isinstance(one, Parcel) and one.line is None and (one.quantity < len(devices) if one.quantity else short)
        else one
        for one in values
    ]


def _in_stock(
    values: Sequence[Finding], said: Sequence[Finding], about: Sequence[str], known: Known
) -> tuple[list[Finding], list[Finding]]:
    """The values and what is said, without the dispatch of the only piece of an order of which, it says, there is none.

    Nobody can tell which of the two is meant.
    """
    lacking = [one for one in said if isinstance(one, Trouble) and one.problem is ProblemKind.OUT_OF_STOCK]
    gone = [one for one in values if isinstance(one, Parcel)]
    if len(about) != 1 or sum(known.ordered.values()) != 1 or not (lacking and gone):
        return list(values), list(said)
    unclear = [
        Said(evidence=one.evidence, statement=Statement.UNCLEAR, rule=one.rule, order=one.order) for one in lacking
    ]
    return [one for one in values if one not in gone], [*(one for one in said if one not in lacking), *unclear]


def _paired(values: Sequence[Finding], reader: LineReader) -> list[Finding]:
    """The second IMEI of a telephone goes with its first."""
    seconds = {first: second for second, first in reader.pairs.items()}
    paired: list[Finding] = []
    for one in values:
        if not isinstance(one, DeviceNamed):
            paired.append(one)
        elif second := seconds.get(one.imei):
            paired.append(replace(one, second=second, counted=second in reader.counted))
        elif one.imei not in reader.pairs:
            paired.append(one)
    return paired


def _unique(values: Sequence[Finding]) -> list[Finding]:
    """Each number once per order; what was read somewhere is no doubt elsewhere. A device is of one line only."""
    kept: dict[tuple[object, ...], Finding] = {}
    named = {one.number for one in values if isinstance(one, Parcel) and one.order}
    for one in values:
        if isinstance(one, Parcel):
            if one.order or one.number not in named:
                kept.setdefault(("parcel", one.number, one.order, one.line), one)
        elif isinstance(one, DeviceNamed):
            first = kept.setdefault(("device", one.imei, one.order), one)
            if first is not one:
                doubt = Doubt(evidence=one.evidence, order=one.order, code="imei_named_twice", value=one.imei)
                kept.setdefault(("twice", one.imei, one.order), doubt)
                if (first.line and one.line and first.line != one.line) or _counts_another(first, one):
                    kept["device", one.imei, one.order] = doubt
        elif isinstance(one, Doubt) and one.values.get("number", one.value) not in named:
            kept.setdefault(("doubt", one.code, one.value, one.order), one)
    return list(kept.values())


def _counts_another(first: Finding, one: Finding) -> bool:
    """Whether two lines differ in no more than which of several devices they are of: "phone 1: N", "phone 2: N"."""
    said, again = first.evidence.text, one.evidence.text
    counts = said != again or len(_COUNTER.findall(said)) > 1
    return counts and _COUNTER.sub("", said) == _COUNTER.sub("", again)


def _orders(lines: Sequence[TextLine], context: Context) -> tuple[str, ...]:
    about = context.conversation.about if context.conversation else ()
    named = [one.text for line in lines for one in line.orders]
    return tuple(dict.fromkeys([*about, *named, *(one for line in lines for one in line.candidates)]))[:ORDERS_AT_MOST]
