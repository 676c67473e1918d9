"""Everything that is to be done, in order: once until nothing moves, or as loops that never end."""

import time
from collections.abc import Sequence
from typing import Protocol

from daemon.engine.dispatcher import Dispatcher, Sent
from daemon.engine.intake import Intake
from daemon.engine.ports import Source
from daemon.engine.ticker import Ticker
from daemon.engine.views import RunCounts
from daemon.engine.worker import Counts, Worker

_LOOK = 0.02
_LONGEST_BACK = 2.0


class Job(Protocol):
    """Something that is done from time to time."""

    def run_jobs(self) -> int:
        """Do what has come due; how many things."""
        ...


class Rounds:
    """`jobs` are run in every round; each knows by itself whether its time has come."""

    def __init__(
        self, intake: Intake, worker: Worker, ticker: Ticker, jobs: Sequence[Job], dispatcher: Dispatcher
    ) -> None:
        self._intake = intake
        self._worker = worker
        self._ticker = ticker
        self._all_jobs = tuple(jobs)
        self._dispatcher = dispatcher

    def until_nothing_moves(self, sources: Sequence[Source]) -> RunCounts:
        """Take in, decide, ring, run jobs, send; again and again until a whole round changes nothing."""
        total = RunCounts()
        while True:
            before = self._intake.taken_in
            for source in sources:
                source.poll()
            taken = self._intake.taken_in - before
            decided, moved = self._decide()
            rung = self._ring()
            jobs = self._jobs()
            sent, left = self._send()
            total = RunCounts(
                taken_in=total.taken_in + taken,
                decided=total.decided + decided.decided,
                held=total.held + decided.held,
                sent=total.sent + sent.sent,
                failed=total.failed + sent.failed,
                rung=total.rung + rung,
            )
            if not (taken or moved or rung or jobs or left):
                return total

    def decide_waiting(self) -> None:
        """Decide what has been taken in, without sending anything."""
        self._decide()

    def _decide(self) -> tuple[Counts, bool]:
        total, moved = Counts(), False
        while (counts := self._worker.step()).moved:
            total = Counts(decided=total.decided + counts.decided, held=total.held + counts.held)
            moved = True
        return total, moved

    def _ring(self) -> int:
        total = 0
        while rung := self._ticker.ring_due():
            total += rung
        return total

    def _jobs(self) -> int:
        return sum(job.run_jobs() for job in self._all_jobs)

    def _send(self) -> tuple[Sent, bool]:
        total, moved = Sent(), False
        while (sent := self._dispatcher.step()).moved:
            total = Sent(sent=total.sent + sent.sent, failed=total.failed + sent.failed)
            moved = True
        return total, moved

    def close(self) -> None:
        """Leave what has been begun to the next start, or to another daemon."""
        self._worker.close()

    # The same as steps of loops

    def decide_step(self) -> bool:
        self._stand_back()
        return self._worker.step().moved > 0

    def _stand_back(self) -> None:
        """In a flood taking in goes before deciding, for a moment: senders wait for us, decisions wait for nobody."""
        end = time.monotonic() + _LONGEST_BACK
        while self._intake.is_flooded and time.monotonic() < end:
            time.sleep(_LOOK)

    def ring_step(self) -> bool:
        rung = self._ticker.ring_due()
        return bool(rung + self._jobs())

    def send_step(self) -> bool:
        return self._dispatcher.step().moved > 0
