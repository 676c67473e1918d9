"""Who we deal with: merchants, fulfillers and sellers, and the addresses that may speak for them."""

from enum import StrEnum

from daemon.domain.identifiers import PartnerId
from daemon.domain.values import Value

JTL_FFN = "jtl-ffn-orders"
OPENTRANS = "opentrans-order"
JTL_WAWI = "jtl-wawi-order"


class Role(StrEnum):
    MERCHANT = "merchant"
    FULFILLER = "fulfiller"
    SELLER = "seller"

    @property
    def folder(self) -> str:
        """The name of this role's folder below `inbox/` and `outbox/`."""
        return f"{self.value}s"


class Contact(Value, frozen=True, kw_only=True):
    """A merchant's stored contact data, which every inquiry mail carries (seed rule 1.3)."""

    person: str = ""
    phone: str = ""
    street: str = ""
    postcode: str = ""
    city: str = ""
    country: str = ""

    @property
    def missing(self) -> tuple[str, ...]:
        """The names of the fields that are empty."""
        return tuple(name for name in self.__struct_fields__ if not getattr(self, name).strip())


class Warehouse(Value, frozen=True, kw_only=True):
    id: str
    name: str
    country: str


class Partner(Value, frozen=True, kw_only=True):
    """One partner. `email` lists addresses, or `@domain` for every address of a domain, that may speak for it.

    `encoding` is that of its files where they do not show it themselves. `orders_as` is how a fulfiller gets orders, by
    the name of the format. `warehouse` is from where a merchant's orders leave that name none.
    """

    id: PartnerId
    role: Role
    name: str
    email: tuple[str, ...]
    language: str = "de"
    timezone: str = "Europe/Berlin"
    market: str | None = None
    encoding: str = ""
    orders_as: str = JTL_FFN
    contact: Contact | None = None
    warehouses: tuple[Warehouse, ...] = ()
    warehouse: str = ""

    @property
    def party(self) -> str:
        """The partner as its folder says it, such as `sellers/acme`."""
        return f"{self.role.folder}/{self.id}"

    @property
    def calendar_market(self) -> str:
        """The market by whose working days and midnight the partner lives."""
        country = self.warehouses[0].country if self.warehouses else self.language.upper()
        return self.market or f"{self.language}-{country}"

    def house(self, named: str) -> str | None:
        """The id of the warehouse that is called so, by id or name; None where he has none of that name."""
        called = named.strip().casefold()
        return next((one.id for one in self.warehouses if called in {one.id.casefold(), one.name.casefold()}), None)

    @property
    def address(self) -> str:
        """Where mail to this partner goes: the first whole address it lists; empty when it lists none."""
        return next((one for one in self.email if not one.startswith("@")), "")
