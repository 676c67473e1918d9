"""How many parcels a mail counts ("Paket 1 von 2", "box 1/2"): one that has no number may hold anything."""

import re
from collections.abc import Iterator, Sequence

from daemon.domain.finding import Finding, Parcel, Statement
from daemon.reading.texts.said import said_of_line

_PARCEL = (
    r"pakete?n?|päckchen|sendung(?:en)?|karton\w*|packstücke?|colli|parcels?|packages?|box(?:es)?|colis|paczk\w+|przesyłk\w+"
    r"|pacc\w+|coll[oi]|paquetes?|bultos?|pakket\w*|dozen|doos"
)
_OF = r"(?:\s(?:von|of|sur|de|z|ze|di|su|van)\s|\s?/\s?)"
_COUNTED = re.compile(
    rf"(?:\b(?:{_PARCEL})\s(?:nr\.?\s)?|\()([1-9]){_OF}([2-9])(?![0-9./])"
    rf"|(?<![0-9./])([1-9]){_OF}([2-9])\s(?:{_PARCEL})\b"
    r"|^\s*([1-9])\s?/\s?([2-9])(?=\s?[:)=-]\s)",
    re.IGNORECASE,
)
# "In two parcels": so many numbers must there be.
_TWO = r"zwei(?:en)?|two|deux|dwie|dwóch|due|dos|twee"
_THREE = r"drei(?:en)?|three|trois|trzy|trzech|tre|tres|drie"
_SEVERAL = re.compile(
    rf"\b(?:(?P<two>2|{_TWO})|(?P<three>3|{_THREE}))\s(?:[^\W\d_]{{3,12}}\s)?(?:{_PARCEL})\b", re.IGNORECASE
)


def parcels_missing(text: str, values: Sequence[Finding]) -> list[Finding]:
    """What keeps the numbers of a mail back that counts more parcels than it has numbers for."""
    numbers = {one.number for one in values if isinstance(one, Parcel)}
    if not numbers:
        return []
    for number, line in enumerate(text.split("\n"), start=1):
        if max(_counts(line), default=0) > len(numbers):
            return [said_of_line(number, line, Statement.PARTIAL, "parcel-of-several")]
    return []


def _counts(line: str) -> Iterator[int]:
    """How many parcels a line speaks of."""
    yield from (int(one[2] or one[4] or one[6]) for one in _COUNTED.finditer(line))
    yield from (2 if one["two"] else 3 for one in _SEVERAL.finditer(line))
