"""The words that say what kind of number follows them, in seven languages."""

import re
from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache
from itertools import takewhile
from operator import eq

from daemon.domain.values import Value
from daemon.rules.accents import bare_too

REMEMBERED = 1024


class LabelKind(StrEnum):
    TRACKING = "tracking"
    IMEI = "imei"
    ORDER = "order"
    LINE = "line"
    QUANTITY = "quantity"
    OTHER = "other"


class Label(Value, frozen=True, kw_only=True):
    kind: LabelKind
    start: int
    end: int
    text: str = ""


_NUMBER_WORDS = r"nummern?|numbers?|numero|número|numéro|nrn?|nos?|num|ids?|codes?|link|n\.?[°º]"
_NUMBER = rf"(?:[ -]?(?:{_NUMBER_WORDS}))?"
_SIM = r"(?:sim|slot|steckplatz|emplacement|ranura)(?:karte|-?kartenplatz)? ?[12]"
_IMEI = (
    rf"{_SIM}(?=[:= ]{{1,3}}[0-9]{{2}})",
    rf"(?:{_SIM} |[12]\. )?imei(?:sv)?s?(?:[ -]?[12](?![0-9]|\. [a-z]))?{_NUMBER}(?: ?\(?{_SIM}\)?)?",
)
_THEIR_PARCEL = "suivi|colis|envoi|exp[eé]dition|tracking|spedizione|tracciamento|seguimiento|env[ií]o|expedici[oó]n"
_THEIR_NUMBER = r"num[eé]ro|n\.?[°º]?|n[uú]mero|num\.?|code|codice|c[oó]digo"
_TRACKING = (
    rf"(?:sendungs(?:verfolgungs)?|sendung|sdg|sendungsverfolgung|paket(?:schein)?|trackings?){_NUMBER}",
    rf"(?:shipment|parcel|consignment|(?:air ?)?way ?bill|docket|awb|frachtbrief|barcode|identcode|zendings?){_NUMBER}",
    r"(?:karton|kiste|box|carton|caja|scatola|doos|kartonik)(?= ?[1-9]\s?[:=\u2013-])",
    # What a post office calls a parcel; else the word is an article's.
    rf"items?{_NUMBER}(?=[ :#.]{{1,3}}[a-z]{{2}} ?(?:[0-9]{{3}} ?){{3}}[a-z]{{2}}(?![a-z]))",
    rf"versand(?:{_NUMBER_WORDS})|track[ -]?(?:{_NUMBER_WORDS})|track[ -]?(?:&|and|en)[ -]?trace(?:code)?{_NUMBER}",
    rf"t ?& ?t(?:[ -]?code)?{_NUMBER}",
    rf"(?:{_THEIR_NUMBER}) (?:(?:de l|d)['\u2019]|d[eiu] )?(?:{_THEIR_PARCEL})",
    r"suivi|seguimiento|rastreo|tracciamento|śledzenie|localizador",
    r"lettera di vettura|ldv|lettre de voiture|carta de porte",
    r"(?:numer|nr)\.? (?:przesyłki|paczki|śledzenia|listu(?: przewozowego)?)",
    rf"(?:colis|pacco|collo|spedizione|paquete|bulto|envío|expedición|paczk[aiąę]|przesyłk[aiąę]|pakket|zending){_NUMBER}",
)
_ORDER = (
    rf"(?:bestell(?:ungs?|ungen)?|auftrags?|aufträge|orders?|purchase order|po){_NUMBER}",
    rf"(?:commandes?|ordin[ei]|pedidos?|zamówieni[ea]|bestelling(?:en|s)?|bestel){_NUMBER}",
)
_LINE = (rf"(?:position(?:en)?|pos|zeile|line|ligne|riga|línea|pozycj[aei]|poz|regel|sku|artikel|item){_NUMBER}",)
# Pieces that have left, where nothing but their number stands behind the word.
_SENT = (
    r"geliefert|versendet|verschickt|liefermenge|versandmenge|shipped|delivered|sent|dispatched|livrée?s?|expédiée?s?"
    r"|consegnat[oi]|spedit[oi]|enviad[oa]s|wysłan[oe]|verzonden|geleverd"
)
_ALONE = r"(?=\s{0,3}[:=]\s{0,3}[0-9]{1,3}\s{0,9}(?:$|[,;|)]|\.\s)|\s[0-9]{1,3}\s{0,9}$|\s{0,9}$|\s{2,}|\s?[|;])"
_QUANTITY = (
    rf"(?:{_SENT}){_ALONE}",
    r"menge|anzahl|stückzahl|qty|quantity|quantité|qté|ilość|quantità|qtà|cantidad|aantal",
)
_PAPER = (
    "re|rg|kd|kdn|ls|inv|beleg|vorgangs?|referen[zc]e?|ref|fattura|facture|factura|faktura|factuur|bolla"
    "|bon de livraison"
)
_THEIR_ORDER = "auftrags?|bestell(?:ungs?)?|order|commande|ordine|pedido|zamówieni[ea]|bestelling"
_TELEPHONE = "tel|fon|fax|telefax|hotline|whatsapp"
_PHONES = (
    "telefon|phone|mobile?|mobil|handy|téléphone|tel[eé]fono|cellulare|cell|m[oó]vil|tfno|tlfn?o?|kom[oó]rk[aęe]|kom"
    "|gsm"
)
# "Call me on", "for anything else": a number to dial follows.
_CALL = (
    r"(?:call|ring|phone|reach) (?:me|us) (?:on|at)|(?:ruf\w*|erreich\w*|anruf\w*) (?:\w+ ){0,2}unter"
    r"|(?:appel|joign)\w*(?:[- ](?:moi|nous))? au|(?:chiam|telefon|sent)\w* (?:\w+ )?al"
    r"|(?:per )?(?:qualsiasi|qualunque) cosa(?: al)?"
    r"|(?:ll[aá]m|contact|localiz)\w* (?:\w+ )?(?:al|en el)|(?:para )?cualquier cosa(?: al)?"
    r"|(?:dzwo[nń]|zadzwo[nń])\w*(?: pod| na)?"
    # "Joignable jusqu'à 17 h au 04 72 …"
    r"|(?:joignable|raggiungibil[ei]|localizables?|disponibil[ei]|bereikbaar|erreichbar|reachable|pod telefonem)"
    r"[^.;]{0,30}?(?:\b(?:au|allo|al|en el|op|unter|on|at)|,)"
    r"|(?:jakby|w razie|gdyby) co\w*|bel(?:len)? (?:me |ons |mij |even |gerust |maar ){0,2}(?:op|naar)"
)
# "Questions? Call 0…": how somebody is reached.
_REACHED = (
    r"(?:bel(?:len)?|bereiken|bereikbaar|vragen|appele[rz]|appel|joignable|questions?|call|reachable|erreichbar|fragen|preguntas"
    r"|dudas|domande|pytania)\W{1,3}(?:(?:au|op|at|on|unter|al|pod)\s)?(?=[+(]?(?:0[1-9]|00?[1-9]{2}[^0-9])|\+)"
)
_REACHABLE = (
    "erreichbar|zu erreichen|joignables?|raggiungibil[ei]|localizables?|bereikbaar|reachable|available|dostępn[ya]"
    "|osiągaln[ya]"
)
# What a firm has with others, as it stands below its letters.
_REGISTERED = (
    "polic[ye]|polis[yaę]?|polizza|p[oó]liza|tessera|umow[ya]|versicherungs(?:schein)?|lizenz|licen[cs]e|mitglieds|member(?:ship)?|account|contract"
    "|(?:warranty|guarantee|support|loyalty|service|staff|insurance)(?: (?:pin|card|plan|policy|contract))?"
)
# A compound that names a number by a word that nothing else knows: "Garantienummer", "Kundenkarte".
_COMPOUND = (
    "(?!dhl|dpd|gls|ups|hermes|post(?!nummer)|paket|pack|send|versand|fracht|track|liefer|ger[äa]|imei|ident|barcode)"
    r"[a-zäöüß]{4,24}(?:nummer|nr\.?|karte|vertrag|kennung)(?=[ :#.]{1,3}[a-z]{0,4}[0-9]{8})"
)
_OURS = r"unsere?[rn]?|our|notre|nostr[oa]|nuestr[oa]|nasz\w*|onze?|interne?"
# A telephone is a thing that is sold, too: its word is a label only before a number that can be dialled.
_DIALLED = r"[\s.:/]{0,4}(?:nr\.?|no\.?)?[\s.:/]{0,3}[+(]?[0-9](?:[ ()/.-]{0,2}[0-9]){4}"
# "Tel 1: 3520…": the first of several telephones, by its IMEI.
_COUNTED = r"(?!\s{0,2}[1-9][\s:.)=-]{1,4}[0-9]{15}(?![0-9]))"
# What brings goods back leads to no buyer.
_BACK = (
    rf"(?:retouren?|rücksende|rücksendungs?|rückversand|rücklauf)-?(?:labels?|scheine?|etikett(?:en)?|paket)?{_NUMBER}",
    rf"returns?(?: shipping| shipment| parcel)?[ -](?:labels?|tracking|parcel|shipment|waybill){_NUMBER}",
    r"(?:étiquette|bordereau|numéro) de retour|etichetta (?:di|del) reso|etiqueta de devolución",
    r"etykiet[aęy] zwrotn[aąe]\w*|retour(?:label|etiket|zending|code|nummer)",
)
# "I am on 0171 5550123 if need be": the word for being reached stands behind its number.
_BEFORE_A_CALL = (
    r"(?:unter|au|al|en el|op|on|at|pod(?: numerem)?)"
    rf"(?={_DIALLED}[0-9 ()/.-]{{0,12}}(?:[^\W\d_]+ ){{0,2}}(?:{_REACHABLE})\b)"
)
_OTHER = (
    rf"(?:{_OURS})[ .-]{{1,2}}(?:{_PAPER}|{_THEIR_ORDER}){_NUMBER}",
    rf"(?:{_PAPER})[ -]?(?:{_NUMBER_WORDS})",
    # Of the writer's own house, as some languages put it behind.
    r"(?:zlecenie|zamówienie|numer|nr) (?:wewnętrzn[ey]|własn[ey])|(?:commande|numéro|référence) interne",
    r"(?:ordine|numero|riferimento|pedido|número|referencia) intern[oa]",
    # "On its way to the customer" names no number of his.
    rf"(?<!zum )(?<!dem )(?<!den )(?<!beim )(?<!vom )kunden{_NUMBER}",
    rf"(?:rechnungs?|lieferschein|steuer|serien|vertrags?|konto|vorgangs){_NUMBER}",
    *_BACK,
    rf"(?:customer|invoice|serial|delivery note|return|account|case|ticket)[ -]?(?:{_NUMBER_WORDS})|ticket|invoice",
    rf"(?:{_REACHED})(?={_DIALLED})",
    rf"(?:(?:{_TELEPHONE})(?={_DIALLED})|(?:{_PHONES})(?={_DIALLED})(?!\s{{1,2}}[0-9]{{14}})){_COUNTED}",
    rf"(?:{_CALL})(?={_DIALLED})(?!\s{{1,2}}[0-9]{{14}})",
    _BEFORE_A_CALL,
    # Too short for a parcel's.
    r"(?:referen[zc]e?|référence|referencia|referencja|referentie|riferimento)(?=[ :#.]{1,3}[0-9]{3,9}(?![0-9]))",
    _COMPOUND,
    rf"(?:{_REGISTERED}){_NUMBER}(?=[ :#.]{{1,3}}[a-z]{{0,4}} ?[0-9]{{5}})",
    r"ust[ -]?id(?:[ -]?nr)?|ust|vat(?: (?:id|no|number))?|iban|bic|swift|hrb|hra|siret|siren|nip|regon|p\.? ?iva",
    r"cif|nif|ean|gtin|upc|asin|s/n|sn|eid|iccid|plz|rma|hs[ -]?code|zolltarif(?:nummer)?",
)
_WORDS = {
    LabelKind.IMEI: _IMEI,
    LabelKind.TRACKING: _TRACKING,
    LabelKind.ORDER: _ORDER,
    LabelKind.LINE: _LINE,
    LabelKind.QUANTITY: _QUANTITY,
    LabelKind.OTHER: _OTHER,
}
_BY_KIND = "|".join(f"(?P<{kind.value}>{'|'.join(words)})" for kind, words in _WORDS.items())
# Small letters only: a pattern that ignores case costs three times as much.
_LABEL = re.compile(bare_too(rf"(?<![a-z0-9à-ž])(?:{_BY_KIND})(?![a-zà-ž])"))
# Words so long that one slip of the pen leaves them what they are.
_LONG_WORDS = (
    "sendungsnummer",
    "sendungsverfolgung",
    "sendungsverfolgungsnummer",
    "sendungsnr",
    "trackingnummer",
    "trackingnr",
    "trackingcode",
    "paketnummer",
    "paketscheinnummer",
    "versandnummer",
    "tracking",
    "consignment",
    "seguimiento",
    "localizador",
    "spedizione",
    "tracciamento",
    "przesyłki",
    "zendingsnummer",
    "zendingnummer",
    "verzendnummer",
)
_MISTYPED = re.compile(
    rf"(?<![a-z0-9à-ž])([a-zà-ž]{{7,26}})(?:[ -](?:{_NUMBER_WORDS}))?(?=\.?[ :=#.]{{1,4}}[a-z]{{0,4}}[0-9])"
)
# "The IMEI is on the back of the invoice: N" names no invoice.
_ON_A_PAPER = re.compile(
    r"\b(?:der|dem|vom|beim|im|zur|zum|einer|einem|unserer|the|our|your|la|le|l['\u2019]|el|il|lo|al|del|della|sulla|de|het)"
    r"\s?$"
)
_PAPERS = ("rechnung", "lieferschein", "invoice", "ticket", "serien", "return")
_BESIDE = {LabelKind.ORDER, LabelKind.LINE, LabelKind.QUANTITY}
# Labels are blanked out where this is looked for.
_SENTENCE_END = re.compile(r"(?:(?<=[a-zà-ž]{4})|(?<=\t))\.\s+(?=[A-ZÀ-Ý][a-zà-ž'\u2019]+\s)")
_ONLY_SIGNS = re.compile(r"[\s:=#.\-*>|]*")
# "IMEI for order A-1009:", the order being blanked out.
_OF_AN_ORDER = re.compile(r"\s(?:[^\W\d_]+['\u2019\s]+|\t+\s?){0,5}\t+\s*:\s*")


