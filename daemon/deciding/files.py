"""Files that were dropped: orders, a partner's own confirmations and tracking numbers, a merchant's inquiries."""

from collections.abc import Mapping, Sequence

import msgspec

from daemon.deciding import authority, goods, inquiries, stock
from daemon.deciding.draft import Draft
from daemon.deciding.order_files import decide_orders
from daemon.deciding.orders import line_named
from daemon.deciding.shippers import IN_VAIN, UNPLACED
from daemon.deciding.words import Outcome, Words
from daemon.domain.arrival import Arrival
from daemon.domain.decision import Decision, Disposition, RowResult, RowVerdict
from daemon.domain.document import Unreadable
from daemon.domain.finding import (
    ArticleRow,
    DeviceNamed,
    Doubt,
    Finding,
    InquiryRow,
    OrderRow,
    Parcel,
    Reading,
    ReturnRow,
    StockRow,
)
from daemon.domain.identifiers import order_key
from daemon.domain.partner import Partner, Role
from daemon.domain.reason import Reason, distinct, reason
from daemon.domain.stimulus import Release

ORDERS = "orders"
_A_SKU = 4
_OF_DEVICES = frozenset({"imei", "imei2"})


def faults(reading: Reading) -> tuple[Reason, ...]:
    """Why nothing could be read."""
    found = [
        reason(one.code, one.evidence.where, **{"value": one.value, **one.values})
        for one in reading.findings
        if isinstance(one, Doubt)
    ]
    for document in reading.documents:
        if isinstance(document, Unreadable) and not found:
            found.append(reason(document.code, **document.values))
    return tuple(found) or (reason("unreadable"),)


def decide_file(draft: Draft, arrival: Arrival, reading: Reading, release: Release | None) -> Decision:
    """One portion of a dropped file; the folder says who speaks."""
    party, name = arrival.party or "", arrival.name
    if any(isinstance(one, Unreadable) for one in reading.documents):
        reasons = faults(reading)
        sketched = any(isinstance(one, Unreadable) and one.draft for one in reading.documents)
        code = "file_without_format" if sketched else "file_unreadable"
        draft.tell_operator(f"unreadable:{draft.because}", reason(code, party=party, name=name, arrival=draft.cause))
        return draft.seal(Disposition.HELD, reasons, verdicts=_all_rows(reading, RowResult.HELD, reasons))
    verdicts = _verdicts(draft, party, reading, release)
    held = tuple(one for verdict in verdicts if verdict.result is RowResult.HELD for one in verdict.reasons)
    refused = sum(verdict.result is RowResult.REFUSED for verdict in verdicts)
    if refused:
        what = reason("rows_refused", party=party, name=name, count=refused)
        draft.tell_operator(f"refused:{draft.because}:{verdicts[0].number}", what)
    for one in held:
        if one.code == IN_VAIN:
            what = reason("orders_awaited_in_vain", name=name, inquiry=one.values["inquiry"], state=one.values["state"])
            draft.tell_operator(f"in-vain:{draft.cause}:{one.values['inquiry']}", what)
        if one.code == UNPLACED:
            between = {side: one.values[side] for side in ("merchant", "fulfiller", "warehouses")}
            what = reason("orders_without_warehouse", name=name, **between)
            draft.tell_operator(f"unplaced:{draft.cause}:{between['merchant']}:{between['fulfiller']}", what)
    reasons = held or tuple(one for verdict in verdicts for one in verdict.reasons)
    taken = _taken(draft, reading, verdicts) if held else ()
    return draft.seal(Disposition.HELD if held else Disposition.DONE, distinct(reasons), verdicts=verdicts, taken=taken)


def _taken(draft: Draft, reading: Reading, verdicts: Sequence[RowVerdict]) -> tuple[str, ...]:
    """What no row that is held is about: nobody need look at it, and its clocks run on."""
    held = {one.number for one in verdicts if one.result is RowResult.HELD}
    named = {one.order for one in reading.findings if one.order and (one.evidence.row or 0) in held}
    waiting = {order_key(one) for order in named for one in (order, *reading.also.get(order, ()))}
    return () if 0 in held else tuple(one for one in draft.about if order_key(one) not in waiting)


def _all_rows(reading: Reading, result: RowResult, reasons: tuple[Reason, ...]) -> tuple[RowVerdict, ...]:
    """The same for every row; for the file as such when it has none."""
    numbers = [row.number for row in reading.rows] or [1]
    return tuple(RowVerdict(number=number, result=result, reasons=reasons) for number in numbers)


