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
    "de": "der die das und ist nicht wir ich sie es mit für auf dem den von zum zur bei noch auch wird wurde"
    " haben hat habe heute morgen ein eine einen kommt geht schon aber oder dann ihr euch ihnen uns sind"
    " in im am vom an so nur als wie nach wenn",
    "en": "the and is you your we it this that with for from have has been will are not be our but out by to of"
    " on in at i a an as so no today tomorrow they them its there was were would can just only when if"
    " please my me",
    "fr": "le la les l des de d du un une et est en à au aux nous vous je j on il elle ne n pas pour dans sur"
    " avec par ce c qui que qu se s si son sa votre notre vos été sont ont ça mais chez tout cette ai"
    " aujourd hui me",
    "it": "il lo la le l gli i di d e è un una uno per con che non si se ci vi al alla alle allo del della dei"
    " delle dal dalla nel nella in da a ma anche ho ha abbiamo hanno sono siamo stato stata oggi domani"
    " più questo questa mi ne",
    "es": "el la los las lo un una y e de del al a en con por para que se su sus si no nos les le os me ha he"
    " hemos han es está están estamos este esta hoy mañana pero ya muy todo usted ustedes como",
    "nl": "de het een en van ik wij we jullie je u uw is in met voor niet op om aan er dat die deze dit zijn"
    " wordt heeft hebben heb zit gaat naar bij ook maar nog als te hij ze zo vandaag morgen of uit",
    "pl": "i w we z ze na nie się jest są do od dla za po o u to ten ta tym że jak już tak też oraz ale czy co"
    " przez dziś jutro proszę został została mamy jestem a",
}
_OF: dict[str, list[str]] = {}
for _language, _small in _WORDS.items():
    for _word in _small.split():
        _OF.setdefault(_word, []).append(_language)
ALL = frozenset(_WORDS)


def languages_of(text: str, *, enough: int = _ENOUGH, otherwise: frozenset[str] = ALL) -> frozenset[str]:
    """The languages of which a text has the most small words, or more than half as many.

    `otherwise`, which is all of them, where it has too few to tell.
    """
    found = Counter(one for word in _LETTERS.findall(text.lower()) for one in _OF.get(word, ()))
    most = max(found.values(), default=0)
    return frozenset(one for one, count in found.items() if 2 * count > most) if most >= enough else otherwise


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
