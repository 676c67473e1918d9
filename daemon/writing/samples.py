"""Realistic data for every template: what `check` fills them in with and `preview` shows."""

from daemon.domain.values import Json

_PARTNER: Json = {"name": "Acme Mobile GmbH"}
_FULFILLER: Json = {"name": "Nordlager Logistik GmbH"}
_BUYER: Json = {"name": "Greta Muster"}
_ADDRESS: Json = {
    "name": "Greta Muster",
    "company": "",
    "street": "Lindenallee 4",
    "extra": "",
    "postcode": "04109",
    "city": "Leipzig",
    "region": "",
    "country": "DE",
}
_PHONE: Json = {
    "line": "1",
    "sku": "IP13-128",
    "title": "Phone 13, 128 GB, blue",
    "quantity": 2,
    "open": 2,
    "unit_price": "499.00",
    "category": "smartphone",
    "imei_required": True,
    "hs_code": "8517.13",
    "origin": "CN",
}
_CASE: Json = {
    "line": "2",
    "sku": "CASE-13",
    "title": "Case for Phone 13",
    "quantity": 1,
    "open": 1,
    "unit_price": "19.90",
    "category": "accessory",
    "imei_required": False,
    "hs_code": "",
    "origin": "",
}
_ORDER: Json = {
    "number": "A-1001",
    "market": "de-DE",
    "currency": "EUR",
    "placed_at": "2026-11-25T09:12:00+01:00",
    "paid_at": "2026-11-25T09:14:00+01:00",
    "ship_by": "2026-11-27T23:59:59+01:00",
    "total": "1017.90",
    "shipping_price": "0.00",
    "incoterm": None,
    "lines": [_PHONE, _CASE],
    "buyer": {"name": "Greta Muster", "email": "greta@buyer.example", "phone": "+49 341 5550123"},
    "address": _ADDRESS,
}
_ABROAD: Json = {
    **_ORDER,
    "number": "A-1002",
    "market": "de-CH",
    "currency": "CHF",
    "shipping_price": "4.90",
    "incoterm": "DDP",
    "buyer": {"name": "Urs Beispiel", "email": "urs@buyer.example", "phone": ""},
    "address": {
        **_ADDRESS,
        "name": "Urs Beispiel",
        "company": "Beispiel AG",
        "extra": "3. Stock",
        "postcode": "8001",
        "city": "Zürich",
        "region": "ZH",
        "country": "CH",
    },
}
_TO_BUYER: Json = {
    "number": "A-1001",
    "lines": [{"title": "Phone 13, 128 GB, blue", "quantity": 2}, {"title": "Case for Phone 13", "quantity": 1}],
}
_FIGURE: Json = {
    "code": "figure",
    "values": {
        "seller": "acme",
        "metric": "late_dispatch_rate",
        "share": "5.00",
        "numerator": "2",
        "denominator": "40",
        "good": "below",
        "threshold": "4",
        "state": "breached",
    },
    "where": "",
    "about": [],
}
_HELD: Json = {"code": "digest_held", "values": {"count": "3"}, "where": "", "about": []}
_MAILED: Json = {"code": "digest_mailed", "values": {"template": "order", "count": "12"}, "where": "", "about": []}
_LATE: Json = {
    "number": "A-1001",
    "currency": "EUR",
    "ship_by": "2026-11-27T23:59:59+01:00",
    "lines": [{"line": "1", "sku": "IP13-128", "title": "Phone 13, 128 GB, blue", "open": 2}],
}
_MISSING: Json = [
    {"line": "1", "sku": "IP13-128", "title": "Phone 13, 128 GB, blue", "count": 2},
    {"line": "3", "sku": "WATCH-LTE", "title": "Watch with LTE", "count": 1},
]
_GONE: Json = [{"line": "1", "title": "Phone 13, 128 GB, blue", "quantity": 1}]
_PARCELS: Json = [
    {
        "carrier_name": "DHL",
        "tracking_number": "00340434161094042557",
        "tracking_url": "https://track.example/de/00340434161094042557",
        "page_language": "en",
        "shipped_on": "2026-11-26",
        "lines": [{"title": "Phone 13, 128 GB, blue", "quantity": 2}],
    },
    {
        "carrier_name": "GLS",
        "tracking_number": "50000000003",
        "tracking_url": None,
        "page_language": None,
        "shipped_on": "2026-11-26",
        "lines": [],
    },
]
_TOGETHER: Json = [
    {"title": "Tablet LTE", "quantity": 1},
    {"title": "Watch with LTE", "quantity": 3},
]
_INQUIRY: Json = {
    "id": "I-1",
    "text": "Guten Tag,\n\nwir versenden etwa 400 Pakete im Monat und suchen ein Lager.\nNehmen Sie auch Retouren an?",
    "warehouse": {"id": "NL-HH1", "name": "Hamburg 1", "country": "DE"},
}
_MERCHANT: Json = {
    "name": "Nova Handels GmbH",
    "email": "einkauf@nova.example",
    "contact": {
        "person": "Ada Beispiel",
        "phone": "+49 30 5550101",
        "street": "Musterweg 1",
        "postcode": "10115",
        "city": "Berlin",
        "country": "DE",
    },
}
_REACHED_BY_US: Json = {
    "name": "Nova Handels GmbH",
    "email": "",
    "contact": {
        "person": "Ada Beispiel",
        "phone": "",
        "street": "Musterweg 1",
        "postcode": "10115",
        "city": "Berlin",
        "country": "DE",
    },
}
_UNPLACED: Json = {**_INQUIRY, "warehouse": None}
_SENT: Json = {"id": "I-1", "sent_at": "2026-11-20T10:00:00+01:00", "warehouse": _INQUIRY["warehouse"]}
_TAKEN: Json = [{"code": "taken_parcel", "values": {"value": "00340434161094042557"}}]
_NOT_TAKEN: Json = [{"code": "imei_luhn_wrong", "values": {"value": "352099001761482"}, "where": "mail text, line 3"}]
_TO_OPERATOR: Json = [
    {
        "code": "imei_luhn_wrong",
        "values": {"value": "352099001761482"},
        "where": "row 4, column imei",
        "about": ["A-1001"],
    },
    {"code": "taken_parcel", "values": {"value": "00340434161094042557"}, "where": "", "about": []},
]


