"""In which languages a text may be written, by its small words, and what is doubted in another."""

import re
from collections import Counter
from collections.abc import Sequence

from daemon.domain.finding import Statement
from daemon.rules.conditions import Hit

_LETTERS = re.compile(r"[^\W\d_]+")
# So many small words of a language tell that a text is written in it.
_ENOUGH = 3
_WORDS = {
    "de": "der das und ist nicht wir ich sie mit für auf dem den von zum zur bei noch auch wird wurde haben hat"
    " heute ein eine einen kommt geht schon aber oder dann ihr euch ihnen sind im am vom habe uns",
    "en": "the and you your this that with for from have has been will are not be our but out by today tomorrow"
    " it they them its there were would can just only is when if please",
    "fr": "le les des est et une nous vous je pas pour dans sur avec ce qui au aux votre notre ne du on été il"
    " elle sont ça ont mais chez tout cette ai aujourd hui vos de la en à"
    " qui",
    "it": "il gli di è per che della sono una abbiamo ho vi ci dal nel oggi domani alla ma anche con non stato"
    " stata dei nella ed più questo questa dalla siamo a la in",
    "es": "el los las y por para que una ha hemos les os hoy está pero al del se su esta con ya muy han estamos"
    " este lo nos están mañana usted ustedes de en la a todo",
    "nl": "het een van ik wij jullie met voor niet op zijn heeft hebben dat er naar vandaag uw je we aan wordt"
    " ook maar de bij nog om deze zit heb gaat hij",
    "pl": "w z na nie się jest do dziś jutro przez już tak za od proszę dla po że są został została mamy ale"
    " czy tym o jak ze oraz też",
}
_OF: dict[str, list[str]] = {}
for _language, _small in _WORDS.items():
    for _word in _small.split():
        _OF.setdefault(_word, []).append(_language)
ALL = frozenset(_WORDS)


def languages_of(text: str, *, enough: int = _ENOUGH) -> frozenset[str]:
    """The languages of which a text has the most small words, or nearly; all of them where it has too few to tell."""
    found = Counter(one for word in _LETTERS.findall(text.lower()) for one in _OF.get(word, ()))
    most = max(found.values(), default=0)
    return frozenset(one for one, count in found.items() if 2 * count >= most) if most >= enough else ALL


def without_foreign_doubts(hits: Sequence[Hit], text: str) -> list[Hit]:
    """The hits without the doubts of a language in which neither the text nor their own sentence is written.

    A rule that begins with a language ("fr-unclear") is of it: the French "si" doubts, the Italian one need not.
    """
    written = languages_of(text)
    return [
        hit
        for hit in hits
        if hit.action.say is not Statement.UNCLEAR
        or (of := hit.rule.partition("-")[0]) not in ALL - written
        or of in languages_of(text[slice(*hit.span)], enough=1)
    ]
