"""What keeps mail from leaving: a person's pause, the rate an account allows, and the breaker against a storm."""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from daemon.domain.effect import TellOperator
from daemon.domain.reason import reason
from daemon.domain.values import Value
from daemon.store import outbox, sources
from daemon.store.conversations import Names

OPERATOR = "operator"
"""The one template that still leaves when the breaker is open: the operator must hear of it."""

_PAUSED = "paused:"
_ALL = "all"
_MAIL = "mail"
_BREAKER = "breaker"
_RESET = "breaker-reset"
_HOUR = timedelta(hours=1)
_MINUTE = timedelta(minutes=1)
_MANY = 1_000_000


class Allowance(Value, frozen=True, kw_only=True):
    """How many mails may leave now, to whom not, and whether only those of one template."""

    mails: int
    paused: tuple[str, ...] = ()
    only_template: str | None = None


class Brakes:
    """The limits of this installation; `per_minute` is None where the account sets none."""

    def __init__(self, names: Names, *, mails_per_hour: int, per_minute: int | None = None) -> None:
        self._names = names
        self._mails_per_hour = mails_per_hour
        self._per_minute = per_minute

    def allowance(self, connection: Connection, now: datetime) -> Allowance:
        """What may leave now; opens the breaker, and says so to the operator, when the hour is full."""
        paused = paused_now(connection)
        if {_ALL, _MAIL} & set(paused):
            return Allowance(mails=0)
        if sources.get_control(connection, _BREAKER) is not None:
            return Allowance(mails=1, only_template=OPERATOR)
        left = self._left_this_hour(connection, now)
        if left <= 0:
            self._open_breaker(connection, now)
            return Allowance(mails=1, only_template=OPERATOR)
        return Allowance(mails=min(left, self._left_this_minute(connection, now)), paused=paused)

    @staticmethod
    def files(connection: Connection) -> Allowance | None:
        """Whether files may be written, and for whom not; None while everything is paused."""
        paused = paused_now(connection)
        return None if _ALL in paused else Allowance(mails=0, paused=paused)

    def _left_this_hour(self, connection: Connection, now: datetime) -> int:
        began = now - _HOUR
        reset = sources.get_control(connection, _RESET)
        if reset is not None:
            began = max(began, datetime.fromisoformat(reset))
        return self._mails_per_hour - outbox.sent_since(connection, began)

    def _left_this_minute(self, connection: Connection, now: datetime) -> int:
        if self._per_minute is None:
            return _MANY
        return self._per_minute - outbox.sent_since(connection, now - _MINUTE)

    def _open_breaker(self, connection: Connection, now: datetime) -> None:
        sources.set_control(connection, _BREAKER, now.isoformat())
        line = TellOperator(
            key=f"breaker:{now.isoformat()}", reason=reason("too_many_mails", limit=self._mails_per_hour)
        )
        outbox.queue(connection, [line], self._names, now)


def paused_now(connection: Connection) -> tuple[str, ...]:
    """What is paused: `all`, `mail`, and the ids of partners."""
    return tuple(key.removeprefix(_PAUSED) for key in sources.controls(connection, _PAUSED))


def breaker_open_since(connection: Connection) -> str | None:
    """Since when the breaker keeps mail from leaving."""
    return sources.get_control(connection, _BREAKER)


def pause(connection: Connection, what: str | None, now: datetime) -> None:
    """Stop sending: everything, `mail`, or what goes to one partner."""
    sources.set_control(connection, _PAUSED + (what or _ALL), now.isoformat())


def resume(connection: Connection, what: str | None, now: datetime) -> None:
    """Send again; without a name (or `all`) everything that was stopped, the breaker included."""
    everything = what in {None, _ALL}
    for one in paused_now(connection) if everything else [what or _ALL]:
        sources.set_control(connection, _PAUSED + one, None)
    if (everything or what == _MAIL) and breaker_open_since(connection) is not None:
        sources.set_control(connection, _BREAKER, None)
        sources.set_control(connection, _RESET, now.isoformat())
