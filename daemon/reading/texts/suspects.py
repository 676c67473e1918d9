"""What only looks like an identifier: foreign digits, invisible signs, look-alike letters, spreadsheet damage."""

import re
import unicodedata

from daemon.domain.values import Value

_TOKEN = re.compile(r"\S{1,500}")
_DAMAGED = re.compile(r"(?<![0-9.,])[0-9](?:[.,][0-9]{1,15})?[eE]\+?[0-9]{2}(?![0-9A-Za-z])")
_FEWEST_DIGITS = 6
_DASHES = dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-")
_BLANKS = dict.fromkeys("\u00a0\u2007\u2008\u2009\u202f\u3000", " ")
_PLAIN = str.maketrans({**_DASHES, **_BLANKS})


class Suspect(Value, frozen=True, kw_only=True):
    start: int
    end: int
    code: str
    text: str
    characters: str = ""


def plain_line(line: str) -> str:
    """A line with every kind of blank and dash as the plain one; nothing else is smoothed over."""
    return line if line.isascii() else line.translate(_PLAIN)


def suspects(line: str) -> list[Suspect]:
    """Everything in a line that a person must look at before it may count as a number."""
    found = [
        Suspect(start=match.start(), end=match.end(), code="spreadsheet_damage", text=match.group())
        for match in _DAMAGED.finditer(line)
    ]
    return found if line.isascii() else found + _foreign(line)


def _foreign(line: str) -> list[Suspect]:
    found: list[Suspect] = []
    for match in _TOKEN.finditer(line):
        token = match.group()
        if token.isascii():
            continue
        digits = sum(unicodedata.category(sign) == "Nd" for sign in token)
        strange = [] if digits < _FEWEST_DIGITS else list(dict.fromkeys(sign for sign in token if _strange(sign)))
        if strange:
            points = ", ".join(f"U+{ord(sign):04X}" for sign in strange[:10])
            visible = token.encode("ascii", "replace").decode()
            found.append(
                Suspect(
                    start=match.start(), end=match.end(), code="suspect_characters", text=visible, characters=points
                )
            )
    return found


def _strange(sign: str) -> bool:
    """Invisible signs, digits and letters of other scripts; umlauts and typographic quotes are ordinary."""
    if sign.isascii():
        return False
    kind = unicodedata.category(sign)
    if kind in {"Cf", "Cc", "Nd", "Nl", "No", "Mn"}:
        return True
    return kind.startswith("L") and not unicodedata.name(sign, "").startswith("LATIN")
