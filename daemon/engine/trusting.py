"""Lets a person trust the sender of a mail he releases, and end it again; both are remembered."""

from datetime import datetime

from sqlalchemy import Connection

from daemon.domain.document import Mail
from daemon.domain.identifiers import order_key
from daemon.domain.reason import reason
from daemon.domain.snapshot import Context
from daemon.domain.stimulus import Person
from daemon.engine.premises import Premises
from daemon.engine.remembering import remember
from daemon.engine.saying import Saying
from daemon.engine.trust import Trust, distrust, listed, to_be_trusted, trust, trusted
from daemon.errors import UnknownIdError
from daemon.store import arrivals, orders, portions
from daemon.store.arrivals import Stored


class Trusting:
    def __init__(self, premises: Premises, saying: Saying) -> None:
        self._premises = premises
        self._saying = saying

    def trust(self, connection: Connection, stored: Stored, person: Person, now: datetime) -> None:
        """Let the sender of a mail speak for its partner from now on; RefusedError where that is not certain."""
        id_ = stored.arrival.id
        portion = portions.get(connection, id_, 0)
        mail = next((one for one in portion.reading.documents if isinstance(one, Mail)), None) if portion else None
        context = (portion.context if portion else None) or Context()
        about = [order_key(one) for one in arrivals.about(connection, [id_]).get(id_, ())]
        concerned = orders.load(connection, about).values()
        partner, sender = to_be_trusted(mail, context, concerned, self._premises.editions.current)
        if any(one.id == partner.id for one in self._premises.editions.current.speakers(sender)):
            return
        kept = Trust(
            partner=partner.id,
            sender=sender,
            by=person.name,
            why=person.why,
            at=now.astimezone(self._saying.zone).isoformat(),
            arrival=id_,
        )
        trust(connection, kept)
        what = reason("sender_trusted", sender=sender, partner=partner.id)
        remember(connection, stored, what, person, self._premises.names, now)

    def listed(self) -> list[Trust]:
        """The senders whom persons have trusted."""
        with self._premises.database.reading() as connection:
            return listed(connection)

    def distrust(self, sender: str, person: Person) -> list[Trust]:
        """Let an address speak for nobody any more, except as the rules have it."""
        now = self._premises.clock()
        with self._premises.database.writing() as connection:
            found = distrust(connection, sender)
            if not found:
                raise UnknownIdError(sender)
            for one in found:
                stored = arrivals.get(connection, one.arrival)
                what = reason("sender_distrusted", sender=one.sender, partner=one.partner)
                if stored is not None:
                    remember(connection, stored, what, person, self._premises.names, now)
        self.take_effect()
        return found

    def take_effect(self) -> None:
        """Decide by whom is trusted now; another process looks by itself."""
        self._premises.editions.trust(trusted(self._premises.database))
