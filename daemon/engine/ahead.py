"""Reads the next portion of a long table while the one before is decided."""

from collections.abc import Sequence

from msgspec.structs import replace

from daemon.domain.finding import Reading
from daemon.engine.child import Task
from daemon.engine.reader import Collect, Reader, Unread

_TABLES = 2


class AheadReader:
    """A reader that goes on with tables by itself. What is asked for otherwise than foreseen is read anew."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._begun: dict[str, tuple[Task, Collect]] = {}

    def begin(self, tasks: Sequence[Task]) -> Collect:
        """What has been begun already is only waited for."""
        begun = [self._taken(task) for task in tasks]
        others = [task for task, found in zip(tasks, begun, strict=True) if found is None]
        collect_others = self._reader.begin(others) if others else list

        def collect() -> list[Reading | Unread]:
            rest = iter(collect_others())
            found = [self._begun_one(task, one) if one else next(rest) for task, one in zip(tasks, begun, strict=True)]
            for task, one in zip(tasks, found, strict=True):
                self._go_on(task, one)
            return found

        return collect

    def rest(self) -> None:
        self._begun.clear()
        self._reader.rest()

    def close(self) -> None:
        self._begun.clear()
        self._reader.close()

    def _taken(self, task: Task) -> Collect | None:
        foreseen, collect = self._begun.pop(task.arrival.id, (None, None))
        return collect if foreseen == task else None

    def _begun_one(self, task: Task, collect: Collect) -> Reading | Unread:
        """A failure may be that of the child's end, so it counts only when it happens again."""
        found = collect()[0]
        return self._reader.begin([task])()[0] if isinstance(found, Unread) else found

    def _go_on(self, task: Task, found: Reading | Unread) -> None:
        if isinstance(found, Unread) or found.next_position is None or len(self._begun) >= _TABLES:
            return
        arrival = replace(task.arrival, position=found.next_position, attempts=0)
        following = replace(task, arrival=arrival)
        self._begun[arrival.id] = (following, self._reader.begin([following]))
