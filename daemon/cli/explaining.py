"""Why an arrival was read as it was, and how a file would be read."""

import re
from pathlib import Path

import click

from daemon.cli.call import Call, call_options
from daemon.cli.tables import plain
from daemon.domain.values import Json
from daemon.errors import UsageError

_PARTY = re.compile(r"(sellers|fulfillers|merchants)/[^/\s]+|orders|mail")


@click.command("explain")
@click.argument("arrival", metavar="ID")
@call_options
def explain_command(call: Call, arrival: str) -> None:
    """Show every rule hit and missed, and every finding with its place in the original."""
    with call.house() as house:
        call.answer(house.explain(arrival), _show)


@click.command("try")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--as", "party", metavar="PARTY", help="Whose folder it would lie in: sellers/ID, orders, mail ...")
@call_options
def try_command(call: Call, file: Path, party: str | None) -> None:
    """Read and decide a file or .eml as if it arrived now, changing nothing."""
    if party is not None and not _PARTY.fullmatch(party):
        raise UsageError(f"--as {party}: write sellers/ID, fulfillers/ID, merchants/ID, orders or mail")
    with call.house() as house:
        call.answer(house.attempt(file.absolute(), party), _show)


def _show(view: Json) -> None:
    for document in view["documents"]:
        click.echo(f"read as   {_document(document)}")
    for finding in view["findings"]:
        about = f" of {plain(finding['order'])}" if finding["order"] else ""
        evidence = finding["evidence"]
        click.echo(f"found     {finding['kind']}{about}: {plain(finding['value'])}")
        click.echo(f"          in {plain(evidence['where'])}: {plain(evidence['text'])[:120]}")
    for rule in view["rules"]:
        click.echo(f"rule      {'hit ' if rule['hit'] else 'miss'} {rule['rule']}: {plain(rule['why'])}")
    click.secho(f"decision  {plain(view['decision'])}", bold=True)
    for name in ("changes", "effects", "reasons"):
        for one in view[name]:
            click.echo(f"{name:<9} {_said(one)}")


def _document(document: Json) -> str:
    if isinstance(document, str):
        return plain(document)
    return ", ".join(
        f"{name} {plain(value)}" for name, value in document.items() if isinstance(value, str | int) and value
    )


def _said(one: Json) -> str:
    if isinstance(one, dict):
        return ", ".join(f"{name} {plain(value)}" for name, value in one.items() if value)
    return plain(one)
