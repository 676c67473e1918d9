"""A number that the same mail takes back for another: "DHL 1. Sorry, the right one is 2."."""

import re
from collections.abc import Sequence

from msgspec.structs import replace

from daemon.domain.finding import DeviceNamed, Finding, Parcel, Said, Statement

# A clause that says of the number right behind it that it is the one that counts, and nothing else.
_RIGHT = re.compile(
    r"(?:^|[,;.!]\s|\s[\u2013-]\s)(?:(?:und|aber|sorry|and|but|the|die|das|der|le|la|il|el|de|het)\s){0,2}"
    r"(?:(?:richtig|korrekt)\w*|right|correct|proper|it['\u2019]?s|bonne?|correcte?|juiste?|goede"
    r"|giust[oa]|corrett[oa]|correct[oa]|buen[oa]|prawidłow\w*|poprawn\w*|właściw\w*)"
    r"(?:\W+(?:number|nummer|imei|one|nr|numéro|numero|número|numer|dhl|ups|gls|dpd|hermes|is|ist|lautet|est|è|es|to|die|the))"
    r"{0,4}\W*$",
    re.IGNORECASE,
)
# Of another parcel or device nothing is taken back.
_ANOTHER = re.compile(
    r"\b(?:2|zwei\w*|andere\w*|weitere\w*|second\w*|other|another|further|deux\w*|autre|tweede|altr\w|otr\w|segund\w|drug\w+)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(?:[0-9][^0-9]?){8}")
_SIGNS = re.compile(r"[\s./-]+")


def corrected(values: Sequence[Finding], said: Sequence[Finding], text: str) -> tuple[list[Finding], list[Finding]]:
    """The values without the one that is taken back, and what is said with its number beside the correction.

    Only where one sentence corrects, names the right number as such, and one other of its kind stands before it.
    """
    told = [one for one in said if isinstance(one, Said) and one.statement is Statement.CORRECTION]
    named = set() if _ANOTHER.search(text) else {one.evidence.text for one in told if _NUMBER.search(one.evidence.text)}
    if len(named) != 1:
        return list(values), list(said)
    sentence = named.pop()
    old = _taken_back([one for one in values if isinstance(one, Parcel)], sentence, text) or _taken_back(
        [one for one in values if isinstance(one, DeviceNamed) and one.second is None], sentence, text
    )
    if not old:
        return list(values), list(said)
    kept = [one for one in values if not (isinstance(one, Parcel | DeviceNamed) and _number(one) == old)]
    return kept, [replace(one, instead=old) if isinstance(one, Said) and one in told else one for one in said]


def _taken_back(values: Sequence[Parcel | DeviceNamed], sentence: str, text: str) -> str | None:
    """The number that stands only before the sentence, where it names the only other one as the right one."""
    bare, whole = _SIGNS.sub("", sentence), _SIGNS.sub("", text)
    place = whole.find(bare)
    if place < 0 or len({one.order for one in values}) != 1 or len(values) != 2:  # noqa: PLR2004 - one for the other
        return None
    before, after = whole[:place], whole[place:]
    old = [number for one in values if (number := _number(one)) in before and number not in after]
    new = [number for one in values if (number := _number(one)) in bare and number not in before]
    clear = old and new and _is_right(new[0], sentence) and not _is_affirmed(old[0], text)
    return old[0] if clear else None


def _is_right(number: str, sentence: str) -> bool:
    """Whether a sentence says of the number with which it ends that it is the right one."""
    spoken = re.search(r"[\s./-]*".join(number) + r"\W*$", sentence)
    return spoken is not None and _RIGHT.search(sentence[: spoken.start()]) is not None


def _is_affirmed(number: str, text: str) -> bool:
    spoken = re.search(r"[\s./-]*".join(number), text)
    return spoken is not None and _RIGHT.search(text[: spoken.start()]) is not None


def _number(value: Parcel | DeviceNamed) -> str:
    return value.number if isinstance(value, Parcel) else value.imei
