"""Sentences beside a dispatch that speak of the goods and hold a word which nobody knows.

"Shipped today, N. The box is behind the door as I type." There is no end to such sentences, but few words in which
people tell what is of no matter: how it is packed, what lies beside it, when it will be there. What speaks of anything
else, the weather or the weekend, is not looked at.
"""

import re
from collections.abc import Iterator, Sequence

from daemon.domain.document import Mail
from daemon.domain.finding import UNKNOWN_ASIDE, DeviceNamed, Evidence, Finding, Parcel, Said, Statement
from daemon.domain.values import Value
from daemon.reading.texts.languages import languages_of
from daemon.reading.texts.mentions import Known
from daemon.reading.texts.page import Page
from daemon.reading.texts.unknown_words import WORDS_AT_MOST, between_names, names_in, unknown
from daemon.rules.conditions import Hit
from daemon.rules.rulebook import Rulebook
from daemon.rules.sentences import sentences

# A sentence has so many small words of its language; one with fewer needs as many words that nobody knows.
_SURELY = 2
_NONE: frozenset[str] = frozenset()
# A number or a link, which are read for themselves, and "Here are both IMEIs:", which leads to what stands below it.
_APART = re.compile(r"(?:[0-9][ .-]?){7}[0-9]|x{12}|[0-9]{6}|:\W*$")


class Silent(Value, frozen=True, kw_only=True):
    """A sentence in which no rule found anything, and where it stands."""

    words: str
    evidence: Evidence


def silent(text: str, hits: Sequence[Hit], page: Page) -> list[Silent]:
    """The sentences of a text in which no rule found anything; those with a number are read for themselves."""
    spans = [hit.span for hit in hits]
    return [
        Silent(words=one.words, evidence=page.evidence(one.span))
        for one in sentences(text)
        if not _APART.search(one.words) and not any(start < one.span[1] and end > one.span[0] for start, end in spans)
    ]


def with_unknown_asides(
    found: Sequence[Finding], among: Sequence[Silent], mail: Mail, known: Known, rulebook: Rulebook
) -> Iterator[Said]:
    """What keeps a mail with a number back: each sentence that speaks of the goods in words of no vocabulary."""
    if not any(isinstance(one, Parcel | DeviceNamed) and one.evidence.row is None for one in found):
        return
    written, names = languages_of(mail.new_text), names_in(mail, known)
    for one in among:
        spoken = between_names(one.words, rulebook.vocabularies)
        several = [rulebook.asides[of] for of in sorted(written & _languages_in(spoken)) if of in rulebook.asides]
        if not any(of.speaks_of_goods(spoken) for of in several):
            continue
        words = unknown(spoken, [of.words for of in several], names)
        if len(words) >= (1 if _languages_in(spoken, _SURELY) else _SURELY):
            yield Said(
                evidence=one.evidence,
                statement=Statement.UNCLEAR,
                rule=UNKNOWN_ASIDE,
                unknown=words[:WORDS_AT_MOST],
            )


def _languages_in(spoken: str, small_words: int = 1) -> frozenset[str]:
    """The languages of which a sentence has so many small words: none of "Versandart: DHL Paket", nor of an address."""
    return languages_of(spoken, enough=small_words, otherwise=_NONE)
