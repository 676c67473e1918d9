"""All rules of one edition, known by its hash."""

from collections.abc import Mapping
from functools import cached_property

from msgspec.structs import replace

from daemon.domain.deadline import DeadlineKind
from daemon.domain.identifiers import PartnerId
from daemon.domain.partner import Partner, Role
from daemon.domain.values import Value
from daemon.rules.asides import AsideWords
from daemon.rules.carrier_book import CarrierBook
from daemon.rules.carriers import Carrier
from daemon.rules.deadlines import DeadlineRule
from daemon.rules.formats import Format
from daemon.rules.quality import MetricRule
from daemon.rules.replies import About, ReplyRule
from daemon.rules.screening import Screen
from daemon.rules.words import Vocabularies

_MOST_CALLED = 1000


class Rulebook(Value, frozen=True, kw_only=True, dict=True, gc=True):
    """`hash` is the same exactly when every rule file is the same, `besides` when every one but the partners' is.

    `proofs` tell which reply rules came out right.
    """

    hash: str
    besides: str = ""
    partners: tuple[Partner, ...] = ()
    carriers: tuple[Carrier, ...] = ()
    replies: tuple[ReplyRule, ...] = ()
    formats: tuple[Format, ...] = ()
    deadlines: tuple[DeadlineRule, ...] = ()
    quality: tuple[MetricRule, ...] = ()
    proofs: frozenset[str] = frozenset()
    vocabularies: Vocabularies = Vocabularies()
    asides: dict[str, AsideWords] = {}

    @cached_property
    def _by_id(self) -> dict[str, Partner]:
        return {partner.id: partner for partner in self.partners}

    @cached_property
    def _by_email(self) -> dict[str, tuple[Partner, ...]]:
        found: dict[str, tuple[Partner, ...]] = {}
        for partner in self.partners:
            for email in {one.casefold() for one in partner.email}:
                found[email] = (*found.get(email, ()), partner)
        return found

    @cached_property
    def _by_name(self) -> dict[tuple[Role, str], set[PartnerId]]:
        found: dict[tuple[Role, str], set[PartnerId]] = {}
        for one in self.partners:
            for called in (one.id, one.name):
                found.setdefault((one.role, called.casefold()), set()).add(one.id)
        return found

    @cached_property
    def carrier_book(self) -> CarrierBook:
        """All carriers, ready to be asked about names and numbers."""
        return CarrierBook(self.carriers)

    @cached_property
    def _screens(self) -> dict[About, Screen]:
        return {}

    def screen(self, about: About) -> Screen:
        """The reply rules about orders, about inquiries, or all of them, ready to be judged by."""
        if about not in self._screens:
            self._screens[about] = Screen(
                rule for rule in self.replies if about == "any" or rule.about in {"any", about}
            )
        return self._screens[about]

    def partner(self, partner: PartnerId | str) -> Partner | None:
        return self._by_id.get(partner)

    def id_of(self, role: Role, named: str) -> str:
        """The id of the only partner of a role who is called so, by id or name; else what was named."""
        found = self._by_name.get((role, " ".join(named.casefold().split())), set())
        return next(iter(found)) if len(found) == 1 and named not in self._by_id else named

    def partner_of_party(self, party: str) -> Partner | None:
        """The partner whose folder this is (`sellers/acme`)."""
        partner = self._by_id.get(party.rpartition("/")[2])
        return partner if partner and partner.party == party else None

    def speakers(self, address: str) -> tuple[Partner, ...]:
        """Every partner that an addr-spec may speak for, by whole address or by whole domain."""
        local, _, domain = address.casefold().rpartition("@")
        if not local:
            return ()
        listed = self._by_email.get(f"{local}@{domain}", ())
        return (*listed, *(one for one in self._by_email.get(f"@{domain}", ()) if one not in listed))

    def with_speakers(self, senders: Mapping[str, tuple[str, ...]]) -> "Rulebook":
        """These rules, with further addresses that may speak for partners; they never become where we write to."""
        if not senders:
            return self
        partners = tuple(
            replace(one, email=tuple(dict.fromkeys((*one.email, *senders.get(one.id, ()))))) for one in self.partners
        )
        return replace(self, partners=partners)

    def deadline(self, kind: DeadlineKind) -> DeadlineRule | None:
        return next((rule for rule in self.deadlines if rule.kind == kind), None)

    @cached_property
    def cautions(self) -> frozenset[str]:
        """The rules that are asked only where no other one understands anything."""
        return frozenset(rule.rule for rule in self.replies if rule.otherwise)

    @cached_property
    def courtesies(self) -> frozenset[str]:
        """The rules that find a question which asks nothing, unless the mail tells of trouble."""
        return frozenset(rule.rule for rule in self.replies if rule.courtesy)

    @cached_property
    def _by_code(self) -> dict[str, Carrier]:
        return {code: one for one in reversed(self.carriers) for code in one.called}

    @cached_property
    def _called(self) -> dict[str, Carrier | None]:
        return {}

    def carrier_called(self, text: str) -> Carrier | None:
        """The carrier that a cell names, also as a code (`DHL_DE`). A file says the same few a million times."""
        if text not in self._called:
            if len(self._called) >= _MOST_CALLED:
                self._called.clear()
            named = self.carrier_book.named
            self._called[text] = self._by_code.get(text) or named(text) or named(text.replace("_", " "))
        return self._called[text]

    def carrier(self, carrier: str) -> Carrier | None:
        return next((one for one in self.carriers if one.id == carrier), None)
