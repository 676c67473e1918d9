"""A ZIP of files: each is read like one that was dropped by itself, one after the other."""

import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import PurePosixPath
from typing import BinaryIO

from msgspec.structs import replace

from daemon.domain.arrival import Arrival
from daemon.domain.document import Sheet, Unreadable
from daemon.domain.finding import Evidence, Finding, Reading
from daemon.domain.snapshot import Context
from daemon.domain.values import Value
from daemon.reading.tables import underway
from daemon.reading.tables.portion import unreadable
from daemon.reading.tables.workbook import LARGEST_UNPACKED, trouble
from daemon.rules.rulebook import Rulebook

MOST_FILES = 200

_FILE_BITS = 52
_OFFSET_BITS = 36
_INNER_BITS = 26
_INNER = (1 << _INNER_BITS) - 1
_OTHER_ARCHIVES = (".zip", ".7z", ".rar", ".gz", ".tar")
_WORKBOOK = "xl/workbook.xml"

Read = Callable[[Arrival, BinaryIO, Context, Rulebook], Reading]


class _Member(Value, frozen=True, kw_only=True):
    """The file that is being read, and how many there are."""

    place: int
    name: str
    data: bytes
    count: int


def is_archive(source: BinaryIO) -> bool:
    """Whether this is an archive of files and not a workbook, which is one as well."""
    source.seek(0)
    try:
        with zipfile.ZipFile(source) as archive:
            return _WORKBOOK not in archive.NameToInfo
    except (zipfile.BadZipFile, ValueError, EOFError, OSError, NotImplementedError):
        return False


def read_archive(arrival: Arrival, source: BinaryIO, context: Context, rulebook: Rulebook, read: Read) -> Reading:
    """One portion of one of the files. What cannot be read in one of them stops none of the others."""
    place = arrival.position >> _FILE_BITS
    member = underway.recall(arrival, rulebook, _Member)
    if member is None or member.place != place:
        opened = _member(arrival.name, source, place)
        if isinstance(opened, str):
            return unreadable(arrival.name, opened)
        member = opened
        underway.remember(arrival, rulebook, member)
    inner = replace(
        arrival,
        name=member.name,
        position=_inward(arrival.position),
        digest=arrival.digest and f"{arrival.digest}#{place}",
    )
    reading = read(inner, BytesIO(member.data), context, rulebook)
    if member.count > 1:
        reading = _among_others(reading, member.name)
    if reading.next_position is not None:
        return replace(reading, next_position=place << _FILE_BITS | _outward(reading.next_position))
    if place + 1 < member.count:
        return replace(reading, next_position=(place + 1) << _FILE_BITS)
    return reading


def _member(name: str, source: BinaryIO, place: int) -> "_Member | str":
    if code := trouble(source):
        return "not_an_archive" if code == "not_a_workbook" else code
    try:
        with zipfile.ZipFile(source) as archive:
            files = [one for one in archive.infolist() if _counts(one)]
            if not files or len(files) > MOST_FILES:
                return "archive_too_large" if files else "archive_not_read"
            if any(PurePosixPath(one.filename.casefold()).suffix in _OTHER_ARCHIVES for one in files):
                return "archive_in_archive"
            wanted = files[place]
            shown = f"{name}/{PurePosixPath(wanted.filename).name}"
            data = archive.read(wanted)
    except (zipfile.BadZipFile, ValueError, EOFError, OSError, NotImplementedError, RuntimeError, IndexError):
        return "not_an_archive"
    if len(data) > LARGEST_UNPACKED:
        return "archive_too_large"
    return _Member(place=place, name=shown, data=data, count=len(files))


def _counts(entry: zipfile.ZipInfo) -> bool:
    """Folders and what systems leave behind are no files of the sender."""
    path = PurePosixPath(entry.filename)
    return not entry.is_dir() and "__MACOSX" not in path.parts and not path.name.startswith((".", "~", "Thumbs.db"))


def _among_others(reading: Reading, name: str) -> Reading:
    """Where each finding stands, with the file's name before it; one that cannot be read is a doubt among the rest."""
    findings = tuple(_placed(one, name) for one in reading.findings)
    documents = tuple(
        Sheet(name=one.name, format=None, columns=()) if isinstance(one, Unreadable) else one
        for one in reading.documents
    )
    return replace(reading, findings=findings, documents=documents)


def _placed(finding: Finding, name: str) -> Finding:
    short = name.rpartition("/")[2]
    where = finding.evidence.where
    evidence = Evidence(
        where=short if where == name else f"{short}, {where}", text=finding.evidence.text, row=finding.evidence.row or 1
    )
    return replace(finding, evidence=evidence)


def _inward(position: int) -> int:
    """The position inside a file; lines and bytes take less room there, as the file is small."""
    inner = position & ((1 << _FILE_BITS) - 1)
    return inner >> _INNER_BITS << _OFFSET_BITS | inner & _INNER


def _outward(position: int) -> int:
    return position >> _OFFSET_BITS << _INNER_BITS | position & _INNER
