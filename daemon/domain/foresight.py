"""What is to come: mails and missed deadlines that follow if nothing arrives, and what each partner owes."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from daemon.domain.deadline import DeadlineKind
from daemon.domain.effect import SendMail
from daemon.domain.identifiers import OrderKey, PartnerId
from daemon.domain.order import Order
from daemon.domain.reason import Reason
from daemon.domain.values import Value


class Foreseen(Value, frozen=True, kw_only=True):
    """One thing that will happen; `mail` where it is a mail. `kind` is that of the deadline, or of the report."""

    at: datetime
    kind: str
    about: str
    what: Reason
    mail: SendMail | None = None


class Outlook(Value, frozen=True, kw_only=True):
    """What will have happened if nothing arrives.

    `orders` are those that it will have changed, as they will be then, `told` the keys of what the reports will say.
    """

    foreseen: Sequence[Foreseen] = ()
    orders: Mapping[OrderKey, Order] = {}
    told: frozenset[str] = frozenset()


class Owed(Value, frozen=True, kw_only=True):
    """One promise that is open; `partner` None is ourselves. `next_at` and `next` are the next step of its ladder.

    While something about it waits for a person (`held`), nothing of it rings: there is no moment of the next step then.
    """

    partner: PartnerId | None
    kind: DeadlineKind
    about: str
    since: datetime
    until: datetime
    late: bool
    next_at: datetime | None
    next: Reason | None
    held: tuple[str, ...] = ()
