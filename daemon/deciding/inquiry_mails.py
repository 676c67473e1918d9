"""What is written about an inquiry: to the fulfiller, to the merchant, and from one to the other."""

from daemon.deciding.draft import Draft
from daemon.deciding.hiding import without_addresses
from daemon.domain.deadline import inquiry_subject
from daemon.domain.document import Mail
from daemon.domain.effect import SendMail
from daemon.domain.identifiers import ArrivalId, PartnerId
from daemon.domain.inquiry import Inquiry, InquiryState
from daemon.domain.partner import Contact, Partner
from daemon.domain.reason import reason
from daemon.domain.values import Json

_CONFIRM = "inquiry-confirm"
_SAID_IN_THE_NEXT = frozenset({"relay", "inquiry-status", _CONFIRM})


def conversation_name(inquiry: Inquiry, partner: Partner) -> str:
    return f"{inquiry_subject(inquiry.id)}:{partner.id}"


def warehouse_of(fulfiller: Partner, warehouse: str | None) -> Json:
    """The warehouse as mails name it."""
    found = next((one for one in fulfiller.warehouses if one.id == warehouse), None)
    return {"id": found.id, "name": found.name, "country": found.country} if found else None


def ask(draft: Draft, inquiry: Inquiry, merchant: Partner, fulfiller: Partner, *, again: bool = False) -> None:
    """The inquiry itself, with the merchant's stored contact data (seed rule 1.3) and his words as data.

    Sent `again` it is another mail, and no retry of the first.
    """
    shown = draft.policy.show_contact
    data = _data(inquiry, fulfiller)
    data["inquiry"] = {
        "id": inquiry.id,
        "text": inquiry.text if shown else without_addresses(inquiry.text),
        "warehouse": warehouse_of(fulfiller, inquiry.warehouse),
    }
    data["merchant"] = {
        "name": merchant.name,
        "email": merchant.address if shown else "",
        "contact": _contact(merchant.contact, shown=shown),
    }
    key = f"inquiry:{inquiry.id}" + (f":{inquiry.sent_at.isoformat()}" if again else "")
    _post(draft, inquiry, fulfiller, "inquiry", key, data, plain=True)


def _contact(contact: Contact | None, *, shown: bool) -> dict[str, Json]:
    if contact is None:
        return {}
    data: dict[str, Json] = {name: getattr(contact, name) for name in contact.__struct_fields__}
    return data if shown else {**data, "phone": ""}


def tell_merchant(draft: Draft, inquiry: Inquiry, *, running: tuple[str, ...] = (), stands: bool = False) -> None:
    """The merchant sees each change of status without a shell, and what is still his to do."""
    merchant = draft.rulebook.partner(inquiry.merchant)
    if merchant is None or not merchant.address:
        return
    data = _data(inquiry, merchant) | {"fulfiller": {"name": name_of(draft, inquiry.fulfiller)}}
    data["ended"] = _is_ended(inquiry)
    data["running"] = list(running)
    data["stands"] = stands
    data["both_confirm"] = draft.policy.two_sided_handshake and inquiry.merchant_confirmed_at is None
    _tell(draft, inquiry, merchant, "inquiry-status", f":{inquiry.state}:{draft.cause}", data)


def ask_to_confirm(draft: Draft, inquiry: Inquiry, whom: PartnerId) -> None:
    """The contract is agreed, or the other side has confirmed: he is asked at once whose confirmation is missing."""
    partner = draft.rulebook.partner(whom)
    if partner is None or not partner.address:
        draft.tell_operator(f"confirm:{inquiry.id}", reason("partner_without_address", partner=whom), (inquiry.id,))
        return
    is_merchant = whom == inquiry.merchant
    confirmed_at = inquiry.confirmed_at if is_merchant else inquiry.merchant_confirmed_at
    other = {
        "name": name_of(draft, inquiry.fulfiller if is_merchant else inquiry.merchant),
        "confirmed": confirmed_at is not None,
    }
    _tell(draft, inquiry, partner, _CONFIRM, f":{whom}:{draft.cause}", _data(inquiry, partner) | {"other": other})


