"""What a house no longer sells: beside a day on which it leaves, nobody can tell what is meant."""

import re

_DISCONTINUED = re.compile(
    r"\b(?:führen|verkaufen|vertreiben|haben)\b[^.;!?]{0,40}\b(?:nicht mehr(?: im (?:sortiment|programm|angebot))"
    r"|keine?n? [^.;!?]{0,25}mehr(?= ?(?:[.,;!]|$)))"
    r"|\b(?:führen|verkaufen|vertreiben)\b[^.;!?]{0,40}\bnicht mehr\b|\baus dem (?:sortiment|programm)\b"
    r"|\bno longer (?:\w+ )?(?:sell|stock|carry|offer|deal|in (?:our|the) (?:range|catalogue))|\b(?:do not"
    r"|don['\u2019]t|stopped) sell(?:ing)?\b"
    r"|\bdiscontinued\b|\bne (?:vend|fai|propos|référen)\w+ plus\b|\bplus (?:au|dans (?:notre|le)) catalogue\b"
    r"|\bretirée?s? (?:du|de la) (?:catalogue|vente|gamme)"
    r"|\bnon (?:vend|tratt|tenia)\w+ più\b|\bpiù (?:in|a) catalogo\b|\bfuori (?:catalogo|produzione)\b"
    r"|\bya no (?:vend|trabaj|ten)\w+|\bya no est[aá]\w* en (?:el )?catálogo|\bdescatalogad[oa]s?\b"
    r"|\b(?:verkopen|voeren)\b[^.;!?]{0,40}\bmeer\b|\buit het assortiment\b"
    r"|\bnie (?:sprzedajemy|prowadzimy|mamy) (?:już|w ofercie)\b|\bjuż nie (?:sprzedajemy|prowadzimy)\b|\b(?:z"
    r"|w) (?:naszej )?ofer(?:ty|cie)\b",
    re.IGNORECASE,
)


def is_discontinued(text: str) -> bool:
    """Whether a text says that a thing is sold no more: "we no longer sell cases"."""
    return _DISCONTINUED.search(text) is not None
