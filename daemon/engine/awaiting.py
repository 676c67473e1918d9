"""Order files that wait for a relationship are decided again once its inquiry has come to an end, whichever it is.

Those that waited in vain, and payments that came after the end, are once the same two have come to terms after all.
"""

from collections.abc import Collection

from daemon.deciding.order_files import LEFT_BEHIND
from daemon.deciding.shippers import AWAITED, IN_VAIN
from daemon.domain.identifiers import InquiryId
from daemon.domain.inquiry import Inquiry, InquiryState
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
                (one, _awaited(one, AWAITED), _awaited(one, IN_VAIN, LEFT_BEHIND))
                for one in held_arrivals.of_orders(connection)
            ]
            known = inquiries.load(connection, sorted({id_ for _, *both in waiting for some in both for id_ in some}))
            active = inquiries.listed(connection, state=InquiryState.ACTIVE) if known else []
        over = {id_ for id_, inquiry in known.items() if inquiry.state.over}
        after_all = {id_ for id_, inquiry in known.items() if _between(inquiry) in map(_between, active)}
        ready = [(one, done) for one, awaited, in_vain in waiting if (done := (awaited & over) | (in_vain & after_all))]
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


def _awaited(stored: Stored, *codes: str) -> set[InquiryId]:
    return {InquiryId(str(one.values["inquiry"])) for one in stored.reasons if one.code in codes}


def _between(inquiry: Inquiry) -> Collection[str | None]:
    return (inquiry.merchant, inquiry.fulfiller, inquiry.warehouse)
