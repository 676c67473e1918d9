"""What the sentences of a mail say, and about which orders and lines."""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import date

from msgspec.structs import replace

from daemon.domain.finding import Doubt, Evidence, Finding, RuleTrace, Said, Statement, Trouble, Unread
from daemon.domain.problem import ProblemKind
from daemon.domain.snapshot import Context
from daemon.reading.dates import days_named
from daemon.reading.days_after import counts_in_vain
from daemon.reading.movements import LEAVES, WENT
from daemon.reading.texts.asides import Silent, silent
from daemon.reading.texts.beside import (
    arrivals,
    leaves_late,
    of_asking_the_buyer,
    of_what_is_gone,
    of_what_stays,
    silent_on,
    without_courtesies,
    without_reasons,
)
from daemon.reading.texts.discontinued import is_discontinued
from daemon.reading.texts.idle_columns import without_idle_columns
from daemon.reading.texts.languages import without_foreign_doubts
from daemon.reading.texts.mentions import Known
from daemon.reading.texts.other_days import is_of_another_order, is_of_the_reason, offers_days, sends_another
from daemon.reading.texts.page import Page
from daemon.reading.texts.promises import (
    EXPECTS,
    day_in,
    day_of_leaving,
    hinges,
    is_for_a_day,
    is_missed,
    is_of_a_sale,
    is_past,
    says_otherwise,
    says_untold_day,
    was_meant,
)
from daemon.reading.texts.quantities import few_in, speaks_of_the_other_one
from daemon.reading.texts.text_lines import TextLine
from daemon.reading.texts.troubles import DATED
from daemon.reading.texts.unread import Left, unread
from daemon.rules.conditions import Hit, judge
from daemon.rules.rulebook import Rulebook

WORDS_AT_MOST = 100
OPENING_AT_MOST = 300
JUDGED_AT_MOST = 256 * 1024
_URL = re.compile(r"https?://[^\s<>]{1,2000}")
_OF_TIME = {Statement.WILL_SHIP, Statement.NOT_SHIPPED, Statement.PARTIAL}
_ALL_ORDERS = re.compile(
    r"\b(?:beide[nr]?|alle[nr]?|(?:die|de) (?:beiden|beide|zwei|zwoa|zwee|twee|2)|both|all|the two|toutes"
    r"|(?:toutes )?les (?:deux|2)|los dos|obydwa|oba|wszystkie|tutti|entrambi"
    r"|todos|ambos)(?: (?:der|of|the|les|los|gli|i|twee|twej|dwa)){0,2}"
    r" (?:bestellungen|aufträgen?|orders|commandes|zamówienia|ordini|pedidos|bestellingen)\b",
    re.IGNORECASE,
)
# Of two orders: "Both will go tomorrow", not "both phones".
_BOTH_ORDERS = re.compile(
    r"\bboth(?: (?:are|were|have|has|will|go|going|leave|leaving|left|ship|shipping|shipped|sent|d[ei]spatched|out|off"
    r"|on|in|away|gone|fine|ok|okay|good|noted|confirmed|accepted|received|packed|booked|scheduled|boxed|labelled|collected|arranged|done|ready|with|by|to|today|tomorrow"
    r"|of (?:these|them|those)(?! \w*(?:phone|case|device|handset)))\b|['\u2019,]|\W*$)",
    re.IGNORECASE,
)
# "Bien reçu les deux", "beide goed ontvangen".
_PAIR = re.compile(
    r"\b(?:re[cç]u(?:es)?|not[eé](?:es)?|ok(?: pour)?|d['\u2019]accord pour) les deux\b"
    r"(?! (?:\w+phones?|coques?|appareils?))"
    r"|^\W*les deux (?:sont|partent|partiront|seront)\b"
    r"|^\W*beides? (?:gehen|geht|sind|ist|is|werden|wird|wurden|kommen|kommt|raus|versende\w*|verschick\w*|heute|morgen"
    r"|erhalten|bekommen|angekommen|notiert|gesehen|eingegangen"
    r"|ok)\b"
    r"|^\W*(?:los dos|ambos) (?:salen|saldrán|van|están|quedan|confirmad\w+|enviad\w+)\b"
    r"|^\W*(?:entrambi|tutti e due) (?:partono|partiranno|sono|vanno|confermat\w+|spedit\w+)\b"
    r"|^\W*(?:oba|obydwa|obie) (?:wy\w+|są|będą|zostaną|id[ąa]|potwierdz\w+|jutro|dzisiaj|dziś)\b"
    r"|^\W*(?:beide|allebei) (?:goed ontvangen|ontvangen|genoteerd|akkoord|gaan|worden|zijn)\b",
    re.IGNORECASE,
)
# "Got both of these, thanks. One goes tomorrow."
_ONE_OF_THEM = re.compile(
    r"\b(?:eine?[rnms]?|eins|erste[rnms]?|zweite[rnms]?|andere[rnms]?|rest|nur|one|first|second|other|rest|only|une?|premi\w+|deuxième"
    r"|autre|seulement|un[ao]|prim[oa]|second[oa]|altr[oa]|solo|primer[oa]?|segund[oa]|otr[oa]|eerste|tweede|[eé]én|alleen"
    r"|jed\w+|pierwsz\w+|drug\w+|tylko)\b",
    re.IGNORECASE,
)
_THE_REST = re.compile(
    r"\b(?:(?:der|den|the|le|el|il|de) (?:rest[eo]?|reste|resto|remainder)|(?:die|das|the|les|los|las|le|gli|i|de)"
    r" (?:restliche[ns]?|[uü]brigen|remaining|restant\w+|rimanent\w+|resterende|overige)|reszt[aęy]|pozostał\w+)\b",
    re.IGNORECASE,
)
_OTHER_ORDER = re.compile(
    r"\b(?:andere[nrs]?|übrige[nr]?|zweite[nrs]?|other|second|autre|seconde?|deuxième|drug(?:ie|iego)|inne|altro|secondo|otro"
    r"|segundo|tweede) (?:bestellung|auftrag|order|one|commande|zamówieni[ea]|ordine|pedido|bestelling)\b",
    re.IGNORECASE,
)


