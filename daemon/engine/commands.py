"""Carries out what a person wants: the same checks, the same commit, with his name in the history."""

import logging
from datetime import datetime

from sqlalchemy import Connection

from daemon.deciding import command as command_deciding
from daemon.deciding.letters import NOTICES
from daemon.deciding.mails import CAME_BACK
from daemon.domain.deadline import partner_subject
from daemon.domain.identifiers import order_key
from daemon.domain.reason import Reason, reason
from daemon.domain.stimulus import Command, Person, Record, Remind, Resend
from daemon.engine import brakes
from daemon.engine.premises import Premises
from daemon.engine.remembering import settle
from daemon.engine.saying import Saying
from daemon.engine.ticker import Ticker
from daemon.engine.views import SyncView
from daemon.errors import RefusedError, StaleError, UnknownIdError
from daemon.store import arrivals, commit, deadlines, held_arrivals, inquiries, orders, snapshots, sources
from daemon.store.arrivals import ArrivalState

_RACES = 3

log = logging.getLogger(__name__)


def _sees_to(command: Resend | Record, why: Reason) -> bool:
    """Whether a command answers a mail that came back: it leaves once more, or its buyer has been told otherwise."""
    if isinstance(command, Resend):
        return why.code in CAME_BACK
    return command.buyer_told and why.code in CAME_BACK and why.values.get("template") in NOTICES


class Commands:
    def __init__(self, premises: Premises, saying: Saying, ticker: Ticker) -> None:
        self._premises = premises
        self._saying = saying
        self._ticker = ticker

    def execute(self, command: Command, person: Person) -> tuple[str, ...]:
        """Carry a command out; the ids of what it was about. Raises RefusedError or UnknownIdError."""
        premises = self._premises
        for attempt in range(_RACES):
            now = premises.clock()
            try:
                with premises.database.writing() as connection:
                    snapshot = snapshots.load(connection, command_deciding.lookup(command))
                    decision = command_deciding.decide(
                        command, person, snapshot, premises.editions.current, premises.policy, now
                    )
                    commit.write(connection, decision, premises.names, now)
                    if isinstance(command, Resend | Record):
                        self._settle_bounces(connection, command, person, now)
            except StaleError:
                if attempt == _RACES - 1:
                    raise RefusedError(reason("moved_meanwhile")) from None
                continue
            return decision.about
        raise AssertionError

    def _settle_bounces(self, connection: Connection, command: Resend | Record, person: Person, now: datetime) -> None:
        """What came back has been seen to, and the order's clocks go on."""
        ids = held_arrivals.about(connection, command.order)
        about = arrivals.about(connection, ids)
        for stored in held_arrivals.listed(connection, ids):
            alone = [order_key(one) for one in about.get(stored.arrival.id, ())] == [command.order]
            if alone and all(_sees_to(command, one) for one in stored.reasons):
                settle(connection, stored, ArrivalState.RELEASED, person, self._premises.names, now)

    def remind(self, what: str, person: Person) -> tuple[str, ...]:
        """Remind again about an order or inquiry, or about all of a partner; the ids of those about which."""
        if self._premises.editions.current.partner(what) is None:
            return self.execute(Remind(about=(what,)), person)
        with self._premises.database.reading() as connection:
            silent = [one.number for one in orders.left_alone(connection, what)]
            silent += [one.id for one in inquiries.listed(connection) if what in one.left_alone]
            own = deadlines.of(connection, [partner_subject(what)], only_awaited=True)
            silent += [what] if what in sources.left_alone(connection) or any(one.left_alone for one in own) else []
        if not silent:
            raise RefusedError(reason("reminders_run_already", about=what))
        return self.execute(Remind(about=tuple(silent)), person)

    def pause(self, what: str, person: Person) -> None:
        """Stop sending: everything, `mail`, or what goes to one partner."""
        self._know(what)
        log.info("%s pauses %s", person.name, what)
        with self._premises.database.writing() as connection:
            brakes.pause(connection, what, self._premises.clock())

    def resume(self, what: str, person: Person) -> None:
        """Send again; `all` ends every pause, and lets go of the breaker."""
        self._know(what)
        log.info("%s resumes %s", person.name, what)
        with self._premises.database.writing() as connection:
            brakes.resume(connection, None if what == "all" else what, self._premises.clock())

    def _know(self, what: str) -> None:
        if what not in {"all", "mail"} and self._premises.editions.current.partner(what) is None:
            raise UnknownIdError(what)

    def sync(self, merchant: str | None, person: Person) -> list[SyncView]:
        """Run the Fulfillment sync now."""
        if merchant is not None and self._premises.editions.current.partner(merchant) is None:
            raise UnknownIdError(merchant)
        now = self._premises.clock()
        with self._premises.database.writing() as connection:
            synced = self._ticker.sync(connection, merchant, person.name, now)
        return [
            SyncView(
                merchant=one.merchant,
                fulfiller=one.fulfiller,
                warehouse=one.warehouse,
                inquiry=one.id,
                synced_at=one.synced_at.astimezone(self._saying.zone).isoformat() if one.synced_at else None,
            )
            for one in synced
        ]
