"""What is to come: the forecast."""

from datetime import tzinfo

import click

from daemon.cli.call import Call, call_options
from daemon.cli.tables import Labels, letter, moment, plain, table, times_in
from daemon.domain.reason import reason
from daemon.domain.values import Json
from daemon.engine.saying import Saying


@click.command("forecast")
@click.option("--days", type=click.IntRange(1, 365), default=7, show_default=True, help="How far to look.")
@click.option("--text", "texts", is_flag=True, help="With the mails as they would be written today.")
@call_options
def forecast_command(call: Call, days: int, *, texts: bool) -> None:
    """Show what will be sent and what will be late if nothing arrives."""
    with call.house() as house:
        zone, labels = house.saying.zone, Labels(house.saying.say)
        call.answer(house.foresight.forecast(days, texts=texts), lambda forecast: _show(forecast, zone, labels))


def _show(forecast: Json, zone: tzinfo, labels: Labels) -> None:
    rows = [(moment(one["at"]), one["about"], one["what"], (one["mail"] or {}).get("to", "")) for one in forecast]
    table(labels.heads("at", "about", "what", "to"), rows, labels("nothing_foreseen"))
    if forecast:
        times_in(zone, labels)
    for one in forecast:
        if one["mail"] and one["mail"]["text"]:
            click.secho(f"\n{moment(one['at'])}  {plain(one['mail']['subject'])}", bold=True)
            letter(one["mail"]["text"], "  ")


def show_owed(owed: Json, saying: Saying) -> None:
    """The ledger of promises; where nothing more comes by itself, what a person can type."""
    labels = Labels(saying.say)
    rows = [
        (
            one["partner"] or labels("we"),
            one["about"],
            one["kind"],
            moment(one["since"]),
            moment(one["until"]) + (f" {labels('late')}" if one["late"] else ""),
            f"{moment(one['next_at']) if one['next_at'] else ''} {one['next'] or _at_its_end(one, saying)}".strip(),
        )
        for one in owed
    ]
    table(labels.heads("who", "about", "owes", "since", "until", "next"), rows, labels("nobody_owes"))
    if owed:
        times_in(saying.zone, labels)


def _at_its_end(one: Json, saying: Saying) -> str:
    return saying.say(reason("step_none", kind=one["kind"], about=one["about"]))
