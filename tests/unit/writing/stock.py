"""The shipped templates, ready once for all tests of this room."""

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from daemon.domain.effect import SendMail
from daemon.domain.identifiers import MessageId
from daemon.domain.values import Json
from daemon.writing.mail import Letterhead
from daemon.writing.samples import SAMPLES
from tests.support.believed import believed_templates as shipped

__all__ = ["shipped"]

ROOT = Path(__file__).resolve().parents[3]


@cache
def shipped_files() -> dict[str, str]:
    found = sorted(path for path in (ROOT / "templates").rglob("*") if path.is_file() and path.name != "README.md")
    return {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in found}


@cache
def bilingual() -> dict[str, str]:
    """German and English alone: quicker, where what matters is how templates are compiled."""
    return {file: text for file, text in shipped_files().items() if file.endswith(("/de.txt", "/en.txt", ".yaml"))}


def changed(file: str, text: str) -> dict[str, str]:
    return {**bilingual(), file: text}


def letterhead(from_: str = "Shop <orders@shop.example>") -> Letterhead:
    return Letterhead(
        from_=from_,
        reply_to="reply+abcdefghij0123456789abcdef@replies.shop.example",
        message_id=MessageId("k3v9.abcdefghijklmnopqrst@shop.example"),
        date=datetime(2026, 11, 25, 9, 15, tzinfo=UTC),
    )


def a_mail(
    template: str = "reminder-ship",
    data: dict[str, Json] | None = None,
    *,
    to: str = "orders@acme.example",
    language: str = "de",
    plain: bool = False,
    speaker: str = "",
    answers: str | None = None,
    references: tuple[str, ...] = (),
) -> SendMail:
    return SendMail(
        key="k",
        template=template,
        to=to,
        language=language,
        conversation="order:a-1001:acme",
        about=("A-1001",),
        data=SAMPLES[template][0] if data is None else data,
        plain=plain,
        speaker=speaker,
        answers=MessageId(answers) if answers else None,
        references=tuple(MessageId(one) for one in references),
    )