@lru_cache(maxsize=REMEMBERED)
def labels(line: str) -> tuple[Label, ...]:
    """Every label of a line, in order. Signatures and heads of tables come again and again."""
    small = line.lower()
    small = small if len(small) == len(line) else line
    found = [
        Label(kind=LabelKind(match.lastgroup), start=match.start(), end=match.end(), text=match.group())
        for match in _LABEL.finditer(small)
        if match.lastgroup
    ]
    if not any(one.kind is LabelKind.TRACKING for one in found):
        found = _with_mistyped(small, found)
    if any(one.kind is LabelKind.IMEI for one in found):
        found = [one for one in found if not _is_a_place(small, one)]
    return tuple(found)


def _with_mistyped(small: str, found: Sequence[Label]) -> list[Label]:
    """The labels of a line and those of a parcel's number that somebody mistyped: "Tarckingnummer 0034…"."""
    mistyped = [
        Label(kind=LabelKind.TRACKING, start=match.start(), end=match.end(), text=match.group())
        for match in _MISTYPED.finditer(small)
        if is_mistyped(match[1])
    ]
    places = {one.start for one in mistyped}
    return sorted((*mistyped, *(one for one in found if one.start not in places)), key=lambda one: one.start)


def is_mistyped(small: str) -> bool:
    """Whether a word is one that names a parcel's number, but for a slip of the pen."""
    return any(_is_slip_of(word, small) for word in _LONG_WORDS)


