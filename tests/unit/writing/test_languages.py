"""A language can be added template by template; what is missing is told, with what is written instead."""

from daemon.writing.languages import gaps
from daemon.writing.templates import Templates, compile_templates
from tests.unit.writing.stock import bilingual, shipped


def made(**more: str) -> Templates:
    templates = compile_templates(bilingual() | more)
    assert isinstance(templates, Templates), templates
    return templates


def said(templates: Templates, **spoken: list[str]) -> list[str]:
    return [f"{one.file}: {one.problem}" for one in gaps(templates, spoken)]


def test_the_shipped_languages_have_no_gaps() -> None:
    assert said(shipped(), de=["acme"], en=["bolt"], pl=["dorn"]) == []


def test_one_template_begins_a_language_and_the_others_are_told_of() -> None:
    swedish = {"templates/buyer-delay/sv.txt": "Subject: Order {{ order.number }}\n\nDin order är försenad.\n"}
    templates = made(**swedish)
    assert templates.language_for("buyer-delay", "sv-SE") == "sv"
    [line] = said(templates)
    assert line.startswith("templates/*/sv.txt: ")
    assert "templates are missing in sv: answer, " in line
    assert line.endswith("they are written in en instead")


def test_a_language_that_partners_speak_is_told_with_who_speaks_it() -> None:
    [line] = said(made(), sv=["a", "b", "c", "d", "e", "f", "g"])
    assert "in sv (spoken by a, b, c, d, e and 2 more): " in line


def test_sentences_that_a_language_lacks_are_counted() -> None:
    [line] = said(made(**{"templates/reasons/fr.yaml": "order_released: Commande payée.\n"}))
    assert line.startswith("templates/reasons/fr.yaml: ")
