"""Which order and which line a place in a mail is about: the one named last before it, on the same line first."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec.structs import replace

from daemon.domain.identifiers import OrderKey, order_key
from daemon.domain.snapshot import Context
from daemon.domain.values import Value
from daemon.reading.texts.labels import Label, LabelKind
from daemon.reading.texts.quantities import OF_SO_MANY, SMALL_NUMBERS, counted, few_before

KNOWN_AT_MOST = 2000
OURS_AT_MOST = 64 * 1024
ORDERS_AT_MOST = 50
_TOKEN = re.compile(r"(?<![A-Za-z0-9])#?(?=[A-Za-z._/#-]{0,60}[0-9])[A-Za-z0-9][A-Za-z0-9._/#-]{0,60}")
_ARTICLE = re.compile(
    r"(?:\(|\b(?:SKU|Art(?:ikel|\.)?-?Nr\.?|Artikel(?:nummer)?|Item(?: no\.?)?)[: ]{1,3})([A-Za-z0-9._/-]{4,40})"
)
# A line of an order as our templates write it in every language: "Position 1: 2 Stück, Name", and its article below.
_OUR_LINE = re.compile(
    r"^[^\W\d]\S{0,20} (?P<line>\S{1,40}?)\s?: (?P<pieces>[0-9]{1,6}) [^,\n]{1,20}, (?P<title>[^\n]{3,200})$"
    r"(?:\n[ \t]{2,8}[^\n:]{2,40}: (?P<article>\S{1,40})$)?",
    re.MULTILINE,
)
_TITLE_WORD = re.compile(r"[A-Za-zÀ-ž][\wÀ-ž-]*")
_TELLING, _SHORT = 6, 4
_CASE = (
    "hülle schutzhülle handyhülle cover coque custodia custodie funda carcasa estuche pokrowiec pokrowca etui hoesje"
    " hoes étui housse"
)
_CHARGER = (
    "netzteil ladegerät ladestecker ladeadapter adapter chargeur caricatore caricatori caricabatterie cargador oplader"
    " lader alimentatore alimentatori ładowarka ładowarki ładowarkę ładowarek"
)
_PHONE = (
    "phone telephone handy telefon smartphone mobile mobil téléphone portable móvil teléfono telefono cellulare toestel"
    " telefoon mobieltje gsm celular celulares cellulari smartfon smartfona komórka komórkę komórki"
)
_BRANDS = "iphone galaxy pixel xperia redmi huawei honor oneplus motorola nokia fairphone xiaomi oppo smartphone"
_SAME = dict.fromkeys(_BRANDS.split(), _PHONE.split())
_SAME |= {"ipad": ["tablet", "tablette", "tableta"]}
_SAME |= {"case": _CASE.split(), "cover": _CASE.split(), "charger": _CHARGER.split(), "adapter": _CHARGER.split()}
_THE = ("the", "die", "das", "der", "den", "la", "le", "el", "il", "de", "het")
# "Case is sold out": no "in case".
_THEN = ("is", "isn't", "was", "has", "will", "goes", "went", "left", "ships", "comes", "follows", "out", "sold", "not")
# "Phone and case": the other of the two is named in words of the writer's own, so the one is not all.
_JOINED = re.compile(
    r"[^\W\d_]\)?(?:\s+(?:und|u\.?|and|et|y|e|i|en)\s+|\s*[+&/]\s*)(?:(?:the|die|das|den|der|la|le|el|il|de|het)\s)?\|"
    r"|\|(?:\s*(?:und|u\.?|and|et|y|e|i|en|\+|&)\s+|\s?/\s?)[^\W\d_]"
)
# "Without the case", "apart from the case": all but that.
_WITHOUT = re.compile(
    r"(?:\b(?:ohne|minus|außer|ausser|bis auf|abzüglich|abgesehen von|mit ausnahme (?:von|des|der)"
    r"|exkl(?:usive|\.)|nicht|without|except(?: for)?|apart from|aside from|other than|with the exception of"
    r"|save(?: for)?|bar|barring|excluding|excl\.?|less|but|not"
    r"|sans|sauf|hormis|excepté|à part|en dehors d[eu]s?|à l['\u2019]exception d[eu]s?|moins|pas"
    r"|sin|salvo|excepto|menos|quitando|aparte de(?:l)?|a excepción de(?:l)?|con (?:la )?excepción de(?:l)?|no"
    r"|senza|tranne|eccetto|a parte|fuorché|meno|ad eccezione d[ei]l?(?:l[aeo])?|non"
    r"|zonder|behalve|uitgezonderd|met uitzondering van|niet"
    r"|bez|oprócz|prócz|poza|z wyjątkiem|za wyjątkiem|pomijając|nie))"
    r"\s(?:the |die |das |der |den |dem |la |le |les |el |los |las |il |lo |i |gli |de |het )?$"
)
# "The case excepted", and in Dutch "alles op de hoes na".
_EXCEPTED = re.compile(
    r"\s(?:ausgenommen|excepted|excluded|excluid[oa]s?|exceptuad[oa]s?|esclus[oaie]|except[eé]e?s?|uitgezonderd|wyłącz\w+)\b"
)
_UP_TO, _AFTER = re.compile(r"\bop (?:de |het |die )?$"), re.compile(r"\sna\b")
# "Phone and case": both in one.
_TOGETHER = re.compile(
    r"(?:[- ][0-9a-z]{1,8}){0,4}\s*(?:,|\+|&|/|und|u\.?|and|et|y|e|i|en|sowie|plus|samt|mit|with|avec|con|met|oraz"
    r"|(?:wraz |razem )?ze?)(?:\s+|(?<=[+&/]))"
    r"(?:(?:the|die|das|der|den|la|le|les|el|los|las|il|i|gli|de|het)\s)?"
    rf"(?:(?:{SMALL_NUMBERS})\s{OF_SO_MANY}|[0-9] ?x? )?(?:l['\u2019])?"
)
_NEXT_POSITION = re.compile(
    r"\s?(?:[+&,/]|und|and|et|y|e|i|en)\s?(?:pos(?:ition)?\.?\s?)?([0-9]{1,2})"
    r"(?=\s*(?:$|[:;,)=+&/(-]|\.\s|(?:und|and|et|e|y|i|en|mit|with|avec|con|per|via|by|heute|today|sind|are|left|went|were|have)\b))",
    re.IGNORECASE,
)
_BUILT = re.compile(r"([^\W\d_]+[-_./]?)([0-9]{3,})")
_FIRST = re.compile(r"[\s:=#.\-*]{0,5}([A-Za-z0-9][A-Za-z0-9._/-]{0,39})")
_AND = r"[,;&+/]|und|u\.?|and|et|e|y|i|en|sowie|as well as|ainsi que|oraz|nonché|así como|evenals"
_CALLED = (
    r"die|der|den|auch|the|also|la|le|el|il|de|het"
    r"|bestellung|auftrag|order|commande|zamówienie|ordine|pedido|bestelling|nr\.?|no\.?|n[°º]|#"
)
_BETWEEN = re.compile(rf"\s*(?:{_AND})\s*(?:(?:{_AND}|{_CALLED})\s*){{0,4}}", re.IGNORECASE)
_COUNT = re.compile(rf"(?:\b(?:les|los|las|i|gli)\s)?(?<!\w)(?:{SMALL_NUMBERS})\s?x?\s$", re.IGNORECASE)
_DATE = re.compile(
    r"[0-9]{1,2}\.[0-9]{1,2}\.(?:[0-9]{2,4})?|20[0-9]{2}-[0-9]{2}-[0-9]{2}|[0-9]{1,2}/[0-9]{1,2}/20[0-9]{2}"
)
_OPENED = re.compile(r"[(\[]\s*(?:[^\W\d_]{1,12}\s*){0,2}$")
_BRACKET_WITHIN = 30
_SHORTEST, _LONGEST = 3, 40
_BETWEEN_AT_MOST = 60

Token = tuple[int, int, str]
"""From, to, and what stands there."""


class Mention(Value, frozen=True, kw_only=True):
    """`line` is the number of the text line, 0 the subject; `start` and `end` are places in it.

    `listed`: it goes on a list with the mention before it (`A, B and C`). `lacking`: it is said not to be there
    ("without the case"). `enclosed`: it is the first that stands in its brackets. `pieces`: so many of an article.
    """

    line: int
    start: int
    end: int
    text: str
    listed: bool = False
    lacking: bool = False
    enclosed: bool = False
    pieces: int | None = None


class Known:
    """What the conversation is known to be about: its orders, and the articles our own mails named.

    `names` are the articles as they are called, `titles` the words that tell one line of the one order from its others,
    each with the line's id; `lines` has the id of each by itself and by its article, `ordered` how many of it our mail
    asked for. `goods` finds numbers of pieces of the one article that is ordered.
    """

    def __init__(self, context: Context) -> None:
        about = context.conversation.about if context.conversation else ()
        self.orders = {order_key(one) for one in about}
        self._forms = {form for one in self.orders if (form := _form(one))}
        ours = [one for text in context.ours for one in _OUR_LINE.finditer(text[:OURS_AT_MOST])]
        named = [match[1] for text in context.ours for match in _ARTICLE.finditer(text[:OURS_AT_MOST])]
        named += [name for one in ours for name in _articles_of(one)]
        self.names = [one["title"] for one in ours]
        single = ours if len(about) == 1 else []
        self.titles = _titles(single)
        self.goods = counted(_goods(single)) if len(single) == 1 else None
        self.lines = {name: one["line"] for one in single for name in (one["line"], *_articles_of(one))}
        self.ordered = {one["line"]: int(one["pieces"]) for one in single}
        self.articles = {one for one in named[:KNOWN_AT_MOST] if _is_article(one) and not self.is_order(one)}

    def is_order(self, token: str) -> bool:
        return order_key(token) in self.orders

    def is_like_an_order(self, token: str) -> bool:
        """Whether a token is built as the orders here are: another order, or a slip of the pen, but no mere number."""
        form = _form(token)
        return form is not None and any(form[0] == one[0] and abs(form[1] - one[1]) <= 1 for one in self._forms)


def _articles_of(match: re.Match[str]) -> list[str]:
    """The article numbers of a line of ours."""
    return [*_ARTICLE.findall(match["title"]), *([match["article"]] if match["article"] else [])]


def are_alike(one: OrderKey, other: OrderKey) -> bool:
    """Whether two order numbers are built alike: by the same house."""
    mine, its = _form(one), _form(other)
    if mine is None or its is None:
        return mine is its and len(one) == len(other)
    return mine[0] == its[0] and abs(mine[1] - its[1]) <= 1


def is_enclosed(line: str, start: int) -> bool:
    """Whether what stands here is the first thing in its brackets, small words aside."""
    return bool(_OPENED.search(line, max(0, start - _BRACKET_WITHIN), start))


def _form(token: str) -> tuple[str, int] | None:
    """The letters that an order number begins with and how many digits follow; None for one of another build."""
    built = _BUILT.fullmatch(order_key(token))
    return (built[1].rstrip("-_./ "), len(built[2])) if built else None


def _is_article(token: str) -> bool:
    letters = any(sign.isalpha() for sign in token)
    return len(token) >= 4 and letters and any(sign.isdigit() for sign in token)  # noqa: PLR2004 - shorter are words


def _goods(matches: Sequence[re.Match[str]]) -> set[str]:
    """What people call the ordered articles: the names of things among the words of their titles, and their like."""
    words = {word.lower() for match in matches for word in _TITLE_WORD.findall(match["title"])}
    return {name for word in words & _SAME.keys() for name in (word, *_SAME[word])}


def _titles(matches: Sequence[re.Match[str]]) -> dict[str, str]:
    """Words of articles' names that only one line has: "iPhone", "Clear Case"."""
    if len({match["line"] for match in matches}) <= 1:
        return {}
    lines: dict[str, set[str]] = {}
    for match in matches:
        words = _TITLE_WORD.findall(match["title"])
        pairs = {" ".join(pair) for pair in pairwise(words)}
        pairs |= {f"{the} {word}" for word in words if len(word) >= _SHORT for the in _THE}
        pairs |= {f"{word} {then}" for word in words if word.lower() in _SAME for then in _THEN}
        telling = {word for one in words for word in _SAME.get(one.lower(), ())}
        telling |= {word for word in words if len(word) >= _TELLING or (word[1:] and not word[1:].islower())}
        telling |= {f"{word}:" for word in words if word.lower() in _SAME}
        lines.setdefault(match["line"], set()).update(one.lower() for one in pairs | telling)
    counted = Counter(word for words in lines.values() for word in words)
    return {word: line for line, words in lines.items() for word in words if counted[word] == 1}


