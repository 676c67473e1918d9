"""What a reply by mail may change by itself, and what waits for a person."""

from datetime import date
from typing import Any

import msgspec
import pytest

from daemon.deciding.arrival import decide
from daemon.domain.arrival import Verdict
from daemon.domain.decision import Decision, Disposition
from daemon.domain.document import Automatic, Mail
from daemon.domain.effect import SendMail, TellOperator
from daemon.domain.finding import DeviceNamed, Doubt, Finding, Parcel, Reading, Said, Statement, Trouble, Undelivered
from daemon.domain.identifiers import ConversationId, Imei, MessageId, OrderKey, PartnerId, TrackingNumber
from daemon.domain.order import OrderState
from daemon.domain.problem import ProblemKind
from daemon.domain.snapshot import Context, Conversation, DeviceUse, Snapshot
from daemon.domain.stimulus import Person, Release
from tests.support.builders import (
    ACME,
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
    templates,
)

THREAD = Conversation(
    id=ConversationId("abc"), name="order:a-1001:acme", about=("A-1001",), partner=ACME.id, recipient=ACME.address
)
PROVEN = Context(conversation=THREAD, proven="token", partner=ACME.id)
UNPROVEN = Context()
PERSON = Release(person=Person(name="anna", why="rang him"))


def mail(**changes: Any) -> Mail:
    return msgspec.structs.replace(
        Mail(sender=ACME.address, new_text="Hallo", message_id=MessageId("m1@acme")), **changes
    )


def parcel(number: str = DHL_NUMBER, **changes: Any) -> Parcel:
    plain = Parcel(evidence=evidence(text=number), number=TrackingNumber(number), carrier="dhl")
    return msgspec.structs.replace(plain, **changes)


def device(imei: str = IMEI_A, **changes: Any) -> DeviceNamed:
    return msgspec.structs.replace(DeviceNamed(evidence=evidence(text=imei), imei=Imei(imei)), **changes)


def said(statement: Statement) -> Said:
    return Said(evidence=evidence(), statement=statement, rule="r")


def reply(
    state: Snapshot,
    *findings: Finding,
    context: Context = PROVEN,
    release: Release | None = None,
    policy: Any = POLICY,
    **of_mail: Any,
) -> Decision:
    reading = Reading(documents=(mail(**of_mail),), findings=findings)
    return decide(arrival(), reading, context, state, RULEBOOK, policy, WEDNESDAY, release)


def codes(decision: Decision) -> list[str]:
    return [one.code for one in decision.reasons]


def test_a_tracking_number_from_the_listed_sender_with_our_token_ships_the_order() -> None:
    decision = reply(snapshot(order()), parcel())
    assert decision.disposition is Disposition.DONE
    assert decision.orders[0].state is OrderState.SHIPPED
    assert decision.orders[0].complete
    assert templates(decision) == ["buyer-shipped"]


def test_the_buyers_link_is_in_the_language_of_the_market() -> None:
    decision = reply(snapshot(order(market="en-GB")), parcel())
    shipped = decision.effects[0]
    assert isinstance(shipped, SendMail)
    assert shipped.language == "en"
    assert shipped.data["shipments"][0]["tracking_url"] == f"https://www.dhl.de/en?piececode={DHL_NUMBER}"


def test_full_success_is_silent_unless_all_answers_are_wanted() -> None:
    assert "answer" not in templates(reply(snapshot(order()), parcel()))
    wanted = msgspec.structs.replace(POLICY, ack_all=True)
    assert "answer" in templates(reply(snapshot(order()), parcel(), policy=wanted))


@pytest.mark.parametrize(
    ("context", "of_mail", "code"),
    [
        (PROVEN, {"sender": "stranger@evil.example"}, "unlisted_sender"),
        (UNPROVEN, {}, "no_token"),
        (UNPROVEN, {"sender": "stranger@evil.example"}, "unknown_sender"),
        (PROVEN, {"sender_doubt": "from_ambiguous"}, "from_ambiguous"),
        (PROVEN, {"verdict": Verdict.FAIL}, "authentication_failed"),
        (UNPROVEN, {"verdict": Verdict.FAIL}, "authentication_failed"),
        (PROVEN, {"sender": "desk@bolt.example"}, "unlisted_sender"),
    ],
)
def test_a_word_without_authority_changes_nothing_and_is_held(
    context: Context, of_mail: dict[str, Any], code: str
) -> None:
    decision = reply(snapshot(order()), parcel(order="A-1001"), context=context, **of_mail)
    assert decision.disposition is Disposition.HELD
    assert codes(decision) == [code]
    assert decision.orders == ()
    assert decision.about == ("A-1001",)
    assert decision.proposal is not None
    assert decision.proposal.sends == ("buyer-shipped to zoe@buyer.example",)


