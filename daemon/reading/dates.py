"""Dates as people write them in mails, in seven languages; what can be read in two ways is not a date."""

import re
from datetime import date, timedelta

from daemon.domain.values import Value
from daemon.rules.accents import bare, bare_too
from daemon.rules.automaton import Quick

_MONTHS = (
    ("januar", "jänner", "january", "janvier", "gennaio", "enero", "januari", "stycznia", "jan"),
    ("februar", "february", "février", "febbraio", "febrero", "februari", "lutego", "feb"),
    ("märz", "maerz", "march", "mars", "marzo", "maart", "marca", "mar", "mrz"),
    ("april", "avril", "aprile", "abril", "kwietnia", "apr"),
    ("mai", "may", "maggio", "mayo", "mei", "maja"),
    ("juni", "june", "juin", "giugno", "junio", "czerwca", "jun"),
    ("juli", "july", "juillet", "luglio", "julio", "lipca", "jul"),
    ("august", "août", "agosto", "augustus", "sierpnia", "aug"),
    ("september", "septembre", "settembre", "septiembre", "września", "sep", "sept"),
    ("oktober", "october", "octobre", "ottobre", "octubre", "października", "okt", "oct"),
    ("november", "novembre", "noviembre", "listopada", "nov", "lis"),
    ("dezember", "december", "décembre", "dicembre", "diciembre", "grudnia", "dez", "dec", "dic", "gru"),
)
_DAYS = (
    ("montag", "monday", "lundi", "lunedì", "lunes", "maandag", "poniedziałek", "poniedziałku", "poniedziałkiem"),
    ("dienstag", "tuesday", "mardi", "martedì", "martes", "dinsdag", "wtorek", "wtorku", "wtorkiem"),
    ("mittwoch", "wednesday", "mercredi", "mercoledì", "miércoles", "woensdag", "środa", "środę", "środy", "środą"),
    ("donnerstag", "thursday", "jeudi", "giovedì", "jueves", "donderdag", "czwartek", "czwartku", "czwartkiem"),
    ("freitag", "friday", "vendredi", "venerdì", "viernes", "vrijdag", "piątek", "piątku", "piątkiem"),
    ("samstag", "sonnabend", "saturday", "samedi", "sabato", "sábado", "zaterdag", "sobota", "sobotę", "soboty"),
    ("sonntag", "sunday", "dimanche", "domenica", "domingo", "zondag", "niedziela", "niedzielę", "niedzieli"),
)


def _bare_too(names: dict[str, int]) -> dict[str, int]:
    """Names by number, also as they are typed without accents."""
    return {bare(name): number for name, number in names.items()} | names


# "mon" is French for mine and "wed" may be a wedding: such a day counts behind a word that a day follows.
_SHORT_DAY = {"mon": 0, "tue": 1, "tues": 1, "wed": 2, "weds": 2, "thu": 3, "thur": 3, "thurs": 3, "fri": 4, "sat": 5,
              "sun": 6}  # fmt: skip
_AHEAD = _bare_too({"übermorgen": 2, "uebermorgen": 2, "overmorgen": 2, "pojutrze": 2, "dopodomani": 2,
          "day after tomorrow": 2, "morgen": 1, "tomorrow": 1, "tomorow": 1,
          "tommorow": 1, "tommorrow": 1, "tmrw": 1, "demain": 1, "domani": 1, "mañana": 1,
          "jutro": 1})  # fmt: skip
_AGO = _bare_too({"vorgestern": 2, "eergisteren": 2, "przedwczoraj": 2, "avant-hier": 2, "anteayer": 2,
        "l'altro ieri": 2, "l'altroieri": 2, "day before yesterday": 2, "avant hier": 2, "antes de ayer": 2,
        "antier": 2,
        "gestern": 1, "yesterday": 1, "last night": 1, "anoche": 1,
        "hier": 1, "ieri": 1, "ayer": 1, "wczoraj": 1, "gisteren": 1, "gister": 1,
        "gisteravond": 1, "gistermiddag": 1, "gisterochtend": 1,
        "heute": 0, "today": 0, "this morning": 0, "aujourd'hui": 0, "ce matin": 0, "oggi": 0, "stamattina": 0,
        "hoy": 0, "esta mañana": 0, "dziś": 0, "dzisiaj": 0, "vandaag": 0, "vanmorgen": 0,
        "vanochtend": 0})  # fmt: skip

