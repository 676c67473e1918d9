"""How many pieces a line speaks of: "2 von 3 Geräten", "1x IP13-128", "both phones"; never how many parcels."""

import re
from collections.abc import Iterable, Sequence

from daemon.reading.texts.labels import Label, LabelKind
from daemon.rules.automaton import Quick

_GOODS = (
    r"stück|stk\.?|st\.|geräte?n?|artikel|exemplare?|einheiten|handys?|telefone?|smartphones?|tablets?|iphones?|ipads?"
    r"|pcs?\.?|pieces?|units?|items?|devices?|phones?|handsets?"
    r"|pi[èe]ces?|articles?|appareils?|téléphones?|unités?"
    r"|sztuki?|szt\.?|urządze[nń]\w*|telefon(?:y|ów|u)?|produkt\w*"
    r"|pezz[oi]|pz\.?|articol[oi]|dispositiv[oi]|telefon[oi]"
    r"|unidad(?:es)?|uds?\.?|artículos?|dispositivos?|teléfonos?|móvil(?:es)?"
    r"|stuks?|toestel(?:len)?|artikel(?:en)?|apparaten"
)
# What nobody says of several articles together: "all three items in one box".
_DEVICES = (
    r"geräte?n?|handys?|telefone?|smartphones?|tablets?|iphones?|ipads?|devices?|phones?|handsets?|appareils?|téléphones?"
    r"|telefon(?:y|ów)|dispositivi|telefoni|dispositivos|teléfonos|móviles|toestellen|telefoons"
)
_PARCELS = (
    r"pakete?n?|päckchen|sendung(?:en)?|karton\w*|parcels?|packages?|boxes|colis|paczk\w+|przesyłk\w+|pacc\w+|coll[oi]"
    r"|paquetes?"
)
_OF = r"von|of|sur|de|z|ze|di|su|van|/"
_THE = r"the|den|der|die|les|los|las|i|gli|le|tych|de"
_NEW = r"(?:der|the|neue|new)\s"
_SOME = rf"\s(?:(?:{_OF})\s[0-9]{{1,3}}\s)?(?:{_NEW})?(?:{_GOODS})(?!\w)"
_SOME_GOODS = rf"(?P<n>[0-9]{{1,3}})(?:\s?(?:x|\u00d7|mal)(?=\s)|{_SOME})"
_N_OF_M = rf"(?P<m>[0-9]{{1,3}})\s(?:{_OF})\s(?:(?:{_THE})\s)?[0-9]{{1,3}}(?![0-9.,/])"
# Other than the end of a word: "Fax 04 72".
_TIMES = r"(?<![^\W\d_])(?:x|\u00d7)\s?(?P<t>[0-9]{1,3})(?![0-9A-Za-z])"
_TWO = r"beiden?|both|les deux|entrambi|entrambe|ambos|ambas|oba|obydwa|obie"
# "The first of the two phones" is one.
_NO_ONE_OF = "".join(rf"(?<!{one} {of})" for one in ("erste", "zweite", "eine", "eins") for of in ("der ", "von "))
_BOTH = rf"(?P<both>{_NO_ONE_OF}\b(?:{_TWO})\s(?:(?:{_THE})\s)?(?:{_GOODS})(?!\w))"
_A = r"eins?|eine|einen|eines|one|un|une|uno|una|jeden|jedno|jednego|jedną|[eé]én|een"
_SINGLE = r"(?:(?:einzige[nrs]?|single|seule?|sol[oa]|únic[oa]|enkele?)\s)?"
_OF_TWO = r"(?:(?:der|von|of|the|des|z|dei|de|los|van)\s)*(?:(?:beiden|zwei|two|deux|dwóch|due|dos|twee)\s)?"
_ONE = rf"(?P<one>\b(?:{_A})\s{_SINGLE}{_OF_TWO}(?:{_GOODS})(?!\w))"
_ONE_OF = (
    r"(?P<of>\b(?:eins|eines|einer|one|uno|una|un|une|jeden|jedno|[eé]én)\s(?:von|of|der|des|de|z|van|di|dei|sur|sui)\s"
    r"(?:(?:den|the|los|las|les)\s)?(?:zwei(?:en)?|beiden|two|2|dos|due|dwóch|twee|deux)\b)"
)
_TODAY = r"heute|schon|today|already|aujourd['\u2019]hui|déjà|oggi|già|hoy|ya|vandaag|al|dzi[sś](?:iaj)?|już"
_FEW = {
    1: rf"1|{_A}",
    2: "2|zwei|two|deux|dwa|dwie|due|dos|twee",
    3: "3|drei|three|trois|trzy|tre|tres|drie",
    4: "4|vier|four|quatre|cztery|quattro|cuatro",
    5: "5|fünf|five|cinq|pięć|cinque|cinco|vijf",
}
_WORDS = "|".join(
    rf"(?P<w{count}>\b(?:{words})\s(?:{_NEW})?(?:{_DEVICES})(?!\w))" for count, words in _FEW.items() if count > 1
)
_ONE_TODAY = (
    r"(?P<now>\b(?:eins|eines|einer|one|un|une|uno|una|[eé]én|een(?:tje)?|jeden|jedno)\s"
    rf"(?:(?:(?:ging|geht|ist|went|is|est|è|es)\s)?(?:{_TODAY})"
    r"|(?:has|is|ist|est|è|ha|is|jest)\s(?:shipped|gone|left|out|raus|weg|verschickt|versendet|parti|partito|spedito"
    r"|salido|enviado|verzonden|verstuurd)"
    r"|(?:posz|wysz)(?:edł|edl|ła|la|ło|lo)|pojecha[łl][ao]?|(?:wys[łl]|nad)an[yae])\b)"
)
_PIECES = Quick(
    rf"(?<![0-9A-Za-z.,])(?:{_SOME_GOODS}|{_N_OF_M})|{_TIMES}|{_BOTH}|{_ONE}|{_ONE_OF}|{_ONE_TODAY}|{_WORDS}"
)
_EACH = re.compile(
    r"\b(?:je|jeweils|po|elk|cada uno|chacun|chaque)"
    r"\s(?:ein|eine|eins|eines|einer|1|one|un|une|uno|jeden|jednym|een|één)\b"
    r"|\beach (?:with )?(?:one|1)\b|\bone (?:(?:phone|device|unit|piece|item) )?(?:in )?each\b"
    r"|\bone (?:(?:phone|device|unit|piece|item) )?per (?:box|parcel|package)\b"
    r"|\b(?:1|ein|eines?|eins) (?:gerät |stück )?(?:pro|je) (?:paket|karton|sendung)\b"
    r"|\b(?:1|ein|eines?|eins|one)(?: paket| parcel)? (?:pro|je|per|for each)"
    r" (?:gerät|hülle|stück|handy|phone|case|item|device)\b"
)
_NO_PIECES = re.compile(rf"\s?\b(?:{_PARCELS})\b")
_BEFORE = re.compile(
    rf"(?:{_PARCELS}|position|pos\.?|line|zeile|artikelnr\.?|seite|page|\b(?:{_OF})(?:\s(?:{_THE}))?)\s?$"
)
_NUMBER = re.compile(r"[\s:=]{0,4}([0-9]{1,3})(?![0-9A-Za-z/-]|[.,][0-9])")

