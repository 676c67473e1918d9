"""Tries the real world: what only shows once it is used."""

from importlib.metadata import PackageNotFoundError, version

import click

from daemon.app.probe import Probe
from daemon.cli.call import Call, call_options
from daemon.cli.tables import Labels, plain
from daemon.domain.reason import reason
from daemon.domain.values import Json


@click.command("doctor")
@call_options
def doctor_command(call: Call) -> None:
    """Try folders, disk, clock, database, mail logins and a round trip; exit 1 when something is wrong."""
    with call.house() as house:
        probes = (*house.probe(), _namesake())
        found = [{"name": one.name, "ok": one.ok, "said": house.saying.say(one.said)} for one in probes]
        labels = Labels(house.saying.say)
        call.answer(found, lambda found: _show(found, labels))
    if not all(one["ok"] for one in found):
        raise click.exceptions.Exit(1)


def _namesake() -> Probe:
    """The unrelated package python-daemon installs a `daemon` as well, and one of the two would hide the other."""
    try:
        version("python-daemon")
    except PackageNotFoundError:
        return Probe(name="packages", ok=True, said=reason("probe_no_namesake"))
    return Probe(name="packages", ok=False, said=reason("probe_namesake"))


def _show(found: Json, labels: Labels) -> None:
    well, wrong = labels.heads("well", "wrong")
    width = max(len(well), len(wrong))
    for one in found:
        click.echo(f"{well if one['ok'] else wrong:<{width}} {one['name']}: {plain(one['said'])}")
