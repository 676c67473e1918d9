"""What is to come: mails and missed deadlines that follow if nothing arrives, and what each partner owes."""

from datetime import datetime

from daemon.domain.deadline import DeadlineKind
from daemon.domain.effect import SendMail
from daemon.domain.identifiers import PartnerId
from daemon.domain.reason import Reason
from daemon.domain.values import Value


class Foreseen(Value, frozen=True, kw_only=True):
    """One thing that will happen; `mail` where it is a mail."""

    at: datetime
    kind: DeadlineKind
    about: str
    what: Reason
    mail: SendMail | None = None


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