def title_mentions(line: str, number: int, known: Known) -> list[Mention]:
    """Lines that a line names by the name of their article."""
    if not known.titles:
        return []
    small = line.lower()
    mentions: list[Mention] = []
    for title, named in known.titles.items():
        if title not in small:
            continue
        if len(small) != len(line):
            continue
        for match in re.finditer(
            rf"(?<![a-z0-9à-ž]){re.escape(title)}(?:s|es|e|n|en|['\u2019]?(?:a|owi|em|y|ów))?(?![a-z0-9à-ž])", small
        ):
            lacking = _is_excepted(small[: match.start()], small[match.end() :])
            count = few_before(small, match.start())
            mentions.append(
                Mention(line=number, start=match.start(), end=match.end(), text=named, lacking=lacking, pieces=count)
            )
    mentions.sort(key=lambda mention: mention.start)
    there = [one for one in mentions if not one.lacking]
    if len({one.text for one in mentions}) == 1 and any(_JOINED.search(_around(small, one)) for one in there):
        return []
    single = [one for place, one in enumerate(mentions) if not place or mentions[place - 1].text != one.text]
    return list(_listed(single, small))


def _listed(mentions: Sequence[Mention], small: str) -> Iterator[Mention]:
    """Mentions, each told whether it goes with the one before it; all of a list are excepted where its first is."""
    last: Mention | None = None
    for one in mentions:
        listed = last is not None and bool(_TOGETHER.fullmatch(small[last.end : one.start]))
        lacking = one.lacking or (listed and last is not None and last.lacking)
        last = replace(one, listed=listed, lacking=lacking, enclosed=is_enclosed(small, one.start))
        yield last


