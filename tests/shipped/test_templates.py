import re
from typing import Literal

import pytest
from jinja2 import Environment, nodes

from daemon.domain.finding import Statement
from daemon.domain.inquiry import InquiryState
from daemon.rules.conditions import judge
from daemon.writing.samples import SAMPLES
from daemon.writing.templates import Templates, compile_templates
from tests.unit.reading.sample import shipped_rules
from tests.unit.writing.stock import shipped, shipped_files

LANGUAGES = ("de", "en", "es", "fr", "it", "nl", "pl")
HOW_TO_ANSWER = {
    "de": "antworten Sie einfach auf diese E-Mail",
    "en": "simply reply to this email",
    "es": "Basta con responder a este correo",
    "fr": "Répondez simplement à cet e-mail",
    "it": "Basta rispondere a questa e-mail",
    "nl": "Antwoord gewoon op deze e-mail",
    "pl": "Wystarczy odpowiedzieć na tę wiadomość",
}
UNKNOWN = {
    "de": "nicht bekannt",
    "en": "still missing",
    "es": "sin indicar",
    "fr": "non renseigné",
    "it": "non indicato",
    "nl": "niet opgegeven",
    "pl": "nie podano",
}
NO_PARTY = {
    "de": "an einem Vertrag zwischen Ihnen nicht beteiligt",
    "en": "no party to that contract",
    "es": "no somos parte del contrato",
    "fr": "restons étrangers au contrat",
    "it": "restiamo estranei al contratto",
    "nl": "geen partij bij het contract",
    "pl": "umowa wiąże wyłącznie Państwa i sklep",
}
TO_PARTNERS = sorted(
    name for name in SAMPLES if name.split("-")[0] not in {"buyer", "operator", "forwarded", "copy", "digest"}
)


def test_all_shipped_templates_are_without_a_mistake() -> None:
    assert isinstance(compile_templates(shipped_files()), Templates)


def test_every_template_of_the_house_is_shipped_in_every_language() -> None:
    assert shipped().names == tuple(sorted(SAMPLES))
    assert {shipped().languages(name) for name in SAMPLES} == {LANGUAGES}


def shown_by(file: str, text: str) -> tuple[list[str], list[str]]:
    """What a template shows and asks (`order.number`), and through which filters; `plural` is each language's own."""
    tree = Environment(autoescape=True).parse(text, filename=file)
    names = {name for node in tree.find_all((nodes.Name, nodes.Getattr)) if (name := dotted(node))}
    filters = {f"{dotted(node.node)}|{node.name}" for node in tree.find_all(nodes.Filter)}
    return sorted(names), sorted(one for one in filters if not one.endswith(("|plural", "|length")))


def dotted(node: nodes.Node | None) -> str:
    if isinstance(node, nodes.Name):
        return node.name
    return f"{dotted(node.node)}.{node.attr}" if isinstance(node, nodes.Getattr) else ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_template_shows_the_same_values_in_every_language(language: str) -> None:
    for file, text in shipped_files().items():
        if file.endswith("/en.txt"):
            other = file.replace("/en.txt", f"/{language}.txt")
            assert shown_by(other, shipped_files()[other]) == shown_by(file, text), other


def test_the_samples_know_every_state_of_an_inquiry() -> None:
    assert {data["inquiry"]["state"] for data in SAMPLES["inquiry-status"]} == {state.value for state in InquiryState}


_TAKES_NOTHING = {Statement.NOTHING, Statement.UNCLEAR}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_every_template_is_clean_in_every_language(name: str, language: str) -> None:
    for data in SAMPLES[name]:
        rendered = shipped().render(name, language, data)
        assert "None" not in rendered.text
        assert not re.search(r"\n\n\n|[ \t]\n|[{}]|  +\S+:", rendered.text.replace("\n    ", "\n"))
        assert rendered.text.count("\n") >= 3


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_no_subject_holds_personal_data(name: str, language: str) -> None:
    for data in SAMPLES[name]:
        subject = shipped().render(name, language, data).subject
        assert not re.search("Muster|Beispiel|Greta|Urs|Nova|@|[0-9]{5}", subject)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", TO_PARTNERS)
