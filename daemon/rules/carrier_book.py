"""All carriers of one edition, made ready for many questions: most words name none, and most numbers are nobody's."""

from collections.abc import Iterable, Sequence
from functools import lru_cache

import regex

from daemon.domain.identifiers import TrackingNumber
from daemon.rules.carriers import Carrier, NumberForm, Recognition, carrier_named, normalised, recognise, words_of

_PATIENCE = 0.02
_REMEMBERED = 4096


class CarrierBook:
    """Answers as `carriers.carrier_named` and `carriers.recognise` do, after a cheap look."""

    def __init__(self, carriers: Sequence[Carrier]) -> None:
        self.carriers = tuple(carriers)
        self.hosts = frozenset(host.casefold() for carrier in carriers for host in carrier.hosts)
        self._begun: dict[str, set[int]] = {}
        for place, carrier in enumerate(self.carriers):
            for name in (carrier.id, carrier.name, *carrier.aliases):
                self._begun.setdefault(words_of(name).partition(" ")[0], set()).add(place)
        forms = [form for carrier in carriers for form in carrier.numbers]
        self._forms = [(lead, _joined(forms, lead)) for lead in sorted({"", *(form.lead for form in forms)})]
        self.named = lru_cache(maxsize=_REMEMBERED)(self._named)
        self.recognise = lru_cache(maxsize=_REMEMBERED)(self._recognise)

    def _named(self, text: str) -> Carrier | None:
        """The one carrier that a text names."""
        begun = [self._begun[word] for word in set(words_of(text).split()).intersection(self._begun)]
        likely = [self.carriers[place] for place in sorted(set().union(*begun))] if begun else []
        return carrier_named(text, likely) if likely else None

    def _recognise(
        self, number: str, declared: str | None = None, host: str | None = None, *, labelled: bool = False
    ) -> Recognition:
        plain = normalised(number)
        if declared or host or any(_may_be(form, lead + plain) for lead, form in self._forms):
            return recognise(number, self.carriers, declared, host, labelled=labelled)
        return Recognition(number=TrackingNumber(plain), code="number_unknown_form")


def _joined(forms: Iterable[NumberForm], lead: str) -> regex.Pattern[str]:
    """One pattern for all forms, or for those that may have lost this lead."""
    patterns = dict.fromkeys(form.pattern for form in forms if not lead or form.lead == lead)
    return regex.compile("|".join(f"(?:{pattern})" for pattern in patterns) or "(?!)", regex.ASCII)


def _may_be(form: regex.Pattern[str], number: str) -> bool:
    try:
        return form.fullmatch(number, timeout=_PATIENCE) is not None
    except TimeoutError:
        return True
