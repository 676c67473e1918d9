"""One look for many patterns at once, in a time that no pattern can draw out."""

import re
from collections.abc import Collection, Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from daemon.rules.folding import folded_pattern, folded_text
from daemon.rules.literals import UnsureError

if TYPE_CHECKING:
    import re2

_MEMORY = 4 << 20
"""For one pattern, in bytes; one that needs more is always asked."""
_AT_ONCE = 500
"""Patterns whose words surely fit into what the engine grants them, which is 8 MiB and cannot be set."""
# Stands in no text that people write; it may be found like any other pattern.
_PROBE = "\x7f"


class Automaton:
    """Knows which patterns may be found in a text; those that it cannot hold always may.

    The words that patterns cannot do without are looked for all at once, and then only the patterns that have theirs.
    One automaton of all patterns would be slower by far: every new text leads it to states that it has yet to build.
    """

    def __init__(self, patterns: Sequence[str]) -> None:
        self._parts = [_Part(patterns[start : start + _AT_ONCE]) for start in range(0, len(patterns), _AT_ONCE)]

    def possible(self, text: str) -> Collection[str]:
        plain = folded_text(text).encode("ascii")
        return frozenset[str]().union(*(part.possible(plain) for part in self._parts))


class _Part:
    """As many patterns as are looked for at once."""

    def __init__(self, patterns: Sequence[str]) -> None:
        import re2  # noqa: PLC0415 - only where something is read

        self._every = frozenset(patterns)
        self._filter = re2.Filter()
        self._options = _options()
        self._within: list[str] = []
        self._always = frozenset(one for one in patterns if not self._takes(one))
        self._sound = self._compiles()

    def possible(self, plain: bytes) -> Collection[str]:
        if not self._sound:
            return self._every
        found = self._filter.Match(plain)
        return self._always.union(self._within[one] for one in found) if found else self._always

    def _takes(self, pattern: str) -> bool:
        import re2  # noqa: PLC0415

        try:
            self._filter.Add(folded_pattern(pattern), self._options)
        except (UnsureError, re2.error):
            return False
        self._within.append(pattern)
        return True

    def _compiles(self) -> bool:
        """Whether all words fit into the memory: where they do not, nothing is found, not even the probe."""
        import re2  # noqa: PLC0415

        try:
            self._takes(_PROBE)
            self._filter.Compile()
        except re2.error:
            return False
        return self._filter.Match(_PROBE.encode()) is not None


class Quick:
    """A pattern of our own for lines that rarely hold it: run only where an automaton says that it may be found."""

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self._pattern = re.compile(pattern, flags)

    @cached_property
    def _automaton(self) -> Automaton:
        return Automaton([self._pattern.pattern])

    def finditer(self, text: str) -> Iterable[re.Match[str]]:
        return self._pattern.finditer(text) if self._automaton.possible(text) else ()

    def search(self, text: str) -> re.Match[str] | None:
        return self._pattern.search(text) if self._automaton.possible(text) else None


def _options() -> "re2.Options":
    import re2  # noqa: PLC0415

    options = re2.Options()
    options.case_sensitive = False
    options.encoding = re2.Options.Encoding.LATIN1
    options.log_errors = False
    options.max_mem = _MEMORY
    options.never_capture = True
    return options
