"""The command `postbote`: a table of commands, each loaded only when it is called."""

import gc
from difflib import get_close_matches
from importlib import import_module
from typing import Any

import click

COMMANDS = {
    "init": ("workspace", "make a workspace"),
    "check": ("workspace", "check config, rules and templates: every mistake at once"),
    "schema": ("workspace", "write JSON Schemas by which editors check the YAML files"),
    "demo": ("demo", "play one inquiry and one order through in a throw-away sandbox"),
    "run": ("running", "run the daemon in the foreground, or once with --once"),
    "pause": ("running", "stop sending, all or to one partner; intake goes on"),
    "resume": ("running", "send again"),
    "remind": ("running", "remind again who had asked for no more mail"),
    "sync": ("running", "run the Fulfillment sync (Abgleich) now"),
    "status": ("status", "show sources, queues, what is held and what is overdue"),
    "doctor": ("doctor", "try mail logins, a round trip, folders, disk, clock, database"),
    "forecast": ("foresight", "show what will be sent and what will be late if nothing arrives"),
    "login": ("login", "give OAuth2 consent to a mail account, by a code typed in a browser"),
    "report": ("reports", "show the quality figures"),
    "orders": ("orders", "list the orders"),
    "order": ("orders", "show one order with its whole history"),
    "record": ("orders", "enter by hand what a partner said elsewhere"),
    "resend": ("orders", "send once more what came back, to the addresses as they are now"),
    "cancel": ("orders", "cancel an order, and tell whoever must know"),
    "inquiries": ("inquiries", "list the inquiries with their processing status"),
    "inquiry": ("inquiries", "show one inquiry, or record what happened elsewhere"),
    "inquire": ("inquiries", "make an inquiry and mail it"),
    "held": ("holding", "list what waits for a person"),
    "release": ("holding", "take what was read as true"),
    "discard": ("holding", "settle what is held without effect"),
    "reread": ("holding", "decide what is held again under the present rules"),
    "trusted": ("holding", "list the senders who are trusted besides those in the rules"),
    "explain": ("explaining", "show why an arrival was read as it was"),
    "try": ("explaining", "read and decide a file or .eml, changing nothing"),
    "backtest": ("backtesting", "decide kept arrivals again with other rules, changing nothing"),
    "export": ("privacy", "show everything that is kept about a buyer"),
    "forget": ("privacy", "erase a buyer"),
    "preview": ("preview", "render a template"),
}


class Commands(click.Group):
    """Lists the commands from the table, so that `--help` loads none of them, and says every error in one line."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"daemon.cli.{COMMANDS[cmd_name][0]}")
        command: click.Command = getattr(module, f"{cmd_name}_command")
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and (near := get_close_matches(args[0], COMMANDS, 1)):
            ctx.fail(f"No such command '{args[0]}'. Did you mean '{near[0]}'?")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, said) for name, (_, said) in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError, KeyboardInterrupt):
            raise
        except Exception as error:  # noqa: BLE001 - the last door: no traceback reaches a user
            ctx.exit(import_module("daemon.cli.trouble").say(error))


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="postbote", message="%(prog)s %(version)s")
def group() -> None:
    """Send inquiry and order mails, read the replies and dropped files, keep the deadlines.

    Every command takes --home DIR (default: POSTBOTE_HOME, else the current folder).
    Begin with `postbote demo`, or with `postbote init DIR --sandbox`.
    """


def main() -> None:
    """Run the command line."""
    # What is loaded stays, so nobody looks through it for garbage: not while it is loaded, nor at the end.
    gc.disable()
    try:
        group(prog_name="postbote")
    finally:
        gc.freeze()
