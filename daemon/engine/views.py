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
    hs_code: str | None = None
    origin: str | None = None


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
    paid_at: str | None
    paid_amount: str | None
    total: str
    currency: str
    ship_by: str | None
    complete: bool


class ClaimView(Value, frozen=True, kw_only=True):
    """Duties or fees that the buyer had to pay, in the order's currency."""

    amount: str
    currency: str
    on_return: bool
    claimed_at: str
    refunded_at: str | None


class ReturnView(Value, frozen=True, kw_only=True):
    """So many pieces of a line that a buyer sends back, and where they stand since `day`."""

    number: str
    line: str
    quantity: int
    state: str
    day: str
    condition: str
    reason: str
    refunded_at: str | None


class OrderView(Value, frozen=True, kw_only=True):
    order: str
    state: str
    seller: str | None
    merchant: str | None
    fulfiller: str | None
    market: str
    placed_at: str
    paid_at: str | None
    paid_amount: str | None
    total: str
    currency: str
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
    claims: tuple[ClaimView, ...]
    returns: tuple[ReturnView, ...]
    no_reminders_since: str | None
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
    """`left_alone` are those who asked for no more mail about it. Who confirmed matters in a two-sided handshake."""

    confirmed_at: str | None
    merchant_confirmed_at: str | None
    left_alone: tuple[str, ...]
    deadlines: tuple[DeadlineView, ...]
    held: tuple[str, ...]
    history: tuple[HistoryView, ...]


class ProposalView(Value, frozen=True, kw_only=True):
    changes: tuple[str, ...]
    sends: tuple[str, ...]


class HeldView(Value, frozen=True, kw_only=True):
    """`came_back_from` are the addresses that a mail of ours did not reach."""

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
    came_back_from: tuple[str, ...] = ()


class GroupView(Value, frozen=True, kw_only=True):
    """Held arrivals of one sender for the same reasons; `id` stands for exactly these wherever an ID is asked for.

    `excerpt`, `proposal` and `reasons` are those of the most urgent one. `releasable` counts those of which a release
    would change something. `release`, `resend` and `discard` are commands to copy; where there is nothing to release or
    to send once more, these are None.
    """

    id: str
    count: int
    due: str | None
    sender: str | None
    source: str
    codes: tuple[str, ...]
    reasons: tuple[str, ...]
    about: tuple[str, ...]
    ids: tuple[str, ...]
    excerpt: str
    proposal: ProposalView | None
    releasable: int
    came_back_from: tuple[str, ...]
    release: str | None
    resend: str | None
    discard: str


class EvidenceView(Value, frozen=True, kw_only=True):
    """`where` is the same in every language; `place` says it in the operator's."""

    where: str
    place: str
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
    """`proposal` is what a release would do beyond `changes`; `history` is what persons did with it.

    `trusted` says by whose word its sender may speak.
    """

    arrival: str | None
    documents: tuple[Json, ...]
    findings: tuple[FindingView, ...]
    rules: tuple[RuleView, ...]
    decision: str
    changes: tuple[str, ...]
    effects: tuple[EffectView, ...]
    reasons: tuple[str, ...]
    proposal: ProposalView | None = None
    history: tuple[HistoryView, ...] = ()
    trusted: str | None = None


class OutcomeView(Value, frozen=True, kw_only=True):
    """What was read and decided of an arrival, without where it stood and which rule said so."""

    decision: str
    findings: tuple[str, ...]
    changes: tuple[str, ...]
    sends: tuple[str, ...]
    reasons: tuple[str, ...]


class DifferenceView(Value, frozen=True, kw_only=True):
    id: str
    received_at: str
    source: str
    name: str
    excerpt: str
    old: OutcomeView
    new: OutcomeView


class BacktestView(Value, frozen=True, kw_only=True):
    """`rules` is the hash of the edition that was tried; `not_kept` counts what can no longer be read again."""

    since: str
    rules: str
    tested: int
    not_kept: int
    different: int
    differences: tuple[DifferenceView, ...]


class SourceView(Value, frozen=True, kw_only=True):
    source: str
    last_input: str | None
    last_success: str | None
    trouble: str | None
    silent: bool


class UnderwayView(Value, frozen=True, kw_only=True):
    """A long table that is being decided; `percent` of its bytes, where the file tells."""

    id: str
    source: str
    name: str
    rows: int
    percent: int | None


class StatusView(Value, frozen=True, kw_only=True):
    ok: bool
    sources: tuple[SourceView, ...]
    queues: Mapping[str, int]
    underway: tuple[UnderwayView, ...]
    held: int
    overdue: int
    paused: tuple[str, ...]
    problems: tuple[str, ...]


class ReleaseView(Value, frozen=True, kw_only=True):
    """`possible` is the answer of a dry run: whether it would have been released."""

    id: str
    released: bool
    possible: bool = False
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
