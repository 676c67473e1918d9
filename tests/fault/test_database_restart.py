"""PostgreSQL stops and comes back under load: senders are asked to wait, nothing is lost, the daemon goes on."""

import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fault.storm import Storm
from tests.fault.test_kill import is_done, judge, make_workspace, pause
from tests.fault.verdict import Books
from tests.support.dovecot import Dovecot
from tests.support.fake_smtp import FakeSmtp, Script
from tests.support.postgres import running_server
from tests.support.running import free_port, running
from tests.support.waiting import wait_until


@pytest.mark.timeout(180)
def test_a_database_that_is_stopped_or_crashes_under_load_costs_nothing(
    tmp_path: Path, dovecot: Dovecot | None, record_property: Callable[[str, object], None]
) -> None:
    home, port = tmp_path / "shop", free_port()
    # Its commits survive its own death; only the disk itself is trusted without asking.
    with FakeSmtp(Script()) as sink, running_server("fsync=off") as database:
        make_workspace(home, port, sink, dovecot, database.url)
        books, storm = Books(home, database.url), Storm(home, port, sink, dovecot)
        with running(home, tmp_path / "run.log") as run:
            storm.rise()
            try:
                for how in (signal.SIGINT, signal.SIGQUIT, signal.SIGQUIT):
                    pause(1.5)
                    database.stop(how)
                    pause(0.5)
                    database.start()
                pause(1.0)
                storm.calm()
                wait_until(lambda: is_done(books, storm, dovecot), 60)
            finally:
                storm.end()
            assert run.terminate() == 0
            assert "Traceback" not in run.said
        record_property("figures", f"3 restarts; {judge(books, storm.ledger, sink, dovecot)}")
