"""Quality figures out of the rows, and the jobs that report by themselves, each once in its period."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec.structs import replace
from sqlalchemy import Connection

from daemon.deciding import letters, outcome, quality, reports
from daemon.domain.deadline import DeadlineKind
from daemon.domain.effect import Effect, SendMail, TellOperator
from daemon.domain.foresight import Foreseen, Outlook
from daemon.domain.policy import BuyerMails
from daemon.domain.quality import Figure
from daemon.domain.reason import Reason, reason
from daemon.domain.values import Value
from daemon.engine.health import Health
from daemon.engine.premises import Premises
from daemon.errors import UnknownIdError
from daemon.store import arrivals, deadlines, orders, outbox, sources, stock

_LONGEST_LIFE = timedelta(days=120)
"""How long before the window an order can have been placed whose parcels or problems still count."""
_MORNING = time(6)
_DAY = timedelta(days=1)
_LEAVES = timedelta(hours=1)
"""So long a mail may wait for its turn and still counts as just leaving."""


class FigureView(Value, frozen=True, kw_only=True):
    """`seller` is null for all together; shares are between 0 and 1."""

    seller: str | None
    metric: str
    numerator: int
    denominator: int
    value: float | None
    threshold: float
    state: str


class _Report(Value, frozen=True, kw_only=True):
    """One that is made once in each period, from a time of day on; `outlook` is what will have happened till then."""

    job: str
    kind: str
    at: time
    period: Callable[[date], str]
    effects: Callable[[Connection, datetime, Outlook], Sequence[Effect]]


class Reports:
    """`digest_at` is when the operator gets his daily digest, in his own time; None for no digest."""

    def __init__(self, premises: Premises, health: Health, *, digest_at: time | None) -> None:
        self._premises = premises
        self._health = health
        month = _Report(job="quality-month", kind="quality", at=_MORNING, period=_last_month, effects=self._month)
        day = _Report(job="quality-day", kind="quality", at=_MORNING, period=date.isoformat, effects=self._warn)
        self._reports: tuple[_Report, ...] = (month, day)
        if digest_at:
            digest = _Report(job="digest", kind="digest", at=digest_at, period=date.isoformat, effects=self._digest)
            self._reports = (digest, *self._reports)

    def quality(self, seller: str | None) -> list[FigureView]:
        """The figures as they stand; of one seller, or of all and all together. UnknownIdError for a stranger."""
        if seller is not None and self._premises.editions.current.partner(seller) is None:
            raise UnknownIdError(seller)
        with self._premises.database.reading() as connection:
            found = self._figures(connection, self._premises.clock(), Outlook())
        return [_view(one) for one in found if seller in {None, one.seller}]

    def _figures(self, connection: Connection, at: datetime, outlook: Outlook) -> tuple[Figure, ...]:
        rulebook = self._premises.editions.current
        longest = max((one.window for one in rulebook.quality), default=0)
        since = at - timedelta(days=longest)
        placed = orders.placed_since(connection, since - _LONGEST_LIFE)
        return quality.figures(
            (outlook.orders.get(one.key, one) for one in placed),
            list(stock.reports(connection, since)),
            rulebook.quality,
            {one.id: ZoneInfo(one.timezone) for one in rulebook.partners},
            at,
        )

    def run_jobs(self) -> int:
        """Run whatever report has come due; how many."""
        now = self._own_time(self._premises.clock())
        return sum(self._once(one, now) for one in self._reports if now.time() >= one.at)

    def _own_time(self, moment: datetime) -> datetime:
        return moment.astimezone(ZoneInfo(self._premises.policy.timezone))

    def _once(self, report: _Report, now: datetime) -> int:
        """Whoever begins the period makes the report; a house that has just been opened reports from its next day on.

        What is to be said is found out beforehand, as nothing else can be written meanwhile.
        """
        premises, period = self._premises, report.period(now.date())
        with premises.database.reading() as connection:
            if sources.has_begun(connection, report.job, period):
                return 0
            wanted = sources.has_run(connection, report.job)
            found = report.effects(connection, now, Outlook()) if wanted else ()
        with premises.database.writing() as connection:
            if not sources.begin_period(connection, report.job, period, now):
                return 0
            outbox.queue(connection, found, premises.names, now)
            return len(found)

    def to_come(self, connection: Connection, outlook: Outlook, now: datetime, until: datetime) -> list[Foreseen]:
        """What will be reported until then if nothing arrives but what is in the `outlook`."""
        until = self._own_time(until)
        found: list[Foreseen] = []
        told: set[str] = set()
        begun = {one.job: set[str]() for one in self._reports}
        for moment, report in self._moments(self._own_time(now), until):
            period = report.period(moment.date())
            if period in begun[report.job] or sources.has_begun(connection, report.job, period):
                continue
            if begun[report.job] or sources.has_run(connection, report.job):
                known = replace(outlook, foreseen=[*outlook.foreseen, *found], told=frozenset(told))
                effects = report.effects(connection, moment, known)
                found += _foreseen(report.kind, moment, effects)
                told |= {one.key for one in effects}
            begun[report.job].add(period)
        return found

    def _moments(self, now: datetime, until: datetime) -> Iterator[tuple[datetime, _Report]]:
        """When the reports have their turn, in order of time; what is late has it now."""
        day = now.date()
        while (midnight := datetime.combine(day, time.min, now.tzinfo)) <= until:
            for one in sorted(self._reports, key=lambda one: one.at):
                moment = max(datetime.combine(midnight, one.at, now.tzinfo), now)
                if moment <= until:
                    yield moment, one
            day += _DAY

    def _digest(self, connection: Connection, now: datetime, outlook: Outlook) -> Sequence[Effect]:
        since = now - _DAY
        waiting = [*self._waiting(connection, now, outlook), *self._health.troubles(connection)]
        sent = Counter(outbox.sent_by_template(connection, since))
        sent.update(one.mail.occasion for one in outlook.foreseen if one.mail and since <= one.at < now)
        taken_in = len(arrivals.since(connection, since))
        return reports.digest(now.date().isoformat(), waiting, self._by_name(sent), taken_in, self._premises.policy)

    def _by_name(self, sent: Mapping[str, int]) -> Mapping[str, int]:
        """How many mails have left by their template, where those for buyers may have gone to the operator."""
        if self._premises.policy.buyer_mails is BuyerMails.SEND:
            return sent
        named = Counter[str]()
        for template, count in sent.items():
            named["forwarded" if template.startswith("buyer-") else template] += count
        return named

    def _waiting(self, connection: Connection, now: datetime, outlook: Outlook) -> list[Reason]:
        held = arrivals.counts(connection).get("held", 0)
        overdue = deadlines.overdue(connection, now)
        refused = outbox.told_with(connection, outcome.REFUSED, now - _DAY)
        counted = (("digest_held", held), ("digest_overdue", overdue), ("digest_refused", refused))
        said = [reason(code, count=count) for code, count in counted if count]
        if untold := self._untold(connection, now, outlook):
            first = min(untold.values()).astimezone(now.tzinfo)
            said.append(reason("digest_untold", count=len(untold), due=first.isoformat()))
        return said

    def _untold(self, connection: Connection, now: datetime, outlook: Outlook) -> Mapping[str, datetime]:
        """The orders whose buyers must still hear of a problem, and until when; not where they are just being told."""
        untold = deadlines.unmet(connection, DeadlineKind.BUYER_NOTICE, now)
        if not untold or self._premises.policy.buyer_mails is not BuyerMails.SEND:
            return untold
        told = outbox.leaving(connection, letters.NOTICES, now - _LEAVES)
        told |= {key for key, order in outlook.orders.items() if all(one.buyer_notified_at for one in order.problems)}
        return {order: due for order, due in untold.items() if order not in told}

    def _month(self, connection: Connection, now: datetime, outlook: Outlook) -> Sequence[Effect]:
        """The figures as they stood when the last month ended."""
        end = _begin_of_month(now)
        premises = self._premises
        found, left_alone = self._figures(connection, end, outlook), sources.left_alone(connection)
        return reports.monthly(found, premises.editions.current, premises.policy, _last_month(now.date()), left_alone)

    def _warn(self, connection: Connection, now: datetime, outlook: Outlook) -> Sequence[Effect]:
        premises, month = self._premises, f"{now:%Y-%m}"
        worrying = reports.worrying(self._figures(connection, now, outlook))
        found = {reports.warning_key(one, month): one for one in worrying}
        told = outbox.known(connection, list(found)) | outlook.told
        fresh = {key: one for key, one in found.items() if key not in told}
        if fresh:
            # What the report of the last month has said is no news before it gets worse.
            reported = reports.worrying(self._figures(connection, _begin_of_month(now), outlook))
            for one in reported:
                fresh.pop(reports.warning_key(one, month), None)
        left_alone = sources.left_alone(connection)
        return reports.warnings(
            list(fresh.values()), premises.editions.current, premises.policy, now.date(), left_alone
        )


def _foreseen(kind: str, moment: datetime, effects: Sequence[Effect]) -> Iterator[Foreseen]:
    for effect in effects:
        match effect:
            case SendMail():
                what = reason("mail_foreseen", template=effect.occasion)
                yield Foreseen(at=moment, kind=kind, about=effect.partner or "", what=what, mail=effect)
            case TellOperator():
                yield Foreseen(at=moment, kind=kind, about="", what=effect.reason)
            case _:
                pass


def _begin_of_month(now: datetime) -> datetime:
    return datetime.combine(now.date().replace(day=1), time.min, now.tzinfo)


def _last_month(today: date) -> str:
    return f"{today.replace(day=1) - timedelta(days=1):%Y-%m}"


def _view(one: Figure) -> FigureView:
    return FigureView(
        seller=one.seller,
        metric=one.metric,
        numerator=one.numerator,
        denominator=one.denominator,
        value=None if one.value is None else float(one.value),
        threshold=float(one.threshold),
        state=one.state.value,
    )
