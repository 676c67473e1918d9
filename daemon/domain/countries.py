"""Countries by what people and programs call them in seven languages, and by their codes of three letters."""

from functools import lru_cache

from daemon.domain.territory import COUNTRIES

_LANGUAGES = ("de", "en", "es", "fr", "it", "nl", "pl")
_ALSO = {
    "CN": "vr china|volksrepublik china|pr china|p.r. china|prc|people's republic of china",
    "US": "usa|u.s.a.|united states of america|états-unis d'amérique|vereinigte staaten von amerika",
    "GB": "uk|great britain|großbritannien|england|grande-bretagne|gran bretagna|gran bretaña|groot-brittannië",
    "KR": "republik korea|republic of korea|rok",
    "TW": "taiwan, r.o.c.",
    "CZ": "tschechische republik|czech republic|république tchèque|repubblica ceca|república checa",
    "HK": "hongkong|hong kong",
    "VN": "viet nam",
    "NL": "holland|the netherlands",
    "TR": "turkey",
    "SK": "slowakische republik|slovak republic",
}


@lru_cache(maxsize=1)
def country_names() -> dict[str, str]:
    """The code of each country by its names in small letters."""
    from babel import Locale  # noqa: PLC0415 - only what names a country in words needs it

    called = {
        name.casefold(): code
        for language in _LANGUAGES
        for code, name in Locale(language).territories.items()
        if code in COUNTRIES
    }
    return called | {name: code for code, names in _ALSO.items() for name in names.split("|")}


def country_code(text: str) -> str | None:
    """The country that is meant: `DE`, `de`, `DEU`, `Deutschland`, `Germany`; None where nobody can tell."""
    said = " ".join(text.split())
    if not said:
        # Most cells that may name a country are empty, and all names are many to load.
        return None
    if said.upper() in COUNTRIES:
        return said.upper()
    if len(said) == 3 and said.isascii() and said.isalpha():  # noqa: PLR2004 - ISO 3166-1 alpha-3
        from babel.core import get_global  # noqa: PLC0415

        other = get_global("territory_aliases").get(said.upper(), [""])
        return other[0] if len(other) == 1 and other[0] in COUNTRIES else country_names().get(said.casefold())
    return country_names().get(said.casefold())
