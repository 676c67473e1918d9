from collections.abc import Sequence

from msgspec.structs import replace

from daemon.domain.finding import Reading
from daemon.domain.snapshot import Context
from daemon.engine.ahead import AheadReader
from daemon.engine.child import Task
from daemon.engine.reader import Collect, Unread
from tests.support.builders import arrival

LAST = 3


class Table:
    """A reader of a table with three portions; `asked` are the positions in the order in which they were given out."""

    def __init__(self) -> None:
        self.asked: list[int] = []
        self.failing: set[int] = set()

    def begin(self, tasks: Sequence[Task]) -> Collect:
        self.asked += [task.arrival.position for task in tasks]
        return lambda: [self._read(task.arrival.position) for task in tasks]

    def _read(self, position: int) -> Reading | Unread:
        if position in self.failing:
            self.failing.remove(position)
            return Unread("the child has ended")
        return Reading(documents=(), excerpt=str(position), next_position=position + 1 if position < LAST else None)

    def rest(self) -> None: ...

    def close(self) -> None: ...


def _task(position: int, rulebook: str = "r") -> Task:
    return Task(arrival=replace(arrival(), position=position), context=Context(), rulebook=rulebook)


def _read(reader: AheadReader, task: Task) -> str:
    (found,) = reader.begin([task])()
    assert isinstance(found, Reading)
    return found.excerpt


def test_the_next_portion_is_begun_as_soon_as_one_is_read() -> None:
    table = Table()
    reader = AheadReader(table)
    assert _read(reader, _task(0)) == "0"
    assert table.asked == [0, 1]


def test_no_portion_is_read_twice_and_none_left_out() -> None:
    table = Table()
    reader = AheadReader(table)
    assert [_read(reader, _task(position)) for position in range(LAST + 1)] == ["0", "1", "2", "3"]
    assert table.asked == [0, 1, 2, 3]


def test_what_is_asked_for_otherwise_than_foreseen_is_read_anew() -> None:
    table = Table()
    reader = AheadReader(table)
    _read(reader, _task(0))
    assert _read(reader, _task(1, rulebook="other")) == "1"
    assert table.asked == [0, 1, 1, 2]


def test_a_portion_that_could_not_be_read_ahead_is_tried_again() -> None:
    table = Table()
    table.failing = {1}
    reader = AheadReader(table)
    _read(reader, _task(0))
    assert _read(reader, _task(1)) == "1"