def test_an_authenticated_listed_sender_needs_no_token() -> None:
    decision = reply(snapshot(order()), parcel(order="A-1001"), context=UNPROVEN, verdict=Verdict.PASS)
    assert decision.disposition is Disposition.DONE


def test_only_a_listed_sender_is_answered_when_not_everything_was_taken() -> None:
    assert templates(reply(snapshot(order()), context=UNPROVEN)) == ["answer"]
    assert templates(reply(snapshot(order()), sender="stranger@evil.example")) == []
    assert templates(reply(snapshot(order()), verdict=Verdict.FAIL)) == []


def test_what_was_understood_is_taken_and_the_doubtful_rest_is_held() -> None:
    doubt = Doubt(evidence=evidence(), code="imei_luhn_wrong", value="352099001761482")
    decision = reply(snapshot(order("A-1001", phone())), parcel(), doubt)
    assert decision.disposition is Disposition.HELD
    assert codes(decision) == ["imei_luhn_wrong"]
    assert decision.orders[0].state is OrderState.SHIPPED
    assert "answer" in templates(decision)


def test_a_shipped_phone_without_imei_is_asked_for_at_once() -> None:
    decision = reply(snapshot(order("A-1001", phone())), parcel())
    assert templates(decision) == ["buyer-shipped", "reminder-imei"]
    assert [one.kind for one in decision.deadlines] == ["imei"]
    assert not decision.orders[0].complete


def test_number_and_imei_in_one_mail_complete_the_order() -> None:
    decision = reply(snapshot(order("A-1001", phone())), parcel(), device())
    assert decision.orders[0].complete
    assert templates(decision) == ["buyer-shipped"]


@pytest.mark.parametrize(
    ("imeis", "code"),
    [((IMEI_A, IMEI_B), "too_many_imeis"), ((IMEI_B,), "imei_used_by_another")],
)
def test_imeis_that_cannot_be_right_are_held(imeis: tuple[str, ...], code: str) -> None:
    used = (
        {Imei(IMEI_B): DeviceUse(order=OrderKey("other"), number="OTHER", line="1", shipper="bolt")}
        if len(imeis) == 1
        else {}
    )
    decision = reply(snapshot(order("A-1001", phone()), devices=used), *(device(one) for one in imeis))
    assert codes(decision)[0] == code
    assert decision.reasons[0].values.get("order", "OTHER") == "OTHER"
    assert all(not one.devices for changed in decision.orders for one in changed.lines)


def test_one_imei_for_two_orders_is_taken_for_neither() -> None:
    state = snapshot(order("A-1001", phone()), order("A-1002", phone()))
    decision = reply(state, device(order="A-1001"), device(order="A-1002"))
    assert set(codes(decision)) == {"imei_used_elsewhere"}
    assert not any(line.devices for changed in decision.orders for line in changed.lines)


def test_one_imei_for_two_devices_of_an_order_is_taken_for_neither() -> None:
    decision = reply(snapshot(order("A-1001", phone("1"), phone("2"))), device(line="1"), device(line="2"))
    assert set(codes(decision)) == {"imei_used_elsewhere"}


def test_an_imei_that_an_order_without_devices_has_by_mistake_is_the_others() -> None:
    state = snapshot(order("A-1001", phone()), order("A-1002"))
    decision = reply(state, device(order="A-1001"), device(order="A-1002"))
    assert [changed.number for changed in decision.orders if changed.lines[0].devices] == ["A-1001"]


def test_one_number_for_two_orders_that_go_to_different_places_is_taken_for_neither() -> None:
    elsewhere = msgspec.structs.replace(
        order("A-1002"), address=msgspec.structs.replace(order().address, postcode="20095")
    )
    assert not reply(snapshot(order(), elsewhere), parcel(order="A-1001"), parcel(order="A-1002")).orders
    together = reply(snapshot(order(), order("A-1002")), parcel(order="A-1001"), parcel(order="A-1002"))
    assert [changed.state for changed in together.orders] == [OrderState.SHIPPED] * 2


def test_an_imei_for_one_of_two_phone_lines_needs_the_line() -> None:
    state = snapshot(order("A-1001", phone("1"), phone("2")))
    assert codes(reply(state, device())) == ["line_not_named"]
    named = reply(state, device(line="2"))
    assert named.disposition is Disposition.DONE
    assert [one.line for one in named.orders[0].lines if one.devices] == ["2"]


