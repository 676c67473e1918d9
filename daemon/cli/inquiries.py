"""The inquiries of merchants to fulfillers: the dashboard, one of them, and a new one."""

from datetime import tzinfo
from pathlib import Path

import click

from daemon.cli.call import Call, call_options, person_options
from daemon.cli.tables import Labels, history, moment, table, times_in
from daemon.domain.identifiers import InquiryId
from daemon.domain.inquiry import InquiryState
from daemon.domain.stimulus import Inquire, Person, SetInquiry
from daemon.domain.values import Json
from daemon.errors import UsageError

_STATES = [state.value for state in InquiryState]


@click.command("inquiries")
@click.option("--merchant", metavar="M", help="Only this merchant's.")
@call_options
def inquiries_command(call: Call, merchant: str | None) -> None:
    """List the inquiries with their processing status."""
    with call.house() as house:
        zone, labels = house.saying.zone, Labels(house.saying.say)
        call.answer(house.queries.inquiries(merchant), lambda found: _list(found, zone, labels))


@click.command("inquiry")
@click.argument("inquiry", metavar="ID")
@click.option(
    "--set",
    "state",
    metavar="STATE",
    type=click.Choice(_STATES),
    help=f"Record what happened elsewhere: {', '.join(_STATES)}.",
)
@person_options
@call_options
def inquiry_command(call: Call, person: Person, inquiry: str, state: str | None) -> None:
    """Show one inquiry; with --set and --why, record what happened elsewhere."""
    if state and not person.why.strip():
        raise UsageError("--set needs --why TEXT, which is kept in the history")
    with call.house() as house:
        if state:
            house.commands.execute(SetInquiry(inquiry=InquiryId(inquiry), state=InquiryState(state)), person)
        zone, labels = house.saying.zone, Labels(house.saying.say)
        call.answer(house.queries.inquiry(inquiry), lambda found: _show(found, zone, labels))


@click.command("inquire")
@click.option("--merchant", metavar="M", required=True, help="The merchant who asks.")
@click.option("--fulfiller", metavar="F", required=True, help="The fulfiller who is asked.")
@click.option("--warehouse", metavar="W", help="Which of the fulfiller's warehouses.")
@click.option(
    "--text-file",
    metavar="T",
    required=True,
    type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path),
    help="A file with the merchant's own words.",
)
@person_options
@call_options
def inquire_command(  # one argument an option
    call: Call, person: Person, merchant: str, fulfiller: str, warehouse: str | None, text_file: Path
) -> None:
    """Make an inquiry and mail it to the fulfiller, with the merchant's contact data."""
    try:
        with click.open_file(str(text_file), encoding="utf-8") as file:
            text = file.read().strip()
    except UnicodeDecodeError:
        raise UsageError(f"{text_file} is not UTF-8 text") from None
    if not text:
        raise UsageError(f"{text_file} is empty")
    command = Inquire(merchant=merchant, fulfiller=fulfiller, warehouse=warehouse, text=text)
    with call.house() as house:
        inquiry = house.commands.execute(command, person)[0]
        labels = Labels(house.saying.say)
        call.answer(
            {"inquiry": inquiry, "state": InquiryState.SENT},
            lambda made: click.echo(f"{made['inquiry']} {labels('sent')}"),
        )


def _list(inquiries: Json, zone: tzinfo, labels: Labels) -> None:
    rows = [(i["inquiry"], i["state"], i["merchant"], i["fulfiller"], moment(i["sent_at"], zone)) for i in inquiries]
    table(labels.heads("inquiry", "state", "merchant", "fulfiller", "sent"), rows, labels("no_inquiries"))
    if inquiries:
        times_in(zone, labels)


def _show(inquiry: Json, zone: tzinfo, labels: Labels) -> None:
    labels.facts(
        [
            ("inquiry", inquiry["inquiry"]),
            ("state", inquiry["state"]),
            ("merchant", inquiry["merchant"]),
            ("fulfiller", inquiry["fulfiller"]),
            ("warehouse", inquiry["warehouse"]),
            ("sent", moment(inquiry["sent_at"], zone)),
            ("answered", moment(inquiry["answered_at"], zone)),
            ("fulfiller_confirmed", moment(inquiry["confirmed_at"], zone)),
            ("merchant_confirmed", moment(inquiry["merchant_confirmed_at"], zone)),
            ("active_since", moment(inquiry["active_since"], zone)),
            ("wants_no_more_mail", inquiry["left_alone"]),
            ("held", inquiry["held"]),
            *(("deadline", f"{one['kind']} {moment(one['due'])} {one['state']}") for one in inquiry["deadlines"]),
        ]
    )
    click.echo()
    history(inquiry["history"], labels, zone)
    times_in(zone, labels)
