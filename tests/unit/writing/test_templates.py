import pytest

from daemon.errors import Mistake
from daemon.writing.samples import SAMPLES
from daemon.writing.templates import Rendered, Templates, UnrenderableError, compile_templates
from tests.unit.writing.stock import bilingual, changed, shipped

ORDER_EN = "templates/order/en.txt"
REMINDER_DE = "templates/reminder-ship/de.txt"


def mistakes(files: dict[str, str]) -> tuple[Mistake, ...]:
    found = compile_templates(files)
    assert isinstance(found, tuple)
    return found


def one_mistake(body: str, file: str = REMINDER_DE) -> Mistake:
    found = mistakes(changed(file, f"Subject: x\n\n{body}\n"))
    assert len(found) == 1, found
    return found[0]


def relayed(text: str) -> Rendered:
    return shipped().render("relay", "de", {**SAMPLES["relay"][0], "text": text})


def test_the_first_line_is_the_subject_and_the_rest_the_text() -> None:
    rendered = shipped().render("reminder-ship", "en", SAMPLES["reminder-ship"][0])
    assert rendered.subject == "Order A-1001: ship-by date is near"
    assert rendered.text.startswith("Hello Acme Mobile GmbH,\n\norder A-1001 has to leave by Friday, 27 November 2026")


def test_a_syntax_error_is_told_with_its_line() -> None:
    mistake = one_mistake("Guten Tag\n{% if overdue %}\nohne Ende")
    assert (mistake.file, mistake.line) == (REMINDER_DE, 5)
    assert "endif" in mistake.problem


def test_an_undefined_name_is_told_with_its_line() -> None:
    mistake = one_mistake("eins\nzwei {{ ordr.number }}")
    assert (mistake.line, mistake.problem) == (4, "'ordr' is undefined")


def test_an_undefined_entry_of_a_record_is_told_with_its_line() -> None:
    mistake = one_mistake("eins\n\n{{ order.nummer }}")
    assert (mistake.line, mistake.problem) == (5, "there is no `nummer` here")


def test_an_undefined_name_in_a_branch_that_no_sample_takes_is_told_too() -> None:
    assert one_mistake("{% if order.number == 'Z' %}{{ nobody }}{% endif %}").problem == "'nobody' is undefined"


def test_a_mistake_in_a_subject_is_on_line_one() -> None:
    found = mistakes(changed(REMINDER_DE, "Subject: {{ order.nummer }}\n\nText\n"))
    assert [(one.file, one.line) for one in found] == [(REMINDER_DE, 1)]


def test_a_mistake_in_a_part_is_told_in_the_part() -> None:
    found = mistakes(changed("templates/_parts/address/de.txt", "{{ address.name }}\n{{ address.planet }}\n"))
    assert {(one.file, one.line) for one in found} == {("templates/_parts/address/de.txt", 2)}


def test_all_mistakes_are_told_at_once() -> None:
    files = changed(REMINDER_DE, "Subject: x\n\n{{ a }}\n{{ b }}\n") | {ORDER_EN: "Subject: x\n\n{% for %}\n"}
    assert [(one.file, one.line) for one in mistakes(files)] == [(REMINDER_DE, 3), (REMINDER_DE, 4), (ORDER_EN, 3)]


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ("Betreff: x\n\nText\n", 1, "Subject"),
        ("Subject: x\nText\n", 2, "blank"),
        ("Subject: x\n\n", 3, "no text"),
        ("Subject: {{ '' }}\n\nText\n", 1, "empty"),
        ("", 1, "Subject"),
    ],
)
def test_a_template_without_its_form_is_a_mistake(text: str, line: int, word: str) -> None:
    found = mistakes(changed(REMINDER_DE, text))
    assert (found[0].file, found[0].line) == (REMINDER_DE, line)
    assert word in found[0].problem


def test_a_template_that_a_language_lacks_is_written_in_the_other() -> None:
    files = {name: text for name, text in bilingual().items() if name != ORDER_EN}
    templates = compile_templates(files)
    assert isinstance(templates, Templates)
    assert templates.language_for("order", "en") == "de"


def test_a_template_that_neither_english_nor_german_has_is_a_mistake() -> None:
    files = {name.replace("order/en.", "order/fr."): text for name, text in bilingual().items()}
    del files["templates/order/de.txt"]
    found = mistakes(files)
    assert ORDER_EN in {one.file for one in found}
    assert any("neither in English nor in German" in one.problem for one in found)


def test_a_template_that_no_language_has_is_a_mistake() -> None:
    files = {name: text for name, text in bilingual().items() if "/operator/" not in name}
    assert [one.file for one in mistakes(files)] == ["templates/operator/en.txt"]


def test_a_file_that_is_no_template_is_a_mistake() -> None:
    assert mistakes(changed("templates/order/de.html", "<p>"))[0].file == "templates/order/de.html"


