"""Which day a sentence promises: one that will not be kept, that is over, or on which somebody only speaks is none."""

import re
from collections.abc import Sequence
from datetime import date

from daemon.reading.dates import (
    days_named,
    past_days,
    promised_date,
    says_day_of_month,
    says_next_weekday,
)
from daemon.reading.days_after import counts_days, counts_in_vain
from daemon.reading.movements import ARRIVES, COMES, LEAVES, PREPARES, WENT
from daemon.reading.texts.clauses import DAY, TURN, clauses_of
from daemon.reading.texts.other_days import is_of_another_order, is_of_the_last_one, is_of_the_reason, offers_days
from daemon.rules.accents import bare_too

# A day on which somebody will speak, rest, pay or be back is none on which something leaves.
_NO_PROMISE = re.compile(
    r"chef|kolleg|\bboss\b|colleague|manager|patron|\bcapo\b|collega|jefe|compañer|\bszef|koleg"
    r"|meld|anruf|telef|info|bescheid|urlaub|geschlossen|rechnung|zahl|termin mit|call|phone|contact|update|closed"
    r"|holiday|invoice|pay|bestellung vom|rappel|contacter|fermé|facture|chiam|contatt|chius|fattura|llamar"
    r"|cerrad|factura"
    r"|zadzwo|skontakt|nieczynn|faktur|bellen|gesloten",
    re.IGNORECASE,
)
# What somebody expects is no promise, but a new date.
EXPECTS = re.compile(
    r"\b(?:voraussichtlich|vsl\b|vorauss\.|vermutlich|wahrscheinlich|expect(?:ed)?|probably|likely|estimated"
    r"|should be able|en principe|normalement|probablement|probabilmente|in linea di massima|probablemente"
    r"|previsiblemente|en principio|prawdopodobnie|przewidywan\w+|waarschijnlijk|vermoedelijk|naar verwachting)",
    re.IGNORECASE,
)
# Why something is late, and not until when: "since we are closed from tomorrow".
_BECAUSE = re.compile(
    r"\W*(?:da|weil|denn|because|since|as we|car|parce que?|puisque|perché|poiché|porque|ya que|omdat|aangezien|want|bo"
    r"|ponieważ|gdyż)\s",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"\b(?:nichts?|nich|nix|ned|kein\w*|not|no|never|nothing|cannot|ne|pas|rien|non|niente|nulla|nada|nie|nic|niet|geen|niks|niets"
    r"|zu (?:knapp|kurzfristig)|too (?:short|tight|soon)|trop (?:court|juste|serré)|te (?:krap|kort dag)"
    r"|c['\u2019]est (?:mort|r[aâ]pé|cuit|foutu)|kun je vergeten"
    r"|(?:wo|ca|do|does|did|is|are|was|were|have|has|would|could|should)nt)\b|n['\u2019]t\b",
    re.IGNORECASE,
)
# A day on which the house is shut, other than "shut until Monday".
_SHUT = re.compile(
    r"^(?!.*\b(?:bis|until|till?|jusqu\w*|fino|hasta|tot|do)\b).*\b(?:inventur|inventaire|inventario|inventaris\w*|stock-?tak\w+"
    r"|inwentaryzacj\w+|geschlossen|closed|ferm[ée]e?s?|chius[aoie]|cerrad[oa]s?|cerramos|gesloten|dicht|nieczynn\w+|zamknięt\w+"
    r"|feiertag|férié|festivo|feestdag|święto)\b",
    re.IGNORECASE | re.DOTALL,
)
# "On Monday we had wanted to send it": what was meant to happen and did not.
_MEANT = re.compile(
    r"\b(?:wollte[nt]?|sollte[nt]? eigentlich|eigentlich sollte[nt]?|h(?:ä|ae)tte[nt]?"
    r"|(?:was|were) (?:going|supposed|meant|due|hoping|planning) to|should have|had (?:planned|meant|hoped)"
    r"|(?:devait|devions|voulait|voulions|aurait dû|était prévue?)|(?:doveva|dovevamo|volevamo)"
    r"|(?:debía|debíamos|quería|queríamos|iba a|íbamos a)|(?:hadden|had|zouden|zou|wilden) (?:\w+ ){0,4}willen|wilden"
    r"|(?:miał[aoy]?|mieliśmy|chcieliśmy))\b",
    re.IGNORECASE,
)
# "On Monday if the new ones land": nobody promises a day that hangs on something.
_HINGES = re.compile(
    r"\b(?:wenn|falls|sofern|sobald|vorausgesetzt|if|unless|once|as soon as(?! possible)|provided|assuming"
    r"|dès que|à condition|s['\u2019]ils?"
    r"|si(?= (?:l[aeo]s?|el|on|tout|todo|nous|je|nos|me|il|elle|ça|no|ne|les|mi|su|llega|entra)\b)|purché|appena"
    r"|se(?= (?:il|i|le|la|gli|lo|l['\u2019]|arriv|tutto|non|ci|riesc)\w*)|en cuanto|cuando|siempre que"
    r"|zodra|mits|indien|tenzij|als(?= (?:de|het|er|we|wij|ik|ze|hij|alles)\b)"
    r"|jeśli|jesli|jeżeli|jezeli|o ile|jak tylko|gdy|pod warunkiem)\b",
    re.IGNORECASE,
)
# "Confirmed for Tuesday", other than "your order of Monday is confirmed" and "confirmed, we call on Monday".
_FOR_A_DAY = re.compile(
    rf"\b(?:für|fuer|zum|auf|for|to|pour|per|para|voor|tegen|na|do)\s(?:(?:den|the|le|il|el|de) )?{DAY}"
    rf"|[,;:.\u2013-]\s{{0,2}}(?:(?:am|on|le|il|el|op|w|we) )?{DAY}(?: (?:dann|then))?\W*$"
    r"|\b\w*(?:termin|datum|date|data|fecha)\W{{1,3}}[0-9]",
    re.IGNORECASE,
)
_OF_A_NUMBER = re.compile(r"nummer|number|tracking|imei|numer|numéro|número|codice|código", re.IGNORECASE)
# "Not before Monday", "erst Montag", "ne ... que lundi", "pas maandag" name the new day.
_NOT_BEFORE = re.compile(
    r"\b(?:vor|bevor|before|until|till?|avant|antes|hasta|prima|fino|przed|dopiero|wcześniej niż|erst|eerder"
    r"|\w+dag(?: [0-9]{1,2}(?: \w+)?)? pas"
    r"|pas\s(?:op\s|over\s)?(?:\w+dag|volgende|[0-9]|\w+\sdagen)|niet\s(?:meer\s)?vóór"
    r"|(?<!\w )(?<!\w, )niet\svoor\s\w+dag"
    r"|niet\s(?:meer\s)?voor\s(?:[\w.]+\s){1,3}"
    r"(?:weg|mee|de deur|binnen|leverbaar|verzonden|verstuurd|versturen|verzenden)"
    r"|(?:que|qu['\u2019]à partir d[eu])\s(?:le\s)?(?:\w+di|dimanche|[0-9])|que\sdans\s\w+\sjours)\b",
    re.IGNORECASE,
)
_SOLD = re.compile(
    r"\b(?:gewesen|partie?s?|sold|flogged|shifted|ran out|went|gone|bought"
    r"|verkauft|vendue?s?|vendut[oaie]|vendid[oa]s?|verkocht|sprzedan\w+"
    r"|vend(?:í|imos|ió|ieron)|voló|volaron|agot(?:ó|aron)|se (?:nos |me )?(?:acab|termin)(?:ó|aron)"
    r"|sprzeda[łl]\w*|sprzedaliśmy|wykupi[łl]\w*|(?:skończy|rozesz)[łl]\w*"
    r"|(?:finit|terminat|esaurit)[oaie](?= (?:già )?(?:da )?(?:\w+dì|sabato|domenica)\b)"
    r"|seit|since|depuis|sinds|agotad[oa]s? desde|(?:wyprzedan|niedostępn)\w* od)\b"
    r"(?!.*\b(?:back|again|until|till?|due|(?<!no )(?<!any )more|expect\w*|wieder|erst|bis|retour|terug"
    r"|di nuovo|de nuevo"
    r"|vuelv\w+|lleg\w+|tra[ei]\w*|(?<!no )entran?|dostaw\w*|(?<!nie )będ\w+|przyjd\w+|przyjedz\w+|znowu|znów)\b)",
    re.IGNORECASE,
)
_OTHERWISE = re.compile(
    bare_too(
        r"\b(?:sonst|ansonsten|andernfalls|otherwise|or else|if not|sinon|autrement|altrimenti|se no|sennò|si no"
        r"|de lo contrario|anders|zo niet|inaczej|w przeciwnym razie|jak nie)\b"
    ),
    re.IGNORECASE,
)
# The noun alone: who "delivers" hands over.
_DELIVERY = re.compile(r"\b(?:liefer(?:termin|datum|ung)|levering|lever(?:datum|dag)|termin dostawy)\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{2,}")
_FEW_WORDS = 4


