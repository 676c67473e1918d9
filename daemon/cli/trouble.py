"""What a person reads when a command cannot do its work, and the exit status that goes with it."""

import os
import sys
import traceback
from typing import TYPE_CHECKING

import click

from daemon.cli.tables import remark
from daemon.errors import ConfigError, PostboteError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from daemon.errors import Mistake


def list_mistakes(mistakes: "Iterable[Mistake]", *, err: bool = True) -> None:
    """One line each, in a form that editors and terminals make a link of."""
    for mistake in mistakes:
        click.echo(str(mistake), err=err)


def _told(what: str) -> None:
    """In one line, by which a script or a log finds it; folded for whoever reads it in a terminal."""
    if sys.stderr.isatty():
        remark(what, "postbote: ")
    else:
        click.echo(f"postbote: {what}", err=True)


def say(error: Exception) -> int:
    """Say an error in one sentence (each mistake on its own line) and give the exit status."""
    if os.environ.get("POSTBOTE_DEBUG") == "1":
        traceback.print_exception(error)
    if isinstance(error, ConfigError):
        list_mistakes(error.mistakes)
        return error.exit_code
    if isinstance(error, PostboteError):
        _told(str(error))
        return error.exit_code
    if isinstance(error, OSError) and error.strerror:
        _told(f"{error.filename or 'the system'}: {error.strerror}")
        return 1
    said = " ".join(str(error).split())[:200]
    _told(f"{type(error).__name__}: {said} (POSTBOTE_DEBUG=1 shows where)")
    return 1