def test_two_numbers_of_one_dispatch_are_both_recorded() -> None:
    decision = reply(snapshot(order("A-1001", line(quantity=2))), parcel(), parcel(OTHER_DHL_NUMBER))
    assert decision.disposition is Disposition.DONE
    assert [one.tracking_number for one in decision.orders[0].shipments] == [DHL_NUMBER, OTHER_DHL_NUMBER]


def test_more_numbers_than_pieces_are_left_wait_for_a_person() -> None:
    decision = reply(snapshot(order()), parcel(), parcel(OTHER_DHL_NUMBER))
    assert codes(decision) == ["quantity_unclear", "quantity_unclear"]
    assert not decision.orders


def test_a_number_for_a_line_that_has_left_waits_for_a_person() -> None:
    two = order("A-1001", line(), line("2", sku="CASE-02"))
    left = reply(snapshot(two), parcel(line="1")).orders[0]
    later = reply(snapshot(left), parcel(OTHER_DHL_NUMBER, line="1"))
    assert codes(later) == ["already_shipped_otherwise"]


def test_another_number_for_a_shipped_order_waits_for_a_person() -> None:
    shipped = reply(snapshot(order()), parcel()).orders[0]
    later = reply(snapshot(shipped), parcel(OTHER_DHL_NUMBER))
    assert codes(later) == ["already_shipped_otherwise"]
    released = reply(snapshot(shipped), parcel(OTHER_DHL_NUMBER), release=PERSON)
    assert len(released.orders[0].shipments) == 2


def test_the_same_number_again_changes_nothing() -> None:
    shipped = reply(snapshot(order()), parcel()).orders[0]
    again = reply(snapshot(shipped), parcel())
    assert again.disposition is Disposition.DONE
    assert again.orders == ()
    assert again.effects == ()


def test_a_number_of_another_buyers_parcel_is_held() -> None:
    elsewhere = reply(snapshot(order("B-2", address=order().address, shipper=ACME.id)), parcel(order="B-2")).orders[0]
    moved = msgspec.structs.replace(elsewhere.address, street="Andere Straße 9")
    elsewhere = msgspec.structs.replace(elsewhere, address=moved)
    state = snapshot(order(), elsewhere, parcels={TrackingNumber(DHL_NUMBER): (elsewhere.key,)})
    assert codes(reply(state, parcel())) == ["number_used_elsewhere"]
    foreign = msgspec.structs.replace(elsewhere, shipper=PartnerId("bolt"))
    state = snapshot(order(), foreign, parcels={TrackingNumber(DHL_NUMBER): (foreign.key,)})
    assert codes(reply(state, parcel())) == ["number_used_by_another"]


def test_part_of_a_line_leaves_the_rest_open() -> None:
    state = snapshot(order("A-1001", line(quantity=3)))
    decision = reply(state, parcel(line="1", quantity=2))
    assert decision.orders[0].state is OrderState.PARTIALLY_SHIPPED
    assert decision.orders[0].lines[0].open == 1
    assert codes(reply(state, parcel(line="1", quantity=4))) == ["quantity_too_large"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"released_at": None, "paid_at": None}, "order_not_paid"),
        ({"canceled_at": WEDNESDAY}, "order_is_canceled"),
        ({"shipper": "bolt"}, "not_your_order"),
    ],
)
def test_an_order_in_no_state_to_ship_holds_the_number(changes: dict[str, Any], code: str) -> None:
    assert codes(reply(snapshot(order(**changes)), parcel())) == [code]


def test_an_unknown_order_number_is_held() -> None:
    assert codes(reply(snapshot(order()), parcel(order="Z-9"))) == ["unknown_order"]


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        (Statement.QUESTION, "partner_question"),
        (Statement.DECLINED, "partner_declined"),
        (Statement.CORRECTION, "partner_correction"),
        (Statement.SHIPPED, "dispatch_without_number"),
    ],
)
def test_what_a_person_must_read_is_held(statement: Statement, code: str) -> None:
    assert codes(reply(snapshot(order()), said(statement))) == [code]


def test_a_refusal_for_want_of_stock_tells_the_buyer_and_asks_a_person() -> None:
    trouble = Trouble(evidence=evidence(), problem=ProblemKind.OUT_OF_STOCK)
    decision = reply(snapshot(order()), trouble, said(Statement.DECLINED))
    assert templates(decision) == ["buyer-out-of-stock", "answer"]
    assert codes(decision) == ["partner_declined"]


def test_an_acceptance_acknowledges_the_order() -> None:
    decision = reply(snapshot(order()), said(Statement.ACCEPTED))
    assert decision.disposition is Disposition.DONE
    assert decision.orders[0].state is OrderState.ACKNOWLEDGED