def test_every_mail_to_a_partner_ends_with_how_to_answer_and_its_reference(name: str, language: str) -> None:
    for data in (one for one in SAMPLES[name] if one.get("partner", name)):
        last = shipped().render(name, language, data).text.rstrip("\n").rpartition("\n")[2]
        assert re.search(HOW_TO_ANSWER[language], last)
        ids = data.get("about") or [
            data[one].get("number") or data[one]["id"] for one in ("order", "inquiry") if one in data
        ]
        assert all(one in last for one in ids)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_operator_need_not_answer_his_own_report(language: str) -> None:
    (own,) = (one for one in SAMPLES["quality-report"] if one["partner"] is None)
    (told, *_) = SAMPLES["operator"]
    last = [
        shipped().render(name, language, data).text.rstrip("\n").rpartition("\n")[2]
        for name, data in (("quality-report", own), ("operator", told))
    ]
    assert last[0] == last[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_order_mail_holds_everything_that_a_label_and_an_invoice_need(language: str) -> None:
    for data in SAMPLES["order"]:
        order = data["order"]
        text = shipped().render("order", language, data).text
        lines = text.split("\n")
        address = order["address"]
        assert {address[part] for part in ("name", "company", "extra", "street", "region") if address[part]} <= set(
            lines
        )
        assert f"{address['postcode']} {address['city']}" in lines
        wanted = [order["number"], order["buyer"]["email"], order["buyer"]["phone"], order["market"]]
        wanted += [line[part] for line in order["lines"] for part in ("sku", "title")]
        assert all(value in text for value in wanted)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_order_mail_asks_for_imeis_and_customs_data_only_when_they_are_due(language: str) -> None:
    inland, abroad, complete = (shipped().render("order", language, data).text for data in SAMPLES["order"])
    assert "IMEI" in inland
    assert "DDP" not in inland
    assert "DDP" in abroad
    assert "8517.13" in abroad
    unknown = UNKNOWN[language]
    gaps = [gap["what"] for gap in SAMPLES["order"][1]["customs_missing"]]
    assert abroad.count(unknown) == len(gaps) > 0
    assert len(re.findall(r"^\S+ 2 ?: [^0-9]+$", abroad, re.MULTILINE)) == len(gaps)
    assert "DDP" in complete
    assert "IMEI" not in complete
    assert unknown not in complete


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_inquiry_mail_carries_the_contact_data_and_keeps_the_merchants_words_apart(language: str) -> None:
    data = SAMPLES["inquiry"][0]
    text = shipped().render("inquiry", language, data).text
    contact = data["merchant"]["contact"]
    wanted = (contact[part] for part in ("person", "phone", "street", "postcode", "city"))
    assert all(value in text for value in wanted)
    assert data["merchant"]["email"] in text
    assert "| Nehmen Sie auch Retouren an?" in text
    assert NO_PARTY[language] in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_mail_to_a_buyer_holds_the_link_in_its_own_line(language: str) -> None:
    data = SAMPLES["buyer-shipped"][0]
    text = shipped().render("buyer-shipped", language, data).text
    assert re.search(r"^\S.*: https://track\.example/de/00340434161094042557$", text, re.MULTILINE)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", TO_PARTNERS)
def test_no_mail_to_a_partner_shows_a_made_up_number(name: str, language: str) -> None:
    bare = "\n".join(text for file, text in shipped_files().items() if f"/{name}/{language}." in file)
    assert not re.search("[0-9]{5}|1Z", bare)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", [name for name in TO_PARTNERS if name != "inquiry-status"])  # decides nothing
def test_no_words_of_ours_are_taken_for_an_answer_when_a_reply_quotes_them(name: str, language: str) -> None:
    about: Literal["order", "inquiry"] = "inquiry" if "inquiry" in SAMPLES[name][0] else "order"
    for data in SAMPLES[name]:
        text = shipped().render(name, language, data).text
        ours = "\n".join(line for line in text.split("\n") if not line.startswith("|"))
        hits, _ = judge(ours, about, shipped_rules())
        said = [(hit.rule, ours[slice(*hit.span)]) for hit in hits if hit.action.say not in _TAKES_NOTHING]
        assert said == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_buyer_is_promised_a_link_only_where_there_is_one(language: str) -> None:
    data = SAMPLES["buyer-shipped"][0]
    parcels = data["shipments"]
    assert isinstance(parcels, list)
    bare = [{**one, "tracking_url": None} for one in parcels if isinstance(one, dict)]
    link = re.compile("link|enlace|lien", re.IGNORECASE)
    assert link.search(shipped().render("buyer-shipped", language, data).text)
    assert not link.search(shipped().render("buyer-shipped", language, {**data, "shipments": bare}).text)


def test_one_piece_is_no_plural_in_english() -> None:
    shown = [shipped().render(name, "en", data).text for name, samples in SAMPLES.items() for data in samples]
    assert any(", 1 pc" in text or ": 1 pc," in text for text in shown)
    assert not [text for text in shown if re.search(r"\b1 pcs", text)]
