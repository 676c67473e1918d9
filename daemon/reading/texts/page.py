"""Where in the text of a mail orders and articles are named, and what stands before and behind a sentence."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from itertools import pairwise

from daemon.domain.finding import Evidence
from daemon.domain.snapshot import Context
from daemon.domain.values import Value
from daemon.reading.days_after import with_days_after
from daemon.reading.texts.attribution import subject_order
from daemon.reading.texts.clauses import TURN
from daemon.reading.texts.mentions import Known, Mention, are_listed, are_listed_in_full
from daemon.reading.texts.promises import day_in, is_today, promised_next
from daemon.reading.texts.text_lines import TextLine
from daemon.reading.texts.things import REST, things

EVIDENCE_AT_MOST = 200
BLOCK_AT_MOST = 1000
HEADINGS_AT_MOST = 10
WORDS_AT_LEAST = 4
"""So much is told of an order; "A-1007, maybe" may as well put right what stands above."""
# Between two orders of one sentence: where what is said of the one ends and what is said of the other begins.
_SENTENCE_END = re.compile(
    r"[.!?](?=\s)(?:(?<![0-9]\.)|(?:(?<=[0-9]\.[0-9]\.)|(?<=[0-9]\.[0-9]{2}\.)|(?<=[0-9]{4}\.))(?=\s+[A-ZÀ-Ý]))|\n\s*\n"
)
_CONDITION = re.compile(
    r"\b(?:wenn|falls|sobald|sofern|bevor|if|once|as soon as|when|unless|before|si|dès que|lorsque|quand|avant|jeśli"
    r"|jeżeli|gdy|jak tylko|zanim|se|appena|quando|prima|cuando|en cuanto|antes|als|zodra|indien|wanneer|voordat)\b",
    re.IGNORECASE,
)
# What is no reason any more: "but", a wish, another way, what the goods look like.
_TURNS_AWAY = re.compile(
    r"\b(?:aber|doch|jedoch|allerdings|bitte|oder|stattdessen|dafür|alternativ\w*|ander\w+|tausch\w*|ersatz\w*"
    r"|but|however|please|or|instead|other\w*|another|swap|replace\w*|mais|svp|ou|plutôt|autres?|échang\w+|remplac\w+"
    r"|ma|però|oppure|invece|altr[oaie]|sostitu\w+|pero|o|otr[oa]s?|cambi\w+|sustitu\w+|maar|of|graag|andere?|vervang\w+"
    r"|ale|albo|lub|proszę|inn\w+|zamian\w+|zamien\w+)\b"
    r"|kratz|delle|gebraucht|b[ei]schädig|beschadig|scratch|\bdent|damag|\bused|abîm|endommag|rayur|rayé|arañ|rasguñ|dañad|usad[oa]"
    r"|graffi|ammacc|danneggi|usat[oa]|\bkras|deuk|\brys[ay]|wgniec|uszkodz|używan",
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
# What is looked for, or not decided.
_OPEN = re.compile(
    r"\b(?:entscheid\w*|such(?:e|en|t)|schau(?:e|en)?|prüf(?:en?|t)|klär\w*|decid\w*|look(?:s|ing)?|finds?|check(?:s|ing)?"
    r"|décid\w*|cherch\w*|vérifi\w*|cerc(?:o|a|hiamo|ando)|controll(?:o|iamo|ando)|verific\w*|busc\w*|mira(?:mos|ndo)|compr[ou]eb\w*"
    r"|beslis\w*|zoek\w*|kijk\w*|nagaan|zdecyd\w*|decyd\w*|szuk\w*|sprawdz\w*)\b",
    re.IGNORECASE,
)
# "As for A-1007": the order of which a sentence is going to speak.
_FIRST_WORDS = re.compile(
    r"\W{0,5}(?:(?:bei[m]?|zu[rm]?|für|wegen|was|nur|und|der|die|das|mit|bestellung|auftrag|order|bestelling|commande|ordine"
    r"|pedido|zamówieni[aeu]|as|for|only|and|with|about|regarding|the|pour|quant|à|au|la|le|l|sur|et|per|riguardo|a|al|il|su|e"
    r"|para|sobre|de[l]?|en|el|y|con|voor|bij|van|wat|alleen|het|co|do|dla|przy|z|tylko|i)\W{1,3}){0,4}",
    re.IGNORECASE,
)
# What such a sentence may take from the others: their numbers, parcels and labels, or that somebody mixed them up.
_OF_OTHERS = re.compile(
    r"nummer|number|num[eé]ro|n[uú]mero|numer|label|et[iy][qk]\w*et|étiquet|etichet|imei|tracking|oben|above|dessus|sopra|arriba"
    r"|boven|powyż|pa[kc]k?et|parcel|colis|pacc[oh]|paquete|pacz|sendung|shipment|zending|\bwrong|falsch|mauvais|sbagli|equivoc"
    r"|verkeerd|błędn|pomył|verwechs|vertausch|mix|swap|confus|confond|scambi|cambi|verwissel|zamien|ander[en]|beide|both|other"
    r"|gehör|belong|appart|perten|należ|behoor|meant|meint|\b(?:war|was|ist|is|gilt|wäre|would) (?:das|die|that|it)\b"
    r"|statt|stelle|instead|place|lieu|posto|invece|lugar|plaats|zamiast|\bits\b|\bsu[ao]\b|same|selbe|gleiche|même|stess|mism"
    r"|zelfde|sam[aey]\b|kiste|karton|box|carton|scatol|caja|doos|pudeł"
    r"|second|zweit|deux|autre|altr[oaie]|entramb|otr[oa]|ambos|tweede|drug[ai]|inn[eya]|ob[ai]dw|\boba\b",
    re.IGNORECASE,
)
# "We won't make Friday, sorry. It goes on Tuesday."
_SORRY = re.compile(
    r"\W*(?:(?:so|very|really|ganz|sehr|aber|vielmals|tut (?:mir|uns)(?: \w+)?|bitte um|wir bitten um)\s)*"
    r"(?:sorry|apologies|leid|leider|entschuldig\w*|verzeih\w*|nachsicht|verständnis|désolée?s?|pardon|navrée?s?|scus\w+|spiacent[ei]"
    r"|mi dispiace|perdón|perdone|lo siento(?: mucho)?|lo sentimos|disculp\w+|helaas|excuses|przepraszam\w*|niestety)"
    r"(?: (?:about|for) (?:that|this|it)| dafür| daar ?voor)?\W*",
    re.IGNORECASE,
)
_BLANK_LINE = re.compile(r"\n\s*\n")
# "The case comes on Monday, we send it on Tuesday": what a later clause of a sentence speaks of.
# The Romance and Polish words are articles, "I" and "their" as well, unless they stand beside what is done.
_IT = re.compile(
    r"\b(?:sie|ihn|it|them|elles?|ils?|(?:nous|je|on) l[ae]s?|l[ae]s? (?:envoyons|expédions)|hem|ze(?= (?:gaa|wor|ver))"
    r"|(?:wy|na|prze)\w+ (?:je|ją|go|ich)|l[oaie]s? (?:mand|invi|sped|envi|despach|consegn|entreg)\w*"
    r"|(?:mand|invi|sped|envi|despach)\w*l[oaie]s?)\b",
    re.IGNORECASE,
)


# "… and then we send it all".
_TOGETHER = re.compile(
    r"\b(?:alle[sn]?|beide\w*|zusammen|gemeinsam|komplett\w*|bestellung|auftrag|ware|pakete?|all|both|everything|together"
    r"|complete|orders?|goods|parcels?|tout|tous|toutes|deux|ensemble|commande|colis|tutt[oaie]|entramb\w|insieme|ordine|merce"
    r"|pacco|tod[oa]s?|amb[oa]s|junt[oa]s?|pedido|paquetes?|wszystk\w+|ob[aiy]\w*|razem|zamówieni\w+|paczk\w+|allebei|samen"
    r"|bestelling|pakket)\b",
    re.IGNORECASE,
)


class _Named(Value, frozen=True, kw_only=True):
    """An order or a line where the text names it; the orders of one list (`A, B and C`) have the same group."""

    start: int
    end: int
    text: str
    group: int


class Page:
    """Where in the judged text orders and lines are named; `dated` is that text with a date for "the next day"."""

    def __init__(self, text: str, lines: Sequence[TextLine], known: Known, context: Context, received: date) -> None:
        self.text = text
        self.dated = with_days_after(text, received)
        self._known = known
        self._headings = 0
        self.about = context.conversation.about if context.conversation else ()
        self.subject = subject_order(lines[0], self.about) if lines else None
        self._starts = [0, *(match.end() for match in re.finditer(r"\n", text))]
        self.orders = self._placed([one for line in lines[1:] for one in line.orders])
        self.places = self._placed([one for line in lines[1:] for one in (*line.places, *line.spoken)])
        self.promises: list[int] = []

    def _placed(self, mentions: Sequence[Mention]) -> list[_Named]:
        placed: list[_Named] = []
        for one in mentions:
            if one.line > len(self._starts):
                break
            start, end = (self._starts[one.line - 1] + place for place in (one.start, one.end))
            listed = bool(placed) and self._goes_on_list(self.text[placed[-1].end : start], one)
            group = placed[-1].group if listed else len(placed)
            placed.append(_Named(start=start, end=end, text=one.text, group=group))
        return placed

    def _goes_on_list(self, between: str, mention: Mention) -> bool:
        line = self._known.lines.get(mention.text, mention.text)
        whole = mention.pieces is not None and mention.pieces == self._known.ordered.get(line)
        return are_listed(between) or (whole and are_listed_in_full(between))

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

    def sentence(self, span: tuple[int, int]) -> str:
        """What stands in a span, in one line; "the next day" is a date in it."""
        return " ".join(self.dated[slice(*span)].split())

    def so_far(self, span: tuple[int, int]) -> str:
        """The sentence up to the end of a clause of it: "Both orders confirmed, shipping Thursday"."""
        begun = max(self.text.rfind(sign, 0, span[0]) for sign in "\n.!?")
        return self.text[begun + 1 : span[1]]

    def whole(self, span: tuple[int, int]) -> str:
        """The sentence of which a span is a clause, also what follows the clause."""
        so_far = self.so_far(span)
        ended = so_far.rstrip()[-1:] in {".", "!", "?"}
        return so_far if ended else f"{so_far}{self.text[span[1] : self.following(span)[1]]}"

    def places_in(self, span: tuple[int, int]) -> list[_Named]:
        """The articles that a clause names, or of which its sentence has just spoken where the clause says "it"."""
        here, clause = _within(self.places, span), self.text[slice(*span)]
        if here or not _IT.search(clause) or REST in things(clause, self._known):
            return here
        return _within(self.places, (span[1] - len(self.so_far(span)), span[1]))

    def goes_on(self, span: tuple[int, int], about: Sequence[tuple[int, int]]) -> bool:
        """Whether a clause that names nothing goes on with what an earlier one of its sentence, of these, speaks of."""
        begun = span[1] - len(self.so_far(span))
        named = self.orders_in(span) or self.names_a_thing(span) or _TOGETHER.search(self.text[slice(*span)])
        return not named and any(begun <= one[0] < span[0] for one in about)

    def names_a_thing(self, span: tuple[int, int]) -> bool:
        """Whether a clause speaks of an article, or of the rest."""
        return bool(self.places_in(span) or things(self.text[slice(*span)], self._known))

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
        return day_in(self.dated[start:end], received)

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
        """Whether a sentence only tells why the next one, or the clause before, says later: `late` are the places.

        The sentence before may say it, too, where this one does not turn to something else.
        """
        following = self.following(span)
        between, said = self.text[span[1] : following[0]], self.text[slice(*span)]
        before = range(span[1] - len(self.so_far(span)), span[0])
        beside = not late.isdisjoint(before) or not (late.isdisjoint(range(*following)) or _BLANK_LINE.search(between))
        goes_on = not late.isdisjoint(self._sentence_before(before.start)) and not _TURNS_AWAY.search(said)
        if not beside and not goes_on:
            return False
        told = self.orders_in(span) or self.orders_in(following) or "?" in said + between
        return not told and not any(one.search(said) for one in (_NUMBER, _CONDITION, _OF_THE_BUYER))

    def only_explains(self, span: tuple[int, int]) -> bool:
        """Whether a sentence can be no more than a reason: it asks nothing, and no word turns to anything else."""
        said = self.text[slice(*span)]
        more = (_NUMBER, _CONDITION, _OF_THE_BUYER, _TURNS_AWAY, _OPEN)
        return "?" not in said and not any(one.search(said) for one in more)

    def beside(self, span: tuple[int, int]) -> str:
        """A sentence and the one behind it."""
        return self.text[span[1] - len(self.so_far(span)) : self.following(span)[1]]

    def has_promised(self, span: tuple[int, int]) -> bool:
        """Whether the one article that we asked about was said to leave before a sentence."""
        return len(set(self._known.lines.values())) == 1 and any(place < span[0] for place in self.promises)

    def _sentence_before(self, begun: int) -> range:
        """Where the sentence before the one that begins here stands; none beyond a blank line."""
        end = len(self.text[:begun].rstrip(" \t\n.!?"))
        if _BLANK_LINE.search(self.text, end, begun):
            return range(0)
        return range(max(self.text.rfind(sign, 0, end) for sign in "\n.!?") + 1, end)

    def is_of_one(self, span: tuple[int, int]) -> bool:
        """Whether a sentence begins with an order and says nothing that could be meant of another."""
        said, here = self.text[slice(*span)], self.orders_in(span)
        first = _FIRST_WORDS.match(said)
        begins = len(here) == 1 and first is not None and here[0].start <= span[0] + first.end()
        told = len(said[here[0].end - span[0] :].split()) if begins else 0
        return told >= WORDS_AT_LEAST and not _OF_OTHERS.search(said) and not _NUMBER.search(said)

    def new_date(self, span: tuple[int, int], received: date) -> date | None:
        """The day from receipt on that the next sentence promises, unless it speaks of another order or thing."""
        following = self.following(span)
        if _SORRY.fullmatch(self.text[slice(*following)]):
            following = self.following((following[0], following[1] + 1))
        if self._goes_on_elsewhere(span, following):
            return None
        sentence = self.dated[slice(*following)]
        day = promised_next(sentence, received)
        leaves = any(place in range(*following) for place in self.promises)
        return received if day is None and leaves and is_today(sentence, received) else day

    def day_before(self, span: tuple[int, int], received: date) -> date | None:
        """The day on which the clause before one that names no thing, nor another order, says that something comes."""
        so_far, said = self.so_far(span), self.text[slice(*span)]
        before = (span[1] - len(so_far), span[0])
        here, there = ({one.text for one in self.orders_in(part)} for part in (span, before))
        if not there <= (here or there):
            return None
        clause = _PAUSE.split(self.dated[slice(*before)].rstrip(" ,;"))[-1]
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
