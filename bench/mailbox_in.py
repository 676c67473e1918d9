"""Mailbox in: our IMAP door on a real Dovecot, with a real commit, against fetching one mail after the other."""

import itertools
import time

from bench.baselines.one_by_one import read_mailbox
from bench.desk import front_desk, now
from bench.distance import far_away
from bench.dovecot import PASSWORD, Dovecot, running_dovecot
from bench.letters import SIZES, Thread, filled, letter
from bench.measures import Figure, Measure, Setting, paired
from bench.workshop import BrokenError
from daemon.edges.imap_in import Mailbox
from daemon.edges.imap_session import Account

_MAILS = 2_000
_ONE_BY_ONE = 300
_FAR_ONE_BY_ONE = 40
_DONE = "Processed"
_serials = itertools.count()


def _mails(count: int) -> list[bytes]:
    """Each different, as the desk takes the same mail only once."""
    plain = letter(SIZES["5 KB"])
    return [
        filled(plain, f"m{next(_serials)}", Thread(order="B-00001", message="<x@shop.example>")) for _ in range(count)
    ]


def _take(setting: Setting, dovecot: Dovecot, port: int) -> float:
    """Mails a second that our door fetches, commits and moves, login and search and all."""
    dovecot.fill("ours", _mails(_MAILS))
    account = Account(host="127.0.0.1", port=port, tls="none", user="ours", password=lambda: PASSWORD)
    with front_desk(setting.folder / f"desk{next(_serials)}") as desk:
        mailbox = Mailbox("bench", account, desk, now, done=_DONE, take="all")
        began = time.perf_counter()
        taken = mailbox.poll()
        seconds = time.perf_counter() - began
    if taken != _MAILS:
        raise BrokenError(f"{taken} of {_MAILS} mails were taken in")
    return taken / seconds


def _near(setting: Setting) -> list[Figure]:
    with running_dovecot(setting.shop) as dovecot:

        def theirs() -> float:
            # Of a small mailbox, which is kind to them: Dovecot moves the slower the more mails there are.
            dovecot.fill("theirs", _mails(_ONE_BY_ONE))
            return read_mailbox(dovecot.imap, "theirs", PASSWORD, at_most=_ONE_BY_ONE, done=_DONE)

        pairs = paired(setting.rounds, lambda: _take(setting, dovecot, dovecot.imap), theirs)
    return [pairs.figure(f"fetch {_MAILS:,}, commit, move", "mails/s", floor=10, aim=18)]


def _far(setting: Setting) -> list[Figure]:
    with running_dovecot(setting.shop) as dovecot, far_away(setting.shop, dovecot.imap) as port:
        dovecot.fill("theirs", _mails(_ONE_BY_ONE))

        def theirs() -> float:
            return read_mailbox(port, "theirs", PASSWORD, at_most=_FAR_ONE_BY_ONE, done=None)

        pairs = paired(setting.rounds, lambda: _take(setting, dovecot, port), theirs)
    return [pairs.figure("fetch, commit, move at 20 ms a round trip / fetch alone", "mails/s", floor=30, aim=90)]


MEASURES = (
    Measure(code="I1", title="a mailbox", baseline="imapclient, fetch and move one by one", run=_near),
    Measure(code="I2", title="a mailbox far away", baseline="imapclient, fetch one by one", run=_far),
)
