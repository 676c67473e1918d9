"""Decides an arrival: what it changes, what leaves because of it, and what waits for a person."""

from datetime import datetime

import msgspec

from daemon.deciding import files, mails
from daemon.deciding.draft import Draft, proposal_of
from daemon.domain.arrival import Arrival, ArrivalKind
from daemon.domain.decision import Decision, Disposition
from daemon.domain.document import Mail
from daemon.domain.finding import Reading
from daemon.domain.policy import Policy
from daemon.domain.snapshot import Context, Snapshot
from daemon.domain.stimulus import Person, Release
from daemon.rules.rulebook import Rulebook

_WOULD_RELEASE = Release(person=Person(name="proposal"))


def decide(
    arrival: Arrival,
    reading: Reading,
    context: Context,
    snapshot: Snapshot,
    rulebook: Rulebook,
    policy: Policy,
    now: datetime,
    release: Release | None = None,
) -> Decision:
    """Decide one portion of an arrival against a snapshot.

    It counts from when it was received, also when a person releases it later. A held one carries what its release
    would change and send.
    """
    because = _because(arrival, release.person) if release else arrival.id
    draft = Draft(snapshot, rulebook, policy, now=now, at=arrival.received_at, because=because, cause=arrival.id)
    decision = _decide(draft, arrival, reading, context, release)
    if decision.disposition is not Disposition.HELD or release:
        return decision
    if arrival.kind is ArrivalKind.FILE and all(one.code == "unknown_order" for one in decision.reasons):
        # No release of such rows changes anything, and a long table may hold nothing else.
        would = decision
    else:
        would = decide(arrival, reading, context, snapshot, rulebook, policy, now, _WOULD_RELEASE)
    return msgspec.structs.replace(decision, proposal=proposal_of(would, decision))


def _because(arrival: Arrival, person: Person) -> str:
    why = f": {person.why}" if person.why else ""
    return f"{arrival.id} released by {person.name}{why}"


def _decide(draft: Draft, arrival: Arrival, reading: Reading, context: Context, release: Release | None) -> Decision:
    document = reading.documents[0]
    if isinstance(document, Mail):
        return mails.decide_mail(draft, document, reading, context, release)
    if arrival.kind is ArrivalKind.MAIL:
        return draft.seal(Disposition.HELD, files.faults(reading))
    return files.decide_file(draft, arrival, reading, release)
