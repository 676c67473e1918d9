"""Whose an order is where its file says it by a name, or not at all."""

from msgspec.structs import replace

from daemon.domain.finding import Finding, OrderRow, Reading
from daemon.domain.partner import Role
from daemon.rules.rulebook import Rulebook

_OURS = "example-"


def owned(reading: Reading, party: str, rulebook: Rulebook) -> Reading:
    """The reading with the ids of partners whom an order names, or of the only one whom it can mean.

    An order in a merchant's folder is his; who supplies it is his fulfiller.
    """
    rows = [one for one in reading.findings if isinstance(one, OrderRow)]
    if not rows:
        return reading
    folder, _, owner = party.partition("/")
    merchant = owner if folder == Role.MERCHANT.folder else ""
    told = {one.order for one in rows if any(one.fields.get(role) for role in Role)}
    only = {} if merchant else _only_one(rulebook)

    def mine(one: Finding) -> Finding:
        if not isinstance(one, OrderRow):
            return one
        fields = _of_merchant(one.fields, merchant) if merchant else one.fields
        if one.order and one.order not in told:
            fields = fields | only
        named = {role: fields[role] for role in Role if fields.get(role)}
        fields = fields | {role: rulebook.id_of(role, called) for role, called in named.items()}
        return replace(one, fields=fields)

    return replace(reading, findings=tuple(map(mine, reading.findings)))


def _of_merchant(fields: dict[str, str], merchant: str) -> dict[str, str]:
    supplier = fields.get("seller", "")
    fulfiller = fields.get("fulfiller") or (supplier if supplier != merchant else "")
    return fields | {"seller": "", "fulfiller": fulfiller, "merchant": fields.get("merchant") or merchant}


def _only_one(rulebook: Rulebook) -> dict[str, str]:
    """The seller or merchant to whom all orders belong that name nobody, where there is but one of both."""
    theirs = [one for one in rulebook.partners if one.role is not Role.FULFILLER]
    own = [one for one in theirs if not one.id.startswith(_OURS)] or theirs
    return {str(own[0].role): str(own[0].id)} if len(own) == 1 else {}
