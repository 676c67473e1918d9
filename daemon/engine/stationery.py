"""Turns queued effects into the bytes that leave: mails on our letterhead, files, receipts."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from daemon.domain.decision import RowResult, RowVerdict
from daemon.domain.document import Sheet
from daemon.domain.effect import SendMail, WriteFile, WriteInquiries, WriteReceipt
from daemon.domain.identifiers import MessageId
from daemon.domain.inquiry import Inquiry
from daemon.domain.partner import JTL_WAWI, OPENTRANS
from daemon.domain.reason import Reason
from daemon.engine.tokens import Tokens
from daemon.store import arrivals, inquiries, portions
from daemon.store.outbox import Queued
from daemon.writing import jtl_wawi, opentrans
from daemon.writing.file import Answered, csv_bytes, receipt_chunks
from daemon.writing.mail import Attached, Composed, Letterhead, compose
from daemon.writing.templates import Templates

_DOCUMENTS = {OPENTRANS: opentrans.order_document, JTL_WAWI: jtl_wawi.order_document}
_ANY_TYPE = "application/octet-stream"
_ATTACHABLE = re.compile(r"(?:application|image|text|audio|video)/[a-z0-9][a-z0-9.+-]{0,100}")
_PLAIN = frozenset({"", "utf-8", "json"})
_INQUIRY_COLUMNS = ("inquiry", "fulfiller", "warehouse", "state", "sent_at", "answered_at", "active_since")


@dataclass(frozen=True, kw_only=True)
class Stationery:
    """`templates` gives those in force; `bounce_sender` is the envelope sender, None for the conversation's address."""

    templates: Callable[[], Templates]
    tokens: Tokens
    from_: str
    bounce_sender: str | None = None
    imprint: str = ""

    def mail(self, connection: Connection, queued: Queued, effect: SendMail, now: datetime) -> Composed:
        """The finished mail; raises ValueError when it cannot be written as intended."""
        letterhead = Letterhead(
            from_=self.from_,
            reply_to=self.tokens.reply_address(queued.conversation or ""),
            message_id=MessageId(queued.message_id or ""),
            date=now,
            imprint=self.imprint,
        )
        return compose(effect, letterhead, self.templates(), self._attached(connection, effect))

    def _attached(self, connection: Connection, effect: SendMail) -> list[Attached]:
        """The table that came with a mail, with what became of each row; or the files that another came with."""
        if effect.carries is not None:
            return list(_carried(connection, effect.carries))
        if effect.receipt is None:
            return []
        name, chunks = self._receipt(connection, effect.receipt, effect.language)
        return [Attached(name=f"{name}.receipt.csv", media_type="text/csv; charset=utf-8", content=b"".join(chunks))]

    def sender(self, queued: Queued) -> str:
        """The envelope sender, to which bounces come."""
        return (
            self.tokens.reply_address(queued.conversation or "") if self.bounce_sender is None else self.bounce_sender
        )

    def say(self, reason: Reason, language: str) -> str:
        """A reason as a sentence."""
        return self.templates().reasons.say(reason, language)

    @staticmethod
    def file(queued: Queued, effect: WriteFile) -> tuple[str, list[bytes]]:
        """Name and content of an export; the name follows from the row, so writing it again changes nothing."""
        moment = queued.created_at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
        name = f"{effect.kind}-{moment}-{queued.seq:06d}"
        if effect.document:
            return f"{name}.xml", [_DOCUMENTS[effect.document](effect.columns, effect.rows)]
        return f"{name}.csv", [csv_bytes(effect.columns, effect.rows, ";" if effect.wawi else ",", bom=effect.wawi)]

    @staticmethod
    def inquiries(connection: Connection, effect: WriteInquiries) -> tuple[str, list[bytes]]:
        """Name and content of a merchant's list of inquiries: what is true now, whenever it was queued."""
        zone = ZoneInfo(effect.timezone)
        rows = [_inquiry_row(one, zone) for one in inquiries.listed(connection, effect.merchant)]
        return "inquiries.csv", [csv_bytes(_INQUIRY_COLUMNS, rows)]

    def receipt(self, connection: Connection, effect: WriteReceipt) -> tuple[str, Iterator[bytes]]:
        """Name and content of a receipt, put together from the kept portions while it is written."""
        _, chunks = self._receipt(connection, effect.arrival, effect.language)
        return f"{effect.name}.receipt.csv", chunks

    def _receipt(self, connection: Connection, arrival: str, language: str) -> tuple[str, Iterator[bytes]]:
        """The name that its table has, and the rows with what became of them."""
        positions = portions.positions(connection, arrival)
        first = portions.answered(connection, arrival, positions[0]) if positions else None
        sheet = next((one for one in first.documents if isinstance(one, Sheet)), None) if first else None
        chunks = receipt_chunks(
            _answered(connection, arrival, positions),
            language,
            self.templates().reasons,
            delimiter=(sheet.delimiter if sheet else "") or ",",
            # Spreadsheets know UTF-8 by this mark alone; who writes plain UTF-8 does not need it.
            bom=sheet is not None and sheet.encoding not in _PLAIN,
        )
        return sheet.name if sheet else "table", chunks


def _carried(connection: Connection, arrival: str) -> Iterator[Attached]:
    """The files of a mail that was read before, and so breaks no limit; raises ValueError when it is gone."""
    # Hardly any command writes such a mail, and what opens one takes long to load.
    from daemon.reading.mails.contents import unpack  # noqa: PLC0415
    from daemon.reading.mails.mail import FILES_AT_MOST  # noqa: PLC0415

    raw = arrivals.raw(connection, arrival)
    if raw is None:
        raise ValueError("the mail whose files go along is not kept any more")
    for one in unpack(raw).files[:FILES_AT_MOST]:
        known = _ATTACHABLE.fullmatch(one.media_type)
        yield Attached(name=one.name, media_type=one.media_type if known else _ANY_TYPE, content=one.data)


def _inquiry_row(one: Inquiry, zone: ZoneInfo) -> list[str]:
    times = (one.sent_at, one.answered_at, one.active_since)
    written = [moment.astimezone(zone).isoformat(timespec="seconds") if moment else "" for moment in times]
    return [one.id, one.fulfiller, one.warehouse or "", one.state, *written]


def _answered(connection: Connection, arrival: str, positions: Sequence[int]) -> Iterator[Answered]:
    for position in positions:
        kept = portions.answered(connection, arrival, position)
        if kept is not None:
            yield Answered(columns=kept.columns, rows=kept.rows, verdicts=kept.verdicts)
    given_up = arrivals.get(connection, arrival) if not positions else None
    if given_up:
        held = RowVerdict(number=1, result=RowResult.HELD, reasons=given_up.reasons)
        yield Answered(columns=(), rows=(), verdicts=(held,))
