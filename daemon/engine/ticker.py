"""Rings the deadlines that are due and runs the periodic jobs; a clock only wakes it, the truth is in the rows."""

import logging
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from msgspec.structs import replace
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError, InterfaceError, OperationalError

from daemon.deciding import due as deciding
from daemon.deciding import sync
from daemon.domain.deadline import Deadline
from daemon.domain.decision import Decision
from daemon.domain.effect import TellOperator
from daemon.domain.inquiry import Inquiry, InquiryState
from daemon.domain.reason import reason
from daemon.domain.snapshot import Lookup, Snapshot
from daemon.domain.values import Value
from daemon.engine.hearing import Heard, Hearing
from daemon.engine.premises import Premises
from daemon.engine.together import Together
from daemon.errors import StaleError
from daemon.store import commit, deadlines, inquiries, outbox, snapshots, sources, trade

log = logging.getLogger(__name__)

_BATCH = 100
_AGAIN = timedelta(hours=1)
_RACES = 3
_FRESH = timedelta(days=30)
"""How long an order that is over is still looked at by the sync: much longer than from one sync to the next."""


class _Bell(Value, frozen=True, kw_only=True):
    """A deadline that has to ring, and what it is decided on."""

    deadline: Deadline
    lookup: Lookup
    snapshot: Snapshot


