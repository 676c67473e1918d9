"""Which day a sentence promises: one that will not be kept, that is over, or on which somebody only speaks is none."""

import re
from collections.abc import Sequence
from datetime import date

from daemon.reading.dates import (
    days_in_one_piece,
    days_named,
    past_days,
    promised_date,
    says_day_of_month,
    says_next_weekday,
)
from daemon.reading.days_after import counts_days, counts_in_vain
from daemon.reading.movements import ARRIVES, COMES, LEAVES, PREPARES, WENT
from daemon.rules.accents import bare_too
from daemon.rules.sentences import WEEKDAY

TURN = re.compile(r"[,;]\s|\s[\u2013-]\s|\s(?:und|and|et|i|e|y|en|aber|but|mais|ma|ale|pero|maar)\s", re.IGNORECASE)
# A day on which somebody will speak, rest, pay or be back is none on which something leaves.
_NO_PROMISE = re.compile(
    r"chef|kolleg|\bboss\b|colleague|manager|patron|\bcapo\b|collega|jefe|compañer|\bszef|koleg"
    r"|meld|anruf|telef|info|bescheid|urlaub|geschlossen|rechnung|zahl|termin mit|call|phone|contact|update|closed"
    r"|holiday|invoice|pay|bestellung vom|rappel|contacter|fermé|facture|chiam|contatt|chius|fattura|llamar"
    r"|cerrad|factura"
    r"|zadzwo|skontakt|nieczynn|faktur|bellen|gesloten",
    re.IGNORECASE,
)
_PARTS = re.compile(
    r"[,;:]\s|\s[\u2013-]\s|\s(?:sondern|aber|but|dus|donc|daher|deshalb|quindi|perciò|así que|por lo que|więc)\s"
    r"|\sso\s(?=(?:we|i|it|they|this|these|that|dispatch|shipping)\b)"
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
_DAY = rf"(?:{WEEKDAY}|[0-9]{{1,2}}(?:[. /]|st|nd|rd|th))"
_FOR_A_DAY = re.compile(
    rf"\b(?:für|fuer|zum|auf|for|to|pour|per|para|voor|tegen|na|do)\s(?:(?:den|the|le|il|el|de) )?{_DAY}"
    rf"|[,;:.\u2013-]\s{{0,2}}(?:(?:am|on|le|il|el|op|w|we) )?{_DAY}(?: (?:dann|then))?\W*$"
    r"|\b\w*(?:termin|datum|date|data|fecha)\W{{1,3}}[0-9]",
    re.IGNORECASE,
)
_A_DAY = re.compile(
    rf"(?:(?:am|on|le|il|el|op|den|the|also) )*{_DAY}(?: [0-9]{{1,2}}\S*)?(?: [^\W\d_]+)?\W*", re.IGNORECASE
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
# "The last one went on Saturday", "on Monday there was still one": none on which it comes.
_LAST_ONE = re.compile(
    bare_too(
        r"\b(?:(?:die|das|der|den|unsere?[rn]?|meine?[rn]?) (?:aller)?letzten?"
        r"|(?:the|our|my) (?:very )?last(?: one| ones| piece| case)?"
        r"|(?:la|le|les|notre|nos) (?:toute )?derni[eè]re?s?|(?:l['\u2019]|gli |le |nostr[oa] )ultim[oaie]"
        r"|(?:la|el|las|los|nuestr[oa]) [uú]ltim[oa]s?|(?:het|de|ons|onze) (?:aller)?laatste|ostatni\w*)\b"
        r"|\b(?:hatten?|hat|war|lag|gab)(?: es| ich| wir|['\u2019]?s)? noch\b"
        r"|\b(?:had|was|were)(?: \w+)? (?:still|one)\b"
        r"|\b(?:restait|avait|avions) (?:encore|une?)\b|\b(?:c['\u2019]era|avev\w+) (?:ancora|un)\w*"
        r"|\b(?:quedaba|había|teníamos)\b|\b(?:hadden|had|was|lag)(?: \w+){0,2} nog\b"
        r"|\bjeszcze (?:był|mie|leż)\w*|\b(?:był\w*|mieliśmy|leżał\w*) (?:\w+ )?jeszcze\b"
    ),
    re.IGNORECASE,
)
# "Delayed since Monday", "there is a strike on Monday", "we had said Monday", "cancelled": of the reason.
_OF_THE_REASON = re.compile(
    rf"\b(?:seit|since|depuis|desde|sinds)(?: (?:dem|the|le|el|de))? {_DAY}"
    rf"|\b(?:got|was|were) (?:delayed|held up) on {_DAY}"
    rf"|\b(?:last|letzten|afgelopen|vorige|zeszł\w+|ubiegł\w+) {_DAY}|{WEEKDAY} (?:dernier|scors[oa]|pasado)\b"
    r"|\b(?:gesagt|versprochen|zugesagt|said|told|promised|vous avait dit|avions dit|avevamo (?:detto|promesso)"
    r"|habíamos (?:dicho|prometido)|gezegd|beloofd|mówiliśmy|obiecaliśmy)\b"
    r"|\b(?:gestrichen|abgesagt|storniert|cancell?ed|called off|annulée?s?|annullat[oaie]|cancelad[oa]s?|anulad[oa]s?"
    r"|geannuleerd|odwołan\w+|anulowan\w+)\b"
    r"|\b(?:\w*streik\w*|strikes?|grèves?|sciopero|huelga|staking|strajk\w*)\b"
    # Who is ill or in the house, and whose ship comes in.
    r"|\b(?:krank\w*|off sick|off ill|poorly|sick|malades?|arrêt maladie|malat[oaie]|malattia|de baja|enferm[oa]s?"
    r"|ziek|chor[ayiz]\w*|na (?:zwolnieniu|l4|chorobowym))\b"
    r"|\b(?:a (?:los|las) )?(?:wirtschafts|steuer|betriebs)?(?:prüfer(?:n|in)?|auditor\w*|auditeurs?|revisor\w*"
    r"|inspector\w*|inspecteurs?|audytor\w*|kontroler\w*)\b"
    r"|\b(?:schiff|boot|frachter|container|boat|ship|vessel|freighter|bateau|cargo|navire|nave|barco|buque|schip"
    r"|boot|statek|kontenerowiec)\b"
    r"[^,;.]{0,40}\b(?:an(?:legt)?|docks?|docking|lands?|berths?|accoste\w*|attrac\w+|atrac\w+|aan(?:legt|meert)?"
    r"|przypł\w+|przybij\w+|zawij\w+)\b",
    re.IGNORECASE,
)
# "No chance before Wednesday, half the crew is out sick": the first day on which it may leave, whatever the reason.
_NOT_BEFORE = re.compile(
    rf"\b(?:before|vor|avant|prima (?:di|del)|antes del?|voor|przed)(?: (?:the|dem|le|el))? {_DAY}", re.IGNORECASE
)
# "The buyer asked us to wait until Monday".
_ASKED_TO_WAIT = re.compile(
    r"\b(?:kund\w+|käufer\w*|customer|buyer|cliente?|acheteu\w+|acquirente|comprador\w*|klant|koper|klient\w*"
    r"|kupując\w*)\b[^;.]{0,30}"
    r"\b(?:bat|bittet|gebeten|wollte|möchte|ask(?:ed|s)|wants?|wanted|demand\w+|souhait\w+|chie[sd]\w+|pid\w+"
    r"|quier\w+|quería|vr(?:oeg|aagt)"
    r"|gevraagd|wil(?:de)?|prosi\w*|poprosi\w*|chc\w+)\b[^;.]{0,40}"
    r"\b(?:(?:ab)?warten|wait|hold on|attend\w+|patienter|aspett\w+|attend\w+|esper\w+|wachten|(?:za|po)?czeka\w+)\b",
    re.IGNORECASE,
)
# "The delivery due on Monday has been cancelled": a day on which nothing comes.
_DUE = re.compile(
    rf"\b(?:erwartet|angekündigt|geplant|vorgesehen|zugesagt)\w* (?:\w+ )?(?:\w*lieferung|ware|nachschub|sendung)\b"
    rf"|\b(?:\w*lieferung|nachschub|delivery|restock|livraison|arrivage|réassort|consegna|arrivo|entrega|reposición"
    rf"|levering|aanvulling"
    rf"|dostawa)\b[^,;.]{{0,40}}?{_DAY}|\bverwachte (?:levering|aanvulling)\b",
    re.IGNORECASE,
)
_WEEKDAY_OF_A_DATE = re.compile(rf"\b{WEEKDAY}\W+(?=[0-9])", re.IGNORECASE)
_FALLS_THROUGH = re.compile(
    r"\b(?:gestrichen|abgesagt|storniert|geplatzt|fällt aus|ausgefallen|cancell?ed|called off|fell through"
    r"|annulée?s?|tombée? à l['\u2019]eau"
    r"|annullat[oaie]|saltat[oa]|cancelad[oa]s?|cancelado|anulad[oa]s?|geannuleerd|afgezegd|afgelast|odwołan\w+"
    r"|anulowan\w+)\b"
    r"|\b(?:kommt|trifft)(?: \w+){0,2} (?:doch )?nicht\b|\b(?:is not|isn['\u2019]t|not) coming\b"
    r"|\b(?:n['\u2019]arriv|ne viend|ne vient)\w*"
    r"|\bnon (?:arriv|verr|viene)\w*|\bno (?:llega|viene|vendrá|llegará)\w*|\bkomt (?:\w+ )?niet\b"
    r"|\bnie (?:przy(?:jdzie|jedzie)|dotrze|będzie)\b",
    re.IGNORECASE,
)
# "Monday, or Tuesday if the screen is late": who offers two days promises neither, unless he names the latest.
_OFFERS_DAYS = re.compile(
    bare_too(
        rf"\b{_DAY}[^.;!?]{{0,25}}?(?:[.,;] )?\b(?:oder|ou|or|o|(?<!instead )of|oppure|lub|albo|sonst"
        rf"|otherwise|sinon|altrimenti|si no|anders|inaczej|vielleicht|eventuell|evtl\.?|maybe|perhaps|possibly"
        rf"|peut-être|forse|magari|al massimo|quizás?|tal vez|misschien|eventueel|może|ewentualnie)"
        rf"(?: (?!spätestens|latest|uiterlijk|najpóźniej)[^\W\d_]+){{0,3}} (?:[0-9]{{1,2}}\.? )?"
        rf"(?:{WEEKDAY}|[0-9]{{1,2}}(?:st|nd|rd|th|er|\.(?=\s?(?:1[0-2]|0?[1-9])\.)))"
        r"(?![^.;]{0,20}\b(?:latest|spätestens|au plus tard|al più tardi|a más tardar|uiterlijk|najpóźniej)\b)"
        rf"|{_DAY}[^.;!?]{{0,25}}?,? (?:oder länger|or longer|or later|ou plus|o più|o más|of langer|of later"
        r"|(?:albo|lub) (?:dłużej|później))\b"
    ),
    re.IGNORECASE,
)
_AT_THE_BUYERS = re.compile(
    r"kund|käufer|customer|buyer|client|klant|koper|acheteu|acquirent|comprador|klient|kupuj"
    r"|receiv|bekomm|erhält|erhalten|krijg|ontvang|reço|recevr|recib|ricev|otrzym",
    re.IGNORECASE,
)
# "Your other order goes out on Monday", where we asked about one.
_ANOTHER_ORDER = re.compile(
    r"\b(?:(?:your|the) (?:other|second) order|(?:eure|ihre|deine|die) (?:andere|zweite) bestellung"
    r"|(?:euer|ihr|dein|der) (?:anderer?|zweiter?) auftrag|(?:votre|l['\u2019]) ?(?:autre|seconde|deuxième) commande"
    r"|altro (?:vostro )?ordine|(?:vostro )?secondo ordine|(?:vuestro|su|tu|el) (?:otro|segundo) pedido"
    r"|(?:jullie|uw|je|de) (?:andere|tweede) bestelling|(?:wasze|państwa|pana|pani)? ?(?:drugie|inne) zamówienie)\b",
    re.IGNORECASE,
)
# "We send a new one on Tuesday", where the first waits somewhere.
_ANOTHER_ONE = re.compile(
    r"\b(?:ein(?:e|en|es)? (?:neue[sn]?|andere[sn]?|zweite[sn]?)|ersatz\w*|(?:a )?(?:new|second|fresh"
    r"|different) (?:one|phone|parcel|piece|unit)"
    r"|another|replacement|une? (?:nouve\w+|autre)|(?:en|un) [^,.;]{0,20}\b(?:nouve\w+|autre)|remplac\w*"
    r"|(?:ne|uno|una|un) [^,.;]{0,20}\b(?:nuov[oa]|altr[oa])|un['\u2019]altra|sostitut\w*"
    r"|(?:uno|una|un) (?:nuev[oa]|segund[oa])|otr[oa]|reemplaz\w*|sustitut\w*|een nieuwe?|een andere?|vervang\w*"
    r"|now[aeyąę]\w*|drug[iąeę]\w*|zastępcz\w*)\b(?! (?:date|datum|termin|day|tag))",
    re.IGNORECASE,
)
_PAUSE = re.compile(r"[,;:.!?]\s")
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
    parts = _clauses(sentence)
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
    clauses = [clause for part in _clauses(sentence) for clause in TURN.split(part)]
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


def _clauses(sentence: str) -> list[str]:
    """The clauses of a sentence, a day by itself being of the one before it: "and leaves at once, Tuesday"."""
    clauses: list[str] = []
    for one in _PARTS.split(days_in_one_piece(sentence)):
        if (
            clauses
            and _A_DAY.fullmatch(one)
            and not days_named(last := TURN.split(clauses[-1])[-1])
            and LEAVES.search(last)
        ):
            clauses[-1] += f" {one}"
        else:
            clauses.append(one)
    return clauses


def _only_day(parts: Sequence[str], received: date) -> date | None:
    days = {promised_date(part, received) for part in parts} - {None}
    return days.pop() if len(days) == 1 else None


def day_of_leaving(sentence: str, day: date | None, received: date) -> date | None:
    """The day on which something leaves, not that on which it arrives: "comes in on Tuesday and leaves on Friday"."""
    if not ARRIVES.search(sentence):
        return day
    clauses = [clause for part in _clauses(sentence) for clause in TURN.split(part)]
    leaving = [one for one in clauses if LEAVES.search(one) and not ARRIVES.search(one)]
    return _only_day(leaving, received)


def day_of_arrival(sentence: str, received: date) -> date | None:
    """The day on which the buyer will have it, where a sentence speaks of nothing that leaves."""
    if LEAVES.search(sentence) or not (ARRIVES.search(sentence) or _DELIVERY.search(sentence)):
        return None
    return None if _is_denied(sentence) or hinges(sentence) or "?" in sentence else promised_date(sentence, received)


def is_missed(sentence: str) -> bool:
    """Whether the one day of a sentence is one that will not be kept ("Friday will not work"), not the new one."""
    dated = [part for part in _clauses(sentence) if days_named(part)]
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
    return any(days_named(part) and _MEANT.search(part) for part in _clauses(text))


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
    return any(days_named(part) and WENT.search(part) for part in _clauses(text))


def offers_days(text: str) -> bool:
    """Whether a text leaves open which of two days it will be: "Monday, or Tuesday if the screen is late"."""
    said = days_in_one_piece(text)
    for offer in _OFFERS_DAYS.finditer(said):
        clause = _PAUSE.split(said[: offer.start()])[-1] + offer.group()
        if LEAVES.search(clause) or not (ARRIVES.search(clause) or _AT_THE_BUYERS.search(clause)):
            return True
    return False


def says_otherwise(text: str) -> bool:
    """Whether all that a text says hangs on a condition: "if the driver comes it leaves today, else I cannot tell"."""
    return hinges(text) and _OTHERWISE.search(text) is not None


def sends_another(text: str) -> bool:
    """Whether a text says that something else leaves instead of what waits: "we send a new one on Tuesday"."""
    return _ANOTHER_ONE.search(text) is not None and LEAVES.search(text) is not None


def is_of_another_order(text: str) -> bool:
    """Whether a text speaks of another order than the only one that we asked about: "your other order"."""
    return _ANOTHER_ORDER.search(text) is not None


def is_of_the_last_one(text: str) -> bool:
    """Whether every day that a text names is one on which there was still one: "the last one went on Saturday"."""
    dated = [part for part in _clauses(text) if days_named(part)]
    return bool(dated) and all(_LAST_ONE.search(part) for part in dated)


def is_of_the_reason(text: str) -> bool:
    """Whether every day that a text names is one of the reason: "late, there is a strike on Monday"."""
    said = days_in_one_piece(text)
    if days_named(_WEEKDAY_OF_A_DATE.sub("", said)) == 1 and _DUE.search(said) and _FALLS_THROUGH.search(said):
        return True
    asked = _ASKED_TO_WAIT.search(said)
    if asked and not days_named(said[: asked.start()]) and not LEAVES.search(said, asked.start()):
        return days_named(said) > 0
    dated = [part for part in _clauses(text) if days_named(part)]
    return bool(dated) and all(_is_reason(part) for part in dated)


def _is_reason(part: str) -> bool:
    """Whether a clause with a day tells why, and nothing else in it leaves then."""
    if _NOT_BEFORE.search(part):
        return False
    return _OF_THE_REASON.search(part) is not None and LEAVES.search(_OF_THE_REASON.sub("", part)) is None


def is_of_a_sale(text: str) -> bool:
    """Whether something was sold on the day that a text names, which is none on which it comes back."""
    return _SOLD.search(text) is not None or is_of_the_last_one(text)
