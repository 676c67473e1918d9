"""Carriers: which number is whose, and where it can be followed in which language."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache, partial
from urllib.parse import quote

import regex

from daemon.domain.checksums import CHECKS
from daemon.domain.identifiers import TrackingNumber
from daemon.domain.values import Value

# Blanks, hyphens and dots group a number for the eye; zero-width and soft-hyphen signs come with copied text.
_GROUPING = "-._\u2010\u2011\u2012\u2013\u2014\u2212\u00ad\u200b\u200c\u200d\u2060\ufeff"
_UNGROUPED = str.maketrans("", "", _GROUPING)
_SOUND = re.compile(r"[0-9A-Z%]+")
_LONGEST = 40
_PATIENCE = 0.02
# What is repeated as a whole, or so many choices that even a number of 40 signs can be parted in too many ways.
_MAY_TAKE_LONG = re.compile(r"\)[*+?{]|(?:[*+?}|].*){5}", re.DOTALL)


class NumberForm(Value, frozen=True, kw_only=True):
    """`check` names a check digit of `domain.checksums`; `alone` says that the form by itself may identify the carrier.

    `lead` are leading signs that spreadsheets lose; they are put back where the check digit then confirms it.
    """

    pattern: str
    check: str = "none"
    alone: bool = False
    lead: str = ""


class Carrier(Value, frozen=True, kw_only=True):
    """`links` are keyed by a language-country tag, a language, or `*`."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    called: tuple[str, ...] = ()
    numbers: tuple[NumberForm, ...] = ()
    hosts: tuple[str, ...] = ()
    links: dict[str, str] = {}


class Recognition(Value, frozen=True, kw_only=True):
    """`code` is a reason of the catalogue when the number may not be taken; `candidates` are ids of carriers.

    `sure`: the form by itself identifies the carrier.
    """

    number: TrackingNumber
    carrier: Carrier | None = None
    ok: bool = False
    sure: bool = False
    code: str | None = None
    candidates: tuple[str, ...] = ()


class _Match(Value, frozen=True, kw_only=True):
    number: str
    right: bool
    alone: bool
    checked: bool


def normalised(number: str) -> str:
    """A number as carriers print it to machines: without blanks, hyphens and dots, in capitals."""
    if number.isalnum():
        return number.upper()
    return "".join(number.translate(_UNGROUPED).split()).upper()


def _is_sound(plain: str) -> bool:
    """Whether a normalised number is made of signs that numbers are made of."""
    return len(plain) <= _LONGEST and ((plain.isascii() and plain.isalnum()) or _SOUND.fullmatch(plain) is not None)


def recognise(
    number: str, carriers: Sequence[Carrier], declared: str | None, host: str | None, *, labelled: bool = False
) -> Recognition:
    """Whose number it is: the declared carrier first, then a link's host, then the form, alone or beside a label.

    A check digit that fails, a number that is another carrier's, or one that several could own is never guessed at.
    """
    plain = normalised(number)
    if not _is_sound(plain):
        return _refused(plain, "suspect_characters")
    named = carrier_named(declared, carriers) if declared and declared.strip() else None
    if declared and declared.strip() and named is None:
        return _refused(plain, "carrier_unknown")
    hosted = _carrier_of_host(host, carriers)
    if named and hosted and named.id != hosted.id:
        return _refused(plain, "carrier_mismatch", (named, hosted))
    known = named or hosted
    return _of_carrier(plain, known, carriers) if known else _by_form(plain, carriers, labelled=labelled)


def recognise_of(number: str, carrier: Carrier, carriers: Sequence[Carrier]) -> Recognition:
    """What is to be made of a number whose carrier is known already, as for every row of a long table."""
    plain = normalised(number)
    if not _is_sound(plain):
        return _refused(plain, "suspect_characters")
    return _of_carrier(plain, carrier, carriers)


def carrier_named(text: str, carriers: Sequence[Carrier]) -> Carrier | None:
    """The one carrier that a text names by id, name or alias: as a whole, or as words in it ("DHL Paket national").

    A longer name wins over one that is part of it: "DHL Express" does not name DHL.
    """
    words = f" {words_of(text)} "
    named = {name: carrier for carrier in carriers for name in _names(carrier) if f" {name} " in words}
    within = {name for name in named for other in named if name != other and f" {name} " in f" {other} "}
    found = {named[name].id: named[name] for name in named if name not in within or _apart(name, named, words)}
    return next(iter(found.values())) if len(found) == 1 else None


def _apart(name: str, named: Iterable[str], words: str) -> bool:
    """Whether a name also stands by itself, outside the longer names that hold it."""
    for other in named:
        if name != other and f" {name} " in f" {other} ":
            words = words.replace(f" {other} ", " ")
    return f" {name} " in words


def tracking_url(carrier: Carrier, number: str, market: str) -> str | None:
    """Where the number can be followed: in the market's own tag, its language, English, or whatever there is (`*`)."""
    found = _link(carrier, market)
    return found[1].replace("{number}", quote(number, safe="")) if found else None


def link_language(carrier: Carrier, market: str) -> str | None:
    """The language of the page behind the link; `*` where the carrier has one page for all, None without a link."""
    found = _link(carrier, market)
    return found[0].partition("-")[0] if found else None


