"""The Fulfillment sync (Abgleich) between a merchant and his fulfiller while their relationship is active."""

from datetime import datetime

import msgspec

from daemon.deciding.draft import Draft
from daemon.domain.deadline import inquiry_subject
from daemon.domain.decision import Decision, Disposition
from daemon.domain.effect import WriteFile
from daemon.domain.inquiry import Inquiry, InquiryState
from daemon.domain.partner import Role, Warehouse
from daemon.domain.policy import Policy
from daemon.domain.reason import reason
from daemon.domain.snapshot import Snapshot
from daemon.rules.rulebook import Rulebook

COLUMNS = ("fulfiller", "fulfiller_name", "warehouse", "warehouse_name", "country", "active_since")


def decide(snapshot: Snapshot, rulebook: Rulebook, policy: Policy, now: datetime, *, because: str = "sync") -> Decision:
    """One run over the active inquiries in the snapshot.

    The first run after activation creates the fulfiller's warehouse at the merchant; later runs never write it again,
    so that what was configured there stays (seed rule 1.15).
    """
    draft = Draft(snapshot, rulebook, policy, now=now, at=now, because=because)
    for inquiry in snapshot.inquiries.values():
        if inquiry.state is InquiryState.ACTIVE and inquiry.synced_at is None:
            _create_warehouse(draft, inquiry)
    return draft.seal(Disposition.DONE)


def _create_warehouse(draft: Draft, inquiry: Inquiry) -> None:
    fulfiller = draft.rulebook.partner(inquiry.fulfiller)
    if fulfiller is None:
        return
    chosen = [one for one in fulfiller.warehouses if inquiry.warehouse in {None, one.id}]
    fallback = Warehouse(id=inquiry.warehouse or fulfiller.id, name=fulfiller.name, country="")
    since = inquiry.active_since.isoformat() if inquiry.active_since else ""
    rows = tuple(
        (str(fulfiller.id), fulfiller.name, one.id, one.name, one.country, since) for one in chosen or [fallback]
    )
    party = f"{Role.MERCHANT.folder}/{inquiry.merchant}"
    key = f"warehouse:{inquiry.id}"
    draft.send(WriteFile(key=key, party=party, kind="warehouse", columns=COLUMNS, rows=rows, about=(inquiry.id,)))
    draft.put_inquiry(msgspec.structs.replace(inquiry, synced_at=draft.now))
    draft.note(inquiry_subject(inquiry.id), reason("warehouse_created", warehouse=", ".join(row[2] for row in rows)))
