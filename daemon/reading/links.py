"""Links that a mail server rewrote, unwrapped without asking anybody: SafeLinks, Proofpoint, Barracuda, Google."""

import base64
import binascii
import re
from collections.abc import Callable
from itertools import islice
from urllib.parse import parse_qs, unquote, urlsplit

LINK_AT_MOST = 4000
LAYERS_AT_MOST = 3

_LINK = re.compile(r"https?://[^\s<>\"]{1,4000}", re.IGNORECASE)
_RUN = re.compile(r"\*(\*.)?")
_V2 = str.maketrans("-_", "%/")
_LENGTHS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def unwrapped_links(text: str) -> str:
    """The text with each rewritten link as its writer had set it."""
    if not any(host in text for host in _HOSTS):
        return text
    return _LINK.sub(lambda found: unwrapped(found.group()), text)


def unwrapped(link: str) -> str:
    """Where a link leads in the end, as far as it says so itself."""
    for _ in range(LAYERS_AT_MOST):
        inner = _inner(link[:LINK_AT_MOST])
        if not inner.lower().startswith(("http://", "https://")):
            return link
        link = inner
    return link


def host_of(link: str) -> str | None:
    """The host of a link that hides nothing: no user, no port, plain letters."""
    try:
        parts = urlsplit(link)
        plain = parts.scheme in {"http", "https"} and parts.netloc.isascii() and parts.port is None
    except ValueError:  # brackets that hold no address, a port that is no number
        return None
    return parts.netloc.casefold().rstrip(".") if plain and "@" not in parts.netloc and "\\" not in link else None


def _inner(link: str) -> str:
    try:
        parts = urlsplit(link)
        host = (parts.hostname or "").lower()
        reader = next((read for name, read in _HOSTS.items() if host == name or host.endswith(f".{name}")), None)
        return reader(link) if reader else ""
    except (ValueError, binascii.Error):
        return ""


def _parameter(name: str) -> Callable[[str], str]:
    def read(link: str) -> str:
        query = urlsplit(link).query.replace("&amp;", "&")
        return parse_qs(query, max_num_fields=50).get(name, [""])[0]

    return read


def _proofpoint(link: str) -> str:
    if "/v3/" in link:
        return _third(link)
    encoded = _parameter("u")(link)
    return unquote(encoded.translate(_V2)) if "/v2/" in link else encoded


def _third(link: str) -> str:
    """Version 3 keeps the link but for some signs, which stand base64-encoded behind it."""
    wrapped, ends, rest = link.partition("/v3/__")[2].partition("__;")
    if not ends:
        return ""
    encoded = rest.partition("!")[0]
    signs = iter(base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)).decode("utf-8"))

    def put_back(run: re.Match[str]) -> str:
        count = _LENGTHS.index(run[1][1]) + 2 if run[1] else 1
        return "".join(islice(signs, count))

    return _RUN.sub(put_back, re.sub(r"^(https?):/(?!/)", r"\1://", wrapped))


_HOSTS: dict[str, Callable[[str], str]] = {
    "safelinks.protection.outlook.com": _parameter("url"),
    "urldefense.proofpoint.com": _proofpoint,
    "urldefense.com": _proofpoint,
    "linkprotect.cudasvc.com": _parameter("a"),
    "www.google.com": _parameter("q"),
}
