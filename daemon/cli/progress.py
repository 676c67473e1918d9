"""How far a long command has come, on stderr: one line that counts up in a terminal, one now and then elsewhere."""

import sys
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

import click

from daemon.cli.tables import Labels

T = TypeVar("T")

_SECONDS = 5.0
_FEW = 10


class Progress:
    """`doing` is what is done, as in `releasing`."""

    def __init__(self, doing: str, labels: Labels) -> None:
        self._doing = doing
        self._labels = labels
        self._live = sys.stderr.isatty()
        self._said = time.monotonic()

    def __call__(self, done: int, total: int) -> None:
        if total < _FEW:
            return
        said = f"{self._doing}: {self._labels('part_of', part=done, whole=total)}"
        if self._live:
            click.echo(f"\r{said}", err=True, nl=done == total)
        elif done == total or time.monotonic() - self._said > _SECONDS:
            self._said = time.monotonic()
            click.echo(said, err=True)

    def over(self, items: Iterable[T], total: int) -> Iterator[T]:
        """The items, counted as they come."""
        for done, item in enumerate(items, start=1):
            self(done, total)
            yield item
