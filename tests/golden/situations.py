"""In which situations the golden mails arrive: who is asked for what, and which mail of ours is being answered.

The bare name is a German partner's (`two-phones`); `two-phones-fr` is the same of a French one, and so on.
`python -m tests.golden.situations NAME` prints our mail that is answered, for whoever writes a case.
"""

import sys
from datetime import date, datetime, timedelta
from decimal import Decimal

import msgspec

from daemon.deciding.letters import order_mail_key
from daemon.domain.identifiers import ConversationId, Imei, InquiryId, LineId, MessageId, PartnerId, TrackingNumber
from daemon.domain.inquiry import Inquiry, InquiryState
from daemon.domain.order import Address, Buyer, Device, Line, Order
from daemon.domain.partner import Partner
from daemon.domain.shipment import Shipment, ShippedLine
from daemon.domain.snapshot import Conversation
from daemon.domain.values import Value
from tests.golden.house import inquiry_mail, order_mail, partner

_PLACED = datetime.fromisoformat("2026-11-24T09:12:00+01:00")
_SHIP_BY = datetime.fromisoformat("2026-11-27T23:59:59+01:00")
_MONDAY = datetime.fromisoformat("2026-11-23T16:40:00+01:00")
_WANTED = "Wir suchen ein Lager für etwa 300 Sendungen im Monat, vor allem Mobiltelefone und Zubehör."

# Language: seller, fulfiller, market, and the buyer with his address.
_PLACES: dict[str, tuple[str, str, str, tuple[str, str, str, str]]] = {
    "de": ("acme", "nordlager", "de-DE", ("Zoë Kanari", "Ringstraße 5", "50667", "Köln")),
    "en": ("bolt", "harbour", "en-IE", ("Niamh Example", "12 Harbour Street", "D02 X285", "Dublin")),
    "fr": ("chic", "entrepot", "fr-FR", ("Léa Exemple", "8 rue des Tanneurs", "69005", "Lyon")),
    "pl": ("wisla", "magazyny", "pl-PL", ("Zofia Przykład", "ul. Długa 7/3", "00-238", "Warszawa")),
    "it": ("lago", "deposito", "it-IT", ("Giulia Esempio", "Via Larga 14", "20122", "Milano")),
    "es": ("sol", "nave", "es-ES", ("Lucía Ejemplo", "Calle Mayor 21", "28013", "Madrid")),
    "nl": ("polder", "loods", "nl-NL", ("Sanne Voorbeeld", "Herengracht 101", "1015 BD", "Amsterdam")),
}


class Situation(Value, frozen=True, kw_only=True):
    """`answered` are the texts of our mails in the thread."""

    name: str
    partner: Partner
    orders: tuple[Order, ...] = ()
    inquiry: Inquiry | None = None
    subject: str
    answered: tuple[str, ...]
    conversation: Conversation

    @property
    def message_id(self) -> MessageId:
        """The id of our mail, which a reply names and a bounce sends back."""
        return MessageId(f"7q2m5x4k9w3r8t6z.{self.name}@shop.example")

    @property
    def reply_to(self) -> str:
        return f"reply+7q2m5x4k9w3r8t6z.{self.name}@replies.shop.example"

    @property
    def sent(self) -> frozenset[str]:
        """The keys of the order mails, all of which have left."""
        return frozenset(order_mail_key(one) for one in self.orders)


def situation(name: str) -> Situation:
    """The situation of that name; KeyError when there is none."""
    base, _, language = name.rpartition("-")
    if language not in _PLACES:
        base, language = name, "de"
    return _with_orders(name, base, language) if base in _ORDERS else _with_inquiry(name, base, language)


# What is ordered


def _line(line: str, sku: str, title: str, price: str, quantity: int = 1, shipped: int = 0) -> Line:
    return Line(
        line=LineId(line),
        sku=sku,
        title=title,
        quantity=quantity,
        unit_price=Decimal(price),
        handling_days=2,
        shipped=shipped,
    )


def _device(line: Line, category: str = "smartphone", devices: tuple[Device, ...] = ()) -> Line:
    return msgspec.structs.replace(line, category=category, cellular=True, devices=devices)


def _iphone(quantity: int = 1, shipped: int = 0) -> Line:
    return _device(_line("1", "IP13-128", "Apple iPhone 13 128 GB", "389.00", quantity, shipped))


def _galaxy(shipped: int = 0, devices: tuple[Device, ...] = ()) -> Line:
    return _device(_line("1", "GS22-128", "Samsung Galaxy S22 128 GB", "299.00", 1, shipped), devices=devices)


def _case(line: str = "1", quantity: int = 1, shipped: int = 0) -> Line:
    return _line(line, "CASE-01", "Clear Case 6.1", "14.90", quantity, shipped)


_TABLET = _device(_line("2", "IPAD9-64C", "Apple iPad 9 64 GB Cellular", "279.00"), "tablet")
_KNOWN = Device(imei=Imei("352099001761481"), because="an earlier mail")

