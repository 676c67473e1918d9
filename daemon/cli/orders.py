"""The orders: what stands where, and what a person records or cancels by hand."""

import re
from datetime import date, tzinfo
from decimal import Decimal
from typing import Any

import click

from daemon.cli.call import Call, call_options, person_options
from daemon.cli.tables import facts, history, moment, plain, table, times_in
from daemon.domain.calendar import market_zone
from daemon.domain.goods_return import REFUNDED, ReturnState
from daemon.domain.identifiers import order_key
from daemon.domain.problem import ProblemKind
from daemon.domain.stimulus import Cancel, Person, Record, Resend
from daemon.domain.territory import COUNTRIES
from daemon.domain.values import Json
from daemon.errors import UsageError

_HS_CODE = re.compile(r"[0-9]{4}(?:\.?[0-9]{2}){1,3}")
_COUNTRY = re.compile("|".join(COUNTRIES))
_AMOUNT = re.compile(r"[0-9]{1,9}(?:[.,][0-9]{1,2})?")


class Day(click.ParamType[date]):
    """A day such as 2026-12-01."""

    name = "DATE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value} is no day such as 2026-12-01", param, ctx)


@click.command("orders")
@call_options
def orders_command(call: Call) -> None:
    """List the orders."""
    with call.house() as house:
        zone = house.saying.zone
        call.answer(house.queries.orders(), lambda found: _list(found, zone))


@click.command("order")
@click.argument("order", metavar="ID")
@call_options
def order_command(call: Call, order: str) -> None:
    """Show one order with its whole history."""
    with call.house() as house:
        call.answer(house.queries.order(order), _show)


@click.command("record")
@click.argument("order")
@click.option("--line", metavar="L", help="The order line; needed when the order has several.")
@click.option("--carrier", metavar="C", help="The carrier, as in rules/carriers.")
@click.option("--tracking", metavar="N", help="The tracking number.")
@click.option("--imei", "imeis", metavar="I", multiple=True, help="An IMEI; may be given several times.")
@click.option("--problem", type=click.Choice([kind.value for kind in ProblemKind]), help="What keeps it from leaving.")
@click.option("--until", type=Day(), help="The new date, with --problem.")
@click.option("--hs-code", metavar="CODE", help="The commodity code for customs (HS code).")
@click.option("--origin", metavar="COUNTRY", help="The country of origin for customs, by its code of two letters.")
@click.option("--duties", metavar="AMOUNT", help="Duties or fees the buyer had to pay; the seller is asked to refund.")
@click.option("--on-return", is_flag=True, help="With --duties: they fell due when the buyer sent the goods back.")
@click.option("--refunded", is_flag=True, help="The seller has refunded the duties: all that are open.")
@click.option("--of", "refunded_amount", metavar="AMOUNT", help="With --refunded: only the claim of this amount.")
@click.option("--buyer-email", metavar="ADDRESS", help="The buyer's right address; the seller gets a correction.")
@click.option("--buyer-told", is_flag=True, help="Somebody else has told the buyer of the problems.")
@click.option(
    "--returned", type=click.Choice([*map(str, ReturnState), REFUNDED]), help="Where goods stand that come back."
)
@click.option("--return-number", metavar="N", default="", help="With --returned: the return's own number.")
@click.option(
    "--quantity", type=click.IntRange(1), metavar="N", help="With --returned: how many; else all of the line."
)
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
    until: date | None,
    hs_code: str | None,
    origin: str | None,
    duties: str | None,
    on_return: bool,
    refunded: bool,
    refunded_amount: str | None,
    buyer_email: str | None,
    buyer_told: bool,
    returned: str | None,
    return_number: str,
    quantity: int | None,
    replace: str | None,
    speaker: str | None,
) -> None:
    """Enter by hand what a partner said elsewhere: the same checks, the same effects."""
    if until and not problem:
        raise UsageError("--until goes with --problem")
    if carrier and not tracking:
        raise UsageError("--carrier goes with --tracking")
    if on_return and not duties:
        raise UsageError("--on-return goes with --duties")
    if refunded_amount and not refunded:
        raise UsageError("--of goes with --refunded")
    if replace and len(imeis) + bool(tracking) != 1:
        raise UsageError("--replace goes with one --tracking or one --imei")
    if (return_number or quantity) and not returned:
        raise UsageError("--return-number and --quantity go with --returned")
    told = (tracking, imeis, problem, hs_code, origin, duties, refunded, buyer_email, buyer_told, returned)
    if not any(told):
        raise UsageError("nothing to record: give --tracking, --imei, --problem or another of the options")
    command = Record(
        order=order_key(order),
        line=line,
        carrier=carrier,
        tracking=tracking,
        imeis=imeis,
        problem=ProblemKind(problem) if problem else None,
        until=until,
        hs_code=_matching(_HS_CODE, hs_code, "--hs-code is a commodity code of 6 to 10 digits"),
        origin=_matching(_COUNTRY, origin, "--origin is a country code such as CN"),
        duties=_amount(duties, "--duties"),
        on_return=on_return,
        refunded=refunded,
        refunded_amount=_amount(refunded_amount, "--of"),
        buyer_email=buyer_email.strip() if buyer_email else None,
        buyer_told=buyer_told,
        returned=returned,
        return_number=return_number.strip(),
        quantity=quantity,
        replace=replace,
        speaker=speaker,
    )
    with call.house() as house:
        house.commands.execute(command, person)
        call.answer(house.queries.order(order), _show)


