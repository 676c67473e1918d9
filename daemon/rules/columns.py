"""What senders call things in their languages: the names that every format may share."""

import unicodedata
from functools import lru_cache
from typing import Any

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


class HeadingWords(Value, frozen=True, kw_only=True):
    """Words that tell headings, cells and rows of every format that uses the shared names (see `Format`)."""

    words: dict[str, tuple[str, ...]] = {}
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
    apart: tuple[str, ...] = ()
    yes: frozenset[str] = frozenset()
    outgoing: frozenset[str] = frozenset()
    incoming: frozenset[str] = frozenset()
    turns: tuple[str, ...] = ()
    extras: tuple[str, ...] = ()
    slips: tuple[str, ...] = ()
    negations: frozenset[str] = frozenset()
    hedges: frozenset[str] = frozenset()
    idle: frozenset[str] = frozenset()
    linking: frozenset[str] = frozenset()
    totals: frozenset[str] = frozenset()


class Columns(HeadingWords, frozen=True, kw_only=True):
    """The shared names: headings by field, word by word by meaning, and phrases of status cells by what they mean."""

    fields: dict[str, tuple[str, ...]] = {}
    meanings: dict[str, tuple[frozenset[str], ...]] = {}
    statuses: dict[str, tuple[str, ...]] = {}


def words_of(holder: object) -> dict[str, Any]:
    """The heading words of shared names, or of the file that holds them, as arguments for whoever has them too."""
    return {name: getattr(holder, name) for name in HeadingWords.__struct_fields__}
