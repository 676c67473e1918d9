"""Answers what people ask about the state of things, as frozen views."""

from collections.abc import Sequence
from datetime import datetime, tzinfo

from msgspec.structs import replace
from sqlalchemy import Connection

from daemon.domain.calendar import market_zone
from daemon.domain.deadline import inquiry_subject, order_subject
from daemon.domain.document import Mail
from daemon.domain.finding import Undelivered
from daemon.domain.identifiers import order_key
from daemon.domain.inquiry import Inquiry
from daemon.engine import brakes
from daemon.engine.facts import deadline_views, inquiry_facts, order_facts, order_line
from daemon.engine.groups import grouped, is_group, members
from daemon.engine.premises import Premises
from daemon.engine.remembering import arrival_subject
from daemon.engine.saying import Saying, at, exactly, some
from daemon.engine.trust import listed, said
from daemon.engine.views import (
    ExplainView,
    GroupView,
    HeldView,
    HistoryView,
    InquiryLine,
    InquiryView,
    OrderLine,
    OrderView,
)
from daemon.errors import GroupGoneError, UnknownIdError
from daemon.store import arrivals, commit, deadlines, held_arrivals, inquiries, orders, portions
from daemon.store.arrivals import Stored
from daemon.store.portions import Portion

_PORTIONS = 20