def statements(
    text: str, lines: Sequence[TextLine], known: Known, context: Context, rulebook: Rulebook, received: date
) -> tuple[list[Finding], list[Silent], list[RuleTrace]]:
    """The claims of every sentence that a reply rule hits, the sentences that none does, and the rules asked.

    A sentence that speaks of several articles, each in its own way, names none.
    """
    judged = text[:JUDGED_AT_MOST]
    spoken = _URL.sub(lambda link: "x" * len(link.group()), judged)
    left: list[Left] = []
    if context.conversation and context.conversation.name.startswith("inquiry:"):
        page = Page(judged, [], known, context, received)
        # "OK" is no more than contact in an answer to anything else.
        hits, trace = judge(spoken, "any" if context.conversation.asks_to_confirm else "inquiry", rulebook)
        left = unread(spoken, hits, rulebook)
    else:
        page = Page(judged, lines, known, context, received)
        hits, trace = judge(without_idle_columns(page.parted(spoken)), "order", rulebook)
    hits = without_foreign_doubts(hits, spoken)
    unheard = silent(spoken, hits, page)
    hits = of_what_stays(hits, page)
    page.promises = [hit.span[0] for hit in hits if hit.action.say is Statement.WILL_SHIP]
    told = [(hit, _of_hit(hit, page, received)) for hit in hits if hit.action.say is not Statement.NOTHING]
    late = {hit.span[0] for hit, found in told if any(leaves_late(one) for one in found)}
    cautions = rulebook.cautions
    told = [(hit, found) for hit, found in told if hit.rule not in cautions or not page.gives_reason(hit.span, late)]
    told = without_reasons(told, cautions, page, received)
    told = [(hit, _alone(found) if page.is_of_one(hit.span) else found) for hit, found in told]
    told = of_asking_the_buyer(of_what_is_gone(told, cautions, judged), cautions, page)
    findings = [one for _, found in without_courtesies(told, rulebook.courtesies) for one in found]
    new_dates = {(one.order, one.until) for one in findings if isinstance(one, Trouble) and one.until}
    kept = [one for one in findings if not _only_expects(one, new_dates, received)]
    kept += [*arrivals(judged, kept, page, received), *silent_on(page, hits, kept)]
    return [*_with_the_rest(kept), *(_unread(one, page) for one in left)], unheard, trace


