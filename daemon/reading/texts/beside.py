"""What one sentence of a mail is beside the others: a courtesy, an excuse, a part, an order that is passed over."""

import re
from collections.abc import Collection, Sequence
from datetime import date, timedelta

from msgspec.structs import replace

from daemon.domain.finding import Finding, Said, Statement, Trouble
from daemon.domain.identifiers import order_key
from daemon.domain.problem import ProblemKind
from daemon.reading.movements import LEAVES
from daemon.reading.texts.page import Page
from daemon.reading.texts.promises import day_of_arrival
from daemon.rules.actions import Action
from daemon.rules.conditions import Hit
from daemon.rules.sentences import sentences

ARRIVALS_AT_MOST = 20
FIRST_WORDS = 12
"""So few signs before an order leave it the first word of its sentence: "Bei der A-1007"."""
NOT_UNDERSTOOD = "order-not-understood"
"""The rule that found an order of which nothing is understood beside others."""
_STAYS = {Statement.WILL_SHIP, Statement.NOT_SHIPPED}
_YES = {Statement.ACCEPTED, Statement.CONFIRMED}
# "Sorry but we are out of it": what comes then is what is regretted.
_SORRY_BUT = re.compile(
    r"\b(?:sorry|afraid|leid|d[ée]sol[ée]e?s?|dsl|navrée?s?|spiace|dispiace|siento|sentimos|lamento|lamentamos|spijt\w*|przykro)"
    r"(?: \w{1,4})?,? (?:aber|but|mais|ma|però|pero|maar|ale)\b",
    re.IGNORECASE,
)
# Beside a stock-out: what may yet find one, or take it back.
_MAY_BE_FOUND = re.compile(
    r"\b(?:(?:aber|but|mais|ma|però|pero|maar|ale|doch|jedoch|however)\b|such|prüf|schau|guck|look|find|check|cherch|vérif"
    r"|regard(?!s\b)|cerc|controll|busc|mir[ao]\b|zoek|kijk|szuk|sprawdz)|[0-9]{6}",
    re.IGNORECASE,
)
_THE_BUYER = (
    r"(?:kund|käufer|customer|buyer|client|acheteu|acquirent|destinat|comprador|klant|koper|klient|kupując|odbiorc"
    r"|address|adres|indirizz|direcci|anschrift)"
)
# "Please ask the customer", "merci de demander la bonne adresse", "merci de compléter".
_ASK_THE_BUYER = re.compile(
    r"\b(?:frag|erfrag|klär|ask|check|get|demand|vérifi|voir|voyez|chied|sent(?:ire|ite)|verific|ped(?:id|ir)|pregunt|consult"
    rf"|vraag|vragen|navra|zapyta|dopyta|spyta|ustal)\w*\b.{{0,60}}\b{_THE_BUYER}"
    r"|^\W*(?:\w+ ){0,4}(?:complét|complet|aanvul|ergänz)\w*\W*$"
    rf"|\b{_THE_BUYER}\w*\b.{{0,40}}\b(?:nachfrag|frag|erfrag|klär|vragen|navragen)",
    re.IGNORECASE,
)
_SOON = timedelta(days=2)
_NOT_ALL_WELL = {Statement.DECLINED, Statement.PARTIAL, Statement.CORRECTION, Statement.UNCLEAR}
Told = tuple[Hit, list[Finding]]
"""What a rule hit, and what that claims."""


def of_what_stays(hits: Sequence[Hit], page: Page) -> list[Hit]:
    """The hits, a clause that goes on with the other one as one of a part: "The other comes on Monday, leaves Tuesday".

    Only where something else has left; the clause before it names no day then.
    """
    others = [hit.span for hit in hits if hit.action.say is Statement.PARTIAL]
    if not others or not any(hit.action.say is Statement.SHIPPED for hit in hits):
        return list(hits)
    later = {hit.span for hit in hits if hit.action.say in _STAYS and page.goes_on(hit.span, others)}
    return [
        replace(hit, action=Action(say=Statement.PARTIAL)) if hit.span in later and hit.action.say in _STAYS else hit
        for hit in hits
        if not (hit.action.say is Statement.PARTIAL and any(page.goes_on(one, [hit.span]) for one in later))
    ]


def silent_on(page: Page, hits: Sequence[Hit], found: Sequence[Finding]) -> list[Finding]:
    """What keeps a mail back that names one of our orders in words that nobody understands, and tells of another."""
    told = {one.order and order_key(one.order) for one in found if isinstance(one, Said | Trouble)}
    if not told or None in told:
        return []
    asked = {order_key(one) for one in page.about} - told
    silent = [one for one in page.orders if order_key(one.text) in asked]
    lost = [one for one in silent if not any(hit.span[0] <= one.start < hit.span[1] for hit in hits)]
    return [
        Said(
            evidence=page.evidence((one.start, one.end)),
            order=one.text,
            statement=Statement.UNCLEAR,
            rule=NOT_UNDERSTOOD,
            alone=len(page.so_far((one.start, one.start)).strip()) <= FIRST_WORDS,
        )
        for one in lost[:1]
    ]


