"""The forecast and the ledger of promises, out of the rows."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from daemon.deciding import due, foresight
from daemon.deciding.clocks import calendar_of
from daemon.deciding.inquiries import market_of
from daemon.domain.deadline import Deadline
from daemon.domain.effect import SendMail
from daemon.domain.foresight import Foreseen
from daemon.domain.identifiers import order_key
from daemon.domain.reason import reason
from daemon.domain.snapshot import Lookup, Snapshot
from daemon.domain.values import Value
from daemon.engine.premises import Premises
from daemon.engine.saying import Saying, at, exactly
from daemon.store import deadlines, held_arrivals, snapshots

_TOGETHER = 200


class MailView(Value, frozen=True, kw_only=True):
    """`subject` and `text` only where they were asked for."""

    template: str
    to: str
    subject: str | None = None
    text: str | None = None


class ForecastView(Value, frozen=True, kw_only=True):
    at: str
    kind: str
    about: str
    what: str
    mail: MailView | None


class OwedView(Value, frozen=True, kw_only=True):
    """`partner` is null where the promise is our own; `held` are the arrivals for which its clock waits."""

    partner: str | None
    kind: str
    about: str
    since: str
    until: str
    late: bool
    next_at: str | None
    next: str | None
    held: tuple[str, ...] = ()


class _Matter(Value, frozen=True, kw_only=True):
    """What a promise is about: its bare id and its market, which only an order has.

    `left_alone` are the partners who are reminded of it no more, None where nobody is.
    """

    about: str
    market: str = ""
    left_alone: tuple[str, ...] | None = ()


class Foresight:
    """Looks ahead in the operator's language and time zone."""

    def __init__(self, premises: Premises, saying: Saying) -> None:
        self._premises = premises
        self._saying = saying

    def forecast(self, days: int, *, texts: bool) -> list[ForecastView]:
        """What will be sent and what will be late if nothing arrives, in order of time."""
        now = self._premises.clock()
        until = now + timedelta(days=days)
        with self._premises.database.reading() as connection:
            coming = deadlines.coming(connection, until)
            found = [
                one
                for snapshot in _snapshots(connection, coming)
                for one in foresight.foresee(
                    snapshot, self._premises.editions.current, self._premises.policy, now=now, until=until
                )
            ]
            found += _standing_still(connection, now, until)
        return [self._view(one, texts=texts) for one in sorted(found, key=lambda one: one.at)]

    def _view(self, one: Foreseen, *, texts: bool) -> ForecastView:
        return ForecastView(
            at=exactly(one.at, self._saying.zone),
            kind=one.kind.value,
            about=one.about,
            what=self._saying.say(one.what),
            mail=self._mail(one.mail, texts=texts) if one.mail else None,
        )

    def _mail(self, mail: SendMail, *, texts: bool) -> MailView:
        if not texts:
            return MailView(template=mail.template, to=mail.to)
        rendered = self._saying.rendered(mail)
        return MailView(template=mail.template, to=mail.to, subject=rendered.subject, text=rendered.text)

    def owed(self) -> list[OwedView]:
        """What every partner owes, and we ourselves; the nearest end first."""
        premises, zone = self._premises, self._saying.zone
        now, rulebook = premises.clock(), premises.editions.current
        with premises.database.reading() as connection:
            running = deadlines.running(connection)
            matters = {key: one for snapshot in _snapshots(connection, running) for key, one in _matters(snapshot)}
            held = held_arrivals.by_subject(connection)
        views: list[OwedView] = []
        for one in running:
            rule, partner = rulebook.deadline(one.kind), rulebook.partner(one.silent_party or "")
            matter = matters.get(one.subject, _Matter(about=one.subject.partition(":")[2]))
            calendar = calendar_of(rule, matter.market or market_of(partner), partner) if rule else matter.market
            owed = foresight.owed(
                one,
                matter.about,
                calendar,
                rulebook,
                premises.policy,
                now,
                held.get(order_key(matter.about), ()),
                left_alone=one.left_alone or matter.left_alone is None or one.silent_party in matter.left_alone,
            )
            views.append(
                OwedView(
                    partner=owed.partner,
                    kind=owed.kind.value,
                    about=owed.about,
                    since=exactly(owed.since, zone),
                    until=exactly(owed.until, zone),
                    late=owed.late,
                    next_at=at(owed.next_at, zone),
                    next=self._saying.say(owed.next) if owed.next else None,
                    held=owed.held,
                )
            )
        return views


def _standing_still(connection: Connection, now: datetime, until: datetime) -> Iterator[Foreseen]:
    """The ends of the clocks that wait for a person: nothing is sent, but they pass all the same."""
    pausing = deadlines.pausing(connection, until)
    matters = {key: one.about for snapshot in _snapshots(connection, pausing) for key, one in _matters(snapshot)}
    held = held_arrivals.by_subject(connection) if pausing else {}
    for one in pausing:
        about = matters.get(one.subject, one.subject.partition(":")[2])
        arrivals = ", ".join(held.get(order_key(about), ()))
        what = reason("passes_while_held", kind=one.kind, arrivals=arrivals)
        yield Foreseen(at=max(one.due, now), kind=one.kind, about=about, what=what)


def _snapshots(connection: Connection, coming: Sequence[Deadline]) -> Iterator[Snapshot]:
    """A snapshot for each subject of these deadlines, many loaded together."""
    lookups: dict[str, Lookup] = {one.subject: due.lookup(one) for one in coming}
    wanted = list(lookups.values())
    for start in range(0, len(wanted), _TOGETHER):
        yield from snapshots.load_each(connection, wanted[start : start + _TOGETHER])


def _matters(snapshot: Snapshot) -> Iterator[tuple[str, _Matter]]:
    """What a snapshot is about, by subject."""
    for order in snapshot.orders.values():
        alone = None if order.no_reminders_since else ()
        yield f"order:{order.key}", _Matter(about=order.number, market=order.market, left_alone=alone)
    for inquiry in snapshot.inquiries.values():
        yield f"inquiry:{inquiry.id}", _Matter(about=inquiry.id, left_alone=inquiry.left_alone)