# "The first went with N, the second with M": one piece each.
_ORDINAL = (
    r"(?:^\W{0,3}|\b(?:das|die|der|den|dem|the|le|la|el|il|lo|het|de)\s)"
    r"(?:erste|zweite|first|second|premi[eè]re?|seconde?|deuxième|prim[oa]|second[oa]|primer[oa]?|segund[oa]|eerste|tweede)"
    r"[nrsm]?(?:\s(?:one|ein))?\b(?!\s(?:mal|time|thing|class|klasse|hälfte|half|teil|part|partie|parte|deel|rate|woche|week))"
)
# "The first and the second went with N": both in one parcel.
_FIRST_AND_SECOND = re.compile(
    r"\b(?:erste[nrs]?|first|premi[eè]re?|prim[oa]|primer[oa]?|eerste)\s(?:[^\W\d_]+\s){0,3}?(?:und|sowie|and|et|ed?|y|en)\s"
    r"(?:[^\W\d_]+\s){0,2}?(?:zweite[nrs]?|second[oa]?|seconde|deuxième|segund[oa]|tweede)\b"
)
# "The other follows on Monday": one piece of two.
_OTHER_ONE = re.compile(
    r"\b(?:d(?:as|er|ie) andere|d(?:as|er|ie|en) zweite[n]?|the (?:other|second|2nd)|l['\u2019]autre"
    r"|l[ea] (?:deuxième|seconde?)|l['\u2019]altr[oa]|(?:il|la) second[oa]|(?:el|la) (?:otr[oa]|segund[oa])"
    r"|(?:de|het) (?:andere|tweede)|drug(?:i|a|ie|ą))\b"
    r"(?! (?:\w+ )?(?:bestellung|auftrag|hälfte|teil|orders?|half|part|ones|two|commande|moitié|partie|ordine|metà"
    r"|parte|pedido|mitad|bestelling|helft|deel|zamówieni\w+|połow\w+|część))",
    re.IGNORECASE,
)
SMALL_NUMBERS = "|".join(_FEW.values())
_FEW_WORDS = "|".join(f"(?P<n{count}>{words})" for count, words in _FEW.items())
# "Two of the three chargers" are two.
OF_SO_MANY = rf"(?:(?:{_OF})\s(?:(?:{_THE})\s)?(?:{SMALL_NUMBERS})\s)?"
_FEW_OF = rf"(?<![\w.,/-])(?:{_FEW_WORDS})\s{OF_SO_MANY}(?:[\w.-]{{2,12}}\s){{0,2}}?"
_FEW_BEFORE = re.compile(rf"{_FEW_OF}$")
_ANY_FEW = re.compile(rf"(?<![\w.,/-])(?:{_FEW_WORDS})(?![\w,/-])")
_FEW_WITHIN = 40