def _is_excepted(before: str, behind: str) -> bool:
    """Whether what is named between these two is said not to be there."""
    save = _UP_TO.search(before) and _AFTER.match(behind)
    return bool(_WITHOUT.search(before) or _EXCEPTED.match(behind) or save)


def _around(line: str, mention: Mention) -> str:
    """What stands right before a mention and right behind it."""
    return line[: mention.start][-40:] + "|" + line[mention.end :][:40]


def tokens(line: str) -> list[Token]:
    """Every token of a line that holds a digit, with its place, without the punctuation that ends it."""
    found = []
    for match in _TOKEN.finditer(line):
        text = match.group().rstrip("._/-#")
        if text:
            found.append((match.start(), match.start() + len(text), text))
    return found


def order_mentions(
    line: str, number: int, words: Sequence[Token], found: Sequence[Label], known: Known
) -> list[Mention]:
    """Orders that a line names: known ones by themselves, others after a label and in the list that follows it."""
    ends = [label.end for label in found if label.kind is LabelKind.ORDER]
    others = [label.end for label in found if label.kind in {LabelKind.LINE, LabelKind.OTHER}]
    mentions: list[Mention] = []
    listed: Mention | None = None
    for start, end, text in words:
        if _follows(line, others, start) or not looks_like_order(text):
            continue
        named = _follows(line, ends, start) or (listed is not None and _goes_on(line, listed, start, text))
        if named or known.is_order(text) or known.is_like_an_order(text):
            before = mentions[-1].end if mentions else None
            joined = before is not None and are_listed(line[before:start])
            enclosed = is_enclosed(line, start)
            mentions.append(Mention(line=number, start=start, end=end, text=text, listed=joined, enclosed=enclosed))
            listed = mentions[-1] if named else None
    return mentions


