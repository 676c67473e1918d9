"""Who we deal with, from `rules/partners`: a YAML list, or a `.csv` with the same names for thousands."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator

from daemon.domain.calendar import market_language, market_tag
from daemon.domain.identifiers import PartnerId
from daemon.domain.partner import Contact, Partner, Role, Warehouse
from daemon.domain.territory import COUNTRIES
from daemon.domain.values import Json
from daemon.rules.entries import Placed, entries
from daemon.rules.formats import known_encoding
from daemon.rules.mistakes import Lines, Mistake
from daemon.rules.models import LANGUAGES, Entry, Form, check

_ID = Form("[A-Za-z0-9][A-Za-z0-9._-]{0,63}", "an id of letters, digits, dots and hyphens, such as acme")
_LANGUAGE = Form(f"({'|'.join(sorted(LANGUAGES))})", "a language of two small letters (ISO 639-1), such as de")
_CODES = "|".join(sorted(COUNTRIES))
_COUNTRY = Form(f"({_CODES})", "a country code of two capital letters (ISO 3166), such as DE")
# Contact data may be incomplete until an inquiry is made.
_COUNTRY_IF_ANY = Form(f"({_CODES}|)", "a country code of two capital letters (ISO 3166), such as DE")
_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@(?:[\w-]{1,63}\.)+[\w-]{2,63}")
_DOMAIN = re.compile(r"@(?:[\w-]{1,63}\.)+[\w-]{2,63}")

# Anybody can get an address there, so that the domain vouches for nobody.
_PUBLIC = (
    "aol.com arcor.de bluewin.ch email.de fastmail.com freenet.de gmail.com gmx.at gmx.ch gmx.com gmx.de gmx.net "
    "googlemail.com hotmail.com hotmail.de hotmail.fr hotmail.it icloud.com interia.pl libero.it live.com live.de "
    "mac.com mail.com mail.de mail.ru me.com msn.com o2.pl online.de onet.pl orange.fr outlook.com outlook.de "
    "posteo.de proton.me protonmail.com seznam.cz t-online.de tutanota.com vodafone.de web.de wp.pl yahoo.com "
    "yahoo.de yahoo.fr yahoo.it yandex.ru ymail.com zoho.com"
)
PUBLIC_PROVIDERS = frozenset(_PUBLIC.split())

_Filled = Annotated[str, Field(min_length=1)]


class ContactEntry(Entry):
    person: str = ""
    phone: str = ""
    street: str = ""
    postcode: str = ""
    city: str = ""
    country: Annotated[str, _COUNTRY_IF_ANY] = ""


class WarehouseEntry(Entry):
    id: _Filled
    name: _Filled
    country: Annotated[str, _COUNTRY]


class PartnerEntry(Entry):
    id: Annotated[str, _ID]
    role: Role
    name: _Filled
    email: tuple[str, ...] = Field(min_length=1)
    language: Annotated[str, _LANGUAGE] = "de"
    market: str | None = None
    timezone: str = "Europe/Berlin"
    encoding: str = ""
    orders_as: Literal["jtl-ffn-orders", "opentrans-order", "jtl-wawi-order"] = "jtl-ffn-orders"
    contact: ContactEntry | None = None
    warehouses: tuple[WarehouseEntry, ...] = ()
    warehouse: str = ""

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(f"no time zone is called `{name}`") from None
        return name

    @field_validator("encoding")
    @classmethod
    def _known_encoding(cls, name: str) -> str:
        return known_encoding(name)

    @field_validator("market")
    @classmethod
    def _known_market(cls, market: str | None) -> str | None:
        tag = market_tag(market) if market else None
        if market and (tag is None or market_language(tag) not in LANGUAGES):
            raise ValueError(f"`{market}` is no market such as `de-DE`")
        return tag

    @field_validator("email", mode="after")
    @classmethod
    def _addresses(cls, addresses: tuple[str, ...]) -> tuple[str, ...]:
        if wrong := list(filter(None, map(_misfit, addresses))):
            raise ValueError("; ".join(wrong))
        return addresses

    @field_validator("warehouses", mode="after")
    @classmethod
    def _distinct(cls, warehouses: tuple[WarehouseEntry, ...]) -> tuple[WarehouseEntry, ...]:
        ids = [one.id for one in warehouses]
        if twice := sorted({one for one in ids if ids.count(one) > 1}):
            raise ValueError(f"`{twice[0]}` is the id of two warehouses")
        return warehouses

    def partner(self) -> Partner:
        return Partner(
            id=PartnerId(self.id),
            role=self.role,
            name=self.name,
            email=self.email,
            language=self.language,
            timezone=self.timezone,
            market=self.market,
            encoding=self.encoding,
            orders_as=self.orders_as,
            contact=Contact(**self.contact.model_dump()) if self.contact else None,
            warehouses=tuple(Warehouse(**warehouse.model_dump()) for warehouse in self.warehouses),
            warehouse=self.warehouse,
        )


def _misfit(address: str) -> str | None:
    """Why nobody can speak by this address or domain."""
    if not address.startswith("@"):
        return None if _ADDRESS.fullmatch(address) and ".." not in address else f"`{address}` is no mail address"
    if not _DOMAIN.fullmatch(address):
        return f"`{address}` is no domain such as `@acme.example`"
    if address[1:].casefold() in PUBLIC_PROVIDERS:
        return f"`{address}` is a public mail provider: anybody could speak; list whole addresses"
    return None


def read_partners(files: Iterable[tuple[str, str]]) -> tuple[tuple[Partner, ...], list[Mistake]]:
    """The partners of all files, and every mistake in them or between them."""
    found: list[Placed[PartnerEntry]] = []
    mistakes: list[Mistake] = []
    for file, text in files:
        some, wrong = _csv_entries(file, text) if file.endswith(".csv") else entries(file, text, PartnerEntry)
        found += some
        mistakes += wrong
    mistakes += _collisions(found)
    mistakes += _nowhere(found)
    return tuple(entry.value.partner() for entry in found), mistakes


def _collisions(found: list[Placed[PartnerEntry]]) -> list[Mistake]:
    """Ids that stand twice, and addresses that would speak for two partners of one role."""
    mistakes: list[Mistake] = []
    ids: dict[str, Placed[PartnerEntry]] = {}
    speakers: dict[tuple[Role, str], Placed[PartnerEntry]] = {}
    for entry in found:
        first = ids.setdefault(entry.value.id.casefold(), entry)
        if first is not entry:
            mistakes.append(
                entry.mistake(f"the id `{entry.value.id}` is taken by {first.file}:{first.line('id')}", "id")
            )
            continue
        for place, address in enumerate(entry.value.email):
            other = speakers.setdefault((entry.value.role, address.casefold()), entry)
            if other is not entry:
                problem = f"`{address}` speaks for the {entry.value.role} `{other.value.id}` already"
                mistakes.append(entry.mistake(f"{problem} ({other.file}:{other.line('email')})", "email", place))
    return mistakes


def _nowhere(found: list[Placed[PartnerEntry]]) -> Iterator[Mistake]:
    """Usual warehouses that nobody has."""
    known = {house.id for entry in found for house in entry.value.warehouses}
    for entry in found:
        if entry.value.warehouse and entry.value.warehouse not in known:
            yield entry.mistake(f"no fulfiller has a warehouse `{entry.value.warehouse}`", "warehouse")


def _csv_entries(file: str, text: str) -> tuple[list[Placed[PartnerEntry]], list[Mistake]]:
    """Rows with the names of the YAML list; `contact.city` and `warehouses.id` are columns, several emails one cell."""
    plain = text.removeprefix("\ufeff")
    delimiter = ";" if plain.partition("\n")[0].count(";") > plain.partition("\n")[0].count(",") else ","
    table = csv.reader(io.StringIO(plain, newline=""), delimiter=delimiter, strict=True)
    found: list[Placed[PartnerEntry]] = []
    mistakes: list[Mistake] = []
    header: list[str] = []
    place = 0
    try:
        for row in table:
            place += 1
            if not header:
                header = [name.strip() for name in row]
            elif any(cell.strip() for cell in row):
                lines = Lines()
                lines.note((place,), table.line_num)
                if len(row) > len(header):
                    mistakes.append(Mistake(file=file, line=table.line_num, problem="more cells than the header has"))
                    continue
                entry, wrong = check(file, _row(header, row), lines, PartnerEntry, (place,))
                mistakes += wrong
                found += [Placed(file, entry, lines, (place,))] if entry else []
    except csv.Error as error:
        mistakes.append(Mistake(file=file, line=table.line_num, problem=f"not readable as CSV: {error}"))
    return found, mistakes


def _row(header: list[str], row: list[str]) -> dict[str, Json]:
    """A row as the mapping that a YAML entry would be; empty cells are absent."""
    value: dict[str, Json] = {}
    for name, cell in zip(header, (cell.strip() for cell in row), strict=False):
        group, dot, field = name.partition(".")
        if not cell:
            continue
        if name == "email":
            value[name] = re.split(r"[\s,;|]+", cell)
        elif dot and group == "warehouses":
            _spread(value.setdefault(group, []), field, cell.split("|"))
        elif dot:
            value.setdefault(group, {})[field] = cell
        else:
            value[name] = cell
    return value


def _spread(warehouses: list[dict[str, str]], field: str, cells: list[str]) -> None:
    for place, cell in enumerate(cells):
        if place == len(warehouses):
            warehouses.append({})
        warehouses[place][field] = cell.strip()
