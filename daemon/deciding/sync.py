"""The Fulfillment sync (Abgleich) between a merchant and his fulfiller while their relationship is active."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from daemon.deciding import sync_rows
from daemon.deciding.draft import Draft
from daemon.deciding.sync_rows import Told
from daemon.domain.deadline import inquiry_subject
from daemon.domain.decision import Decision, Disposition
from daemon.domain.effect import WriteFile
from daemon.domain.identifiers import OrderKey, PartnerId
from daemon.domain.inquiry import InquiryState
from daemon.domain.partner import JTL_FFN, Role, Warehouse
from daemon.domain.policy import Policy
from daemon.domain.reason import reason
from daemon.domain.snapshot import Snapshot
from daemon.domain.trade import Exported, Trade, stream
from daemon.rules.rulebook import Rulebook

COLUMNS = ("fulfiller", "fulfiller_name", "warehouse", "warehouse_name", "country", "active_since")


def decide(
    trades: Sequence[Trade], rulebook: Rulebook, policy: Policy, now: datetime, *, because: str = "sync"
) -> Decision:
    """One run: what has changed since the last goes to the other side, what has not is not told again.

    The first run after activation creates the fulfiller's warehouse at the merchant; later runs never write it again,
    so that what was configured there stays (seed rule 1.15). Of a relationship that is over only the orders are told on
    that the fulfiller has, and what becomes of them.
    """
    snapshot = Snapshot(inquiries={one.inquiry.id: one.inquiry for one in trades})
    draft = Draft(snapshot, rulebook, policy, now=now, at=now, because=because)
    told: set[tuple[str, str]] = set()
    for trade in trades:
        inquiry = trade.inquiry
        fulfiller, merchant = (
            f"{Role.FULFILLER.folder}/{inquiry.fulfiller}",
            f"{Role.MERCHANT.folder}/{inquiry.merchant}",
        )
        if inquiry.state is InquiryState.ACTIVE:
            if inquiry.synced_at is None:
                _create_warehouse(draft, trade)
            _tell(draft, trade, "articles", fulfiller, sync_rows.articles(trade))
            _tell(draft, trade, "stock", merchant, sync_rows.stock(trade))
        if (fulfiller, merchant) in told:
            continue
        told.add((fulfiller, merchant))
        _tell_orders(draft, trade, fulfiller)
        _tell(draft, trade, "announced", fulfiller, sync_rows.announced(trade), kind_of_file="returns")
        _tell(draft, trade, "status", merchant, sync_rows.status(trade))
        _tell(draft, trade, "shipments", merchant, sync_rows.shipments(trade))
        _tell(draft, trade, "returns", merchant, sync_rows.returns(trade))
    return draft.seal(Disposition.DONE)


def _tell_orders(draft: Draft, trade: Trade, party: str) -> None:
    """In the form that the fulfiller wants.

    A document orders, so each order leaves as one but once: what has become of it since is told as a list.
    """
    told = list(sync_rows.orders(trade))
    fulfiller = draft.rulebook.partner(trade.inquiry.fulfiller)
    if fulfiller is None or fulfiller.orders_as == JTL_FFN:
        _tell(draft, trade, "orders", party, told)
        return
    merchant = draft.rulebook.partner(trade.inquiry.merchant)
    name = stream("orders", trade.inquiry)
    orders = {one.key: one for one in trade.orders}
    for one in told:
        if (name, one.key) in trade.told:
            continue
        draft.concern(trade.inquiry.id)
        draft.send(
            WriteFile(
                key=f"{name}:{one.key}",
                party=party,
                kind="order",
                columns=sync_rows.COLUMNS["document"],
                rows=sync_rows.document(orders[OrderKey(one.key)], merchant.name if merchant else ""),
                document=fulfiller.orders_as,
                about=(one.order,),
            )
        )
        draft.export(Exported(stream=name, key=one.key, digest=_digest(one)))
    known = [one for one in told if (name, one.key) in trade.told]
    _tell(draft, trade, "orders", party, known, kind_of_file="order-changes")


def _tell(
    draft: Draft, trade: Trade, kind: str, party: str, told: Iterable[Told], *, kind_of_file: str | None = None
) -> None:
    """Write the things of which any row is new or changed, each whole; nothing where nothing is."""
    name = stream(kind, trade.inquiry)
    fresh = [(one, digest) for one in told if trade.told.get((name, one.key)) != (digest := _digest(one))]
    if not fresh:
        return
    whole = hashlib.sha256("".join(digest for _, digest in fresh).encode()).hexdigest()[:16]
    draft.concern(trade.inquiry.id)
    draft.send(
        WriteFile(
            key=f"{name}:{draft.now.isoformat()}:{whole}",
            party=party,
            kind=kind_of_file or kind,
            columns=sync_rows.COLUMNS[kind],
            rows=tuple(row for one, _ in fresh for row in one.rows),
            wawi=kind in sync_rows.FOR_WAWI,
            about=tuple(dict.fromkeys(one.order for one, _ in fresh if one.order)),
        )
    )
    for one, digest in fresh:
        draft.export(Exported(stream=name, key=one.key, digest=digest))


def _digest(told: Told) -> str:
    return hashlib.sha256(msgspec.json.encode(told.rows)).hexdigest()[:32]


def _local(draft: Draft, moment: datetime, merchant: PartnerId) -> str:
    """A time as his list of inquiries shows it: in his own zone."""
    partner = draft.rulebook.partner(merchant)
    zone = ZoneInfo(partner.timezone if partner else draft.policy.timezone)
    return moment.astimezone(zone).isoformat(timespec="seconds")


def _create_warehouse(draft: Draft, trade: Trade) -> None:
    """What an earlier or another relationship of the two has created is configured by now, and not written again."""
    inquiry = trade.inquiry
    name = stream("warehouse", inquiry)
    fulfiller = draft.rulebook.partner(inquiry.fulfiller)
    if fulfiller is None:
        return
    chosen = [one for one in fulfiller.warehouses if inquiry.warehouse in {None, one.id}]
    fallback = Warehouse(id=inquiry.warehouse or fulfiller.id, name=fulfiller.name, country="")
    since = _local(draft, inquiry.active_since, inquiry.merchant) if inquiry.active_since else ""
    rows = tuple(
        (str(fulfiller.id), fulfiller.name, one.id, one.name, one.country, since)
        for one in chosen or [fallback]
        if (name, one.id) not in trade.told
    )
    draft.put_inquiry(msgspec.structs.replace(inquiry, synced_at=draft.now))
    if not rows:
        return
    party = f"{Role.MERCHANT.folder}/{inquiry.merchant}"
    key = f"warehouse:{inquiry.id}"
    draft.send(WriteFile(key=key, party=party, kind="warehouse", columns=COLUMNS, rows=rows, about=(inquiry.id,)))
    for row in rows:
        draft.export(Exported(stream=name, key=row[2], digest=""))
    draft.note(inquiry_subject(inquiry.id), reason("warehouse_created", warehouse=", ".join(row[2] for row in rows)))
