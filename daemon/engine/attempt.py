"""Reads and decides something as if it arrived now, and changes nothing (`postbote try`)."""

from msgspec.structs import replace

from daemon.deciding import arrival as deciding
from daemon.deciding import match
from daemon.domain.arrival import Arrival, ArrivalKind
from daemon.domain.decision import Decision, Disposition
from daemon.domain.finding import Reading
from daemon.domain.identifiers import ArrivalId
from daemon.domain.reason import reason
from daemon.engine import context
from daemon.engine.child import Task
from daemon.engine.premises import Premises
from daemon.engine.reader import Reader, Unread
from daemon.engine.saying import Saying
from daemon.engine.views import ExplainView
from daemon.store import snapshots

_PORTIONS = 10


class Attempt:
    def __init__(self, premises: Premises, reader: Reader, saying: Saying) -> None:
        self._premises = premises
        self._reader = reader
        self._saying = saying

    def view(self, name: str, raw: bytes, party: str | None, rules: str) -> ExplainView:
        """What an edition would read and decide of a file; of a long table only its first portions are tried.

        `party` is whose folder it would lie in; without one an `.eml` is a mail, and anything else a file of orders.
        """
        is_mail = party == "mail" or (party is None and name.casefold().endswith(".eml"))
        arrival = Arrival(
            id=ArrivalId("try"),
            kind=ArrivalKind.MAIL if is_mail else ArrivalKind.FILE,
            source="try",
            name=name,
            received_at=self._premises.clock(),
            party=None if is_mail else party or "orders",
            size=len(raw),
        )
        parts: list[tuple[Reading, Decision]] = []
        position: int | None = 0
        while position is not None and len(parts) < _PORTIONS:
            reading, decision = self._portion(replace(arrival, position=position), raw, rules)
            parts.append((reading, decision))
            position = reading.next_position
        held = any(decision.disposition is Disposition.HELD for _, decision in parts)
        return self._saying.explain(None, parts, (Disposition.HELD if held else parts[-1][1].disposition).value)

    def _portion(self, arrival: Arrival, raw: bytes, rules: str) -> tuple[Reading, Decision]:
        premises = self._premises
        rulebook, now = premises.editions.by_hash(rules) or premises.editions.current, premises.clock()
        with premises.database.reading() as connection:
            found = context.look(arrival, raw)
            known = context.find(connection, arrival, found, premises.tokens, rulebook, premises.policy)
        task = Task(arrival=arrival, context=known, rulebook=rulebook.hash, raw=raw)
        reading = self._reader.begin([task])()[0]
        if isinstance(reading, Unread):
            return Reading(documents=()), Decision(disposition=Disposition.HELD, reasons=(reason("reading_failed"),))
        with premises.database.reading() as connection:
            snapshot = snapshots.load(connection, match.lookup(reading, known))
        return reading, deciding.decide(arrival, reading, known, snapshot, rulebook, premises.policy, now)
