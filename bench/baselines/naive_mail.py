"""An order mail the plain way: cached Jinja templates for text and page, then the standard library's EmailMessage."""

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
_PAGE = """\
<!DOCTYPE html>
<html lang="de"><head><meta charset="utf-8"><title>Bestellung {{ order.number }}</title></head>
<body style="margin:0;padding:16px;font-family:Arial,Helvetica,sans-serif;font-size:16px;line-height:1.5">
<p style="margin:8px 0">Guten Tag {{ partner.name }},</p>
<p style="margin:8px 0">die Bestellung {{ order.number }} ist bezahlt und freigegeben. Bitte versenden Sie sie bis
{{ order.ship_by }} und
antworten Sie auf diese Mail mit Paketdienst und Sendungsnummer{% if imeis_due %} und den IMEI-Nummern{% endif %}.</p>
<p style="margin:8px 0">Wenn etwas dem pünktlichen Versand entgegensteht, schreiben Sie uns bitte gleich den Grund
und den neuen Termin.</p>
<h2 style="font-size:16px;margin:24px 0 8px">Bestellung {{ order.number }} vom {{ order.placed_at }}, bezahlt am
{{ order.paid_at }}</h2>
<table style="border-collapse:collapse;margin:8px 0">
{% for line in order["lines"] %}<tr><th scope="row" style="padding:2px 16px 2px 0;text-align:left">{{ line.line }}</th>
<td style="padding:2px 16px 2px 0">{{ line.quantity }} x {{ line.title }} ({{ line.sku }}) zu {{ line.unit_price }}
{{ order.currency }}</td></tr>
{% if line.imei_required %}<tr><th></th><td style="padding:2px 16px 2px 0">IMEI-Nummern:
{{ line.quantity }}</td></tr>{% endif %}{% endfor %}
</table>
<p style="margin:8px 0">Versand {{ order.shipping_price }} {{ order.currency }}, zusammen {{ order.total }}
{{ order.currency }}</p>
<p style="margin:8px 0">{{ order.address.name }}<br>{{ order.address.street }}<br>{{ order.address.postcode }}
{{ order.address.city }}<br>
{{ order.address.country }}<br>Telefon {{ order.buyer.phone }}, {{ order.buyer.email }}</p>
<p style="margin:8px 0">Mit freundlichen Grüßen</p>
</body></html>
"""
_ENVIRONMENT = Environment(autoescape=False, undefined=StrictUndefined)  # noqa: S701 - it is a plain text
_SUBJECT = _ENVIRONMENT.from_string("Bestellung {{ order.number }}: bitte versenden")
_HTML = Environment(autoescape=True, undefined=StrictUndefined).from_string(_PAGE)
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
    mail.add_alternative(_HTML.render(data), subtype="html")
    return mail.as_bytes()
