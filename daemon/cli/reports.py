"""Reports: the quality figures."""

import click

from daemon.cli.call import Call, call_options
from daemon.cli.tables import table
from daemon.domain.values import Json


@click.command("report")
@click.argument("what", type=click.Choice(["quality"]))
@click.option("--seller", metavar="ID", help="Only this seller's figures.")
@call_options
def report_command(call: Call, what: str, seller: str | None) -> None:
    """Show the quality figures, by the definitions in rules/quality.yaml."""
    del what
    with call.house() as house:
        call.answer(house.reports.quality(seller), _show)


def _show(figures: Json) -> None:
    rows = [
        (
            one["metric"],
            one["seller"] or "all",
            f"{one['numerator']} of {one['denominator']}",
            _percent(one["value"]),
            _percent(one["threshold"]),
            one["state"].replace("_", " "),
        )
        for one in figures
    ]
    table(("metric", "seller", "counted", "share", "threshold", "state"), rows, "Nothing to be measured yet.")


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share * 100:.4g} %"
