"""`python -m bench [S1 O2 ...] [--rounds N] [--json]`."""

import argparse
import sys
import time

from bench.deadlines import MEASURES as DEADLINES
from bench.files import MEASURES as FILES
from bench.folders import MEASURES as FOLDERS
from bench.mail_in import MEASURES as MAIL_IN
from bench.mailbox_in import MEASURES as MAILBOX_IN
from bench.measures import Measure, MissingError, Result, Setting
from bench.process import MEASURES as PROCESS
from bench.reading import MEASURES as READING
from bench.rules import MEASURES as RULES
from bench.sending import MEASURES as SENDING
from bench.table import as_json, show
from bench.workshop import workshop

MEASURES = (*MAIL_IN, *MAILBOX_IN, *SENDING, *DEADLINES, *FOLDERS, *FILES, *READING, *RULES, *PROCESS)


def main() -> int:
    """Measure what was asked for; 1 when a floor is not reached or a measure failed."""
    known = {one.code: one for one in MEASURES}
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("measures", nargs="*", metavar="MEASURE", help=f"of {', '.join(known)} (default: all)")
    parser.add_argument("--rounds", type=int, default=5, help="pairs of runs, ours and the baseline's (default: 5)")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    asked = parser.parse_args()
    if unknown := [one for one in asked.measures if not _called(one)]:
        parser.error(f"there is no measure {', '.join(unknown)}; there are {', '.join(known)}")
    chosen = [one for name in asked.measures for one in _called(name)] or list(MEASURES)
    results = [_run(one, max(1, asked.rounds)) for one in chosen]
    if asked.json:
        print(as_json(results))
    else:
        show(results)
    failed = any(one.trouble and not one.skipped for one in results)
    return int(failed or any(figure.reached is False for one in results for figure in one.figures))


def _called(name: str) -> list[Measure]:
    """The measure of that code, or all parts of it: P1 means P1a, P1b and P1c."""
    return [one for one in MEASURES if one.code == name or one.code.rstrip("abc") == name]


def _run(measure: Measure, rounds: int) -> Result:
    print(f"{measure.code}: {measure.title} ...", file=sys.stderr, flush=True)
    began = time.monotonic()
    try:
        with workshop() as shop:
            figures = measure.run(Setting(rounds=rounds, shop=shop))
    except MissingError as missing:
        return Result(measure=measure, trouble=str(missing), skipped=True)
    except Exception as error:  # noqa: BLE001 - one measure that fails must not cost the others' figures
        return Result(measure=measure, trouble=f"{type(error).__name__}: {error}")
    return Result(measure=measure, figures=figures, seconds=time.monotonic() - began)


if __name__ == "__main__":
    sys.exit(main())
