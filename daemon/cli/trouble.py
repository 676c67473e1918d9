"""What a person reads when a command cannot do its work, and the exit status that goes with it."""

import os
import traceback
from typing import TYPE_CHECKING

import click

from daemon.errors import ConfigError, PostboteError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from daemon.errors import Mistake


def list_mistakes(mistakes: "Iterable[Mistake]", *, err: bool = True) -> None:
    """One line each, in a form that editors and terminals make a link of."""
    for mistake in mistakes:
        click.echo(str(mistake), err=err)


def say(error: Exception) -> int:
    """Say an error in one line (each mistake in its own) and give the exit status."""
    if os.environ.get("POSTBOTE_DEBUG") == "1":
        traceback.print_exception(error)
    if isinstance(error, ConfigError):
        list_mistakes(error.mistakes)
        return error.exit_code
    if isinstance(error, PostboteError):
        click.echo(f"postbote: {error}", err=True)
        return error.exit_code
    if isinstance(error, OSError) and error.strerror:
        click.echo(f"postbote: {error.filename or 'the system'}: {error.strerror}", err=True)
        return 1
    said = " ".join(str(error).split())[:200]
    click.echo(f"postbote: {type(error).__name__}: {said} (POSTBOTE_DEBUG=1 shows where)", err=True)
    return 1
