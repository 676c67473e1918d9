"""Words that no vocabulary holds."""

from collections.abc import Callable, Sequence
from functools import lru_cache

import regex


def unknown_to(
    vocabularies: Sequence[str], words: Sequence[str], forms: Callable[[str], Sequence[str]] = lambda word: (word,)
) -> tuple[str, ...]:
    """Those of some words that the vocabulary does not hold which holds the most of them: a text has one language.

    `forms` are what a word may be looked for as.
    """
    left = [tuple(one for one in words if not holds(known, *forms(one))) for known in vocabularies]
    return min(left, key=len, default=tuple(words))


@lru_cache(maxsize=20_000)
def holds(vocabulary: str, *forms: str) -> bool:
    """Whether a vocabulary, written as one pattern, holds a word in one of its forms."""
    pattern = _compiled(vocabulary)
    return any(pattern.fullmatch(one) for one in forms)


@lru_cache(maxsize=64)
def _compiled(vocabulary: str) -> regex.Pattern[str]:
    return regex.compile(vocabulary, regex.IGNORECASE | regex.UNICODE)
