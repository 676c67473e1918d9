"""Text with a field in each line, "Bestellnummer: A-1001", as the table that it is: a record up to each blank line."""

import re
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from daemon.reading.tables.delimited import RawRow

_FIELD = re.compile(r"\s*(?P<name>[^\W\d_][^:=\t]{0,39}?)\s*(?::(?!//)|=|\t)\s*(?P<value>.*?)\s*")
_RULE = re.compile(r"[\s=_*#~+.-]*")
_FEWEST_FIELDS = 2
_MOST_RECORDS = 200

Record = dict[str, str]


def table_of_fields(lines: Sequence[RawRow]) -> list[RawRow]:
    """The records of a text, their titles and a header above them; none where a line is neither a field nor a title.

    A record ends where a line is blank or ruled, or where its first field stands there again; of another field it has
    several values then.
    """
    texts = ["".join(line.cells) for line in lines]
    begin = next((place for place, text in enumerate(texts) if _FIELD.fullmatch(text)), len(texts))
    if any(line.code for line in lines):
        return []
    records = list(_records(texts[begin:]))
    names = list(dict.fromkeys(name for record in records for name in record))
    if not 0 < len(records) <= _MOST_RECORDS or len(names) < _FEWEST_FIELDS or {} in records:
        return []
    titles = [RawRow(number=0, cells=(text.strip(),)) for text in texts[:begin] if not _RULE.fullmatch(text)]
    rows = [RawRow(number=0, cells=tuple(record.get(name, "") for name in names)) for record in records]
    table = [*titles, RawRow(number=0, cells=tuple(names)), *rows]
    return [replace(row, number=number) for number, row in enumerate(table, 1)]


def _records(texts: Sequence[str]) -> Iterator[Record]:
    """The records one after the other; an empty one for a line that is no field."""
    record: Record = {}
    for text in texts:
        field = _FIELD.fullmatch(text)
        name = field["name"] if field else ""
        if record and (_RULE.fullmatch(text) or name == next(iter(record))):
            yield record
            record = {}
        if field:
            record[name] = f"{record[name]}\n{field['value']}" if name in record else field["value"]
        elif not _RULE.fullmatch(text):
            yield {}
    if record:
        yield record
