"""Carriers, rules, contexts and mails that the tests of this room are told with."""

from datetime import UTC, datetime
from functools import cache
from io import BytesIO

from daemon.domain.arrival import Arrival, ArrivalKind, Envelope
from daemon.domain.document import Mail
from daemon.domain.finding import Finding, Reading, Statement
from daemon.domain.identifiers import ArrivalId, ConversationId, PartnerId
from daemon.domain.problem import ProblemKind
from daemon.domain.snapshot import Context, Conversation
from daemon.reading.read import read
from daemon.reading.texts.text_findings import text_findings
from daemon.rules.actions import Action
from daemon.rules.carriers import Carrier, NumberForm
from daemon.rules.replies import ReplyRule
from daemon.rules.rulebook import Rulebook
from tests.support.believed import believed_rules

RECEIVED = datetime(2026, 11, 25, 14, 30, tzinfo=UTC)
"""A Wednesday."""

DHL_NUMBER = "00340434161094042557"
DHL_OTHER = "00340433836442636597"
UPS_NUMBER = "1Z999AA10123456784"
DPD_NUMBER = "01015026003653C"
IMEI = "352099001761481"
IMEI_TWO = "490154203237518"

DHL = Carrier(
    id="dhl",
    name="DHL",
    numbers=(
        NumberForm(pattern="0034043[0-9]{13}", check="gs1", alone=True, lead="00"),
        NumberForm(pattern="[0-9]{12}", check="dhl_ident"),
    ),
    hosts=("www.dhl.de",),
)
UPS = Carrier(
    id="ups",
    name="UPS",
    numbers=(NumberForm(pattern="1Z[0-9A-Z]{16}", check="ups", alone=True),),
    hosts=("www.ups.com",),
)
DPD = Carrier(id="dpd", name="DPD", numbers=(NumberForm(pattern="[0-9]{14}[0-9A-Z]", check="dpd", alone=False),))
GLS = Carrier(id="gls", name="GLS", numbers=(NumberForm(pattern="[0-9]{12}", check="gls"),))

RULES = (
    ReplyRule(rule="accept", about="any", says=("best[äa]tig", "confirm"), then=Action(say=Statement.ACCEPTED)),
    ReplyRule(
        rule="out-of-stock", about="order", says=("nicht lieferbar",), then=Action(problem=ProblemKind.OUT_OF_STOCK)
    ),
    ReplyRule(
        rule="delay", about="order", says=("geht erst", "nicht vor", "later"), then=Action(problem=ProblemKind.DELAY)
    ),
    ReplyRule(rule="question", about="any", says=(r"\?",), then=Action(say=Statement.QUESTION)),
)
RULEBOOK = Rulebook(hash="h", carriers=(DHL, UPS, DPD, GLS), replies=RULES)


@cache
def shipped_rules() -> Rulebook:
    """The rules that every workspace starts with."""
    return believed_rules()


def context(*about: str, proven: bool = True, ours: tuple[str, ...] = (), name: str = "order") -> Context:
    """A reply in a conversation of ours about these orders."""
    conversation = Conversation(
        id=ConversationId("c1"),
        name=f"{name}:x:acme",
        about=about,
        partner=PartnerId("acme"),
        recipient="orders@acme.example",
    )
    return Context(
        conversation=conversation if about else None,
        proven="token" if proven and about else None,
        ours=ours,
        party="sellers/acme",
        own_addresses=("orders@shop.example",),
    )


def found_in(text: str, where: Context | None = None, subject: str = "") -> tuple[Finding, ...]:
    """The findings of a mail with this new text; a proven reply about A-1001 unless said otherwise."""
    mail = Mail(sender="orders@acme.example", subject=subject, new_text=text)
    return text_findings(mail, where or context("A-1001"), RULEBOOK, RECEIVED.date())[0]


def arrival(authserv_id: str | None = None) -> Arrival:
    return Arrival(
        id=ArrivalId("a1"),
        kind=ArrivalKind.MAIL,
        source="mail",
        name="a.eml",
        received_at=RECEIVED,
        envelope=Envelope(authserv_id=authserv_id),
    )


def reading_of(raw: bytes, where: Context | None = None) -> Reading:
    return read(arrival(), BytesIO(raw), where or context("A-1001"), RULEBOOK)


def mail_of(raw: bytes, where: Context | None = None) -> Mail:
    document = reading_of(raw, where).documents[0]
    assert isinstance(document, Mail)
    return document


def eml(body: str, *fields: str, kind: str = "text/plain; charset=utf-8") -> bytes:
    """A mail of acme with one part and these further header fields."""
    head = ["From: Acme <orders@acme.example>", "To: orders@shop.example", f"Content-Type: {kind}", *fields]
    if not any(field.startswith("Subject:") for field in fields):
        head.append("Subject: Re: Bestellung A-1001")
    return ("\r\n".join(head) + "\r\n\r\n" + body).encode()
