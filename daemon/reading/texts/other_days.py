"""Days in a sentence on which nothing leaves: of its reason, of two, of the last piece, of another order or parcel."""

import re

from daemon.reading.dates import days_in_one_piece, days_named
from daemon.reading.movements import ARRIVES, LEAVES
from daemon.reading.texts.clauses import DAY, clauses_of
from daemon.rules.accents import bare_too
from daemon.rules.sentences import WEEKDAY

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
    rf"\b(?:seit|since|depuis|desde|sinds)(?: (?:dem|the|le|el|de))? {DAY}"
    rf"|\b(?:got|was|were) (?:delayed|held up) on {DAY}"
    rf"|\b(?:last|letzten|afgelopen|vorige|zeszł\w+|ubiegł\w+) {DAY}|{WEEKDAY} (?:dernier|scors[oa]|pasado)\b"
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
    r"|statek|kontenerowiec)\b"
    r"[^,;.]{0,40}\b(?:an(?:legt)?|docks?|docking|lands?|berths?|accoste\w*|attrac\w+|atrac\w+|aan(?:legt|meert)?"
    r"|przypł\w+|przybij\w+|zawij\w+)\b",
    re.IGNORECASE,
)
# "No chance before Wednesday, half the crew is out sick": the first day on which it may leave, whatever the reason.
_NOT_BEFORE = re.compile(
    rf"\b(?:before|vor|avant|prima (?:di|del)|antes del?|voor|przed)(?: (?:the|dem|le|el))? {DAY}", re.IGNORECASE
)
# "The buyer asked us to wait until Monday".
_ASKED_TO_WAIT = re.compile(
    r"\b(?:kund\w+|käufer\w*|customer|buyer|cliente?|acheteu\w+|acquirente|comprador\w*|klant|koper|klient\w*"
    r"|kupując\w*)\b[^;.]{0,30}"
    r"\b(?:bat|bittet|gebeten|wollte|möchte|ask(?:ed|s)|wants?|wanted|demand\w+|souhait\w+|chie[sd]\w+|pid\w+"
    r"|quier\w+|quería|vr(?:oeg|aagt)"
    r"|gevraagd|wil(?:de)?|prosi\w*|poprosi\w*|chc\w+)\b[^;.]{0,40}"
    r"\b(?:(?:ab)?warten|wait|hold on|attend\w+|patienter|aspett\w+|esper\w+|wachten|(?:za|po)?czeka\w+)\b",
    re.IGNORECASE,
)
# "The delivery due on Monday has been cancelled": a day on which nothing comes.
_DUE = re.compile(
    rf"\b(?:erwartet|angekündigt|geplant|vorgesehen|zugesagt)\w* (?:\w+ )?(?:\w*lieferung|ware|nachschub|sendung)\b"
    rf"|\b(?:\w*lieferung|nachschub|delivery|restock|livraison|arrivage|réassort|consegna|arrivo|entrega|reposición"
    rf"|levering|aanvulling"
    rf"|dostawa)\b[^,;.]{{0,40}}?{DAY}|\bverwachte (?:levering|aanvulling)\b",
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
        rf"\b{DAY}[^.;!?]{{0,25}}?(?:[.,;] )?\b(?:oder|ou|or|o|(?<!instead )of|oppure|lub|albo|sonst"
        rf"|otherwise|sinon|altrimenti|si no|anders|inaczej|vielleicht|eventuell|evtl\.?|maybe|perhaps|possibly"
        rf"|peut-être|forse|magari|al massimo|quizás?|tal vez|misschien|eventueel|może|ewentualnie)"
        rf"(?: (?!spätestens|latest|uiterlijk|najpóźniej)[^\W\d_]+){{0,3}} (?:[0-9]{{1,2}}\.? )?"
        rf"(?:{WEEKDAY}|[0-9]{{1,2}}(?:st|nd|rd|th|er|\.(?=\s?(?:1[0-2]|0?[1-9])\.)))"
        r"(?![^.;]{0,20}\b(?:latest|spätestens|au plus tard|al più tardi|a más tardar|uiterlijk|najpóźniej)\b)"
        rf"|{DAY}[^.;!?]{{0,25}}?,? (?:oder länger|or longer|or later|ou plus|o più|o más|of langer|of later"
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


def offers_days(text: str) -> bool:
    """Whether a text leaves open which of two days it will be: "Monday, or Tuesday if the screen is late"."""
    said = days_in_one_piece(text)
    for offer in _OFFERS_DAYS.finditer(said):
        clause = _PAUSE.split(said[: offer.start()])[-1] + offer.group()
        if LEAVES.search(clause) or not (ARRIVES.search(clause) or _AT_THE_BUYERS.search(clause)):
            return True
    return False


def sends_another(text: str) -> bool:
    """Whether a text says that something else leaves instead of what waits: "we send a new one on Tuesday"."""
    return _ANOTHER_ONE.search(text) is not None and LEAVES.search(text) is not None


def is_of_another_order(text: str) -> bool:
    """Whether a text speaks of another order than the only one that we asked about: "your other order"."""
    return _ANOTHER_ORDER.search(text) is not None


def is_of_the_last_one(text: str) -> bool:
    """Whether every day that a text names is one on which there was still one: "the last one went on Saturday"."""
    dated = [part for part in clauses_of(text) if days_named(part)]
    return bool(dated) and all(_LAST_ONE.search(part) for part in dated)


def is_of_the_reason(text: str) -> bool:
    """Whether every day that a text names is one of the reason: "late, there is a strike on Monday"."""
    said = days_in_one_piece(text)
    if days_named(_WEEKDAY_OF_A_DATE.sub("", said)) == 1 and _DUE.search(said) and _FALLS_THROUGH.search(said):
        return True
    asked = _ASKED_TO_WAIT.search(said)
    if asked and not days_named(said[: asked.start()]) and not LEAVES.search(said, asked.start()):
        return days_named(said) > 0
    dated = [part for part in clauses_of(text) if days_named(part)]
    return bool(dated) and all(_is_reason(part) for part in dated)


def _is_reason(part: str) -> bool:
    """Whether a clause with a day tells why, and nothing else in it leaves then."""
    if _NOT_BEFORE.search(part):
        return False
    return _OF_THE_REASON.search(part) is not None and LEAVES.search(_OF_THE_REASON.sub("", part)) is None
