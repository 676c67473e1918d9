"""The forecast and the ledger of promises, out of the rows."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace
from sqlalchemy import Connection

from daemon.deciding import due, foresight
from daemon.domain.deadline import Deadline
from daemon.domain.effect import SendMail
from daemon.domain.foresight import Foreseen, Outlook
from daemon.domain.identifiers import OrderKey, order_key
from daemon.domain.order import Order
from daemon.domain.reason import reason
from daemon.domain.snapshot import Lookup, Snapshot
from daemon.domain.values import Value
from daemon.engine.premises import Premises
from daemon.engine.reports import Reports
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


class Foresight:
    """Looks ahead in the operator's language and time zone."""

    def __init__(self, premises: Premises, saying: Saying, reports: Reports) -> None:
        self._premises = premises
        self._saying = saying
        self._reports = reports

    def forecast(self, days: int, *, texts: bool) -> list[ForecastView]:
        """What will be sent and what will be late if nothing arrives, in order of time."""
        now = self._premises.clock()
        until = now + timedelta(days=days)
        with self._premises.database.reading() as connection:
            outlook = self._of_clocks(connection, now, until)
            found = [*outlook.foreseen, *self._reports.to_come(connection, outlook, now, until)]
            found += _standing_still(connection, now, until)
        return [self._view(one, texts=texts) for one in sorted(found, key=lambda one: one.at)]

    def _of_clocks(self, connection: Connection, now: datetime, until: datetime) -> Outlook:
        rulebook, policy = self._premises.editions.current, self._premises.policy
        coming = deadlines.coming(connection, until)
        foreseen: list[Foreseen] = []
        orders: dict[OrderKey, Order] = {}
        for _, snapshot in _by_subject(connection, coming):
            one = foresight.foresee(snapshot, rulebook, policy, now=now, until=until)
            foreseen += one.foreseen
            orders |= one.orders
        return Outlook(foreseen=foreseen, orders=orders)

    def _view(self, one: Foreseen, *, texts: bool) -> ForecastView:
        return ForecastView(
            at=exactly(one.at, self._saying.zone),
            kind=one.kind,
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
            found = dict(_by_subject(connection, running))
            held = held_arrivals.by_subject(connection)
        views: list[OwedView] = []
        for one in running:
            about = _name(one, found[one.subject])
            waiting = held.get(order_key(about), ())
            owed = foresight.owed(one, about, found[one.subject], rulebook, premises.policy, now, waiting)
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
    found = dict(_by_subject(connection, pausing))
    held = held_arrivals.by_subject(connection) if pausing else {}
    for one in pausing:
        about = _name(one, found[one.subject])
        arrivals = ", ".join(held.get(order_key(about), ()))
        what = reason("passes_while_held", kind=one.kind, arrivals=arrivals)
        yield Foreseen(at=max(one.due, now), kind=one.kind, about=about, what=what)


def _by_subject(connection: Connection, clocks: Sequence[Deadline]) -> Iterator[tuple[str, Snapshot]]:
    """A snapshot for each subject of these deadlines, many loaded together."""
    lookups = {one.subject: _lookup(one) for one in clocks}
    wanted = list(lookups.items())
    for start in range(0, len(wanted), _TOGETHER):
        some = wanted[start : start + _TOGETHER]
        loaded = snapshots.load_each(connection, [lookup for _, lookup in some])
        yield from zip((subject for subject, _ in some), loaded, strict=True)


def _lookup(one: Deadline) -> Lookup:
    """With what is held about it, whatever becomes of the clock meanwhile."""
    return replace(due.lookup(one), held=(order_key(one.subject.partition(":")[2]),))


def _name(one: Deadline, snapshot: Snapshot) -> str:
    """The bare id of what a deadline is about, as people write it."""
    key = one.subject.partition(":")[2]
    order = snapshot.orders.get(OrderKey(key))
    return order.number if order else key