_MONTH = _bare_too({name: number for number, names in enumerate(_MONTHS, start=1) for name in names})
_DAY = _bare_too({name: number for number, names in enumerate(_DAYS) for name in names})


# "In ten days", counted from the day of writing; a span, working days and "about ten" are no day.
_NUMBERS = (
    ("zwei", "two", "deux", "due", "dos", "twee", "dwa"),
    ("drei", "three", "trois", "tre", "tres", "drie", "trzy"),
    ("vier", "four", "quatre", "quattro", "cuatro", "cztery"),
    ("fünf", "fuenf", "five", "cinq", "cinque", "cinco", "vijf", "pięć"),
    ("sechs", "six", "sei", "seis", "zes", "sześć"),
    ("sieben", "seven", "sept", "sette", "siete", "zeven", "siedem"),
    ("acht", "eight", "otto", "ocho", "osiem"),
    ("neun", "nine", "neuf", "nove", "nueve", "negen", "dziewięć"),
    ("zehn", "ten", "dix", "dieci", "diez", "tien", "dziesięć"),
    ("elf", "eleven", "onze", "undici", "once", "jedenaście"),
    ("zwölf", "zwoelf", "twelve", "douze", "dodici", "doce", "twaalf", "dwanaście"),
    ("dreizehn", "thirteen", "treize", "tredici", "trece", "dertien", "trzynaście"),
    ("vierzehn", "fourteen", "quatorze", "quattordici", "catorce", "veertien", "czternaście"),
    ("fünfzehn", "fuenfzehn", "fifteen", "quinze", "quindici", "quince", "vijftien", "piętnaście"),
    ("sechzehn", "sixteen", "seize", "sedici", "dieciséis", "zestien", "szesnaście"),
    ("siebzehn", "seventeen", "dix-sept", "diciassette", "diecisiete", "zeventien", "siedemnaście"),
    ("achtzehn", "eighteen", "dix-huit", "diciotto", "dieciocho", "achttien", "osiemnaście"),
    ("neunzehn", "nineteen", "dix-neuf", "diciannove", "diecinueve", "negentien", "dziewiętnaście"),
    ("zwanzig", "twenty", "vingt", "venti", "veinte", "twintig", "dwadzieścia"),
)
_NUMBER = _bare_too({name: number for number, names in enumerate(_NUMBERS, start=2) for name in names})


def _any(names: dict[str, int]) -> str:
    return "|".join(sorted((re.escape(name) for name in names), key=len, reverse=True))


