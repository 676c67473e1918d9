"""What a conversation asks of the listener it belongs to, and the answers that come of it."""

from typing import Any, Protocol

from aiosmtpd.smtp import SMTP, Envelope, Session

from daemon.edges.smtp_limits import Admission, Limits

TRY_LATER = "451 4.3.0 Try again later"
NO_ROOM = "452 4.3.1 No room at present, try again later"


class House(Protocol):
    """What a conversation asks of the listener it belongs to."""

    limits: Limits
    admission: Admission
    conversations: set[Any]

    async def is_own_recipient(self, address: str) -> bool: ...

    async def take(self, raw: bytes, mail_from: str, rcpt_to: tuple[str, ...]) -> str:
        """Make a mail durable; the reply."""
        ...


class Hooks:
    """The answers that aiosmtpd lets a handler give."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def handle_EHLO(  # noqa: N802 - the name is aiosmtpd's
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, replies: list[str]
    ) -> list[str]:
        session.host_name = hostname
        offered = [line for line in replies if not line.startswith(("250-AUTH", "250 HELP"))]
        return [*offered, "250 PIPELINING"]

    async def handle_RCPT(  # noqa: N802 - the name is aiosmtpd's
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if len(envelope.rcpt_tos) >= self._house.limits.recipients:
            return "452 4.5.3 Too many recipients"
        try:
            ours = await self._house.is_own_recipient(address)
        except Exception:  # noqa: BLE001 - aiosmtpd takes a lost database connection for a sender who has hung up
            return TRY_LATER
        if not ours:
            return "550 5.7.1 Not for us"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"
