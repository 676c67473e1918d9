"""What is kept about a buyer: shown, and erased."""

import click

from daemon.cli.call import Call, call_options, person_options
from daemon.cli.tables import moment, plain
from daemon.domain.stimulus import Person
from daemon.domain.values import Json


@click.command("export")
@click.option("--buyer", metavar="ADDRESS", required=True, help="The buyer's mail address.")
@call_options
def export_command(call: Call, buyer: str) -> None:
    """Show everything that is kept about a buyer."""
    with call.house() as house:
        call.answer(house.privacy.export(buyer), _show)


@click.command("forget")
@click.option("--buyer", metavar="ADDRESS", required=True, help="The buyer's mail address.")
@person_options
@call_options
def forget_command(call: Call, person: Person, buyer: str) -> None:
    """Erase a buyer: at once where his order has ended, from the others as soon as it has.

    Goods, amounts and dates of an order stay, as commercial law wants them kept, without the person.
    """
    with call.house() as house:
        call.answer(house.privacy.forget(buyer, person), _forgotten)


def _show(kept: Json) -> None:
    for order in kept["orders"]:
        click.secho(f"order {plain(order['order'])}, placed {moment(order['placed_at'])}", bold=True)
        for name, value in {**order["buyer"], **order["address"]}.items():
            if value:
                click.echo(f"  {name}: {plain(value)}")
        for line in order["lines"]:
            click.echo(f"  {line['quantity']} x {plain(line['title'])}")
        for name in ("imeis", "tracking_numbers"):
            if order[name]:
                click.echo(f"  {name}: {plain(order[name])}")
    for mail in kept["mails"]:
        click.echo(f"mail {moment(mail['sent_at'])} to {plain(mail['recipient'])}: {plain(mail['subject'])}")
    click.echo(f"arrivals: {plain(kept['arrivals']) or 'none'}")


def _forgotten(view: Json) -> None:
    click.echo(f"erased: {plain(view['erased']) or 'no order'}")
    for name in ("arrivals", "mails", "files"):
        if view[name]:
            click.echo(f"  {name}: {view[name]}")
    for mailbox in view["mailboxes"]:
        click.echo(f"at the mail server, deleted with the next look into it: mails in the mailbox {plain(mailbox)}")
    if view["kept"]:
        click.echo(f"kept until they have ended: {plain(view['kept'])}")
    if view["waiting"]:
        click.echo(f"kept until a person has settled them (postbote held): {plain(view['waiting'])}")
