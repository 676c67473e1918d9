"""Mails that somebody hands on: which numbers in them count, whoever wrote them."""

import re
from collections.abc import Iterable, Sequence
from datetime import date

from msgspec.structs import replace

from daemon.domain.document import Mail
from daemon.domain.finding import DeviceNamed, Doubt, Finding, Parcel, Said, Statement
from daemon.domain.identifiers import order_key
from daemon.domain.snapshot import Context
from daemon.reading.dates import past_days
from daemon.reading.mails.handed_on import HandedOn
from daemon.reading.texts.mentions import are_alike
from daemon.reading.texts.text_findings import text_findings
from daemon.rules.rulebook import Rulebook

HANDED_ON = "forwarded mail"
"""Where a number stands that was found below the writer's words."""
_NUMBER = re.compile(r"[0-9]{3,}")
"""What may be the number of another order, in the words of a colleague."""


def read_handed_on(
    below: Sequence[HandedOn], said: Sequence[Finding], context: Context, rulebook: Rulebook, day: date
) -> list[Finding]:
    """The numbers in a carrier's mail that is handed on below the sender's words, be they written on another day.

    A colleague may have handed it on before, with words of his own. It counts where one of its mails names our order,
    or somebody says that the goods have left and none names another.
    """
    at = next((at for at, one in enumerate(below) if rulebook.carrier_book.named(one.sender)), None)
    if at is None:
        return []
    stranger = replace(context, proven=None)
    about = set(context.conversation.about if context.conversation else ())
    told = [*said]
    orders: list[str] = []
    for between in below[:at]:
        words = Mail(sender="", subject=between.subject, new_text=between.text)
        heard, _, named = text_findings(words, stranger, rulebook, _written_on(between, day))
        if any(map(_speaks_against, heard)) or _NUMBER.findall(_without(f"{between.subject} {between.text}", about)):
            return []
        told += heard
        orders += named
    last = below[at]
    mail = Mail(sender="", subject=last.subject, new_text=f"{last.sender}\n\n{last.text}")
    written = _written_on(last, day)
    found, _, named = text_findings(mail, stranger, rulebook, written)
    left = any(_says(one, Statement.SHIPPED) for one in told)
    if not (_names(mail, about) or about.intersection(orders) or (left and about.issuperset((*orders, *named)))):
        return []
    return [placed(_left_on(one, written), HANDED_ON) for one in counting(found, told, by_carrier=True)]


def names_another(mail: Mail, named: Iterable[str], context: Context) -> bool:
    """Whether a mail tells of an order of our house that its sender was not asked for, and of none that he was."""
    about = context.conversation.about if context.conversation else ()
    asked = {order_key(one) for one in about}
    others = {order_key(one) for one in named} - asked
    return not _names(mail, about) and any(are_alike(mine, other) for mine in asked for other in others)


def _names(mail: Mail, orders: Iterable[str]) -> bool:
    return any(one in f"{mail.subject}\n{mail.new_text}" for one in orders)


def _without(text: str, orders: Iterable[str]) -> str:
    for one in orders:
        text = text.replace(one, " ")
    return text


def _written_on(below: HandedOn, day: date) -> date:
    days = {one.day for one in past_days(below.sent, day)}
    return days.pop() if len(days) == 1 else day


def _speaks_against(finding: Finding) -> bool:
    """Whether a colleague's words keep the number below them from being taken as they are."""
    if isinstance(finding, Said):
        return finding.statement not in {Statement.SHIPPED, Statement.NOTHING}
    return True


def _left_on(finding: Finding, day: date) -> Finding:
    """A parcel of which a carrier tells left on the day of his mail, unless that names another."""
    return replace(finding, shipped_on=finding.shipped_on or day) if isinstance(finding, Parcel) else finding


def as_link(mail: Mail) -> HandedOn:
    """A mail that is attached, as one of those that handed another on."""
    who = f"{mail.sender_name} @{mail.sender.rpartition('@')[2]}"
    return HandedOn(sender=who, sent="", subject=mail.subject, text=mail.new_text)


def counting(found: Sequence[Finding], told: Sequence[Finding], *, by_carrier: bool) -> list[Finding]:
    """What counts of a mail that is handed on.

    A carrier tells of every stage of a parcel: its number is only proposed where nobody says that the goods have left.
    """
    left = not by_carrier or any(_says(one, Statement.SHIPPED) for one in (*found, *told))
    return [_proposed(one) if isinstance(one, Parcel) and not left else one for one in found if _counts(one)]


def _proposed(parcel: Parcel) -> Doubt:
    values = {"carrier": parcel.carrier or ""}
    return Doubt(
        evidence=parcel.evidence, order=parcel.order, code="not_said_to_have_left", value=parcel.number, values=values
    )


def _counts(finding: Finding) -> bool:
    """A carrier that only announces a parcel says so of its number, whoever hands his mail on."""
    return isinstance(finding, Parcel | DeviceNamed | Doubt) or _says(finding, Statement.NOT_SHIPPED)


def _says(finding: Finding, statement: Statement) -> bool:
    return isinstance(finding, Said) and finding.statement is statement


def placed(finding: Finding, name: str) -> Finding:
    """The finding with the attachment's name before its place."""
    where = finding.evidence.where
    return replace(finding, evidence=replace(finding.evidence, where=name if where == name else f"{name}, {where}"))