# Name: the template of ours that is answered, and each order's number and lines. What has left, left on Monday.
_ORDERS: dict[str, tuple[str, tuple[tuple[str, tuple[Line, ...]], ...]]] = {
    "two-phones": ("order", (("A-1001", (_iphone(2),)),)),
    "phone": ("order", (("A-1002", (_galaxy(),)),)),
    "accessory": ("order", (("A-1003", (_case(),)),)),
    "phone-and-case": ("order", (("A-1004", (_galaxy(), _case("2"))),)),
    "three-items": (
        "order",
        (("A-1005", (_iphone(), _TABLET, _line("3", "USBC-20W", "USB-C Charger 20 W", "19.90", 3))),),
    ),
    "two-orders": ("order", (("A-1006", (_galaxy(),)), ("A-1007", (_case(),)))),
    "imei-asked": ("reminder-imei", (("A-1008", (_galaxy(1),)),)),
    "imeis-asked": ("reminder-imei", (("A-1009", (_iphone(2, 2),)),)),
    "reminded": ("reminder-ship", (("A-1010", (_case(quantity=2),)),)),
    "recorded": ("order", (("A-1011", (_galaxy(1, (_KNOWN,)),)),)),
    "half-left": (
        "reminder-ship",
        (("A-1012", (_case(shipped=1), _line("2", "USBC-20W", "USB-C Charger 20 W", "19.90", 2))),),
    ),
}
_INQUIRIES = {
    "inquiry": (InquiryState.SENT, "inquiry"),
    "inquiry-in-contact": (InquiryState.IN_CONTACT, "relay"),
    "inquiry-agreed": (InquiryState.CONTRACT_AGREED, "inquiry"),
    "inquiry-merchant": (InquiryState.IN_CONTACT, "relay"),
}


def _with_orders(name: str, base: str, language: str) -> Situation:
    template, rows = _ORDERS[base]
    seller = partner(_PLACES[language][0])
    orders = tuple(_order(number, lines, language) for number, lines in rows)
    mails = [order_mail(one, seller, template) for one in orders]
    return Situation(
        name=name,
        partner=seller,
        orders=orders,
        subject=mails[0].subject,
        answered=tuple(one.text for one in mails),
        conversation=_thread(f"order:{orders[0].key}", seller, template, tuple(one.number for one in orders)),
    )


def _with_inquiry(name: str, base: str, language: str) -> Situation:
    state, template = _INQUIRIES[base]
    fulfiller = partner(_PLACES[language][1])
    inquiry = Inquiry(
        id=InquiryId("Q-1"),
        merchant=PartnerId("nova"),
        fulfiller=fulfiller.id,
        text=_WANTED,
        state=state,
        sent_at=_MONDAY,
        answered_at=None if state is InquiryState.SENT else _PLACED,
        contract_at=_PLACED if state is InquiryState.CONTRACT_AGREED else None,
        because="a command",
    )
    to = partner("nova") if base == "inquiry-merchant" else fulfiller
    mail = inquiry_mail(inquiry, to, template)
    return Situation(
        name=name,
        partner=to,
        inquiry=inquiry,
        subject=mail.subject,
        answered=(mail.text,),
        conversation=_thread("inquiry:Q-1", to, template, ("Q-1",)),
    )


def _thread(subject: str, to: Partner, template: str, about: tuple[str, ...]) -> Conversation:
    return Conversation(
        id=ConversationId("7q2m5x4k9w"),
        name=f"{subject}:{to.id}",
        about=about,
        partner=to.id,
        recipient=to.address,
        template=template,
    )


def _order(number: str, lines: tuple[Line, ...], language: str) -> Order:
    seller, _, market, (name, street, postcode, city) = _PLACES[language]
    left = tuple(ShippedLine(line=one.line, quantity=one.shipped) for one in lines if one.shipped)
    return Order(
        number=number,
        seller=PartnerId(seller),
        shipper=PartnerId(seller),
        market=market,
        currency="EUR",
        placed_at=_PLACED,
        paid_at=_PLACED,
        released_at=_PLACED + timedelta(minutes=5),
        ship_by=_SHIP_BY,
        buyer=Buyer(name=name, email="buyer@mail.example", phone="+49 170 5550199"),
        address=Address(name=name, street=street, postcode=postcode, city=city, country=market[-2:]),
        lines=lines,
        shipments=(_parcel(left),) if left else (),
        because="an order file",
    )


def _parcel(lines: tuple[ShippedLine, ...]) -> Shipment:
    return Shipment(
        tracking_number=TrackingNumber("00340434161094042557"),
        carrier="dhl",
        tracking_url=None,
        shipped_on=date(2026, 11, 23),
        entered_at=_MONDAY,
        lines=lines,
        because="an earlier mail",
    )


if __name__ == "__main__":
    shown = situation(sys.argv[1])
    sys.stdout.write(f"{shown.partner.address}\n{shown.message_id}\n{shown.reply_to}\nSubject: {shown.subject}\n\n")
    sys.stdout.write("\n\n".join(shown.answered))