def _is_slip_of(word: str, typed: str) -> bool:
    """Whether a word was typed with one letter too many, too few or wrong, or with two in each other's place."""
    if abs(len(word) - len(typed)) > 1:
        return False
    same = _alike(word, typed)
    rest, wrong = word[same:], typed[same:]
    after = _alike(rest[::-1], wrong[::-1])
    rest, wrong = rest[: len(rest) - after], wrong[: len(wrong) - after]
    return max(len(rest), len(wrong)) <= 1 or (len(rest) == 2 and rest == wrong[::-1])  # noqa: PLR2004 - the two


def _alike(one: str, other: str) -> int:
    """With how many of the same letters two words begin."""
    return sum(takewhile(bool, map(eq, one, other)))


def _is_a_place(small: str, label: Label) -> bool:
    """Whether a paper is only where something stands."""
    named = label.kind is LabelKind.OTHER and label.text.startswith(_PAPERS)
    return named and _ON_A_PAPER.search(small[: label.start][-20:]) is not None


def hanging(line: str, found: Sequence[Label], unnamed: str = "") -> Label | None:
    """The label that a line ends with, whose value stands on the lines below.

    `unnamed` is the line without the order that it may name behind it: "IMEI for A-1009:".
    """
    if found and _ONLY_SIGNS.fullmatch(line, found[-1].end):
        return found[-1]
    last = next((one for one in reversed(found) if one.kind is not LabelKind.ORDER), None) if unnamed else None
    return last if last and _OF_AN_ORDER.fullmatch(unnamed, last.end) else None


def regions(line: str, found: Sequence[Label], kind: LabelKind) -> list[tuple[int, int]]:
    """The stretches of a line in which numbers are of this kind: up to the next label but an order's or a line's."""
    stretches: list[tuple[int, int]] = []
    for place, label in enumerate(found):
        if label.kind is kind:
            later = (one.start for one in found[place + 1 :] if one.kind not in _BESIDE)
            end = next(later, len(line))
            # "I meant to send it with the tracking. It's N" does not say what N is.
            full = _SENTENCE_END.search(line, label.end, end) if kind is LabelKind.TRACKING else None
            stretches.append((label.end, _within_brackets(line, label, full.start() if full else end)))
    return stretches


def _within_brackets(line: str, label: Label, end: int) -> int:
    """What a label in brackets names stands in them, too."""
    opened = line[: label.start].rstrip().endswith("(")
    closed = line.find(")", label.end, end) if opened else -1
    return end if closed < 0 else closed
