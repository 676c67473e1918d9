"""The text of a mail with its lines numbered, what was found in it marked, and each finding told below its line."""

import re
from collections.abc import Callable, Iterator, Sequence

from daemon.cli.tables import Labels, plain
from daemon.domain.values import Json

_LINE = re.compile(r"mail text, line ([0-9]+)")
_ENOUGH = 2
"""Lines without findings are shown so far around those with findings; the others only say how many they are."""

Paint = Callable[[str], str]
Span = tuple[int, int]


def marked(text: str, findings: Sequence[tuple[int, Json]], paint: Paint, labels: Labels) -> Iterator[str]:
    """The lines of a mail's new text with its findings, each with the number by which `release --only` takes it."""
    lines = text.split("\n")
    found: dict[int, list[tuple[int, Json]]] = {}
    for number, finding in findings:
        if (line := line_of(finding)) and line <= len(lines):
            found.setdefault(line, []).append((number, finding))
    width = len(str(len(lines)))
    for first, last in _pieces(len(lines), sorted(found)):
        if first > last:
            yield f"{'':{width}}   … {labels('nothing_found_in', count=first - last)}"
            continue
        for place in range(first, last + 1):
            here = found.get(place, [])
            spans = _marks(lines[place - 1], [finding for _, finding in here])
            yield f"{place:{width}} │ {_painted(lines[place - 1], spans, paint)}".rstrip()
            yield from (f"{'':{width}} └ {number}. {told(finding, labels)}" for number, finding in here)


def _marks(line: str, findings: Sequence[Json]) -> list[Span]:
    """What is marked in a line: its values, and of the sentences those in which no value is marked already."""
    spans = [(spans_of(line, finding), bool(_value(finding))) for finding in findings]
    values = [span for found, is_value in spans if is_value for span in found]
    free = [
        (start, end)
        for found, is_value in spans
        if not is_value
        for start, end in found
        if not any(start < stop and begin < end for begin, stop in values)
    ]
    return values + free


def told(finding: Json, labels: Labels) -> str:
    """A finding in a few words."""
    said = [labels.finding(finding["kind"], finding["value"])]
    said += [labels("of_order", order=plain(finding["order"]))] if finding["order"] else []
    said += [f"{labels('line')} {plain(finding['line'])}"] if finding["line"] else []
    return ", ".join(said)


def line_of(finding: Json) -> int | None:
    """The line of the mail's text that a finding stands in."""
    found = _LINE.match(finding["evidence"]["where"])
    return int(found[1]) if found else None


def spans_of(line: str, finding: Json) -> list[Span]:
    """Where in its line a finding's value stands, blanks and signs between its characters allowed; else its words."""
    if value := _value(finding):
        loose = r"[^0-9A-Za-z]{0,3}".join(map(re.escape, value))
        if spans := [match.span() for match in re.finditer(loose, line, re.IGNORECASE)]:
            return spans
    return [match.span() for match in [_words(line, finding["evidence"]["text"])] if match]


def _value(finding: Json) -> str:
    """The value as it may stand in a text; what a sentence says stands nowhere in it."""
    return re.sub(r"[^0-9A-Za-z]", "", finding["value"]) if finding["kind"] not in {"said", "trouble"} else ""


def _words(line: str, text: str) -> re.Match[str] | None:
    """The longest beginning of a sentence that stands in the line."""
    words = text.split()
    for count in range(len(words), 0, -1):
        found = re.search(r"\s+".join(map(re.escape, words[:count])), line)
        if found:
            return found
    return None


def _painted(line: str, spans: Sequence[Span], paint: Paint) -> str:
    """The line with what is marked painted; overlapping marks are one."""
    shown, at = "", 0
    for start, end in _united(spans):
        shown += plain_part(line[at:start]) + paint(plain_part(line[start:end]))
        at = end
    return shown + plain_part(line[at:])


def plain_part(text: str) -> str:
    """Part of a line, its blanks kept; what could steer a terminal becomes a blank."""
    return "".join(sign if sign.isprintable() else " " for sign in text)


def _united(spans: Sequence[Span]) -> list[Span]:
    united: list[Span] = []
    for start, end in sorted(spans):
        if united and start <= united[-1][1]:
            united[-1] = (united[-1][0], max(end, united[-1][1]))
        else:
            united.append((start, end))
    return united


def _pieces(count: int, wanted: Sequence[int]) -> Iterator[Span]:
    """First and last lines to be shown; what is left out comes the other way round, with its length as difference."""
    at = 1
    for line in [*wanted, None]:
        first = count + 1 if line is None else max(at, line - _ENOUGH)
        left_out = first - at
        if left_out > _ENOUGH:
            yield left_out, 0
        elif left_out:
            yield at, first - 1
        if line is None:
            return
        last = min(count, line + _ENOUGH)
        if last >= first:
            yield first, last
        at = max(at, last + 1)
