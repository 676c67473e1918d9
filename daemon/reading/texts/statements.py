"""What the sentences of a mail say, and about which orders and lines."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from itertools import pairwise

from msgspec.structs import replace

from daemon.domain.finding import Doubt, Evidence, Finding, RuleTrace, Said, Statement, Trouble, Unread
from daemon.domain.problem import ProblemKind
from daemon.domain.snapshot import Context
from daemon.domain.values import Value
from daemon.reading.movements import LEAVES, WENT
from daemon.reading.texts.attribution import subject_order
from daemon.reading.texts.dates import days_named
from daemon.reading.texts.idle_columns import without_idle_columns
from daemon.reading.texts.mentions import Known, Mention, are_listed
from daemon.reading.texts.promises import (
    EXPECTS,
    TURN,
    day_in,
    day_of_leaving,
    is_missed,
    is_of_a_sale,
    is_past,
    is_today,
    promised_next,
    says_untold_day,
    was_meant,
)
from daemon.reading.texts.text_lines import TextLine
from daemon.reading.texts.things import REST, things
from daemon.reading.texts.unread import Left, unread
from daemon.rules.conditions import Hit, judge
from daemon.rules.rulebook import Rulebook

EVIDENCE_AT_MOST = 200
WORDS_AT_MOST = 100
BLOCK_AT_MOST = 1000
HEADINGS_AT_MOST = 10
JUDGED_AT_MOST = 256 * 1024
_URL = re.compile(r"https?://[^\s<>]{1,2000}")
# Between two orders of one sentence: where what is said of the one ends and what is said of the other begins.
_SENTENCE_END = re.compile(r"[.!?](?=\s)(?<![0-9]\.)|\n\s*\n")
_CONDITION = re.compile(
    r"\b(?:wenn|falls|sobald|sofern|bevor|if|once|as soon as|when|unless|before|si|dès que|lorsque|quand|avant|jeśli"
    r"|jeżeli|gdy|jak tylko|zanim|se|appena|quando|prima|cuando|en cuanto|antes|als|zodra|indien|wanneer|voordat)\b",
    re.IGNORECASE,
)
_PAUSE = re.compile(r"[,;]\s")
_NUMBER = re.compile(r"(?:[0-9][^0-9]?){8}")
# Money, a wish, another colour: more than a reason.
_OF_THE_BUYER = re.compile(
    r"kund|käufer|geld|zahl|rechnung|storn|preis|farb|lieber|customer|buyer|client|money|\bpa(?:y|id)|invoice|cancel|price"
    r"|colou?r|rather|acheteur|argent|paie|payé|annul|prix|couleur|koper|klant|betal|prijs|kleur|liever|comprador|pag[oa]|dinero"
    r"|precio|acquirente|soldi|prezzo|klient|kupuj|płat|płac|pienią|anul|\bcen[aęy]\b|kolor",
    re.IGNORECASE,
)
_BLANK_LINE = re.compile(r"\n\s*\n")
_OF_TIME = {Statement.WILL_SHIP, Statement.NOT_SHIPPED, Statement.PARTIAL}
_ALL_ORDERS = re.compile(
    r"\b(?:beide[nr]?|alle[nr]?|(?:die|de) (?:beiden|zwei|twee|2)|both|all|the two|toutes"
    r"|(?:toutes )?les (?:deux|2)|los dos|obydwa|oba|wszystkie|tutti|entrambi"
    r"|todos|ambos)(?: (?:der|of|the|les|los|gli|i|twee|twej|dwa)){0,2}"
    r" (?:bestellungen|aufträgen?|orders|commandes|zamówienia|ordini|pedidos|bestellingen)\b",
    re.IGNORECASE,
)
# Of two orders: "Both will go tomorrow", not "both phones".
_BOTH_ORDERS = re.compile(
    r"\bboth(?: (?:are|were|have|has|will|go|going|leave|leaving|left|ship|shipping|shipped|sent|d[ei]spatched|out|off"
    r"|on|in|away|gone|fine|ok|okay|good|noted|confirmed|accepted|received|packed|ready|with|by|to|today|tomorrow)\b|['\u2019]|\W*$)",
    re.IGNORECASE,
)
# "Bien reçu les deux", "beide goed ontvangen".
_PAIR = re.compile(
    r"\b(?:re[cç]u(?:es)?|not[eé](?:es)?|ok(?: pour)?|d['\u2019]accord pour) les deux\b"
    r"(?! (?:\w+phones?|coques?|appareils?))"
    r"|^\W*les deux (?:sont|partent|partiront|seront)\b"
    r"|^\W*beides? (?:gehen|geht|sind|ist|is|werden|wird|wurden|kommen|kommt|raus|versende\w*|verschick\w*|heute|morgen"
    r"|ok)\b"
    r"|^\W*(?:los dos|ambos) (?:salen|saldrán|van|están|quedan|confirmad\w+|enviad\w+)\b"
    r"|^\W*(?:entrambi|tutti e due) (?:partono|partiranno|sono|vanno|confermat\w+|spedit\w+)\b"
    r"|^\W*(?:oba|obydwa|obie) (?:wy\w+|są|będą|zostaną|id[ąa]|potwierdz\w+|jutro|dzisiaj|dziś)\b"
    r"|^\W*(?:beide|allebei) (?:goed ontvangen|ontvangen|genoteerd|akkoord|gaan|worden|zijn)\b",
    re.IGNORECASE,
)
# "The case comes on Monday, we send it on Tuesday": what a later clause of a sentence speaks of.
# The Romance and Polish words are articles, "I" and "their" as well, unless they stand beside what is done.
_IT = re.compile(
    r"\b(?:sie|ihn|it|them|elles?|ils?|(?:nous|je|on) l[ae]s?|l[ae]s? (?:envoyons|expédions)|hem|ze(?= (?:gaa|wor|ver))"
    r"|(?:wy|na|prze)\w+ (?:je|ją|go|ich)|l[oaie]s? (?:mand|invi|sped|envi|despach|consegn|entreg)\w*"
    r"|(?:mand|invi|sped|envi|despach)\w*l[oaie]s?)\b",
    re.IGNORECASE,
)
_OTHER_ORDER = re.compile(
    r"\b(?:andere[nrs]?|übrige[nr]?|zweite[nrs]?|other|second|autre|seconde?|deuxième|drug(?:ie|iego)|inne|altro|secondo|otro"
    r"|segundo|tweede) (?:bestellung|auftrag|order|one|commande|zamówieni[ea]|ordine|pedido|bestelling)\b",
    re.IGNORECASE,
)


def statements(
    text: str, lines: Sequence[TextLine], known: Known, context: Context, rulebook: Rulebook, received: date
) -> tuple[list[Finding], list[RuleTrace]]:
    """The claims of every sentence that a reply rule hits, and the rules asked.

    A sentence that speaks of several articles, each in its own way, names none.
    """
    judged = text[:JUDGED_AT_MOST]
    spoken = _URL.sub(lambda link: "x" * len(link.group()), judged)
    left: list[Left] = []
    if context.conversation and context.conversation.name.startswith("inquiry:"):
        page = _Page(judged, [], known, context)
        # "OK" is no more than contact in an answer to anything else.
        hits, trace = judge(spoken, "any" if context.conversation.asks_to_confirm else "inquiry", rulebook)
        left = unread(spoken, hits, rulebook)
    else:
        page = _Page(judged, lines, known, context)
        hits, trace = judge(without_idle_columns(page.parted(spoken)), "order", rulebook)
    page.promises = [hit.span[0] for hit in hits if hit.action.say is Statement.WILL_SHIP]
    told = [(hit, _of_hit(hit, page, received)) for hit in hits if hit.action.say is not Statement.NOTHING]
    late = {hit.span[0] for hit, found in told if any(isinstance(one, Trouble) and one.leaving for one in found)}
    cautions = rulebook.cautions
    told = [(hit, found) for hit, found in told if hit.rule not in cautions or not page.gives_reason(hit.span, late)]
    findings = [one for _, found in told for one in found]
    new_dates = {(one.order, one.until) for one in findings if isinstance(one, Trouble) and one.until}
    kept = [one for one in findings if not _only_expects(one, new_dates, received)]
    return [*kept, *(_unread(one, page) for one in left)], trace


def _unread(left: Left, page: "_Page") -> Finding:
    return Unread(evidence=page.evidence(left.span), words=left.words[:WORDS_AT_MOST], beside=left.beside)


def _only_expects(finding: Finding, new_dates: AbstractSet[tuple[str | None, date | None]], received: date) -> bool:
    """Whether a sentence is unclear only as it expects the new date of a problem: "probably on Friday"."""
    if not isinstance(finding, Said) or finding.statement is not Statement.UNCLEAR:
        return False
    said = finding.evidence.text
    return EXPECTS.search(said) is not None and (finding.order, day_in(said, received)) in new_dates


def once(findings: Sequence[Finding]) -> list[Finding]:
    """Each problem of an order once, with its new date where one sentence names it; two dates are none."""
    findings = _without_stock_delay(_without_address_delay(findings))
    dates: dict[tuple[str | None, ProblemKind], set[date]] = {}
    for one in findings:
        if isinstance(one, Trouble):
            dates.setdefault((one.order, one.problem), set()).update({one.until} if one.until else ())
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


class _Named(Value, frozen=True, kw_only=True):
    """An order or a line where the text names it; the orders of one list (`A, B and C`) have the same group."""

    start: int
    end: int
    text: str
    group: int


class _Page:
    """Where in the judged text orders and lines are named."""

    def __init__(self, text: str, lines: Sequence[TextLine], known: Known, context: Context) -> None:
        self.text = text
        self._known = known
        self._headings = 0
        self.about = context.conversation.about if context.conversation else ()
        self.subject = subject_order(lines[0], self.about) if lines else None
        self._starts = [0, *(match.end() for match in re.finditer(r"\n", text))]
        self.orders = self._placed([one for line in lines[1:] for one in line.orders])
        self.places = self._placed([one for line in lines[1:] for one in line.places])
        self.promises: list[int] = []

    def _placed(self, mentions: Sequence[Mention]) -> list[_Named]:
        placed: list[_Named] = []
        for one in mentions:
            if one.line > len(self._starts):
                break
            start, end = (self._starts[one.line - 1] + place for place in (one.start, one.end))
            listed = bool(placed) and are_listed(self.text[placed[-1].end : start])
            group = placed[-1].group if listed else len(placed)
            placed.append(_Named(start=start, end=end, text=one.text, group=group))
        return placed

    def parted(self, spoken: str) -> str:
        """The text with a sentence's end where it turns from one order to another, places staying as they are."""
        for one, other in pairwise(self.orders):
            between = spoken[one.end : other.start]
            turns = list(TURN.finditer(between))
            begun = max(spoken.rfind(sign, 0, one.start) for sign in "\n.!?")
            if one.group == other.group or not turns or _CONDITION.search(spoken, begun + 1, other.start):
                continue
            place = one.end + turns[-1].start()
            spoken = f"{spoken[:place]}\n\n{spoken[place + 2 :]}"
        return spoken

    def so_far(self, span: tuple[int, int]) -> str:
        """The sentence up to the end of a clause of it: "Both orders confirmed, shipping Thursday"."""
        begun = max(self.text.rfind(sign, 0, span[0]) for sign in "\n.!?")
        return self.text[begun + 1 : span[1]]

    def places_in(self, span: tuple[int, int]) -> list[_Named]:
        """The articles that a clause names, or of which its sentence has just spoken where the clause says "it"."""
        here, clause = _within(self.places, span), self.text[slice(*span)]
        if here or not _IT.search(clause) or REST in things(clause, self._known):
            return here
        return _within(self.places, (span[1] - len(self.so_far(span)), span[1]))

    def orders_in(self, span: tuple[int, int]) -> list[_Named]:
        return _within(self.orders, span)

    def below(self, span: tuple[int, int]) -> tuple[int, int]:
        """The block of lines under a heading ("Shipped today:"); nothing below any other sentence."""
        if not self.text[slice(*span)].rstrip().endswith(":"):
            return span[1], span[1]
        end = _BLANK_LINE.search(self.text, span[1])
        return span[1], end.start() if end else len(self.text)

    def day_below(self, span: tuple[int, int], received: date) -> date | None:
        """The day that stands in the block under a heading; of many such headings only the first are looked at."""
        start, end = self.below(span)
        self._headings += start < end
        if start == end or end - start > BLOCK_AT_MOST or self._headings > HEADINGS_AT_MOST:
            return None
        return day_in(self.text[start:end], received)

    def order_above(self, place: int) -> str | None:
        """The order named last before a place, else the one that the subject names."""
        number = bisect_right(self.orders, place, key=lambda one: one.start)
        return self.orders[number - 1].text if number else self.subject

    def following(self, span: tuple[int, int]) -> tuple[int, int]:
        """Where the sentence behind another stands."""
        text = self.text[span[1] : span[1] + EVIDENCE_AT_MOST]
        begun = len(text) - len(text.lstrip())
        end = _SENTENCE_END.search(text, begun)
        return span[1] + begun, span[1] + (end.start() if end else len(text))

    def gives_reason(self, span: tuple[int, int], late: AbstractSet[int]) -> bool:
        """Whether a sentence only tells why the next one names a new day, of which `late` are the places."""
        following = self.following(span)
        between, said = self.text[span[1] : following[0]], self.text[slice(*span)]
        if late.isdisjoint(range(*following)) or _BLANK_LINE.search(between):
            return False
        told = self.orders_in(span) or self.orders_in(following) or "?" in said + between
        return not told and not any(one.search(said) for one in (_NUMBER, _CONDITION, _OF_THE_BUYER))

    def new_date(self, span: tuple[int, int], received: date) -> date | None:
        """The day from receipt on that the next sentence promises, unless it speaks of another order or thing."""
        following = self.following(span)
        if self._goes_on_elsewhere(span, following):
            return None
        sentence = self.text[slice(*following)]
        day = promised_next(sentence, received)
        leaves = any(place in range(*following) for place in self.promises)
        return received if day is None and leaves and is_today(sentence, received) else day

    def day_before(self, span: tuple[int, int], received: date) -> date | None:
        """The day on which the clause before one that names no thing says that something comes."""
        so_far, said = self.so_far(span), self.text[slice(*span)]
        clause = _PAUSE.split(so_far[: len(so_far) - len(said)].rstrip(" ,;"))[-1]
        return None if things(said, self._known) else promised_next(clause, received)

    def _goes_on_elsewhere(self, span: tuple[int, int], following: tuple[int, int]) -> bool:
        """Whether what follows a sentence, or a clause of it, speaks of another order or thing, or perhaps of one."""
        said, between = self.text[slice(*span)], self.text[span[1] : following[0]]
        goes_on = "\n" not in between and said.rstrip()[-1:] not in {".", "!", "?"}
        above = {self.order_above(span[0])} - {None} if not goes_on else set()
        for placed, other in ((self.orders, above), (self.places, set())):
            here, there = ({one.text for one in _within(placed, part)} for part in (span, following))
            if there and not there <= (here or other or there):
                return True
        named, then = (things(self.text[slice(*part)], self._known) for part in (span, following))
        if len(set(self._known.lines.values())) == 1:
            return bool(named) and not then - {REST} <= named
        return not then <= named and (bool(named) or not goes_on)

    def evidence(self, span: tuple[int, int]) -> Evidence:
        said = " ".join(self.text[slice(*span)].split())[:EVIDENCE_AT_MOST]
        return Evidence(where=f"mail text, line {bisect_right(self._starts, span[0])}", text=said)


