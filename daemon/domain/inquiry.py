"""A merchant's inquiry to a fulfiller, from the first mail to an active relationship."""

from datetime import datetime
from enum import StrEnum

from daemon.domain.identifiers import InquiryId, PartnerId
from daemon.domain.values import Value


class InquiryState(StrEnum):
    SENT = "sent"
    IN_CONTACT = "in_contact"
    NEGOTIATING = "negotiating"
    CONTRACT_AGREED = "contract_agreed"
    ACTIVE = "active"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    UNDELIVERABLE = "undeliverable"

    @property
    def over(self) -> bool:
        """Whether nothing more is awaited from the fulfiller."""
        return self in {
            InquiryState.ACTIVE,
            InquiryState.DECLINED,
            InquiryState.EXPIRED,
            InquiryState.WITHDRAWN,
            InquiryState.UNDELIVERABLE,
        }

    @property
    def came_to_nothing(self) -> bool:
        """Whether it is over, and no relationship stands."""
        return self.over and self is not InquiryState.ACTIVE


class Inquiry(Value, frozen=True, kw_only=True):
    """`text` is the merchant's own and is only ever data. `synced_at` is the first sync after activation.

    `confirmed_at` is the fulfiller's confirmation; the merchant's counts where the handshake is two-sided. `left_alone`
    are those who asked for no more mail: the clocks run on, but remind them no more. `ended_at` is when it came to
    nothing, or when the relationship to which it had led was over.
    """

    id: InquiryId
    version: int = 0
    merchant: PartnerId
    fulfiller: PartnerId
    warehouse: str | None = None
    text: str
    state: InquiryState = InquiryState.SENT
    sent_at: datetime
    answered_at: datetime | None = None
    contract_at: datetime | None = None
    confirmed_at: datetime | None = None
    merchant_confirmed_at: datetime | None = None
    active_since: datetime | None = None
    synced_at: datetime | None = None
    ended_at: datetime | None = None
    left_alone: tuple[PartnerId, ...] = ()
    because: str