_ISO = r"(?<![0-9-])(?P<iy>20[0-9]{2})-(?P<im>[0-9]{2})-(?P<id>[0-9]{2})(?![0-9])"
_DOTTED = r"(?<![0-9.,])(?P<d>[0-9]{1,2})\.\s?(?P<m>[0-9]{1,2})\.(?:\s?(?P<y>20[0-9]{2}|[0-9]{2})(?![0-9]))?"
_SLASHED = (
    r"(?<![0-9/-])(?P<sd>[0-9]{1,2})(?P<cut>[/-])(?P<sm>[0-9]{1,2})(?P=cut)(?P<sy>20[0-9]{2}|[0-9]{2})(?![0-9/-])"
)
# Without a year: "24/11", or "am 24.11" behind a word that a day follows; "1/2" counts something.
_BEFORE_DAY = (
    r"am|vom|zum|den|bis|ab|on|by|from|of|since|until|le|du|dès|il|del|dal|al|entro|el|desde|hasta|dnia|do|od|op|vanaf"
    r"|sinds|tot"
)
_DAY_OR_BEFORE = rf"{_BEFORE_DAY}|(?:{_any(_DAY)}),?"
_BARE = (
    r"(?<![0-9A-Za-z/.,-])(?P<bd>[0-9]{2}|[0-9](?=/[0-9]{2}))/(?P<bm>[0-9]{1,2})(?![0-9A-Za-z/-])"
    rf"|(?<![^\W_])(?:{_DAY_OR_BEFORE})\s(?P<cd>[0-9]{{1,2}})\.(?P<cm>1[0-2]|0?[1-9])(?![0-9A-Za-z.]|,[0-9])"
)
_NAMED = (
    r"(?<![0-9])(?P<nd>[0-9]{1,2})(?:\.|st|nd|rd|th|er|[°º])?[\s/-]?(?:de\s|of\s)?"
    rf"(?P<nm>{_any(_MONTH)})\b\.?,?(?:[\s/-](?P<ny>20[0-9]{{2}}))?"
)
_ENGLISH = rf"\b(?P<em>{_any(_MONTH)})\.?\s(?P<ed>[0-9]{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s(?P<ey>20[0-9]{{2}}))?"
# Italian "verso le 11" is an hour, French "le 11" is a day.
_NO_HOUR = r"(?<!verso )(?<!entro )(?<!dopo )(?<!per )(?<!tra )(?<!fra )(?<!sono )(?<!circa )(?<! e )"
# "On the 30th", "Sat 28th", "am 30.", "le 30": of this month or the next; "on the 2nd van" and "am 2. Tag" are no days.
_NO_DAY = rf"(?:{_any(_MONTH)}|tage?|advent\w*|mal|stock|versuch|anlauf|quartal|halbjahr|weihnacht\w*|feiertag)"
_THEN = (
    r"(?=\W*$|[.,;:!)]|\s(?:at|with|by|via|and|latest|instead|now|then|so|it|due|as|because|when|if"
    r"|of th[ei]s?|avec|par|et|au|chez|matin|con|tramite|e|mattina|y|por)\b)"
)
_ORDINAL = (
    rf"\b(?:on|by|until|till?|before|from|{_any(_SHORT_DAY)}|{_any(_DAY)})\s(?:the\s)?"
    rf"(?P<od>[0-9]{{1,2}})(?:st|nd|rd|th)\b{_THEN}"
    rf"|\b(?:am|bis|zum|ab|dem|den|{_any(_DAY)},?)\s(?P<og>[0-9]{{1,2}})\.(?!\s?[0-9]|\s{_NO_DAY}\b)"
    rf"|{_NO_HOUR}\b(?:le|il|el|el día)\s(?P<or>[0-9]{{1,2}}){_THEN}|\bde\s(?P<on>[0-9]{{1,2}})(?:d?e|ste)\b{_THEN}"
    r"|\b(?P<op>[0-9]{1,2})-?e?go\b"
)
_OF_MONTH = ("od", "og", "or", "on", "op")
# Day, month and year of each way to write a date with its month.
_WRITTEN = (
    ("id", "im", "iy"),
    ("d", "m", "y"),
    ("cd", "cm", None),
    ("sd", "sm", "sy"),
    ("bd", "bm", None),
    ("nd", "nm", "ny"),
    ("ed", "em", "ey"),
)
_WORDS = (
    rf"(?<!black )(?<!cyber )\b(?P<day>{_any(_DAY)})\b|\b(?P<ahead>{_any(_AHEAD)})\b|\b(?P<brief>tues|weds|thurs?)\b"
    rf"|\b(?:on|by|til|till|until|before|from|for|next|this)\s(?P<short>{_any(_SHORT_DAY)})\b"
)
HOW_MANY = rf"(?:[2-9]|[12][0-9]|{_any(_NUMBER)})"
_COUNTED = (
    r"(?<!etwa )(?<!circa )(?<!ca\. )(?<!ungefähr )(?<!about )(?<!roughly )(?<!environ )(?<!ongeveer )(?<!około )"
    rf"\b(?:in (?P<de>{HOW_MANY}) tagen|in (?P<en>{HOW_MANY}) days?|dans (?P<fr>{HOW_MANY}) jours|[tf]ra"
    rf" (?P<it>{HOW_MANY}) giorni|(?:en|dentro de) (?P<es>{HOW_MANY}) d[ií]as|over (?P<nl>{HOW_MANY}) dagen|za"
    rf" (?P<pl>{HOW_MANY}) dni)\b"
    r"(?!\s(?:ouvr|lavorativ|h[áa]bil|laborabl|robocz|(?:or|oder|bis|ou|à|o|of|tot|lub|albo|do|to)\b))"
)
_COUNTED_IN = ("de", "en", "fr", "it", "es", "nl", "pl")
_DATE = Quick(f"{_ISO}|{_DOTTED}|{_SLASHED}|{_BARE}|{_NAMED}|{_ENGLISH}|{_ORDINAL}")
# "Verschickt 24.11": where nothing tells that it is a day, only one of the last weeks is.
_LOOSE = Quick(
    r"(?<![0-9A-Za-z.,/-])(?P<d>[0-3]?[0-9])\.(?P<m>1[0-2]|0[1-9])"
    r"(?![0-9A-Za-z./-]|,[0-9]|\s?(?:uhr|h|kg|g|mm|cm|gb|eur|euro|usd|zł|pln)\b|\s?[€$£%\"])"
)
_RELATIVE = Quick(f"{_WORDS}|{_COUNTED}")
_PAST = Quick(rf"\b(?:{_any(_AGO)})\b")
_COUNT = (
    r"(?:[0-9]{1,2}|einem|einer|zwei|drei|ein paar|one|two|three|a few|deux|trois|due|tre|dos|tres|dwa|trzy|twee|drie)"
)
# "Le 24", "de 24e": of a month that only the context tells.
_SOME_MONTH = (
    rf"{_NO_HOUR}"
    r"\b(?:am|den|on the|le|el|il|dnia|op de|de(?=\s[0-9]{1,2}e))\s(?P<of>[0-9]{1,2})(?:e|st|nd|rd|th|[.º](?=\s|$))?"
    r"(?=[,;:!)]|\.(?:\s|$)|\s?$|(?<=[0-9]e)\s(?!keer|maal|straat|verdieping)"
    r"|\s(?:au|à|chez|par|avec|via|mit|per|bei|an|by|with|con|przez|dhl|ups|gls|dpd)\b)"
)
_VAGUE = Quick(
    rf"\b(?:{_any(_DAY)})\b|\by['\u2019]day\b"
    rf"|{_NO_HOUR}\b(?:am|on the|le|el|il)\s[0-9]{{1,2}}(?:\.(?=\s)|th\b|(?=[\s:]))"
    rf"|{_SOME_MONTH}"
    rf"|\bvor {_COUNT}(?: tage?n?| wochen?)\b|\b{_COUNT}\s(?:days?|weeks?) ago\b|\bil y a {_COUNT}\b|\bhace {_COUNT}\b"
    rf"|\b{_COUNT}\s(?:giorni fa|dni temu|dagen geleden)\b|\b(?:kw|week)\s?[0-9]{{1,2}}\b"
    r"|\b(?:letzte[nr]?|vorige[nr]?|last|dernière?|scors[oa]|pasad[oa]|zeszł\w*|vorige|afgelopen)\s(?:woche|week|semaine|tydzie\w*)"
    r"|\bwochenende\b|\bweekend\b"
    r"|\b(?:anfang|mitte|beginn) (?:der|dieser) woche\b|\bmonatsanfang\b|\bseit (?:\w+ )?(?:tagen|wochen)\b|\blängst\b"
    r"|\b(?:neulich|kürzlich|letztens)\b|\bthe other day\b"
    r"|\b(?:earlier|early|sometime) this week\b|\b(?:ages|days|weeks) ago\b"
    r"|\ba couple of (?:days|weeks) ago\b|\brecently\b|\bstart of the week\b"
    r"|\bl['\u2019]autre jour\b|\bd[ée]but de (?:la )?semaine\b|\bil y a quelques jours\b|\brécemment\b"
    r"|\bl['\u2019]altro giorno\b|\bqualche giorno fa\b|\binizio settimana\b|\brecentemente\b"
    r"|\bel otro día\b|\bhace (?:unos|varios) días\b|\bprincipios? de (?:la )?semana\b|\brecientemente\b"
    r"|\b(?:een )?paar dagen geleden\b|\bbegin (?:deze|van de) week\b|\b(?:onlangs|laatst)\b"
    r"|\bkilka dni temu\b|\bna początku tygodnia\b|\bniedawno\b"
)
_LAST = Quick(_SOME_MONTH)
_NEXT_WEEK = re.compile(
    r"\b(?:nächste[rn]? woche|kommende[rn]? woche|next week|semaine prochaine|prossima settimana|settimana prossima"
    r"|pr[óo]xima semana|semana que viene|przysz[łl]ym tygodniu|volgende week)\b"
)
# British for the Monday after the next.
_WEEK_LATER = re.compile(r"\b\w+day week\b|\ba week (?:on |from )?\w+day\b")
_NEXT = re.compile(r"\b(?:nächste[nrsm]?|next|prossim[oa]|próximo|przyszł[yą]|volgende)\s*$")
_FRENCH = re.compile(
    bare_too(
        r"\b(?:envoyée?s?|expédiée?s?|partie?s?|remise?s?|postée?s?|déposée?s?|laissée?s?|livrée?s?|colis|été|avons|nous|j['\u2019]ai"
        r"|l['\u2019]ai|suivi|matin|soir|midi|après-midi)\b"
    )
)
_MORNING = {"morgen", "mañana", "manana"}
_NOT_TOMORROW = re.compile(r"\b(?:heute|gestern|guten|am|this|esta|la)\s*$")
# "Monday rather than Friday", "statt Freitag erst Montag": the day that is given up.
_IN_PLACE_OF = re.compile(
    r"\b(?:rather than|instead of|anstatt|statt|anstelle von|plutôt que|au lieu d[eu]|anziché|invece (?:di|che)"
    r"|en (?:vez|lugar) del?|in plaats van|zamiast)\s(?:\w{1,5}\s){0,2}"
    rf"(?:(?:{_any(_DAY)}|{_any(_AHEAD)})\b,?(?:\s(?:den|dem|the))?)?"
    r"(?:\s?[0-9]{1,2}(?:\.[0-9]{1,2}\.|\.|st|nd|rd|th)?)?"
)
# "Montag, 7. Dezember" is one day, and no clause ends within it.
_DAY_AND_DATE = re.compile(
    rf"\b({_any(_DAY)}),(?=\s(?:(?:den|dem|the|le|il|el|de|op|dnia)\s)?(?:[0-9]{{1,2}}|{_any(_MONTH)})\b)",
    re.IGNORECASE,
)
# "Friday, the 28.11.": the weekday of the date behind it.
_ANY_DAY = _DAY | _SHORT_DAY
_ANY_DAY |= {
    f"{name}{sign}": day for day, name in enumerate(("mo", "di", "mi", "do", "fr", "sa", "so")) for sign in ".,"
}
_WEEKDAY_BEFORE = re.compile(rf"\b({_any(_ANY_DAY)})\.?,?\s(?:(?:den|dem|the|le|il|el|de|op|dnia)\s)?$")
# "Friday 27": of its month, which tells whether that Friday is the last one or one to come.
_OF_ITS_MONTH = re.compile(
    r"\.?,?\s(?:(?:den|dem|the|le|il|el|de|op|dnia)\s)?([0-9]{1,2})(?:st|nd|rd|th|er|[°º])?"
    rf"(?:{_THEN}|(?=\s(?:alle|um|om|mit|per|met|przez|dhl|ups|gls|dpd)\b))"
)
# As they stand in tables before or behind a date: "Di 24.11.", "24 nov. (mar.)".
_WEEKDAYS = (
    ("mo", "mon", "lun", "ma", "pn", "pon"),
    ("di", "tue", "tues", "mar", "wt"),
    ("mi", "wed", "mer", "mié", "mie", "wo", "śr", "sr"),
    ("do", "thu", "thur", "thurs", "jeu", "gio", "jue", "czw"),
    ("fr", "fri", "ven", "vie", "vr", "pt"),
    ("sa", "sat", "sam", "sab", "sáb", "za", "sob"),
    ("so", "sun", "dim", "dom", "zo", "nd", "niedz"),
)
_WEEKDAY = _DAY | {name: number for number, names in enumerate(_WEEKDAYS) for name in names}
_IN_CELL = re.compile(
    rf"(?:(?P<before>{_any(_WEEKDAY)})[.,]{{0,2}}\s+)?(?P<date>.+?)(?:,?\s+\(?(?P<behind>{_any(_WEEKDAY)})\.?\)?)?"
)
_LONGEST_CELL = 40
_BEFORE = 24
TEXT_AT_MOST = 2000
_WEEK = 7
_MONTHS_OF_A_YEAR = range(1, 13)
_NOT_IN_EVERY_MONTH = range(29, 32)
_NEAR = timedelta(days=60)
_LATELY = timedelta(days=14)