def day_in(sentence: str, received: date) -> date | None:
    """The day that a sentence promises, not one of the rest that is its reason; of two the one that is not denied."""
    if counts_in_vain(sentence):
        return None
    if day := _day_after_coming(sentence, received):
        return day
    parts = clauses_of(sentence)
    told = [part for part in parts if not (_BECAUSE.match(part) and _NO_PROMISE.search(part))]
    parts, whole = (parts, sentence) if len(told) == len(parts) else (told, ", ".join(told))
    if day := promised_date(whole, received):
        return day
    # Most sentences name no day at all, which is told faster.
    if not days_named(sentence) and not any(map(str.isdigit, sentence)):
        return None
    parts = [part for part in parts if not _is_denied(part)]
    at_work = [part for part in parts if not _SHUT.search(part)]
    for said in ([part for part in parts if LEAVES.search(part)], at_work, parts):
        if day := _only_day(said, received):
            return day
    clauses = [clause for part in parts for clause in TURN.split(part)]
    leaving = [one for one in clauses if LEAVES.search(one) and not ARRIVES.search(one)]
    others = [one for one in clauses if not PREPARES.search(one)]
    return _only_day(leaving, received) or _only_day(others, received)


def _day_after_coming(sentence: str, received: date) -> date | None:
    """The day on which what comes on another one then leaves: "in on the 30th, out on Tuesday"."""
    if days_named(sentence) <= 1:
        return None
    clauses = [clause for part in clauses_of(sentence) for clause in TURN.split(part)]
    leaving = _only_day([one for one in clauses if LEAVES.search(one) and not ARRIVES.search(one)], received)
    coming = [one for one in clauses if (ARRIVES.search(one) or COMES.search(one)) and not LEAVES.search(one)]
    come = _only_day(coming, received) if leaving else None
    return leaving if leaving and come and come < leaving else None


