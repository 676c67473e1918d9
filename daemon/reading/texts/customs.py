"""Customs data in the text of a mail: commodity code, country of origin and value, each behind the word for it."""

import re
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from daemon.domain.finding import Customs, CustomsNamed, Doubt, Evidence
from daemon.domain.values import Value
from daemon.reading.texts.countries import country_at, names_country
from daemon.reading.texts.mentions import Mention
from daemon.reading.texts.text_lines import TextLine

_HS_CODE = (
    r"(?:(?:zoll)?tarif|(?:statistische )?waren(?:tarif)?)-?(?:nummer|nr\.?|code)|zollcode"
    r"|(?:taric|hs)[ -]?(?:codes?|nummer|nr\.?|numbers?|no\.?|tariff (?:code|number))|taric|hs(?=[: ]{1,2}[0-9])"
    r"|(?:kn|cn|gn)-code|(?:(?:customs |harmoni[sz]ed )?tariff|commodity|customs) (?:codes?|numbers?|no\.?)"
    r"|code (?:sh|hs|douanier|taric|tarifaire)|nomenclature douanière|codice (?:sa|hs|doganale|taric)|voce doganale"
    r"|código (?:sa|hs|arancelario|taric|aduanero)|partida arancelaria|goederencode|douanetariefcode"
    r"|(?:kod|numer|nr) (?:cn|hs|taric|celny|taryfy celnej)"
)
_ORIGIN = (
    r"(?:ursprungs|herkunfts|produktions|hersteller|oorsprongs)land|ursprung|herkunft|country of (?:origin|manufacture)"
    r"|origin|(?:made|manufactured|produced|hergestellt|gefertigt|produziert|gemaakt|geproduceerd|vervaardigd) in"
    r"|pays d['\u2019]origine|origine|fabriquée?s? (?:en|au|aux)|paese d['\u2019]origine|(?:fabbricat|prodott)[oiae] in"
    r"|país de origen|origen|(?:fabricad|hech)[oa]s? en|land van (?:oorsprong|herkomst)|oorsprong|herkomst"
    r"|kraj pochodzenia|pochodzenie|wyprodukowan[oeya] w"
)
_WORTH = (
    r"(?:waren|zoll|stück)?wert|(?:(?:customs|declared|goods|unit) )?value|valeur(?: en douane| déclarée)?"
    r"|valore(?: doganale| dichiarato)?|valor(?: en aduana| declarado)?|(?:douane)?waarde|wartość(?: celna)?"
)
_BEGINS = r"(?<![\w-])"
_LABEL = re.compile(
    rf"{_BEGINS}(?:(?P<hs_code>{_HS_CODE})|(?P<origin>{_ORIGIN})|(?P<value>{_WORTH}))(?![a-zà-ž])", re.IGNORECASE
)
# "(HS-Code)", "der Ware", "je Stück"; then a sign or a small word, and the value.
_TO_THE_VALUE = re.compile(
    r"(?:\s?\([^()0-9\n]{1,30}\))?"
    r"(?:\s(?:der|des|of(?: the)?|de la|du|della|del|van de|je|pro|per|par|por|za) [^\W\d_]{2,20})?"
    r"\s{0,3}[:=\u2013-]?\s{0,12}(?:(?:ist|lautet|beträgt|is|est|è|es|to|wynosi)[:\s]\s{0,2})?",
    re.IGNORECASE,
)
_HS_DIGITS = re.compile(
    r"(?:[0-9]{4}([.])[0-9]{2}(?:\1[0-9]{2}){0,2}|[0-9]{4}\.[0-9]{4}(?:\.?[0-9]{2})?|[0-9]{6}(?:\.[0-9]{2}){1,2}|[0-9]{6,10}"
    r"|[0-9]{4} [0-9]{2}(?: [0-9]{2}){0,2}(?=\s{0,3}(?:$|[,;.)])))(?![0-9]|[.,][0-9]|\s?%)"
)
_MONEY = re.compile(
    r"(?P<before>[A-Z]{3}|[€$£])?\s?"
    r"(?P<amount>[0-9]{1,7}(?:[.,'\u2019 ][0-9]{3}(?![0-9]))*(?:[.,][0-9]{1,2}|,-)?)(?![0-9])"
    r"\s?(?P<after>[A-Z]{3}\b|[€$£]|euros?\b)?",
    re.IGNORECASE,
)
_SIGNS = {"€": "EUR", "$": "USD", "£": "GBP", "EURO": "EUR", "EUROS": "EUR"}
_OR = re.compile(r"\s{0,3}(?:[,/&+]|oder|or|ou|o|of|lub|bzw\.?|und|and|et|e|y|en|i)\s{0,3}", re.IGNORECASE)
_SIGNS_ONLY = re.compile(r"[\s:=/,(-]{0,5}")
_ASKED = re.compile(r"\s{0,3}[?)]{0,2}\?")
LINE_AT_MOST = 1000


