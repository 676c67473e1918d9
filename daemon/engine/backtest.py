"""Reads and decides kept arrivals again by other rules, each against the state it was decided on; changes nothing.

Of a long table every portion is read again, one at a time. The state is kept of its first portion alone, for it holds
buyers, whom an erasure must find: of the others what they say is compared, not what would follow.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from msgspec.structs import replace
from sqlalchemy import Connection

from daemon.deciding import arrival as deciding
from daemon.domain.arrival import Arrival
from daemon.domain.decision import Decision, Disposition
from daemon.domain.effect import SendMail
from daemon.domain.finding import Reading
from daemon.domain.reason import reason
from daemon.domain.snapshot import Context, Snapshot
from daemon.domain.values import Value
from daemon.engine.child import Task
from daemon.engine.premises import Premises
from daemon.engine.reader import Reader, Unread
from daemon.engine.saying import Saying, changes_of, reasons_of
from daemon.engine.views import BacktestView, DifferenceView, OutcomeView
from daemon.store import arrivals, portions

_TOGETHER = 64


class _Kept(Value, frozen=True, kw_only=True):
    """A portion of an arrival with what it was read and decided on; `snapshot` is that of the first alone."""

    arrival: Arrival
    raw: bytes | None
    rulebook: str
    reading: Reading
    decision: Decision
    context: Context
    snapshot: Snapshot | None
    decided_at: datetime


class _Room:
    """How many portions may still be read; None: all."""

    def __init__(self, left: int | None) -> None:
        self._left = left

    def take(self, count: int) -> bool:
        """Whether there is room for so many more."""
        if self._left is not None:
            self._left -= count
        return self._left is None or self._left >= 0


class Backtest:
    def __init__(self, premises: Premises, reader: Reader, saying: Saying) -> None:
        self._premises = premises
        self._reader = reader
        self._saying = saying

    def run(
        self,
        rulebook: str,
        since: datetime,
        *,
        beyond: str | None = None,
        at_most: int | None = None,
        told: Callable[[int, int], None] = lambda _done, _all: None,
    ) -> BacktestView:
        """What would be read or decided differently under an edition of the rules.

        With `beyond`, only that in which it differs from another edition as well, such as the one in force. At most
        `at_most` portions are read, beginning with those of the latest arrivals. Of an arrival the first portion that
        differs is told.
        """
        with self._premises.database.reading() as connection:
            ids = arrivals.since(connection, since)[-(at_most or 0) :]
        room = _Room(at_most)
        room.take(len(ids))
        tested = 0
        differences: list[DifferenceView] = []
        for start in range(0, len(ids), _TOGETHER):
            some = ids[start : start + _TOGETHER]
            with self._premises.database.reading() as connection:
                kept = [found for id_ in some if (found := self._kept(connection, id_))]
            tested += len(kept)
            at_once = {one.id: one for one in self._differences(kept, rulebook, beyond)}
            for one in kept:
                known = at_once.get(one.arrival.id)
                if difference := known or self._later_difference(one, rulebook, beyond, room):
                    differences.append(difference)
            told(start + len(some), len(ids))
        return BacktestView(
            since=since.astimezone(self._saying.zone).isoformat(),
            rules=rulebook,
            tested=tested,
            not_kept=len(ids) - tested,
            different=len(differences),
            differences=tuple(differences),
        )

    def _kept(self, connection: Connection, id_: str) -> _Kept | None:
        """The first portion; None where the bytes, or what it was decided on, are no longer there."""
        stored, portion = arrivals.get(connection, id_), portions.get(connection, id_, 0)
        if stored is None or portion is None or portion.snapshot is None or portion.context is None:
            return None
        raw = arrivals.raw(connection, id_)
        if raw is None and not (stored.arrival.path and self._place(stored.arrival.path).is_file()):
            return None
        return _Kept(
            arrival=replace(stored.arrival, position=0),
            raw=raw,
            rulebook=portion.rulebook,
            reading=portion.reading,
            decision=portion.decision,
            context=portion.context,
            snapshot=portion.snapshot,
            decided_at=stored.decided_at or stored.arrival.received_at,
        )

    def _later(self, first: _Kept) -> Iterator[_Kept]:
        """The other portions of a long table, one at a time."""
        position = first.reading.next_position
        while position is not None:
            with self._premises.database.reading() as connection:
                portion = portions.get(connection, first.arrival.id, position)
            if portion is None:
                return
            yield replace(
                first,
                arrival=replace(first.arrival, position=position),
                rulebook=portion.rulebook,
                reading=portion.reading,
                decision=portion.decision,
                snapshot=None,
            )
            position = portion.reading.next_position

    def _later_difference(self, first: _Kept, rulebook: str, beyond: str | None, room: _Room) -> DifferenceView | None:
        """The first of the other portions that would be read differently."""
        for one in self._later(first):
            if not room.take(1):
                break
            if found := self._differences([one], rulebook, beyond):
                return found[0]
        return None

    def _place(self, path: str) -> Path:
        return self._premises.home / path

    def _differences(self, kept: Sequence[_Kept], rulebook: str, beyond: str | None) -> list[DifferenceView]:
        pairs = zip(kept, self._outcomes(kept, rulebook), strict=True)
        found = [(one, old, new) for one, new in pairs if (old := self._then(one)) != new]
        if beyond and found:
            others = self._outcomes([one for one, _, _ in found], beyond)
            found = [(one, other, new) for (one, _, new), other in zip(found, others, strict=True) if other != new]
        return [
            DifferenceView(
                id=one.arrival.id,
                received_at=one.arrival.received_at.astimezone(self._saying.zone).isoformat(),
                source=one.arrival.source,
                name=one.arrival.name,
                excerpt=one.reading.excerpt,
                old=old,
                new=new,
            )
            for one, old, new in found
        ]

    def _then(self, one: _Kept) -> OutcomeView:
        return self._outcome(one, one.reading, one.rulebook)

    def _outcomes(self, kept: Sequence[_Kept], rulebook: str) -> list[OutcomeView]:
        tasks = [self._task(one, rulebook) for one in kept]
        readings = self._reader.begin(tasks)() if tasks else []
        return [self._outcome(one, read, rulebook) for one, read in zip(kept, readings, strict=True)]

    def _task(self, one: _Kept, rulebook: str) -> Task:
        path = str(self._place(one.arrival.path)) if one.raw is None and one.arrival.path else None
        return Task(arrival=one.arrival, context=one.context, rulebook=rulebook, raw=one.raw, path=path)

    def _outcome(self, one: _Kept, read: Reading | Unread, rulebook: str) -> OutcomeView:
        if isinstance(read, Unread):
            return self._view((), Decision(disposition=Disposition.HELD, reasons=(reason("reading_failed"),)))
        if one.snapshot is None:
            return self._view(self._said(read), Decision(disposition=one.decision.disposition))
        editions, policy = self._premises.editions, self._premises.policy
        rules = editions.by_hash(rulebook) or editions.current
        decision = deciding.decide(one.arrival, read, one.context, one.snapshot, rules, policy, one.decided_at)
        return self._view(self._said(read), decision)

    def _said(self, read: Reading) -> list[str]:
        views = [self._saying.finding(finding) for finding in read.findings]
        about = [", ".join(filter(None, (view.value, view.line, view.order))) for view in views]
        return [f"{view.kind}: {said}" for view, said in zip(views, about, strict=True)]

    def _view(self, findings: Sequence[str], decision: Decision) -> OutcomeView:
        mails = [f"{one.template} to {one.to}" for one in decision.effects if isinstance(one, SendMail)]
        return OutcomeView(
            decision=decision.disposition.value,
            findings=tuple(sorted(findings)),
            changes=self._saying.say_all(changes_of(decision)),
            sends=tuple(dict.fromkeys((*mails, *(decision.proposal.sends if decision.proposal else ())))),
            reasons=self._saying.say_all(reasons_of(decision)),
        )
