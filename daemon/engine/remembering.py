"""Remembers what a person did with an arrival, in its own history and in that of everything it is about."""

from datetime import datetime

from sqlalchemy import Connection

from daemon.domain.deadline import inquiry_subject, order_subject
from daemon.domain.decision import Decision, HistoryEntry
from daemon.domain.identifiers import order_key
from daemon.domain.reason import Reason, reason
from daemon.domain.stimulus import Person
from daemon.store import arrivals, commit, inquiries, orders
from daemon.store.arrivals import ArrivalState, Stored
from daemon.store.conversations import Names


def arrival_subject(id_: str) -> str:
    """How an arrival is named where it stands beside orders and inquiries."""
    return f"arrival:{id_}"


def remember(connection: Connection, stored: Stored, what: Reason, person: Person, names: Names, now: datetime) -> None:
    """Write one line of history, with who and why."""
    id_ = stored.arrival.id
    because = f"{person.name}: {person.why}" if person.why else person.name
    subjects = [arrival_subject(id_), *_subjects(connection, arrivals.about(connection, [id_]).get(id_, ()))]
    entries = tuple(HistoryEntry(subject=one, at=now, what=what, because=because) for one in subjects)
    commit.write(connection, Decision(history=entries), names, now)


def settle(
    connection: Connection, stored: Stored, state: ArrivalState, person: Person, names: Names, now: datetime
) -> None:
    """What was held waits no more."""
    done = {ArrivalState.RELEASED: "released", ArrivalState.DISCARDED: "discarded"}.get(state, "reread")
    what = reason(f"arrival_{done}", arrival=stored.arrival.id)
    remember(connection, stored, what, person, names, now)
    arrivals.settle_by_person(connection, stored.arrival.id, state, person.name, person.why)


def _subjects(connection: Connection, about: tuple[str, ...]) -> list[str]:
    if not about:
        return []
    found = [order_subject(key) for key in orders.load(connection, [order_key(one) for one in about])]
    return found + [inquiry_subject(id_) for id_ in inquiries.load(connection, about)]
