"""How the house is doing, at a glance."""

import click

from daemon.cli.call import Call, call_options
from daemon.cli.foresight import show_owed
from daemon.cli.tables import moment, plain, table
from daemon.domain.values import Json


@click.command("status")
@click.option("--owed", is_flag=True, help="Show instead what every partner owes, until when, and what happens next.")
@call_options
def status_command(call: Call, *, owed: bool) -> None:
    """Show sources, queues, held and overdue; exit 1 when a source is silent, a login fails or the outbox is stuck."""
    with call.house() as house:
        if owed:
            saying = house.saying
            call.answer(house.foresight.owed(), lambda owed: show_owed(owed, saying))
            return
        view = house.health.status()
        call.answer(view, _show)
        if not view.ok:
            raise click.exceptions.Exit(1)


def _show(status: Json) -> None:
    quiet = [one for one in status["sources"] if _is_quiet_folder(one)]
    rows = [
        (one["source"], moment(one["last_input"]), moment(one["last_success"]), _state(one))
        for one in status["sources"]
        if one not in quiet
    ]
    if rows or not quiet:
        table(("source", "last input", "last success", "state"), rows, "No source has been read yet: `postbote run`.")
    if quiet:
        folders = "1 folder" if len(quiet) == 1 else f"{len(quiet)} folders"
        click.echo(f"nothing was dropped yet into {folders}; all is well there")
    queues = ", ".join(f"{number} {plain(name)}" for name, number in status["queues"].items())
    click.echo(f"\nqueues {queues}; held {status['held']}; overdue {status['overdue']}")
    if status["held"]:
        click.echo("what is held and why: postbote held")
    if status["overdue"]:
        click.echo("who owes what since when: postbote status --owed")
    for one in status["underway"]:
        share = "" if one["percent"] is None else f", {one['percent']} % of the file"
        click.echo(f"under way: {plain(one['name'])} by {plain(one['source'])}, {one['rows']} rows decided{share}")
    for paused in status["paused"]:
        click.echo(f"paused: {plain(paused)}")
    for problem in status["problems"]:
        click.secho(plain(problem), bold=True)


def _is_quiet_folder(source: Json) -> bool:
    """Of thousands of partners' folders only those are worth a line that were used or are in trouble."""
    return source["source"].startswith("folder:") and not source["last_input"] and _state(source) == "well"


def _state(source: Json) -> str:
    return plain(source["trouble"]) or ("silent" if source["silent"] else "well")
