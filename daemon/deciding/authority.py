"""Who speaks in an arrival, and whether his word changes a state by itself (contract §5)."""

from collections.abc import Sequence

from daemon.domain.arrival import Verdict
from daemon.domain.document import Mail
from daemon.domain.partner import Partner
from daemon.domain.reason import Reason, reason
from daemon.domain.snapshot import Context
from daemon.domain.values import Value
from daemon.rules.rulebook import Rulebook


class Authority(Value, frozen=True, kw_only=True):
    """`partner` is the one who is taken to speak, None for a stranger. With a `doubt` nothing takes effect by itself.

    `may_be_answered` says that a mail to him about what was not taken is no backscatter.
    """

    partner: Partner | None
    doubt: Reason | None = None
    may_be_answered: bool = False


def of_mail(mail: Mail, context: Context, rulebook: Rulebook) -> Authority:
    """A listed sender whom our token or Message-ID, or an authenticated domain, proves; no verdict may say fail."""
    speakers = rulebook.speakers(mail.sender) if mail.sender else ()
    conversation = context.conversation
    if conversation and context.proven:
        partner = next((one for one in speakers if one.id == conversation.partner), None)
        doubt = None if partner else reason("unlisted_sender", sender=mail.sender or "?")
    else:
        partner = speakers[0] if len(speakers) == 1 else None
        doubt = _without_proof(mail, speakers)
    untrue = _untrue(mail)
    return Authority(partner=partner, doubt=untrue or doubt, may_be_answered=partner is not None and not untrue)


def _untrue(mail: Mail) -> Reason | None:
    """Why the From address may not be the sender's."""
    if mail.sender_doubt:
        return reason(mail.sender_doubt, sender=mail.sender)
    return reason("authentication_failed", sender=mail.sender) if mail.verdict is Verdict.FAIL else None


def _without_proof(mail: Mail, speakers: Sequence[Partner]) -> Reason | None:
    if not speakers:
        return reason("unknown_sender", sender=mail.sender or "?")
    if len(speakers) > 1:
        return reason("sender_of_several", sender=mail.sender)
    return None if mail.verdict is Verdict.PASS else reason("no_token", sender=mail.sender)


def of_folder(party: str, rulebook: Rulebook) -> Authority:
    """The folder says who speaks (contract §2)."""
    partner = rulebook.partner_of_party(party)
    return Authority(partner=partner, doubt=None if partner else reason("unknown_partner", party=party))
