"""What `check` notes although it is no mistake."""

import shutil
from pathlib import Path

import pytest

from daemon.app.remarks import remarks
from daemon.engine.trust import Trust, trust
from daemon.store.database import Database
from tests.support.believed import believed_workspace

SWEDISH = "- {id: malmo, role: seller, name: Malmö Mobil, email: [order@malmo.example], language: sv, market: sv-SE}\n"


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace whose templates count as tried; only to be copied."""
    return believed_workspace(tmp_path_factory.mktemp("tried") / "shop")


@pytest.fixture
def home(tried: Path, tmp_path: Path) -> Path:
    return shutil.copytree(tried, tmp_path / "shop")


def notes(home: Path) -> list[str]:
    return [one for one in remarks(home, {}) if not one.startswith("rules/")]


def test_the_starter_files_lack_no_language(home: Path) -> None:
    assert notes(home) == []


def test_looking_makes_no_database(home: Path) -> None:
    notes(home)
    assert not (home / "state/postbote.db").exists()


def test_a_language_that_partners_speak_but_no_template_does_is_told(home: Path) -> None:
    (home / "rules/partners/sv.yaml").write_text(SWEDISH, "utf-8")
    [line] = notes(home)
    assert "missing in sv (spoken by malmo)" in line


def test_words_of_an_older_edition_without_those_of_a_confirmation_are_told(home: Path) -> None:
    words = home / "rules/words.yaml"
    before, _, behind = words.read_text("utf-8").partition("\nconfirming:\n")
    _, first, rest = behind.partition("\n#")
    words.write_text(f"{before}{first}{rest}", "utf-8")
    told = [one for one in remarks(home, {}) if one.startswith("rules/words.yaml")]
    assert told == ["rules/words.yaml: `confirming` has no words: every confirmation of an inquiry waits for a person"]


def test_rules_of_an_older_edition_without_words_of_asides_are_told(home: Path) -> None:
    (home / "rules/asides.yaml").unlink()
    [told] = [one for one in remarks(home, {}) if "asides" in one]
    assert told.startswith("rules/asides.yaml: no words: beside a dispatch anything may be said of the goods")


def test_rules_of_an_older_edition_without_plain_words_are_told(home: Path) -> None:
    (home / "rules/plain_words.yaml").unlink()
    [told] = [one for one in remarks(home, {}) if "plain_words" in one]
    assert told == "rules/plain_words.yaml: no words: a number counts whatever unknown words stand beside it"


def test_whom_persons_trusted_is_told_with_the_way_to_end_it(home: Path) -> None:
    database = Database(f"sqlite:///{home}/state/postbote.db")
    database.prepare()
    given = Trust(partner="acme", sender="neu@acme.example", by="cli:anna", why="phone", at="2026-11-25", arrival="a")
    with database.writing() as connection:
        trust(connection, given)
    database.close()
    [line] = notes(home)
    assert line == (
        "neu@acme.example may speak for acme since 2026-11-25 by the word of cli:anna: phone; "
        "`postbote trusted --forget neu@acme.example` ends it"
    )
