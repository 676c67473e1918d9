"""The entries of a rule file, each still knowing where it stands, so that what is found wrong later has its line."""

from collections.abc import Iterator
from typing import Generic, TypeVar

from pydantic import BaseModel

from daemon.rules.mistakes import Lines, Mistake, Path
from daemon.rules.models import check
from daemon.rules.strict_yaml import read

M = TypeVar("M", bound=BaseModel)


class Placed(Generic[M]):
    """A checked entry with its place in its file."""

    def __init__(self, file: str, value: M, lines: Lines, at: Path) -> None:
        self.file = file
        self.value = value
        self._lines = lines
        self._at = at

    def line(self, *path: str | int) -> int:
        """The line of something inside the entry."""
        return self._lines.of((*self._at, *path))

    def mistake(self, problem: str, *path: str | int) -> Mistake:
        """A mistake at something inside the entry."""
        return Mistake(file=self.file, line=self.line(*path), problem=problem)


def entries(file: str, text: str, model: type[M]) -> tuple[list[Placed[M]], list[Mistake]]:
    """The entries of a file that holds one mapping or a list of them, and what is wrong with the others."""
    value, lines, read_wrong = read(file, text)
    mistakes = list(read_wrong)
    found: list[Placed[M]] = []
    for at, one in _each(value):
        entry, wrong = check(file, one, lines, model, at)
        mistakes.extend(wrong)
        if entry is not None:
            found.append(Placed(file, entry, lines, at))
    return found, mistakes


def _each(value: object) -> Iterator[tuple[Path, object]]:
    if isinstance(value, list):
        yield from (((place,), one) for place, one in enumerate(value))
    elif value is not None:
        yield (), value
