"""Dropped lists in which some rows are about orders that nobody knows."""

from hypothesis import given
from hypothesis import strategies as st

from daemon.deciding.draft import Draft
from daemon.deciding.files import decide_file, row_verdicts
from daemon.deciding.words import Words
from daemon.domain.arrival import ArrivalKind
from daemon.domain.decision import RowVerdict
from daemon.domain.document import Sheet
from daemon.domain.finding import DeviceNamed, Doubt, Finding, Parcel, Reading, Row, Said, Statement
from daemon.domain.identifiers import Imei, TrackingNumber
from tests.support.builders import (
    ACME,
    BOLT,
    DHL_NUMBER,
    IMEI_A,
    IMEI_B,
    OTHER_DHL_NUMBER,
    POLICY,
    RULEBOOK,
    WEDNESDAY,
    arrival,
    evidence,
    line,
    order,
    phone,
    snapshot,
)

KNOWN = snapshot(order("A-1001"), order("A-1002", phone(), line("2")), order("B-1", shipper=BOLT.id, seller=BOLT.id))
ORDERS = ("A-1001", "#a-1002 ", "B-1", "Z-1", "Z-2")
LIST = arrival(kind=ArrivalKind.FILE, name="list.csv", party="sellers/acme", source="folder:sellers/acme")


def claims(row: int) -> st.SearchStrategy[list[Finding]]:
    """What a row may claim, one thing or several about one order."""
    return st.builds(
        lambda number, line, found: [_claim(row, number, line, one) for one in found],
        st.sampled_from(ORDERS),
        st.sampled_from((None, "1", "2")),
        st.lists(st.sampled_from((DHL_NUMBER, OTHER_DHL_NUMBER, IMEI_A, IMEI_B, "doubt", "said")), max_size=3),
    )


def _claim(row: int, named: str, line: str | None, what: str) -> Finding:
    where = evidence(row)
    if what == "doubt":
        return Doubt(evidence=where, order=named, line=line, code="check_digit_wrong", value="1")
    if what == "said":
        return Said(evidence=where, order=named, line=line, statement=Statement.SHIPPED, rule="")
    if what in {IMEI_A, IMEI_B}:
        return DeviceNamed(evidence=where, order=named, line=line, imei=Imei(what))
    return Parcel(evidence=where, order=named, line=line, number=TrackingNumber(what), carrier="dhl")


def draft() -> Draft:
    return Draft(KNOWN, RULEBOOK, POLICY, now=WEDNESDAY, at=WEDNESDAY, because="a-1")


def decided(findings: list[Finding], rows: int) -> tuple[tuple[RowVerdict, ...], tuple[RowVerdict, ...], bool]:
    """The verdicts on a list, those of hearing finding by finding, and whether both change the same."""
    reading = Reading(
        documents=(Sheet(name="list.csv", format="plain", columns=("a",), encoding="utf-8", delimiter=";"),),
        findings=tuple(findings),
        rows=tuple(Row(number=number, cells=("x",)) for number in range(2, rows + 2)),
    )
    decision = decide_file(draft(), LIST, reading, None)
    plain = draft()
    outcomes = Words(plain, ACME, default=None, trusted=False, place=None).apply(findings)
    sealed = plain.seal(decision.disposition)
    same = (sealed.orders, sealed.effects, sealed.history) == (decision.orders, decision.effects, decision.history)
    return decision.verdicts, row_verdicts(reading, outcomes), same


@given(st.integers(1, 6).flatmap(lambda rows: st.tuples(*(claims(row) for row in range(2, rows + 2)))))
def test_rows_about_orders_that_nobody_knows_are_judged_as_if_each_were_heard(rows: tuple[list[Finding], ...]) -> None:
    verdicts, heard, same = decided([one for row in rows for one in row], len(rows))
    assert verdicts == heard
    assert same
