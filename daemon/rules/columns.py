"""What senders call things in their languages: the names that every format may share."""

import unicodedata
from functools import lru_cache

import regex

from daemon.domain.values import Value

# ß becomes ss by casefolding, and other letters fall apart into a plain one and its accent.
_LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe"})
_NO_NAME = regex.compile(r"[\W_]+")
_HUMP = regex.compile(r"(?<=[a-z])(?=[A-Z])")
_JOINED = regex.compile(r"[\s_-]+")


@lru_cache(maxsize=16384)
def column_key(heading: str) -> str:
    """A heading without case, blanks, signs and accents, so that `Tracking-Nr.` and `tracking_nr` are the same."""
    composed = unicodedata.normalize("NFC", heading).casefold().translate(_LETTERS)
    plain = [sign for sign in unicodedata.normalize("NFKD", composed) if not unicodedata.combining(sign)]
    return str(_NO_NAME.sub("", "".join(plain)))


@lru_cache(maxsize=4096)
def plain_words(text: str) -> str:
    """Words in small letters with a blank between them, so that `PRE_TRANSIT` and `preTransit` are `pre transit`."""
    return str(_JOINED.sub(" ", _HUMP.sub(" ", text))).casefold().strip()


class Columns(Value, frozen=True, kw_only=True):
    """Names by field, phrases by meaning, words for yes, for what undoes or weakens a phrase, and for sums."""

    fields: dict[str, tuple[str, ...]] = {}
    words: dict[str, tuple[str, ...]] = {}
    meanings: dict[str, tuple[frozenset[str], ...]] = {}
    returns: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    no_pieces: tuple[str, ...] = ()
    remaining: tuple[str, ...] = ()
    loading: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    voids: tuple[str, ...] = ()
    former: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    in_parts: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()
    was: tuple[str, ...] = ()
    statuses: dict[str, tuple[str, ...]] = {}
    yes: frozenset[str] = frozenset()
    outgoing: frozenset[str] = frozenset()
    negations: frozenset[str] = frozenset()
    hedges: frozenset[str] = frozenset()
    apart: tuple[str, ...] = ()
    idle: frozenset[str] = frozenset()
    linking: frozenset[str] = frozenset()
    totals: tuple[str, ...] = ()
