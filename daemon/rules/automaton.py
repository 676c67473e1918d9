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
        some = [_Part(patterns[start : start + _AT_ONCE]) for start in range(0, len(patterns), _AT_ONCE)]
        self._always = frozenset[str]().union(*(part.always for part in some))
        self._parts = [(part.filter.Match, part.within) for part in some if part.within]
        self._looks = {one: part.filter.re(place).search for part in some for place, one in enumerate(part.within)}

    def possible(self, text: str) -> Collection[str]:
        """The patterns that may be found in a text or in a part of it that blanks or its ends are beside."""
        plain = folded_text(text).encode("ascii")
        found = [within[one] for match, within in self._parts for one in match(plain) or ()]
        return self._always.union(found) if found else self._always

    def still_possible(self, patterns: Collection[str], part: str) -> Collection[str]:
        """Those of the patterns that are possible in a text which are so in a part of it."""
        plain = folded_text(part).encode("ascii")
        return {one for one in patterns if one in self._always or self._looks[one](plain)}


class _Part:
    """As many patterns as are looked for at once; `within` are in the filter, `always` those that it cannot hold."""

    def __init__(self, patterns: Sequence[str]) -> None:
        import re2  # noqa: PLC0415 - only where something is read

        self.filter = re2.Filter()
        self.within: list[str] = []
        options = _options()
        self.always = [one for one in patterns if not self._takes(one, options)]
        if not self._compiles(options):
            self.within, self.always = [], list(patterns)

    def _takes(self, pattern: str, options: "re2.Options") -> bool:
        import re2  # noqa: PLC0415

        try:
            self.filter.Add(folded_pattern(pattern), options)
        except (UnsureError, re2.error):
            return False
        self.within.append(pattern)
        return True

    def _compiles(self, options: "re2.Options") -> bool:
        """Whether all words fit into the memory: where they do not, nothing is found, not even the probe."""
        import re2  # noqa: PLC0415

        try:
            self._takes(_PROBE, options)
            self.filter.Compile()
        except re2.error:
            return False
        return self.filter.Match(_PROBE.encode()) is not None


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
