"""How the house is doing, at a glance."""

import click

from daemon.cli.call import Call, call_options
from daemon.cli.foresight import show_owed
from daemon.cli.tables import Labels, moment, plain, table
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
        labels = Labels(house.saying.say)
        call.answer(view, lambda status: _show(status, labels))
        if not view.ok:
            raise click.exceptions.Exit(1)


def _show(status: Json, labels: Labels) -> None:
    quiet = [one for one in status["sources"] if _is_quiet_folder(one)]
    rows = [
        (one["source"], moment(one["last_input"]), moment(one["last_success"]), _state(one, labels))
        for one in status["sources"]
        if one not in quiet
    ]
    if rows or not quiet:
        table(labels.heads("source", "last_input", "last_success", "state"), rows, labels("no_source"))
    if quiet:
        click.echo(labels("quiet_folders", count=len(quiet)))
    queues = ", ".join(f"{number} {plain(name)}" for name, number in status["queues"].items())
    counts = f"{labels('held')} {status['held']}; {labels('overdue')} {status['overdue']}"
    click.echo(f"\n{labels('queues')} {queues}; {counts}")
    if status["held"]:
        click.echo(labels("see_held"))
    if status["overdue"]:
        click.echo(labels("see_owed"))
    for one in status["underway"]:
        share = "" if one["percent"] is None else f" ({one['percent']} %)"
        said = labels("under_way", name=plain(one["name"]), source=plain(one["source"]), rows=one["rows"])
        click.echo(f"{said}{share}")
    for paused in status["paused"]:
        click.echo(f"{labels('paused')}: {plain(paused)}")
    for problem in status["problems"]:
        click.secho(plain(problem), bold=True)


def _is_quiet_folder(source: Json) -> bool:
    """Of thousands of partners' folders only those are worth a line that were used or are in trouble."""
    is_well = not source["trouble"] and not source["silent"]
    return source["source"].startswith("folder:") and not source["last_input"] and is_well


def _state(source: Json, labels: Labels) -> str:
    return plain(source["trouble"]) or labels("silent" if source["silent"] else "well")