class Ticker:
    """`sync_every` is how often the Fulfillment sync runs by itself."""

    def __init__(self, premises: Premises, hearing: Hearing, *, sync_every: timedelta) -> None:
        self._premises = premises
        self._hearing = hearing
        self._sync_every = sync_every

    def ring_due(self) -> int:
        """Decide every deadline whose bell has to ring, one batch; how many rang."""
        premises = self._premises
        now = premises.clock()
        with premises.database.reading() as connection:
            heard = self._hearing.heard(connection, now)
            due = deadlines.due(connection, now, heard.until, heard.late, _BATCH)
            waiting = deadlines.waiting_for_sources(connection, now, heard.until, heard.late)
        if waiting and heard.waiting_for:
            self._say_that_bells_wait(heard, now)
        if not due:
            return 0
        return self._ring_all([one.key for one in due], now)

    def _ring_all(self, keys: Sequence[str], now: datetime) -> int:
        """In one transaction, or each in its own, so that one that fails is put off alone."""
        if len(keys) > 1:
            try:
                return self._in_one_transaction(keys, now)
            except (OperationalError, InterfaceError):
                raise
            except Exception as error:  # noqa: BLE001 - whose it is shows when each is tried alone
                log.info("ringing %d deadlines one by one (%s)", len(keys), type(error).__name__)
        return sum(self._alone(key, now) for key in keys)

    def _alone(self, key: str, now: datetime) -> int:
        for _ in range(_RACES):
            try:
                return self._in_one_transaction([key], now)
            except (StaleError, IntegrityError):
                continue
            except (OperationalError, InterfaceError):
                raise
            except Exception:
                log.exception("deadline %s could not be decided", key)
                break
        self._put_off(key, now)
        return 0

    def _in_one_transaction(self, keys: Sequence[str], now: datetime) -> int:
        rung = 0
        with self._premises.database.writing() as connection:
            together = Together(connection, self._premises.names, now)
            for seen in self._look(connection, keys, now):
                bells = [seen]
                if together.affects(seen.lookup, seen.snapshot):
                    # What rang just before may have settled it.
                    together.write()
                    bells = self._look(connection, [seen.deadline.key], now)
                for bell in bells:
                    together.add(self._decide(bell, now), bell.lookup, bell.snapshot)
                    rung += 1
            together.write()
        return rung

    def _look(self, connection: Connection, keys: Sequence[str], now: datetime) -> list[_Bell]:
        """What still has to ring, and what it is decided on."""
        waiting = [one for one in deadlines.still(connection, keys) if one.next_ring and one.next_ring <= now]
        lookups = [deciding.lookup(one) for one in waiting]
        loaded = snapshots.load_each(connection, lookups)
        return [
            _Bell(deadline=one, lookup=lookup, snapshot=snapshot)
            for one, lookup, snapshot in zip(waiting, lookups, loaded, strict=True)
        ]

    def _decide(self, bell: _Bell, now: datetime) -> Decision:
        premises, one = self._premises, bell.deadline
        decision = deciding.decide(one, bell.snapshot, premises.editions.current, premises.policy, now)
        if _moved(one, decision):
            return decision
        return replace(decision, deadlines=(*decision.deadlines, replace(one, next_ring=now + _AGAIN)))

    def _put_off(self, key: str, now: datetime) -> None:
        """One deadline that cannot be decided must not stop the house; the operator hears of it."""
        with self._premises.database.writing() as connection:
            for one in deadlines.still(connection, [key]):
                deadlines.postpone(connection, one, now + _AGAIN)
                about = (one.subject.partition(":")[2],)
                said = reason("deadline_failed", kind=one.kind.value, about=about[0])
                line = TellOperator(key=f"deadline-failed:{one.key}", reason=said, about=about)
                outbox.queue(connection, [line], self._premises.names, now)

    def _say_that_bells_wait(self, heard: Heard, now: datetime) -> None:
        day = now.astimezone(UTC).date().isoformat()
        said = reason("bells_wait_for_sources", sources=", ".join(heard.waiting_for))
        line = TellOperator(key=f"bells-wait:{','.join(heard.waiting_for)}:{day}", reason=said)
        with self._premises.database.reading() as connection:
            if outbox.get(connection, line.key) is not None:
                return
        with self._premises.database.writing() as connection:
            outbox.queue(connection, [line], self._premises.names, now)

    # Periodic jobs

    def run_jobs(self) -> int:
        """Run the jobs whose period has begun, each once whoever asks; how many did something."""
        now = self._premises.clock()
        which = _period(now, self._sync_every)
        with self._premises.database.reading() as connection:
            if not inquiries.listed(connection, state=InquiryState.ACTIVE) and not inquiries.ended(connection):
                return 0
        database = self._premises.database
        try:
            with database.writing() as connection:
                if not sources.begin_period(connection, "sync", which, now):
                    return 0
            with database.reading() as connection:
                # Mostly there is nothing to tell, and nobody has to wait for us to find out.
                if not self._decided(connection, None, "sync", now)[1].effects:
                    return 0
            with database.writing() as connection:
                return int(bool(self.sync(connection, None, "sync", now)))
        except (StaleError, IntegrityError):
            # Another daemon was first.
            return 0

    def sync(self, connection: Connection, merchant: str | None, because: str, now: datetime) -> Sequence[Inquiry]:
        """Run the Fulfillment sync; the relationships in which there was anything to tell."""
        related, decision = self._decided(connection, merchant, because, now)
        commit.write(connection, decision, self._premises.names, now)
        synced = {one.id: one for one in (*related, *decision.inquiries)}
        return [synced[one.id] for one in related if one.id in decision.about]

    def _decided(
        self, connection: Connection, merchant: str | None, because: str, now: datetime
    ) -> tuple[Sequence[Inquiry], Decision]:
        related = [
            *inquiries.listed(connection, merchant, state=InquiryState.ACTIVE),
            *inquiries.ended(connection, merchant),
        ]
        trades = [trade.load(connection, one, now - _FRESH) for one in related]
        rulebook, policy = self._premises.editions.current, self._premises.policy
        return related, sync.decide(trades, rulebook, policy, now, because=because)


def _moved(one: Deadline, decision: Decision) -> bool:
    return any(
        other.key == one.key and (other.state, other.next_ring) != (one.state, one.next_ring)
        for other in decision.deadlines
    )


def _period(now: datetime, every: timedelta) -> str:
    """The name of the period of this length in which now lies."""
    began = now.timestamp() // every.total_seconds() * every.total_seconds()
    return datetime.fromtimestamp(began, UTC).isoformat()
