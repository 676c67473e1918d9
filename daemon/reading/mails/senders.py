"""Who a mail says it is from, read strictly, and what a trusted server said of that domain."""

import re

from daemon.domain.arrival import Verdict
from daemon.domain.values import Value
from daemon.reading.mails.headers import Headers, addresses, decode

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,64}"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDR_SPEC = re.compile(rf"{_ATOM}(?:\.{_ATOM}){{0,30}}@({_LABEL}(?:\.{_LABEL}){{1,10}})")
_ONCE = ("sender", "subject", "date", "message-id")
_METHOD = re.compile(r"\s*dmarc(?:\s*/\s*[0-9]+)?\s*=\s*([a-z]+)", re.IGNORECASE)
_HEADER_FROM = re.compile(r"header\.from\s*=\s*([^\s;]+)", re.IGNORECASE)


class Sender(Value, frozen=True, kw_only=True):
    address: str
    name: str = ""
    doubt: str | None = None


class _Pieces(Value, frozen=True, kw_only=True):
    plain: str
    """The field without comments and quoted strings, each of which leaves a sign."""
    aside: tuple[str, ...]
    broken: bool = False


def sender(headers: Headers) -> Sender:
    """The one mailbox of the one From field; anything a second reader could read otherwise is a doubt."""
    fields = headers.raw("from")
    best = _one_mailbox(fields[0]) if fields else Sender(address="", doubt="no_from_field")
    if len(fields) > 1:
        return Sender(address=best.address, name=best.name, doubt="several_from_fields")
    if any(len(headers.raw(name)) > 1 for name in _ONCE):
        return Sender(address=best.address, name=best.name, doubt=best.doubt or "duplicate_header_fields")
    return Sender(address=best.address, name=best.name, doubt=best.doubt or headers.broken)


def _one_mailbox(field: bytes) -> Sender:
    guess = addresses(decode(field))
    fallback = guess[-1] if guess else ""
    if b"\r" in field or b"\n" in field or b"\0" in field:
        return Sender(address=fallback, doubt="bare_newline")
    pieces = _pieces(field.decode("utf-8", "replace"))
    if pieces.broken:
        return Sender(address=fallback, doubt="malformed_from")
    phrase, address, trailing = _split(pieces.plain)
    # "Meyer, Rolf <rolf@…>": some programs leave away the quotes, and there is one address all the same.
    told = f"{address}{trailing}" if "@" not in phrase else pieces.plain
    if any(sign in pieces.plain for sign in ";:") or "," in told:
        return Sender(address=fallback, doubt="several_senders")
    name = decode(" ".join([phrase.replace("\1", ""), *pieces.aside]).encode()).strip()
    if not _ADDR_SPEC.fullmatch(address):
        return Sender(address=fallback, name=name, doubt="malformed_from")
    address = address.casefold()
    others = {one for one in addresses(name) if one != address}
    misleading = others or ("@" in name and address not in name.casefold()) or trailing
    return Sender(address=address, name=name, doubt="ambiguous_from" if misleading else None)


def _split(plain: str) -> tuple[str, str, str]:
    if "<" not in plain and ">" not in plain:
        return "", plain.replace("\2", "").strip(), ""
    phrase, _, rest = plain.partition("<")
    address, _, trailing = rest.partition(">")
    return phrase.replace("\2", "").strip(), address, trailing.replace("\2", "").strip()


def _pieces(text: str) -> _Pieces:
    plain: list[str] = []
    aside: list[str] = []
    place = 0
    while place < len(text):
        sign = text[place]
        if sign in '"(':
            content, place = _enclosed(text, place)
            if place < 0:
                return _Pieces(plain="", aside=(), broken=True)
            plain.append("\1" if sign == '"' else "\2")
            aside.append(content)
            continue
        if sign in "\\)" or (ord(sign) < ord(" ") and sign != "\t"):
            return _Pieces(plain="", aside=(), broken=True)
        plain.append(sign)
        place += 1
    return _Pieces(plain="".join(plain), aside=tuple(aside))


def _enclosed(text: str, start: int) -> tuple[str, int]:
    """The content of a quoted string or of a comment that holds no other, and where it ends; -1 when it does not."""
    closing = '"' if text[start] == '"' else ")"
    content: list[str] = []
    place = start + 1
    while place < len(text):
        sign = text[place]
        if sign == closing:
            return "".join(content), place + 1
        if sign == "(" and closing == ")":
            break
        if sign == "\\":
            place += 1
        content.append(text[place : place + 1])
        place += 1
    return "", -1


def verdict(headers: Headers, authserv_id: str | None, address: str) -> Verdict:
    """What the believed Authentication-Results say by DMARC of the domain of the parsed From (RFC 8601)."""
    domain = address.rpartition("@")[2].casefold()
    if not authserv_id or not domain:
        return Verdict.NONE
    results = [one for field in _believed(headers, authserv_id) for one in _dmarc(field, domain)]
    if Verdict.FAIL in results:
        return Verdict.FAIL
    return Verdict.PASS if Verdict.PASS in results else Verdict.NONE


def _believed(headers: Headers, authserv_id: str) -> list[str]:
    """The topmost field of that server, and those of it that follow directly: whatever a sender put in lies below."""
    believed: list[str] = []
    for name, value in headers.fields:
        if name != "authentication-results":
            if believed:
                break
            continue
        text = _without_comments(decode(value))
        if authserv_id == "topmost":
            return [text]
        words = text.partition(";")[0].split()
        if words and words[0].strip('"').casefold() == authserv_id.casefold():
            believed.append(text)
        elif believed:
            break
    return believed


def _dmarc(field: str, domain: str) -> list[Verdict]:
    results: list[Verdict] = []
    for part in field.split(";"):
        method = _METHOD.match(part)
        named = _HEADER_FROM.search(part)
        if not method or (named and named[1].strip('"').casefold() != domain):
            continue
        word = method[1].casefold()
        if word == "fail":
            results.append(Verdict.FAIL)
        elif word == "pass" and named:
            results.append(Verdict.PASS)
    return results


def _without_comments(text: str) -> str:
    kept: list[str] = []
    depth = 0
    quoted = False
    for sign in text:
        quoted = quoted != (sign == '"' and depth == 0)
        depth += sign == "(" and not quoted
        if depth == 0:
            kept.append(" " if quoted and sign in ";=" else sign)
        depth -= sign == ")" and not quoted and depth > 0
    return "".join(kept)
