"""Files: a long table and a long XML from the folder to the last row, their memory, and a workbook beside openpyxl."""

import csv
import sqlite3
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import openpyxl
from lxml import etree

from bench.measures import Bound, Figure, Measure, Setting, spoken
from bench.memory import settled_memory
from bench.workspace import Workspace, make_workspace
from daemon.domain.checksums import gs1, luhn
from daemon.reading.tables.workbook import Workbook

_FOLDER = "inbox/sellers/bench-seller"
_ROWS = 200_000
_LONG = 1_000_000
_SHORT = 10_000
_SHEET_ROWS = 100_000
_HEAD = ("order_id", "line", "tracking_number", "carrier", "shipped_on", "imei", "quantity")
_ITEM = "DISPATCHNOTIFICATION_ITEM"
_SQL = (
    "INSERT INTO row VALUES (?, ?, ?, ?, ?, ?, ?) "
    "ON CONFLICT (order_id, line) DO UPDATE SET tracking = excluded.tracking"
)


def _rows(count: int, first: int = 0) -> Iterator[tuple[str, ...]]:
    """What a seller's day looks like: each row another order with its number and device, all check digits right."""
    for number in range(first, first + count):
        parcel = next(one for digit in range(10) if gs1(one := f"0034043{number:012d}{digit}"))
        device = next(one for digit in range(10) if luhn(one := f"35209900{number % 1_000_000:06d}{digit}"))
        yield f"X-{number:07d}", "1", parcel, "DHL", "2026-11-24", device, "1"


def _write(path: Path, count: int, first: int = 0) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(_HEAD)
        writer.writerows(_rows(count, first))
    return path


def _write_tree(path: Path, count: int, first: int = 0) -> Path:
    """The same rows as one openTRANS notification, with its namespace."""
    with path.open("w", encoding="utf-8") as file:
        file.write(
            '<DISPATCHNOTIFICATION version="2.1" xmlns="http://www.opentrans.org/XMLSchema/2.1">'
            "<DISPATCHNOTIFICATION_HEADER><DISPATCHNOTIFICATION_INFO>"
            "<DISPATCHNOTIFICATION_DATE>2026-11-24</DISPATCHNOTIFICATION_DATE>"
            "</DISPATCHNOTIFICATION_INFO></DISPATCHNOTIFICATION_HEADER><DISPATCHNOTIFICATION_ITEM_LIST>\n"
        )
        file.writelines(
            f"<{_ITEM}><PRODUCT_ID><SERIAL_NUMBER>{device}</SERIAL_NUMBER></PRODUCT_ID><QUANTITY>{pieces}</QUANTITY>"
            f"<ORDER_REFERENCE><ORDER_ID>{order}</ORDER_ID><LINE_ITEM_ID>{line}</LINE_ITEM_ID></ORDER_REFERENCE>"
            f"<LOGISTIC_DETAILS><PACKAGE_INFO><PACKAGE><PACKAGE_ID>{parcel}</PACKAGE_ID></PACKAGE></PACKAGE_INFO>"
            f"</LOGISTIC_DETAILS></{_ITEM}>\n"
            for order, line, parcel, _, _, device, pieces in _rows(count, first)
        )
        file.write("</DISPATCHNOTIFICATION_ITEM_LIST></DISPATCHNOTIFICATION>")
    return path


def _plain_tree(path: Path, _database: Path) -> float:
    """Seconds that lxml needs to hand out the same items and their texts, unread and unstored."""
    began = time.perf_counter()
    items = etree.iterparse(path, tag=f"{{*}}{_ITEM}", resolve_entities=False, no_network=True)
    for _, item in items:
        [element.text for element in item.iter()]
        item.clear()
        while item.getprevious() is not None:
            del item.getparent()[0]
    return time.perf_counter() - began


def _plain(path: Path, database: Path) -> float:
    """Seconds that csv.reader and executemany need for the same rows, unread and unchecked."""
    database.unlink(missing_ok=True)
    began = time.perf_counter()
    connection = sqlite3.connect(database)
    columns = "order_id, line, tracking, carrier, day, imei, quantity"
    connection.execute(f"CREATE TABLE row ({columns}, PRIMARY KEY (order_id, line))")
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file, delimiter=";")
        next(reader)
        connection.executemany(_SQL, reader)
    connection.commit()
    connection.close()
    return time.perf_counter() - began


def _table(setting: Setting) -> list[Figure]:
    return [_through(setting, "CSV", _write, _plain, floor=0.45, aim=0.6)]


