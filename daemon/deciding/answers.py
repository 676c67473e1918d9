"""The one answer that a listed sender gets when his mail was not fully taken: what was, what was not, what to write."""

from collections.abc import Sequence

from daemon.deciding.authority import Authority
from daemon.deciding.draft import Draft
from daemon.deciding.match import is_inquiry
from daemon.deciding.words import Outcome
from daemon.domain.deadline import order_subject
from daemon.domain.document import Mail
from daemon.domain.effect import SendMail
from daemon.domain.finding import CustomsNamed, DeviceNamed, Finding, Parcel, Said, Statement, Trouble
from daemon.domain.identifiers import ArrivalId, order_key
from daemon.domain.partner import Partner
from daemon.domain.reason import Reason, reason
from daemon.domain.snapshot import Context
from daemon.domain.values import Json

_NOT_UNDERSTOOD = frozenset({"partner_unclear", "unknown_word", "unknown_aside"})
_STANDS_STILL = frozenset({"order_payment_reversed", "order_is_canceled"})
_BY_A_PERSON = frozenset(
    {"read_by_a_person", "relationship_declined", "inquiry_undeliverable_answered", "files_not_looked_into"}
)
"""Where there is nothing that the sender could correct."""


def _taken(finding: Finding) -> Reason | None:
    """A finding that took effect, in words."""
    match finding:
        case Parcel():
            return reason("taken_parcel", value=finding.number)
        case DeviceNamed():
            return reason("taken_device", value=finding.imei)
        case CustomsNamed():
            return reason("taken_customs", value=f"{finding.value} {finding.currency}".strip())
        case Trouble():
            return reason("taken_problem", value=finding.problem)
        case Said():
            return reason(f"taken_{finding.statement}")
        case _:
            return None


def _is_for_a_person(draft: Draft, outcomes: Sequence[Outcome], waiting: Sequence[Reason]) -> bool:
    """Whether nothing that he could write would help.

    Where his orders are complete and no value is in doubt, words that no rule understood ("we have refunded the
    customs charges") are no numbers that he got wrong.
    """
    doubted = any(one.waits and isinstance(one.finding, Parcel | DeviceNamed) for one in outcomes)
    orders = [draft.order(order_key(one)) for one in draft.about]
    ended = bool(orders) and all(one is not None and one.complete for one in orders)
    enough = _BY_A_PERSON | (_NOT_UNDERSTOOD if ended and not doubted else frozenset())
    return bool(waiting) and all(one.code in enough for one in waiting)


def _asks_for_numbers(context: Context, waiting: Sequence[Reason]) -> bool:
    """Whether numbers help: not about an inquiry, nor where customs data are missing or the order stands still."""
    asked = [one for one in waiting if one.code not in _NOT_UNDERSTOOD]
    idle = asked and all("customs" in one.code or one.code in _STANDS_STILL for one in asked)
    return not is_inquiry(context) and not idle


def _hangs(outcome: Outcome, outcomes: Sequence[Outcome]) -> bool:
    """Whether it is the dispatch of a number that waits for a person: then nothing has left as far as we know."""
    said = outcome.finding
    if not isinstance(said, Said) or said.statement is not Statement.SHIPPED:
        return False
    parcels = [one for one in outcomes if isinstance(one.finding, Parcel)]
    return any(one.waits for one in parcels) and all(one.waits for one in parcels)


def _data(said: Reason) -> dict[str, Json]:
    return {"code": said.code, "values": dict(said.values), "where": said.where}


def _thread(draft: Draft, context: Context, partner: Partner) -> str:
    """The thread in which his next answer is expected: the one he wrote in, else one about what he wrote of."""
    conversation = context.conversation
    if conversation and conversation.partner == partner.id:
        return conversation.name
    subjects = ",".join(sorted(order_key(one) for one in draft.about))
    return f"{order_subject(subjects or draft.cause)}:{partner.id}"


def answer(
    draft: Draft,
    mail: Mail,
    context: Context,
    speaker: Authority,
    outcomes: Sequence[Outcome],
    waiting: Sequence[Reason],
    *,
    receipt: bool = False,
) -> None:
    """Queue the answer, threaded under his mail; strangers and senders that may be forged get none.

    `receipt`: a table came with his mail, and its rows go back with what became of each.
    """
    partner = speaker.partner
    if partner is None or not speaker.may_be_answered:
        return
    by_a_person = _is_for_a_person(draft, outcomes, waiting)
    taken = [said for one in outcomes if not one.waits and not _hangs(one, outcomes) and (said := _taken(one.finding))]
    draft.send(
        SendMail(
            key=f"answer:{draft.cause}",
            template="answer",
            to=mail.sender,
            language=partner.language,
            conversation=_thread(draft, context, partner),
            about=draft.about,
            partner=partner.id,
            answers=mail.message_id,
            references=mail.in_reply_to,
            receipt=ArrivalId(draft.cause) if receipt else None,
            data={
                "partner": {"name": partner.name},
                "about": list(draft.about),
                "taken": [_data(one) for one in taken],
                "not_taken": [_data(one) for one in waiting],
                "by_a_person": by_a_person,
                "asks_for_numbers": not by_a_person and _asks_for_numbers(context, waiting),
                "subject_of": mail.subject,
            },
        )
    )
