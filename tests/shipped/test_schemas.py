"""The shipped schemas are those that the models make, and fit what is shipped and what `check` accepts."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from daemon.app.schemas import schemas
from daemon.rules import strict_yaml

ROOT = Path(__file__).parents[2]
FILES = sorted([ROOT / "config.yaml", *ROOT.glob("rules/**/*.y*ml"), *ROOT.glob("templates/reasons/*.yaml")])


def kind_of(file: Path) -> str:
    """The schema that a YAML file of a workspace goes by."""
    folder = file.parent.name
    return folder if folder in {"partners", "replies", "formats", "carriers", "reasons"} else file.stem


def faults(kind: str, value: Any) -> list[str]:
    validator = Draft202012Validator(json.loads(schemas()[f"{kind}.json"]))
    return [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(value)]


def read(text: str) -> Any:
    value, _, mistakes = strict_yaml.read("x.yaml", text)
    assert mistakes == ()
    return value


def test_the_shipped_schemas_are_those_of_the_models() -> None:
    shipped = {file.name: file.read_text("utf-8") for file in (ROOT / "schemas").iterdir()}
    assert shipped == schemas(), "run `postbote schema`"


@pytest.mark.parametrize("name", schemas())
def test_every_schema_is_one(name: str) -> None:
    Draft202012Validator.check_schema(json.loads(schemas()[name]))


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_every_shipped_file_names_its_schema_and_fits_it(file: Path) -> None:
    text = file.read_text("utf-8")
    up = "../" * (len(file.relative_to(ROOT).parts) - 1)
    assert text.startswith(f"# yaml-language-server: $schema={up}schemas/{kind_of(file)}.json\n")
    assert faults(kind_of(file), read(text)) == []


CONFIG = """\
go_live: 2026-12-01T00:00:00+01:00
operator: ops@shop.example
alert: {command: [notify, "{text}"]}
rules: {backtest: 30d}
mail:
  from: Shop <orders@shop.example>
  reply_domain: "${POSTBOTE_DOMAIN}"
  send: {via: smtp, host: smtp.shop.example, port: "${POSTBOTE_PORT}", user: a, password: "${POSTBOTE_P}"}
  receive: [{via: imap, host: mx.shop.example, user: a, password: 12345, take: "${POSTBOTE_TAKE}"}]
folders: {sellers/acme: {in: /srv/in, poll: 15s}}
"""


def test_a_whole_config_with_variables_fits() -> None:
    assert faults("config", read(CONFIG)) == []


def test_a_plain_number_is_text_where_text_is_wanted() -> None:
    assert faults("partners", read("id: 1001\nrole: seller\nname: 4711\nemail: [a@b.example]\n")) == []


@pytest.mark.parametrize(
    ("kind", "text", "at"),
    [
        ("config", CONFIG + "colour: red\n", "$"),
        ("config", CONFIG.replace("15s", "soon"), "$.folders['sellers/acme'].poll"),
        ("config", CONFIG.replace("30d", "30"), "$.rules.backtest"),
        ("carriers", "carrier: x\nname: X\n", "$"),
        (
            "replies",
            "- {rule: x, when: {says: [a]}, then: {say: perhaps}, examples: [{says: a, then: nothing}]}\n",
            "$",
        ),
        ("reasons", "Code One: x\n", "$"),
    ],
)
def test_a_mistake_shows_in_the_editor_too(kind: str, text: str, at: str) -> None:
    found = faults(kind, read(text))
    assert any(one.startswith(f"{at}: ") for one in found), found
