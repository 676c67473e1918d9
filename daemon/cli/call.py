"""What every command has in common: where the workspace is, who calls, what time it is, how the answer is shown."""

import gc
import getpass
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
import msgspec

from daemon.domain.stimulus import Person
from daemon.domain.values import Json
from daemon.errors import PostboteError, RefusedError, UsageError

if TYPE_CHECKING:
    from daemon.app import House

F = TypeVar("F", bound=Callable[..., Any])


class Moment(click.ParamType[datetime]):
    """A point in time with its offset."""

    name = "TIME"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value} is not a time such as 2026-12-01T09:00:00+01:00", param, ctx)
        if moment.tzinfo is None:
            self.fail(f"{value} has no offset; write it as 2026-12-01T09:00:00+01:00", param, ctx)
        return moment


class Call:
    """One call of a command."""

    def __init__(self, home: Path, at: datetime | None, *, json: bool) -> None:
        self.home = home
        self.at = at
        self.json = json

    @contextmanager
    def house(self) -> "Iterator[House]":
        """The workspace, opened; what it refuses is said in the operator's language."""
        from daemon.app import House
        from daemon.app.files import KEPT_RULES
        from daemon.config import FILE, load_config

        is_new = (self.home / FILE).exists() and not (self.home / KEPT_RULES).exists()
        if is_new and sys.stderr.isatty():
            # The operator's language is not known yet.
            click.echo("First start here: trying every rule and template, about half a minute.", err=True)
        if self.at is not None and not load_config(self.home, os.environ).sandbox:
            raise UsageError("--at works in a sandbox only (`postbote init --sandbox DIR` makes one)")
        with House.open(self.home, self.at) as house:
            loaded()
            try:
                yield house
            except RefusedError as refused:
                raise PostboteError(house.saying.say(refused.reason)) from refused

    def answer(self, view: object, people: Callable[[Json], None]) -> None:
        """Show a view: as JSON, or the way people read it."""
        if self.json:
            print_json(view)
        else:
            people(msgspec.to_builtins(view, str_keys=True))


def loaded() -> None:
    """The work begins: from now on what is new is looked through for garbage, but what has been loaded stays."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()


def print_json(view: object) -> None:
    """JSON to stdout, and nothing else there."""
    click.echo(msgspec.json.format(msgspec.json.encode(view), indent=2))


def call_options(function: F) -> F:
    """`--home`, `--json` and `--at`, handed on as one `call`."""

    @click.option(
        "--home",
        type=click.Path(file_okay=False, path_type=Path),
        envvar="POSTBOTE_HOME",
        default=".",
        help="The workspace (default: POSTBOTE_HOME, else the current folder).",
    )
    @click.option("--json", "as_json", is_flag=True, help="Print JSON to stdout, everything else to stderr.")
    @click.option("--at", type=Moment(), help="The clock for this call (ISO 8601 with offset; in a sandbox only).")
    @wraps(function)
    def called(home: Path, as_json: bool, at: datetime | None, **rest: Any) -> Any:
        return function(call=Call(home.absolute(), at, json=as_json), **rest)

    return called  # type: ignore[return-value]


def person_options(function: F) -> F:
    """`--by` and `--why`, handed on as one `person`."""

    @click.option("--by", metavar="NAME", help="Who does this (default: the name you are logged in by).")
    @click.option("--why", metavar="TEXT", default="", help="Why; kept in the history.")
    @wraps(function)
    def called(by: str | None, why: str, **rest: Any) -> Any:
        return function(person=Person(name=f"cli:{by or _login()}", why=why), **rest)

    return called  # type: ignore[return-value]


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"
