"""The parcels that an HTML mail's structured data name: schema.org ParcelDelivery as JSON-LD or as microdata."""

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

from msgspec.structs import replace

from daemon.domain.finding import Doubt, Evidence, Parcel
from daemon.domain.values import Value
from daemon.reading.mails.html import HTML_AT_MOST, too_deep
from daemon.reading.mails.microdata import items
from daemon.rules.carriers import recognise
from daemon.rules.rulebook import Rulebook

PARCELS_AT_MOST = 50
SCRIPTS_AT_MOST = 20
SCRIPT_AT_MOST = 64 * 1024
VALUES_AT_MOST = 5000

_UNDER_WAY = {"", "OrderInTransit", "OrderDelivered"}
_QUOTED = re.compile(r"<blockquote|gmail_quote|divRplyFwdMsg|appendonsend|yahoo_quoted|name=.?quote", re.IGNORECASE)
_END = re.compile(r"</script", re.IGNORECASE)
_SCRIPT = re.compile(r"<script[^>]{0,200}application/ld\+json[^>]{0,200}>", re.IGNORECASE)


class NamedParcel(Value, frozen=True, kw_only=True):
    """A schema.org ParcelDelivery as the sender's system wrote it, once for each article that it holds.

    `waits`: its order is in a state in which nothing has left.
    """

    number: str
    carrier: str = ""
    url: str = ""
    order: str = ""
    article: str = ""
    waits: bool = False


def named_parcels(html: str) -> tuple[NamedParcel, ...]:
    """The parcels of all `application/ld+json` blocks and of all items, as far as nothing quoted stands before them."""
    if "ld+json" not in html and "itemscope" not in html:
        return ()
    quoted = _QUOTED.search(html)
    new = html[: quoted.start()] if quoted else html
    told = [*_scripts(new), *([] if too_deep(new) else items(new[:HTML_AT_MOST]))]
    named = [one for value in told for one in _deliveries(value) if one.get("trackingNumber")]
    return tuple(dict.fromkeys(parcel for one in named[:PARCELS_AT_MOST] for parcel in _parcels(one)))


def parcel_findings(parcels: Sequence[NamedParcel], rulebook: Rulebook) -> list[Parcel | Doubt]:
    """What such parcels claim once their numbers are checked."""
    return [_checked(one, rulebook) for one in parcels]


def _checked(parcel: NamedParcel, rulebook: Rulebook) -> Parcel | Doubt:
    evidence = Evidence(where="structured data", text=f"{parcel.carrier} {parcel.number}".strip())
    answer = recognise(parcel.number, rulebook.carriers, parcel.carrier or None, None)
    order = parcel.order or None
    if answer.ok and not parcel.waits:
        carrier = answer.carrier.id if answer.carrier else None
        return Parcel(evidence=evidence, order=order, number=answer.number, carrier=carrier, article=parcel.article)
    values = {"number": parcel.number, "carriers": ", ".join(answer.candidates)}
    code = answer.code or ("not_said_to_have_left" if parcel.waits else "number_unknown_form")
    return Doubt(evidence=evidence, order=order, code=code, value=parcel.number, values=values)


def _scripts(html: str) -> Iterator[Any]:
    """What such blocks hold."""
    at = 0
    for _ in range(SCRIPTS_AT_MOST):
        begin = _SCRIPT.search(html, at)
        if not begin:
            return
        end = _END.search(html, begin.end(), begin.end() + SCRIPT_AT_MOST)
        at = end.start() if end else begin.end()
        with suppress(ValueError, RecursionError):
            yield json.loads(html[begin.end() : at])


def _deliveries(value: Any) -> Iterator[dict[str, Any]]:
    waiting = [value]
    for _ in range(VALUES_AT_MOST):
        if not waiting:
            return
        one = waiting.pop()
        if isinstance(one, list):
            waiting.extend(reversed(one))
        elif isinstance(one, dict) and "ParcelDelivery" in _list(one.get("@type")):
            yield one
        elif isinstance(one, dict):
            deliveries = [it for it in _list(one.get("orderDelivery")) if isinstance(it, dict)]
            waiting.extend({"partOfOrder": one, **delivery} for delivery in reversed(deliveries))
            waiting.append(one.get("@graph"))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _parcels(one: dict[str, Any]) -> list[NamedParcel]:
    order = next((it for it in _list(one.get("partOfOrder")) if isinstance(it, dict)), {})
    parcel = NamedParcel(
        number=_text(one.get("trackingNumber")),
        carrier=_named(one.get("carrier")) or _named(one.get("provider")),
        url=_text(one.get("trackingUrl")),
        order=_text(order.get("orderNumber")),
        waits=_text(order.get("orderStatus")).rpartition("/")[2] not in _UNDER_WAY,
    )
    articles = dict.fromkeys(filter(None, map(_named, _list(one.get("itemShipped"))[:PARCELS_AT_MOST])))
    return [replace(parcel, article=article) for article in articles] or [parcel]


def _named(value: Any) -> str:
    return _text(value.get("name")) if isinstance(value, dict) else _text(value)


def _text(value: Any) -> str:
    return str(value).strip()[:500] if isinstance(value, str | int) else ""