def _with_the_rest(found: Sequence[Finding]) -> list[Finding]:
    """What is said, where "the rest has left" is of all that nobody had sent so far."""
    gone = {one.evidence for one in found if isinstance(one, Said) and one.statement is Statement.SHIPPED}
    return [
        replace(one, rest=_THE_REST.search(one.evidence.text) is not None)
        if isinstance(one, Said) and one.statement is Statement.PARTIAL and one.evidence in gone
        else one
        for one in found
    ]


def _alone(found: Sequence[Finding]) -> list[Finding]:
    """What nobody understands of one order, of which alone its sentence speaks."""
    return [
        replace(one, alone=True) if isinstance(one, Said) and one.statement is Statement.UNCLEAR else one
        for one in found
    ]


def _unread(left: Left, page: Page) -> Finding:
    return Unread(evidence=page.evidence(left.span), words=left.words[:WORDS_AT_MOST], beside=left.beside)


def _only_expects(finding: Finding, new_dates: AbstractSet[tuple[str | None, date | None]], received: date) -> bool:
    """Whether a sentence is unclear only as it expects the new date of a problem: "probably on Friday"."""
    if not isinstance(finding, Said) or finding.statement is not Statement.UNCLEAR:
        return False
    said = finding.evidence.text
    return EXPECTS.search(said) is not None and (finding.order, day_in(said, received)) in new_dates


def _of_hit(hit: Hit, page: Page, received: date) -> list[Finding]:
    sentence = page.sentence(hit.span)
    evidence = page.evidence(hit.span)
    here = page.orders_in(hit.span)
    orders: list[str | None] = [*dict.fromkeys(one.text for one in here or page.orders_in(page.below(hit.span)))]
    orders = orders or [page.order_above(hit.span[0])]
    if not here and len(page.about) > 1:
        if _are_all_meant(page.so_far(hit.span), len(page.about)) or _are_meant_above(page, hit.span):
            orders = [*page.about]
        elif _OTHER_ORDER.search(sentence):
            return [_ambiguous(evidence, page.about)]
    if len({one.group for one in here}) > 1 and len(orders) > 1:
        return [_ambiguous(evidence, [one.text for one in here])]
    sold = hit.action.problem is ProblemKind.OUT_OF_STOCK and is_of_a_sale(sentence)
    explained = hit.action.problem in DATED and is_of_the_reason(page.whole(hit.span))
    day = None if sold or explained else day_in(sentence, received)
    if day is None and hit.action.say is Statement.PARTIAL:
        day = page.day_below(hit.span, received)
    until = page.new_date(hit.span, received)
    if hit.action.problem is ProblemKind.OUT_OF_STOCK:
        until = page.day_before(hit.span, received) if until in {None, received} else until
    given_up = hit.action.problem is ProblemKind.DELAY and (
        is_missed(sentence) or _then_leaves(page, hit.span, day, until)
    )
    until = until if day is None or given_up else day
    if hit.action.problem is ProblemKind.CUSTOMS and sends_another(page.beside(hit.span)):
        day = until = None
    places = page.places_in(hit.span)
    named = [*dict.fromkeys(one.text for one in places)] if len({one.group for one in places}) == 1 else []
    lines: list[str | None] = [*named] or [None]
    claim = _judged(hit, page, evidence, day, until, received)
    return [replace(claim, order=order, line=line) for order in orders for line in lines]


def _judged(
    hit: Hit, page: Page, evidence: Evidence, day: date | None, until: date | None, received: date
) -> Said | Trouble:
    """What a sentence claims, without a day that it leaves open; what hangs on anything or is another's is unclear."""
    sentence = page.sentence(hit.span)
    open_day = offers_days(page.whole(hit.span))
    if open_day:
        day = until = None
    if open_day and hit.action.problem is ProblemKind.DELAY:
        claim: Said | Trouble = Trouble(evidence=evidence, problem=ProblemKind.DELAY, rule=hit.rule)
    else:
        claim = _claim(hit, sentence, evidence, day, until, received)
    elsewhere = len(page.about) == 1 and is_of_another_order(sentence)
    promised = _promised(claim)
    if (
        (elsewhere and promised)
        or (open_day and promised is Statement.WILL_SHIP)
        or (_is_undated(claim) and says_otherwise(page.so_far(hit.span)))
        or (_is_no(claim) and is_discontinued(sentence) and page.has_promised(hit.span))
    ):
        return Said(evidence=evidence, statement=Statement.UNCLEAR, rule=hit.rule)
    return claim


