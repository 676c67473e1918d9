"""`python -m tests.golden.accuracy [--json] [--only WORD]`: how many of the golden mails are read exactly right.

Exactly right: what is taken and whether it is held are as the page says. A false value: anything taken that the page
does not list. Cases kept back were not shown to whoever mended the reading, so their figures prove more.
"""

import argparse
import sys
from collections.abc import Callable, Iterable, Sequence

import msgspec

from daemon.domain.values import Value
from tests.golden import file_cases, mail_cases

GOAL = 0.95


class Outcome(Value, frozen=True, kw_only=True):
    """How one case came out. `false` are the values taken that it does not list."""

    what: str
    name: str
    language: str
    program: str
    kind: str
    kept_back: bool
    right: bool
    false: tuple[str, ...]
    expected: str
    got: str
    why: tuple[str, ...]


class Score(Value, frozen=True, kw_only=True):
    cases: int
    right: int
    false: int


def outcomes() -> list[Outcome]:
    found: list[Outcome] = []
    for mail in mail_cases.cases():
        said = mail_cases.run(mail)
        found.append(_outcome("mail", mail, said, right=mail.page.is_met_by(said)))
    for file in file_cases.cases():
        stood = file_cases.run(file)
        found.append(_outcome("file", file, stood, right=file.page.is_met_by(stood)))
    return found


def _outcome(
    what: str, case: mail_cases.Case | file_cases.Case, got: mail_cases.Got | file_cases.Got, *, right: bool
) -> Outcome:
    page = case.page
    wanted, taken = page.taken.values, got.taken.values
    return Outcome(
        what=what,
        name=case.name,
        language=page.language,
        program=page.program,
        kind=page.kind,
        kept_back=page.kept_back,
        right=right,
        false=tuple(sorted(taken - wanted)),
        expected=f"{page.disposition}: {'; '.join(sorted(wanted)) or 'nothing'}",
        got=f"{got.disposition}: {'; '.join(sorted(taken)) or 'nothing'}",
        why=got.why,
    )


def score(of: Iterable[Outcome]) -> Score:
    some = list(of)
    return Score(cases=len(some), right=sum(one.right for one in some), false=sum(len(one.false) for one in some))


def tables(all_: Sequence[Outcome]) -> dict[str, dict[str, Score]]:
    """The scores by each thing that could make a mail hard to read."""
    ways: dict[str, Callable[[Outcome], str]] = {
        "all": lambda one: f"{one.what}s {'kept back' if one.kept_back else 'told'}",
        "language": lambda one: one.language,
        "program": lambda one: one.program,
        "kind": lambda one: one.kind,
    }
    return {
        way: {value: score(one for one in all_ if of(one) == value) for value in sorted({of(one) for one in all_})}
        for way, of in ways.items()
    }


def _show(all_: Sequence[Outcome]) -> None:
    for way, rows in tables(all_).items():
        sys.stdout.write(f"{way:<22}{'cases':>7}{'right':>7}{'%':>7}{'false':>7}\n")
        for value, one in rows.items():
            sys.stdout.write(f"  {value:<20}{one.cases:>7}{one.right:>7}{_share(one):>7.1%}{one.false:>7}\n")
        sys.stdout.write("\n")
    total = score(all_)
    sys.stdout.write(
        f"{total.right} of {total.cases} exactly right ({_share(total):.1%}), {total.false} false values\n"
    )
    for outcome in all_:
        for value in outcome.false:
            sys.stdout.write(f"  false: {outcome.name}: {value}\n")


def _share(one: Score) -> float:
    return one.right / one.cases if one.cases else 0.0


def main() -> int:
    """1 when fewer than 95 % are exactly right, or a single false value was taken."""
    parser = argparse.ArgumentParser(prog="python -m tests.golden.accuracy", description=__doc__)
    parser.add_argument("--json", action="store_true", help="each case with what was expected and got")
    parser.add_argument("--only", default="", help="cases whose name holds this word")
    asked = parser.parse_args()
    all_ = [one for one in outcomes() if asked.only in one.name]
    if asked.json:
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(all_)).decode() + "\n")
    else:
        _show(all_)
    total = score(all_)
    return int(_share(total) < GOAL or total.false > 0)


if __name__ == "__main__":
    raise SystemExit(main())