def few_before(small: str, place: int) -> int | None:
    """How many of an article that is named here, if a small number stands before its name."""
    found = _FEW_BEFORE.search(small, max(0, place - _FEW_WITHIN), place)
    return _few(found) if found else None


def few_in(said: str) -> int | None:
    """The first small number of a sentence: "only one left"."""
    found = _ANY_FEW.search(said.lower())
    return _few(found) if found else None


def counted(names: Iterable[str]) -> re.Pattern[str] | None:
    """A pattern for pieces of the one article that is ordered, by its names: "1 Hülle", "two chargers", "the first"."""
    goods = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
    return re.compile(rf"{_FEW_OF}(?:{goods})\w{{0,2}}(?!\w)|{_ORDINAL}") if goods else None


def _few(match: re.Match[str]) -> int:
    """The number before the goods; "the first" is one."""
    return next((count for count in _FEW if match[f"n{count}"]), 1)


def pieces(line: str, found: Sequence[Label], goods: re.Pattern[str] | None) -> list[tuple[int, int]]:
    """Every number of pieces in a line, with its place."""
    small = line.lower()
    if len(small) != len(line):
        return []
    named = [
        (match.start(), _count(match))
        for match in _PIECES.finditer(small)
        if not _NO_PIECES.match(small, match.end()) and not _BEFORE.search(small, 0, match.start())
    ]
    named += [(match.start(), 2) for match in _FIRST_AND_SECOND.finditer(small)]
    taken = {place for match in _FIRST_AND_SECOND.finditer(small) for place in range(*match.span())}
    taken |= {place for place, _ in named}
    named += [
        (match.start(), _few(match))
        for match in (goods.finditer(small) if goods and not _NO_PIECES.search(small) else ())
        if match.start() not in taken and not _BEFORE.search(small, 0, match.start())
    ]
    for label in found:
        number = _NUMBER.match(line, label.end) if label.kind is LabelKind.QUANTITY else None
        if number:
            named.append((number.start(1), int(number[1])))
    return sorted(set(named))


def speaks_of_the_other_one(said: str) -> bool:
    """Whether a sentence speaks of the one piece of two that something else did not hold."""
    return _OTHER_ONE.search(said) is not None


def one_each(line: str) -> bool:
    """Whether a line says that each parcel holds one piece."""
    return bool(_EACH.search(line.lower()))


def _count(match: re.Match[str]) -> int:
    number = match["n"] or match["m"] or match["t"]
    if number:
        return int(number)
    return 2 if match["both"] else next((count for count in _FEW if count > 1 and match[f"w{count}"]), 1)
