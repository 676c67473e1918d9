"""Tells the operator: his lines are bundled into one mail at most every 15 minutes, and go by the alert way as well."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from daemon.domain.effect import SendMail, TellOperator
from daemon.domain.reason import reason
from daemon.engine.brakes import OPERATOR
from daemon.engine.premises import Premises
from daemon.engine.stationery import Stationery
from daemon.store import arrivals, departures, held_arrivals, outbox, sources
from daemon.store.departures import Settled
from daemon.store.outbox import OutboxKind, OutboxState, Queued

log = logging.getLogger(__name__)

_APART = timedelta(minutes=15)
_HELD_LONG = timedelta(hours=12)
_TOLD = "operator-told"
_MOST = 200

Alert = Callable[[str], None]


class OperatorDesk:
    """`alert` takes one text; it may fail, which is logged and no more."""

    def __init__(self, premises: Premises, stationery: Stationery, alert: Alert | None = None) -> None:
        self._premises = premises
        self._stationery = stationery
        self._alert = alert

    def run_jobs(self) -> int:
        """Note what has been held for long, and bundle what the operator is to know; how many lines."""
        return self.note_held_long() + self.bundle()

    def note_held_long(self) -> int:
        """Note a line for each arrival that has waited for a person for twelve hours; how many."""
        premises = self._premises
        now = premises.clock()
        with premises.database.reading() as connection:
            if not held_arrivals.untold(connection, now - _HELD_LONG):
                return 0
        with premises.database.writing() as connection:
            waiting = held_arrivals.untold(connection, now - _HELD_LONG)
            about = arrivals.about(connection, [one.arrival.id for one in waiting])
            lines = [
                TellOperator(
                    key=f"held:{one.arrival.id}",
                    reason=reason("held_long", arrival=one.arrival.id, source=one.arrival.source),
                    about=about.get(one.arrival.id, ()),
                )
                for one in waiting
            ]
            outbox.queue(connection, lines, premises.names, now)
            held_arrivals.mark_told(connection, [one.arrival.id for one in waiting], now)
        return len(waiting)

    def bundle(self) -> int:
        """Put all waiting lines into one mail, unless the last one is too recent; how many lines."""
        premises = self._premises
        now = premises.clock()
        with premises.database.reading() as connection:
            if not outbox.queued_of_kind(connection, OutboxKind.OPERATOR):
                return 0
        with premises.database.writing() as connection:
            last = sources.get_control(connection, _TOLD)
            if last is not None and timedelta(0) <= now - datetime.fromisoformat(last) < _APART:
                return 0
            lines = outbox.queued_of_kind(connection, OutboxKind.OPERATOR)[:_MOST]
            if not lines:
                return 0
            mail = self._mail(lines)
            outbox.queue(connection, [mail], premises.names, now)
            told = [Settled(key=one.key, state=OutboxState.SENT, reply=mail.key, sent_at=now) for one in lines]
            departures.settle(connection, told)
            sources.set_control(connection, _TOLD, now.isoformat())
        self._sound(lines)
        return len(lines)

    def _mail(self, lines: Sequence[Queued]) -> SendMail:
        policy = self._premises.policy
        return SendMail(
            key=f"operator:{lines[0].key}",
            template=OPERATOR,
            to=policy.operator,
            language=policy.language,
            conversation=OPERATOR,
            about=(),
            data={"lines": [_line(one.effect) for one in lines if isinstance(one.effect, TellOperator)]},
        )

    def _sound(self, lines: Sequence[Queued]) -> None:
        if self._alert is None:
            return
        language = self._premises.policy.language
        said = [
            self._stationery.say(one.effect.reason, language) for one in lines if isinstance(one.effect, TellOperator)
        ]
        try:
            self._alert("\n".join(said))
        except Exception as error:  # noqa: BLE001 - the mail goes all the same
            log.warning("the alert could not be given: %s", type(error).__name__)


def _line(line: TellOperator) -> dict[str, object]:
    said = line.reason
    return {"code": said.code, "values": dict(said.values), "where": said.where, "about": list(line.about)}
