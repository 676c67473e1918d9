"""Whether our login at the relay works; while it does not, no mail can say so."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from daemon.domain.effect import TellOperator
from daemon.domain.reason import Reason, reason
from daemon.engine.ports import Outcome, OutcomeKind
from daemon.store import departures, outbox, sources
from daemon.store.conversations import Names

_REFUSED = "login-refused"
_SOURCE = "SMTP"


def note(connection: Connection, outcomes: Sequence[Outcome], names: Names, now: datetime) -> None:
    """Remember the last that was said about the login, and tell the operator once when it is refused."""
    for said in outcomes:
        known = sources.get_control(connection, _REFUSED)
        if said.login:
            sources.set_control(connection, _REFUSED, said.reply)
            if known is None:
                line = TellOperator(key=f"login-refused:{now.isoformat()}", reason=_refused(said.reply))
                outbox.queue(connection, [line], names, now)
        elif known is not None and said.kind is OutcomeKind.DELIVERED:
            sources.set_control(connection, _REFUSED, None)


def try_again(connection: Connection, now: datetime) -> None:
    """There may be another password: what a refused login keeps waiting goes at once."""
    if said := sources.get_control(connection, _REFUSED):
        departures.hasten(connection, said, now)


def trouble(connection: Connection) -> Reason | None:
    """What is wrong with the login, as long as no mail has left since."""
    said = sources.get_control(connection, _REFUSED)
    return None if said is None else _refused(said)


def _refused(what: str) -> Reason:
    return reason("login_fails", source=_SOURCE, what=what)
