"""What takes the rest of a mail back: a sentence nobody understood, goods that have not left, parts of unknown size."""

from datetime import timedelta

import msgspec
import pytest

from daemon.domain.decision import Disposition
from daemon.domain.finding import UNKNOWN_ASIDE, Statement, Trouble
from daemon.domain.problem import ProblemKind
from tests.support.builders import IMEI_A, IMEI_B, OTHER_DHL_NUMBER, WEDNESDAY, evidence, line, order, phone, snapshot
from tests.unit.deciding.test_mails import PERSON, PROVEN, THREAD, codes, device, parcel, reply, said

DELAY = Trouble(evidence=evidence(), problem=ProblemKind.DELAY, rule="r")


def test_a_sentence_that_nobody_understood_holds_the_whole_mail() -> None:
    decision = reply(snapshot(order()), parcel(), said(Statement.UNCLEAR))
    assert decision.disposition is Disposition.HELD
    assert codes(decision) == ["partner_unclear"]
    assert not any(one.shipments for one in decision.orders)


def test_words_beside_a_number_that_nobody_knows_are_named() -> None:
    unknown = msgspec.structs.replace(said(Statement.UNCLEAR), unknown=("mislaid", "intern"))
    decision = reply(snapshot(order()), parcel(), unknown)
    assert codes(decision) == ["unknown_word"]
    assert decision.reasons[0].values["words"] == "mislaid, intern"
    assert any(one.shipments for one in reply(snapshot(order()), parcel(), unknown, release=PERSON).orders)


def test_words_about_the_goods_beside_a_dispatch_that_nobody_knows_are_named() -> None:
    aside = msgspec.structs.replace(said(Statement.UNCLEAR), rule=UNKNOWN_ASIDE, unknown=("rollte", "Hof"))
    decision = reply(snapshot(order()), parcel(), aside)
    assert codes(decision) == ["unknown_aside"]
    assert decision.reasons[0].values["words"] == "rollte, Hof"
    assert not any(one.shipments for one in decision.orders)


def test_what_is_unclear_of_one_order_alone_holds_no_other() -> None:
    two = snapshot(order(), order(number="A-1002"))
    of_both = msgspec.structs.replace(PROVEN, conversation=msgspec.structs.replace(THREAD, about=("A-1001", "A-1002")))
    unclear = msgspec.structs.replace(said(Statement.UNCLEAR), order="A-1002")
    apart = msgspec.structs.replace(unclear, alone=True)
    number, other = parcel(order="A-1001"), parcel(OTHER_DHL_NUMBER, order="A-1002")
    taken = reply(two, number, apart, context=of_both)
    assert codes(taken) == ["partner_unclear"]
    assert [one.number for one in taken.orders if one.shipments] == ["A-1001"]
    for held in (
        (number, unclear),
        (number, other, apart),
        (number, apart, said(Statement.UNCLEAR)),
        (parcel(), apart),
    ):
        assert not any(one.shipments for one in reply(two, *held, context=of_both).orders)


def test_a_person_may_take_it_all_the_same() -> None:
    decision = reply(snapshot(order()), parcel(), said(Statement.UNCLEAR), release=PERSON)
    assert decision.disposition is Disposition.DONE
    assert decision.orders[0].shipments


def test_a_number_of_goods_that_have_not_left_is_held() -> None:
    decision = reply(snapshot(order()), parcel(), said(Statement.NOT_SHIPPED))
    assert codes(decision) == ["partner_not_shipped"]
    assert not any(one.shipments for one in decision.orders)


def test_that_it_will_leave_accepts_the_order() -> None:
    decision = reply(snapshot(order()), said(Statement.WILL_SHIP), said(Statement.NOT_SHIPPED))
    assert decision.disposition is Disposition.DONE
    assert decision.orders[0].acknowledged_at


def test_goods_that_came_back_wait_for_a_person_whoever_sees_to_them() -> None:
    decision = reply(snapshot(order()), said(Statement.CAME_BACK), said(Statement.ACCEPTED))
    assert codes(decision) == ["partner_came_back"]
    assert not any(one.acknowledged_at for one in decision.orders)


def test_goods_that_came_back_and_leave_again_are_on_their_way() -> None:
    decision = reply(snapshot(order()), said(Statement.CAME_BACK), said(Statement.WILL_SHIP))
    assert decision.disposition is Disposition.DONE
    assert decision.orders[0].acknowledged_at


def test_that_it_will_leave_late_is_a_delay_and_no_acceptance() -> None:
    decision = reply(snapshot(order()), DELAY, said(Statement.WILL_SHIP))
    assert decision.disposition is Disposition.DONE
    assert [one.acknowledged_at for one in decision.orders] == [None]


def test_a_number_of_what_leaves_today_counts_and_of_what_leaves_later_is_held() -> None:
    today, later = (
        msgspec.structs.replace(said(Statement.WILL_SHIP), until=WEDNESDAY.date() + timedelta(days=days))
        for days in (0, 1)
    )
    assert reply(snapshot(order()), parcel(), today).orders[0].shipments
    assert codes(reply(snapshot(order()), parcel(), later)) == ["partner_not_shipped"]


