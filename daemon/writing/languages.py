"""Which templates are still missing in which language, and in which they are written instead."""

from collections.abc import Iterator, Mapping, Sequence

from daemon.errors import Mistake
from daemon.writing.reasons import Reasons
from daemon.writing.templates import Templates

_FEW = 5


def gaps(templates: Templates, spoken: Mapping[str, Sequence[str]]) -> Iterator[Mistake]:
    """One line for each language that is begun or spoken; `spoken` names who speaks a language.

    A language is offered once its templates are there: nobody need write them all at once.
    """
    begun = {language for name in templates.names for language in templates.languages(name)}
    for language in sorted(begun | set(spoken)):
        missing = [name for name in templates.names if language not in templates.languages(name)]
        if missing:
            yield Mistake(
                file=f"templates/*/{language}.txt", line=0, problem=_said(templates, language, missing, spoken)
            )
    for language, sentences in sorted(templates.reasons.sentences.items()):
        if lacking := len(_codes(templates.reasons) - set(sentences)):
            file, problem = (
                f"templates/reasons/{language}.yaml",
                f"{lacking} sentences are missing; they are said in en",
            )
            yield Mistake(file=file, line=0, problem=problem)


def _said(templates: Templates, language: str, missing: Sequence[str], spoken: Mapping[str, Sequence[str]]) -> str:
    by = f" (spoken by {_few(spoken[language])})" if language in spoken else ""
    instead = " or ".join(sorted({templates.language_for(name, language) for name in missing}))
    names = f"{len(missing)} of {len(templates.names)} templates are missing in {language}{by}: {_few(missing)}"
    return f"{names}; they are written in {instead} instead"


def _few(names: Sequence[str]) -> str:
    more = len(names) - _FEW
    return ", ".join(names[:_FEW]) + (f" and {more} more" if more > 0 else "")


def _codes(reasons: Reasons) -> set[str]:
    return {code for sentences in reasons.sentences.values() for code in sentences}
