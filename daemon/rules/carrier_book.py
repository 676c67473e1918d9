"""All carriers of one edition, made ready for many questions: most words name none, and a number is that of few."""

from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache

import regex

from daemon.domain.identifiers import TrackingNumber
from daemon.rules.carriers import Carrier, Recognition, carrier_named, normalised, recognise, words_of
from daemon.rules.folding import folded_pattern
from daemon.rules.literals import UnsureError

_PATIENCE = 0.02
_REMEMBERED = 4096
_MEMORY = 16 << 20
"""For all forms together, in bytes: four times what those of our own carriers need."""


class CarrierBook:
    """Answers as `carriers.carrier_named` and `carriers.recognise` do, after a cheap look."""

    def __init__(self, carriers: Sequence[Carrier]) -> None:
        self.carriers = tuple(carriers)
        self.hosts = frozenset(host.casefold() for carrier in carriers for host in carrier.hosts)
        self._begun: dict[str, set[int]] = {}
        for place, carrier in enumerate(self.carriers):
            for name in (carrier.id, carrier.name, *carrier.aliases):
                self._begun.setdefault(words_of(name).partition(" ")[0], set()).add(place)
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
        if declared or host:
            return recognise(number, self.carriers, declared, host, labelled=labelled)
        if likely := self._likely(plain):
            return recognise(number, likely, None, None, labelled=labelled)
        return Recognition(number=TrackingNumber(plain), code="number_unknown_form")

    def _likely(self, plain: str) -> list[Carrier]:
        """The carriers of which a number may be one by its form, or by that which it had before its lead was lost."""
        places = {place for lead, forms in self._forms for place in forms.of(lead + plain)}
        return [self.carriers[place] for place in sorted(places)]

    @cached_property
    def _forms(self) -> list[tuple[str, "_Forms"]]:
        leads = sorted({"", *(form.lead for carrier in self.carriers for form in carrier.numbers)})
        return [
            (
                lead,
                _Forms(
                    (form.pattern, place)
                    for place, carrier in enumerate(self.carriers)
                    for form in carrier.numbers
                    if not lead or form.lead == lead
                ),
            )
            for lead in leads
        ]


class _Forms:
    """Many patterns, each somebody's, asked for all at once."""

    def __init__(self, patterns: Iterable[tuple[str, int]]) -> None:
        import re2  # noqa: PLC0415 - only where something is read

        options = re2.Options()
        options.encoding = re2.Options.Encoding.LATIN1
        options.log_errors = False
        options.max_mem = _MEMORY
        together = re2.Set.FullMatchSet(options)
        within: list[tuple[str, int]] = []
        apart: list[tuple[str, int]] = []
        for pattern, place in patterns:
            try:
                together.Add(_without_looks(pattern).encode("latin-1"))
            except (UnicodeEncodeError, UnsureError, re2.error):
                apart.append((pattern, place))
            else:
                within.append((pattern, place))
        try:
            together.Compile()
        except re2.error:
            within, apart = [], [*within, *apart]
        self._match = together.Match
        self._places = [place for _, place in within]
        self._apart = [(regex.compile(pattern, regex.ASCII), place) for pattern, place in apart]

    def of(self, number: str) -> set[int]:
        """Whose this number may be."""
        plain = number.encode("latin-1", "replace")
        found = {self._places[one] for one in self._match(plain) or ()} if self._places else set()
        return found.union(place for pattern, place in self._apart if _may_be(pattern, number))


def _without_looks(pattern: str) -> str:
    """What finds at least as much, but does not look around, which takes an engine that is no automaton."""
    return folded_pattern(pattern) if "(?=" in pattern or "(?!" in pattern or "(?<" in pattern else pattern


def _may_be(pattern: regex.Pattern[str], number: str) -> bool:
    try:
        return pattern.fullmatch(number, timeout=_PATIENCE) is not None
    except TimeoutError:
        return True
