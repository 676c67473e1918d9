"""A text cut into sentences, so that a "not" counts for what it stands beside and for nothing else."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import pairwise

from daemon.domain.values import Value

# A line at least so long was probably broken by the writer's mail program and goes on in the next.
_WRAPPED = 55
# A shorter one that ends with a comma is a greeting: "Guten Tag,".
_GREETING = 40

# This and the pause begin with a class, for which the engine looks fastest. Some end a sentence with a picture.
_PICTURE = "\U0001f300-\U0001faff"
_END = re.compile(
    rf"[.!?\u2026\n{_PICTURE}](?:(?<=\n)(?:\s*\n)?|(?<=[{_PICTURE}])(?=\s+[A-ZÀ-Ý])"
    r"|(?<=[.!?\u2026])[.!?\u2026]*[\"'\u201c\u201d\u00bb)]*(?=\s|$))"
)
# What a full stop may belong to without ending a sentence.
_SHORT = (
    "z b d h u a o ä i e g s nr no ca inkl incl exkl bzw evtl ggf vsl voraus voraussichtl vorauss approx hr fr mr mrs"
    " ms dr tel str etc max min st stk pos art bspw sog mo di mi do sa so n núm num ref sig dott sr sra ul godz szt pz"
    " uds tél réf qté cant tzn bijv evt vs ns rif spett gent egr sres cód tfno zam kom lok"
)
_SHORT_WORDS = frozenset(_SHORT.split())
_NO_WORD = re.compile(r"\W")
_DIGITS = "0123456789"
# So many digits may be an ordinal: "24." goes on, "2026." ends.
_ORDINAL = 2
# "35-209900-176148-1." is a number in groups.
_GROUP_LAST = re.compile(r"[0-9]{3}[ -][0-9]{1,2}$")
# "At 10. The parcel …" is a time of day and "at number 10. Can …" a house, "gegen 10. Dezember" is none.
_TIME = re.compile(
    r"(?:[0-9][:h]|\b(?:um|gegen|at|around|by|till|until|before|after|à|vers|alle|verso|dopo|las|om|rond|na|godzinie|o|około"
    r"|po|przed|number|nummer|hausnummer|num[eé]ro|n[uú]mero|numerze?)\s)[0-9]{1,2}$",
    re.IGNORECASE,
)
# "30/11." has its month, and so has "30.11."; but in German a noun may follow that, and only these words begin anew.
_DATE_LAST = re.compile(r"(?<![0-9/.])[0-9]{1,2}(?P<sign>[./])[0-9]{1,2}$")
_BEGINS = re.compile(
    r"\s+(?:Eins|Eine[rs]?|Ein|Der|Die|Das|Dem|Den|Wir|Ich|Es|Er|Sie|Bitte|Sorry|Danke|Vielen|Viele|Mit|Aber|Leider|Und|Bei|Da"
    r"|Dann|Damit|Tut|Gru(?:ß|ss)|Gr(?:ü|ue)(?:ß|ss)e|LG|VG|MfG|The|It|We|I|Il|La|Le|Les|Lo|Un[ae]?|Je|Nous|On|Merci|Grazie|Ci|El|Los"
    r"|Las|Gracias|De|Het|Ik|Wij|Bedankt|Groet\w*|Proszę|Przepraszam\w*|Dziękuję|Pozdr\w*)\b"
)
_NO_MONTH = re.compile(r"\s+(?!(?:Jan|Feb|M[aä]r|Apr|Ma[iy]|Jun|Jul|Aug|Sep|O[kc]t|Nov|De[zc]))[A-ZÀ-Ý]")
_NEW_ITEM = re.compile(r"\s*(?:[-*\u2022\u2013>]|[0-9]+[.)]\s|[\w ]{1,24}:\s)")
_SMALL = re.compile(r"[ \t]*[a-zäöüß]")
_BEFORE_STOP = 20
# A line that ends with a number is full where a capital begins another, or where it holds nothing else.
_NUMBER_LAST = re.compile(r"[0-9]{6,}\W*$")
_CAPITAL = re.compile(r"\s*[A-ZÄÖÜ]")
# Rows of a list, each of which begins with its order or article.
_ROW = re.compile(r"\W{0,4}[A-Z]{1,4}-?[0-9]{3,12}\b")
# "DHL 00340434161094042557": a number and its name, of which no rule knows anything.
_NUMBER_ALONE = re.compile(r"(?=.*[0-9]{6})(?:\W*[^\W\d_]+){0,2}(?:[\W\d_]*|\W*\w*[0-9]{6}\w*\W*)$")
# "… and send you the number", "… und geben Bescheid".
_AND_TELLS = re.compile(
    r"\s(?=(?:und|and|et|ed?|y|en|i|oraz)\s(?:(?:wir|ich|we|i|nous|je|vous|vi|le|os|te|wij|ik|u)\s){0,2}(?:will\s)?"
    r"(?:melde\w*|schick\w*|send\w*|geb\w*|teil\w*|reich\w*|inform\w*|give|let|share|forward|email|mail|update|provide"
    r"|envo\w+|enverr\w+|communi\w+|transmett\w+|donn\w+|tien\w+|mand\w+|invi\w+|comunic\w+|envi\w+|pas\w+|avis\w+"
    r"|stur\w+|ge(?:ef|ven)|la(?:at|ten)|pode[sś]l\w+|podam\w*|prze[sś]l\w+|wy[sś]l\w+|dam\w*|przeka[zż]\w+)"
    r"\s(?:\w+\s){0,5}?(?:\w*num(?:mer|ber|[eé]ro|er)\w*|track\w*|bescheid|details|know|suivi|seguimiento|codice|c[oó]d\w+"
    r"|informé\w*|info|zna[cć]|weten)\b)",
    re.IGNORECASE,
)
# What such a clause cannot do without, and is found at once.
_TOLD = ("num", "track", "bescheid", "details", "know", "suivi", "seguimiento", "cod", "cód", "info", "zna", "weten")
# Where one thing that is said may end and another begin.
_PAUSE = re.compile(
    r"[,;\s](?:(?<=[,;])\s+|(?<=\s)(?:[\u2013\u2014-]\s+|(?=(?i:but|however|mais|ale|ma|però|pero|maar)\s)))"
)

# A line that was not broken by a program: a short one, or one that ends with a number.
_LINE = re.compile(rf"^(?:[^\n]{{1,{_WRAPPED - 1}}}|[^\n]*[0-9]{{6}}[^\w\n]*)\n", re.MULTILINE)
# What goes on saying something of the line above it.
_OF_THE_LINE_ABOVE = re.compile(
    r"\s*(?:(?:und|aber|and|but|et|mais|e|ma|y|pero|en|maar|i|ale) )?"
    r"(?:wenn|falls|sobald|sofern|bis|bevor|nachdem|weil|damit|dass|ob|außer|ohne|if|once|when|until|till|unless|because|so|as|since|than|to|si|quand|dès|lorsque|parce|car|jusqu|que|sauf|sans"
    r"|se|quando|appena|perché|finché|che|salvo|senza|cuando|porque|hasta|sin|als|zodra|indien|tot|omdat|dat|tenzij|zonder|jeśli"
    r"|jeżeli|gdy|jak|aż|dopóki|bo|ponieważ|że|żeby|chyba|bez|than|als)\b",
    re.IGNORECASE,
)

WEEKDAY = (
    r"(?:\w+tag|mittwoch|\w+day|(?:lun|mar|mercre|jeu|vendre|same)di|dimanche|luned\w|marted\w|mercoled\w|gioved\w|venerd\w"
    r"|lunes|martes|mi[eé]rcoles|jueves|viernes|\w+dag|poniedział\w+|wtor\w+|środ\w+|czwart\w+|piąt\w+)"
)
"""The names of weekdays in any language; no word of their own sentence goes on before them."""

# "Fine, Friday": a day by itself says nothing without what it stands beside.
_DAY_ALONE = re.compile(
    rf"\W*(?:(?:am|on|le|il|el|op|w|we)\s)?(?:{WEEKDAY}|morgen|tomorrow|demain|domani|mañana|jutro)"
    r"(?:\s(?:dann|then|so|alors|allora|entonces|dan))?\W*",
    re.IGNORECASE,
)


class Sentence(Value, frozen=True, kw_only=True):
    """`span` is where it stands in the text; `words` is it with single blanks and composed letters."""

    span: tuple[int, int]
    words: str


def sentences(text: str) -> tuple[Sentence, ...]:
    """The sentences of a text in order, without empty ones."""
    return tuple(one for start, end in _cuts(text) if (one := _trimmed(text, start, end)))


def clauses(text: str, sentence: Sentence) -> tuple[Sentence, ...]:
    """A sentence cut where it pauses, without parts that hold only a number.

    Whether its parts may be taken for themselves, the caller must judge.
    """
    start, end = sentence.span
    pauses = [pause.end() for pause in _PAUSE.finditer(text, start, end)]
    small = sentence.words.lower()
    if any(word in small for word in _TOLD):
        pauses = sorted({*pauses, *(one.end() for one in _AND_TELLS.finditer(text, start, end))})
    if not pauses:
        return (sentence,)
    cuts = [start, *(one for one, then in pairwise([*pauses, end]) if not _DAY_ALONE.fullmatch(text, one, then)), end]
    found = [one for start, end in pairwise(cuts) if (one := _trimmed(text, start, end))]
    return tuple(one for one in found if not _NUMBER_ALONE.match(one.words)) or (sentence,)


def rows(text: str, sentence: Sentence) -> tuple[Sentence, ...]:
    """A sentence cut where its lines end, which many people take for a full stop.

    Whether its parts may be taken for themselves, the caller must judge.
    """
    start, end = sentence.span
    if text.find("\n", start, end) < 0:
        return (sentence,)
    cuts = [one.end() for one in _LINE.finditer(text, start, end) if not _OF_THE_LINE_ABOVE.match(text, one.end())]
    return tuple(one for first, last in pairwise([start, *cuts, end]) if (one := _trimmed(text, first, last)))


def together(text: str, parts: Sequence[Sentence]) -> Sentence:
    """Parts of a sentence that stand side by side, as one."""
    start, end = parts[0].span[0], parts[-1].span[1]
    return _trimmed(text, start, end) or parts[0]


def _cuts(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for found in _END.finditer(text):
        stop, end = found.span()
        bare = stop == start or text[start:stop].isspace()
        if not bare and _ends(text, found.group(), stop, end):
            yield start, end
            start = end
    yield start, len(text)


def _ends(text: str, sign: str, stop: int, end: int) -> bool:
    if sign == "\n":
        return not _goes_on(text, stop, end)
    before = text[max(0, stop - _BEFORE_STOP) : stop]
    if sign[0] != "." or not _is_short(before) or _ends_with_date(text, before, end):
        return True
    return bool(_TIME.search(before)) and bool(_NO_MONTH.match(text, end))


def _ends_with_date(text: str, before: str, end: int) -> bool:
    date = _DATE_LAST.search(before)
    if date is None:
        return False
    return bool(_NO_MONTH.match(text, end)) if date["sign"] == "/" else bool(_BEGINS.match(text, end))


def _is_short(before: str) -> bool:
    """Whether a full stop belongs to what stands before it, as in "Nr. 7", "z. B." or "24. November", not "A14."."""
    digits = len(before) - len(before.rstrip(_DIGITS))
    if digits:
        named = before[:-digits][-1:].isalpha()
        return digits <= _ORDINAL and not named and not _GROUP_LAST.search(before)
    return _NO_WORD.split(before)[-1].lower() in _SHORT_WORDS


def _goes_on(text: str, end: int, start: int) -> bool:
    """Whether the line that ends here goes on in the next, which begins at `start`."""
    line = text[text.rfind("\n", 0, end) + 1 : end].rstrip("\r ")
    if _NEW_ITEM.match(text, start):
        return False
    if _NUMBER_LAST.search(line) and (_CAPITAL.match(text, start) or _NUMBER_ALONE.match(line)):
        return False
    if _ROW.match(line) and _ROW.match(text, start):
        return False
    if len(line) >= _WRAPPED:
        return True
    greeting = line.endswith(",") and len(line) < _GREETING
    return bool(line) and not greeting and _SMALL.match(text, start) is not None


def composed(text: str) -> str:
    """A text with every letter as one sign."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _trimmed(text: str, start: int, end: int) -> Sentence | None:
    """What stands between two places without the blanks around it; None where nothing does."""
    raw = text[start:end].lstrip()
    if not raw:
        return None
    words = " ".join(composed(raw).split())
    return Sentence(span=(end - len(raw), end - len(raw) + len(raw.rstrip())), words=words)
