"""What waits for a person, and the two ways to settle it."""

import click

from daemon.cli.call import Call, call_options, person_options
from daemon.cli.tables import moment, plain
from daemon.domain.stimulus import Person
from daemon.domain.values import Json
from daemon.errors import UsageError


@click.command("held")
@call_options
def held_command(call: Call) -> None:
    """List what waits for a person, nearest deadline first, with what a release would do."""
    with call.house() as house:
        call.answer(house.held(), _list)


@click.command("release")
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@click.option("--order", metavar="A", help="The order that it is about.")
@click.option("--only", metavar="N", type=click.IntRange(min=1), help="Take only the Nth finding.")
@click.option("--trust-sender", is_flag=True, help="Let this sender's address speak for the partner from now on.")
@click.option("--dry-run", is_flag=True, help="Show what it would change and send; change nothing.")
@person_options
@call_options
def release_command(  # one argument an option
    call: Call,
    person: Person,
    ids: tuple[str, ...],
    order: str | None,
    only: int | None,
    trust_sender: bool,
    dry_run: bool,
) -> None:
    """Take what was read as true; refused if the order has moved since the proposal."""
    if len(ids) > 1 and (order or only):
        raise UsageError("--order and --only go with a single ID")
    with call.house() as house:
        views = house.release(ids, person, order=order, only=only, trust_sender=trust_sender, dry_run=dry_run)
        call.answer(views, _released)
        if not all(view.released or dry_run for view in views):
            raise click.exceptions.Exit(1)


@click.command("discard")
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@person_options
@call_options
def discard_command(call: Call, person: Person, ids: tuple[str, ...]) -> None:
    """Settle what is held without effect."""
    with call.house() as house:
        house.discard(ids, person)
        call.answer([{"id": one, "discarded": True} for one in ids], lambda done: click.echo(f"{len(done)} discarded"))


def _list(held: Json) -> None:
    if not held:
        click.echo("Nothing waits for a person.")
    for one in held:
        due = f", due {moment(one['due'])}" if one["due"] else ""
        click.secho(f"{one['id']}", bold=True, nl=False)
        click.echo(f"  {plain(one['about']) or 'nothing known'}{due}")
        click.echo(f"  received {moment(one['received_at'])} by {plain(one['source'])}: {plain(one['name'])}")
        for reason in one["reasons"]:
            click.echo(f"  because: {plain(reason)}")
        if one["excerpt"]:
            click.echo(f"  says:    {plain(one['excerpt'])[:200]}")
        _proposal(one["proposal"])


def _proposal(proposal: Json) -> None:
    for change in (proposal or {}).get("changes", ()):
        click.echo(f"  release: {plain(change)}")
    for mail in (proposal or {}).get("sends", ()):
        click.echo(f"  sends:   {plain(mail)}")


def _released(views: Json) -> None:
    for view in views:
        click.echo(f"{view['id']}  {'released' if view['released'] else 'not released'}")
        for reason in view["reasons"]:
            click.echo(f"  because: {plain(reason)}")
        _proposal(view)