def promised_date(text: str, received: date) -> date | None:
    """The one date, weekday or "tomorrow" that a text promises; a weekday is the next one after receipt.

    What may mean two days ("next Friday" on a Wednesday, "Monday or Tuesday") is no date.
    """
    small = _IN_PLACE_OF.sub(" ", text[:TEXT_AT_MOST].lower())
    written = {_dated(match.groupdict(), received, ahead=True) for match in _DATE.finditer(small)} - {None}
    days = {_ahead(match, small, received) for match in _relatives(small)}
    # "Your order of 24 November leaves tomorrow."
    if written and (len(days) != 1 or any(one and one >= received for one in written)):
        days = written
    return days.pop() if len(days) == 1 else None


def day_in_cell(text: str, received: date, *, day_first: bool) -> date | None:
    """The day that is all a cell says, be its weekday beside it: "25. Nov", "Di 24.11."; without a year the nearest.

    One that is far off, or that is no such weekday, is none.
    """
    parts = _IN_CELL.fullmatch(text.strip().lower()) if len(text) <= _LONGEST_CELL else None
    if not parts:
        return None
    written = parts["date"].removesuffix(",")
    found = [one for one in (*_DATE.finditer(written), *_LOOSE.finditer(written)) if one.group() == written]
    part = found[0].groupdict() if found else {}
    if part.get("bd") and day_first:
        day = _day(None, int(part["bm"]), part["bd"], received)
    elif "iy" in part:
        day = None if any(part[name] for name in _OF_MONTH) else _dated(part, received)
    else:
        day = _day(None, int(part["m"]), part["d"], received) if part else None
    weekdays = {_WEEKDAY[one] for one in (parts["before"], parts["behind"]) if one}
    return day if day and abs(day - received) <= _NEAR and weekdays <= {day.weekday()} else None