def arrivals(text: str, found: Sequence[Finding], page: Page, received: date) -> list[Finding]:
    """Beside a yes that does not say when it leaves: when the buyer will have it, which may be too late."""
    said = {one.statement for one in found if isinstance(one, Said)}
    if not said & _YES or Statement.WILL_SHIP in said:
        return []
    arriving = [(one, day) for one in sentences(text) if (day := day_of_arrival(one.words, received))]
    return [
        Said(
            evidence=page.evidence(one.span),
            order=next((named.text for named in page.orders_in(one.span)), page.order_above(one.span[0])),
            statement=Statement.NOTHING,
            rule="day-of-arrival",
            arrives=day,
        )
        for one, day in arriving[:ARRIVALS_AT_MOST]
    ]


def of_what_is_gone(told: Sequence[Told], cautions: Collection[str], text: str) -> list[Told]:
    """What a mail says that tells of nothing but a stock-out without a day: a person decides anyway."""
    matter = [one for hit, found in told if hit.rule not in cautions for one in found]
    if not matter or not all(map(_is_gone, matter)) or _MAY_BE_FOUND.search(_SORRY_BUT.sub("", text)):
        return list(told)
    return [(hit, found) for hit, found in told if hit.rule not in cautions]


def without_reasons(told: Sequence[Told], cautions: Collection[str], page: Page, received: date) -> list[Told]:
    """What a mail says of a delay or of a day of leaving some time off, without the reasons it gives in other words.

    All of them wait where one may be more than a reason, or where something has left, which they could take back.
    """
    waits = any(_waits(one, received) for hit, found in told if hit.rule not in cautions for one in found)
    left = any(hit.action.say is Statement.SHIPPED for hit, _ in told)
    if left or not waits or not all(page.only_explains(hit.span) for hit, _ in told if hit.rule in cautions):
        return list(told)
    return [(hit, found) for hit, found in told if hit.rule not in cautions]


def _waits(one: Finding, received: date) -> bool:
    """Whether it tells of a delay, an address, a stock-out with its end, or a day for which people give reasons."""
    if isinstance(one, Trouble):
        ends = one.problem is ProblemKind.OUT_OF_STOCK and one.until is not None
        return ends or one.problem in {ProblemKind.DELAY, ProblemKind.ADDRESS}
    promised = one.until if isinstance(one, Said) and one.statement is Statement.WILL_SHIP else None
    return promised is not None and promised > received + _SOON


def of_asking_the_buyer(told: Sequence[Told], cautions: Collection[str], page: Page) -> list[Told]:
    """What a mail says of an address that is no good, without that we should ask the buyer for the right one."""
    bad = {one.order for _, found in told for one in found if _is_of_an_address(one)}
    return [
        (hit, found)
        for hit, found in told
        if hit.rule not in cautions
        or not all(one.order in bad for one in found)
        or not _ASK_THE_BUYER.search(page.text[slice(*hit.span)])
    ]


def _is_of_an_address(one: Finding) -> bool:
    return isinstance(one, Trouble) and one.problem is ProblemKind.ADDRESS


def _is_gone(one: Finding) -> bool:
    return isinstance(one, Trouble) and one.problem is ProblemKind.OUT_OF_STOCK and one.until is None


def without_courtesies(told: Sequence[Told], courtesies: Collection[str]) -> Sequence[Told]:
    """What the mail says without "is that ok?", unless it tells of trouble; by a day it may, which deciding knows."""
    matter = [one for hit, found in told if hit.rule not in courtesies for one in found]
    if any(map(_is_trouble, matter)):
        return told
    dated = any(isinstance(one, Said) and one.until for one in matter)
    rest = [(hit, found) for hit, found in told if dated or hit.rule not in courtesies]
    return [(hit, [_politely(one) for one in found] if hit.rule in courtesies else found) for hit, found in rest]


def _politely(one: Finding) -> Finding:
    return replace(one, courtesy=True) if isinstance(one, Said) else one


def _is_trouble(one: Finding) -> bool:
    return isinstance(one, Trouble) or (isinstance(one, Said) and one.statement in _NOT_ALL_WELL)


def leaves_late(one: Finding) -> bool:
    """Whether it says that something leaves later, be it on no day that can be told."""
    if not isinstance(one, Trouble) or one.problem is not ProblemKind.DELAY:
        return False
    return one.leaving or (one.until is None and LEAVES.search(one.evidence.text) is not None)
