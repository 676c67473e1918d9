"""Rule files to one rulebook, or every mistake in them at once."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from msgspec.structs import replace

from daemon.domain.partner import Partner
from daemon.rules.asides import asides_in
from daemon.rules.carrier_files import read_carriers
from daemon.rules.column_files import columns_from
from daemon.rules.columns import Columns
from daemon.rules.deadline_files import read_deadlines
from daemon.rules.deadlines import DeadlineRule
from daemon.rules.edition import edition
from daemon.rules.format_files import formats_from
from daemon.rules.formats import Format
from daemon.rules.mistakes import Mistake
from daemon.rules.partners import read_partners
from daemon.rules.quality import MetricRule
from daemon.rules.quality_files import read_quality
from daemon.rules.reply_files import read_replies
from daemon.rules.rulebook import Rulebook
from daemon.rules.words import plain_words_in, vocabularies_in, words_in

__all__ = ["Mistake", "load", "partners_in", "with_partners"]

_FOLDERS = ("partners", "replies", "formats", "carriers")
_ALONE = {
    "asides.yaml": "asides",
    "columns.yaml": "columns",
    "deadlines.yaml": "deadlines",
    "plain_words.yaml": "plain_words",
    "quality.yaml": "quality",
    "small_talk.yaml": "small_talk",
    "words.yaml": "words",
}
_YAML = (".yaml", ".yml")


def load(files: Mapping[str, str], proofs: Collection[str] = ()) -> Rulebook | tuple[Mistake, ...]:
    """Load rule files by name, relative to the workspace; the examples inside them are run.

    `proofs` are those of an earlier set: reply rules that it proves are not tried again.
    What is neither YAML nor a table of partners (a readme, a sample) is let lie.
    """
    sorted_files = sorted(files.items())
    by_kind = {kind: [(name, text) for name, text in sorted_files if _kind(name) == kind] for kind in _FOLDERS}
    partners, wrong_partners = read_partners(by_kind["partners"])
    carriers, wrong_carriers = read_carriers(by_kind["carriers"])
    words, wrong_words = words_in(files)
    plain, wrong_plain = plain_words_in(files)
    vocabularies, wrong_vocabularies = vocabularies_in(words, plain)
    asides, wrong_asides = asides_in(files)
    replies, wrong_replies = read_replies(by_kind["replies"], words, proofs)
    columns, wrong_columns = _columns(sorted_files)
    formats, wrong_formats = _formats(by_kind["formats"], columns)
    deadlines, wrong_deadlines = _deadlines(sorted_files)
    quality, wrong_quality = _quality(sorted_files)
    mistakes = [
        *wrong_partners,
        *wrong_carriers,
        *wrong_words,
        *wrong_plain,
        *wrong_vocabularies,
        *wrong_asides,
        *wrong_replies,
        *wrong_columns,
        *wrong_formats,
        *wrong_deadlines,
        *wrong_quality,
        *(_stray(name) for name in files if name.endswith(_YAML) and _kind(name) is None),
    ]
    if mistakes:
        return _in_order(mistakes)
    return Rulebook(
        hash=edition(files),
        besides=_besides_partners(files),
        partners=partners,
        carriers=carriers,
        replies=tuple(one.rule for one in replies),
        proofs=frozenset(one.proof for one in replies),
        vocabularies=vocabularies,
        asides=asides,
        formats=formats,
        deadlines=deadlines,
        quality=quality,
    )


def with_partners(rulebook: Rulebook, files: Mapping[str, str]) -> Rulebook | tuple[Mistake, ...] | None:
    """The rulebook of files that differ from this one's by their partners alone; None where they differ by more.

    Partners are edited every day, and nothing else that is tried rests on them.
    """
    if _besides_partners(files) != rulebook.besides:
        return None
    partners, mistakes = _partners(files)
    return _in_order(mistakes) or replace(rulebook, hash=edition(files), partners=partners)


def _besides_partners(files: Mapping[str, str]) -> str:
    return edition({name: text for name, text in files.items() if _kind(name) != "partners"})


def _in_order(mistakes: Iterable[Mistake]) -> tuple[Mistake, ...]:
    return tuple(sorted(mistakes, key=lambda mistake: (mistake.file, mistake.line)))


def partners_in(files: Mapping[str, str]) -> tuple[Partner, ...]:
    """The partners of a sound set, without loading the rest."""
    return _partners(files)[0]


def _partners(files: Mapping[str, str]) -> tuple[tuple[Partner, ...], Sequence[Mistake]]:
    return read_partners([(name, text) for name, text in sorted(files.items()) if _kind(name) == "partners"])


def _kind(name: str) -> str | None:
    """The folder that says what a file is about, or the name of one of the files beside the folders."""
    parts = name.replace("\\", "/").removeprefix("rules/").split("/")
    if len(parts) == 1:
        return _ALONE.get(parts[0])
    if parts[0] not in _FOLDERS:
        return None
    readable = name.endswith(_YAML) or (parts[0] == "partners" and name.endswith(".csv"))
    return parts[0] if readable else "other"


def _columns(files: list[tuple[str, str]]) -> tuple[Columns, tuple[Mistake, ...]]:
    mine = next(((name, text) for name, text in files if _kind(name) == "columns"), None)
    return columns_from(*mine) if mine else (Columns(), ())


def _formats(files: list[tuple[str, str]], columns: Columns) -> tuple[tuple[Format, ...], list[Mistake]]:
    found: list[Format] = []
    mistakes: list[Mistake] = []
    names: dict[str, str] = {}
    for file, text in files:
        some, wrong = formats_from(file, text, columns)
        mistakes += wrong
        for one in some:
            first = names.setdefault(one.name, file)
            if first != file or one in found:
                mistakes.append(
                    Mistake(file=file, line=1, problem=f"the format `{one.name}` stands in {first} already")
                )
        found += some
    return tuple(found), mistakes


def _deadlines(files: list[tuple[str, str]]) -> tuple[tuple[DeadlineRule, ...], list[Mistake]]:
    mine = next(((name, text) for name, text in files if _kind(name) == "deadlines"), None)
    return read_deadlines(*mine) if mine else ((), [])


def _quality(files: list[tuple[str, str]]) -> tuple[tuple[MetricRule, ...], list[Mistake]]:
    mine = next(((name, text) for name, text in files if _kind(name) == "quality"), None)
    return read_quality(*mine) if mine else ((), [])


def _stray(name: str) -> Mistake:
    places = ", ".join([f"`rules/{folder}/`" for folder in _FOLDERS] + [f"`rules/{file}`" for file in _ALONE])
    return Mistake(file=name, line=1, problem=f"rules stand in {places}; here nothing reads them")
