"""Finds what reading may know beforehand: whose mail this is and which of our mails it answers."""

from collections.abc import Sequence

from sqlalchemy import Connection

from daemon.domain.arrival import Arrival, ArrivalKind
from daemon.domain.identifiers import MessageId
from daemon.domain.policy import Policy
from daemon.domain.snapshot import Context, Conversation
from daemon.engine.tokens import Tokens
from daemon.reading.glance import Glance, glance
from daemon.rules.rulebook import Rulebook
from daemon.store import conversations


def look(arrival: Arrival, raw: bytes) -> Glance | None:
    """The cheap look at a mail's envelope and header; a file has none."""
    return glance(raw, arrival.envelope) if arrival.kind is ArrivalKind.MAIL else None


def find(
    connection: Connection, arrival: Arrival, found: Glance | None, tokens: Tokens, rulebook: Rulebook, policy: Policy
) -> Context:
    """By token first, then by a Message-ID of ours (contract §5)."""
    if found is None:
        partner = rulebook.partner_of_party(arrival.party) if arrival.party else None
        return Context(party=arrival.party, partner=partner.id if partner else None, own_addresses=policy.own_addresses)
    by_token = conversations.load(connection, tokens.conversations_at(found.recipients))
    by_message = conversations.of_messages(connection, found.messages)
    conversation = next(iter(by_token.values()), None)
    proven = "token" if conversation else None
    if conversation is None and by_message:
        conversation, proven = _nearest(found.messages, by_message), "message-id"
    if conversation is None:
        return Context(own_addresses=policy.own_addresses)
    partner = rulebook.partner(conversation.partner) if conversation.partner else None
    return Context(
        conversation=conversation,
        proven=proven,
        ours=conversations.texts(connection, conversation.id, found.messages),
        party=partner.party if partner else None,
        partner=conversation.partner,
        own_addresses=policy.own_addresses,
    )


def _nearest(messages: Sequence[MessageId], known: dict[MessageId, Conversation]) -> Conversation:
    """The conversation of the mail that is answered: the first of ours that In-Reply-To and References name."""
    return next(known[one] for one in messages if one in known)
