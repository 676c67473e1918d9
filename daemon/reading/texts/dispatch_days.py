"""The days on which a line of text says that something left, clause by clause, and those that it does not tell."""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from daemon.domain.values import Value
from daemon.reading.dates import days_to_come, has_vague_day, past_days, past_weekday, promised_date
from daemon.reading.movements import ARRIVES, LEAVES, LEFT
from daemon.rules.accents import bare_too
from daemon.rules.carrier_book import CarrierBook

_DISPATCH_DAY = re.compile(
    r"\b(?:versand(?:datum|tag|(?= (?:am|erfolgt|mit|per|durch|via|über|:)))|abhol(?:ung|datum)"
    r"|d[ei]spatch(?: date|(?=:))|ship(?:ping|ment)? date|pick-?up|collection(?: date|(?=:| on| booked))"
    r"|date d['\u2019](?:expédition|envoi)|data (?:di )?spedizione|fecha de envío|data (?:wysyłki|nadania)"
    r"|verzend(?:datum|dag)|enlèvement|ramassage|ritiro|recogida|odbiór|ophaling)\b",
    re.IGNORECASE,
)
# The day of an order, an invoice, a mail: "Ihre Bestellung vom 24.11.2026", "order date:", "paid on".
_OF_PAPER = re.compile(
    r"(?:bestell|auftr|order|rechnung|invoice|lieferschein|delivery note|mail|nachricht|message|anfrage|schreiben"
    r"|commande|facture|ordine|fattura|pedido|factura|zamówieni|faktur|bestelling|factuur)[^.;\n]{0,40}?"
    r"\b(?:vom|von|from|of|dated|du|del|dello|d|di|de|z|z dnia|van|d\.d\.)\W{0,3}(?:the )?$"
    r"|(?:bestellt|ordered|placed|paid|bezahlt|eingegangen|received|erhalten|geboren|gültig|stand|print(?:ed)?"
    r"|druck\w*)"
    r"(?: am| on)?[^\w,;]{0,4}$"
    r"|(?:(?:bestell|auftrags?|order|rechnungs?|invoice|beleg|druck|liefer|delivery|payment)"
    r"[ -]?(?:datum|date)|ordered|due)[^\w,;]{0,4}$",
    re.IGNORECASE,
)
# A day on which somebody spoke, ordered or paid.
_OF_TALK = re.compile(
    r"besproch|telefon|bestellt|angekündigt|gemeldet|geschrieb|anruf|bezahlt|eingegang|call|phoned|spoke|discuss|agreed"
    r"|ordered|asked|wrote|paid|convenu|appel|commandé|concordat|parlat|ordinat|hablad|acordad|pedid|rozmaw|ustal"
    r"|zamówi"
    r"|besproken|gebeld|afgesproken|besteld",
    re.IGNORECASE,
)
# "Yesterday the last one went over the counter": a sale is no dispatch.
_OF_A_SALE = re.compile(
    r"theke|tresen|ladentisch|verkauft|counter|\bsold\b|comptoir|vendu|\bbanco\b|mostrador|vendid|toonbank|verkocht"
    r"|sprzeda",
    re.IGNORECASE,
)
# "Sent on Monday" is the last Monday.
_DONE = re.compile(
    r"shipped|d[ei]spatched|\bsent\b|\bleft\b|\bwent\b|posted|collected|picked up|handed|dropped|versendet|verschickt"
    r"|abgeholt|übergeben|expédié|envoyé|remis|spedit|ritirat|enviad|recogid|mandé|envié|llev[éo]|dejé|wys[łl]a[nł]"
    r"|nada[nł]|odebran|posz[łe]|wysz[łe]|verzonden|verstuurd|opgehaald|\bparti|pris\w* en charge|enlevé|déposé|posté"
    r"|confié|meegegeven|meegenomen|afgegeven|vertrokken|ingeleverd",
    re.IGNORECASE,
)
_TO_COME = re.compile(
    r"\b(?:geht|gehen|wird|werden|folg\w*|kommt|kommen|will|goes|ships|leaves|follows?|next|nächst\w*|kommend\w*"
    r"|part|partira"
    r"|parte|partirà|sale|saldrá|zostanie|pójdzie|wordt|gaat|volgt|volgende)\b",
    re.IGNORECASE,
)
# "The numbers of Monday", "last week's list": whose day a line without a number tells.
_NUMBERS = (
    r"\w*(?:nummern?|liste|sendungen|pakete)|numbers?|codes?|list|parcels|shipments|numéros?|suivis?|colis|envois"
    r"|numeri|lista"
    r"|spedizioni|pacchi|números|envíos|paquetes|nummers?|lijst|zendingen|pakketten|numery|listy|przesyłki|paczki"
)
_OF_SUCH_A_DAY = re.compile(
    rf"\b(?:{_NUMBERS})\s(?:\w+\s){{0,3}}?(?:von|vom|für|from|of|for|de|du|des|pour|del|di|della|per|para|van|voor|z"
    rf"|ze|sprzed|na)\b"
    rf"|['\u2019]s (?:\w+ )?(?:{_NUMBERS})\b",
    re.IGNORECASE,
)
# "Attached are those that leave tomorrow".
_WHICH = re.compile(r"\W*(?:die|das|which|that|to (?:go|ship|leave)|qui|che|que|die|dat|które|która)\b", re.IGNORECASE)
# With whom it will be on that day.
_OF_THE_BUYER = re.compile(
    r"kund|käufer|customer|buyer|client|acheteur|klant|koper|comprador|acquirente|klient|kupuj", re.IGNORECASE
)
# "With DHL": how it left, where a carrier's name follows.
_WITH = re.compile(
    r"\b(?:mit|per|bei|via|by|with|par|avec|con|tramite|przez|met)\s(?:der\s|the\s|la\s)?(?=[^\W\d])", re.IGNORECASE
)
# What is given into somebody's hands that are not the buyer's: "consegnata a DHL".
_GIVEN = re.compile(
    r"\b(?:consegnat|entregad)[oaei]s? (?:ad?|al|alla)\s(?!client|destinat|acquir|comprador|vostr|vuestr|lei\b|usted)"
    r"|\bdelivered to (?!(?:the |your |our )?(?:customer|buyer|client|recipient|consignee|address|home|door|you)\b)",
    re.IGNORECASE,
)
# "Delivered on Friday", other than "will be delivered": it left on a day that nobody tells, or has not arrived.
_DELIVERED = re.compile(
    bare_too(
        r"\b(?:zugestellt|delivered|livrée?s?|consegnat[oaie]|entregad[oa]s?|bezorgd|afgeleverd|(?:doręcz"
        r"|dostarcz)on\w+)\b"
    ),
    re.IGNORECASE,
)
_TO_BE = re.compile(
    bare_too(
        r"\b(?:wird|werden|soll\w*|will|be|gets|sera|seront|devrai\w+|être|sar[àa]|saranno|verr[àa]|verranno|viene"
        r"|vengono"
        r"|dovrebb\w+|essere|será|serán|deberían?|ser|wordt|worden|zal|zullen|moet|zou|zostanie|zostaną|będ\w+"
        r"|powin\w+)\b"
    ),
    re.IGNORECASE,
)
# "Yesterday or the day before": of two days nobody can tell which.
_OR_THE_DAY_BEFORE = re.compile(
    r"\b(?:oder|or|ou|oppure|o|of|albo|lub|czy) (?:\w+ )?(?:(?:am|the|le|la|il|el|de|dnia) )?"
    r"(?:tag (?:davor|zuvor|vorher|vorm)|day (?:before|prior)|jour (?:d['\u2019]avant|précédent)|veille"
    r"|giorno (?:prima|precedente)|día (?:antes|anterior|previo)|dag (?:ervoor|daarvoor|eerder)|dzień (?:wcześniej"
    r"|przedtem|przed tym)"
    r"|poprzedniego dnia)\b",
    re.IGNORECASE,
)
_NAME = 24
_CLAUSE_END = re.compile(r"(?<!\b[0-9])(?<!\b[0-9]{2})\.(?=\s)|[,;!?|](?=\s)|\s[\u2013-]\s")
_CELL_END = re.compile(r"\t|\s{2,}|\s?[|]\s?")
_BEFORE = 80


