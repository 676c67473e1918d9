"""Which things a sentence speaks of: what is said of the one does not hold for the other."""

import re

from daemon.domain.kinds import CASES, CHARGERS
from daemon.reading.texts.mentions import Known, title_mentions

_KINDS = {
    "phone": r"handy\w*|telefone?\w*|smartphones?|phones?|handsets?|mobiles?|iphones?|galax(?:y|ys|ies)|téléphones?"
    r"|portables?|móvil(?:es)?|teléfonos?|telefon[oiyuó]\w*|cellular[ei]|celular(?:es)?|smartfon\w*|komórk\w+|toestel(?:len)?"
    r"|telefoons?|mobieltjes?",
    "case": CASES,
    "charger": rf"{CHARGERS}|ladeadapter|adapters?|adapteurs?",
    "tablet": r"tablets?|ipads?|tablettes?|tabletas?|tabletów|tablet[yua]",
}
_KIND = re.compile("|".join(rf"(?P<{kind}>\b(?:{words})\b)" for kind, words in _KINDS.items()), re.IGNORECASE)
# "The rest", "the other one": whatever was not spoken of.
_REST = re.compile(
    r"\b(?:rest|(?:restlich|(?:ü|ue)brig|ander|zweit)e[nrsm]?|remaining|remainder|everything else|others?|second|reste"
    r"|autres?|resto|altr[oaie]|otr[oa]s?|reszt\w|pozostał\w+|drug(?:i|a|ie|ą)|inn[aey]|overige|tweede)\b",
    re.IGNORECASE,
)
REST = "the rest"


def things(sentence: str, known: Known) -> frozenset[str]:
    """The lines of the order and the kinds of articles that a sentence names, and `REST`."""
    named = {one.text for one in title_mentions(sentence.replace("\n", " "), 0, known)}
    named |= {match.lastgroup for match in _KIND.finditer(sentence) if match.lastgroup}
    return frozenset(named | ({REST} if _REST.search(sentence) else set()))
