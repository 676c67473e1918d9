"""Opens a mail behind its gates: who it is from, what it adds, and the files it carries."""

from collections.abc import Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from daemon.domain.arrival import Envelope, Verdict
from daemon.domain.document import Attachment, Automatic, Mail
from daemon.domain.finding import Undelivered
from daemon.domain.snapshot import Context
from daemon.reading.mails.bounces import undelivered
from daemon.reading.mails.contents import Contents, File, unpack
from daemon.reading.mails.glance import answered, recipients
from daemon.reading.mails.handed_on import HandedOn, handed_on
from daemon.reading.mails.headers import Headers, message_ids
from daemon.reading.mails.notices import Wording, automatic
from daemon.reading.mails.senders import sender, verdict
from daemon.reading.mails.spoken import spoken
from daemon.reading.mails.structured import NamedParcel, named_parcels
from daemon.reading.mails.writing_day import written_at

FILES_AT_MOST = 50
SUBJECT_AT_MOST = 1000


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A mail as far as it could be opened; `trouble` is the code of what kept the rest closed.

    `other_text` is what its other text adds, where that has words of its own.
    """

    mail: Mail
    other_text: str = ""
    files: tuple[File, ...] = ()
    parcels: tuple[NamedParcel, ...] = ()
    undelivered: tuple[Undelivered, ...] = ()
    handed_on: tuple[HandedOn, ...] = ()
    trouble: str | None = None


def open_mail(raw: bytes, envelope: Envelope, context: Context) -> Opened:
    """Open a mail of any bytes; what breaks a limit keeps only its head, or not even that."""
    contents = unpack(raw)
    if contents.head_trouble:
        return Opened(mail=Mail(sender="", sender_doubt=contents.head_trouble), trouble=contents.head_trouble)
    mail = _headed(contents.headers, envelope)
    if contents.trouble:
        return Opened(mail=mail, trouble=contents.trouble)
    return _opened(contents, mail, envelope, context)


def _opened(contents: Contents, mail: Mail, envelope: Envelope, context: Context) -> Opened:
    words = spoken(contents, context.ours)
    said = Wording(whole=words.whole, new=words.new, kinds=contents.kinds, proven=context.proven is not None)
    kind, notices = _automatic(contents, said, envelope, context)
    return Opened(
        mail=replace(mail, automatic=kind, new_text=words.new, attachments=_listed(contents.files)),
        other_text=words.other,
        files=tuple(contents.files[:FILES_AT_MOST]),
        parcels=tuple(parcel for html in contents.html for parcel in named_parcels(html)),
        undelivered=notices,
        handed_on=handed_on(words.whole, context.ours),
        trouble="encrypted_mail" if contents.sealed else words.trouble,
    )


def _automatic(
    contents: Contents, said: Wording, envelope: Envelope, context: Context
) -> tuple[Automatic | None, tuple[Undelivered, ...]]:
    """What kind of machine wrote this, and what it says of mails that did not arrive."""
    headers = contents.headers
    kind = automatic(headers, said, context.own_addresses)
    if kind in {Automatic.BOUNCE, Automatic.DELAYED} and contents.root:
        return undelivered(contents.root)
    nobody = envelope.mail_from == "" or headers.get("return-path").strip() == "<>"
    return kind or (Automatic.GENERATED if nobody else None), ()


def _headed(headers: Headers, envelope: Envelope) -> Mail:
    who = sender(headers)
    ids = message_ids(headers.get("message-id"))
    return Mail(
        sender=who.address,
        sender_name=who.name[:200],
        sender_doubt=who.doubt,
        subject=" ".join(headers.get("subject").split())[:SUBJECT_AT_MOST],
        message_id=ids[0] if ids else None,
        in_reply_to=answered(headers),
        recipients=recipients(headers, envelope),
        written_at=written_at(headers),
        verdict=Verdict.NONE if who.doubt else verdict(headers, envelope.authserv_id, who.address),
    )


def _listed(files: Sequence[File]) -> tuple[Attachment, ...]:
    return tuple(Attachment(name=one.name, media_type=one.media_type, size=len(one.data)) for one in files)
