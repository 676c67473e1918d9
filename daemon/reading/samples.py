"""Whether every format gives what its own sample promises."""

from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from daemon.domain.arrival import Arrival, ArrivalKind
from daemon.domain.finding import (
    DeviceNamed,
    Doubt,
    Finding,
    InquiryRow,
    OrderRow,
    Parcel,
    ReturnRow,
    Said,
    Trouble,
)
from daemon.domain.identifiers import ArrivalId
from daemon.domain.snapshot import Context
from daemon.reading.tables.files import read_file
from daemon.rules.formats import Expected, Format
from daemon.rules.mistakes import Mistake
from daemon.rules.rulebook import Rulebook

_ANY_TIME = datetime(1970, 1, 1, tzinfo=UTC)


def format_mistakes(rulebook: Rulebook) -> tuple[Mistake, ...]:
    """One mistake for every format whose sample is read as another format or gives other findings than it says."""
    checked = ((one, _problem(one, rulebook)) for one in rulebook.formats)
    return tuple(Mistake(file=one.file, line=1, problem=problem) for one, problem in checked if problem)


def _problem(one: Format, rulebook: Rulebook) -> str | None:
    drop = one.drops[0]
    arrival = Arrival(
        id=ArrivalId(""),
        kind=ArrivalKind.FILE,
        source="",
        name="sample",
        received_at=_ANY_TIME,
        party=drop if drop == "orders" else f"{drop}/sample",
    )
    reading = read_file(arrival, BytesIO(one.sample.encode()), Context(), rulebook)
    read_as = getattr(reading.documents[0], "format", None)
    if read_as != one.name:
        return f"the sample is read as {read_as or 'nothing'}, not as {one.name}"
    given = [_as_expected(finding) for finding in reading.findings]
    if len(given) != len(one.expect) or not all(map(_fits, given, one.expect)):
        said = "; ".join(" ".join(filter(None, (each.kind, each.order, each.line, each.value))) for each in given)
        return f"the sample gives {said or 'no findings'}"
    return None


def _fits(given: Expected, wanted: Expected) -> bool:
    return given.kind == wanted.kind and all(
        getattr(wanted, name) in {None, getattr(given, name)} for name in ("order", "line", "value")
    )


def _as_expected(finding: Finding) -> Expected:
    kind = str(finding.__struct_config__.tag)
    return Expected(kind=kind, order=finding.order, line=finding.line, value=value_of(finding))


_VALUES: dict[type, Callable[[Any], str | None]] = {
    Parcel: lambda one: one.number,
    DeviceNamed: lambda one: one.imei,
    Trouble: lambda one: one.problem.value,
    Said: lambda one: one.statement.value,
    Doubt: lambda one: one.code,
    InquiryRow: lambda one: one.fulfiller,
    OrderRow: lambda one: one.fields.get("sku"),
    ReturnRow: lambda one: f"{one.number} {one.state}".strip(),
}


def value_of(finding: Finding) -> str | None:
    """The one value by which people tell a finding of its kind from another."""
    return _VALUES.get(type(finding), lambda _: None)(finding)
