"""The orders: what stands where, and what a person records or cancels by hand."""

from datetime import datetime

import click

from daemon.cli.call import Call, call_options, person_options
from daemon.cli.tables import facts, history, moment, table
from daemon.domain.identifiers import order_key
from daemon.domain.problem import ProblemKind
from daemon.domain.stimulus import Cancel, Person, Record
from daemon.domain.values import Json
from daemon.errors import UsageError


@click.command("orders")
@call_options
def orders_command(call: Call) -> None:
    """List the orders."""
    with call.house() as house:
        call.answer(house.orders(), _list)


@click.command("order")
@click.argument("order", metavar="ID")
@call_options
def order_command(call: Call, order: str) -> None:
    """Show one order with its whole history."""
    with call.house() as house:
        call.answer(house.order(order), _show)


@click.command("record")
@click.argument("order")
@click.option("--line", metavar="L", help="The order line; needed when the order has several.")
@click.option("--carrier", metavar="C", help="The carrier, as in rules/carriers.")
@click.option("--tracking", metavar="N", help="The tracking number.")
@click.option("--imei", "imeis", metavar="I", multiple=True, help="An IMEI; may be given several times.")
@click.option("--problem", type=click.Choice([kind.value for kind in ProblemKind]), help="What keeps it from leaving.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="The new date, with --problem.")
@click.option("--replace", metavar="OLD", help="The tracking number or IMEI that this one replaces.")
@click.option("--from", "speaker", metavar="ID", help="The partner who said it.")
@person_options
@call_options
def record_command(  # one argument an option
    call: Call,
    person: Person,
    order: str,
    line: str | None,
    carrier: str | None,
    tracking: str | None,
    imeis: tuple[str, ...],
    problem: str | None,
    until: datetime | None,
    replace: str | None,
    speaker: str | None,
) -> None:
    """Enter by hand what a partner said elsewhere: the same checks, the same effects."""
    if not (tracking or imeis or problem):
        raise UsageError("nothing to record: give --tracking, --imei or --problem")
    if until and not problem:
        raise UsageError("--until goes with --problem")
    if carrier and not tracking:
        raise UsageError("--carrier goes with --tracking")
    command = Record(
        order=order_key(order),
        line=line,
        carrier=carrier,
        tracking=tracking,
        imeis=imeis,
        problem=ProblemKind(problem) if problem else None,
        until=until.date() if until else None,
        replace=replace,
        speaker=speaker,
    )
    with call.house() as house:
        house.execute(command, person)
        call.answer(house.order(order), _show)


@click.command("cancel")
@click.argument("order")
@click.option("--line", metavar="L", help="Only this order line.")
@person_options
@call_options
def cancel_command(call: Call, person: Person, order: str, line: str | None) -> None:
    """Cancel an order or one of its lines, and tell whoever must know."""
    with call.house() as house:
        house.execute(Cancel(order=order_key(order), line=line), person)
        call.answer(house.order(order), _show)


def _list(orders: Json) -> None:
    rows = [
        (o["order"], o["state"], o["fulfiller"] or o["seller"], moment(o["ship_by"]), o["complete"]) for o in orders
    ]
    table(("order", "state", "with", "ship by", "complete"), rows, "No orders yet. Drop a file into inbox/orders/.")


def _show(order: Json) -> None:
    facts(
        [
            ("order", order["order"]),
            ("state", order["state"]),
            ("seller", order["seller"]),
            ("merchant", order["merchant"]),
            ("fulfiller", order["fulfiller"]),
            ("market", order["market"]),
            ("placed", moment(order["placed_at"])),
            ("paid", moment(order["paid_at"])),
            ("ship by", moment(order["ship_by"])),
            ("incoterm", order["incoterm"]),
            ("complete", order["complete"]),
            ("missing", [_missing(one) for one in order["missing"]]),
            ("held", order["held"]),
            *((f"line {one['line']}", _line(one)) for one in order["lines"]),
            *(("parcel", _parcel(one)) for one in order["shipments"]),
            *(("problem", _problem(one)) for one in order["problems"]),
            *(("deadline", f"{one['kind']} {moment(one['due'])} {one['state']}") for one in order["deadlines"]),
        ]
    )
    click.echo()
    history(order["history"])


def _missing(missing: Json) -> str:
    return f"{missing['count']} {missing['what']} for line {missing['line']}"


def _line(line: Json) -> str:
    done = f"{line['shipped']} of {line['quantity']} shipped" + (
        f", {line['canceled']} canceled" if line["canceled"] else ""
    )
    devices = f", IMEI {', '.join(line['imeis'])}" if line["imeis"] else ""
    return f"{line['sku']} {line['title']}: {done}{devices}"


def _parcel(parcel: Json) -> str:
    number = f"{parcel['carrier'] or ''} {parcel['tracking_number']}"
    return f"{number} on {parcel['shipped_on']} {parcel['tracking_url'] or ''}"


def _problem(problem: Json) -> str:
    told = (
        f"buyer told {moment(problem['buyer_notified_at'])}" if problem["buyer_notified_at"] else "buyer not told yet"
    )
    until = f" until {problem['new_date']}" if problem["new_date"] else ""
    solved = ", resolved" if problem["resolved_at"] else ""
    return f"{problem['kind']}{until}, since {moment(problem['detected_at'])}, {told}{solved}"
