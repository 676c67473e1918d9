"""Days that a text counts from one that it has just named: "in on Monday, out the next day"."""

import re
from collections.abc import Sequence
from datetime import date, timedelta

from daemon.reading.dates import HOW_MANY, days_named, number_named, past_days, promised_date
from daemon.rules.accents import bare_too
from daemon.rules.automaton import Quick
from daemon.rules.sentences import WEEKDAY, sentences

_FEW = r"(?:paar|einige|few|couple of|several|quelques|plusieurs|qualche|alcuni|unos|algunos|varios|enkele|kilka|parę)"
_ONE = r"(?:eine[nm]?|one|une?|uno?|e[eé]n|1)"
_MANY = rf"{HOW_MANY}|{_ONE}|{_FEW}"
_SPAN = rf"(?:{_MANY})(?:\s?[-\u2013/]\s?|\s(?:bis|oder|to|or|à|ou|a|o|tot|of|do|lub)\s)"
_DAYS = (
    r"(?:(?:werk|arbeits)?tage?n?|(?:(?:working|business)\s)?days?|jours?(?:\souvrée?s?)?|giorn[oi](?:\slavorativ[oi])?"
    r"|días?(?:\s(?:hábil|laborable)(?:es|s)?)?|(?:werk)?dag(?:en)?|dzień|dni(?:\sroboczych)?)"
)
# "A day later than planned" counts from no day that is named.
_LATER = (
    r"(?:später|darauf|drauf|danach|later|after(?:wards|\sthat)?|plus\stard|après|dopo|después|más\starde|erna|daarna|później)"
    r"(?!\s(?:\w+\s){0,2}(?:als|than|que|di|dan|niż)\b)"
)
_AFTER = Quick(
    bare_too(
        r"\b(?:tags|(?:am\s)?(?:werk|arbeits)?tag)\s(?:darauf|drauf|danach)\b|\b(?:am\s)?folgetag\b"
        r"|\b(?:am\s)?(?:nächst|(?:darauf)?folgend)en\s(?:werk|arbeits)?tag\b"
        r"|\bthe\sday\safter(?!\stomorrow)\b|\b(?:the\s)?(?:very\s)?(?:next|following)\s(?:(?:working|business)\s)?day\b"
        r"(?![\s-](?:deliver|service|ship|air|saver|d[ei]spatch))"
        r"|\b(?:(?:dès|pour)\s)?(?:le|au)\s(?:sur)?lendemain\b|\ble\sjour\s(?:ouvré\s)?(?:suivant|d['\u2019]après)\b"
        r"|\b(?:il|nel)\sgiorno\s(?:lavorativo\s)?(?:dopo|successivo|seguente)\b|\bl['\u2019]indomani\b"
        r"|\b(?:al|el)\ssiguiente\sdía(?:\s(?:hábil|laborable))?\b|\b(?:al|el)\sdía\s(?:(?:hábil|laborable)\s)?(?:siguiente|después)\b"
        r"|\bal\sotro\sdía\b"
        r"|\bde\s(?:eerst)?volgende\s(?:werk)?dag\b|\b(?:de\s)?(?:werk)?dag\s(?:erna|erop|daarna|daarop|nadien)\b|\bdaags\serna\b"
        r"|\b(?:następnego|kolejnego)\sdnia(?:\sroboczego)?\b|\bdnia\snastępnego\b|\bna\sdrugi\sdzień\b|\bnazajutrz\b|\bdzień\spóźniej\b"
        rf"|\b(?P<span>{_SPAN})?(?P<many>{_MANY})\s{_DAYS}\s{_LATER}\b"
    )
)
_TWO = "surlendemain"
_AT_WORK = re.compile(bare_too(r"werk|arbeit|working|business|ouvr|lavorativ|hábil|laborable|robocz"))
# "The next day, Friday 4 December" tells it itself.
_ITSELF = re.compile(
    r"\s?[,(:\u2013-]?\s(?=(?:(?:also|d\.h\.|i\.e\.|cioè|donc|am|on|le|il|el|op|we?|den|the)\s){0,2}"
    rf"(?:{WEEKDAY}\b|[0-9]{{1,2}}[./ ]))",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[,;:]\s|\s(?:und|and|et|i|a|e|y|en)\s")
_FRIDAY = 4


def with_days_after(text: str, received: date) -> str:
    """The text, of the same length, with a date for "the next day" where it follows the one day that it counts from."""
    found = list(_AFTER.finditer(text.lower())) if len(text.lower()) == len(text) else []
    spans = [one.span for one in sentences(text)] if found else []
    for match in found:
        start, end = match.span()
        if told := _ITSELF.match(text, end):
            text = text[:start] + " " * (told.end() - start) + text[told.end() :]
        elif (day := _day_before(text, start, spans, received)) and (then := _later(match, day)):
            text = text[:start] + f"{then.day}.{then.month}.".ljust(end - start) + text[end:]
    return text


def counts_days(text: str) -> bool:
    """Whether a text tells a day by another one, be it named or not."""
    return _AFTER.search(text.lower()) is not None


def counts_in_vain(text: str) -> bool:
    """Whether a text counts from days that it has named, and no day can be told."""
    match = _AFTER.search(text.lower())
    return match is not None and bool(days_named(text[: match.start()]))


def _day_before(text: str, place: int, spans: Sequence[tuple[int, int]], received: date) -> date | None:
    """The day that its sentence names last before a place, else the one of the sentence before."""
    number = next((number for number, (start, end) in enumerate(spans) if start <= place < end), 0)
    here = text[spans[number][0] : place]
    if not number or days_named(here) or past_days(here, received):
        return _last_day(here, received)
    return _last_day(text[slice(*spans[number - 1])], received)


def _last_day(text: str, received: date) -> date | None:
    """The one day of the last clause that names any."""
    clauses = [one for one in _CLAUSE.split(text) if days_named(one)]
    return promised_date(clauses[-1], received) if clauses and not past_days(text, received) else None


def _later(match: re.Match[str], day: date) -> date | None:
    """So many days after that one; None of "two to three days" and of "a few"."""
    many = match["many"]
    count = 1 if many is None or re.fullmatch(_ONE, many) else number_named(many)
    if match["span"] or not count:
        return None
    count += _TWO in match.group()
    if not _AT_WORK.search(match.group()):
        return day + timedelta(days=count)
    for _ in range(count):
        day += timedelta(days=1 if day.weekday() < _FRIDAY else 7 - day.weekday())
    return day
