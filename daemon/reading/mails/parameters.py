"""The parameters of a Content-Type or Content-Disposition field, with RFC 2231's pieces and charsets put together."""

import re
from urllib.parse import unquote_to_bytes

from daemon.domain.values import Value
from daemon.reading.mails.headers import decode, decode_bytes

PARAMETERS_AT_MOST = 50

_TYPE = re.compile(r"\s*([A-Za-z0-9!#$&^_.+-]{1,100}(?:/[A-Za-z0-9!#$&^_.+-]{1,100})?)")
_PARAMETER = re.compile(r';\s*([^\s=;*"]{1,60})(\*[0-9]{1,2})?(\*)?\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;]*))', re.DOTALL)


class Described(Value, frozen=True, kw_only=True):
    """`kind` is the media type or the disposition in lower case, empty when the field says nothing readable."""

    kind: str
    parameters: dict[str, str]

    def get(self, name: str) -> str:
        return self.parameters.get(name, "")


NOTHING = Described(kind="", parameters={})


def described(field: bytes) -> Described:
    """A field's first word and its parameters, names in lower case."""
    text = decode(field)
    found = _TYPE.match(text)
    if not found:
        return NOTHING
    if ";" not in text:
        return Described(kind=found[1].lower(), parameters={})
    return Described(kind=found[1].lower(), parameters=_parameters(text))


def _parameters(text: str) -> dict[str, str]:
    whole: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[bool, str]]] = {}
    for count, (name, number, star, quoted, bare) in enumerate(_PARAMETER.findall(text)):
        if count == PARAMETERS_AT_MOST:
            break
        value = quoted.replace("\\", "") if quoted else bare
        if number or star:
            pieces.setdefault(name.lower(), {}).setdefault(int(number[1:] or 0), (bool(star), value))
        else:
            whole.setdefault(name.lower(), value)
    return whole | {name: _joined(found) for name, found in pieces.items()}


def _joined(pieces: dict[int, tuple[bool, str]]) -> str:
    """The pieces in order; an encoded first one begins with its charset and language."""
    charset, data = "", b""
    for number, (encoded, value) in sorted(pieces.items()):
        rest = value
        if encoded and number == min(pieces) and value.count("'") > 1:
            charset, _, rest = value.split("'", 2)
        data += unquote_to_bytes(rest) if encoded else rest.encode("utf-8", "replace")
    return decode_bytes(data, charset or "utf-8")
