"""Spans of time as the trade counts them: hours, calendar days and working days of a market."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from daemon.domain.policy import BusinessHours, TimeUnit

_SATURDAY = 5
_END_OF_DAY = time(23, 59, 59)
_NINE_TO_FIVE = BusinessHours()

# Each market's language and time zone; a country of several zones is given that of its capital or largest city.
_MARKETS: dict[str, tuple[str, str]] = {
    "AD": ("ca", "Europe/Andorra"),
    "AE": ("ar", "Asia/Dubai"),
    "AL": ("sq", "Europe/Tirane"),
    "AR": ("es", "America/Argentina/Buenos_Aires"),
    "AT": ("de", "Europe/Vienna"),
    "AU": ("en", "Australia/Sydney"),
    "BA": ("bs", "Europe/Sarajevo"),
    "BE": ("nl", "Europe/Brussels"),
    "BG": ("bg", "Europe/Sofia"),
    "BR": ("pt", "America/Sao_Paulo"),
    "CA": ("en", "America/Toronto"),
    "CH": ("de", "Europe/Zurich"),
    "CL": ("es", "America/Santiago"),
    "CN": ("zh", "Asia/Shanghai"),
    "CO": ("es", "America/Bogota"),
    "CY": ("el", "Asia/Nicosia"),
    "CZ": ("cs", "Europe/Prague"),
    "DE": ("de", "Europe/Berlin"),
    "DK": ("da", "Europe/Copenhagen"),
    "EE": ("et", "Europe/Tallinn"),
    "ES": ("es", "Europe/Madrid"),
    "FI": ("fi", "Europe/Helsinki"),
    "FO": ("fo", "Atlantic/Faroe"),
    "FR": ("fr", "Europe/Paris"),
    "GB": ("en", "Europe/London"),
    "GI": ("en", "Europe/Gibraltar"),
    "GL": ("kl", "America/Nuuk"),
    "GR": ("el", "Europe/Athens"),
    "HK": ("zh", "Asia/Hong_Kong"),
    "HR": ("hr", "Europe/Zagreb"),
    "HU": ("hu", "Europe/Budapest"),
    "IE": ("en", "Europe/Dublin"),
    "IL": ("he", "Asia/Jerusalem"),
    "IN": ("en", "Asia/Kolkata"),
    "IS": ("is", "Atlantic/Reykjavik"),
    "IT": ("it", "Europe/Rome"),
    "JP": ("ja", "Asia/Tokyo"),
    "KR": ("ko", "Asia/Seoul"),
    "LI": ("de", "Europe/Vaduz"),
    "LT": ("lt", "Europe/Vilnius"),
    "LU": ("fr", "Europe/Luxembourg"),
    "LV": ("lv", "Europe/Riga"),
    "MC": ("fr", "Europe/Monaco"),
    "MD": ("ro", "Europe/Chisinau"),
    "ME": ("sr", "Europe/Podgorica"),
    "MK": ("mk", "Europe/Skopje"),
    "MT": ("en", "Europe/Malta"),
    "MX": ("es", "America/Mexico_City"),
    "NL": ("nl", "Europe/Amsterdam"),
    "NO": ("no", "Europe/Oslo"),
    "NZ": ("en", "Pacific/Auckland"),
    "PL": ("pl", "Europe/Warsaw"),
    "PT": ("pt", "Europe/Lisbon"),
    "RO": ("ro", "Europe/Bucharest"),
    "RS": ("sr", "Europe/Belgrade"),
    "SA": ("ar", "Asia/Riyadh"),
    "SE": ("sv", "Europe/Stockholm"),
    "SG": ("en", "Asia/Singapore"),
    "SI": ("sl", "Europe/Ljubljana"),
    "SK": ("sk", "Europe/Bratislava"),
    "SM": ("it", "Europe/San_Marino"),
    "TR": ("tr", "Europe/Istanbul"),
    "TW": ("zh", "Asia/Taipei"),
    "UA": ("uk", "Europe/Kyiv"),
    "US": ("en", "America/New_York"),
    "VA": ("it", "Europe/Vatican"),
    "XK": ("sq", "Europe/Belgrade"),
    "ZA": ("en", "Africa/Johannesburg"),
}


def market_tag(text: str) -> str | None:
    """Complete a country code or tidy a language-country tag (`de` + `DE`); None when the country is not known."""
    language, _, country = text.strip().replace("_", "-").rpartition("-")
    known = _MARKETS.get(country.upper())
    if known is None or not (language.isalpha() or not language):
        return None
    return f"{language.lower() or known[0]}-{country.upper()}"


def market_language(market: str) -> str:
    """The language part of a market tag."""
    return market.partition("-")[0]


def market_country(market: str) -> str:
    """The country part of a market tag."""
    return market.rpartition("-")[2]


def market_zone(market: str) -> ZoneInfo:
    """The time zone in which a market's days begin and end; UTC for a market that is not known."""
    known = _MARKETS.get(market_country(market))
    return ZoneInfo(known[1] if known else "UTC")