def _orders() -> tuple[dict[str, Json], ...]:
    wanted = {"line": "2", "what": "hs_code"}, {"line": "2", "what": "origin"}
    return (
        {
            "partner": _PARTNER,
            "order": _ORDER,
            "imeis_due": 2,
            "ddp": False,
            "customs_missing": [],
            "out_of_stock": ["IP13-128"],
        },
        {
            "partner": _PARTNER,
            "order": _ABROAD,
            "imeis_due": 1,
            "ddp": True,
            "customs_missing": [*wanted],
            "out_of_stock": [],
        },
        {
            "partner": _PARTNER,
            "order": {**_ABROAD, "lines": [_PHONE]},
            "imeis_due": 0,
            "ddp": True,
            "customs_missing": [],
            "out_of_stock": [],
        },
    )


def _problem() -> tuple[dict[str, Json], ...]:
    return (
        {"order": _TO_BUYER, "buyer": _BUYER, "new_date": "2026-12-02"},
        {"order": _TO_BUYER, "buyer": _BUYER, "new_date": None},
    )


def _reminder(**changes: Json) -> dict[str, Json]:
    """What every reminder about an order may show."""
    plain: dict[str, Json] = {
        "partner": _PARTNER,
        "order": _LATE,
        "due": "2026-11-27T23:59:59+01:00",
        "overdue": False,
        "first": False,
        "missing": _MISSING,
        "customs_missing": [],
        "duties": "23.50",
        "problems": [{"since": "2026-11-26T23:59:59+01:00"}],
    }
    return plain | changes


