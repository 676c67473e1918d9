"""The house into which the golden mails arrive: the workspace's own rules and templates, with partners of its own."""

from datetime import datetime
from functools import cache
from pathlib import Path

from daemon.deciding.letters import customs_missing, order_data
from daemon.domain.identifiers import PartnerId
from daemon.domain.inquiry import Inquiry
from daemon.domain.order import Order
from daemon.domain.partner import Partner
from daemon.domain.policy import Policy
from daemon.domain.values import Json
from daemon.rules.rulebook import Rulebook
from daemon.writing.templates import Rendered
from tests.support.believed import believed_rules, believed_templates

NOW = datetime.fromisoformat("2026-11-25T14:30:00+01:00")
"""A Wednesday; every mail arrives now."""
AUTHSERV = "mx.shop.example"
POLICY = Policy(operator="ops@shop.example", own_addresses=("orders@shop.example",))

_PARTIES = Path(__file__).with_name("parties.yaml")


@cache
def rulebook() -> Rulebook:
    return believed_rules({"rules/partners/golden.yaml": _PARTIES.read_text("utf-8")})


def partner(name: str) -> Partner:
    found = rulebook().partner(PartnerId(name))
    assert found is not None, name
    return found


def order_mail(order: Order, to: Partner, template: str) -> Rendered:
    """Our mail to the seller: the order itself, or a reminder of what is missing."""
    data = order_data(order)
    missing: list[Json] = [
        {"line": one.line, "sku": one.sku, "title": one.title, "count": one.devices_overdue}
        for one in order.lines
        if one.devices_overdue
    ]
    more: dict[str, Json] = {
        "partner": {"name": to.name},
        "order": data,
        "imeis_due": sum(one.devices_owed for one in order.lines),
        "ddp": order.incoterm is not None,
        "customs_missing": customs_missing(order),
        "out_of_stock": [],
        "declared": False,
        "missing": missing,
        "first": True,
        "overdue": False,
    }
    return believed_templates().render(template, to.language, more)


def inquiry_mail(inquiry: Inquiry, to: Partner, template: str) -> Rendered:
    """Our mail to one side of an inquiry: the inquiry itself, or what the other side wrote."""
    merchant, fulfiller = partner(inquiry.merchant), partner(inquiry.fulfiller)
    contact = merchant.contact
    assert contact is not None
    speaker = fulfiller if to.id == merchant.id else merchant
    data: dict[str, Json] = {
        "partner": {"name": to.name},
        "inquiry": {"id": inquiry.id, "text": inquiry.text, "state": inquiry.state, "warehouse": None},
        "merchant": {
            "name": merchant.name,
            "email": merchant.address,
            "contact": {name: getattr(contact, name) for name in contact.__struct_fields__},
        },
        "speaker": {"name": speaker.name},
        "text": "Vielen Dank. Könnten Sie uns bitte Ihre Preise für Einlagerung und Versand schicken?",
    }
    return believed_templates().render(template, to.language, data)
