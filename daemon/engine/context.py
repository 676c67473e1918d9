"""Finds what reading may know beforehand: whose mail this is and which of our mails it answers."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from daemon.domain.arrival import Arrival, ArrivalKind
from daemon.domain.identifiers import ConversationId, MessageId
from daemon.domain.policy import Policy
from daemon.domain.snapshot import Context, Conversation
from daemon.domain.values import Value
from daemon.engine.tokens import Tokens
from daemon.reading.mails.glance import Glance, glance
from daemon.rules.rulebook import Rulebook
from daemon.store import conversations

_QUOTABLE = 5


class Seen(Value, frozen=True, kw_only=True):
    """An arrival after the cheap look (a file has none), and the edition under which it is read."""

    arrival: Arrival
    glance: Glance | None
    rulebook: Rulebook


class _Answer(Value, frozen=True, kw_only=True):
    conversation: Conversation
    proven: str


def look(arrival: Arrival, raw: bytes) -> Glance | None:
    """The cheap look at a mail's envelope and header; a file has none."""
    return glance(raw, arrival.envelope) if arrival.kind is ArrivalKind.MAIL else None


def find(
    connection: Connection, arrival: Arrival, found: Glance | None, tokens: Tokens, rulebook: Rulebook, policy: Policy
) -> Context:
    """By token first, then by a Message-ID of ours (contract §5)."""
    return find_each(connection, [Seen(arrival=arrival, glance=found, rulebook=rulebook)], tokens, policy)[0]


def find_each(connection: Connection, seen: Sequence[Seen], tokens: Tokens, policy: Policy) -> list[Context]:
    """The same for several, in as many queries as for one."""
    named = [tokens.conversations_at(one.glance.recipients) if one.glance else () for one in seen]
    messages = {message for one in seen if one.glance for message in one.glance.messages if "\x00" not in message}
    by_token = conversations.load(connection, list({id_ for ids in named for id_ in ids}))
    by_message = conversations.of_messages(connection, list(messages))
    answers = [_answer(one.glance, ids, by_token, by_message) for one, ids in zip(seen, named, strict=True)]
    ours = conversations.texts(connection, list({one.conversation.id for one in answers if one}))
    return [_context(one, answer, ours, policy) for one, answer in zip(seen, answers, strict=True)]


def _answer(
    found: Glance | None,
    named: Sequence[ConversationId],
    by_token: Mapping[str, Conversation],
    by_message: Mapping[MessageId, Conversation],
) -> _Answer | None:
    token = next((by_token[id_] for id_ in named if id_ in by_token), None)
    # The mail that is answered: the first of ours that In-Reply-To and References name.
    messages = found.messages if found else ()
    message = next((by_message[one] for one in messages if one in by_message), None)
    if token:
        answered = message if message and message.id == token.id else token
        return _Answer(conversation=answered, proven="token")
    return _Answer(conversation=message, proven="message-id") if message else None


def _context(
    seen: Seen, answer: _Answer | None, ours: Mapping[str, Sequence[tuple[MessageId, str]]], policy: Policy
) -> Context:
    if seen.glance is None:
        party = seen.arrival.party
        partner = seen.rulebook.partner_of_party(party) if party else None
        return Context(
            party=party,
            partner=partner.id if partner else None,
            own_addresses=policy.own_addresses,
            timezone=partner.timezone if partner else policy.timezone,
        )
    if answer is None:
        return Context(own_addresses=policy.own_addresses, timezone=policy.timezone)
    conversation = answer.conversation
    partner = seen.rulebook.partner(conversation.partner) if conversation.partner else None
    return Context(
        conversation=conversation,
        proven=answer.proven,
        ours=_quotable(ours.get(conversation.id, ()), seen.glance.messages),
        party=partner.party if partner else None,
        partner=conversation.partner,
        own_addresses=policy.own_addresses,
        timezone=partner.timezone if partner else policy.timezone,
    )


def _quotable(texts: Sequence[tuple[MessageId, str]], named: Sequence[MessageId]) -> tuple[str, ...]:
    """The mails of ours that may be quoted in an answer: those it names first, then the latest."""
    first = [text for message, text in texts if message in named]
    others = [text for message, text in texts if message not in named]
    return tuple((first + others)[:_QUOTABLE])