@lru_cache(maxsize=256)
def _holidays(country: str, year: int) -> frozenset[date]:
    import holidays  # noqa: PLC0415 - heavy, and only needed where working days are counted

    if country not in holidays.list_supported_countries():
        return frozenset()
    return frozenset(holidays.country_holidays(country, years=year))


def is_working_day(day: date, country: str) -> bool:
    """Whether a day is neither Saturday nor Sunday nor a public holiday of the whole country."""
    return day.weekday() < _SATURDAY and day not in _holidays(country, day.year)


def add_working_days(day: date, amount: int, country: str) -> date:
    """The day that is so many working days after (or, below zero, before) a day, which itself does not count."""
    step = timedelta(days=1 if amount > 0 else -1)
    for _ in range(abs(amount)):
        day += step
        while not is_working_day(day, country):
            day += step
    return day


def add_working_hours(start: datetime, amount: int, country: str, hours: BusinessHours) -> datetime:
    """The local time without a zone that is so many hours of business after (or, below zero, before) another."""
    left, forward = timedelta(hours=abs(amount)), amount > 0
    moment, day = start, start.date()
    while True:
        opens, closes = datetime.combine(day, hours.opens), datetime.combine(day, hours.closes)
        if is_working_day(day, country):
            room = closes - max(moment, opens) if forward else min(moment, closes) - opens
            if room >= left:
                return max(moment, opens) + left if forward else min(moment, closes) - left
            left -= max(room, timedelta())
        day += timedelta(days=1 if forward else -1)


def after(start: datetime, amount: int, unit: TimeUnit, market: str, hours: BusinessHours = _NINE_TO_FIVE) -> datetime:
    """The moment so many units after an aware moment (before it, for an amount below zero).

    Hours have elapsed in real time, also across a change of the clocks. Days end at 23:59:59 in the market's zone, and
    two working days from a Wednesday end on Friday (contract §6). Working hours are those of business on working days.
    """
    zone = market_zone(market)
    if unit is TimeUnit.WORKING_HOURS:
        local = start.astimezone(zone).replace(tzinfo=None)
        return add_working_hours(local, amount, market_country(market), hours).replace(tzinfo=zone)
    if unit is TimeUnit.HOURS:
        return (start.astimezone(UTC) + timedelta(hours=amount)).astimezone(zone)
    today = start.astimezone(zone).date()
    if unit is TimeUnit.WORKING_DAYS:
        last = add_working_days(today, amount, market_country(market))
    else:
        last = today + timedelta(days=amount)
    return datetime.combine(last, _END_OF_DAY, zone)


def local_day(moment: datetime, market: str) -> date:
    """The calendar day that a moment has in a market."""
    return moment.astimezone(market_zone(market)).date()