def _verdicts(draft: Draft, party: str, reading: Reading, release: Release | None) -> tuple[RowVerdict, ...]:
    doubts = [one for one in reading.findings if isinstance(one, Doubt)]
    ordered = [one for one in reading.findings if isinstance(one, OrderRow)]
    if party == ORDERS:
        return _by_row(reading, [*decide_orders(draft, ordered, approved=release is not None), *_broken(doubts)])
    speaker = authority.of_folder(party, draft.rulebook)
    if speaker.doubt or speaker.partner is None:
        return _all_rows(reading, RowResult.HELD, (speaker.doubt or reason("unknown_partner", party=party),))
    if ordered:
        found = decide_orders(draft, ordered, approved=release is not None, owner=speaker.partner.id)
        return _by_row(reading, [*found, *_broken(doubts)])
    requests = [one for one in reading.findings if isinstance(one, InquiryRow)]
    if requests:
        return _by_row(reading, [_inquire(draft, speaker.partner, one, place) for place, one in enumerate(requests)])
    if any(isinstance(one, ArticleRow | ReturnRow) for one in reading.findings):
        return _by_row(reading, _goods_rows(draft, speaker.partner, reading, release))
    return _by_row(reading, _partner_rows(draft, speaker.partner, reading, release))


def _broken(doubts: Sequence[Doubt]) -> list[RowVerdict]:
    """A row of orders that cannot be read is refused, beside those that can."""
    return [
        _row_verdict(
            one, RowResult.REFUSED, (reason(one.code, one.evidence.where, **{"value": one.value, **one.values}),)
        )
        for one in doubts
    ]


def _goods_rows(draft: Draft, partner: Partner, reading: Reading, release: Release | None) -> list[RowVerdict]:
    findings = release.chosen(reading.findings) if release else reading.findings
    told = [one for one in findings if isinstance(one, ArticleRow | ReturnRow)]
    taken = goods.take(draft, partner, told, release)
    results = [_row_verdict(one.row, one.result, (one.doubt,) if one.doubt else ()) for one in taken]
    return [*results, *_doubted_rows([one for one in findings if isinstance(one, Doubt)])]


def _doubted_rows(doubts: Sequence[Doubt]) -> list[RowVerdict]:
    """A row that cannot be read waits for a person, beside those that can."""
    return [
        _row_verdict(one, RowResult.HELD, (reason(one.code, one.evidence.where, **{"value": one.value, **one.values}),))
        for one in doubts
    ]


def _partner_rows(draft: Draft, partner: Partner, reading: Reading, release: Release | None) -> list[RowVerdict]:
    meant: Sequence[Finding] = reading.findings
    if reading.also:
        meant = [_meant(draft, partner, one, reading) for one in meant]
    meant = _by_article(draft, meant) if reading.numbered else meant
    meant = release.chosen(meant) if release else meant
    place = release.order if release else None
    parcels, devices, meant = ([], [], meant) if place else _of_no_order(draft, meant)
    meant = _with_lines(draft, meant, reading)
    findings: Sequence[Finding] = [one for one in meant if not _erases_nothing(draft, one)]
    words = Words(draft, partner, default=None, trusted=release is not None, place=place)
    outcomes = words.apply([one for one in findings if not isinstance(one, StockRow)])
    if not reading.findings and not reading.rows:
        return [RowVerdict(number=1, result=RowResult.UNCHANGED)]
    levels = [one for one in reading.findings if isinstance(one, StockRow)]
    doubts = stock.take(draft, partner, levels) if levels else {}
    taken = [_row_verdict(one, RowResult.TAKEN, ()) for one in levels]
    taken += [_row_verdict(levels[place], RowResult.HELD, (doubt,)) for place, doubt in doubts.items()]
    return [*taken, *parcels, *(_row_verdict(one.finding, *_result(one)) for one in outcomes), *devices]


def _of_no_order(
    draft: Draft, findings: Sequence[Finding]
) -> tuple[list[RowVerdict], list[RowVerdict], Sequence[Finding]]:
    """The verdicts on parcels and on devices of orders that we do not know, and the other findings.

    Whatever else a file says changes nothing about these, and a long one may hold nothing else.
    """
    parcels: list[RowVerdict] = []
    devices: list[RowVerdict] = []
    others: list[Finding] = []
    held: dict[str, tuple[Reason, ...] | None] = {}
    for one in findings:
        named = one.order if isinstance(one, (Parcel, DeviceNamed)) else None
        if named and named not in held:
            held[named] = None if draft.order(order_key(named)) else (reason("unknown_order", order=named),)
        if named and (why := held[named]):
            some = parcels if isinstance(one, Parcel) else devices
            some.append(_row_verdict(one, RowResult.HELD, why))
        else:
            others.append(one)
    return parcels, devices, others


def _meant(draft: Draft, partner: Partner, finding: Finding, reading: Reading) -> Finding:
    """Where a number is none of ours, the one in another column that is an order of this partner, if only one is.

    Where both are, nobody knows which of them is meant.
    """
    others = reading.also.get(finding.order or "", ())
    if not others or finding.order is None:
        return finding
    ours = [one for one in others if (order := draft.order(order_key(one))) and order.shipper == partner.id]
    if draft.order(order_key(finding.order)):
        several = [finding.order, *(one for one in ours if order_key(one) != order_key(finding.order))]
        if isinstance(finding, Doubt) or len(several) == 1:
            return finding
        named = ", ".join(dict.fromkeys(several))
        return Doubt(code="order_ambiguous", value=named, values={"value": named}, evidence=finding.evidence)
    return msgspec.structs.replace(finding, order=ours[0]) if len(ours) == 1 else finding


