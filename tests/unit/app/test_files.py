"""Templates and reply rules are tried once; whatever has changed is tried again, also by `check`."""

import gc
import shutil
from pathlib import Path

import pytest

from daemon.app import files
from daemon.engine.editions import Editions
from daemon.errors import ConfigError, Mistake
from daemon.rules import conditions, loader, reply_files
from daemon.rules.replies import ReplyRule
from daemon.writing import templates as writing
from daemon.writing.templates import Templates

_ROOT = Path(__file__).parents[3]
_OPERATOR = "templates/operator/en.txt"
# How often something is tried is seen by a few rules and languages as well as by all.
_OURS = """- rule: weekday
  about: order
  when: {says: ['geht {weekday.de} raus']}
  then: {say: will_ship}
  examples:
    - {says: 'Geht Freitag raus', then: {say: will_ship}}
"""
_OTHER_LANGUAGES = tuple(f"{language}.*" for language in ("fr", "nl", "it", "es", "pl"))
_ANOTHER = """rule: another
about: order
when: {says: ['zarathustra']}
then: {say: question}
examples:
  - {says: 'Also sprach Zarathustra', then: {say: question}}
"""


class Trials:
    def __init__(self) -> None:
        self.count = 0


@pytest.fixture
def trials(monkeypatch: pytest.MonkeyPatch) -> Trials:
    """Counts how often all templates are tried."""
    counted = Trials()

    def compile_templates(found: dict[str, str]) -> object:
        counted.count += 1
        return writing.compile_templates(found)

    monkeypatch.setattr(files, "compile_templates", compile_templates)
    return counted


@pytest.fixture
def home(tmp_path: Path) -> Path:
    shutil.copytree(_ROOT / "templates", tmp_path / "templates", ignore=shutil.ignore_patterns(*_OTHER_LANGUAGES))
    (tmp_path / "rules/replies").mkdir(parents=True)
    for name in ("words.yaml", "deadlines.yaml"):
        shutil.copy(_ROOT / "rules" / name, tmp_path / "rules")
    (tmp_path / "rules/replies/ours.yaml").write_text(_OURS, "utf-8")
    shutil.copy(_ROOT / "config.yaml", tmp_path)
    (tmp_path / "state").mkdir()
    return tmp_path


def _operator_mail(found: Templates) -> str:
    return found.render("operator", "en", {"lines": []}).subject


def test_templates_that_were_tried_are_not_tried_again_and_write_the_same(home: Path, trials: Trials) -> None:
    first, second = files.templates(home), files.templates(home)
    assert trials.count == 1
    assert (second.names, second.reasons) == (first.names, first.reasons)
    assert _operator_mail(second) == _operator_mail(first)


def test_a_changed_template_is_tried_again_and_in_force(home: Path, trials: Trials) -> None:
    files.templates(home)
    (home / _OPERATOR).write_text("Subject: Another word\n\nText.\n", "utf-8")
    assert _operator_mail(files.templates(home)) == "Another word"
    assert trials.count == 2


def test_another_version_tries_for_itself(home: Path, trials: Trials, monkeypatch: pytest.MonkeyPatch) -> None:
    files.templates(home)
    monkeypatch.setattr(files, "made_by", lambda: "another")
    files.templates(home)
    assert trials.count == 2


def test_a_broken_template_is_still_refused(home: Path) -> None:
    files.templates(home)
    (home / _OPERATOR).write_text("Subject: {{ nothing_such }}\n\nText.\n", "utf-8")
    with pytest.raises(ConfigError):
        files.templates(home)
    with pytest.raises(ConfigError):
        files.templates(home)


def test_check_does_not_try_again_what_was_accepted_before(home: Path, trials: Trials) -> None:
    files.templates(home)
    assert files.check_mistakes(home, {}) == []
    assert trials.count == 1


def test_check_after_an_edit_tries_the_rules_that_it_changes(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files.adopt(Editions(home / files.KEPT_RULES, files.tried_rules), home)
    tried: list[str] = []

    def judge_by(rules: list[ReplyRule], text: str) -> object:
        tried.append(rules[0].rule)
        return conditions.judge_by(rules, text)

    monkeypatch.setattr(reply_files, "judge_by", judge_by)
    (home / "rules/replies/another.yaml").write_text(_ANOTHER, "utf-8")
    assert [str(one) for one in files.check_mistakes(home, {})] == []
    assert set(tried) == {"another"}


def test_an_edited_partner_has_nothing_else_tried_again(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    editions = Editions(home / files.KEPT_RULES, files.tried_rules)
    files.adopt(editions, home)
    before = editions.current.hash
    monkeypatch.setattr(loader, "load", None)
    partner = home / "rules/partners/orbit.yaml"
    partner.parent.mkdir()
    partner.write_text("- {id: orbit, role: seller, name: Orbit, email: [a@orbit.example]}\n", "utf-8")
    files.adopt(editions, home)
    assert [one.id for one in editions.current.partners] == ["orbit"]
    assert editions.current.hash != before
    partner.write_text("- {id: orbit, rolle: seller}\n", "utf-8")
    assert {one.file for one in files.check_mistakes(home, {})} == {"rules/partners/orbit.yaml"}


def test_what_is_tried_leaves_no_garbage_to_whoever_does_without_looking_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked_for: list[bool] = []

    def load(*_: object) -> tuple[Mistake, ...]:
        looked_for.append(gc.isenabled())
        return ()

    monkeypatch.setattr(loader, "load", load)
    gc.disable()
    try:
        assert files.tried_rules({}, None) == ()
        assert looked_for == [True]
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_a_word_changed_in_a_family_tries_the_rules_that_use_it(home: Path) -> None:
    files.adopt(Editions(home / files.KEPT_RULES, files.tried_rules), home)
    words = home / "rules/words.yaml"
    words.write_text(words.read_text("utf-8").replace("weekday:\n  de: [", "weekday:\n  de: ['(', ", 1), "utf-8")
    assert files.check_mistakes(home, {})
