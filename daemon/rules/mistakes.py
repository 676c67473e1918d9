"""A mistake in a file that a person wrote, with the line where he finds it."""

from daemon.errors import Mistake

__all__ = ["Lines", "Mistake", "Path"]


Path = tuple[str | int, ...]
"""The way to a value through keys and positions."""


class Lines:
    """Where each value of a file stands, and how its plain numbers were written, by path."""

    def __init__(self) -> None:
        self._lines: dict[Path, int] = {(): 1}
        self._written: dict[Path, str] = {}

    def note(self, path: Path, line: int, written: str | None = None) -> None:
        self._lines[path] = line
        if written is not None:
            self._written[path] = written

    def __contains__(self, path: Path) -> bool:
        return path in self._lines

    def of(self, path: Path) -> int:
        """The line of a path, or of the nearest value around it."""
        while path not in self._lines:
            path = path[:-1]
        return self._lines[path]

    def written(self, path: Path) -> str | None:
        """The text of a plain number, as it was written."""
        return self._written.get(path)