def days_in_one_piece(text: str) -> str:
    """The text, of the same length, without the comma between a weekday and its date."""
    return _DAY_AND_DATE.sub(r"\1 ", text)


def number_named(word: str) -> int | None:
    """The number that a word or digits name; None of any other word."""
    return int(word) if word.isdecimal() else _NUMBER.get(word)


def days_named(text: str) -> int:
    """How many days a text names, whether or not they can be told."""
    small = text[:TEXT_AT_MOST].lower()
    return len({match.group() for match in (*_DATE.finditer(small), *_relatives(small))})


def says_day_of_month(text: str) -> bool:
    """Whether a text says "the 24th", of whichever month that may be."""
    matches = (match.groupdict() for match in _DATE.finditer(text[:TEXT_AT_MOST].lower()))
    return any(part[name] for part in matches for name in _OF_MONTH)


def says_impossible_day(text: str, received: date) -> bool:
    """Whether a text names a day that no calendar has: "31.11.", "30 February", "Friday the 28th" of another weekday.

    "10.30." is an hour.
    """
    small = text[:TEXT_AT_MOST].lower()
    return any(
        _is_impossible(match.groupdict(), received) or _is_of_another_weekday(match, small, received)
        for match in _DATE.finditer(small)
    )


def _is_of_another_weekday(match: re.Match[str], small: str, received: date) -> bool:
    before = _WEEKDAY_BEFORE.search(small, max(0, match.start() - _BEFORE), match.start())
    part = match.groupdict()
    if before is None or not any(part[name[0]] for name in _WRITTEN):
        return False
    day = _dated(part, received)
    return day is not None and day.weekday() != _ANY_DAY[before[1]]