class Queries:
    """Every answer is of one moment: it is read in one transaction."""

    def __init__(self, premises: Premises, saying: Saying) -> None:
        self._premises = premises
        self._saying = saying

    def orders(self) -> list[OrderLine]:
        """All orders, newest first."""
        with self._premises.database.reading() as connection:
            return [order_line(one) for one in orders.listed(connection)]

    def order(self, number: str) -> OrderView:
        """One order with its whole history."""
        key = order_key(number)
        with self._premises.database.reading() as connection:
            found = orders.load(connection, [key]).get(key)
            if found is None:
                raise UnknownIdError(number)
            zone = market_zone(found.market)
            return OrderView(
                **order_facts(found, zone),
                deadlines=deadline_views(deadlines.of(connection, [order_subject(key)], only_awaited=False), zone),
                held=tuple(held_arrivals.about(connection, key)),
                history=self._history(connection, order_subject(key), zone),
            )

    def inquiries(self, merchant: str | None = None) -> list[InquiryLine]:
        """The inquiries with their processing status: the merchant's dashboard. UnknownIdError for a stranger."""
        if merchant is not None and self._premises.editions.current.partner(merchant) is None:
            raise UnknownIdError(merchant)
        with self._premises.database.reading() as connection:
            return [
                InquiryLine(**inquiry_facts(one, self._inquiry_zone(one)))
                for one in inquiries.listed(connection, merchant)
            ]

    def inquiry(self, id_: str) -> InquiryView:
        """One inquiry with its whole history."""
        with self._premises.database.reading() as connection:
            found = next(iter(inquiries.load(connection, [id_, id_.upper()]).values()), None)
            if found is None:
                raise UnknownIdError(id_)
            zone = self._inquiry_zone(found)
            subject = inquiry_subject(found.id)
            return InquiryView(
                **inquiry_facts(found, zone),
                confirmed_at=at(found.confirmed_at, zone),
                merchant_confirmed_at=at(found.merchant_confirmed_at, zone),
                left_alone=found.left_alone,
                deadlines=deadline_views(deadlines.of(connection, [subject], only_awaited=False), zone),
                held=tuple(held_arrivals.about(connection, order_key(found.id))),
                history=self._history(connection, subject, zone),
            )

    def held(self) -> list[HeldView]:
        """What waits for a person, nearest deadline first."""
        with self._premises.database.reading() as connection:
            waiting = held_arrivals.listed(connection)
            about = arrivals.about(connection, [one.arrival.id for one in waiting])
            due = _nearest(connection, {one for names in about.values() for one in names})
            views = [
                (_soonest(about.get(one.arrival.id, ()), due), self._held(connection, one, about, due))
                for one in waiting
            ]
        views.sort(key=lambda pair: (pair[0] is None, pair[0].timestamp() if pair[0] else 0.0))
        return [view for _, view in views]

    def _held(
        self,
        connection: Connection,
        stored: Stored,
        about: dict[str, tuple[str, ...]],
        due: dict[str, datetime],
    ) -> HeldView:
        one = stored.arrival
        names = about.get(one.id, ())
        kept = portions.get(connection, one.id, 0)
        return HeldView(
            id=one.id,
            received_at=exactly(one.received_at, self._saying.zone),
            source=one.source,
            name=one.name,
            about=some(names),
            due=at(_soonest(names, due), self._saying.zone),
            excerpt=stored.excerpt,
            proposal=self._saying.proposal(stored.proposal),
            reasons=self._saying.say_all(stored.reasons),
            sender=_sender(kept),
            codes=tuple(dict.fromkeys(reason.code for reason in stored.reasons)),
            came_back_from=_came_back_from(kept),
        )

    def held_groups(self) -> list[GroupView]:
        """What waits for a person, by reason and sender."""
        return grouped(self.held())

    def members(self, ids: Sequence[str]) -> list[str]:
        """Ids of held arrivals, with the groups among them spelled out."""
        found = members(ids, self.held()) if any(map(is_group, ids)) else list(dict.fromkeys(ids))
        if gone := next((one for one in found if is_group(one)), None):
            raise GroupGoneError(gone)
        return found

    def explain(self, id_: str) -> ExplainView:
        """Why an arrival was read as it was: every rule hit and missed, every finding with its place."""
        with self._premises.database.reading() as connection:
            stored = arrivals.get(connection, id_)
            if stored is None:
                raise UnknownIdError(id_)
            positions = portions.positions(connection, id_)[:_PORTIONS]
            kept = [portions.get(connection, id_, position) for position in positions]
            history = self._history(connection, arrival_subject(id_), self._saying.zone)
            trusts = listed(connection)
        parts = [(one.reading, one.decision) for one in kept if one is not None]
        view = self._saying.explain(id_, parts, stored.state.value)
        mail = next((one for reading, _ in parts for one in reading.documents if isinstance(one, Mail)), None)
        given = [one for one in trusts if mail and one.sender == mail.sender.casefold()]
        return replace(
            view,
            reasons=view.reasons if parts else self._saying.say_all(stored.reasons),
            history=history,
            proposal=self._saying.proposal(stored.proposal),
            trusted="; ".join(map(said, given)) or None,
        )

    def paused(self) -> tuple[str, ...]:
        """What is paused by a person."""
        with self._premises.database.reading() as connection:
            return brakes.paused_now(connection)

    def _history(self, connection: Connection, subject: str, zone: tzinfo) -> tuple[HistoryView, ...]:
        return tuple(
            HistoryView(at=exactly(one.at, zone), what=self._saying.say(one.what), because=one.because)
            for one in commit.history_of(connection, subject)
        )

    def _inquiry_zone(self, inquiry: Inquiry) -> tzinfo:
        return self._saying.zone_of(self._premises.editions.current.partner(inquiry.merchant))


def _nearest(connection: Connection, names: set[str]) -> dict[str, datetime]:
    """The nearest open deadline of each order and inquiry."""
    subjects = {order_subject(order_key(one)): one for one in names} | {inquiry_subject(one): one for one in names}
    found: dict[str, datetime] = {}
    for deadline in deadlines.of(connection, sorted(subjects), only_awaited=True):
        found.setdefault(subjects[deadline.subject], deadline.due)
    return found


def _soonest(names: Sequence[str], due: dict[str, datetime]) -> datetime | None:
    return min((due[one] for one in names if one in due), default=None)


def _came_back_from(kept: Portion | None) -> tuple[str, ...]:
    findings = kept.reading.findings if kept else ()
    return tuple(dict.fromkeys(one.recipient for one in findings if isinstance(one, Undelivered) and one.permanent))


def _sender(kept: Portion | None) -> str | None:
    mails = [one for one in kept.reading.documents if isinstance(one, Mail)] if kept else []
    return mails[0].sender or None if mails else None
