"""Whether a changed rule set may go live: where it reads kept arrivals differently, a person accepts it first."""

import logging
from datetime import timedelta

import msgspec
from sqlalchemy import Connection

from daemon.domain.effect import TellOperator
from daemon.domain.reason import reason
from daemon.domain.values import Value
from daemon.engine.backtest import Backtest
from daemon.engine.premises import Premises
from daemon.store import outbox, sources

log = logging.getLogger(__name__)

_ACCEPTED = "rules_accepted"
_WAITING = "rules_waiting"
_AT_MOST = 2000
"""A daemon that is asked to stop must not be reading a month of mail again; `backtest` itself tries everything."""


class Waiting(Value, frozen=True, kw_only=True):
    """A rule set, known by its hash, that would read `different` of `tested` kept arrivals differently."""

    rules: str
    different: int
    tested: int


def waiting(connection: Connection) -> Waiting | None:
    """The rule set that waits to be accepted, if there is one."""
    found = sources.get_control(connection, _WAITING)
    return msgspec.json.decode(found, type=Waiting) if found else None


class GoingLive:
    """`span` is how far back kept arrivals are tried; None: a right rule set goes live at once."""

    def __init__(self, premises: Premises, backtest: Backtest, span: timedelta | None) -> None:
        self._premises = premises
        self._backtest = backtest
        self._span = span

    def put_in_force(self, rules: str) -> bool:
        """Put a prepared edition in force if it may go live; whether it is in force now."""
        editions = self._premises.editions
        before = editions.current.hash
        if rules != before and self._span is not None and self.accepted() != rules and not self._agrees(rules, before):
            return False
        editions.put_in_force(rules)
        self._note_waiting(None)
        return True

    def _agrees(self, rules: str, before: str) -> bool:
        """Whether it reads everything as the set in force does; if not, that is noted and the operator told."""
        known = self.waiting()
        if known and known.rules == rules:
            return False
        now = self._premises.clock()
        since = now - (self._span or timedelta())
        found = self._backtest.run(rules, since, beyond=before, at_most=_AT_MOST)
        if not found.different:
            return True
        log.warning("the changed rules read %d of %d kept arrivals differently", found.different, found.tested)
        self._note_waiting(Waiting(rules=rules, different=found.different, tested=found.tested))
        return False

    def _note_waiting(self, one: Waiting | None) -> None:
        if one == self.waiting():
            return
        with self._premises.database.writing() as connection:
            sources.set_control(connection, _WAITING, msgspec.json.encode(one).decode() if one else None)
            if one:
                what = reason("rules_read_differently", different=one.different, tested=one.tested)
                line = TellOperator(key=f"rules:{one.rules}", reason=what)
                outbox.queue(connection, [line], self._premises.names, self._premises.clock())

    def waiting(self) -> Waiting | None:
        """The set that waits to be accepted."""
        with self._premises.database.reading() as connection:
            return waiting(connection)

    def accept(self, rules: str) -> None:
        """A person wants this set, whatever it reads differently."""
        with self._premises.database.writing() as connection:
            sources.set_control(connection, _ACCEPTED, rules)

    def accepted(self) -> str | None:
        """The set that a person accepted last."""
        with self._premises.database.reading() as connection:
            return sources.get_control(connection, _ACCEPTED)
