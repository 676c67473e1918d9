"""The clauses of a sentence that names days."""

import re

from daemon.reading.dates import days_in_one_piece, days_named
from daemon.reading.movements import LEAVES
from daemon.rules.sentences import WEEKDAY

TURN = re.compile(r"[,;]\s|\s[\u2013-]\s|\s(?:und|and|et|i|e|y|en|aber|but|mais|ma|ale|pero|maar)\s", re.IGNORECASE)
DAY = rf"(?:{WEEKDAY}|[0-9]{{1,2}}(?:[. /]|st|nd|rd|th))"
_PARTS = re.compile(
    r"[,;:]\s|\s[\u2013-]\s|\s(?:sondern|aber|but|dus|donc|daher|deshalb|quindi|perciò|así que|por lo que|więc)\s"
    r"|\sso\s(?=(?:we|i|it|they|this|these|that|dispatch|shipping)\b)"
)
_A_DAY = re.compile(
    rf"(?:(?:am|on|le|il|el|op|den|the|also) )*{DAY}(?: [0-9]{{1,2}}\S*)?(?: [^\W\d_]+)?\W*", re.IGNORECASE
)


def clauses_of(sentence: str) -> list[str]:
    """The clauses of a sentence, a day by itself being of the one before it: "and leaves at once, Tuesday"."""
    clauses: list[str] = []
    for one in _PARTS.split(days_in_one_piece(sentence)):
        if (
            clauses
            and _A_DAY.fullmatch(one)
            and not days_named(last := TURN.split(clauses[-1])[-1])
            and LEAVES.search(last)
        ):
            clauses[-1] += f" {one}"
        else:
            clauses.append(one)
    return clauses
