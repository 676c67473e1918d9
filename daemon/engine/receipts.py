"""When a sender gets his rows back: once they are decided, and anew when a person has settled what was held."""

from collections.abc import Sequence
from datetime import datetime

from msgspec.structs import replace
from sqlalchemy import Connection

from daemon.domain.arrival import ArrivalKind
from daemon.domain.decision import Decision, RowResult, RowVerdict
from daemon.domain.effect import Effect, WriteReceipt
from daemon.engine.premises import Premises
from daemon.rules.rulebook import Rulebook
from daemon.store import outbox, portions
from daemon.store.arrivals import Stored
from daemon.store.portions import Portion


def receipt_of(stored: Stored, rulebook: Rulebook, language: str, turn: str = "") -> tuple[Effect, ...]:
    """The receipt of a dropped file, in its sender's language; nothing for a mail.

    `turn` tells a later receipt from the first, as does how often a person had the file read again.
    """
    arrival = stored.arrival
    if arrival.kind is not ArrivalKind.FILE or not arrival.party:
        return ()
    partner = rulebook.partner_of_party(arrival.party)
    spoken = partner.language if partner else language
    again = str(stored.rereads) if stored.rereads else ""
    key = ":".join(filter(None, ("receipt", arrival.id, again, turn)))
    return (WriteReceipt(key=key, party=arrival.party, name=arrival.name, arrival=arrival.id, language=spoken),)


def answer_anew(
    connection: Connection,
    stored: Stored,
    released: Sequence[tuple[Portion, Decision]],
    premises: Premises,
    now: datetime,
) -> None:
    """Keep what became of the rows after a release, and write its receipt beside the first one."""
    effects = receipt_of(stored, premises.editions.current, premises.policy.language, "released")
    if not effects:
        return
    for portion, decision in released:
        verdicts = _after(portion.decision.verdicts, decision.verdicts)
        kept = replace(portion, decision=replace(portion.decision, verdicts=verdicts))
        portions.keep(connection, stored.arrival.id, kept)
    outbox.queue(connection, effects, premises.names, now)


def _after(before: Sequence[RowVerdict], since: Sequence[RowVerdict]) -> tuple[RowVerdict, ...]:
    """A row that was held is what the release made of it; what was taken before stays taken."""
    new = {one.number: one for one in since}
    return tuple(new.get(one.number, one) if one.result is RowResult.HELD else one for one in before)
