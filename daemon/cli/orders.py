"""The orders: what stands where, and what a person records or cancels by hand."""

import re
from datetime import date, tzinfo
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import click

from daemon.cli.call import Call, call_options, person_options
from daemon.cli.tables import Labels, history, moment, plain, table, times_in
from daemon.domain.calendar import market_zone
from daemon.domain.goods_return import REFUNDED, ReturnState
from daemon.domain.identifiers import order_key
from daemon.domain.problem import ProblemKind
from daemon.domain.stimulus import Cancel, Person, Record, Resend
from daemon.domain.territory import COUNTRIES
from daemon.domain.values import Json
from daemon.errors import UsageError

if TYPE_CHECKING:
    from daemon.app import House

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
        zone, labels = house.saying.zone, Labels(house.saying.say)
        call.answer(house.queries.orders(), lambda found: _list(found, zone, labels))


@click.command("order")
@click.argument("order", metavar="ID")
@call_options
def order_command(call: Call, order: str) -> None:
    """Show one order with its whole history."""
    with call.house() as house:
        _answer(call, house, order)


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
        _answer(call, house, order)


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
        _answer(call, house, order)


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
            _answer(call, house, orders[0])
        else:
            labels = Labels(house.saying.say)
            found = [house.queries.order(order) for order in orders]
            call.answer(
                found, lambda found: click.echo(labels("resent", orders=plain([one["order"] for one in found])))
            )


def _answer(call: Call, house: "House", order: str) -> None:
    """Show one order as it is now."""
    labels = Labels(house.saying.say)
    call.answer(house.queries.order(order), lambda found: _show(found, labels))


def _list(orders: Json, zone: tzinfo, labels: Labels) -> None:
    """In the operator's zone, as all lists are, whatever the markets of the orders."""
    rows = [
        (
            o["order"],
            _state(o, labels),
            o["fulfiller"] or o["seller"],
            moment(o["ship_by"], zone),
            labels.is_so(o["complete"]),
        )
        for o in orders
    ]
    table(labels.heads("order", "state", "with", "ship_by", "complete"), rows, labels("no_orders"))
    if orders:
        times_in(zone, labels)


def _show(order: Json, labels: Labels) -> None:
    labels.facts(
        [
            ("order", order["order"]),
            ("state", order["state"]),
            ("seller", order["seller"]),
            ("merchant", order["merchant"]),
            ("fulfiller", order["fulfiller"]),
            ("market", f"{order['market']}, {labels('times', zone=market_zone(order['market']))}"),
            ("placed", moment(order["placed_at"])),
            ("paid", ", ".join(filter(None, (_paid(order, labels), moment(order["paid_at"]))))),
            ("ship_by", moment(order["ship_by"])),
            ("incoterm", order["incoterm"]),
            ("complete", labels.is_so(order["complete"])),
            ("no_reminders_since", moment(order["no_reminders_since"])),
            ("missing", [labels("missing_of", **one) for one in order["missing"]]),
            ("held", order["held"]),
            *(("line", _line(one, labels)) for one in order["lines"]),
            *(("parcel", _parcel(one)) for one in order["shipments"]),
            *(("problem", _problem(one, labels)) for one in order["problems"]),
            *(("duties", _claim(one, labels)) for one in order["claims"]),
            *(("return", _return(one, labels)) for one in order["returns"]),
            *(("deadline", f"{one['kind']} {moment(one['due'])} {one['state']}") for one in order["deadlines"]),
        ]
    )
    click.echo()
    history(order["history"], labels)


def _paid(order: Json, labels: Labels) -> str:
    """How much of an order is paid, where it is not all."""
    amount = order["paid_amount"]
    if not order["paid_at"] or amount is None or Decimal(amount) >= Decimal(order["total"]):
        return ""
    return labels("part_of", part=amount, whole=f"{order['total']} {order['currency']}")


def _state(order: Json, labels: Labels) -> str:
    partly = _paid(order, labels)
    return f"{order['state']} ({partly})" if partly else str(order["state"])


def _line(line: Json, labels: Labels) -> str:
    said = [labels("shipped_of", part=line["shipped"], whole=line["quantity"])]
    said += [labels("canceled_of", count=line["canceled"])] if line["canceled"] else []
    said += [f"IMEI {', '.join(line['imeis'])}"] if line["imeis"] else []
    return f"{line['line']}: {line['sku']} {line['title']}: {', '.join(said)}"


def _parcel(parcel: Json) -> str:
    number = f"{parcel['carrier'] or ''} {parcel['tracking_number']}"
    return f"{number}, {parcel['shipped_on']} {parcel['tracking_url'] or ''}"


def _claim(claim: Json, labels: Labels) -> str:
    said = [f"{claim['amount']} {claim['currency']}", labels("claimed_at", at=moment(claim["claimed_at"]))]
    said += [labels("on_return")] if claim["on_return"] else []
    back = claim["refunded_at"]
    return ", ".join([*said, labels("refunded_at", at=moment(back)) if back else labels("not_refunded")])


def _return(returned: Json, labels: Labels) -> str:
    number = f"{returned['number']}: " if returned["number"] else ""
    said = [labels("of_line", count=returned["quantity"], line=returned["line"])]
    said += [f"{returned['state']} {returned['day']}"]
    said += [word for word in (returned["condition"], returned["reason"]) if word]
    said += [labels("refunded_at", at=moment(returned["refunded_at"]))] if returned["refunded_at"] else []
    return f"{number}{', '.join(said)}"


def _problem(problem: Json, labels: Labels) -> str:
    said = [problem["kind"]]
    said += [labels("until_day", day=problem["new_date"])] if problem["new_date"] else []
    told = problem["buyer_notified_at"]
    said += [labels("since_at", at=moment(problem["detected_at"]))]
    said += [labels("buyer_told", at=moment(told)) if told else labels("buyer_not_told")]
    said += [labels("resolved")] if problem["resolved_at"] else []
    return ", ".join(said)
