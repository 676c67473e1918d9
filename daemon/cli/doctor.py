"""Tries the real world: what only shows once it is used."""

from importlib.metadata import PackageNotFoundError, version

import click

from daemon.cli.call import Call, call_options
from daemon.cli.tables import plain
from daemon.domain.values import Json


@click.command("doctor")
@call_options
def doctor_command(call: Call) -> None:
    """Try folders, disk, clock, database, mail logins and a round trip; exit 1 when something is wrong."""
    with call.house() as house:
        found = [{"name": one.name, "ok": one.ok, "said": one.said} for one in house.probe()]
    found.append(_namesake())
    call.answer(found, _show)
    if not all(one["ok"] for one in found):
        raise click.exceptions.Exit(1)


def _namesake() -> Json:
    """The unrelated package python-daemon installs a `daemon` as well, and one of the two would hide the other."""
    try:
        version("python-daemon")
    except PackageNotFoundError:
        return {"name": "packages", "ok": True, "said": "nothing else is named `daemon`"}
    said = "python-daemon is installed here too and has the same import name; remove it: pip uninstall python-daemon"
    return {"name": "packages", "ok": False, "said": said}


def _show(found: Json) -> None:
    for one in found:
        click.echo(f"{'ok   ' if one['ok'] else 'WRONG'} {one['name']}: {plain(one['said'])}")
