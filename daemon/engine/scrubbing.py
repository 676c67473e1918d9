"""What we worked out of an arrival that still waits for a person, without the buyers who have been erased since.

Its own words stay until it is settled; what a release would have sent them, and the orders as they were, go at once.
"""

from collections.abc import Collection, Sequence

from msgspec.structs import replace
from sqlalchemy import Connection

from daemon.deciding.privacy import without_buyer
from daemon.domain.decision import Decision, Proposal
from daemon.domain.effect import Effect, SendMail
from daemon.domain.identifiers import OrderKey, order_key
from daemon.domain.order import Order
from daemon.domain.snapshot import Context
from daemon.engine.proposals import together
from daemon.store import erasing, held_arrivals, portions


def scrub(connection: Connection, arrival: str, erased: Sequence[Order]) -> None:
    """Take the buyers of these orders out of what is kept of an arrival's decisions."""
    keys = {order.key for order in erased}
    addresses = [order.buyer.email for order in erased if order.buyer.email]
    proposals: list[Proposal] = []
    for position in portions.positions(connection, arrival):
        portion = portions.get(connection, arrival, position)
        if portion is None:
            continue
        if keys & set(map(order_key, portion.decision.about)):
            portion = replace(
                portion,
                snapshot=None,
                context=portion.context and _context(portion.context),
                decision=_decision(portion.decision, keys, addresses),
            )
            portions.keep(connection, arrival, portion)
        if portion.decision.proposal:
            proposals.append(portion.decision.proposal)
    held_arrivals.propose(connection, arrival, together(proposals))


def _context(context: Context) -> Context:
    """A mail of ours says where the parcel goes, and a buyer's thread is named by nobody but him."""
    thread = context.conversation
    if thread and thread.partner is None:
        thread = replace(thread, recipient="")
    return replace(context, ours=(), conversation=thread)


def _decision(decision: Decision, keys: Collection[OrderKey], addresses: Sequence[str]) -> Decision:
    return replace(
        decision,
        orders=tuple(without_buyer(one) if one.key in keys else one for one in decision.orders),
        effects=tuple(_effect(one, keys) for one in decision.effects),
        proposal=decision.proposal and _proposal(decision.proposal, addresses),
    )


def _effect(effect: Effect, keys: Collection[OrderKey]) -> Effect:
    is_about = isinstance(effect, SendMail) and any(order_key(one) in keys for one in effect.about)
    return erasing.blank(effect) if is_about else effect


def _proposal(proposal: Proposal, addresses: Sequence[str]) -> Proposal:
    """Without the mails that would have gone to them; the versions stay, so that a release is looked at again first."""
    return replace(
        proposal, sends=tuple(one for one in proposal.sends if not any(one.endswith(to) for to in addresses))
    )
