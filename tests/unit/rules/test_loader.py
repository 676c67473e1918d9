"""Rule files become a rulebook whole or not at all."""

import msgspec
import pytest

from daemon.domain.deadline import DeadlineKind
from daemon.rules.edition import edition
from daemon.rules.loader import load, with_partners
from daemon.rules.mistakes import Mistake
from daemon.rules.rulebook import Rulebook

PARTNERS = """- {id: acme, role: seller, name: Acme, email: [orders@acme.example, "@acme.example"]}
- {id: nova, role: merchant, name: Nova, email: [orders@acme.example]}
"""
FILES = {
    "rules/partners/a.yaml": PARTNERS,
    "rules/carriers/x.yaml": "{carrier: x, name: X, numbers: [{pattern: 'X1', valid: [X1], invalid: [X2]}]}",
    "rules/deadlines.yaml": (
        "- {kind: expiry, starts: inquiry_sent, length: 21 days, calendar: partner, missed: [expire]}"
    ),
    "rules/readme.md": "no rule",
}


def _book(files: dict[str, str] = FILES) -> Rulebook:
    found = load(files)
    assert isinstance(found, Rulebook)
    return found


def _mistakes(**more: str) -> tuple[Mistake, ...]:
    found = load({**FILES, **more})
    assert isinstance(found, tuple)
    return found


def test_right_files_become_a_rulebook() -> None:
    book = _book()
    assert [partner.id for partner in book.partners] == ["acme", "nova"]
    assert book.carrier("x") is not None
    assert book.deadline(DeadlineKind.EXPIRY) is not None
    assert book.deadline(DeadlineKind.SHIP) is None


def test_no_files_are_an_empty_rulebook() -> None:
    assert _book({}).partners == ()


def test_other_partners_beside_the_same_rules_give_what_loading_all_gives() -> None:
    other = "- {id: orbit, role: seller, name: Orbit, email: [a@orbit.example]}\n"
    more = {**FILES, "rules/partners/orbit.yaml": other}
    none = {name: text for name, text in FILES.items() if "/partners/" not in name}
    for changed in (more, none):
        assert with_partners(_book(), changed) == load(changed)


def test_mistakes_in_other_partners_are_told_as_by_loading_all() -> None:
    changed = {**FILES, "rules/partners/b.yaml": "- {id: acme, rolle: seller}\n", "rules/partners/a.csv": "id\nacme\n"}
    found = with_partners(_book(), changed)
    assert found
    assert found == load(changed)


@pytest.mark.parametrize("name", ["rules/deadlines.yaml", "rules/stray.yaml", "rules/partners/sample.txt"])
def test_where_more_than_partners_differs_all_is_loaded(name: str) -> None:
    assert with_partners(_book(), {**FILES, name: "[]\n"}) is None


def test_mistakes_of_all_files_are_told_at_once_in_order() -> None:
    found = _mistakes(
        **{
            "rules/replies/r.yaml": "rule: r",
            "rules/carriers/y.yaml": "carrier: y",
            "rules/deadlines.yaml": "- {kind: x}",
        }
    )
    files = [mistake.file for mistake in found]
    assert set(files) == {"rules/carriers/y.yaml", "rules/deadlines.yaml", "rules/replies/r.yaml"}
    assert files == sorted(files)


def test_a_rule_file_that_nothing_reads_is_a_mistake() -> None:
    (mistake,) = _mistakes(**{"rules/carrier/y.yaml": "carrier: y"})
    assert mistake.file == "rules/carrier/y.yaml"
    assert "nothing reads" in mistake.problem


def test_the_hash_changes_with_every_name_and_text_and_with_nothing_else() -> None:
    assert edition(FILES) == edition(dict(reversed(FILES.items())))
    assert edition({"a": "bc"}) != edition({"ab": "c"})
    assert _book().hash == edition(FILES)
    assert _book({**FILES, "rules/deadlines.yaml": FILES["rules/deadlines.yaml"] + "\n"}).hash != _book().hash


def test_a_party_is_known_only_in_its_own_folder() -> None:
    book = _book()
    assert book.partner_of_party("sellers/acme") == book.partner("acme")
    assert book.partner_of_party("fulfillers/acme") is None
    assert book.partner_of_party("sellers/nobody") is None


def test_an_address_may_speak_for_several_partners_of_different_roles() -> None:
    speakers = _book().speakers
    assert [partner.id for partner in speakers("Orders@ACME.example")] == ["acme", "nova"]
    assert [partner.id for partner in speakers("else@acme.example")] == ["acme"]
    assert speakers("orders@acme.example.evil.example") == ()
    assert speakers("orders@sub.acme.example") == ()
    assert speakers("@acme.example") == ()
    assert speakers("acme.example") == ()


def test_a_rulebook_travels_to_a_child_process_unchanged() -> None:
    book = _book()
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(book), type=Rulebook) == book


def test_nothing_in_a_file_makes_the_loader_raise() -> None:
    for text in (
        "\x00",
        "\ud800",
        "[" * 1000,
        "- - -",
        "a: b: c",
        "1",
        "- 1",
        "- null",
        "!!x",
        "? ",
        "%YAML 9.9\n---\n",
    ):
        for name in (*FILES, "rules/replies/a.yaml", "rules/formats/a.yaml", "rules/partners/a.csv"):
            assert load({name: text}) is not None, (name, text)
