"""How this installation wants things decided: the part of `config.yaml` that the pure rooms may see."""

from datetime import datetime, time
from enum import StrEnum

from daemon.domain.values import Value


class ClockStart(StrEnum):
    RECEIVED = "received"
    PAID = "paid"
    RELEASED = "released"


class TimeUnit(StrEnum):
    HOURS = "hours"
    DAYS = "days"
    WORKING_DAYS = "working_days"
    WORKING_HOURS = "working_hours"

    @property
    def is_of_hours(self) -> bool:
        """Whether it counts from the moment itself, and not from day to day."""
        return self in {TimeUnit.HOURS, TimeUnit.WORKING_HOURS}


class BusinessHours(Value, frozen=True, kw_only=True):
    """When somebody is there on a working day, in the local time of whoever is waited for."""

    opens: time = time(9)
    closes: time = time(17)


class BuyerMails(StrEnum):
    SEND = "send"
    OPERATOR = "operator"
    NONE = "none"


class Policy(Value, frozen=True, kw_only=True):
    """`own_addresses` are the addresses that postbote itself writes from and reads.

    `two_sided_handshake`: the merchant confirms too before a relationship is active. `show_contact`: an inquiry mail
    names the merchant's telephone and mail address. What is ordered at or after `cut_off`, in the market's own time,
    counts from the next day. Working hours lie within `business_hours`.
    """

    operator: str
    locale: str = "de-DE"
    timezone: str = "Europe/Berlin"
    go_live: datetime | None = None
    clock_start: ClockStart = ClockStart.RECEIVED
    clock_unit: TimeUnit = TimeUnit.WORKING_DAYS
    cut_off: time | None = None
    business_hours: BusinessHours = BusinessHours()
    buyer_mails: BuyerMails = BuyerMails.SEND
    ack_all: bool = False
    direct_confirmation: bool = False
    two_sided_handshake: bool = False
    show_contact: bool = True
    own_addresses: tuple[str, ...] = ()

    @property
    def language(self) -> str:
        """The operator's language."""
        return self.locale.partition("-")[0]