def test_a_part_of_unknown_size_is_held() -> None:
    two = snapshot(order(lines=(line(quantity=2),)))
    assert codes(reply(two, parcel(), said(Statement.PARTIAL))) == ["quantity_unclear"]
    decision = reply(two, parcel(quantity=1), said(Statement.PARTIAL))
    assert decision.disposition is Disposition.DONE
    assert [one.shipped for one in decision.orders[0].lines] == [1]


@pytest.mark.parametrize(("there", "ordered", "taken"), [(1, 2, False), (1, 1, True), (2, 2, True)])
def test_of_fewer_pieces_than_were_ordered_nothing_is_accepted(there: int, ordered: int, *, taken: bool) -> None:
    scarce = msgspec.structs.replace(said(Statement.SCARCE), quantity=there)
    decision = reply(snapshot(order(lines=(line(quantity=ordered),))), scarce, said(Statement.WILL_SHIP))
    assert codes(decision) == ([] if taken else ["other_pieces_confirmed"])
    assert [bool(one.acknowledged_at) for one in decision.orders] == ([True] if taken else [])


def test_fewer_pieces_are_settled_by_a_day_for_the_rest() -> None:
    scarce = msgspec.structs.replace(said(Statement.SCARCE), quantity=1)
    rest = msgspec.structs.replace(said(Statement.PARTIAL), until=WEDNESDAY.date() + timedelta(days=1))
    two = snapshot(order(lines=(line(quantity=2),)))
    assert codes(reply(two, parcel(quantity=1), scarce, rest)) == []
    assert codes(reply(two, parcel(), scarce)) == ["quantity_unclear", "other_pieces_confirmed"]


def test_a_line_of_which_its_own_number_has_not_left_holds_no_other() -> None:
    both = snapshot(order(lines=(line(), line("2"))))
    stays = msgspec.structs.replace(said(Statement.NOT_SHIPPED), line="2")
    other = msgspec.structs.replace(parcel(OTHER_DHL_NUMBER), line="2")
    decision = reply(both, msgspec.structs.replace(parcel(), line="1"), other, stays)
    assert codes(decision) == ["partner_not_shipped"]
    assert [(one.line, one.shipped) for one in decision.orders[0].lines] == [("1", 1), ("2", 0)]


def test_a_part_without_a_number_is_held() -> None:
    assert codes(reply(snapshot(order()), said(Statement.PARTIAL))) == ["partner_partial"]


def test_a_new_date_that_keeps_the_promise_is_no_delay() -> None:
    promised = order(ship_by=WEDNESDAY)
    decision = reply(
        snapshot(promised), msgspec.structs.replace(DELAY, until=WEDNESDAY.date()), said(Statement.ACCEPTED)
    )
    assert decision.disposition is Disposition.DONE
    assert not decision.orders[0].problems


@pytest.mark.parametrize(("days", "late"), [(2, False), (9, False), (10, True), (15, True)])
def test_what_arrives_more_than_a_week_after_it_has_to_leave_is_delayed(days: int, *, late: bool) -> None:
    arrives = WEDNESDAY.date() + timedelta(days=days)
    decision = reply(snapshot(order()), msgspec.structs.replace(said(Statement.ACCEPTED), arrives=arrives))
    assert decision.disposition is Disposition.DONE
    assert decision.orders[0].acknowledged_at
    assert [one.new_date for one in decision.orders[0].problems] == ([arrives] if late else [])


def test_an_excuse_for_a_delay_beside_the_number_is_no_problem() -> None:
    decision = reply(snapshot(order()), DELAY, parcel())
    assert decision.disposition is Disposition.DONE
    assert not decision.orders[0].problems


def test_a_dispatch_before_the_order_is_held() -> None:
    early = parcel(shipped_on=order().placed_at.date().replace(year=2020))
    assert codes(reply(snapshot(order()), early)) == ["dispatch_before_order"]


def test_the_rest_of_an_order_does_not_hold_what_another_parcel_names() -> None:
    both = snapshot(order(lines=(line("1"), line("2", sku="CASE-01"))))
    decision = reply(both, parcel(), parcel(OTHER_DHL_NUMBER, line="2"))
    held = {one.tracking_number: [part.line for part in one.lines] for one in decision.orders[0].shipments}
    assert held[parcel().number] == ["1"]


@pytest.mark.parametrize(("owed", "taken"), [(1, [IMEI_A]), (2, [IMEI_A, IMEI_B])])
def test_numbered_imeis_are_one_telephone_or_as_many_as_are_due(owed: int, taken: list[str]) -> None:
    state = snapshot(order(lines=(phone(quantity=owed),)))
    decision = reply(state, device(second=IMEI_B, counted=True))
    assert [one.imei for one in decision.orders[0].lines[0].devices] == taken


def test_a_pair_where_more_devices_are_due_is_not_told_apart() -> None:
    state = snapshot(order(lines=(phone(quantity=2),)))
    assert codes(reply(state, device(second=IMEI_B))) == ["imei_pair_unclear"]
