"""The identifiers of the trade, each a type of its own so that one cannot stand in for another."""

from functools import lru_cache
from typing import NewType

OrderKey = NewType("OrderKey", str)
"""An order number in the form in which order numbers are compared; see `order_key`."""

PartnerId = NewType("PartnerId", str)
InquiryId = NewType("InquiryId", str)
ArrivalId = NewType("ArrivalId", str)
ConversationId = NewType("ConversationId", str)
LineId = NewType("LineId", str)
Imei = NewType("Imei", str)
TrackingNumber = NewType("TrackingNumber", str)
MessageId = NewType("MessageId", str)
"""An Internet message id without its angle brackets."""

_OUTER = " \t\r\n\u00a0'\"`\u2018\u2019\u201c\u201d\u201e"


@lru_cache(maxsize=4096)
def order_key(text: str) -> OrderKey:
    """Fold an order number for comparison: without case, outer blanks, quotes and a leading `#` (contract §4).

    Anything looser would guess at near misses, which a person must decide.
    """
    return OrderKey(text.strip(_OUTER).removeprefix("#").strip(_OUTER).casefold())
