"""On which day a parcel left: what its own part of the mail says; a day that nobody can place keeps the mail back."""

import re
from collections.abc import Sequence
from datetime import date

from msgspec.structs import replace

from daemon.domain.document import Mail
from daemon.domain.finding import Finding, Parcel, Said, Statement
from daemon.domain.values import Value
from daemon.reading.dates import past_date, past_dates, past_weekday, promised_date
from daemon.reading.movements import ARRIVES, LEAVES
from daemon.reading.said import said_of_line
from daemon.reading.text_lines import TextLine, has_left

_DISPATCH_DAY = re.compile(
    r"\b(?:versand(?:datum|tag)|abhol(?:ung|datum)|d[ei]spatch(?: date|(?=:))"
    r"|ship(?:ping|ment)? date|collection(?: date|(?=:))"
    r"|date d['\u2019](?:expédition|envoi)|data (?:di )?spedizione|fecha de envío|data (?:wysyłki|nadania)"
    r"|verzend(?:datum|dag))\b",
    re.IGNORECASE,
)
# The day of an order, an invoice, a mail: "Ihre Bestellung vom 24.11.2026", "order date:", "paid on".
_OF_PAPER = re.compile(
    r"(?:bestell|auftr|order|rechnung|invoice|lieferschein|delivery note|mail|nachricht|message|anfrage|schreiben"
    r"|commande|facture|ordine|fattura|pedido|factura|zamówieni|faktur|bestelling|factuur)[^.;\n]{0,40}?"
    r"\b(?:vom|von|from|of|dated|du|del|dello|z|z dnia|van|d\.d\.)\W{0,3}(?:the )?$"
    r"|(?:bestellt|ordered|placed|paid|bezahlt|eingegangen|received|erhalten|geboren|gültig|stand|print(?:ed)?|druck\w*)"
    r"(?: am| on)?\W{0,4}$"
    r"|(?:(?:bestell|auftrags?|order|rechnungs?|invoice|beleg|druck|liefer|delivery|payment)"
    r"[ -]?(?:datum|date)|ordered|due)\W{0,4}$",
    re.IGNORECASE,
)
_DONE = re.compile(
    r"shipped|d[ei]spatched|\bsent\b|\bleft\b|\bwent\b|posted|collected|picked up|handed|dropped|versendet|verschickt"
    r"|abgeholt|übergeben|expédié|envoyé|remis|spedit|ritirat|enviad|recogid|wysłan|nadan|odebran|verzonden|verstuurd|opgehaald",
    re.IGNORECASE,
)
_PART = re.compile(r"[,;:()]\s|\s(?:und|and|et|i|e|y|en|but|aber)\s")
_BEFORE = 80


class _Day(Value, frozen=True, kw_only=True):
    """A day that a line names. `told`: as that of a dispatch. `orders`: of which alone it speaks."""

    day: date
    told: bool
    orders: tuple[str, ...]
    line: int


def dated(
    values: Sequence[Finding], said: Sequence[Finding], lines: Sequence[TextLine], mail: Mail, received: date
) -> list[Finding]:
    """Parcels without a day get the one that their part of the mail tells; where that is not one day, all is held."""
    if not any(isinstance(one, Parcel) and one.shipped_on is None for one in values):
        return list(values)
    days = [*_said_days(said, received), *_line_days(lines, mail.new_text.split("\n"), received)]
    found: list[Finding] = []
    doubted: set[int] = set()
    for one in values:
        if isinstance(one, Parcel) and one.shipped_on is None and days:
            near = [day for day in days if not day.orders or one.order in (None, *day.orders)]
            own = [day for day in near if day.orders] or near
            told = {day.day for day in own if day.told} or {day.day for day in near if day.told}
            if len(told) == 1:
                found.append(replace(one, shipped_on=told.pop()))
                continue
            doubted |= {day.line for day in near if day.told or (not told and day.day != received)}
        found.append(one)
    return [*found, *(_unplaced(number, mail) for number in sorted(doubted))]


def to_come(lines: Sequence[TextLine], mail: Mail, received: date) -> list[Finding]:
    """What keeps a number back beside which a day to come stands on which it is to leave ("pickup 26/11")."""
    texts = mail.new_text.split("\n")
    found: list[Finding] = []
    for line in lines:
        text = texts[line.number - 1] if 0 < line.number <= len(texts) else ""
        numbered = [one for _, one in line.values if isinstance(one, Parcel)]
        day = promised_date(text, received) if numbered and LEAVES.search(text) and not ARRIVES.search(text) else None
        if day and day > received and not has_left(text):
            found.append(replace(said_of_line(line.number, text, Statement.WILL_SHIP, "day-to-come"), until=day))
    return found


def _said_days(said: Sequence[Finding], received: date) -> list[_Day]:
    """The days of the sentences that say that something has left."""
    days: list[_Day] = []
    for one in said:
        if (
            isinstance(one, Said)
            and one.statement is Statement.SHIPPED
            and (day := _day_told(one.evidence.text, received))
        ):
            orders = (one.order,) if one.order else ()
            days.append(_Day(day=day, told=True, orders=orders, line=_number(one)))
    return days


def _day_told(text: str, received: date) -> date | None:
    """A day that has been, or the weekday beside a word for what was done on it ("sent on Monday")."""
    if day := past_date(text, received):
        return day
    done = [part for part in _PART.split(text) if _DONE.search(part)]
    return next((day for part in done if (day := past_weekday(part, received))), None)


def _number(said: Said) -> int:
    return int(said.evidence.where.rpartition(" ")[2]) if said.evidence.where[-1:].isdigit() else 1


def _line_days(lines: Sequence[TextLine], texts: Sequence[str], received: date) -> list[_Day]:
    days: list[_Day] = []
    above: tuple[str, ...] = ()
    for line in lines:
        above = tuple(one.text for one in line.orders) or above
        text = texts[line.number - 1] if 0 < line.number <= len(texts) else ""
        if not text.strip():
            continue
        left = has_left(text) or bool(_DISPATCH_DAY.search(text))
        days += [
            _Day(day=day, told=left, orders=above, line=line.number)
            for place, day in past_dates(text, received, spoken=left)
            if not _OF_PAPER.search(text[max(0, place - _BEFORE) : place])
        ]
    return days


def _unplaced(number: int, mail: Mail) -> Finding:
    return said_of_line(number, mail.new_text.split("\n")[number - 1], Statement.UNCLEAR, "day-of-dispatch")