def _matching(pattern: re.Pattern[str], value: str | None, wrong: str) -> str | None:
    if value is not None and not pattern.fullmatch(value.strip().upper()):
        raise UsageError(wrong)
    return value.strip().upper() if value else None


def _amount(value: str | None, option: str) -> Decimal | None:
    plain = _matching(_AMOUNT, value, f"{option} is an amount such as 23.50, in the order's currency")
    return Decimal(plain.replace(",", ".")).quantize(Decimal("0.01")) if plain else None


@click.command("cancel")
@click.argument("order")
@click.option("--line", metavar="L", help="Only this order line.")
@person_options
@call_options
def cancel_command(call: Call, person: Person, order: str, line: str | None) -> None:
    """Cancel an order or one of its lines, and tell whoever must know."""
    with call.house() as house:
        house.commands.execute(Cancel(order=order_key(order), line=line), person)
        call.answer(house.queries.order(order), _show)


@click.command("resend")
@click.argument("orders", metavar="ORDER...", nargs=-1, required=True)
@person_options
@call_options
def resend_command(call: Call, person: Person, orders: tuple[str, ...]) -> None:
    """Send what came back or was refused once more, to the addresses as they are now.

    Mend the address first: a partner's in rules/partners, a buyer's with `record --buyer-email`. What had come back is
    held no more then, and the order's clocks go on.
    """
    with call.house() as house:
        for order in orders:
            house.commands.execute(Resend(order=order_key(order)), person)
        if len(orders) == 1:
            call.answer(house.queries.order(orders[0]), _show)
        else:
            call.answer([house.queries.order(order) for order in orders], _resent)


def _resent(orders: Json) -> None:
    about = ", ".join(plain(one["order"]) for one in orders)
    click.echo(f"Seen to: {about}. What still has to be said leaves once more.")


def _list(orders: Json, zone: tzinfo) -> None:
    """In the operator's zone, as all lists are, whatever the markets of the orders."""
    rows = [
        (o["order"], _state(o), o["fulfiller"] or o["seller"], moment(o["ship_by"], zone), o["complete"])
        for o in orders
    ]
    table(("order", "state", "with", "ship by", "complete"), rows, "No orders yet. Drop a file into inbox/orders/.")
    if orders:
        times_in(zone)


def _show(order: Json) -> None:
    facts(
        [
            ("order", order["order"]),
            ("state", order["state"]),
            ("seller", order["seller"]),
            ("merchant", order["merchant"]),
            ("fulfiller", order["fulfiller"]),
            ("market", f"{order['market']}, times: {market_zone(order['market'])}"),
            ("placed", moment(order["placed_at"])),
            ("paid", _paid(order) or moment(order["paid_at"])),
            ("ship by", moment(order["ship_by"])),
            ("incoterm", order["incoterm"]),
            ("complete", order["complete"]),
            ("no reminders since", moment(order["no_reminders_since"])),
            ("missing", [_missing(one) for one in order["missing"]]),
            ("held", order["held"]),
            *((f"line {one['line']}", _line(one)) for one in order["lines"]),
            *(("parcel", _parcel(one)) for one in order["shipments"]),
            *(("problem", _problem(one)) for one in order["problems"]),
            *(("duties", _claim(one)) for one in order["claims"]),
            *(("return", _return(one)) for one in order["returns"]),
            *(("deadline", f"{one['kind']} {moment(one['due'])} {one['state']}") for one in order["deadlines"]),
        ]
    )
    click.echo()
    history(order["history"])


def _paid(order: Json) -> str:
    """How much of an order is paid, where it is not all."""
    amount = order["paid_amount"]
    if not order["paid_at"] or amount is None or Decimal(amount) >= Decimal(order["total"]):
        return ""
    return f"{amount} of {order['total']} {order['currency']}, {moment(order['paid_at'])}"


def _state(order: Json) -> str:
    partly = _paid(order).partition(",")[0]
    return f"{order['state']} ({partly})" if partly else str(order["state"])


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


def _claim(claim: Json) -> str:
    back = f"refunded {moment(claim['refunded_at'])}" if claim["refunded_at"] else "not refunded yet"
    when = "on return, " if claim["on_return"] else ""
    return f"{claim['amount']} {claim['currency']}, {when}claimed {moment(claim['claimed_at'])}, {back}"


def _return(returned: Json) -> str:
    number = f"{returned['number']}: " if returned["number"] else ""
    words = "".join(f", {word}" for word in (returned["condition"], returned["reason"]) if word)
    back = f", refunded {moment(returned['refunded_at'])}" if returned["refunded_at"] else ""
    where = f"line {returned['line']}, {returned['state']} {returned['day']}"
    return f"{number}{returned['quantity']} of {where}{words}{back}"


def _problem(problem: Json) -> str:
    told = (
        f"buyer told {moment(problem['buyer_notified_at'])}" if problem["buyer_notified_at"] else "buyer not told yet"
    )
    until = f" until {problem['new_date']}" if problem["new_date"] else ""
    solved = ", resolved" if problem["resolved_at"] else ""
    return f"{problem['kind']}{until}, since {moment(problem['detected_at'])}, {told}{solved}"