def test_a_problem_is_told_to_the_buyer_and_its_clock_starts_with_the_mails_receipt() -> None:
    trouble = Trouble(evidence=evidence(), problem=ProblemKind.OUT_OF_STOCK)
    decision = reply(snapshot(order()), trouble)
    assert templates(decision) == ["buyer-out-of-stock"]
    assert decision.orders[0].problems[0].detected_at == WEDNESDAY
    assert decision.deadlines[0].kind == "buyer_notice"


@pytest.mark.parametrize(("text", "code"), [("Guten Morgen", "nothing_understood"), ("  ", "empty_reply")])
def test_a_mail_of_which_nothing_was_understood_is_held(text: str, code: str) -> None:
    assert codes(reply(snapshot(order()), new_text=text)) == [code]


def test_an_automatic_mail_changes_nothing_whatever_it_says() -> None:
    decision = reply(snapshot(order()), said(Statement.ACCEPTED), automatic=Automatic.AUTO_REPLY)
    assert decision.disposition is Disposition.IGNORED
    assert decision.orders == ()
    assert decision.effects == ()


def test_a_permanent_bounce_of_ours_is_held_and_a_delay_is_not() -> None:
    known = snapshot(order(), messages={MessageId("ours@x"): THREAD})
    back = Undelivered(
        evidence=evidence(), recipient=ACME.address, status="5.1.1", permanent=True, message=MessageId("ours@x")
    )
    decision = reply(known, back, automatic=Automatic.BOUNCE)
    assert decision.disposition is Disposition.HELD
    assert decision.undeliverable == ("ours@x",)
    delayed = msgspec.structs.replace(back, permanent=False)
    assert reply(known, delayed, automatic=Automatic.DELAYED).disposition is Disposition.IGNORED


def test_a_person_may_put_a_held_mail_on_another_order() -> None:
    release = Release(person=Person(name="anna"), order=OrderKey("a-2"))
    decision = reply(snapshot(order(), order("A-2")), parcel(), release=release)
    assert [one.number for one in decision.orders] == ["A-2"]


def test_a_release_of_one_finding_leaves_the_others() -> None:
    release = Release(person=Person(name="anna"), only=(2,))
    decision = reply(snapshot(order("A-1001", phone())), parcel(), device(), release=release)
    assert decision.orders[0].shipments == ()
    assert decision.orders[0].lines[0].devices[0].imei == IMEI_A


def test_a_person_may_set_a_wrong_check_digit_aside_but_not_a_wrong_imei() -> None:
    number = Doubt(
        evidence=evidence(), code="check_digit_wrong", value=DHL_NUMBER[:-1] + "0", values={"carrier": "dhl"}
    )
    assert len(reply(snapshot(order()), number, release=PERSON).orders[0].shipments) == 1
    imei = Doubt(evidence=evidence(), code="imei_luhn_wrong", value="352099001761482")
    assert reply(snapshot(order("A-1001", phone())), imei, release=PERSON).disposition is Disposition.HELD


def test_a_dispatch_whose_number_is_doubtful_is_not_called_one_without_a_number() -> None:
    number = Doubt(evidence=evidence(), code="check_digit_wrong", value=OTHER_DHL_NUMBER)
    assert codes(reply(snapshot(order()), said(Statement.SHIPPED), number)) == ["check_digit_wrong"]
    assert codes(reply(snapshot(order()), said(Statement.SHIPPED))) == ["dispatch_without_number"]


def test_two_numbers_of_a_correction_both_wait_for_a_person() -> None:
    decision = reply(snapshot(order()), parcel(), parcel(OTHER_DHL_NUMBER), said(Statement.CORRECTION))
    assert set(codes(decision)) == {"partner_correction"}
    assert decision.orders == ()


def test_a_pair_of_imeis_is_one_phone_where_one_is_due_and_a_question_where_two_are() -> None:
    pair = device(second=Imei(IMEI_B))
    assert reply(snapshot(order("A-1001", phone())), pair).disposition is Disposition.DONE
    assert codes(reply(snapshot(order("A-1001", phone(quantity=2))), pair)) == ["imei_pair_unclear"]


def test_what_a_held_mail_itself_changed_does_not_count_as_a_move_when_it_is_released() -> None:
    number = Doubt(evidence=evidence(), code="check_digit_wrong", value=OTHER_DHL_NUMBER)
    held = reply(snapshot(order("A-1001", line(quantity=2))), parcel(line="1", quantity=1), number)
    assert held.orders[0].version == 0
    assert held.proposal is not None
    assert held.proposal.versions == {"order:a-1001": 1}