def _follows(line: str, ends: Sequence[int], start: int) -> bool:
    return any(one <= start and not line[one:start].strip(" :=#.-*\t") for one in ends)


def _goes_on(line: str, last: Mention, start: int, text: str) -> bool:
    """Whether a token is the next of a list of orders: it stands behind a comma or "and" and is about as long."""
    alike = abs(len(text) - len(last.text)) <= 2  # noqa: PLR2004 - 999, 1000
    return alike and are_listed(line[last.end : start])


def are_listed(between: str) -> bool:
    """Whether what stands between two orders makes a list of them."""
    return len(between) <= _BETWEEN_AT_MOST and bool(_BETWEEN.fullmatch(between))


def are_listed_in_full(between: str) -> bool:
    """Whether a list goes on with all pieces of an article: "the iPhone and the 3 chargers"."""
    counted = _COUNT.search(between)
    return counted is not None and are_listed(between[: counted.start()])


def looks_like_order(text: str) -> bool:
    """Whether a token may be an order number at all: 3 to 40 signs, one of them a digit, and no date."""
    digits = any(sign.isdigit() for sign in text)
    return digits and _SHORTEST <= len(text) <= _LONGEST and not _DATE.fullmatch(text)


def _further(line: str, first: Mention) -> Iterator[Mention]:
    """The positions that a list of small numbers goes on with: "Pos. 2+3", "lines 1, 2 and 3"."""
    end = first.end
    while first.text.isdigit() and (more := _NEXT_POSITION.match(line, end)):
        end = more.end()
        yield replace(first, start=more.start(1), end=end, text=more[1], listed=True)


def line_mentions(
    line: str, number: int, words: Sequence[Token], found: Sequence[Label], known: Known
) -> list[Mention]:
    """Lines that a line names: by position, or by an article that our own mail had named."""
    mentions: list[Mention] = []
    for label in found:
        first = _FIRST.match(line, label.end) if label.kind is LabelKind.LINE else None
        if first and any(sign.isdigit() for sign in first[1]):
            text = first[1].rstrip("._/-")
            mentions.append(Mention(line=number, start=first.start(1), end=first.start(1) + len(text), text=text))
            mentions += _further(line, mentions[-1])
    taken = {mention.start for mention in mentions}
    mentions.extend(
        Mention(line=number, start=start, end=end, text=text)
        for start, end, text in words
        if text in known.articles and start not in taken
    )
    return sorted(mentions, key=lambda mention: mention.start)