def _within(placed: Sequence[_Named], span: tuple[int, int]) -> list[_Named]:
    first, last = (bisect_right(placed, place - 1, key=lambda one: one.start) for place in span)
    return list(placed[first:last])


def _of_hit(hit: Hit, page: _Page, received: date) -> list[Finding]:
    sentence = page.text[slice(*hit.span)]
    evidence = page.evidence(hit.span)
    here = page.orders_in(hit.span)
    orders: list[str | None] = [*dict.fromkeys(one.text for one in here or page.orders_in(page.below(hit.span)))]
    orders = orders or [page.order_above(hit.span[0])]
    if not here and len(page.about) > 1:
        if _are_all_meant(page.so_far(hit.span), len(page.about)):
            orders = [*page.about]
        elif _OTHER_ORDER.search(sentence):
            return [_ambiguous(evidence, page.about)]
    if len({one.group for one in here}) > 1 and len(orders) > 1:
        return [_ambiguous(evidence, [one.text for one in here])]
    day = (
        None
        if hit.action.problem is ProblemKind.OUT_OF_STOCK and is_of_a_sale(sentence)
        else day_in(sentence, received)
    )
    if day is None and hit.action.say is Statement.PARTIAL:
        day = page.day_below(hit.span, received)
    until = page.new_date(hit.span, received)
    if hit.action.problem is ProblemKind.OUT_OF_STOCK:
        until = page.day_before(hit.span, received) if until in {None, received} else until
    given_up = hit.action.problem is ProblemKind.DELAY and (
        is_missed(sentence) or _then_leaves(page, hit.span, day, until)
    )
    until = until if day is None or given_up else day
    places = page.places_in(hit.span)
    named = [*dict.fromkeys(one.text for one in places)] if len({one.group for one in places}) == 1 else []
    lines: list[str | None] = [*named] or [None]
    return [_claim(hit, evidence, order, line, day, until, received) for order in orders for line in lines]


