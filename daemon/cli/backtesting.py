"""What other rules would make of the arrivals that are kept."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from daemon.cli.call import Call, call_options
from daemon.cli.progress import Progress
from daemon.cli.tables import Labels, moment, plain
from daemon.domain.values import Json

_SHOWN = 50
_PARTS = ("decision", "findings", "changes", "sends", "reasons")


class Ago(click.ParamType[timedelta]):
    """A span of time back from now, such as `30d`."""

    name = "SPAN"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        from pydantic import TypeAdapter, ValidationError

        from daemon.config.kinds import Span

        try:
            return TypeAdapter(Span).validate_python(value)
        except ValidationError:
            self.fail(f"{value} is no span such as 30d or 12h", param, ctx)


@click.command("backtest")
@click.option("--since", type=Ago(), default="30d", show_default=True, help="How far back: 30d, 12h ...")
@click.option(
    "--rules",
    "folder",
    metavar="DIR",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder with other rules (default: the workspace's as they stand there).",
)
@call_options
def backtest_command(call: Call, since: timedelta, folder: Path | None) -> None:
    """Decide kept arrivals again, each against the state it was decided on; change nothing.

    Prints which would read differently, old and new side by side.
    """
    with call.house() as house:
        labels = Labels(house.saying.say)
        progress = Progress(labels("reading_again"), labels)
        view = house.backtest(since, folder.absolute() if folder else None, progress)
        call.answer(view, lambda view: _show(view, labels))


def _show(view: Json, labels: Labels) -> None:
    part = labels("part_of", part=view["different"], whole=view["tested"])
    click.secho(labels("read_differently", part=part, since=moment(view["since"])), bold=True)
    if view["not_kept"]:
        click.echo(labels("not_kept", count=view["not_kept"]))
    for one in view["differences"][:_SHOWN]:
        click.echo(f"\n{one['id']}  {moment(one['received_at'])}  {plain(one['source'])}: {plain(one['name'])}")
        if one["excerpt"]:
            click.echo(f"{labels('says')}  {plain(one['excerpt'])[:200]}")
        _side_by_side(one["old"], one["new"], labels)
    if (more := len(view["differences"]) - _SHOWN) > 0:
        click.echo(f"\n{labels('more_in_json', count=more)}")


def _side_by_side(old: Json, new: Json, labels: Labels) -> None:
    grid = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    grid.add_column("", no_wrap=True)
    grid.add_column(labels("old"), ratio=1, overflow="fold")
    grid.add_column(labels("new"), ratio=1, overflow="fold")
    names = labels.heads("decision", "found", "change", "sends", "because")
    for name, part in zip(names, _PARTS, strict=True):
        if old[part] != new[part]:
            grid.add_row(name, _lines(part, old[part], labels), _lines(part, new[part], labels))
    Console(soft_wrap=False).print(grid)


def _lines(part: str, value: Json, labels: Labels) -> Text:
    lines = [value] if isinstance(value, str) else value
    return Text("\n".join(plain(_said(part, one, labels)) for one in lines) or labels("nothing"))


def _said(part: str, one: str, labels: Labels) -> str:
    match part:
        case "decision":
            return labels.word(one)
        case "findings":
            kind, _, value = one.partition(": ")
            return labels.finding(kind, value)
        case "sends":
            return labels.mail(one)
        case _:
            return one
