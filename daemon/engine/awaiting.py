"""Order files that wait for a relationship are decided again once its inquiry has come to an end, whichever it is."""

from daemon.deciding.files import ORDERS
from daemon.deciding.order_files import AWAITED
from daemon.domain.identifiers import InquiryId
from daemon.domain.reason import reason
from daemon.domain.stimulus import Person
from daemon.engine.premises import Premises
from daemon.engine.remembering import remember
from daemon.store import arrivals, held_arrivals, inquiries
from daemon.store.arrivals import ArrivalState, Stored


class Awaiting:
    def __init__(self, premises: Premises) -> None:
        self._premises = premises

    def run_jobs(self) -> int:
        """Have those decided again whose wait is over; how many."""
        with self._premises.database.reading() as connection:
            waiting = [
                (one, awaited) for one in held_arrivals.of_party(connection, ORDERS) if (awaited := _awaited(one))
            ]
            known = inquiries.load(connection, sorted({id_ for _, awaited in waiting for id_ in awaited}))
        over = {id_ for id_, inquiry in known.items() if inquiry.state.over}
        ready = [(one, awaited & over) for one, awaited in waiting if awaited & over]
        if not ready:
            return 0
        now = self._premises.clock()
        with self._premises.database.writing() as connection:
            for stored, done in ready:
                job = Person(name=", ".join(f"inquiry {id_}" for id_ in sorted(done)))
                what = reason("arrival_reread", arrival=stored.arrival.id)
                remember(connection, stored, what, job, self._premises.names, now)
                arrivals.settle_by_person(connection, stored.arrival.id, ArrivalState.NEW, job.name, job.why)
        return len(ready)


def _awaited(stored: Stored) -> set[InquiryId]:
    return {InquiryId(str(one.values["inquiry"])) for one in stored.reasons if one.code == AWAITED}
