"""What a pattern cannot be found without, groups looked into: of each of several sets, one word or piece of a word."""

import re
from functools import lru_cache

from daemon.rules.literals import UnsureError, after_class, after_group, after_quantifier, escaped

Clauses = tuple[frozenset[str], ...]

_SHORTEST = 2
_PIECE = re.compile(r"\w+")
_MAY_BE_ABSENT = ("?", "*", "{")
_LOOKS = ("(?=", "(?!", "(?<=", "(?<!", "(?P=", "(?P>")
_OPENINGS = ("(?:", "(?>", "(?|")


@lru_cache(maxsize=4096)
def needed(pattern: str) -> Clauses:
    """Sets of folded pieces: one of each stands in some word of all that the pattern finds; no set when not sure."""
    try:
        return _Walk(pattern).alternatives()
    except UnsureError:
        return ()


class _Walk:
    """Walks through a pattern once."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._place = 0

    def alternatives(self) -> Clauses:
        """From here to the end of the group, or of the whole."""
        branches = [self._branch()]
        while self._pattern.startswith("|", self._place):
            self._place += 1
            branches.append(self._branch())
        return branches[0] if len(branches) == 1 else _either(branches)

    def _branch(self) -> Clauses:
        found: list[frozenset[str]] = []
        run = ""
        while self._place < len(self._pattern) and self._pattern[self._place] not in "|)":
            sign = self._pattern[self._place]
            sure = ""
            if sign == "(":
                found.extend(self._group())
            elif sign in "?*{":
                run = run[:-1]
                self._place = after_quantifier(self._pattern, self._place)
            else:
                sure = self._sign(sign)
            if sure:
                run += sure
            else:
                found.extend(_clause(run))
                run = ""
        return (*found, *_clause(run))

    def _sign(self, sign: str) -> str:
        """The sign that surely stands here, or nothing."""
        place = self._place
        if sign == "[":
            self._place = after_class(self._pattern, place)
            return ""
        self._place += 2 if sign == "\\" else 1
        if sign == "\\":
            return escaped(self._pattern, place)
        return "" if sign in ".^$+" else sign

    def _group(self) -> Clauses:
        end = after_group(self._pattern, self._place)
        inside: Clauses = ()
        if not self._pattern.startswith(_LOOKS, self._place):
            self._enter()
            inside = self.alternatives()
            if self._place != end - 1:
                raise UnsureError
        self._place = end
        return () if self._pattern.startswith(_MAY_BE_ABSENT, end) else inside

    def _enter(self) -> None:
        opening = self._pattern[self._place : self._place + 3]
        if opening in _OPENINGS:
            self._place += 3
        elif opening.startswith("(?"):
            self._place = self._pattern.find(">", self._place) + 1 or len(self._pattern)
        else:
            self._place += 1


def _clause(run: str) -> Clauses:
    pieces = _PIECE.findall(run.casefold())
    return tuple(frozenset({piece}) for piece in pieces if len(piece) >= _SHORTEST)


def _either(branches: list[Clauses]) -> Clauses:
    """One set for all branches, out of the most telling of each."""
    if not all(branches):
        return ()
    telling = [max(clauses, key=lambda clause: min(map(len, clause))) for clauses in branches]
    return (frozenset[str]().union(*telling),)