def ask_no_more(draft: Draft, inquiry: Inquiry, whom: Partner | None) -> None:
    """What he is asked for he has just said."""
    if whom:
        draft.take_back(conversation_name(inquiry, whom), {_CONFIRM})


def tell_fulfiller(draft: Draft, inquiry: Inquiry, *, running: tuple[str, ...] = (), stands: bool = False) -> None:
    """He hears that orders come from now on, or that nobody wants any more what he prepares."""
    fulfiller = draft.rulebook.partner(inquiry.fulfiller)
    if fulfiller is None or not fulfiller.address:
        return
    data = _data(inquiry, fulfiller) | {"merchant": {"name": name_of(draft, inquiry.merchant)}}
    data["partner"] = {"name": fulfiller.name, "folder": f"inbox/{fulfiller.party}"}
    data["ended"] = _is_ended(inquiry)
    data["running"] = list(running)
    data["stands"] = stands
    _tell(draft, inquiry, fulfiller, f"inquiry-{inquiry.state}", f":{draft.cause}", data)


def _tell(draft: Draft, inquiry: Inquiry, to: Partner, template: str, once: str, data: dict[str, Json]) -> None:
    """One mail says all: the news, and the words that brought it and would otherwise be passed on by themselves."""
    before = draft.take_back(conversation_name(inquiry, to), _SAID_IN_THE_NEXT)
    _post(
        draft,
        inquiry,
        to,
        template,
        f"{template}:{inquiry.id}{once}",
        data | {"text": before.data["text"] if before else ""},
        plain=before is not None and before.plain,
        speaker=before.speaker if before else "",
        carries=before.carries if before else None,
    )


def _is_ended(inquiry: Inquiry) -> bool:
    """Whether a relationship is over, and not just an inquiry."""
    return inquiry.active_since is not None and inquiry.state is not InquiryState.ACTIVE


def relay(draft: Draft, inquiry: Inquiry, speaker: Partner, mail: Mail) -> None:
    """Pass a message on with its files, in the other side's own thread; it carries no address of the speaker.

    Nor do his words, where neither side is to learn the other's.
    """
    other_id = inquiry.merchant if speaker.id == inquiry.fulfiller else inquiry.fulfiller
    other = draft.rulebook.partner(other_id)
    if other is None or not other.address:
        draft.tell_operator(f"relay:{draft.cause}", reason("partner_without_address", partner=other_id), (inquiry.id,))
        return
    text = mail.new_text if draft.policy.show_contact else without_addresses(mail.new_text)
    data = _data(inquiry, other) | {"speaker": {"name": speaker.name}, "text": text}
    carries = ArrivalId(draft.cause) if mail.attachments else None
    key = f"relay:{draft.cause}"
    _post(draft, inquiry, other, "relay", key, data, plain=True, speaker=speaker.name, carries=carries)


def name_of(draft: Draft, partner: str) -> str:
    """A partner as people call it; one who is no longer known by his id."""
    found = draft.rulebook.partner(partner)
    return found.name if found else partner


def _data(inquiry: Inquiry, to: Partner) -> dict[str, Json]:
    return {"partner": {"name": to.name}, "inquiry": {"id": inquiry.id, "state": inquiry.state}}


def _post(
    draft: Draft,
    inquiry: Inquiry,
    to: Partner,
    template: str,
    key: str,
    data: dict[str, Json],
    *,
    plain: bool = False,
    speaker: str = "",
    carries: ArrivalId | None = None,
) -> None:
    draft.send(
        SendMail(
            key=key,
            template=template,
            to=to.address,
            language=to.language,
            conversation=conversation_name(inquiry, to),
            about=(inquiry.id,),
            partner=to.id,
            plain=plain,
            speaker=speaker,
            carries=carries,
            data=data,
        )
    )