class Clause(Value, frozen=True, kw_only=True):
    """`told`: it speaks of a dispatch; `vague`: it names a day that nobody can tell.

    `days` are those up to receipt on which something may have left; `others` may as well be of something else.
    """

    text: str
    start: int
    end: int
    told: bool
    vague: bool
    days: tuple[date, ...]
    others: tuple[date, ...]


def clauses(text: str, received: date, book: CarrierBook, head: Sequence[str] = ()) -> Iterator[Clause]:
    """The clauses of a line with the days that they name; in a row below the head of a table, its cells."""
    ends = [one.end() for one in (_CELL_END if head else _CLAUSE_END).finditer(text)]
    for place, (start, end) in enumerate(zip([0, *ends], [*ends, len(text)], strict=True)):
        before = f"{head[place]}: " if head else ""
        clause = f"{before}{text[start:end]}"
        told = bool(LEFT.search(clause) or _DISPATCH_DAY.search(clause) or _is_by_carrier(clause, book))
        told = told and not _OF_A_SALE.search(clause)
        yield _clause(before or text[:start], clause, range(start, end), received, told=told)


def _is_by_carrier(clause: str, book: CarrierBook) -> bool:
    return any(book.named(clause[one.end() : one.end() + _NAME]) for one in _WITH.finditer(clause))