SAMPLES: dict[str, tuple[dict[str, Json], ...]] = {
    "order": _orders(),
    "order-correction": tuple({**one, "declared": known} for one in _orders() for known in (False, True)),
    "reminder-ship": tuple(_reminder(overdue=late) for late in (False, True)),
    "reminder-imei": (_reminder(first=True), _reminder(missing=_MISSING[1:])),
    "reminder-customs": (_reminder(customs_missing=[{"line": "1", "what": what} for what in ("hs_code", "origin")]),),
    "reminder-duties": tuple(_reminder(overdue=late) for late in (False, True)),
    "reminder-notice": tuple(_reminder(overdue=late) for late in (False, True)),
    "quality-report": (
        {"partner": {"name": "Acme Mobile GmbH"}, "month": "2026-11-01", "lines": [_FIGURE]},
        {"partner": None, "month": "2026-11-01", "lines": [_FIGURE, _FIGURE]},
    ),
    "quality-warning": tuple(
        {"partner": {"name": "Acme Mobile GmbH"}, "breached": breached, "lines": [_FIGURE]}
        for breached in (False, True)
    ),
    "digest": (
        {"partner": None, "day": "2026-11-25", "waiting": [_HELD], "did": [_MAILED]},
        {"partner": None, "day": "2026-11-25", "waiting": [], "did": [_MAILED]},
        {"partner": None, "day": "2026-11-25", "waiting": [_HELD], "did": []},
    ),
    "reminder-stock": tuple(
        {
            "partner": {"name": "Acme Mobile GmbH", "folder": "inbox/sellers/acme"},
            "due": "2026-11-27T23:59:59+01:00",
            "overdue": late,
        }
        for late in (False, True)
    ),
    "duties": tuple(
        {
            "partner": _PARTNER,
            "order": {"number": "A-1001", "currency": "EUR"},
            "amount": "23.50",
            "on_return": on_return,
        }
        for on_return in (False, True)
    ),
    "answer": (
        {
            "partner": _PARTNER,
            "about": ["A-1001"],
            "taken": _TAKEN,
            "not_taken": _NOT_TAKEN,
            "by_a_person": False,
            "asks_for_numbers": True,
            "subject_of": "Re: Bestellung A-1001",
        },
        {
            "partner": _PARTNER,
            "about": ["A-1001", "A-1002"],
            "taken": [],
            "not_taken": _NOT_TAKEN,
            "by_a_person": False,
            "asks_for_numbers": True,
            "subject_of": "",
        },
        {
            "partner": _PARTNER,
            "about": [],
            "taken": _TAKEN,
            "not_taken": [],
            "by_a_person": False,
            "asks_for_numbers": True,
            "subject_of": "Unsere Sendungen",
        },
        {
            "partner": _PARTNER,
            "about": [],
            "taken": [],
            "not_taken": _NOT_TAKEN,
            "by_a_person": True,
            "asks_for_numbers": False,
            "subject_of": "",
        },
    ),
    "order-canceled": tuple(
        {"partner": _PARTNER, "order": {"number": "A-1001"}, "lines": _GONE, "whole": whole} for whole in (True, False)
    ),
    "buyer-shipped": (
        {
            "order": _TO_BUYER,
            "buyer": _BUYER,
            "shipments": _PARCELS,
            "together": _TOGETHER,
            "partial": True,
            "in_place_of": "",
        },
        {
            "order": _TO_BUYER,
            "buyer": _BUYER,
            "shipments": _PARCELS[:1],
            "together": [],
            "partial": False,
            "in_place_of": "00340434161094042557",
        },
    ),
    "buyer-delay": _problem(),
    "buyer-out-of-stock": _problem(),
    "buyer-problem": _problem(),
    "buyer-canceled": tuple(
        {"order": _TO_BUYER, "buyer": _BUYER, "lines": _GONE, "whole": whole} for whole in (True, False)
    ),
    "inquiry": tuple(
        {"partner": _FULFILLER, "inquiry": inquiry, "merchant": merchant}
        for inquiry, merchant in ((_INQUIRY, _MERCHANT), (_UNPLACED, _MERCHANT), (_INQUIRY, _REACHED_BY_US))
    ),
    "reminder-inquiry": tuple(
        {"partner": _FULFILLER, "inquiry": inquiry, "merchant": {"name": "Nova Handels GmbH"}}
        for inquiry in (_SENT, {**_SENT, "warehouse": None})
    ),
    "relay": (
        {
            "partner": {"name": "Nova Handels GmbH"},
            "inquiry": {"id": "I-1", "state": "in_contact"},
            "speaker": _FULFILLER,
            "text": "Gern. Wie viele Paletten sollen wir einplanen?\n\nAb Januar ist Platz.",
        },
    ),
    "inquiry-status": tuple(
        {
            "partner": {"name": "Nova Handels GmbH"},
            "inquiry": {"id": "I-1", "state": state},
            "fulfiller": _FULFILLER,
            "text": text,
            "both_confirm": both,
            "ended": ended,
            "running": ["A-1001", "A-1002"] if ended and both else [],
            "stands": ended and both,
        }
        for both in (False, True)
        for ended in (False, True)
        for state, text in (
            ("sent", ""),
            ("in_contact", "Ja, das passt für uns."),
            ("negotiating", ""),
            ("contract_agreed", ""),
            ("active", ""),
            ("declined", "Wir haben leider keinen Platz."),
            ("expired", ""),
            ("withdrawn", ""),
            ("undeliverable", ""),
        )
        if not ended or state == "withdrawn"
    ),
    "inquiry-confirm": tuple(
        {
            "partner": {"name": "Nova Handels GmbH"},
            "inquiry": {"id": "I-1", "state": state},
            "other": {**_FULFILLER, "confirmed": confirmed},
            "text": text,
        }
        for state, confirmed, text in (
            ("contract_agreed", True, "Der Vertrag ist unterschrieben."),
            ("contract_agreed", False, "Der Vertrag ist unterschrieben."),
            ("in_contact", True, ""),
        )
    ),
    "reminder-confirm": (
        {
            "partner": {"name": "Nova Handels GmbH"},
            "inquiry": {"id": "I-1"},
            "other": {**_FULFILLER, "confirmed_at": "2026-11-25T10:00:00+01:00"},
        },
        {
            "partner": _FULFILLER,
            "inquiry": {"id": "I-1"},
            "other": {"name": "Nova Handels GmbH", "confirmed_at": None},
        },
    ),
    "inquiry-active": tuple(
        {
            "partner": {**_FULFILLER, "folder": "inbox/fulfillers/nordlager"},
            "inquiry": {"id": "I-1", "state": "active"},
            "merchant": {"name": "Nova Handels GmbH"},
            "text": text,
        }
        for text in ("Ja, machen wir.", "")
    ),
    "inquiry-withdrawn": tuple(
        {
            "partner": _FULFILLER,
            "inquiry": {"id": "I-1", "state": "withdrawn"},
            "merchant": {"name": "Nova Handels GmbH"},
            "text": text,
            "ended": ended,
            "running": running,
            "stands": bool(running),
        }
        for text, ended, running in (
            ("Wir haben uns anders entschieden.", False, []),
            ("", True, []),
            ("", True, ["A-1001", "A-1002"]),
        )
    ),
    "operator": ({"lines": _TO_OPERATOR}, {"lines": _TO_OPERATOR[:1]}),
    "copy": (
        {
            "recipient": {"name": "Acme Mobile GmbH", "email": "orders@acme.example"},
            "subject": "Bestellung A-1001: Versandfrist abgelaufen",
            "text": "Guten Tag Acme Mobile GmbH,\n\nzur Bestellung A-1001 fehlt uns die Sendungsnummer.",
        },
    ),
    "forwarded": tuple(
        {
            "order": {"number": "A-1001"},
            "buyer": {"name": "Greta Muster", "email": "greta@buyer.example"},
            "due": due,
            "subject": "Ihre Bestellung A-1001: Artikel zurzeit nicht vorrätig",
            "text": "Guten Tag Greta Muster,\n\nein Artikel ist zurzeit leider nicht vorrätig.",
        }
        for due in ("2026-11-26T09:00:00+01:00", None)
    ),
}


def samples_of(template: str) -> tuple[dict[str, Json], ...]:
    """The samples of a template; one of a user's own gets those of the template whose name it extends."""
    known = [name for name in SAMPLES if template == name or template.startswith(f"{name}-")]
    return SAMPLES[max(known, key=len)] if known else ()
