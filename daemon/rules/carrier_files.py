"""Carriers from `rules/carriers`, none of which counts before its own valid and invalid numbers come out right."""

import re
from collections.abc import Iterable, Iterator
from typing import Annotated
from urllib.parse import urlsplit

import regex
from pydantic import Field, field_validator

from daemon.domain.checksums import CHECKS
from daemon.rules.carriers import Carrier, NumberForm, matches, normalised, words_of
from daemon.rules.entries import Placed, entries
from daemon.rules.mistakes import Mistake
from daemon.rules.models import Entry, Form

_Filled = Annotated[str, Field(min_length=1)]
_KEY = re.compile(r"[a-z]{2}(-[A-Z]{2})?|\*")
_HOST = re.compile(r"(?:[a-z0-9-]{1,63}\.)+[a-z0-9-]{2,63}")


class NumberEntry(Entry):
    pattern: _Filled
    check: str = "none"
    alone: bool = False
    lead: Annotated[str, Form("[0-9A-Z]*", "digits and capital letters")] = ""
    valid: tuple[str, ...] = Field(min_length=1)
    invalid: tuple[str, ...] = Field(min_length=1)

    @field_validator("check")
    @classmethod
    def _known_check(cls, name: str) -> str:
        if name not in CHECKS:
            raise ValueError(f"no check digit is called `{name}`; known are {', '.join(CHECKS)}")
        return name

    @field_validator("pattern")
    @classmethod
    def _sound_pattern(cls, pattern: str) -> str:
        try:
            regex.compile(pattern, regex.ASCII)
        except regex.error as error:
            raise ValueError(f"no regular expression: {error}") from None
        return pattern

    def form(self) -> NumberForm:
        return NumberForm(pattern=self.pattern, check=self.check, alone=self.alone, lead=self.lead)


class CarrierEntry(Entry):
    carrier: Annotated[str, Form("[a-z0-9][a-z0-9-]*", "a name in small letters, digits and hyphens, such as dhl")]
    name: _Filled
    aliases: tuple[_Filled, ...] = ()
    called: tuple[_Filled, ...] = ()
    numbers: tuple[NumberEntry, ...] = Field(min_length=1)
    hosts: tuple[str, ...] = ()
    links: dict[str, str] = {}

    @field_validator("hosts")
    @classmethod
    def _bare_hosts(cls, hosts: tuple[str, ...]) -> tuple[str, ...]:
        for host in hosts:
            if not _HOST.fullmatch(host):
                raise ValueError(f"`{host}` is no bare host name in small letters")
        return hosts

    @field_validator("links")
    @classmethod
    def _sound_links(cls, links: dict[str, str]) -> dict[str, str]:
        for key, link in links.items():
            if not _KEY.fullmatch(key):
                raise ValueError(f"`{key}` is neither a language, a tag such as `de-DE`, nor `*`")
            if urlsplit(link).scheme != "https" or "{number}" not in link or "{" in link.replace("{number}", ""):
                raise ValueError(f"the link for `{key}` must begin with https:// and hold {{number}} alone in braces")
        return links

    def value(self) -> Carrier:
        return Carrier(
            id=self.carrier,
            name=self.name,
            aliases=self.aliases,
            called=self.called,
            numbers=tuple(number.form() for number in self.numbers),
            hosts=self.hosts,
            links=dict(self.links),
        )


def read_carriers(files: Iterable[tuple[str, str]]) -> tuple[tuple[Carrier, ...], list[Mistake]]:
    """The carriers of all files, and every mistake in them, in their examples and between them."""
    found: list[Placed[CarrierEntry]] = []
    mistakes: list[Mistake] = []
    for file, text in files:
        some, wrong = entries(file, text, CarrierEntry)
        found += some
        mistakes += wrong
    for entry in found:
        mistakes += _wrong_examples(entry)
    mistakes += _collisions(found)
    return tuple(entry.value.value() for entry in found), mistakes


def _wrong_examples(entry: Placed[CarrierEntry]) -> Iterator[Mistake]:
    for place, number in enumerate(entry.value.numbers):
        form = number.form()
        for at, example in enumerate(number.valid):
            if not matches(form, normalised(example)):
                yield entry.mistake(f"the valid example `{example}` is refused", "numbers", place, "valid", at)
        for at, example in enumerate(number.invalid):
            if matches(form, normalised(example)):
                yield entry.mistake(f"the invalid example `{example}` is accepted", "numbers", place, "invalid", at)


def _collisions(found: list[Placed[CarrierEntry]]) -> Iterator[Mistake]:
    """Names and hosts that would stand for two carriers."""
    names: dict[str, Placed[CarrierEntry]] = {}
    hosts: dict[str, Placed[CarrierEntry]] = {}
    for entry in found:
        carrier = entry.value
        for name in (carrier.carrier, carrier.name, *carrier.aliases, *carrier.called):
            other = names.setdefault(words_of(name), entry)
            if other is not entry:
                yield entry.mistake(f"`{name}` names the carrier in {other.file}:{other.line('carrier')} already")
        for place, host in enumerate(carrier.hosts):
            other = hosts.setdefault(host, entry)
            if other is not entry:
                problem = f"`{host}` is a host of the carrier in {other.file}:{other.line('carrier')} already"
                yield entry.mistake(problem, "hosts", place)
