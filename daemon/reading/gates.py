"""Limits on the raw bytes of a mail, checked before any parser sees them."""

from daemon.reading.mails.headers import FIELD_AT_MOST, Headers

MAIL_AT_MOST = 25 * 1024 * 1024
HEAD_AT_MOST = 100 * 1024
FIELDS_AT_MOST = 200
PARTS_AT_MOST = 200
DEPTH_AT_MOST = 20
PART_HEAD_AT_MOST = 32 * 1024
PART_FIELD_AT_MOST = 4 * 1024
LOOK_ALIKES_AT_MOST = 1000
"""Lines that begin like a boundary, in one multipart."""


class LimitError(Exception):
    """A mail breaks a limit; `code` is the reason."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def head_trouble(head: bytes, headers: Headers) -> str | None:
    """The code of the limit that the header block breaks, if any."""
    if len(head) > HEAD_AT_MOST:
        return "header_too_long"
    if len(headers.fields) > FIELDS_AT_MOST:
        return "too_many_header_fields"
    return "header_field_too_long" if any(len(value) > FIELD_AT_MOST for _, value in headers.fields) else None
