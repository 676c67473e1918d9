"""Senders whom a person has told us to trust: they may speak for a partner from then on.

They are kept in the database, with who said so and why, so that `rules/` stays the admin's own; `postbote trusted`
lists them and ends it. Only whole addresses are ever trusted, never a domain.
"""

from collections.abc import Iterable, Mapping

import msgspec
from sqlalchemy import Connection

from daemon.domain.arrival import Verdict
from daemon.domain.document import Mail
from daemon.domain.order import Order
from daemon.domain.partner import Partner
from daemon.domain.reason import reason
from daemon.domain.snapshot import Context
from daemon.domain.values import Value
from daemon.errors import RefusedError
from daemon.rules.rulebook import Rulebook
from daemon.store import sources
from daemon.store.database import Database

_TRUSTED = "trusted:"


class Trust(Value, frozen=True, kw_only=True):
    """`arrival` is the mail for which a person trusted its sender; `at` is ISO 8601."""

    partner: str
    sender: str
    by: str
    why: str
    at: str
    arrival: str


def trust(connection: Connection, one: Trust) -> None:
    """Let this address speak for the partner from now on."""
    sources.set_control(connection, _key(one.partner, one.sender), msgspec.json.encode(one).decode())


def distrust(connection: Connection, sender: str) -> list[Trust]:
    """Let an address speak for nobody any more, except as the rules have it; what it was trusted for."""
    found = [one for one in listed(connection) if one.sender == sender.casefold()]
    for one in found:
        sources.set_control(connection, _key(one.partner, one.sender), None)
    return found


def listed(connection: Connection) -> list[Trust]:
    """Everybody who is trusted, by partner."""
    return [msgspec.json.decode(one, type=Trust) for _, one in sorted(sources.controls(connection, _TRUSTED).items())]


def trusted(database: Database) -> Mapping[str, tuple[str, ...]]:
    """The trusted addresses of each partner."""
    found: dict[str, tuple[str, ...]] = {}
    with database.reading() as connection:
        for one in listed(connection):
            found[one.partner] = (*found.get(one.partner, ()), one.sender)
    return found


def said(one: Trust) -> str:
    """A trust in one sentence."""
    why = f": {one.why}" if one.why else ""
    return f"{one.sender} may speak for {one.partner} since {one.at[:10]} by the word of {one.by}{why}"


def to_be_trusted(
    mail: Mail | None, context: Context, about: Iterable[Order], rulebook: Rulebook
) -> tuple[Partner, str]:
    """For whom the sender of a mail would speak: whom we wrote to in this thread, else the orders' only shipper.

    Raises RefusedError where it is not certain who he is or for whom he speaks.
    """
    if mail is None or not mail.sender or mail.sender_doubt or mail.verdict is Verdict.FAIL:
        raise RefusedError(reason("no_sender_to_trust"))
    sender, orders = mail.sender.casefold(), list(about)
    thread = context.conversation
    partners = {context.partner} if context.partner else {one.shipper for one in orders} if thread is None else set()
    partner = rulebook.partner(partners.pop()) if len(partners) == 1 else None
    ours = {one.casefold() for one in context.own_addresses} | {one.buyer.email.casefold() for one in orders}
    if partner is None or sender in ours:
        raise RefusedError(reason("no_sender_to_trust"))
    if any(one.role is partner.role and one.id != partner.id for one in rulebook.speakers(sender)):
        raise RefusedError(reason("sender_of_several", sender=sender))
    return partner, sender


def _key(partner: str, sender: str) -> str:
    return f"{_TRUSTED}{partner}:{sender}"