def _is_impossible(part: dict[str, str | None], received: date) -> bool:
    named = next((name for name in _WRITTEN if part[name[0]]), None)
    if named is None:
        return False
    day, month, year = (part[name] if name else None for name in named)
    number = _MONTH[month] if month in _MONTH else int(month or 0)
    either = [(number, int(day or 0)), *([(int(day or 0), number)] if part["cut"] or part["bd"] else [])]
    meant = any(month in _MONTHS_OF_A_YEAR and day in _NOT_IN_EVERY_MONTH for month, day in either)
    return meant and all(_day(year, month, str(day), received) is None for month, day in either)


def says_next_weekday(text: str) -> bool:
    """Whether a text says "next Friday", which may be that of this week or of the next."""
    small = text[:TEXT_AT_MOST].lower()
    return any(_is_next(match, small) for match in _RELATIVE.finditer(small))


def _is_next(match: re.Match[str], small: str) -> bool:
    return match.group().startswith("next ") or _NEXT.search(small[: match.start()]) is not None


def _relatives(small: str) -> list[re.Match[str]]:
    """The weekdays and "tomorrow" of a text, without mornings: "jueves por la mañana" is one day."""
    found = _RELATIVE.finditer(small)
    return [one for one in found if not (one["ahead"] in _MORNING and _NOT_TOMORROW.search(small[: one.start()]))]


