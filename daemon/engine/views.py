"""What the commands print and pages will show; the field names are the public JSON shapes."""

from collections.abc import Mapping

from daemon.domain.values import Json, Value


class HistoryView(Value, frozen=True, kw_only=True):
    at: str
    what: str
    because: str


class MissingView(Value, frozen=True, kw_only=True):
    what: str
    line: str
    count: int


class LineView(Value, frozen=True, kw_only=True):
    line: str
    sku: str
    title: str
    quantity: int
    shipped: int
    canceled: int
    imei_required: bool
    imeis: tuple[str, ...]


class ShippedLineView(Value, frozen=True, kw_only=True):
    line: str
    quantity: int


class ShipmentView(Value, frozen=True, kw_only=True):
    carrier: str | None
    tracking_number: str
    tracking_url: str | None
    shipped_on: str
    lines: tuple[ShippedLineView, ...]


class ProblemView(Value, frozen=True, kw_only=True):
    kind: str
    detected_at: str
    new_date: str | None
    buyer_notified_at: str | None
    resolved_at: str | None


class DeadlineView(Value, frozen=True, kw_only=True):
    kind: str
    due: str
    state: str


class OrderLine(Value, frozen=True, kw_only=True):
    """One order in the list of all."""

    order: str
    state: str
    seller: str | None
    merchant: str | None
    fulfiller: str | None
    placed_at: str
    ship_by: str | None
    complete: bool


class OrderView(Value, frozen=True, kw_only=True):
    order: str
    state: str
    seller: str | None
    merchant: str | None
    fulfiller: str | None
    market: str
    placed_at: str
    paid_at: str | None
    released_at: str | None
    acknowledged_at: str | None
    complete: bool
    missing: tuple[MissingView, ...]
    ship_by: str | None
    incoterm: str | None
    shipping_price: str
    lines: tuple[LineView, ...]
    shipments: tuple[ShipmentView, ...]
    problems: tuple[ProblemView, ...]
    deadlines: tuple[DeadlineView, ...]
    held: tuple[str, ...]
    history: tuple[HistoryView, ...]


class InquiryLine(Value, frozen=True, kw_only=True):
    """One inquiry on the merchant's dashboard."""

    inquiry: str
    merchant: str
    fulfiller: str
    warehouse: str | None
    state: str
    sent_at: str
    answered_at: str | None
    active_since: str | None


class InquiryView(InquiryLine, frozen=True, kw_only=True):
    deadlines: tuple[DeadlineView, ...]
    held: tuple[str, ...]
    history: tuple[HistoryView, ...]


class ProposalView(Value, frozen=True, kw_only=True):
    changes: tuple[str, ...]
    sends: tuple[str, ...]


class HeldView(Value, frozen=True, kw_only=True):
    id: str
    received_at: str
    source: str
    name: str
    about: str | tuple[str, ...] | None
    due: str | None
    excerpt: str
    proposal: ProposalView | None
    reasons: tuple[str, ...]
    sender: str | None = None
    codes: tuple[str, ...] = ()


class EvidenceView(Value, frozen=True, kw_only=True):
    where: str
    text: str


class FindingView(Value, frozen=True, kw_only=True):
    kind: str
    order: str | None
    line: str | None
    value: str
    evidence: EvidenceView


class RuleView(Value, frozen=True, kw_only=True):
    rule: str
    hit: bool
    why: str


class EffectView(Value, frozen=True, kw_only=True):
    """A mail with its template and recipient, or a file with its kind and party."""

    kind: str
    template: str | None = None
    to: str | None = None
    about: str | tuple[str, ...] | None = None


class ExplainView(Value, frozen=True, kw_only=True):
    arrival: str | None
    documents: tuple[Json, ...]
    findings: tuple[FindingView, ...]
    rules: tuple[RuleView, ...]
    decision: str
    changes: tuple[str, ...]
    effects: tuple[EffectView, ...]
    reasons: tuple[str, ...]


class SourceView(Value, frozen=True, kw_only=True):
    source: str
    last_input: str | None
    last_success: str | None
    trouble: str | None
    silent: bool


class StatusView(Value, frozen=True, kw_only=True):
    ok: bool
    sources: tuple[SourceView, ...]
    queues: Mapping[str, int]
    held: int
    overdue: int
    paused: tuple[str, ...]
    problems: tuple[str, ...]


class ReleaseView(Value, frozen=True, kw_only=True):
    id: str
    released: bool
    changes: tuple[str, ...]
    sends: tuple[str, ...]
    reasons: tuple[str, ...]


class RereadView(Value, frozen=True, kw_only=True):
    id: str
    state: str
    reasons: tuple[str, ...]


class SyncView(Value, frozen=True, kw_only=True):
    merchant: str
    fulfiller: str
    warehouse: str | None
    inquiry: str
    synced_at: str | None


class RunCounts(Value, frozen=True, kw_only=True):
    taken_in: int = 0
    decided: int = 0
    held: int = 0
    sent: int = 0
    failed: int = 0
    rung: int = 0
