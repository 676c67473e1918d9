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
from daemon.cli.tables import moment, plain
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
        view = house.backtest(since, folder.absolute() if folder else None, Progress("reading again"))
        call.answer(view, _show)


def _show(view: Json) -> None:
    gone = f"; {view['not_kept']} can no longer be read again" if view["not_kept"] else ""
    said = (
        f"{view['different']} of {view['tested']} arrivals since {moment(view['since'])} would read differently{gone}."
    )
    click.secho(said, bold=True)
    for one in view["differences"][:_SHOWN]:
        click.echo(f"\n{one['id']}  {moment(one['received_at'])}  {plain(one['source'])}: {plain(one['name'])}")
        if one["excerpt"]:
            click.echo(f"says  {plain(one['excerpt'])[:200]}")
        _side_by_side(one["old"], one["new"])
    if (more := len(view["differences"]) - _SHOWN) > 0:
        click.echo(f"\nand {more} more (--json shows all)")


def _side_by_side(old: Json, new: Json) -> None:
    grid = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    grid.add_column("", no_wrap=True)
    grid.add_column("old", ratio=1, overflow="fold")
    grid.add_column("new", ratio=1, overflow="fold")
    for part in _PARTS:
        if old[part] != new[part]:
            grid.add_row(part, _lines(old[part]), _lines(new[part]))
    Console(soft_wrap=False).print(grid)


def _lines(value: Json) -> Text:
    lines = [value] if isinstance(value, str) else value
    return Text("\n".join(map(plain, lines)) or "nothing")
