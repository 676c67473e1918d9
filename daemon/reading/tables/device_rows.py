"""Tables with a row for each device: such a row says that one device has left, not the whole order."""

from collections import Counter
from collections.abc import Sequence

from msgspec.structs import replace

from daemon.domain.finding import DeviceNamed, Doubt, Finding, Parcel
from daemon.domain.kinds import plain_name

_OfRow = DeviceNamed | Parcel | Doubt


def one_device_each(findings: Sequence[Finding]) -> list[Finding]:
    """Parcels with the pieces of their devices where an order has a row for each device, in more than one parcel."""
    if not any(isinstance(one, DeviceNamed) for one in findings):
        return list(findings)
    orders: dict[str | None, dict[int, list[_OfRow]]] = {}
    for one in findings:
        if isinstance(one, (DeviceNamed, Parcel, Doubt)):
            rows = orders.setdefault(one.order, {})
            rows.setdefault(one.evidence.row or 0, []).append(one)
    counted: dict[int, Parcel] = {}
    for rows in orders.values():
        if len(rows) > 1:
            counted |= _counted(list(rows.values()))
    if not counted:
        return list(findings)
    return [counted.get(id(one), one) if isinstance(one, Parcel) else one for one in findings]


def _counted(rows: Sequence[Sequence[_OfRow]]) -> dict[int, Parcel]:
    """The parcels of one order's rows with their pieces, by what they were before."""
    named = [row for row in rows if sum(isinstance(one, DeviceNamed) for one in row) == 1]
    doubted = [row for row in rows if all(isinstance(one, Doubt) for one in row)]
    parcels = [next((one for one in row if isinstance(one, Parcel)), None) for row in named]
    numbered = Counter((one.number, one.line) for one in parcels if one)
    told = all(parcels) and not doubted
    whole = told and len(numbered) == 1 and all(one is None or one.quantity is None for one in parcels)
    if len(named) + len(doubted) < 2 or whole:  # noqa: PLR2004 - a row for each needs two
        return {}
    # A device without a parcel, or in a row that is not believed, may lie in that of another row or not.
    return {
        id(one): replace(one, quantity=sum(_same_goods(one, other) for other in parcels if other))
        if told
        else replace(one, perhaps=(*one.perhaps, 1))
        for one in parcels
        if one and (one.quantity is None or (told and one.quantity == 1))
    }


def _same_goods(one: Parcel, other: Parcel) -> bool:
    """Whether two rows may be of pieces of one line in one parcel: an iPhone and an iPad are not."""
    names, others = plain_name(one.article), plain_name(other.article)
    alike = not names or not others or not names.isdisjoint(others)
    return (one.number, one.line) == (other.number, other.line) and alike