def _link(carrier: Carrier, market: str) -> tuple[str, str] | None:
    links = {key.casefold(): link for key, link in carrier.links.items()}
    tag = market.replace("_", "-").casefold()
    return next(((key, links[key]) for key in (tag, tag.partition("-")[0], "en", "*") if key in links), None)


def matches(form: NumberForm, number: str) -> bool:
    """Whether a normalised number has this form and its check digit is right."""
    found = _match(form, number)
    return found is not None and found.right


def tells_itself(number: str, carrier: Carrier) -> bool:
    """Whether a number of a carrier has a right check digit, or letters, so that it is hardly something else."""
    plain = normalised(number)
    forms = [form for form in carrier.numbers if matches(form, plain)]
    return any(form.check != "none" for form in forms) or (bool(forms) and not plain.isdigit())


def _of_carrier(number: str, carrier: Carrier, carriers: Sequence[Carrier]) -> Recognition:
    """What is to be made of a number that is said to be this carrier's."""
    found = _best(carrier, number)
    if found and found.right:
        return Recognition(number=TrackingNumber(found.number), carrier=carrier, ok=True, sure=found.alone)
    others = [other for other in _owners(number, carriers) if other.id != carrier.id]
    if others:
        return _refused(number, "carrier_mismatch", (carrier, *others), carrier)
    return _refused(number, "check_digit_wrong" if found else "number_unknown_form", (carrier,), carrier)


def _by_form(number: str, carriers: Sequence[Carrier], *, labelled: bool) -> Recognition:
    """What is to be made of a number of which nobody said whose it is."""
    formed = [(carrier, found) for carrier in carriers if (found := _best(carrier, number))]
    right = [(carrier, found) for carrier, found in formed if found.right]
    # A form that identifies its carrier is not put in doubt by one that any number of that length has.
    telling = [(carrier, found) for carrier, found in right if found.alone or found.checked] or right
    carrier, found = telling[0] if len(telling) == 1 else (None, None)
    # A form without a check digit is none of a number that has another's, mistyped.
    only = len(right) == 1 and found and (found.checked or len(formed) == 1)
    if found and (found.alone or (labelled and only)):
        return Recognition(number=TrackingNumber(found.number), carrier=carrier, ok=True, sure=found.alone)
    if right:
        return _refused(number, "carrier_ambiguous", tuple(carrier for carrier, _ in right))
    if formed:
        return _refused(number, "check_digit_wrong", tuple(carrier for carrier, _ in formed))
    return _refused(number, "number_unknown_form")


def _owners(number: str, carriers: Sequence[Carrier]) -> list[Carrier]:
    """The carriers whose form the number has so surely that it identifies them."""
    found = [(carrier, _best(carrier, number)) for carrier in carriers]
    return [carrier for carrier, match in found if match and match.right and match.alone]


def _best(carrier: Carrier, number: str) -> _Match | None:
    best: _Match | None = None
    for form in carrier.numbers:
        found = _match(form, number)
        if found and (best is None or (found.right, found.alone) > (best.right, best.alone)):
            best = found
            if best.right and best.alone:
                break
    return best


def _match(form: NumberForm, number: str) -> _Match | None:
    if _formed(form, number):
        return _Match(number=number, right=_checked(form, number), alone=form.alone, checked=form.check != "none")
    whole = form.lead + number
    if form.lead and _formed(form, whole) and _checked(form, whole):
        return _Match(number=whole, right=True, alone=form.alone, checked=True)
    return None


def _formed(form: NumberForm, number: str) -> bool:
    try:
        return _compiled(form.pattern)(number) is not None
    except TimeoutError:
        return False


def _checked(form: NumberForm, number: str) -> bool:
    try:
        return CHECKS[form.check](number)
    except (ValueError, IndexError):  # the form lets signs or lengths through that its check digit cannot have
        return False


def _carrier_of_host(host: str | None, carriers: Sequence[Carrier]) -> Carrier | None:
    """By the exact host: `dhl.de.example` is not `dhl.de`."""
    exact = host.strip().rstrip(".").casefold() if host else ""
    return next((carrier for carrier in carriers if exact and exact in carrier.hosts), None)


def _refused(
    number: str, code: str, candidates: tuple[Carrier, ...] = (), carrier: Carrier | None = None
) -> Recognition:
    ids = tuple(candidate.id for candidate in candidates)
    return Recognition(number=TrackingNumber(number), carrier=carrier, code=code, candidates=ids)


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> Callable[[str], "regex.Match[str] | None"]:
    """Whether a number is written so. A watch costs more than matching, and a simple pattern needs none."""
    fullmatch = regex.compile(pattern, regex.ASCII).fullmatch
    return partial(fullmatch, timeout=_PATIENCE) if _MAY_TAKE_LONG.search(pattern) else fullmatch


def words_of(text: str) -> str:
    """The words of a name, folded for comparison."""
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold()))


def _names(carrier: Carrier) -> frozenset[str]:
    return _all_names((carrier.id, carrier.name, *carrier.aliases))


@lru_cache(maxsize=1024)
def _all_names(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(words_of(name) for name in names)
