import pytest

from daemon.domain.reason import Reason, reason
from daemon.errors import Mistake
from daemon.writing.reasons import Reasons, compile_reasons

DE = "templates/reasons/de.yaml"
EN = "templates/reasons/en.yaml"


def catalogue() -> Reasons:
    made = compile_reasons(
        {
            DE: "late: 'Erst am {until:day}, wegen {kind:word}.'\nword_customs: Zoll\nplace_row: Zeile {row}\n"
            "place_cell: Zeile {row}, Spalte {column}\nplace_line: Zeile {line}\n",
            EN: "late: 'Only on {until:day}, because of {kind:word}.'\nword_customs: customs\nplace_row: row {row}\n"
            "place_cell: row {row}, column {column}\nplace_line: line {line}\n",
        }
    )
    assert isinstance(made, Reasons)
    return made


def mistakes(files: dict[str, str]) -> tuple[Mistake, ...]:
    found = compile_reasons(files)
    assert isinstance(found, tuple)
    return found


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("de", "Erst am 2. Dezember 2026, wegen Zoll."),
        ("de-AT", "Erst am 2. Dezember 2026, wegen Zoll."),
        ("en", "Only on 2 December 2026, because of customs."),
        ("pl", "Only on 2 December 2026, because of customs."),
    ],
)
def test_a_reason_is_said_in_the_readers_language_else_in_english(language: str, said: str) -> None:
    assert catalogue().say(reason("late", until="2026-12-02", kind="customs"), language) == said


def test_of_several_words_each_is_looked_up() -> None:
    said = catalogue().say(reason("late", until="2026-12-02", kind="customs, delay, customs"), "de")
    assert said.endswith("wegen Zoll, delay, Zoll.")


def test_an_unknown_code_is_said_with_its_values() -> None:
    assert catalogue().say(reason("strange", a=1, b="x\ny"), "de") == "strange (a=1, b=x y)"
    assert catalogue().say(reason("strange"), "de") == "strange"


def test_a_missing_or_odd_value_does_not_silence_the_sentence() -> None:
    assert catalogue().say(reason("late", until="bald"), "de") == "Erst am bald, wegen ?."


def test_a_value_is_never_read_as_a_placeholder() -> None:
    assert catalogue().say(reason("late", until="{kind}", kind="{until}"), "de") == "Erst am {kind}, wegen {until}."


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("row 4, column imei", "wegen Zoll (Zeile 4, Spalte imei)."),
        ("row 4", "wegen Zoll (Zeile 4)."),
        ("mail text, line 3", "wegen Zoll (Zeile 3)."),
        ("liste.pdf", "wegen Zoll (liste.pdf)."),
    ],
)
def test_the_place_stands_before_the_full_stop_in_the_readers_language(where: str, said: str) -> None:
    one = Reason(code="late", where=where, values={"until": "2026-12-02", "kind": "customs"})
    assert catalogue().say(one, "de").endswith(said)


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ("a: eins\na: zwei\n", 2, "twice"),
        ("a: [1]\n", 1, "one sentence"),
        ("a: ''\n", 1, "one sentence"),
        ("a: eins\nB c: zwei\n", 2, "small letters"),
        ("a: '{x:year}'\n", 1, "KIND"),
        ("a: '{x'\n", 1, "KIND"),
        ("task_a: '{x:word}'\n", 1, "looks nothing up"),
        ("a: 'eins\n\n: [", 3, "YAML"),
        ("- a\n", 1, "map"),
        ("", 1, "map"),
    ],
)
def test_a_mistake_is_told_with_its_line(text: str, line: int, word: str) -> None:
    found = mistakes({DE: text})
    assert word in found[0].problem
    assert found[0].file == DE
    assert found[0].line >= 1 if "YAML" in word else found[0].line == line


def test_nesting_without_end_is_a_mistake() -> None:
    assert mistakes({DE: "[" * 100_000})


def test_a_code_that_english_lacks_is_a_mistake() -> None:
    found = mistakes({DE: "a: eins\nb: zwei\n", EN: "a: one\n"})
    assert [(one.file, one.line) for one in found] == [(EN, 1)]
    assert found[0].problem.startswith("b ")


def test_a_code_that_another_language_lacks_is_said_in_english() -> None:
    made = compile_reasons({DE: "a: eins\n", EN: "a: one\nb: two\n"})
    assert isinstance(made, Reasons)
    assert [made.say(Reason(code=code), "de") for code in "ab"] == ["eins", "two"]


def test_sentences_must_show_the_same_values_in_every_language() -> None:
    found = mistakes({DE: "a: 'eins {x}'\n", EN: "c: x\na: 'one'\n"} | {DE: "c: x\na: 'eins {x}'\n"})
    assert {one.line for one in found} == {2}
    assert all("x" in one.problem for one in found)


def test_words_of_yaml_stay_words() -> None:
    made = compile_reasons({DE: "a: no\nb: 012\n"})
    assert isinstance(made, Reasons)
    assert made.sentences["de"] == {"a": "no", "b": "012"}


def test_a_file_of_another_kind_is_a_mistake() -> None:
    assert mistakes({"templates/reasons/de.txt": "a"})[0].file == "templates/reasons/de.txt"


@pytest.mark.parametrize(
    ("written", "language", "shown"),
    [
        ("100.00", "de", "100 %"),
        ("2.500", "de", "2,5 %"),
        ("98.77", "en", "98.77 %"),
        ("0.00", "pl", "0 %"),
        ("-", "fr", "- %"),
    ],
)
def test_a_number_has_no_more_digits_than_it_needs(written: str, language: str, shown: str) -> None:
    made = Reasons(sentences={language: {"share": "{value:number} %"}})
    assert made.say(Reason(code="share", values={"value": written}), language) == shown


@pytest.mark.parametrize(
    ("written", "language", "shown"),
    [
        ("1299.50 EUR", "de", "1.299,50 €"),
        ("1299.50 EUR", "en", "€1,299.50"),
        ("4.90 GBP", "fr", "4,90 £GB"),
        ("4.90", "de", "4.90"),
        ("viel Geld", "de", "viel Geld"),
    ],
)
def test_money_is_written_as_its_reader_writes_it(written: str, language: str, shown: str) -> None:
    made = Reasons(sentences={language: {"price": "{value:money}"}})
    assert made.say(Reason(code="price", values={"value": written}), language).replace("\u00a0", " ") == shown


def test_a_task_shows_the_values_of_its_sentence() -> None:
    made = compile_reasons({EN: "late: 'Late: {about}. {kind:task}'\ntask_ship: 'Type `order {about}`.'\n"})
    assert isinstance(made, Reasons)
    one = Reason(code="late", values={"about": "A-1", "kind": "ship"})
    assert made.say(one, "en") == "Late: A-1. Type `order A-1`."
