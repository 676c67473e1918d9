"""The life of an inquiry by the fulfiller's replies, a person's word, and silence."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from daemon.deciding import arrival as arrivals
from daemon.deciding import command, due, sync
from daemon.domain.decision import Decision, Disposition
from daemon.domain.document import Attachment, Mail
from daemon.domain.effect import SendMail, TellOperator, WriteFile, WriteInquiries
from daemon.domain.finding import Evidence, Finding, OrderRow, Reading, Said, Statement, Unread
from daemon.domain.identifiers import ConversationId, InquiryId
from daemon.domain.inquiry import Inquiry, InquiryState
from daemon.domain.snapshot import Context, Conversation, Snapshot
from daemon.domain.stimulus import Inquire, Person, Release, SetInquiry
from daemon.domain.trade import Trade
from daemon.errors import RefusedError
from tests.support.builders import NORD, NOVA, POLICY, RULEBOOK, WEDNESDAY, arrival, evidence, order, templates

ANNA = Person(name="cli:anna")
ASK = Inquire(merchant="nova", fulfiller="nordlager", warehouse="NL-HH1", text="Können Sie {{ 7*7 }} Paletten lagern?")


def made() -> Decision:
    return command.decide(ASK, ANNA, Snapshot(), RULEBOOK, POLICY, WEDNESDAY)


def inquiry(**changes: Any) -> Inquiry:
    return msgspec.structs.replace(made().inquiries[0], **changes)


def state_of(one: Inquiry) -> Snapshot:
    return Snapshot(inquiries={one.id: one}, deadlines=made().deadlines)


def hears(
    one: Inquiry,
    *statements: Statement,
    partner: Any = NORD,
    policy: Any = POLICY,
    release: Release | None = None,
    answers: str = "",
    sent: frozenset[str] = frozenset(),
    more: tuple[Finding, ...] = (),
    beside: Inquiry | None = None,
    **of_mail: Any,
) -> Decision:
    thread = Conversation(
        id=ConversationId("c"),
        name=f"inquiry:{one.id}:{partner.id}",
        about=(one.id,),
        partner=partner.id,
        recipient=partner.address,
        template=answers,
    )
    mail = msgspec.structs.replace(Mail(sender=partner.address, new_text="Guten Tag"), **of_mail)
    findings = tuple(Said(evidence=evidence(), statement=statement, rule="r") for statement in statements)
    reading = Reading(documents=(mail,), findings=(*findings, *more))
    context = Context(conversation=thread, proven="token", partner=partner.id)
    snapshot = msgspec.structs.replace(state_of(one), sent=sent)
    if beside:
        snapshot = msgspec.structs.replace(snapshot, inquiries=snapshot.inquiries | {beside.id: beside})
    return arrivals.decide(arrival(), reading, context, snapshot, RULEBOOK, policy, WEDNESDAY, release)


def test_an_inquiry_is_mailed_with_the_merchants_contact_data_and_the_text_as_data() -> None:
    decision = made()
    mail = decision.effects[0]
    assert isinstance(mail, SendMail)
    assert mail.to == "anfragen@nordlager.example"
    assert mail.data["merchant"]["contact"]["person"] == "Ada Beispiel"
    assert mail.data["inquiry"]["text"] == "Können Sie {{ 7*7 }} Paletten lagern?"
    assert mail.plain
    assert sorted(one.kind for one in decision.deadlines) == ["answer", "expiry"]


def test_a_warehouse_may_be_called_by_its_name() -> None:
    named = msgspec.structs.replace(ASK, warehouse="hamburg 1")
    assert command.decide(named, ANNA, Snapshot(), RULEBOOK, POLICY, WEDNESDAY).inquiries[0].warehouse == "NL-HH1"


def test_a_merchant_without_complete_contact_data_is_refused() -> None:
    assert NOVA.contact is not None
    bare = msgspec.structs.replace(NOVA, contact=msgspec.structs.replace(NOVA.contact, phone=""))
    rules = msgspec.structs.replace(RULEBOOK, partners=(bare, NORD))
    with pytest.raises(RefusedError) as refused:
        command.decide(ASK, ANNA, Snapshot(), rules, POLICY, WEDNESDAY)
    assert refused.value.reason.code == "contact_incomplete"
    assert refused.value.reason.values["missing"] == "phone"


@pytest.mark.parametrize(
    ("before", "statements", "after"),
    [
        ("sent", [Statement.ACCEPTED], "in_contact"),
        ("sent", [Statement.QUESTION], "in_contact"),
        ("sent", [], "in_contact"),
        ("sent", [Statement.DECLINED], "declined"),
        ("in_contact", [Statement.NEGOTIATING], "negotiating"),
        ("negotiating", [Statement.QUESTION], "negotiating"),
        ("negotiating", [Statement.CONTRACT_AGREED], "contract_agreed"),
        ("sent", [Statement.CONFIRMED], "in_contact"),
        ("negotiating", [Statement.CONFIRMED], "negotiating"),
        ("negotiating", [Statement.CONTRACT_AGREED, Statement.CONFIRMED], "active"),
    ],
)
def test_the_fulfillers_words_lead_to_the_state_that_they_mean(
    before: str, statements: list[Statement], after: str
) -> None:
    decision = hears(inquiry(state=InquiryState(before)), *statements)
    changed = decision.inquiries[-1] if decision.inquiries else inquiry(state=InquiryState(before))
    assert changed.state == after
    assert decision.disposition is Disposition.DONE
    to_fulfiller = {"active": ["inquiry-active"], "contract_agreed": ["inquiry-confirm"]}.get(after, [])
    assert templates(decision) == [*to_fulfiller, "relay" if after == before else "inquiry-status"]


def test_one_mail_brings_the_news_and_the_words_and_files_that_made_it() -> None:
    file = Attachment(name="Vertrag.pdf", media_type="application/pdf", size=9)
    decision = hears(inquiry(), Statement.CONTRACT_AGREED, new_text="Unterschrieben.", attachments=(file,))
    asked, mail = (one for one in decision.effects if isinstance(one, SendMail))
    assert (asked.template, asked.to, asked.data["text"]) == ("inquiry-confirm", NORD.address, "")
    assert (mail.template, mail.data["text"]) == ("inquiry-status", "Unterschrieben.")
    assert (mail.plain, mail.speaker, mail.carries) == (True, NORD.name, arrival().id)


def test_a_late_answer_takes_an_expired_inquiry_up_again_unless_it_would_move_it_further() -> None:
    late = inquiry(state=InquiryState.EXPIRED, ended_at=WEDNESDAY)
    decision = hears(late, Statement.NEGOTIATING)
    assert (decision.inquiries[-1].state, decision.inquiries[-1].ended_at) == (InquiryState.NEGOTIATING, None)
    assert templates(decision) == ["inquiry-status"]
    contact = hears(late, Statement.ACCEPTED)
    assert (contact.inquiries[-1].state, contact.disposition) == (InquiryState.IN_CONTACT, Disposition.DONE)
    direct = msgspec.structs.replace(POLICY, direct_confirmation=True)
    assert hears(late, Statement.ACCEPTED, policy=direct).reasons[0].code == "inquiry_is_over"
    for statement in (Statement.CONTRACT_AGREED, Statement.CONFIRMED, Statement.DECLINED):
        assert hears(late, statement).reasons[0].code == "inquiry_is_over"
    assert hears(late, Statement.UNCLEAR).disposition is Disposition.HELD


def test_what_the_merchant_writes_to_an_inquiry_that_never_arrived_waits_and_asks_nothing_of_him() -> None:
    dead = inquiry(state=InquiryState.UNDELIVERABLE, ended_at=WEDNESDAY)
    decision = hears(dead, partner=NOVA)
    assert (decision.disposition, templates(decision)) == (Disposition.HELD, ["answer"])
    (mail,) = [one for one in decision.effects if isinstance(one, SendMail)]
    assert mail.data["by_a_person"] is True
    released = hears(dead, partner=NOVA, release=Release(person=Person(name="anna")))
    assert templates(released) == ["relay"]


def test_a_late_answer_takes_nothing_up_beside_a_newer_inquiry_of_the_same_two() -> None:
    late = inquiry(state=InquiryState.EXPIRED, ended_at=WEDNESDAY)
    newer = msgspec.structs.replace(inquiry(), id=InquiryId("I-0002"))
    decision = hears(late, Statement.QUESTION, beside=newer)
    assert (decision.inquiries, decision.disposition) == ((), Disposition.DONE)
    assert templates(decision) == ["relay"]


def test_a_confirmation_after_the_contract_activates_and_opens_the_sync() -> None:
    agreed = inquiry(state=InquiryState.CONTRACT_AGREED, contract_at=WEDNESDAY)
    decision = hears(agreed, Statement.CONFIRMED)
    assert decision.inquiries[0].state is InquiryState.ACTIVE
    assert decision.relationships[0].merchant == "nova"


def test_a_mere_yes_after_the_contract_waits_for_a_person() -> None:
    agreed = inquiry(state=InquiryState.CONTRACT_AGREED, contract_at=WEDNESDAY)
    assert hears(agreed, Statement.ACCEPTED).reasons[0].code == "confirmation_unclear"


def test_a_yes_activates_at_once_where_the_installation_says_so() -> None:
    direct = msgspec.structs.replace(POLICY, direct_confirmation=True)
    assert hears(inquiry(), Statement.ACCEPTED, policy=direct).inquiries[0].state is InquiryState.ACTIVE


def test_a_refusal_and_a_yes_in_one_mail_are_held() -> None:
    decision = hears(inquiry(), Statement.DECLINED, Statement.ACCEPTED)
    assert decision.reasons[0].code == "contradiction"
    assert decision.inquiries[-1].state is InquiryState.SENT


def test_the_merchants_answer_is_passed_on_and_mostly_changes_no_state() -> None:
    decision = hears(inquiry(state=InquiryState.IN_CONTACT), Statement.CONFIRMED, partner=NOVA)
    assert decision.inquiries == ()
    mail = decision.effects[0]
    assert isinstance(mail, SendMail)
    assert mail.to == NORD.address
    assert mail.speaker == NOVA.name


def test_a_merchant_who_speaks_of_terms_after_the_first_answer_is_negotiating() -> None:
    answered = hears(inquiry(state=InquiryState.IN_CONTACT), Statement.NEGOTIATING, partner=NOVA)
    assert answered.inquiries[-1].state is InquiryState.NEGOTIATING
    assert hears(inquiry(), Statement.NEGOTIATING, partner=NOVA).inquiries == ()


def test_the_merchant_may_say_that_the_contract_is_signed_and_only_the_fulfiller_that_it_is_active() -> None:
    told = hears(inquiry(state=InquiryState.NEGOTIATING), Statement.CONTRACT_AGREED, Statement.CONFIRMED, partner=NOVA)
    agreed = told.inquiries[-1]
    assert (agreed.state, agreed.contract_at, agreed.confirmed_at) == (InquiryState.CONTRACT_AGREED, WEDNESDAY, None)
    assert templates(told) == ["inquiry-confirm", "inquiry-status"]
    assert hears(agreed, Statement.CONFIRMED).inquiries[-1].state is InquiryState.ACTIVE
    again = hears(agreed, Statement.CONTRACT_AGREED, partner=NOVA)
    assert (again.inquiries, templates(again)) == ((), ["relay"])


def test_a_contract_of_which_the_merchant_is_not_sure_changes_nothing() -> None:
    unsure = hears(inquiry(state=InquiryState.NEGOTIATING), Statement.CONTRACT_AGREED, Statement.UNCLEAR, partner=NOVA)
    assert (unsure.inquiries, unsure.disposition) == ((), Disposition.HELD)


def test_files_are_passed_on_unseen_only_where_addresses_are_shown() -> None:
    hidden = msgspec.structs.replace(POLICY, show_contact=False)
    files = (Attachment(name="Preise.pdf", media_type="application/pdf", size=9),)
    for partner in (NORD, NOVA):
        waits = hears(inquiry(), Statement.NEGOTIATING, partner=partner, policy=hidden, attachments=files)
        assert (waits.disposition, waits.reasons[0].code) == (Disposition.HELD, "files_not_looked_into")
        assert (waits.inquiries, templates(waits)) == ((), ["answer"])
        seen = hears(inquiry(), partner=partner, policy=hidden, attachments=files, release=Release(person=ANNA))
        (passed,) = [one for one in seen.effects if isinstance(one, SendMail) and one.carries]
        assert passed.to == (NOVA if partner is NORD else NORD).address
        assert (
            hears(inquiry(), Statement.NEGOTIATING, partner=partner, attachments=files).disposition is Disposition.DONE
        )


def test_the_merchant_may_withdraw_by_mail_and_everyone_hears_of_it() -> None:
    decision = hears(inquiry(state=InquiryState.NEGOTIATING), Statement.DECLINED, partner=NOVA)
    assert decision.inquiries[-1].state is InquiryState.WITHDRAWN
    told = {one.template: one.data["text"] for one in decision.effects if isinstance(one, SendMail)}
    assert told == {"inquiry-withdrawn": "Guten Tag", "inquiry-status": ""}


def test_a_withdrawal_that_may_be_none_changes_nothing() -> None:
    unsure = hears(inquiry(), Statement.DECLINED, Statement.UNCLEAR, partner=NOVA)
    assert unsure.inquiries == ()
    torn = hears(inquiry(), Statement.DECLINED, Statement.CONFIRMED, partner=NOVA)
    assert torn.reasons[0].code == "contradiction"


def test_a_relationship_that_is_withdrawn_ends() -> None:
    active = inquiry(state=InquiryState.ACTIVE, contract_at=WEDNESDAY, active_since=WEDNESDAY)
    decision = command.decide(
        SetInquiry(inquiry="I-0001", state=InquiryState.WITHDRAWN), ANNA, state_of(active), RULEBOOK, POLICY, WEDNESDAY
    )
    assert [(one.merchant, one.fulfiller, one.warehouse) for one in decision.ended] == [("nova", "nordlager", "NL-HH1")]
    assert decision.relationships == ()


def test_of_several_warehouses_only_the_orders_of_the_one_that_is_over_are_named() -> None:
    ended = inquiry(state=InquiryState.ACTIVE, contract_at=WEDNESDAY, active_since=WEDNESDAY)
    stands = msgspec.structs.replace(ended, id=InquiryId("I-0002"), warehouse="NL-HH2")
    running = tuple(
        order(number, merchant="nova", fulfiller="nordlager", shipper="nordlager", warehouse=warehouse)
        for number, warehouse in (("A-1", "NL-HH1"), ("A-2", "NL-HH2"), ("A-3", None))
    )
    snapshot = Snapshot(inquiries={one.id: one for one in (ended, stands)}, running={ended.id: running})
    over = SetInquiry(inquiry="I-0001", state=InquiryState.WITHDRAWN)
    decision = command.decide(over, ANNA, snapshot, RULEBOOK, POLICY, WEDNESDAY)
    told = {one.to: one.data["running"] for one in decision.effects if isinstance(one, SendMail)}
    assert told == {NORD.address: ["A-1"], NOVA.address: ["A-1"]}
    assert all(one.data["stands"] for one in decision.effects if isinstance(one, SendMail))
    (to_operator,) = [one for one in decision.effects if isinstance(one, TellOperator)]
    assert (to_operator.reason.values["count"], to_operator.reason.values["orders"]) == ("1", "A-1")


@pytest.mark.parametrize("state", ["sent", "contract_agreed", "active"])
def test_a_second_inquiry_is_refused_while_the_first_stands_or_is_active(state: str) -> None:
    with pytest.raises(RefusedError) as refused:
        command.decide(ASK, ANNA, state_of(inquiry(state=InquiryState(state))), RULEBOOK, POLICY, WEDNESDAY)
    assert refused.value.reason.code == "inquiry_exists"


@pytest.mark.parametrize("state", ["declined", "expired", "withdrawn", "undeliverable"])
def test_an_inquiry_that_came_to_nothing_may_be_made_again(state: str) -> None:
    again = command.decide(ASK, ANNA, state_of(inquiry(state=InquiryState(state))), RULEBOOK, POLICY, WEDNESDAY)
    assert again.inquiries


TWO_SIDED = msgspec.structs.replace(POLICY, two_sided_handshake=True)


def test_a_two_sided_handshake_waits_for_the_merchant() -> None:
    agreed = inquiry(state=InquiryState.CONTRACT_AGREED, contract_at=WEDNESDAY)
    first = hears(agreed, Statement.CONFIRMED, policy=TWO_SIDED)
    assert first.inquiries[-1].state is InquiryState.CONTRACT_AGREED
    assert first.relationships == ()
    assert templates(first) == ["inquiry-confirm"]
    again = hears(first.inquiries[-1], Statement.CONFIRMED, policy=TWO_SIDED)
    assert templates(again) == ["relay"]
    second = hears(first.inquiries[-1], Statement.CONFIRMED, policy=TWO_SIDED, partner=NOVA)
    assert second.inquiries[-1].state is InquiryState.ACTIVE
    assert second.relationships
    told = {one.template: (one.to, one.data["text"]) for one in second.effects if isinstance(one, SendMail)}
    assert told == {"inquiry-active": (NORD.address, "Guten Tag"), "inquiry-status": (NOVA.address, "")}


def test_in_a_two_sided_handshake_contract_and_confirmation_in_one_mail_make_the_contract() -> None:
    decision = hears(
        inquiry(state=InquiryState.NEGOTIATING), Statement.CONTRACT_AGREED, Statement.CONFIRMED, policy=TWO_SIDED
    )
    assert decision.inquiries[-1].state is InquiryState.CONTRACT_AGREED
    assert decision.inquiries[-1].confirmed_at == WEDNESDAY
    assert templates(decision) == ["inquiry-confirm"]


def test_orders_beside_an_answer_wait_for_their_folder() -> None:
    row = OrderRow(evidence=Evidence(where="attachment o.csv, row 2", text=""), order="N-9", fields={"order_id": "N-9"})
    decision = hears(inquiry(state=InquiryState.ACTIVE), Statement.ACCEPTED, partner=NOVA, more=(row,))
    assert (decision.disposition, decision.reasons[-1].code) == (Disposition.HELD, "orders_in_inquiry")
    assert decision.orders == ()


def test_a_merchant_may_confirm_before_the_fulfiller() -> None:
    agreed = inquiry(state=InquiryState.CONTRACT_AGREED, contract_at=WEDNESDAY)
    early = hears(agreed, Statement.CONFIRMED, policy=TWO_SIDED, partner=NOVA)
    assert early.inquiries[-1].state is InquiryState.CONTRACT_AGREED
    assert hears(early.inquiries[-1], Statement.CONFIRMED, policy=TWO_SIDED).inquiries[-1].state is InquiryState.ACTIVE


def test_a_fulfiller_who_has_confirmed_is_not_asked_again_when_the_contract_follows() -> None:
    waiting = inquiry(state=InquiryState.NEGOTIATING, confirmed_at=WEDNESDAY)
    told = hears(waiting, Statement.CONTRACT_AGREED, policy=TWO_SIDED, partner=NOVA)
    assert templates(told) == ["relay", "inquiry-status"]


def test_where_a_yes_confirms_both_must_still_say_it() -> None:
    policy = msgspec.structs.replace(TWO_SIDED, direct_confirmation=True)
    first = hears(inquiry(), Statement.ACCEPTED, policy=policy)
    waiting = first.inquiries[-1]
    assert (waiting.state, waiting.confirmed_at) == (InquiryState.IN_CONTACT, WEDNESDAY)
    assert templates(first) == ["inquiry-confirm"]
    second = hears(waiting, Statement.ACCEPTED, policy=policy, partner=NOVA, answers="inquiry-confirm")
    assert second.inquiries[-1].state is InquiryState.ACTIVE


def test_a_mere_yes_of_the_merchant_waits_for_a_person() -> None:
    asked = inquiry(state=InquiryState.CONTRACT_AGREED, contract_at=WEDNESDAY, confirmed_at=WEDNESDAY)
    unsure = hears(asked, Statement.ACCEPTED, policy=TWO_SIDED, partner=NOVA)
    assert unsure.reasons[0].code == "confirmation_unclear"
    released = hears(asked, Statement.ACCEPTED, policy=TWO_SIDED, partner=NOVA, release=Release(person=ANNA))
    assert released.inquiries[-1].state is InquiryState.ACTIVE


def test_a_word_that_no_rule_understood_waits_where_the_confirmation_is_awaited_and_is_passed_on() -> None:
    agreed = inquiry(state=InquiryState.CONTRACT_AGREED, contract_at=WEDNESDAY)
    unsure = hears(agreed, Statement.UNCLEAR)
    assert (unsure.disposition, unsure.reasons[0].code) == (Disposition.HELD, "partner_unclear")
    assert [one.template for one in unsure.effects if isinstance(one, SendMail)][:1] == ["relay"]
    negotiating = inquiry(state=InquiryState.NEGOTIATING)
    assert hears(negotiating, Statement.UNCLEAR).disposition is Disposition.DONE


def unread(*words: str, beside: bool = False) -> Unread:
    return Unread(evidence=evidence(text="so"), words=words, beside=beside)


@pytest.mark.parametrize("state", ["in_contact", "negotiating", "contract_agreed"])
def test_an_answer_of_which_nothing_was_understood_is_passed_on_and_waits_for_a_person(state: str) -> None:
    one = inquiry(state=InquiryState(state))
    unsure = hears(one, more=(unread("roof", "leaks", "badly"),))
    assert (unsure.disposition, unsure.reasons[0].code) == (Disposition.HELD, "partner_unclear")
    assert templates(unsure)[0] == "relay"
    assert hears(one, Statement.QUESTION, more=(unread("roof", "leaks", "badly"),)).disposition is Disposition.DONE
    assert hears(one).disposition is Disposition.DONE


def test_a_first_answer_and_a_merchants_need_not_be_understood() -> None:
    odd = unread("roof", "leaks", "badly")
    assert hears(inquiry(), more=(odd,)).inquiries[-1].state is InquiryState.IN_CONTACT
    talking = inquiry(state=InquiryState.IN_CONTACT)
    assert hears(talking, partner=NOVA, more=(odd,)).disposition is Disposition.DONE


def test_where_the_confirmation_is_awaited_a_caution_waits_beside_whatever_else_is_said() -> None:
    agreed = inquiry(state=InquiryState.CONTRACT_AGREED, contract_at=WEDNESDAY)
    assert hears(agreed, Statement.QUESTION, Statement.UNCLEAR).disposition is Disposition.HELD


@pytest.mark.parametrize(
    ("words", "state"),
    [
        (("Nova", "Handels"), "active"),
        (("Novas", "NL", "HH"), "active"),
        (("Nova", "Kaution"), None),
        (("Lumora",), None),
    ],
)
def test_only_the_names_of_the_two_sides_may_stand_beside_a_confirmation(
    words: tuple[str, ...], state: str | None
) -> None:
    agreed = inquiry(state=InquiryState.CONTRACT_AGREED, contract_at=WEDNESDAY)
    decision = hears(agreed, Statement.CONFIRMED, more=(unread(*words, beside=True),))
    assert [one.state for one in decision.inquiries] == ([state] if state else [])
    assert [one.code for one in decision.reasons] == ([] if state else ["partner_unclear"])
    asked = hears(agreed, Statement.ACCEPTED, answers="reminder-confirm", more=(unread(*words, beside=True),))
    assert asked.disposition is (Disposition.DONE if state else Disposition.HELD)


def test_a_mere_yes_to_our_asking_for_the_confirmation_is_one() -> None:
    agreed = inquiry(state=InquiryState.CONTRACT_AGREED, contract_at=WEDNESDAY)
    asked = "reminder-confirm"
    assert hears(agreed, Statement.ACCEPTED, answers=asked).inquiries[-1].state is InquiryState.ACTIVE
    for more in (Statement.QUESTION, Statement.NEGOTIATING):
        assert hears(agreed, Statement.ACCEPTED, more, answers=asked).reasons[0].code == "confirmation_unclear"
    for unsure in ((), (Statement.UNCLEAR,)):
        assert hears(agreed, *unsure, answers=asked).reasons[0].code == "confirmation_unclear"


def test_a_person_may_record_the_merchants_confirmation() -> None:
    asked = inquiry(state=InquiryState.CONTRACT_AGREED, contract_at=WEDNESDAY, confirmed_at=WEDNESDAY)
    decision = command.decide(
        SetInquiry(inquiry="I-0001", state=InquiryState.ACTIVE), ANNA, state_of(asked), RULEBOOK, TWO_SIDED, WEDNESDAY
    )
    assert decision.inquiries[-1].merchant_confirmed_at == WEDNESDAY
    assert decision.relationships


def test_the_merchants_ways_to_be_reached_are_kept_back_where_the_installation_says_so() -> None:
    discreet = msgspec.structs.replace(POLICY, show_contact=False)
    mail = command.decide(ASK, ANNA, Snapshot(), RULEBOOK, discreet, WEDNESDAY).effects[0]
    assert isinstance(mail, SendMail)
    assert NOVA.contact is not None
    assert mail.data["merchant"]["contact"]["person"] == "Ada Beispiel"
    assert not {NOVA.address, NOVA.contact.phone} & {str(one) for one in mail.data["merchant"]["contact"].values()}
    assert mail.data["merchant"]["email"] == ""


def test_every_change_renews_the_merchants_list_once() -> None:
    decision = hears(inquiry(), Statement.NEGOTIATING)
    (renewed,) = [one for one in decision.effects if isinstance(one, WriteInquiries)]
    assert (renewed.party, renewed.merchant) == ("merchants/nova", "nova")
    later = hears(msgspec.structs.replace(decision.inquiries[-1], version=1), Statement.CONTRACT_AGREED)
    assert renewed.key not in {one.key for one in later.effects}


def test_an_unlisted_sender_moves_no_inquiry() -> None:
    decision = hears(inquiry(), Statement.ACCEPTED, sender="stranger@evil.example")
    assert decision.disposition is Disposition.HELD
    assert decision.inquiries == ()
    assert decision.about == ("I-0001",)


def test_the_first_answer_meets_its_deadline_and_stops_the_expiry() -> None:
    states = {one.kind: one.state for one in hears(inquiry(), Statement.QUESTION).deadlines}
    assert states == {"answer": "met", "expiry": "dropped"}


def test_silence_is_reminded_and_at_last_expires() -> None:
    answer = next(one for one in made().deadlines if one.kind == "answer")
    assert answer.next_ring is not None
    reminded = due.decide(answer, state_of(inquiry()), RULEBOOK, POLICY, answer.next_ring)
    assert templates(reminded) == ["reminder-inquiry"]
    expiry = next(one for one in made().deadlines if one.kind == "expiry")
    expired = due.decide(expiry, state_of(inquiry()), RULEBOOK, POLICY, expiry.due + timedelta(minutes=1))
    assert expired.inquiries[0].state is InquiryState.EXPIRED
    assert templates(expired) == ["inquiry-status"]


def test_active_by_hand_needs_a_contract() -> None:
    with pytest.raises(RefusedError):
        command.decide(
            SetInquiry(inquiry="I-0001", state=InquiryState.ACTIVE),
            ANNA,
            state_of(inquiry()),
            RULEBOOK,
            POLICY,
            WEDNESDAY,
        )
    agreed = inquiry(state=InquiryState.CONTRACT_AGREED, contract_at=WEDNESDAY)
    decision = command.decide(
        SetInquiry(inquiry="I-0001", state=InquiryState.ACTIVE), ANNA, state_of(agreed), RULEBOOK, POLICY, WEDNESDAY
    )
    assert decision.relationships


def test_the_first_sync_creates_the_warehouse_and_the_next_leaves_it_alone() -> None:
    active = inquiry(id=InquiryId("I-0001"), state=InquiryState.ACTIVE, active_since=WEDNESDAY)
    first = sync.decide([Trade(inquiry=active)], RULEBOOK, POLICY, WEDNESDAY)
    file = first.effects[0]
    assert isinstance(file, WriteFile)
    assert file.party == "merchants/nova"
    assert file.rows[0][2:4] == ("NL-HH1", "Hamburg 1")
    again = sync.decide([Trade(inquiry=first.inquiries[0])], RULEBOOK, POLICY, WEDNESDAY)
    assert again.effects == ()


def test_a_release_takes_the_unclear_yes_and_relays_nothing_twice() -> None:
    agreed = inquiry(state=InquiryState.CONTRACT_AGREED, contract_at=WEDNESDAY)
    held = hears(agreed, Statement.ACCEPTED)
    left = frozenset(one.key for one in held.effects)
    released = hears(agreed, Statement.ACCEPTED, release=Release(person=ANNA), sent=left)
    assert released.inquiries[-1].state is InquiryState.ACTIVE
    assert {one.key for one in held.effects if "relay" in one.key} == {
        one.key for one in released.effects if "relay" in one.key
    }


def test_a_fulfiller_who_wants_no_more_mail_is_no_contact_and_is_reminded_no_more() -> None:
    decision = hears(inquiry(), Statement.NO_MORE_MAIL)
    assert decision.disposition is Disposition.DONE
    assert [(one.state, one.left_alone) for one in decision.inquiries] == [(InquiryState.SENT, (NORD.id,))]
    assert decision.deadlines == ()
    assert [one.what.code for one in decision.history] == ["reminders_stopped"]
    assert [one.reason.code for one in decision.effects if isinstance(one, TellOperator)] == ["no_more_mail"]