def _promised(claim: Said | Trouble) -> Statement | None:
    """That something will leave, or a part of it."""
    if isinstance(claim, Said) and claim.statement in {Statement.WILL_SHIP, Statement.PARTIAL}:
        return claim.statement
    return None


def _is_no(claim: Said | Trouble) -> bool:
    """That nothing leaves, as there is none or as somebody does not want to."""
    if isinstance(claim, Trouble):
        return claim.problem is ProblemKind.OUT_OF_STOCK
    return claim.statement is Statement.DECLINED


def _is_undated(claim: Said | Trouble) -> bool:
    return isinstance(claim, Trouble) and claim.problem is ProblemKind.DELAY and claim.until is None


def _then_leaves(page: Page, span: tuple[int, int], day: date | None, until: date | None) -> bool:
    """Whether the next sentence sends on what this one only waits for: "It comes on Monday. I send it on Tuesday"."""
    sentence, following = page.text[slice(*span)], page.text[slice(*page.following(span))]
    later = day is not None and until is not None and until > day
    return later and not LEAVES.search(sentence) and LEAVES.search(following) is not None


def _are_all_meant(sentence: str, orders: int) -> bool:
    """Whether a sentence without a number speaks of all orders of the conversation."""
    both = (_BOTH_ORDERS.search(sentence) or _PAIR.search(sentence)) if orders == 2 else None  # noqa: PLR2004 - a pair
    return both is not None or _ALL_ORDERS.search(sentence) is not None


def _are_meant_above(page: Page, span: tuple[int, int]) -> bool:
    """Whether a mail that names no order began with all of them, and the sentence does not turn to one."""
    before = page.text[: span[0]][:OPENING_AT_MOST]
    told = not page.orders and page.subject is None and _are_all_meant(before, len(page.about))
    return told and not page.names_a_thing(span) and _ONE_OF_THEM.search(page.so_far(span)) is None


def _cannot_choose(day: date | None, sentence: str) -> bool:
    """Whether a sentence names several days, of which none is the one that counts."""
    return day is None and (days_named(sentence) > 1 or counts_in_vain(sentence))


def _ambiguous(evidence: Evidence, orders: Sequence[str]) -> Doubt:
    named = ", ".join(dict.fromkeys(orders))
    return Doubt(evidence=evidence, code="order_ambiguous", value=named, values={"orders": named})


def _claim(
    hit: Hit, sentence: str, evidence: Evidence, day: date | None, until: date | None, received: date
) -> Said | Trouble:
    if hit.action.say is not None:
        vague = _cannot_choose(day, sentence) or (day is None and says_untold_day(sentence))
        over = day is not None and day < received and not WENT.search(sentence)
        if hit.action.say is Statement.WILL_SHIP and (vague or over):
            return Said(evidence=evidence, statement=Statement.UNCLEAR, rule=hit.rule)
        gone = hit.action.say is Statement.PARTIAL and (is_past(sentence) or is_of_a_sale(sentence))
        gone = gone or (hit.action.say is not Statement.WILL_SHIP and was_meant(sentence))
        of_time = hit.action.say in _OF_TIME or (hit.action.say is Statement.ACCEPTED and is_for_a_day(sentence))
        open_day = gone or not of_time or hinges(sentence)
        own = None if open_day else day_of_leaving(sentence, day, received)
        one = 1 if hit.action.say is Statement.PARTIAL and speaks_of_the_other_one(sentence) else None
        one = few_in(sentence) or 1 if hit.action.say is Statement.SCARCE else one
        return Said(evidence=evidence, statement=hit.action.say, rule=hit.rule, until=own, quantity=one)
    problem = hit.action.problem or ProblemKind.OTHER
    if until is None and _cannot_choose(day, sentence):
        return Said(evidence=evidence, statement=Statement.UNCLEAR, rule=hit.rule)
    leaving = day is not None and day == until and LEAVES.search(sentence) is not None
    return Trouble(evidence=evidence, problem=problem, until=until, leaving=leaving, rule=hit.rule)
