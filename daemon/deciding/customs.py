"""What customs will ask for outside the Union's territory, filled in where it was missing."""

import msgspec

from daemon.deciding import letters
from daemon.deciding.draft import Draft
from daemon.deciding.orders import order_event
from daemon.domain.deadline import order_subject
from daemon.domain.order import Line, Order
from daemon.domain.reason import Reason, reason


def fill_in(draft: Draft, order: Order, line: str | None, hs_code: str | None, origin: str | None) -> Reason | None:
    """Commodity code and country of origin of one line, or of every line that has none."""
    lines = tuple(_filled(one, hs_code, origin, named=line == one.line) for one in order.lines)
    if line:
        lines = tuple(new if new.line == line else old for new, old in zip(lines, order.lines, strict=True))
    if lines == order.lines:
        return reason("already_recorded", value=order.number)
    order = msgspec.structs.replace(order, lines=lines)
    draft.put_order(order)
    draft.note(order_subject(order.key), reason("customs_data_recorded"))
    if not letters.customs_missing(order):
        order_event(draft, order, "customs_data_complete")
    return None


def _filled(line: Line, hs_code: str | None, origin: str | None, *, named: bool) -> Line:
    """A blank is filled; what stands there changes only where the line itself was named."""
    return msgspec.structs.replace(
        line,
        hs_code=hs_code if hs_code and (named or not line.hs_code) else line.hs_code,
        origin=origin if origin and (named or not line.origin) else line.origin,
    )
