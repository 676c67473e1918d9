"""Clocks by their rules: what happens starts, meets and drops them; when they must be looked at before and after."""

from datetime import datetime

import msgspec

from daemon.deciding.draft import Draft
from daemon.domain.calendar import after
from daemon.domain.deadline import Deadline
from daemon.domain.partner import Partner
from daemon.domain.policy import BusinessHours
from daemon.domain.values import Value
from daemon.rules.deadlines import DeadlineRule, Event, Ring, Span


class Bell(Value, frozen=True, kw_only=True):
    """One moment at which a deadline is looked at; `ring` None is the moment that it is due."""

    at: datetime
    ring: Ring | None


def happened(
    draft: Draft,
    event: Event,
    subject: str,
    *,
    market: str,
    partner: Partner | None,
    at: datetime | None = None,
    due: datetime | None = None,
) -> None:
    """Let something that happened (at the draft's time, or `at`) have its effect on every clock of the subject.

    `partner` is who is waited for; `due` is the end of a clock whose length is the offer's own. Who wanted no reminders
    of a clock gets none of the next of its kind.
    """
    moment = at or draft.at
    unasked = {
        one.kind for rule in draft.rulebook.deadlines for one in draft.deadlines(rule.kind, subject) if one.left_alone
    }
    for rule in draft.rulebook.deadlines:
        if event in rule.dropped_by:
            draft.drop(rule.kind, subject)
        if event in rule.met_by:
            draft.settle(rule.kind, subject, moment)
        if event == rule.starts and (
            rule.anew or not any(one.next_ring for one in draft.deadlines(rule.kind, subject))
        ):
            opened = open_deadline(
                rule,
                subject,
                started=moment,
                market=market,
                partner=partner,
                due=due,
                hours=draft.policy.business_hours,
            )
            if opened:
                draft.put_deadline(msgspec.structs.replace(opened, left_alone=rule.kind in unasked))


def calendar_of(rule: DeadlineRule, market: str, partner: Partner | None) -> str:
    """The market whose working days and midnight count."""
    return partner.calendar_market if rule.calendar == "partner" and partner else market


def bells(rule: DeadlineRule, started: datetime, due: datetime, market: str, hours: BusinessHours) -> list[Bell]:
    """All moments of a deadline in order of time.

    What comes after its end counts from its start where that is later: of an order that is paid only after its time
    its seller has only just heard.
    """
    late = max(started, due)
    rung = [Bell(at=due, ring=None)]
    for ring in rule.rings:
        if ring.before:
            rung.append(Bell(at=_shift(due, ring.before, market, hours, -1), ring=ring))
        elif ring.after:
            rung.append(Bell(at=_shift(late, ring.after, market, hours), ring=ring))
    return sorted(rung, key=lambda bell: bell.at)


def _shift(moment: datetime, span: Span, market: str, hours: BusinessHours, sign: int = 1) -> datetime:
    return after(moment, sign * span.amount, span.unit, market, hours)


def open_deadline(
    rule: DeadlineRule,
    subject: str,
    *,
    started: datetime,
    market: str,
    partner: Partner | None,
    due: datetime | None,
    hours: BusinessHours,
) -> Deadline | None:
    """A deadline that starts now; None when its length is the offer's and there is none.

    Reminders whose time has already passed at the start are not sent after the fact.
    """
    calendar = calendar_of(rule, market, partner)
    end = _shift(started, rule.length, calendar, hours) if rule.length else due
    if end is None:
        return None
    ahead = bells(rule, started, end, calendar, hours)
    step = next((place for place, bell in enumerate(ahead) if bell.at > started or bell.ring is None), len(ahead))
    deadline = Deadline(
        kind=rule.kind,
        subject=subject,
        started=started,
        due=end,
        step=step,
        silent_party=partner.id if partner and rule.waits_for == "partner" else None,
        pauses=rule.pauses,
    )
    return msgspec.structs.replace(deadline, next_ring=ahead[step].at if step < len(ahead) else None)
