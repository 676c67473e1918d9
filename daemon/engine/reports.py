"""Quality figures out of the rows, and the jobs that report by themselves, each once in its period."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from daemon.deciding import letters, outcome, quality, reports
from daemon.domain.deadline import DeadlineKind
from daemon.domain.effect import Effect
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


class Reports:
    """`digest_at` is when the operator gets his daily digest, in his own time; None for no digest."""

    def __init__(self, premises: Premises, health: Health, *, digest_at: time | None) -> None:
        self._premises = premises
        self._health = health
        self._digest_at = digest_at

    def quality(self, seller: str | None) -> list[FigureView]:
        """The figures as they stand; of one seller, or of all and all together. UnknownIdError for a stranger."""
        if seller is not None and self._premises.editions.current.partner(seller) is None:
            raise UnknownIdError(seller)
        with self._premises.database.reading() as connection:
            found = self._figures(connection, self._premises.clock())
        return [_view(one) for one in found if seller in {None, one.seller}]

    def _figures(self, connection: Connection, at: datetime) -> tuple[Figure, ...]:
        rulebook = self._premises.editions.current
        longest = max((one.window for one in rulebook.quality), default=0)
        since = at - timedelta(days=longest)
        return quality.figures(
            orders.placed_since(connection, since - _LONGEST_LIFE),
            list(stock.reports(connection, since)),
            rulebook.quality,
            {one.id: ZoneInfo(one.timezone) for one in rulebook.partners},
            at,
        )

    def run_jobs(self) -> int:
        """Run whatever report has come due; how many."""
        now = self._premises.clock().astimezone(ZoneInfo(self._premises.policy.timezone))
        ran = self._once("digest", self._digest_day(now), lambda connection: self._digest(connection, now))
        if now.time() >= _MORNING:
            ran += self._once("quality-month", _last_month(now.date()), lambda connection: self._month(connection, now))
            ran += self._once("quality-day", now.date().isoformat(), lambda connection: self._warn(connection, now))
        return ran

    def _once(self, job: str, period: str | None, effects: Callable[[Connection], Sequence[Effect]]) -> int:
        """Whoever begins the period runs the job; a house that has just been opened reports from its next day on.

        What is to be said is found out beforehand, as nothing else can be written meanwhile.
        """
        premises = self._premises
        if period is None:
            return 0
        with premises.database.reading() as connection:
            if sources.has_begun(connection, job, period):
                return 0
            found = effects(connection) if sources.has_run(connection, job) else ()
        now = premises.clock()
        with premises.database.writing() as connection:
            if not sources.begin_period(connection, job, period, now):
                return 0
            outbox.queue(connection, found, premises.names, now)
            return len(found)

    def _digest_day(self, now: datetime) -> str | None:
        return now.date().isoformat() if self._digest_at and now.time() >= self._digest_at else None

    def _digest(self, connection: Connection, now: datetime) -> Sequence[Effect]:
        since = now - _DAY
        waiting = [*self._waiting(connection, now), *self._health.troubles(connection)]
        done = self._by_name(outbox.sent_by_template(connection, since))
        taken_in = len(arrivals.since(connection, since))
        return reports.digest(now.date().isoformat(), waiting, done, taken_in, self._premises.policy)

    def _by_name(self, sent: Mapping[str, int]) -> Mapping[str, int]:
        """How many mails have left by their template, where those for buyers may have gone to the operator."""
        if self._premises.policy.buyer_mails is BuyerMails.SEND:
            return sent
        named = Counter[str]()
        for template, count in sent.items():
            named["forwarded" if template.startswith("buyer-") else template] += count
        return named

    def _waiting(self, connection: Connection, now: datetime) -> list[Reason]:
        held = arrivals.counts(connection).get("held", 0)
        overdue = deadlines.overdue(connection, now)
        refused = outbox.told_with(connection, outcome.REFUSED, now - _DAY)
        counted = (("digest_held", held), ("digest_overdue", overdue), ("digest_refused", refused))
        said = [reason(code, count=count) for code, count in counted if count]
        if untold := self._untold(connection, now):
            first = min(untold.values()).astimezone(now.tzinfo)
            said.append(reason("digest_untold", count=len(untold), due=first.isoformat()))
        return said

    def _untold(self, connection: Connection, now: datetime) -> Mapping[str, datetime]:
        """The orders whose buyers must still hear of a problem, and until when; not where they are just being told."""
        untold = deadlines.unmet(connection, DeadlineKind.BUYER_NOTICE, now)
        if not untold or self._premises.policy.buyer_mails is not BuyerMails.SEND:
            return untold
        told = outbox.leaving(connection, letters.NOTICES, now - _LEAVES)
        return {order: due for order, due in untold.items() if order not in told}

    def _month(self, connection: Connection, now: datetime) -> Sequence[Effect]:
        """The figures as they stood when the last month ended."""
        end = _begin_of_month(now)
        premises = self._premises
        found, left_alone = self._figures(connection, end), sources.left_alone(connection)
        return reports.monthly(found, premises.editions.current, premises.policy, _last_month(now.date()), left_alone)

    def _warn(self, connection: Connection, now: datetime) -> Sequence[Effect]:
        premises = self._premises
        found = {
            reports.warning_key(one, f"{now:%Y-%m}"): one for one in reports.worrying(self._figures(connection, now))
        }
        told = outbox.known(connection, list(found))
        fresh = {key: one for key, one in found.items() if key not in told}
        if fresh:
            # What the report of the last month has said is no news before it gets worse.
            reported = reports.worrying(self._figures(connection, _begin_of_month(now)))
            for one in reported:
                fresh.pop(reports.warning_key(one, f"{now:%Y-%m}"), None)
        left_alone = sources.left_alone(connection)
        return reports.warnings(
            list(fresh.values()), premises.editions.current, premises.policy, now.date(), left_alone
        )


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