class Named(Value, frozen=True, kw_only=True):
    """One of them where it stands on its line. `value` is empty where the word for it is followed by none that is sure.

    `start` is where the word begins, `end` where the value ends.
    """

    what: Customs
    start: int
    end: int
    value: str = ""
    currency: str = ""


def customs_named(line: str) -> list[Named]:
    """What one line of a text names, in order."""
    text = line[:LINE_AT_MOST]
    found: list[Named] = []
    for label in _LABEL.finditer(text):
        if found and label.start() < found[-1].end:
            continue
        what = Customs(label.lastgroup or "")
        begun = _TO_THE_VALUE.match(text, label.end())
        place = begun.end() if begun else label.end()
        one = _valued(text, what, place)
        if found and _is_first_word_for(found[-1], what, text[found[-1].end : label.start()]):
            found.pop()
        found.append(
            replace(one, start=label.start()) if one else Named(what=what, start=label.start(), end=label.end())
        )
    return found


def _is_first_word_for(last: Named, what: Customs, between: str) -> bool:
    """Whether two words for one thing stand side by side: "customs tariff number / HS code: 8517.13"."""
    return last.what is what and not last.value and _SIGNS_ONLY.fullmatch(between) is not None


def _valued(text: str, what: Customs, place: int) -> Named | None:
    match what:
        case Customs.HS_CODE:
            digits = _HS_DIGITS.match(text, place)
            value, end = (digits.group().replace(" ", "."), digits.end()) if digits else ("", place)
            alternative = end if (joint := _OR.match(text, end)) is None else joint.end()
            several = alternative > end and _HS_DIGITS.match(text, alternative) is not None
        case Customs.ORIGIN:
            value, end = country_at(text, place) or ("", place)
            alternative = end if (joint := _OR.match(text, end)) is None else joint.end()
            several = alternative > end and country_at(text, alternative) is not None
        case Customs.VALUE:
            return _money(text, place)
    if not value or several or _ASKED.match(text, end):
        return None
    return Named(what=what, start=place, end=end, value=value)


def _money(text: str, place: int) -> Named | None:
    found = _MONEY.match(text, place)
    sign = (found["before"] or found["after"]) if found else None
    if found is None or not sign or _ASKED.match(text, found.end()):
        return None
    currency = _SIGNS.get(sign.upper(), sign.upper())
    return Named(what=Customs.VALUE, start=place, end=found.end(), value=_plain(found["amount"]), currency=currency)


def _plain(amount: str) -> str:
    """`1.299,00`, `1,299.00` and `1299,-` with a point before the cents and no other sign."""
    amount = amount.removesuffix(",-")
    cents = re.search(r"[.,]([0-9]{1,2})$", amount)
    whole = re.sub(r"[^0-9]", "", amount[: cents.start()] if cents else amount)
    return f"{whole}.{cents[1]:0<2}" if cents else f"{whole}.00"


