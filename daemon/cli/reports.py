"""Reports: the quality figures."""

import click

from daemon.cli.call import Call, call_options
from daemon.cli.tables import Labels, table
from daemon.domain.values import Json


@click.command("report")
@click.argument("what", type=click.Choice(["quality"]))
@click.option("--seller", metavar="ID", help="Only this seller's figures.")
@call_options
def report_command(call: Call, what: str, seller: str | None) -> None:
    """Show the quality figures, by the definitions in rules/quality.yaml."""
    del what
    with call.house() as house:
        labels = Labels(house.saying.say)
        call.answer(house.reports.quality(seller), lambda figures: _show(figures, labels))


def _show(figures: Json, labels: Labels) -> None:
    rows = [
        (
            one["metric"],
            one["seller"] or labels("all"),
            labels("part_of", part=one["numerator"], whole=one["denominator"]),
            _percent(one["value"]),
            _percent(one["threshold"]),
            labels.word(one["state"]),
        )
        for one in figures
    ]
    heads = labels.heads("metric", "seller", "counted", "share", "threshold", "state")
    table(heads, rows, labels("nothing_measured"))


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share * 100:.4g} %"