def test_a_further_language_is_picked_up_by_itself() -> None:
    french = {name.replace("/en.", "/fr."): text for name, text in bilingual().items() if "/en." in name}
    templates = compile_templates({**bilingual(), **french})
    assert isinstance(templates, Templates)
    rendered = templates.render("buyer-delay", "fr-FR", SAMPLES["buyer-delay"][0])
    assert "2 décembre 2026" in rendered.text


def test_a_users_own_template_is_tried_with_the_data_of_the_one_it_extends() -> None:
    own = {f"templates/reminder-ship-last/{one}.txt": "Subject: {{ order.nr }}\n\nx\n" for one in ("de", "en")}
    assert {one.file for one in mistakes({**bilingual(), **own})} == set(own)


@pytest.mark.parametrize(
    ("wanted", "used"), [("de", "de"), ("de-AT", "de"), ("en", "en"), ("pl-PL", "pl"), ("sv-SE", "en"), ("", "en")]
)
def test_a_missing_language_falls_back_to_english(wanted: str, used: str) -> None:
    assert shipped().language_for("order", wanted) == used


def test_without_english_german_is_used() -> None:
    german = compile_templates({name: text for name, text in bilingual().items() if "/de." in name})
    assert isinstance(german, Templates)
    assert german.language_for("order", "pl") == "de"


def test_an_unknown_template_cannot_be_rendered() -> None:
    with pytest.raises(UnrenderableError, match="no template"):
        shipped().render("nothing", "de", {})


def test_missing_data_are_an_error_and_never_a_gap() -> None:
    with pytest.raises(UnrenderableError, match="order"):
        shipped().render("reminder-ship", "de", {"partner": {"name": "A"}, "overdue": False})


@pytest.mark.parametrize("code", ["{{ 7*7 }}", "{% for x in y %}", "{# weg #}", "${7*7}", "{{ order.__class__ }}"])
def test_template_signs_in_a_text_stay_as_they_are(code: str) -> None:
    assert f"| {code}" in relayed(code).text


@pytest.mark.parametrize(
    "attack",
    [
        "{{ ''.__class__ }}",
        "{{ order.__class__.__mro__ }}",
        "{{ order['__class__'] }}",
        "{{ order|attr('__class__') }}",
        "{{ order.lines.append(1) }}",
        "{{ order.number.upper() }}",
        "{{ 'a' * 1000000000 }}",
        "{{ 10 ** 10000000 }}",
        "{{ '%1000000000d' % 1 }}",
        "{{ '{:1000000000}'.format(1) }}",
        "{{ 'x'|center(1000000000) }}",
        "{% for n in range(1000000000) %}{% endfor %}",
        "{{ lipsum() }}",
        "{{ cycler.__init__.__globals__ }}",
        "{{ self.__init__ }}",
        "{{ namespace() }}",
        "{% include order.number %}",
        "{% include '../config.yaml' %}",
        "{% import 'order' as o %}",
        "{% extends 'order' %}",
        "{{ order.number|pprint }}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% for line in order.lines recursive %}{{ loop(order.lines) }}{% endfor %}",
        "{% call x() %}{% endcall %}",
    ],
)
def test_a_template_that_reaches_beyond_its_data_is_refused(attack: str) -> None:
    assert {one.file for one in mistakes(changed(REMINDER_DE, f"Subject: x\n\n{attack}\n"))} == {REMINDER_DE}


def test_a_part_that_includes_itself_is_a_mistake() -> None:
    found = mistakes(changed("templates/_parts/address/de.txt", '{% include "_parts/address" %}\n'))
    assert found


def test_a_field_with_line_ends_cannot_build_lines_of_its_own() -> None:
    order = SAMPLES["order"][0]["order"]
    data = {
        **SAMPLES["order"][0],
        "order": {**order, "buyer": {**order["buyer"], "name": "Eva\n\nBESTELLUNG\u2028X\x00"}},
    }
    assert "\nName: Eva BESTELLUNG X\n" in shipped().render("order", "de", data).text


def test_a_text_keeps_its_lines_but_none_escapes_its_mark() -> None:
    text = relayed("eins\r\nzwei\u2028drei\x0bvier\x85fünf").text
    assert "| eins\n| zwei\n| drei\n| vier\n| fünf\n" in text


def test_rendering_changes_no_data() -> None:
    data = {**SAMPLES["order"][0]}
    before = repr(data)
    shipped().render("order", "de", data)
    assert repr(data) == before


def test_windows_line_ends_and_a_byte_order_mark_do_not_matter() -> None:
    text = "\ufeff" + bilingual()[REMINDER_DE].replace("\n", "\r\n")
    templates = compile_templates(changed(REMINDER_DE, text))
    assert isinstance(templates, Templates)
    data = SAMPLES["reminder-ship"][0]
    assert templates.render("reminder-ship", "de", data) == shipped().render("reminder-ship", "de", data)


def test_data_nested_without_end_are_refused() -> None:
    deep: dict[str, object] = {}
    for _ in range(50):
        deep = {"x": deep}
    with pytest.raises(UnrenderableError):
        shipped().render("relay", "de", deep)