def _by_article(draft: Draft, findings: Sequence[Finding]) -> Sequence[Finding]:
    """The findings without their lines where some order has none of that number: these number the rows."""
    for one in findings:
        order = draft.order(order_key(one.order)) if one.order and one.line else None
        if order and one.line and line_named(order, one.line) is None:
            return [msgspec.structs.replace(each, line=None) for each in findings]
    return findings


def _with_lines(draft: Draft, findings: Sequence[Finding], reading: Reading) -> Sequence[Finding]:
    """Parcels and devices with the one article of their order that stands in their row, under whatever heading."""
    rows = {row.number: row.cells for row in reading.rows}
    return [
        msgspec.structs.replace(one, line=line)
        if isinstance(one, Parcel | DeviceNamed) and (line := _line_in(draft, one, rows))
        else one
        for one in findings
    ]


def _line_in(draft: Draft, one: Parcel | DeviceNamed, rows: Mapping[int, Sequence[str]]) -> str | None:
    order = draft.order(order_key(one.order)) if one.order and not one.line else None
    if order is None or len(order.lines) == 1:
        return None
    cells = {cell.strip().casefold() for cell in rows.get(one.evidence.row or 0, ())}
    found = [line.line for line in order.lines if len(line.sku) >= _A_SKU and line.sku.casefold() in cells]
    return found[0] if len(found) == 1 else None


def _erases_nothing(draft: Draft, finding: Finding) -> bool:
    """The word for an absent value where nothing is recorded is no more than a blank."""
    if not isinstance(finding, Doubt) or finding.code != "erasing_value" or not finding.order:
        return False
    order = draft.order(order_key(finding.order))
    if order is None:
        return False
    if finding.values.get("field") in _OF_DEVICES:
        return not any(line.devices for line in order.lines)
    return not order.shipments


def _result(outcome: Outcome) -> tuple[RowResult, tuple[Reason, ...]]:
    if outcome.known:
        return RowResult.UNCHANGED, ()
    if outcome.doubt:
        return RowResult.HELD, (outcome.doubt,)
    return RowResult.TAKEN, ()


def row_verdicts(reading: Reading, outcomes: Sequence[Outcome]) -> tuple[RowVerdict, ...]:
    """What became of each row of a table."""
    return _by_row(reading, [_row_verdict(one.finding, *_result(one)) for one in outcomes])


def _row_verdict(finding: Finding, result: RowResult, reasons: tuple[Reason, ...]) -> RowVerdict:
    return RowVerdict(number=finding.evidence.row or 0, result=result, reasons=reasons)


_WEIGHT = {RowResult.UNCHANGED: 0, RowResult.TAKEN: 1, RowResult.HELD: 2, RowResult.REFUSED: 3}


def _by_row(reading: Reading, verdicts: Sequence[RowVerdict]) -> tuple[RowVerdict, ...]:
    """One verdict for each row, the gravest of its findings'; a row that claims nothing is unchanged."""
    merged: dict[int, RowVerdict | None] = {row.number: None for row in reading.rows}
    for one in verdicts:
        before = merged.get(one.number)
        if one == before:
            continue
        if before is None or (not before.reasons and _WEIGHT[one.result] >= _WEIGHT[before.result]):
            merged[one.number] = one
            continue
        result = max(before.result, one.result, key=_WEIGHT.__getitem__)
        reasons = distinct((*before.reasons, *one.reasons))
        merged[one.number] = RowVerdict(number=one.number, result=result, reasons=reasons)
    unchanged = RowResult.UNCHANGED
    return tuple(one or RowVerdict(number=number, result=unchanged) for number, one in merged.items())


def _inquire(draft: Draft, merchant: Partner, request: InquiryRow, place: int) -> RowVerdict:
    fulfiller = draft.rulebook.partner(draft.rulebook.id_of(Role.FULFILLER, request.fulfiller))
    warehouse = (fulfiller.house(request.warehouse) if fulfiller else None) or request.warehouse or None
    doubt = inquiries.refusal(draft, merchant, fulfiller, warehouse)
    if fulfiller is None:
        doubt = reason("unknown_fulfiller", request.evidence.where, value=request.fulfiller)
    if not request.text.strip():
        doubt = reason("missing_value", request.evidence.where, column="text", value="")
    if doubt and doubt.code == "inquiry_exists":
        return _row_verdict(request, RowResult.UNCHANGED, ())
    if doubt or fulfiller is None:
        return _row_verdict(request, RowResult.REFUSED, (doubt,) if doubt else ())
    inquiries.make(draft, merchant, fulfiller, warehouse, request.text, place)
    return _row_verdict(request, RowResult.TAKEN, ())