def _then_leaves(page: _Page, span: tuple[int, int], day: date | None, until: date | None) -> bool:
    """Whether the next sentence sends on what this one only waits for: "It comes on Monday. I send it on Tuesday"."""
    sentence, following = page.text[slice(*span)], page.text[slice(*page.following(span))]
    later = day is not None and until is not None and until > day
    return later and not LEAVES.search(sentence) and LEAVES.search(following) is not None


def _are_all_meant(sentence: str, orders: int) -> bool:
    """Whether a sentence without a number speaks of all orders of the conversation."""
    both = (_BOTH_ORDERS.search(sentence) or _PAIR.search(sentence)) if orders == 2 else None  # noqa: PLR2004 - a pair
    return both is not None or _ALL_ORDERS.search(sentence) is not None


def _cannot_choose(day: date | None, evidence: Evidence) -> bool:
    """Whether a sentence names several days, of which none is the one that counts."""
    return day is None and days_named(evidence.text) > 1


def _ambiguous(evidence: Evidence, orders: Sequence[str]) -> Doubt:
    named = ", ".join(dict.fromkeys(orders))
    return Doubt(evidence=evidence, code="order_ambiguous", value=named, values={"orders": named})


def _claim(
    hit: Hit,
    evidence: Evidence,
    order: str | None,
    line: str | None,
    day: date | None,
    until: date | None,
    received: date,
) -> Finding:
    if hit.action.say is not None:
        vague = _cannot_choose(day, evidence) or (day is None and says_untold_day(evidence.text))
        over = day is not None and day < received and not WENT.search(evidence.text)
        if hit.action.say is Statement.WILL_SHIP and (vague or over):
            return Said(evidence=evidence, order=order, line=line, statement=Statement.UNCLEAR, rule=hit.rule)
        gone = hit.action.say is Statement.PARTIAL and (is_past(evidence.text) or is_of_a_sale(evidence.text))
        gone = gone or (hit.action.say is not Statement.WILL_SHIP and was_meant(evidence.text))
        own = day_of_leaving(evidence.text, day, received) if hit.action.say in _OF_TIME and not gone else None
        return Said(evidence=evidence, order=order, line=line, statement=hit.action.say, rule=hit.rule, until=own)
    problem = hit.action.problem or ProblemKind.OTHER
    if until is None and _cannot_choose(day, evidence):
        return Said(evidence=evidence, order=order, line=line, statement=Statement.UNCLEAR, rule=hit.rule)
    leaving = day is not None and day == until and LEAVES.search(evidence.text) is not None
    return Trouble(
        evidence=evidence, order=order, line=line, problem=problem, until=until, leaving=leaving, rule=hit.rule
    )
