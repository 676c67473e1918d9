from datetime import UTC, datetime, timedelta

from daemon.domain.reason import reason
from daemon.store import sources
from daemon.store.database import Database
from daemon.store.schema import source

_AWAY = reason("trouble_no_answer", source="imap")
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def test_trouble_is_told_once_until_the_source_is_well_again(database: Database) -> None:
    with database.writing() as connection:
        assert sources.trouble(connection, "imap", _AWAY, NOW, login=False)
        assert not sources.trouble(connection, "imap", _AWAY, NOW + timedelta(hours=1), login=False)
        row = sources.get(connection, "imap")
        assert row is not None
        assert (row.trouble, row.trouble_since) == (_AWAY, NOW)
        sources.seen(connection, "imap", NOW, NOW)
        assert sources.trouble(connection, "imap", _AWAY, NOW, login=True)


def test_a_cursor_is_kept_with_what_else_is_known_of_a_source(database: Database) -> None:
    with database.writing() as connection:
        sources.seen(connection, "imap", NOW, NOW)
        sources.move_cursor(connection, "imap", "1:42")
    with database.reading() as connection:
        row = sources.get(connection, "imap")
    assert row is not None
    assert (row.cursor, row.read_until) == ("1:42", NOW)


def test_a_period_of_a_job_is_begun_once(database: Database) -> None:
    with database.writing() as connection:
        assert sources.begin_period(connection, "sync", "2026-11-23T09", NOW)
        assert not sources.begin_period(connection, "sync", "2026-11-23T09", NOW)
        assert sources.begin_period(connection, "sync", "2026-11-23T10", NOW)


def test_a_switch_can_be_set_changed_and_taken_away(database: Database) -> None:
    with database.writing() as connection:
        sources.set_control(connection, "paused:all", "1")
        sources.set_control(connection, "paused:all", "2")
        assert sources.controls(connection, "paused:") == {"paused:all": "2"}
        sources.set_control(connection, "paused:all", None)
        assert sources.get_control(connection, "paused:all") is None


def test_what_an_older_postbote_wrote_of_a_trouble_is_still_told(database: Database) -> None:
    with database.writing() as connection:
        sources.trouble(connection, "imap", _AWAY, NOW, login=False)
        connection.execute(source.update().values(trouble="the mail server does not answer"))
        row = sources.get(connection, "imap")
    assert row is not None
    assert row.trouble == reason("source_trouble", source="imap", what="the mail server does not answer")
