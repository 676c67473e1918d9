"""The results as a table for people, or as JSON for comparing two runs."""

import json
import os
import platform
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.measures import Bound, Figure, Measure, Result, number


def show(results: Sequence[Result]) -> None:
    """One row a figure."""
    console = Console(width=None if Console().is_terminal else 190)
    table = Table(title="postbote against the plain ways of doing the same", title_justify="left")
    for heading in ("", "what", "median", "min - max", "floor", "aim", "reached", "ours", "baseline", "n"):
        table.add_column(heading, justify="right" if heading in {"median", "min - max", "n"} else "left")
    for result in results:
        if result.trouble:
            word = "skipped" if result.skipped else "[red]failed[/red]"
            table.add_row(result.measure.code, f"{result.measure.title}: {result.trouble}", "", "", "", "", word)
        for figure in result.figures:
            table.add_row(*_row(result.measure, figure))
    console.print(table)


def _row(measure: Measure, figure: Figure) -> tuple[str, ...]:
    sign = ">= " if figure.bound == Bound.AT_LEAST else "<= "
    reached = {None: "", True: "[green]yes[/green]", False: "[red]no[/red]"}[figure.reached]
    return (
        measure.code,
        figure.what,
        f"{number(figure.median)} {figure.unit}",
        f"{number(min(figure.values))} - {number(max(figure.values))}",
        "" if figure.floor is None else sign + number(figure.floor),
        "" if figure.aim is None else sign + number(figure.aim),
        "[green]aim[/green]" if figure.aimed else reached,
        figure.ours,
        figure.theirs,
        str(len(figure.values)),
    )


def as_json(results: Sequence[Result]) -> str:
    machine = {"cores": os.cpu_count(), "system": platform.platform(), "python": platform.python_version()}
    return json.dumps({"machine": machine, "measures": [_plain(one) for one in results]}, indent=2)


def _plain(result: Result) -> dict[str, Any]:
    return {
        "measure": result.measure.code,
        "title": result.measure.title,
        "baseline": result.measure.baseline,
        "seconds": round(result.seconds, 1),
        "skipped": result.skipped,
        "trouble": result.trouble or None,
        "figures": [
            {
                "what": one.what,
                "unit": one.unit,
                "median": one.median,
                "values": list(one.values),
                "bound": one.bound,
                "floor": one.floor,
                "aim": one.aim,
                "reached": one.reached,
                "aimed": one.aimed,
                "ours": one.ours,
                "baseline": one.theirs,
            }
            for one in result.figures
        ],
    }
