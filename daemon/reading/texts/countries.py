"""Countries that a text names."""

import re
from functools import lru_cache

from daemon.domain.countries import country_names

_CODE = re.compile(r"[A-Z]{2}(?=\s{0,3}(?:$|[,;.)/|]))")
_IN_BRACKETS = re.compile(r"\s?[(\[/]\s?([A-Z]{2})\s?[)\]]?(?![A-Za-z])")


@lru_cache(maxsize=1)
def _names() -> tuple[dict[str, str], re.Pattern[str]]:
    called = country_names()
    longest_first = sorted(called, key=len, reverse=True)
    return called, re.compile(rf"(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")


def names_country(text: str) -> bool:
    """Whether a country is named anywhere."""
    return any(not text[found.start() - 1 : found.start()].isalnum() for found in _names()[1].finditer(text.casefold()))


def country_at(text: str, start: int) -> tuple[str, int] | None:
    """The country that is named at this place, and where its name ends; a code counts in capitals and before a pause.

    None as well where a name and the code in the brackets behind it are not of the same country.
    """
    called, names = _names()
    small = text.casefold() if len(text.casefold()) == len(text) else text.lower()
    if found := names.match(small, start):
        code, end = called[found.group()], found.end()
        beside = _IN_BRACKETS.match(text, end)
        if beside is None or beside[1] not in called.values():
            return code, end
        return (code, beside.end()) if beside[1] == code else None
    if (coded := _CODE.match(text, start)) and coded.group() in called.values():
        return coded.group(), coded.end()
    return None