def test_who_wants_no_more_mail_is_reminded_no_more_and_the_operator_hears_of_it() -> None:
    decision = reply(snapshot(order()), said(Statement.NO_MORE_MAIL))
    assert decision.disposition is Disposition.DONE
    assert [one.what.code for one in decision.history] == ["reminders_stopped"]
    assert [one.reason.code for one in decision.effects if isinstance(one, TellOperator)] == ["no_more_mail_of_shipper"]
    again = reply(snapshot(decision.orders[0]), said(Statement.NO_MORE_MAIL))
    assert again.orders == ()
    assert again.history == ()


def test_a_doubtful_number_for_an_order_of_somebody_else_is_first_of_all_not_his_to_tell() -> None:
    doubt = Doubt(evidence=parcel().evidence, order="A-1001", code="number_unknown_form", value="xx")
    assert codes(reply(snapshot(order(shipper="bolt")), doubt)) == ["not_your_order"]
    assert codes(reply(snapshot(order()), doubt)) == ["number_unknown_form"]


def test_a_release_puts_nothing_on_an_order_of_somebody_else_unless_that_order_is_named() -> None:
    theirs = snapshot(order(shipper="bolt"))
    assert codes(reply(theirs, parcel(order="A-1001"), release=PERSON)) == ["order_of_another"]
    named = Release(person=PERSON.person, order=OrderKey("a-1001"))
    shipped = reply(theirs, parcel(order="A-1001"), release=named)
    assert [one.state for one in shipped.orders] == [OrderState.SHIPPED]


def test_a_released_stranger_speaks_for_him_to_whom_we_wrote() -> None:
    stranger = "colleague@acme.example"
    assert codes(reply(snapshot(order(shipper="bolt")), parcel(), release=PERSON, sender=stranger)) == [
        "order_of_another"
    ]
    assert codes(reply(snapshot(order()), parcel(), release=PERSON, sender=stranger)) == []


def test_what_is_said_of_several_orders_is_not_put_on_one_in_a_heap() -> None:
    heap = (parcel(order="A-1001"), parcel(OTHER_DHL_NUMBER, order="A-2"))
    state = snapshot(order(), order("A-2"))
    release = Release(person=PERSON.person, order=OrderKey("a-2"))
    assert codes(reply(state, *heap, release=release)) == ["several_orders_named"]
    one = Release(person=PERSON.person, order=OrderKey("a-2"), only=(2,))
    assert [one.number for one in reply(state, *heap, release=one).orders] == ["A-2"]


@pytest.mark.parametrize(
    ("kind", "until", "told"),
    [
        (ProblemKind.OUT_OF_STOCK, None, True),
        (ProblemKind.ADDRESS, None, True),
        (ProblemKind.DELAY, None, False),
        (ProblemKind.OUT_OF_STOCK, date(2026, 12, 10), False),
    ],
)
def test_of_a_problem_without_a_new_date_the_operator_is_told(
    kind: ProblemKind, until: date | None, *, told: bool
) -> None:
    decision = reply(snapshot(order()), Trouble(problem=kind, until=until, rule="r", evidence=evidence()))
    codes_told = [one.reason.code for one in decision.effects if isinstance(one, TellOperator)]
    assert codes_told == (["problem_to_decide"] if told else [])


def test_an_imei_below_several_orders_is_that_ones_which_has_a_device() -> None:
    about = msgspec.structs.replace(THREAD, about=("A-1001", "A-1002"))
    both = msgspec.structs.replace(PROVEN, conversation=about)
    named = device(among=("A-1001", "A-1002"))
    case = order(number="A-1002")
    numbers = (parcel(order="A-1001"), parcel(order="A-1002"))
    decision = reply(snapshot(order(lines=(phone(),)), case), *numbers, named, context=both)
    assert decision.disposition is Disposition.DONE
    assert [one.imei for taken in decision.orders for line_ in taken.lines for one in line_.devices] == [IMEI_A]
    two_phones = snapshot(order(lines=(phone(),)), order(number="A-1002", lines=(phone(),)))
    assert codes(reply(two_phones, *numbers, named, context=both)) == ["order_ambiguous"]


def test_a_senders_own_number_beside_ours_is_no_other_order() -> None:
    theirs = msgspec.structs.replace(said(Statement.SHIPPED), order="#10417")
    assert reply(snapshot(order()), parcel(order="A-1001"), theirs).disposition is Disposition.DONE
    assert codes(reply(snapshot(order()), theirs)) == ["unknown_order"]
