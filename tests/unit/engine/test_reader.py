import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from daemon.domain.document import Mail
from daemon.domain.finding import Reading
from daemon.domain.snapshot import Context
from daemon.engine import reader as reader_module
from daemon.engine.child import Task
from daemon.engine.reader import ChildReader, Unread
from daemon.rules.edition import edition
from tests.support.builders import arrival

RAW = b"From: a@b.example\r\nTo: c@d.example\r\nSubject: x\r\n\r\nHallo\r\n"


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    (tmp_path / f"{edition({})}.json").write_bytes(msgspec.json.encode({}))
    return tmp_path


@pytest.fixture
def reader(rules: Path) -> Iterator[ChildReader]:
    made = ChildReader(rules)
    yield made
    made.close()


def _task(raw: bytes | None = RAW, rulebook: str | None = None, path: str | None = None) -> Task:
    return Task(arrival=arrival(), context=Context(), rulebook=rulebook or edition({}), raw=raw, path=path)


def test_a_mail_is_read_in_a_child(reader: ChildReader) -> None:
    (reading,) = reader.begin([_task()])()
    assert isinstance(reading, Reading)
    assert isinstance(reading.documents[0], Mail)


def test_the_one_that_fails_bears_the_blame_alone(reader: ChildReader) -> None:
    first, second, third = reader.begin([_task(), _task(rulebook="unknown"), _task()])()
    assert isinstance(first, Reading)
    assert isinstance(second, Unread)
    assert isinstance(third, Reading)


def test_what_is_being_read_is_finished_when_a_second_child_is_needed(reader: ChildReader) -> None:
    first = reader.begin([_task()])
    second = reader.begin([_task()] * 20)
    assert [type(one) for one in first()] == [Reading]
    assert [type(one) for one in second()] == [Reading] * 20


def test_the_one_that_keeps_the_processor_is_given_up_and_the_next_is_read(
    reader: ChildReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A child that is new loads what it needs first, which takes longer.
    monkeypatch.setattr(reader_module, "SECONDS", 0.02)
    (unread,) = reader.begin([_task()])()
    assert isinstance(unread, Unread)
    assert unread.why == "takes too long"
    monkeypatch.setattr(reader_module, "SECONDS", 10)
    (reading,) = reader.begin([_task()])()
    assert isinstance(reading, Reading)


def test_the_one_that_waits_for_ever_is_given_up_and_the_next_is_read(
    reader: ChildReader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipe = tmp_path / "never-written"
    os.mkfifo(pipe)
    reader.begin([_task()])()
    monkeypatch.setattr(reader_module, "PATIENCE", 0.5)
    (unread,) = reader.begin([_task(raw=None, path=str(pipe))])()
    assert isinstance(unread, Unread)
    assert unread.why == "takes too long"
    monkeypatch.setattr(reader_module, "PATIENCE", 60)
    (reading,) = reader.begin([_task()])()
    assert isinstance(reading, Reading)


def test_children_that_have_had_nothing_to_do_end(rules: Path) -> None:
    times = [0.0]
    reader = ChildReader(rules, clock=lambda: times[0])
    reader.begin([_task()])()
    reader.rest()
    assert reader._pool is not None
    times[0] = 61.0
    reader.rest()
    assert reader._pool is None


def test_the_child_that_reads_knows_no_database() -> None:
    said = subprocess.run(
        [sys.executable, "-c", "import daemon.engine.child, sys; print('sqlalchemy' in sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout == "False\n"


def test_a_child_that_is_told_to_end_ends_without_a_word() -> None:
    told = (
        "import os, signal; from daemon.engine.child import MEMORY, limit;"
        "signal.signal(signal.SIGTERM, lambda *_: print('handled')); limit('.', MEMORY);"
        "os.kill(os.getpid(), signal.SIGTERM)"
    )
    ended = subprocess.run([sys.executable, "-c", told], capture_output=True, check=False, timeout=60)
    assert (ended.returncode, ended.stdout, ended.stderr) == (-signal.SIGTERM, b"", b"")
