"""A yes to other terms than ours: to another price, or beside a number that is said to be another person's."""

import re
from collections.abc import Iterator, Sequence

from daemon.domain.finding import Finding, Parcel, Said, Statement
from daemon.reading.texts.said import said_of_line

_YES = {Statement.ACCEPTED, Statement.WILL_SHIP}
_FIGURE = (
    r"[0-9]{1,3}(?:[., ][0-9]{3})+(?![0-9])(?:[.,][0-9]{2})?(?![0-9])|[0-9]{1,6}(?:[.,][0-9]{2})?(?![0-9.,]*[0-9])"
)
_AMOUNT = re.compile(
    rf"(?<![0-9.,-])(?P<before>{_FIGURE})[.,]?-? ?(?:€|(?:eur|euros?|zł|pln)\b)"
    rf"|(?:€|\beur|\bpln) ?(?P<behind>{_FIGURE})",
    re.IGNORECASE,
)
_CENTS = re.compile(r"[.,]([0-9]{2})$")
_TITLES = (
    r"frau|fr\.|herrn?|hr\.|familie|mrs?\.?|ms\.?|miss|mme|madame|monsieur|m\.|sig\.(?:ra)?|signora?|signore"
    r"|sra?\.|señora?|mevrouw|mevr\.|meneer|dhr\.|panią?|pani|pana"
)
# "For Mrs Snyder", "from the order of Müller": whose it is.
_FOR = re.compile(
    r"\b(?:für|fuer|an|for|to|pour|à|per|a|para|voor|aan|dla|do)\s"
    rf"(?:(?:die |den |eine |the )?(?:{_TITLES})\s(?P<name>[^\W\d_]{{3,}}(?:-[^\W\d_]+)?))"
    r"|\b(?:bestellung|auftrag|order|commande|ordine|pedido|bestelling|zamówieni[ea])\s(?:von |of |de |di |van )?"
    rf"(?:(?:{_TITLES})\s)?(?P<whose>(?-i:[A-ZÀ-Ý][^\W\d_]{{2,}}))(?=\W*$|\W*[)\]])",
    re.IGNORECASE,
)


def other_prices(said: Sequence[Finding], text: str, ours: Sequence[str]) -> list[Finding]:
    """What keeps a yes back that names an amount where none of the mail's is in our own mails."""
    known = {one for mail in ours for one in _amounts(mail)}
    if not known or not known.isdisjoint(_amounts(text)):
        return []
    priced = [
        one for one in said if isinstance(one, Said) and one.statement in _YES and any(_amounts(one.evidence.text))
    ]
    return [
        Said(evidence=one.evidence, order=one.order, statement=Statement.UNCLEAR, rule="another-price")
        for one in priced[:1]
    ]


def other_people(values: Sequence[Finding], text: str, ours: Sequence[str]) -> list[Finding]:
    """What keeps a mail back in which a number stands beside the name of somebody of whom we never wrote."""
    written = "\n".join(ours).casefold()
    numbered = {one.evidence.where for one in values if isinstance(one, Parcel)}
    for number, line in enumerate(text.split("\n"), start=1):
        if f"mail text, line {number}" in numbered and written and any(one not in written for one in _people(line)):
            return [said_of_line(number, line, Statement.UNCLEAR, "another-person")]
    return []


def _people(line: str) -> Iterator[str]:
    for one in _FOR.finditer(line):
        yield (one["name"] or one["whose"]).casefold()


def _amounts(text: str) -> Iterator[int]:
    """The amounts of money in a text, in cents."""
    for one in _AMOUNT.finditer(text):
        figure = one["before"] or one["behind"]
        cents = _CENTS.search(figure)
        whole = figure[: cents.start()] if cents else figure
        yield int(re.sub(r"[^0-9]", "", whole) or "0") * 100 + int(cents[1] if cents else 0)
