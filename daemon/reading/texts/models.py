"""Another model than was ordered: "the S21" where an S22 is wanted, "iPhone 12" for an iPhone 13, 256 GB for 128."""

import re
from collections.abc import Iterator

from daemon.domain.finding import Finding, Statement
from daemon.reading.texts.mentions import Known
from daemon.reading.texts.said import said_of_line

_SERIES = "iphone|ipad|galaxy|pixel|xperia|redmi|oneplus|fairphone|note|tab|watch"
# "S22", "A54": a letter and as many digits; "iPhone 13": a series and its number. "iPhone 1" and "iPhone 2" are none
# but the first and the second of several.
_MODEL = re.compile(
    rf"(?<![\w-])(?:(?P<letter>[a-z])(?P<number>[0-9]{{2}})|(?!iphones?\s[12](?![0-9]))(?P<series>{_SERIES})s?\s?(?P<edition>[0-9]{{1,2}}))"
    r"(?:s|er)?(?![\w.,-]*[0-9]|\s?(?:gb|go|tb|to|zoll|inch|mm|x|st[üu]ck|pcs|von|of)\b)"
)
# Series that are never half of another's name, as the Galaxy is of the Galaxy S22.
_BY_THEMSELVES = {"iphone", "pixel", "xperia", "redmi", "oneplus", "fairphone"}
# "TM 9004 1233 2 GB" is a parcel's number.
_STORAGE = re.compile(r"(?<![\w.,-])(?<![0-9]{4} )(?P<size>[0-9]{1,4})\s?(?P<unit>gb|go|tb|to)(?![\w-])")
_FRENCH = {"go": "gb", "to": "tb"}


def other_models(text: str, known: Known) -> list[Finding]:
    """What keeps a mail back that speaks of a model or a size of which none was ordered."""
    ours: dict[str, set[str]] = {}
    for kind, name in (one for title in known.names for one in _models(title)):
        ours.setdefault(kind, set()).add(name)
    strange = _BY_THEMSELVES - ours.keys() if ours.keys() - {"storage"} else set()
    for number, line in enumerate(text.split("\n"), start=1):
        if any(kind in strange or (kind in ours and name not in ours[kind]) for kind, name in _models(line)):
            return [said_of_line(number, line, Statement.UNCLEAR, "another-model")]
    return []


def _models(text: str) -> Iterator[tuple[str, str]]:
    small = text.lower()
    for one in _MODEL.finditer(small):
        yield (one["letter"] or one["series"]), (one["number"] or one["edition"])
    for one in _STORAGE.finditer(small):
        yield "storage", f"{one['size']} {_FRENCH.get(one['unit'], one['unit'])}"
