"""Why an answer to an inquiry waits for a person although its sender may speak."""

import re
from collections.abc import Iterator, Sequence

from daemon.deciding.draft import Draft
from daemon.domain.finding import Finding, Said, Statement, Unread
from daemon.domain.inquiry import Inquiry, InquiryState
from daemon.domain.reason import Reason, reason

_BINDING = {Statement.CONTRACT_AGREED, Statement.CONFIRMED}
_TALKING = {InquiryState.IN_CONTACT, InquiryState.NEGOTIATING, InquiryState.CONTRACT_AGREED}
_WORD = re.compile(r"[^\W\d_]+")
# "Novas", "Novą": a name may change its last letter and get two more.
_INFLECTED = 2
_SHORTEST = 4


class InquiryDoubts:
    """The doubts about one answer; a person who releases it sets them aside."""

    def __init__(self, draft: Draft, inquiry: Inquiry, findings: Sequence[Finding], *, by_fulfiller: bool) -> None:
        self._draft = draft
        self._inquiry = inquiry
        self._by_fulfiller = by_fulfiller
        self._said = [one for one in findings if isinstance(one, Said)]
        self._unclear_ones = [one for one in self._said if one.statement is Statement.UNCLEAR]
        self._unread = [one for one in findings if isinstance(one, Unread)]

    def before(self, *, asked: bool) -> Reason | None:
        """Why nothing of it may take effect; where we `asked` for the confirmation a mere yes is one."""
        return self._unclear() or self._beside_confirmation(asked=asked)

    def afterwards(self) -> Reason | None:
        """Why a person must look although it took effect and was passed on."""
        awaited = self._by_fulfiller and self._inquiry.state is InquiryState.CONTRACT_AGREED
        return next(map(_not_understood, self._unclear_ones if awaited else ()), None) or self._nothing_understood()

    def _unclear(self) -> Reason | None:
        """A sentence with a "but" or a "not" that no rule understood.

        It matters where nothing else says what a fulfiller wants who has not answered before, and beside a contract or
        a confirmation ("signed, but the board must agree").
        """
        first = self._by_fulfiller and self._inquiry.state in {InquiryState.SENT, InquiryState.EXPIRED}
        if self._says(_BINDING) or (first and len(self._unclear_ones) == len(self._said)):
            return next(map(_not_understood, self._unclear_ones), None)
        return None

    def _beside_confirmation(self, *, asked: bool) -> Reason | None:
        """Words beside a confirmation that do not belong to one: a condition, a term, another merchant."""
        if not self._says({Statement.CONFIRMED, Statement.ACCEPTED} if asked else {Statement.CONFIRMED}):
            return None
        names = tuple(self._names())
        odd = (one for one in self._unread if one.beside and any(not _is_of(word, names) for word in one.words))
        return next(map(_not_understood, odd), None)

    def _nothing_understood(self) -> Reason | None:
        """A fulfiller's answer of which no rule but a caution understood anything; thanks and greetings are none.

        The first answer is contact, whatever it says.
        """
        cautions = self._draft.rulebook.cautions
        left = [one for one in self._unread if not one.beside]
        told = any(one.rule not in cautions for one in self._said)
        if not self._by_fulfiller or self._inquiry.state not in _TALKING or told or not left:
            return None
        return _not_understood(left[0])

    def _says(self, statements: set[Statement]) -> bool:
        return any(one.statement in statements for one in self._said)

    def _names(self) -> Iterator[str]:
        """What the two sides and their warehouses are called, word by word."""
        for one in map(self._draft.rulebook.partner, (self._inquiry.merchant, self._inquiry.fulfiller)):
            if one is not None:
                person = one.contact.person if one.contact else ""
                called = (one.name, one.id, person, *(f"{house.id} {house.name}" for house in one.warehouses))
                yield from _WORD.findall(" ".join(called).casefold())
        yield from _WORD.findall(self._inquiry.id.casefold())


def _is_of(word: str, names: Sequence[str]) -> bool:
    """Whether a word is one of the names, be it inflected."""
    word = word.casefold()
    return any(
        word == name or (len(name) >= _SHORTEST and word.startswith(name[:-1]) and len(word) <= len(name) + _INFLECTED)
        for name in names
    )


def _not_understood(one: Said | Unread) -> Reason:
    return reason("partner_unclear", one.evidence.where, text=one.evidence.text)
