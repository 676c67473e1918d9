"""Says values the way the views show them: times in the right offset, reasons as sentences, findings as text."""

from collections.abc import Sequence
from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo

import msgspec

from daemon.domain.decision import Decision, Proposal
from daemon.domain.effect import Effect, SendMail, TellOperator, WriteFile, WriteInquiries, WriteReceipt
from daemon.domain.finding import (
    ArticleRow,
    Automated,
    CustomsNamed,
    DeviceNamed,
    Doubt,
    Finding,
    InquiryRow,
    OrderRow,
    Parcel,
    Reading,
    ReturnRow,
    Said,
    StockRow,
    Trouble,
    Undelivered,
    Unread,
)
from daemon.domain.partner import Partner
from daemon.domain.reason import Reason
from daemon.engine.premises import Premises
from daemon.engine.proposals import together
from daemon.engine.stationery import Stationery
from daemon.engine.views import EffectView, EvidenceView, ExplainView, FindingView, ProposalView, RuleView
from daemon.writing.mail import rendered_of
from daemon.writing.templates import Rendered

_SHOWN = 2000
"""Of a file of a million rows only so many findings are shown."""


class Saying:
    """Speaks the operator's language."""

    def __init__(self, premises: Premises, stationery: Stationery) -> None:
        self._premises = premises
        self._stationery = stationery

    def say(self, reason: Reason) -> str:
        return self._stationery.say(reason, self._premises.policy.language)

    def say_all(self, reasons: Sequence[Reason]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.say(one) for one in reasons))

    def place(self, where: str) -> str:
        """A place in a file or mail."""
        return self._stationery.templates().reasons.place(where, self._premises.policy.language)

    @property
    def zone(self) -> tzinfo:
        """The operator's own time zone."""
        return ZoneInfo(self._premises.policy.timezone)

    def zone_of(self, partner: Partner | None) -> tzinfo:
        return ZoneInfo(partner.timezone) if partner else self.zone

    def explain(self, arrival: str | None, parts: Sequence[tuple[Reading, Decision]], decision: str) -> ExplainView:
        """Why an arrival was read and decided as it was."""
        documents = {msgspec.json.encode(one): one for reading, _ in parts for one in reading.documents}
        findings = [one for reading, _ in parts for one in reading.findings][:_SHOWN]
        changes = [entry.what for _, decided in parts for entry in decided.history]
        proposals = [decided.proposal for _, decided in parts if decided.proposal]
        return ExplainView(
            arrival=arrival,
            documents=tuple(msgspec.to_builtins(one) for one in documents.values()),
            findings=tuple(map(self.finding, findings)),
            rules=tuple(
                RuleView(rule=rule, hit=one.hit, why=one.why)
                for reading, _ in parts
                for one in reading.rules
                for rule in one.rules
            )[:_SHOWN],
            decision=decision,
            changes=self.say_all(changes),
            effects=tuple(effect_view(one) for _, decided in parts for one in decided.effects)[:_SHOWN],
            reasons=self.say_all([one for _, decided in parts for one in reasons_of(decided)]),
            proposal=self.proposal(together(proposals)),
        )

    def finding(self, finding: Finding) -> FindingView:
        """One thing that was found, with its place in the original."""
        where, text = finding.evidence.where, finding.evidence.text
        return FindingView(
            kind=str(finding.__struct_config__.tag),
            order=finding.order,
            line=finding.line,
            value=_value(finding),
            evidence=EvidenceView(where=where, place=self.place(where), text=text),
        )

    def rendered(self, mail: SendMail) -> Rendered:
        """Subject and text of a mail as it would be written now."""
        return rendered_of(mail, self._stationery.templates())

    def proposal(self, proposal: Proposal | None) -> ProposalView | None:
        """What a release would change and send."""
        return ProposalView(changes=self.say_all(proposal.changes), sends=proposal.sends) if proposal else None


def changes_of(decision: Decision) -> Sequence[Reason]:
    """What a decision changes, or what a release of it would change."""
    proposed = decision.proposal.changes if decision.proposal else ()
    return (*(entry.what for entry in decision.history), *proposed)


def reasons_of(decision: Decision) -> Sequence[Reason]:
    """The reasons of a decision and of its rows."""
    return (*decision.reasons, *(one for verdict in decision.verdicts for one in verdict.reasons))


def at(moment: datetime | None, zone: tzinfo) -> str | None:
    """A time in an offset, if there is one."""
    return moment.astimezone(zone).isoformat() if moment else None


def exactly(moment: datetime, zone: tzinfo) -> str:
    """A time in an offset."""
    return moment.astimezone(zone).isoformat()


def some(about: Sequence[str]) -> str | tuple[str, ...] | None:
    """Nothing, the one id, or a list when there are several."""
    return None if not about else about[0] if len(about) == 1 else tuple(about)


def _value(finding: Finding) -> str:  # noqa: C901, PLR0911, PLR0912 - one line for each kind of finding
    match finding:
        case Said():
            return finding.statement.value
        case Parcel():
            return finding.number
        case DeviceNamed():
            return finding.imei
        case CustomsNamed():
            return f"{finding.value} {finding.currency}".strip()
        case Trouble():
            return finding.problem.value
        case Doubt():
            return finding.value
        case Unread():
            return " ".join(finding.words)
        case Undelivered():
            return finding.status
        case Automated():
            return finding.automatic.value
        case OrderRow():
            return finding.fields.get("order_id", "")
        case InquiryRow():
            return finding.fulfiller
        case StockRow():
            return f"{finding.sku}: {finding.level}"
        case ArticleRow():
            return finding.fields.get("sku", "")
        case ReturnRow():
            return f"{finding.number} {finding.state}".strip()


def effect_view(effect: Effect) -> EffectView:
    match effect:
        case SendMail():
            return EffectView(kind="mail", template=effect.template, to=effect.to, about=some(effect.about))
        case WriteFile():
            return EffectView(kind="file", template=effect.kind, to=effect.party, about=some(effect.about))
        case WriteInquiries():
            return EffectView(kind="file", template="inquiries", to=effect.party)
        case WriteReceipt():
            return EffectView(kind="receipt", to=effect.party)
        case TellOperator():
            return EffectView(kind="operator", template=effect.reason.code, about=some(effect.about))
