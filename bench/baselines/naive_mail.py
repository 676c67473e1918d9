"""An order mail the plain way: a cached Jinja template, then the standard library's EmailMessage."""

from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from jinja2 import Environment, StrictUndefined

from daemon.domain.values import Json

_TEXT = """\
Guten Tag {{ partner.name }},

die Bestellung {{ order.number }} ist bezahlt und freigegeben. Bitte versenden Sie sie bis {{ order.ship_by }} und
antworten Sie auf diese Mail mit Paketdienst und Sendungsnummer{% if imeis_due %} und den IMEI-Nummern{% endif %}.

Wenn etwas dem pünktlichen Versand entgegensteht, schreiben Sie uns bitte gleich den Grund und den neuen Termin.

Bestellung {{ order.number }} vom {{ order.placed_at }}, bezahlt am {{ order.paid_at }}
{% for line in order["lines"] %}
{{ line.line }}. {{ line.quantity }} x {{ line.title }} ({{ line.sku }}) zu {{ line.unit_price }} {{ order.currency }}
{% if line.imei_required %}   IMEI-Nummern: {{ line.quantity }}{% endif %}
{% endfor %}
Versand {{ order.shipping_price }} {{ order.currency }}, zusammen {{ order.total }} {{ order.currency }}

Lieferanschrift:
{{ order.address.name }}
{{ order.address.street }}
{{ order.address.postcode }} {{ order.address.city }}
{{ order.address.country }}
Telefon {{ order.buyer.phone }}, {{ order.buyer.email }}

Mit freundlichen Grüßen
"""
_ENVIRONMENT = Environment(autoescape=False, undefined=StrictUndefined)  # noqa: S701 - it is a plain text
_SUBJECT = _ENVIRONMENT.from_string("Bestellung {{ order.number }}: bitte versenden")
_BODY = _ENVIRONMENT.from_string(_TEXT)


def order_mail(data: dict[str, Json], recipient: str, sender: str, message_id: str, date: datetime) -> bytes:
    """The finished mail as bytes."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = sender
    mail["To"] = recipient
    mail["Subject"] = _SUBJECT.render(data)
    mail["Date"] = format_datetime(date)
    mail["Message-ID"] = f"<{message_id}>"
    mail["Reply-To"] = "reply+abcdefghij@shop.example"
    mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(_BODY.render(data))
    return mail.as_bytes()
