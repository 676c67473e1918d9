"""What is right but worth knowing: colliding rules, languages and words that lack, trusted senders, rules that wait."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from daemon.app.files import RULES, read_files, templates
from daemon.config import Config, load_config
from daemon.engine.going_live import waiting
from daemon.engine.trust import listed, said
from daemon.rules.asides import silent_asides
from daemon.rules.collisions import collisions
from daemon.rules.edition import edition
from daemon.rules.loader import partners_in
from daemon.rules.words import silent_vocabularies
from daemon.store.database import Database
from daemon.writing.languages import gaps


def remarks(home: Path, environ: Mapping[str, str]) -> list[str]:
    """The remarks on a workspace in which there is no mistake."""
    config = load_config(home, environ)
    rules = read_files(home, RULES)
    spoken: dict[str, list[str]] = {config.locale.partition("-")[0]: ["the operator"]}
    for partner in partners_in(rules):
        spoken.setdefault(partner.language, []).append(partner.id)
    found = [str(one) for one in (*collisions(rules), *gaps(templates(home), spoken))]
    found += [*silent_vocabularies(rules), *silent_asides(rules)]
    with suppress(SQLAlchemyError):
        found += _kept(config, home, edition(rules))
    return found


def _kept(config: Config, home: Path, rules: str) -> Iterator[str]:
    """What the database knows of; one that is not there yet is not made."""
    url = config.database_url(home)
    if url.startswith("sqlite") and not Path(url.partition(":///")[2]).exists():
        return
    database = Database(url)
    try:
        with database.reading() as connection:
            trusts, found = listed(connection), waiting(connection)
    finally:
        database.close()
    for one in trusts:
        yield f"{said(one)}; `postbote trusted --forget {one.sender}` ends it"
    if found and found.rules == rules:
        yield (
            f"these rules would read {found.different} of {found.tested} kept arrivals differently and are not in "
            "force yet: `postbote backtest` shows which, `postbote check --accept` puts them in force"
        )
