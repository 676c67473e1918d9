"""A language can be added template by template; what is missing is told, with what is written instead."""

from daemon.writing.languages import gaps
from daemon.writing.templates import Templates, compile_templates
from tests.unit.writing.stock import shipped_files


def made(**more: str) -> Templates:
    templates = compile_templates(shipped_files() | more)
    assert isinstance(templates, Templates), templates
    return templates


def said(templates: Templates, **spoken: list[str]) -> list[str]:
    return [f"{one.file}: {one.problem}" for one in gaps(templates, spoken)]


def test_the_shipped_languages_have_no_gaps() -> None:
    assert said(made(), de=["acme"], en=["bolt"]) == []


def test_one_template_begins_a_language_and_the_others_are_told_of() -> None:
    french = {"templates/buyer-delay/fr.txt": "Subject: Commande {{ order.number }}\n\nVotre commande est en retard.\n"}
    templates = made(**french)
    assert templates.language_for("buyer-delay", "fr-FR") == "fr"
    [line] = said(templates)
    assert line.startswith("templates/*/fr.txt: ")
    assert "templates are missing in fr: answer, " in line
    assert line.endswith("they are written in en instead")


def test_a_language_that_partners_speak_is_told_with_who_speaks_it() -> None:
    [line] = said(made(), pl=["a", "b", "c", "d", "e", "f", "g"])
    assert "in pl (spoken by a, b, c, d, e and 2 more): " in line


def test_sentences_that_a_language_lacks_are_counted() -> None:
    [line] = said(made(**{"templates/reasons/fr.yaml": "order_released: Commande payée.\n"}))
    assert line.startswith("templates/reasons/fr.yaml: ")
