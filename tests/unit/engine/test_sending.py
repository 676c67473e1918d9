from datetime import timedelta

import pytest

from daemon.engine import sending
from daemon.engine.ports import Outcome, OutcomeKind
from daemon.engine.premises import Premises
from daemon.store import outbox
from daemon.store.outbox import OutboxKind

REFUSED = Outcome(kind=OutcomeKind.DEFERRED, reply="mx does not accept the login: 535", ours=True, login=True)
AWAY = Outcome(kind=OutcomeKind.DEFERRED, reply="mx cannot be used", ours=True)
DELIVERED = Outcome(kind=OutcomeKind.DELIVERED, reply="250 ok")


@pytest.mark.parametrize(
    ("outcomes", "is_told", "is_trouble"),
    [
        ([REFUSED], 1, True),
        ([REFUSED, REFUSED], 1, True),
        ([REFUSED, AWAY], 1, True),
        ([REFUSED, DELIVERED], 1, False),
        ([REFUSED, DELIVERED, REFUSED], 2, True),
        ([AWAY, DELIVERED], 0, False),
    ],
)
def test_a_refused_login_is_told_once_and_over_when_a_mail_has_left(
    premises: Premises, outcomes: list[Outcome], is_told: int, is_trouble: bool
) -> None:
    with premises.database.writing() as connection:
        for hours, one in enumerate(outcomes):
            sending.note(connection, [one], premises.names, premises.clock() + timedelta(hours=hours))
        assert len(outbox.queued_of_kind(connection, OutboxKind.OPERATOR)) == is_told
        said = sending.trouble(connection)
    assert (said is not None) is is_trouble
    if said is not None:
        assert said.values["what"] == REFUSED.reply