def _ahead(match: re.Match[str], small: str, received: date) -> date | None:
    if match["ahead"]:
        return received + timedelta(days=_AHEAD[match["ahead"]])
    if count := next((match[language] for language in _COUNTED_IN if match[language]), None):
        return received + timedelta(days=number_named(count) or 0)
    short = match["short"] or match["brief"]
    weekday = _SHORT_DAY[short] if short else _DAY[match["day"]]
    if _NEXT_WEEK.search(small):
        return received + timedelta(days=_WEEK - received.weekday() + weekday)
    if _is_next(match, small) and weekday > received.weekday():
        return None
    later = _WEEK if _WEEK_LATER.search(small) else 0
    return received + timedelta(days=(weekday - received.weekday() - 1) % _WEEK + 1 + later)


class PastDay(Value, frozen=True, kw_only=True):
    """A day up to that of receipt and where a text names it; `spoken`: in a word like "yesterday"."""

    start: int
    day: date
    spoken: bool


def past_weekday(text: str, received: date) -> date | None:
    """The one weekday or day of the month that a text says of what was done: the last up to that of receipt.

    None where the day of the month beside it is not that of the last one: "Friday 27" on the 25th.
    """
    small = text[:TEXT_AT_MOST].lower()
    of_month = {int(one["of"]) for one in _LAST.finditer(small)}
    if of_month:
        week = [day for ago in range(_WEEK) if (day := received - timedelta(days=ago)).day in of_month]
        return week[0] if len(of_month) == len(week) == 1 else None
    found = list(_RELATIVE.finditer(small))
    named = [match.groupdict() for match in found]
    shorts = [one["short"] or one["brief"] for one in named]
    days = {
        _SHORT_DAY[short] if short else _DAY[one["day"]]
        for one, short in zip(named, shorts, strict=True)
        if short or one["day"]
    }
    if not len(days) == len(named) == 1:
        return None
    day = received - timedelta(days=(received.weekday() - days.pop()) % _WEEK)
    told = _OF_ITS_MONTH.match(small, found[0].end())
    return None if told and int(told[1]) != day.day else day


