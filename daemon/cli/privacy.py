"""What is kept about a buyer: shown, and erased."""

import click

from daemon.cli.call import Call, call_options, person_options
from daemon.cli.tables import Labels, moment, plain
from daemon.domain.stimulus import Person
from daemon.domain.values import Json


@click.command("export")
@click.option("--buyer", metavar="ADDRESS", required=True, help="The buyer's mail address.")
@call_options
def export_command(call: Call, buyer: str) -> None:
    """Show everything that is kept about a buyer."""
    with call.house() as house:
        labels = Labels(house.saying.say)
        call.answer(house.privacy.export(buyer), lambda kept: _show(kept, labels))


@click.command("forget")
@click.option("--buyer", metavar="ADDRESS", required=True, help="The buyer's mail address.")
@person_options
@call_options
def forget_command(call: Call, person: Person, buyer: str) -> None:
    """Erase a buyer: at once where his order has ended, from the others as soon as it has.

    Goods, amounts and dates of an order stay, as commercial law wants them kept, without the person.
    """
    with call.house() as house:
        labels = Labels(house.saying.say)
        call.answer(house.privacy.forget(buyer, person), lambda view: _forgotten(view, labels))


def _show(kept: Json, labels: Labels) -> None:
    for order in kept["orders"]:
        placed = f"{labels('placed')} {moment(order['placed_at'])}"
        click.secho(f"{labels('order')} {plain(order['order'])}, {placed}", bold=True)
        for name, value in {**order["buyer"], **order["address"]}.items():
            if value:
                click.echo(f"  {name}: {plain(value)}")
        for line in order["lines"]:
            click.echo(f"  {line['quantity']} x {plain(line['title'])}")
        for name in ("imeis", "tracking_numbers"):
            if order[name]:
                click.echo(f"  {name}: {plain(order[name])}")
    for mail in kept["mails"]:
        to = f"{labels('to')} {plain(mail['recipient'])}"
        click.echo(f"{labels('mail')} {moment(mail['sent_at'])} {to}: {plain(mail['subject'])}")
    click.echo(f"{labels('arrivals')}: {plain(kept['arrivals']) or labels('none')}")
    for file in kept["files"]:
        click.echo(f"{labels('files')}: {plain(file)}")


def _forgotten(view: Json, labels: Labels) -> None:
    click.echo(f"{labels('erased')}: {plain(view['erased']) or labels('none')}")
    for label, name in zip(labels.heads("arrivals", "mails", "files"), ("arrivals", "mails", "files"), strict=True):
        if view[name]:
            click.echo(f"  {label}: {view[name]}")
    for mailbox in view["mailboxes"]:
        click.echo(labels("erased_later", mailbox=plain(mailbox)))
    if view["kept"]:
        click.echo(labels("kept_until_ended", orders=plain(view["kept"])))
    if view["waiting"]:
        click.echo(labels("kept_until_settled", arrivals=plain(view["waiting"])))