def promised_next(sentence: str, received: date) -> date | None:
    """The day to come on which the sentence behind a problem says that something leaves or comes."""
    if any(is_none(sentence) for is_none in (offers_days, is_of_the_last_one, is_of_the_reason, is_of_another_order)):
        return None
    found = day_in(sentence, received)
    if not found or found <= received or _NO_PROMISE.search(sentence) or _is_denied(sentence):
        return None
    return found if _speaks_of_coming(sentence) else None


def _only_day(parts: Sequence[str], received: date) -> date | None:
    days = {promised_date(part, received) for part in parts} - {None}
    return days.pop() if len(days) == 1 else None


def day_of_leaving(sentence: str, day: date | None, received: date) -> date | None:
    """The day on which something leaves, not that on which it arrives: "comes in on Tuesday and leaves on Friday"."""
    if not ARRIVES.search(sentence):
        return day
    clauses = [clause for part in clauses_of(sentence) for clause in TURN.split(part)]
    leaving = [one for one in clauses if LEAVES.search(one) and not ARRIVES.search(one)]
    return _only_day(leaving, received)


def day_of_arrival(sentence: str, received: date) -> date | None:
    """The day on which the buyer will have it, where a sentence speaks of nothing that leaves."""
    if LEAVES.search(sentence) or not (ARRIVES.search(sentence) or _DELIVERY.search(sentence)):
        return None
    return None if _is_denied(sentence) or hinges(sentence) or "?" in sentence else promised_date(sentence, received)


def is_missed(sentence: str) -> bool:
    """Whether the one day of a sentence is one that will not be kept ("Friday will not work"), not the new one."""
    dated = [part for part in clauses_of(sentence) if days_named(part)]
    return len(dated) == 1 and _is_denied(dated[0])


def _is_denied(text: str) -> bool:
    """Whether a day is named that will not be kept: "not on Friday", other than "not before Friday"."""
    return _MEANT.search(text) is not None or (_DENIED.search(text) is not None and _NOT_BEFORE.search(text) is None)


def _speaks_of_coming(sentence: str) -> bool:
    """Whether a sentence with a day speaks of what leaves or comes, or is little more than that day."""
    few = len(_WORD.findall(sentence)) <= _FEW_WORDS
    return few or any(one.search(sentence) for one in (LEAVES, ARRIVES, COMES))


def is_today(text: str, received: date) -> bool:
    """Whether the only day that a text names is that of receipt."""
    return {one.day for one in past_days(text, received)} == {received} and not days_named(text)


def was_meant(text: str) -> bool:
    """Whether the day that a text names is one on which something was meant to happen and did not."""
    return any(days_named(part) and _MEANT.search(part) for part in clauses_of(text))


def hinges(text: str) -> bool:
    """Whether what a text says will happen only under a condition: "on Monday if the new ones land"."""
    return any(_HINGES.search(part) and not _OF_A_NUMBER.search(part) for part in TURN.split(text))


def is_for_a_day(text: str) -> bool:
    """Whether something is said to be for the day that a text names: "confirmed for Tuesday"."""
    return _FOR_A_DAY.search(text) is not None


def says_untold_day(text: str) -> bool:
    """Whether a text names a day that only its writer can tell: "next Friday", "the 24th" on the 25th, "days later"."""
    return says_next_weekday(text) or says_day_of_month(text) or counts_days(text)


def is_past(text: str) -> bool:
    """Whether the day that a sentence names is one on which something has left: "the rest went on Tuesday"."""
    return any(days_named(part) and WENT.search(part) for part in clauses_of(text))


def says_otherwise(text: str) -> bool:
    """Whether all that a text says hangs on a condition: "if the driver comes it leaves today, else I cannot tell"."""
    return hinges(text) and _OTHERWISE.search(text) is not None


def is_of_a_sale(text: str) -> bool:
    """Whether something was sold on the day that a text names, which is none on which it comes back."""
    return _SOLD.search(text) is not None or is_of_the_last_one(text)
