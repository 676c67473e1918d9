"""One look for many patterns at once, in a time that no pattern can draw out."""

import re
from collections.abc import Collection, Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from daemon.rules.folding import folded_pattern, folded_text
from daemon.rules.literals import UnsureError

if TYPE_CHECKING:
    import re2

_MEMORY = 64 * 1024 * 1024


class Automaton:
    """Knows which patterns may be found in a text; those that it cannot hold always may."""

    def __init__(self, patterns: Sequence[str]) -> None:
        self._every = frozenset(patterns)
        # Found in every text: that nothing at all is found tells that the automaton ran out of memory.
        self._within = [""]
        self._set = _empty_set()
        self._set.Add("")
        self._always = frozenset(one for one in patterns if not self._takes(one))
        self._sound = self._compiles()

    def possible(self, text: str) -> Collection[str]:
        found = self._set.Match(folded_text(text).encode("ascii")) if self._sound else None
        if not found:
            return self._every
        if len(found) == 1:
            return self._always
        return {self._within[one] for one in found if one} | self._always

    def _takes(self, pattern: str) -> bool:
        import re2  # noqa: PLC0415

        try:
            self._set.Add(folded_pattern(pattern))
        except (UnsureError, re2.error):
            return False
        self._within.append(pattern)
        return True

    def _compiles(self) -> bool:
        import re2  # noqa: PLC0415

        try:
            self._set.Compile()
        except re2.error:  # more patterns than the memory holds
            return False
        return True


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


def _empty_set() -> "re2.Set":
    import re2  # noqa: PLC0415 - only where something is read

    options = re2.Options()
    options.case_sensitive = False
    options.encoding = re2.Options.Encoding.LATIN1
    options.log_errors = False
    options.max_mem = _MEMORY
    options.never_capture = True
    return re2.Set.SearchSet(options)