def _tree(setting: Setting) -> list[Figure]:
    speed = _through(setting, "XML", _write_tree, _plain_tree, floor=0.42, aim=0.55)
    return [speed, _growth(setting, "XML", _write_tree, _ROWS)]


def _through(
    setting: Setting,
    kind: str,
    write: Callable[[Path, int, int], Path],
    plain: Callable[[Path, Path], float],
    *,
    floor: float,
    aim: float,
) -> Figure:
    """Every row is read, checked, looked up, decided and given back with its reason: nobody knows these orders."""
    workspace = make_workspace(setting.folder / "home")
    # The first start of all makes the database and works out the rules, which has nothing to do with rows.
    workspace.run_once()
    ours: list[float] = []
    theirs: list[float] = []
    for turn in range(setting.rounds):
        file = write(setting.folder / f"list.{kind.lower()}", _ROWS, turn * _ROWS)
        theirs.append(plain(file, setting.folder / "plain.db"))
        file.rename(workspace.home / _FOLDER / f"list-{turn}{file.suffix}")
        began = time.perf_counter()
        workspace.run_once()
        ours.append(time.perf_counter() - began)
    return Figure(
        what=f"{_ROWS} rows of a {kind} from the folder until all are decided and the receipt is written",
        values=[their / our for our, their in zip(ours, theirs, strict=True)],
        floor=floor,
        aim=aim,
        ours=spoken([_ROWS / one for one in ours], "rows/s"),
        theirs=spoken([_ROWS / one for one in theirs], "rows/s"),
    )


def _memory(setting: Setting) -> list[Figure]:
    return [_growth(setting, "CSV", _write, _LONG)]


def _growth(setting: Setting, kind: str, write: Callable[[Path, int], Path], most: int) -> Figure:
    """The daemon with its children while a short and while a long file is read."""
    short, long = (_peak(setting, kind.lower(), write, count) for count in (_SHORT, most))
    return Figure(
        what=f"memory with {most} rows of a {kind} less that with {_SHORT}",
        values=[long - short],
        unit="MiB",
        floor=32,
        aim=16,
        bound=Bound.AT_MOST,
        ours=spoken([long], "MiB"),
        theirs=spoken([short], "MiB"),
    )


def _peak(setting: Setting, ending: str, write: Callable[[Path, int], Path], count: int) -> float:
    workspace = make_workspace(setting.folder / f"home-{ending}-{count}")
    file = write(setting.folder / f"list.{ending}", count)
    with workspace.run(setting.shop) as running:
        settled_memory(running.pid)
        file.rename(workspace.home / _FOLDER / file.name)
        peak = 0.0
        while not _done(workspace):
            now = settled_memory(running.pid)
            peak = max(peak, now.main + now.children)
    return peak


def _done(workspace: Workspace) -> bool:
    return workspace.number("SELECT count(*) FROM arrival WHERE state IN ('done', 'held')") > 0


def _sheet(setting: Setting) -> list[Figure]:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(_HEAD)
    for row in _rows(_SHEET_ROWS):
        sheet.append([*row[:4], datetime(2026, 11, 24, tzinfo=UTC).date(), int(row[5]), 1])
    content = BytesIO()
    book.save(content)
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(setting.rounds):
        ours.append(_ours(content))
        theirs.append(_openpyxl(content))
    return [
        Figure(
            what=f"{_SHEET_ROWS} rows of a workbook, each cell as exact text",
            values=[their / our for our, their in zip(ours, theirs, strict=True)],
            floor=8,
            aim=15,
            ours=spoken([_SHEET_ROWS / one for one in ours], "rows/s"),
            theirs=spoken([_SHEET_ROWS / one for one in theirs], "rows/s"),
        )
    ]


def _ours(content: BytesIO) -> float:
    began = time.perf_counter()
    found = sum(1 for sheet in Workbook(content).sheets for _ in sheet.rows())
    if found != _SHEET_ROWS + 1:
        raise AssertionError(f"{found} rows were read")
    return time.perf_counter() - began


def _openpyxl(content: BytesIO) -> float:
    began = time.perf_counter()
    content.seek(0)
    book = openpyxl.load_workbook(content, read_only=True, data_only=True)
    sum(1 for sheet in book.worksheets for _ in sheet.iter_rows(values_only=True))
    return time.perf_counter() - began


MEASURES = (
    Measure(code="C1", title="a long CSV", baseline="csv.reader + executemany", run=_table),
    Measure(code="C2", title="memory with a long CSV", baseline="the same with a short one", run=_memory),
    Measure(code="C3", title="a long XML", baseline="lxml iterparse", run=_tree),
    Measure(code="C4", title="a long workbook", baseline="openpyxl, read only", run=_sheet),
)