def past_days(text: str, received: date) -> list[PastDay]:
    """All days up to that of receipt that a text names; a weekday may be to come and is none."""
    small = text[:TEXT_AT_MOST].lower()
    written = [
        PastDay(start=one.start(), day=day, spoken=False)
        for one in _DATE.finditer(small)
        if (day := _dated(one.groupdict(), received)) and day <= received
    ]
    found = {one.start for one in written}
    written += [
        PastDay(start=one.start(), day=day, spoken=False)
        for one in _LOOSE.finditer(small)
        if one.start() not in found
        if (day := _day(None, int(one["m"]), one["d"], received)) and received - _LATELY <= day <= received
    ]
    spoken = [
        PastDay(start=one.start(), day=received - timedelta(days=_AGO[one.group()]), spoken=True)
        for one in _PAST.finditer(small)
        if _is_yesterday(one.group(), small)
    ]
    return sorted([*written, *spoken], key=lambda one: one.start)


def days_to_come(text: str, received: date) -> list[int]:
    """Where a text writes a date that has not come yet: "27/11" on the 25th."""
    written = ((match.start(), match.groupdict()) for match in _DATE.finditer(text[:TEXT_AT_MOST].lower()))
    dates = ((start, _dated(part, received)) for start, part in written if not any(part[name] for name in _OF_MONTH))
    return [start for start, day in dates if day and received < day <= received + _NEAR]


def has_vague_day(text: str) -> bool:
    """Whether a text names a day that only its writer can tell: a weekday, "the 24th", "two days ago"."""
    return _VAGUE.search(text[:TEXT_AT_MOST].lower()) is not None


def _is_yesterday(word: str, small: str) -> bool:
    """French "hier" is yesterday, German "hier" is here."""
    return word != "hier" or _FRENCH.search(small) is not None


def _dated(part: dict[str, str | None], received: date, *, ahead: bool = False) -> date | None:
    if part["iy"]:
        return _day(part["iy"], int(part["im"] or 0), part["id"], received)
    if part["d"]:
        return _day(part["y"], int(part["m"] or 0), part["d"], received)
    if part["cd"]:
        return _day(None, int(part["cm"] or 0), part["cd"], received)
    if part["sd"] or part["bd"]:
        return _slashed(part["sd"] or part["bd"], part["sm"] or part["bm"], part["sy"], received, ahead=ahead)
    if part["nd"]:
        return _day(part["ny"], _MONTH[(part["nm"] or "").lower()], part["nd"], received)
    if part["od"] and not ahead:
        return _last(int(part["od"]), received)
    if of_month := next((part[name] for name in _OF_MONTH if part[name]), None):
        return _next(int(of_month), received) if ahead else None
    return _day(part["ey"], _MONTH[(part["em"] or "").lower()], part["ed"], received)


def _next(day: int, received: date) -> date | None:
    """The next such day of a month; that of the last days may be the last one, too."""
    days = (received + timedelta(days=ahead) for ahead in range(-_WEEK, _WEEK * 4))
    near = next((one for one in days if one.day == day), received)
    return near if near > received else None


def _last(day: int, received: date) -> date | None:
    """The last such day of a month, if it is one of the past week."""
    days = (received - timedelta(days=ago) for ago in range(_WEEK))
    return next((one for one in days if one.day == day), None)


def _slashed(one: str | None, other: str | None, year: str | None, received: date, *, ahead: bool) -> date | None:
    """A date that may begin with the day or with the month: the one reading near the day of receipt.

    `ahead`: it is promised, and so lies behind that day.
    """
    both = [_day(year, int(month or 0), day, received) for day, month in ((one, other), (other, one))]
    near = {day for day in both if day and abs(day - received) <= _NEAR and not (ahead and day < received)}
    return near.pop() if len(near) == 1 else None


def _day(year: str | None, month: int, day: str | None, received: date) -> date | None:
    try:
        if year:
            return date(int(year) + (2000 if len(year) == 2 else 0), month, int(day or 0))  # noqa: PLR2004 - "26"
        near = [date(received.year + step, month, int(day or 0)) for step in (-1, 0, 1)]
    except ValueError:
        return None
    return min(near, key=lambda one: abs(one - received))