class Stretches:
    """The customs data of a mail's text, and the text without them."""

    def __init__(self, text: str) -> None:
        lines = text.split("\n")
        self._lines = lines
        named = [customs_named(line) for line in lines]
        # A mere "value" or "origin" is a word like any other as long as nothing is valued.
        self._named = named if any(one.value and one.what is not Customs.VALUE for row in named for one in row) else []
        self._asking = [] if self._named else named
        self.rest = "\n".join(
            _without(line, [one for one in row if one.value])
            for line, row in zip(lines, self._named or [[] for _ in lines], strict=True)
        )

    def findings(self, lines: Sequence[TextLine], subject: str | None) -> list[CustomsNamed | Doubt]:
        """Each value with the order and the article that it is of; what is not sure as a doubt.

        `subject` is the order of those for which the text names none.
        """
        if not self._named:
            return list(self._unvalued())
        by_number = {one.number: one for one in lines}
        found = [
            one for number, row in enumerate(self._named, start=1) for one in self._of_line(number, row, by_number)
        ]
        return list(_settled([replace(one, order=one.order or subject) for one in found]))

    def _unvalued(self) -> Iterator[Doubt]:
        """The word for a commodity code with no code behind it."""
        for number, row in enumerate(self._asking, start=1):
            if any(one.what is Customs.HS_CODE for one in row):
                yield self._doubt(number)
                return

    def _paragraph(self, number: int) -> int:
        """The number of the blank line above, 0 where there is none."""
        return next((above for above in range(number, 0, -1) if not self._lines[above - 1].strip()), 0)

    def _doubt(self, number: int) -> Doubt:
        return Doubt(evidence=self._evidence(number), code="customs_unclear", value=self._evidence(number).text)

    def _evidence(self, number: int) -> Evidence:
        return Evidence(where=f"mail text, line {number}", text=" ".join(self._lines[number - 1].split())[:200])

    def _of_line(self, number: int, row: Sequence[Named], lines: dict[int, TextLine]) -> Iterator[CustomsNamed | Doubt]:
        told = {one.what for one in row if one.value}
        if (
            Customs.HS_CODE in told
            and Customs.ORIGIN not in told
            and names_country(_without(self._lines[number - 1], row))
        ):
            yield self._doubt(number)
        for one in row:
            if not one.value:
                if one.what is not Customs.VALUE:
                    yield self._doubt(number)
                continue
            orders = _beside(number, one.start, lines, "orders", 0)
            places = _beside(number, one.start, lines, "places", self._paragraph(number))
            if len(orders) > 1 or len(places) > 1:
                yield self._doubt(number)
                continue
            yield CustomsNamed(
                evidence=self._evidence(number),
                order=next(iter(orders), None),
                line=next(iter(places), None),
                what=one.what,
                value=one.value,
                currency=one.currency,
            )


def _beside(number: int, start: int, lines: dict[int, TextLine], kind: str, end: int) -> set[str]:
    """What a value is of: the last named before it on its line, the only one behind it, or those of a line above.

    `end` is the line at which the search stops.
    """
    for above in range(number, end, -1):
        named: Sequence[Mention] = getattr(lines[above], kind)
        before = [one.text for one in named if one.start < start]
        if above == number and before:
            return {before[-1]} if not any(one.listed for one in named) else set(before)
        if named:
            return {one.text for one in named}
    return set()


def _settled(found: Sequence[CustomsNamed | Doubt]) -> Iterator[CustomsNamed | Doubt]:
    """Each once; where two values are told of the same article, neither is sure."""
    told: dict[tuple[str | None, str | None, Customs], set[str]] = {}
    for one in found:
        if isinstance(one, CustomsNamed):
            told.setdefault((one.order, one.line, one.what), set()).add(one.value)
    seen: set[tuple[object, ...]] = set()
    for one in found:
        if isinstance(one, Doubt):
            yield one
            continue
        key = (one.order, one.line, one.what)
        if len(told[key]) > 1:
            yield Doubt(evidence=one.evidence, order=one.order, code="customs_unclear", value=one.evidence.text)
        elif key not in seen:
            seen.add(key)
            yield one


def _without(line: str, named: Sequence[Named]) -> str:
    for one in named:
        line = f"{line[: one.start]}{' ' * (one.end - one.start)}{line[one.end :]}"
    return line
