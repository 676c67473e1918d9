"""Deadlines from their rules: when they are due, and when they have to be looked at before and after."""

from datetime import datetime

import msgspec

from daemon.domain.calendar import after
from daemon.domain.deadline import Deadline, DeadlineKind
from daemon.domain.identifiers import PartnerId
from daemon.domain.values import Value
from daemon.rules.deadlines import DeadlineRule, Ring, Span


class Bell(Value, frozen=True, kw_only=True):
    """One moment at which a deadline is looked at; `ring` None is the moment that it is due."""

    at: datetime
    ring: Ring | None


def _shift(moment: datetime, span: Span, market: str, sign: int) -> datetime:
    return after(moment, sign * span.amount, span.unit, market)


def bells(rule: DeadlineRule, due: datetime, market: str) -> list[Bell]:
    """All moments of a deadline in order of time."""
    rung = [Bell(at=due, ring=None)]
    for ring in rule.rings:
        if ring.before:
            rung.append(Bell(at=_shift(due, ring.before, market, -1), ring=ring))
        elif ring.after:
            rung.append(Bell(at=_shift(due, ring.after, market, 1), ring=ring))
    return sorted(rung, key=lambda bell: bell.at)


def open_deadline(
    rule: DeadlineRule, subject: str, *, started: datetime, market: str, silent: PartnerId | None, due: datetime | None
) -> Deadline | None:
    """A deadline that starts now; `due` is given where its length is the offer's own. None when the rule has no length.

    Reminders whose time has already passed at the start are not sent after the fact.
    """
    if due is None:
        if rule.length is None:
            return None
        due = _shift(started, rule.length, market, 1)
    ahead = bells(rule, due, market)
    step = next((place for place, bell in enumerate(ahead) if bell.at > started or bell.ring is None), len(ahead))
    deadline = Deadline(kind=rule.kind, subject=subject, started=started, due=due, step=step, silent_party=silent)
    return msgspec.structs.replace(deadline, next_ring=ahead[step].at if step < len(ahead) else None)


def is_about_silence(kind: DeadlineKind) -> bool:
    """Whether a deadline measures what a partner has not said, so that every source must be read before it rings."""
    return kind is not DeadlineKind.BUYER_NOTICE
