"""Senders whom a person has told us to trust: they may speak for a partner from then on."""

from collections.abc import Mapping

from msgspec.structs import replace

from daemon.domain.identifiers import PartnerId
from daemon.rules.rulebook import Rulebook
from daemon.store import sources
from daemon.store.database import Database

_TRUSTED = "trusted:"


def trust(database: Database, partner: PartnerId, sender: str) -> None:
    """Let this address speak for the partner from now on."""
    with database.writing() as connection:
        sources.set_control(connection, f"{_TRUSTED}{partner}:{sender.casefold()}", "yes")


def trusted(database: Database) -> Mapping[str, tuple[str, ...]]:
    """The trusted addresses of each partner."""
    found: dict[str, tuple[str, ...]] = {}
    with database.reading() as connection:
        for key in sorted(sources.controls(connection, _TRUSTED)):
            partner, _, sender = key.removeprefix(_TRUSTED).partition(":")
            found[partner] = (*found.get(partner, ()), sender)
    return found


def with_trusted(rulebook: Rulebook, senders: Mapping[str, tuple[str, ...]]) -> Rulebook:
    """The rulebook with the trusted senders among its partners' addresses; they never become where we write to."""
    if not senders:
        return rulebook
    partners = tuple(
        replace(one, email=tuple(dict.fromkeys((*one.email, *senders.get(one.id, ()))))) for one in rulebook.partners
    )
    return replace(rulebook, partners=partners)
