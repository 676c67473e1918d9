"""A dropped file by its content, whatever its name says: a table, a workbook, XML, JSON, or an archive of these."""

from typing import BinaryIO

from daemon.domain.arrival import Arrival
from daemon.domain.finding import Reading
from daemon.domain.snapshot import Context
from daemon.reading.tables.archive import is_archive, read_archive
from daemon.reading.tables.book import read_web_page, read_workbook, read_workbook_of_2003
from daemon.reading.tables.encoding import encoding_of
from daemon.reading.tables.portion import unreadable
from daemon.reading.tables.sheet import read_table
from daemon.reading.tables.tree import read_tree
from daemon.reading.tables.workbook_2003 import is_workbook_of_2003
from daemon.rules.rulebook import Rulebook

_HEAD = 4096
_ZIP = b"PK\x03\x04"
_NOT_READ = (
    (b"%PDF", "pdf_file"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_excel_file"),
    (b"\x89PNG", "picture_file"),
    (b"\xff\xd8\xff", "picture_file"),
    (b"GIF8", "picture_file"),
    (b"\x1f\x8b", "archive_not_read"),
    (b"PK\x05\x06", "archive_not_read"),
    (b"7z\xbc\xaf", "archive_not_read"),
    (b"Rar!", "archive_not_read"),
)
_WEB_PAGE = (b"<!doctype html", b"<html", b"<table", b"<meta", b"<body", b"<head", b"<div", b"<style")


def read_file(arrival: Arrival, source: BinaryIO, context: Context, rulebook: Rulebook) -> Reading:
    """One portion of a dropped file. Total: never raises for what a file holds."""
    source.seek(0)
    if source.read(len(_ZIP)) == _ZIP and is_archive(source):
        return read_archive(arrival, source, context, rulebook, read_plain)
    return read_plain(arrival, source, context, rulebook)


def read_plain(arrival: Arrival, source: BinaryIO, context: Context, rulebook: Rulebook) -> Reading:
    """One portion of a file that is no archive of others."""
    source.seek(0)
    head = source.read(_HEAD)
    if code := next((code for magic, code in _NOT_READ if head.startswith(magic)), None):
        return unreadable(arrival.name, code)
    if head.startswith(_ZIP):
        return read_workbook(arrival, source, context, rulebook)
    start = head[encoding_of(head).start :].replace(b"\0", b"").lstrip()[:15].lower()
    if start.startswith(_WEB_PAGE):
        return read_web_page(arrival, source, context, rulebook)
    if start.startswith(b"<") and is_workbook_of_2003(head):
        return read_workbook_of_2003(arrival, source, context, rulebook)
    if start.startswith((b"<", b"{", b"[")):
        return read_tree(arrival, source, context, rulebook)
    return read_table(arrival, source, context, rulebook)
