"""What has to be looked up before an arrival can be decided."""

from collections.abc import Iterable
from itertools import chain

from daemon.domain.finding import (
    ArticleRow,
    DeviceNamed,
    Finding,
    InquiryRow,
    OrderRow,
    Parcel,
    Reading,
    StockRow,
    Undelivered,
)
from daemon.domain.identifiers import InquiryId, OrderKey, PartnerId, order_key
from daemon.domain.snapshot import Context, Lookup
from daemon.domain.stimulus import Release
from daemon.domain.stock import stock_key

INQUIRY = "inquiry:"


def is_inquiry(context: Context) -> bool:
    """Whether the mail answers in the thread of an inquiry."""
    return context.conversation is not None and context.conversation.name.startswith(INQUIRY)


def _order_keys(reading: Reading, context: Context, release: Release | None) -> Iterable[OrderKey]:
    if context.conversation and not is_inquiry(context):
        yield from map(order_key, context.conversation.about)
    named = (one.order for one in reading.findings if one.order)
    yield from map(order_key, dict.fromkeys(chain(reading.orders, *reading.also.values(), named)))
    if release and release.order:
        yield release.order


def _merchants(reading: Reading, context: Context) -> set[PartnerId]:
    """Whose relationships and inquiries matter."""
    named = {
        PartnerId(one.fields["merchant"])
        for one in reading.findings
        if isinstance(one, OrderRow) and one.fields.get("merchant")
    }
    # An order that is placed in the same moment may lack what is told of an article.
    speaks = any(isinstance(one, InquiryRow | ArticleRow) for one in reading.findings)
    return named | ({context.partner} if speaks and context.partner else set())


def _stock_keys(findings: Iterable[Finding]) -> Iterable[str]:
    """The SKUs that are ordered, of whoever may ship them."""
    for one in findings:
        if isinstance(one, OrderRow):
            merchant = one.fields.get("merchant", "").strip()
            for shipper in ("seller", "fulfiller"):
                if one.fields.get(shipper) and one.fields.get("sku"):
                    yield stock_key(one.fields[shipper].strip(), one.fields["sku"])
                    yield stock_key(one.fields[shipper].strip(), one.fields["sku"], merchant)


def _articles(rows: Iterable[OrderRow]) -> tuple[tuple[PartnerId, str], ...]:
    """The SKUs that are ordered of merchants, each once."""
    named = ((one.fields.get("merchant", "").strip(), one.fields.get("sku", "").strip()) for one in rows)
    return tuple(dict.fromkeys((PartnerId(merchant), sku) for merchant, sku in named if merchant and sku))


def _described(findings: Iterable[Finding], merchant: PartnerId | None) -> tuple[tuple[PartnerId, str], ...]:
    """The SKUs of which a merchant tells what customs want to know."""
    told = (one.fields for one in findings if isinstance(one, ArticleRow))
    skus = (fields["sku"] for fields in told if fields.get("hs_code") or fields.get("origin"))
    return tuple(dict.fromkeys((merchant, sku) for sku in skus)) if merchant else ()


def _partners(findings: Iterable[Finding], context: Context) -> tuple[PartnerId, ...]:
    """Whose own clocks matter: who sends a stock list, or answers as a partner and not about an order or inquiry."""
    written_to = context.conversation.partner if context.conversation and not context.conversation.about else None
    lists = context.partner if any(isinstance(one, StockRow) for one in findings) else None
    return tuple(dict.fromkeys(one for one in (lists, written_to) if one))


def lookup(reading: Reading, context: Context, release: Release | None = None) -> Lookup:
    """The orders, inquiries, identifiers and relationships that the arrival may be about."""
    findings = reading.findings
    conversation = context.conversation
    about = conversation.about if conversation and is_inquiry(context) else ()
    devices = [one for one in findings if isinstance(one, DeviceNamed)]
    ordered = [one for one in findings if isinstance(one, OrderRow)]
    imeis = [imei for one in devices for imei in (one.imei, one.second) if imei]
    return Lookup(
        orders=tuple(dict.fromkeys(_order_keys(reading, context, release))),
        inquiries=tuple(InquiryId(one) for one in about),
        rivals=tuple(InquiryId(one) for one in about),
        imeis=tuple(dict.fromkeys(imeis)),
        numbers=tuple(dict.fromkeys(one.number for one in findings if isinstance(one, Parcel))),
        messages=tuple(one.message for one in findings if isinstance(one, Undelivered) and one.message),
        merchants=tuple(_merchants(reading, context)),
        stock=tuple(dict.fromkeys(_stock_keys(findings))),
        articles=_articles(ordered),
        unplaced=_articles(one for one in ordered if not (one.fields.get("seller") or one.fields.get("fulfiller"))),
        described=_described(findings, context.partner),
        partners=_partners(findings, context),
    )
