"""The daemon, in the foreground or once; pausing it; the Fulfillment sync by hand."""

import logging
from typing import TYPE_CHECKING

import click

from daemon.cli.call import Call, call_options, person_options
from daemon.cli.tables import Labels, moment, remark, table
from daemon.config import Config, ReceiveByListening
from daemon.domain.stimulus import Person
from daemon.domain.values import Json
from daemon.errors import UsageError

if TYPE_CHECKING:
    from daemon.app import House


@click.command("run")
@click.option("--once", is_flag=True, help="Take in all that waits, decide, ring, send until nothing moves; then end.")
@call_options
def run_command(call: Call, once: bool) -> None:
    """Run the daemon in the foreground. SIGTERM drains and stops; SIGHUP reloads rules and secrets."""
    if call.at is not None and not once:
        raise UsageError("--at goes with `run --once`; a running daemon needs a clock that goes")
    with call.house() as house:
        if once:
            _run_once(call, house)
        else:
            _log_to_stderr()
            labels = Labels(house.saying.say)
            raise click.exceptions.Exit(house.run(lambda: _welcome(call, house.config, labels)))


def _log_to_stderr() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    # Its bells ring every second, which says nothing.
    logging.getLogger("apscheduler").setLevel(logging.WARNING)


def _run_once(call: Call, house: "House") -> None:
    counts = house.run_once()
    labels = Labels(house.saying.say)
    call.answer(counts, lambda shown: click.echo(labels("run_once", **shown)))
    if listening := _listening(house.config):
        remark(labels("nobody_listened", where=", ".join(listening)))
    if counts.failed:
        raise click.exceptions.Exit(1)


def _welcome(call: Call, config: Config, labels: Labels) -> None:
    """Where it listens, where files go in, and what to try first."""
    listening = _listening(config)
    mailboxes = [f"{one.user} ({one.host})" for one in config.receive if not isinstance(one, ReceiveByListening)]
    sends = "outbox/mail/" if config.send.via == "folder" else f"{config.send.host}:{config.send.port}"
    lines = (
        *((labels("listens"), one) for one in listening),
        *((labels("reads"), one) for one in mailboxes),
        (labels("drop"), labels("drop_where")),
        (labels("mails_go"), sends),
        (labels("type"), "`postbote demo`, `postbote status`, `postbote try FILE --as sellers/ID`"),
    )
    remark(labels("runs", home=call.home))
    width = max(len(label) for label, _ in lines)
    for label, line in lines:
        remark(line, f"  {label:<{width}}  ")


def _listening(config: Config) -> list[str]:
    return [f"{one.via.upper()} {one.listen}" for one in config.receive if isinstance(one, ReceiveByListening)]


@click.command("pause")
@click.argument("what", metavar="[mail|PARTNER]", default="all")
@person_options
@call_options
def pause_command(call: Call, person: Person, what: str) -> None:
    """Stop sending: everything, only mail, or to one partner. Intake goes on."""
    with call.house() as house:
        house.commands.pause(what, person)
        labels = Labels(house.saying.say)
        call.answer({"paused": what}, lambda _: click.echo(labels("sending_paused", what=what)))


@click.command("resume")
@click.argument("what", metavar="[mail|PARTNER]", default="all")
@person_options
@call_options
def resume_command(call: Call, person: Person, what: str) -> None:
    """Send again: everything, or what was paused under this name."""
    with call.house() as house:
        house.commands.resume(what, person)
        labels = Labels(house.saying.say)
        call.answer({"resumed": what}, lambda _: click.echo(labels("sending_goes_on", what=what)))


@click.command("remind")
@click.argument("what", metavar="ORDER|INQUIRY|PARTNER")
@person_options
@call_options
def remind_command(call: Call, person: Person, what: str) -> None:
    """Remind again who had asked for no more mail: about one order or inquiry, or about all of a partner."""
    if not person.why.strip():
        raise UsageError("remind needs --why TEXT, which is kept in the history")
    with call.house() as house:
        about = house.commands.remind(what, person)
        labels = Labels(house.saying.say)
        call.answer({"reminded_again": about}, lambda _: click.echo(labels("reminded_again", about=", ".join(about))))


@click.command("sync")
@click.option("--merchant", metavar="M", help="Only this merchant's relationships.")
@person_options
@call_options
def sync_command(call: Call, person: Person, merchant: str | None) -> None:
    """Run the Fulfillment sync (Abgleich) now."""
    with call.house() as house:
        labels = Labels(house.saying.say)
        call.answer(house.commands.sync(merchant, person), lambda views: _synced(views, labels))


def _synced(views: Json, labels: Labels) -> None:
    rows = [(v["merchant"], v["fulfiller"], moment(v["synced_at"])) for v in views]
    table(labels.heads("merchant", "fulfiller", "synced"), rows, labels("nothing_to_sync"))
