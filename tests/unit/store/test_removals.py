from datetime import UTC, datetime

from daemon.domain.arrival import Arrival, ArrivalKind
from daemon.domain.identifiers import ArrivalId
from daemon.store import arrivals, removals
from daemon.store.arrivals import Taken
from daemon.store.database import Database

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def _taken(name: str, source: str) -> Taken:
    arrival = Arrival(id=ArrivalId(name), kind=ArrivalKind.MAIL, source=source, name=name, received_at=NOW)
    return Taken(arrival=arrival, identity=f"mail:{name}", stream=name, raw=b"a \x00 head and the rest")


def test_of_what_came_by_a_mailbox_only_the_head_is_loaded(database: Database) -> None:
    with database.writing() as connection:
        arrivals.record(connection, [_taken("a", "imap:box"), _taken("b", "smtp")], NOW)
        found = list(removals.removable(connection, ["a", "b", "c"], {"imap:box"}, 8))
    assert found == [("imap:box", "mail:a", NOW, b"a \x00 head")]


def test_what_is_noted_is_of_its_source_alone_until_it_is_struck_off(database: Database) -> None:
    with database.writing() as connection:
        removals.note(connection, "imap:box", "mail:a", NOW, "1@a.example")
        removals.note(connection, "imap:box", "mail:b", NOW, "")
        removals.note(connection, "imap:box/junk", "mail:c", NOW, "3@a.example")
        removals.strike(connection, "imap:box", ["mail:b"])
        assert removals.noted(connection, "imap:box") == [("mail:a", NOW, "1@a.example")]
        assert removals.noted(connection, "imap:box/junk") == [("mail:c", NOW, "3@a.example")]