def _clause(before: str, clause: str, place: range, received: date, *, told: bool) -> Clause:
    lead = before[-_BEFORE:] if not clause.startswith(before) else ""
    found = [one for one in past_days(clause, received) if not _OF_PAPER.search(f"{lead}{clause[: one.start]}")]
    if _arrived(clause, received) or _OR_THE_DAY_BEFORE.search(clause):
        return Clause(text=clause, start=place.start, end=place.stop, told=True, vague=True, days=(), others=())
    days = [one.day for one in found if told]
    done = _DONE.search(clause) or _GIVEN.search(clause)
    if told and not found and done and not (_TO_COME.search(clause) or _OF_TALK.search(clause)):
        days += [day] if (day := past_weekday(clause, received)) else []
    foreign = not told and any(one.search(clause) for one in (_OF_TALK, _OF_A_SALE, ARRIVES))
    return Clause(
        text=clause,
        start=place.start,
        end=place.stop,
        told=told,
        vague=not days and _cannot_be_told(lead, clause, received, told=told),
        days=tuple(days) or tuple(one.day for one in found if one.spoken and not foreign),
        others=() if told else tuple(one.day for one in found if not (one.spoken and foreign)),
    )


def _arrived(clause: str, received: date) -> bool:
    """Whether a clause says that something arrived on another day than that of receipt, and not that it left."""
    if not _DELIVERED.search(clause) or any(one.search(clause) for one in (_TO_BE, _GIVEN, _DONE)):
        return False
    days = {promised_date(clause, received), *(one.day for one in past_days(clause, received))} - {None}
    return bool(days - {received}) or has_vague_day(clause)


def _cannot_be_told(lead: str, clause: str, received: date, *, told: bool) -> bool:
    """Whether a clause names a day that only its writer can tell, or says of one to come that something has left."""
    if (ARRIVES.search(clause) and not _GIVEN.search(clause)) or _TO_COME.search(clause):
        return False
    if has_vague_day(clause):
        return True
    if not (told or heads_numbers(clause)) or _OF_THE_BUYER.search(clause) or _DISPATCH_DAY.search(clause):
        return False
    if written := days_to_come(clause, received):
        return any(not _OF_PAPER.search(f"{lead}{clause[:start]}") for start in written)
    day = promised_date(clause, received)
    return day is not None and day > received


def heads_numbers(clause: str) -> bool:
    """Whether a clause says of which day the numbers are that stand below it."""
    return _OF_SUCH_A_DAY.search(clause) is not None


def head_of(text: str) -> tuple[str, ...]:
    """The cells of a line that may be the head of a table: several, and no figure in them."""
    cells = tuple(cells_of(text))
    return cells if len(cells) > 1 and not any(sign.isdigit() for sign in text) else ()


def cells_of(text: str) -> list[str]:
    return _CELL_END.split(text)


def arrives(clause: str) -> bool:
    """Whether a clause speaks of what arrives."""
    return ARRIVES.search(clause) is not None


def is_to_leave(clause: str) -> bool:
    """Whether a clause speaks of what is to leave."""
    return bool(LEAVES.search(clause)) and not arrives(clause)


def is_of_a_plan(clause: str, received: date) -> bool:
    """Whether a clause tells of goods that are to leave on a day to come: "which leave tomorrow"."""
    day = promised_date(clause, received) if _WHICH.match(clause) and is_to_leave(clause) else None
    return day is not None and day > received


def tells_dispatch_day(clause: str) -> bool:
    """Whether a clause is about the day of dispatch or of collection itself."""
    return bool(_DISPATCH_DAY.search(clause)) and not arrives(clause)


def speaks_of_dispatch(text: str) -> bool:
    """Whether a line holds a word for what has left."""
    return LEFT.search(text) is not None
