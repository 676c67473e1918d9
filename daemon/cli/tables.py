"""Lists and facts as people read them, within 80 columns and without anything that could steer a terminal."""

import os
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, tzinfo
from shutil import get_terminal_size
from textwrap import fill
from typing import TYPE_CHECKING

import click

from daemon.domain.reason import Reason
from daemon.domain.values import Json

if TYPE_CHECKING:
    from rich.table import Table

_WIDEST = 120
_LABEL = "label_"
_MAIL_KEY = re.compile(r"(?!cli:)[a-z-]+:\S+")


def plain(value: Json) -> str:
    """One line of text; control characters that a stranger wrote must not reach the terminal."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(plain(one) for one in value)
    blank = "".join(sign if sign.isprintable() else " " for sign in str(value))
    return " ".join(blank.split())


def moment(value: Json, zone: tzinfo | None = None) -> str:
    """A time to the minute, in a zone, or else in the offset it came with."""
    return f"{datetime.fromisoformat(value).astimezone(zone or _own(value)):%Y-%m-%d %H:%M}" if value else ""


def _own(value: Json) -> tzinfo | None:
    return datetime.fromisoformat(value).tzinfo


class Labels:
    """What stands before and above what is shown, in the operator's language: `label_NAME` in `templates/reasons`."""

    def __init__(self, say: Callable[[Reason], str]) -> None:
        self._say = say

    def __call__(self, label: str, /, **values: Json) -> str:
        written = {name: str(value) for name, value in values.items()}
        said = self._say(Reason(code=f"{_LABEL}{label}", values=written))
        # A workspace may be older than the label.
        return said.removeprefix(_LABEL).replace("_", " ") if said.startswith(_LABEL) else said

    def word(self, value: str) -> str:
        """A value in words."""
        return self._say(Reason(code=f"word_{value}"))

    def heads(self, *names: str) -> list[str]:
        return [self(name) for name in names]

    def facts(self, pairs: Iterable[tuple[str, Json]]) -> None:
        """Named values below each other, their names in words."""
        facts((self(name), value) for name, value in pairs)

    def mail(self, sent: str) -> str:
        """One of the mails that a decision sends, as its views name it: `TEMPLATE to ADDRESS`."""
        template, _, to = sent.partition(" to ")
        return self("mail_to", template=template, to=to)

    def finding(self, kind: str, value: Json) -> str:
        """What was found, in words as far as it is one of ours."""
        return self("finding", kind=kind, value=plain(value)).removesuffix("?").rstrip()

    def is_so(self, value: Json) -> str:
        return self("yes" if value else "no")


def times_in(zone: tzinfo, labels: Labels) -> None:
    """Say whose clock the times above are by."""
    click.echo(labels("times", zone=zone))


def table(columns: Sequence[str], rows: Iterable[Sequence[str]], empty: str) -> None:
    """A list to stdout: the first column whole, the others folded where the terminal ends."""
    from rich.table import Table
    from rich.text import Text

    grid = Table(box=None, pad_edge=False, header_style="bold")
    for place, name in enumerate(columns):
        grid.add_column(name, no_wrap=place == 0, overflow="fold")
    for row in rows:
        grid.add_row(*(Text(plain(cell)) for cell in row))
    if grid.row_count:
        _print(grid)
    else:
        click.echo(empty)


def _print(grid: "Table") -> None:
    """Without the blanks that fill each line up, which a pipe or a search would trip over."""
    from rich.console import Console

    console = Console(soft_wrap=False)
    with console.capture() as captured:
        console.print(grid)
    for line in captured.get().splitlines():
        click.echo(line.rstrip())


def paint(text: str) -> str:
    """Marked text: in colour in a terminal that wants it, else between arrows."""
    return click.style(text, fg="yellow", bold=True) if _in_colour() else f"»{text}«"


def _in_colour() -> bool:
    """NO_COLOR is for everybody who does not want it (no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def wrapped(text: str, label: str) -> str:
    """One fact after its label, folded under itself where the terminal ends; a link or a path stays whole."""
    width = min(get_terminal_size().columns, _WIDEST)
    indent = " " * len(label)
    return (
        fill(
            text, width, initial_indent=label, subsequent_indent=indent, break_on_hyphens=False, break_long_words=False
        )
        or label.rstrip()
    )


def remark(text: str, label: str = "") -> None:
    """A word beside the answer, to stderr."""
    click.echo(wrapped(text, label), err=True)


def letter(text: str, label: str = "") -> None:
    """The text of a mail, each of its lines behind the label and its own leading blanks or marks."""
    for line in text.splitlines():
        lead = line[: len(line) - len(line.lstrip(" |>"))]
        click.echo(wrapped(plain(line[len(lead) :]), f"{label}{lead}"))


def facts(pairs: Iterable[tuple[str, Json]]) -> None:
    """Named values below each other, the empty ones left out."""
    from rich.table import Table
    from rich.text import Text

    grid = Table(box=None, pad_edge=False, show_header=False)
    grid.add_column(no_wrap=True, style="bold")
    grid.add_column(overflow="fold")
    for name, value in pairs:
        if said := plain(value):
            grid.add_row(name, Text(said))
    _print(grid)


def history(entries: Json, labels: Labels, zone: tzinfo | None = None) -> None:
    """The history of an order or inquiry, oldest first; its times in a zone, or else as they came."""
    rows = [(moment(one["at"], zone), one["what"], _cause(one["because"])) for one in entries]
    table(labels.heads("at", "what", "because"), rows, labels("nothing_happened"))


def _cause(because: str) -> str:
    """An arrival, a clock or a person; what a mail of ours is kept under tells a reader nothing."""
    return "" if _MAIL_KEY.fullmatch(because) else because
