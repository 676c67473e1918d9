"""What people call the plainest goods: a "Custodia" and a "Hoesje" are cases, whatever an article is called."""

import re

CASES = (
    r"\w*hüllen?|\w*huellen?|cases?|covers?|coques?|custodi[ae]|fundas?|carcasas?|etui|pokrow\w+|hoesjes?|hoes"
    r"|étuis?|housses?"
)
CHARGERS = (
    r"\w*netzteile?n?|\w*ladestecker\w*|\w*ladegerät\w*|\w*ladegeraet\w*|chargers?|chargeurs?"
    r"|caricator[ei]|caricabatterie|cargador(?:es)?|opladers?|laders?|ładowar\w+"
)
_CLEAR = (
    r"clear|klare?|durchsichtige?|transparente?s?|transparant|doorzichtige?|trasparent[ei]|transparents?"
    r"|przezroczyst\w+|przeźroczyst\w+"
)
KINDS = frozenset({"case", "charger"})

_KIND = re.compile(rf"(?P<case>{CASES})|(?P<charger>{CHARGERS})|(?P<clear>{_CLEAR})")
# "20W" and "128GB" are two words, "S22" is one; "Cell." is short for a longer one.
_WORD = re.compile(r"[^\W\d_]{3,}\.|[0-9]+(?=[^\W\d_])|[^\W_]+")


def plain_name(text: str) -> frozenset[str]:
    """The words of a title, or of what somebody calls an article, those for the same goods being the same."""
    return frozenset(map(_plain, _WORD.findall(text.casefold())))


def _plain(word: str) -> str:
    kind = _KIND.fullmatch(word.rstrip("."))
    return str(kind.lastgroup) if kind else word
