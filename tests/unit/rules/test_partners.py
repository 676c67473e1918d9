"""Partners: who may speak for whom."""

from daemon.domain.partner import Contact, Role, Warehouse
from daemon.rules.partners import read_partners

_SELLER = "- {id: acme, role: seller, name: Acme, email: [orders@acme.example]}\n"


def _problems(*texts: str) -> list[tuple[str, int, str]]:
    files = [(f"rules/partners/{place}.yaml", text) for place, text in enumerate(texts)]
    return [(wrong.file[-6:], wrong.line, wrong.problem) for wrong in read_partners(files)[1]]


def test_a_partner_is_read_with_all_its_parts() -> None:
    text = """
- id: nova
  role: merchant
  name: Nova Handels GmbH
  email: [einkauf@nova.example, "@nova-zwei.example"]
  market: at
  contact: {person: Ada Muster, phone: "+49 30 1", street: Weg 1, postcode: 01067, city: Dresden, country: DE}
- id: lager
  role: fulfiller
  name: Lager
  email: [a@lager.example]
  language: en
  timezone: Europe/Vienna
  warehouses: [{id: W-1, name: Eins, country: AT}]
"""
    (nova, lager), mistakes = read_partners([("rules/partners/a.yaml", text)])
    assert mistakes == []
    assert nova.role is Role.MERCHANT
    assert nova.market == "de-AT"
    assert nova.contact == Contact(
        person="Ada Muster", phone="+49 30 1", street="Weg 1", postcode="01067", city="Dresden", country="DE"
    )
    assert lager.language == "en"
    assert lager.warehouses == (Warehouse(id="W-1", name="Eins", country="AT"),)


def test_a_usual_warehouse_that_nobody_has_is_told() -> None:
    lager = (
        "- {id: l, role: fulfiller, name: L, email: [l@l.example], warehouses: [{id: W-1, name: Eins, country: AT}]}"
    )
    merchant = "- id: m\n  role: merchant\n  name: M\n  email: [m@m.example]\n  warehouse: "
    assert _problems(lager, merchant + "W-1") == []
    assert _problems(lager, merchant + "W-2") == [("1.yaml", 5, "no fulfiller has a warehouse `W-2`")]


def test_an_id_that_stands_twice_is_told_with_both_places() -> None:
    other = "- {id: Acme, role: fulfiller, name: B, email: [b@b.example]}"
    assert _problems(_SELLER, other) == [("1.yaml", 1, "the id `Acme` is taken by rules/partners/0.yaml:1")]


def test_a_domain_of_a_public_mail_provider_is_refused() -> None:
    problems = _problems('- id: a\n  role: seller\n  name: A\n  email: ["@Gmail.com"]\n')
    assert problems[0][1] == 4
    assert "public mail provider" in problems[0][2]


def test_an_address_at_a_public_mail_provider_is_fine() -> None:
    assert _problems("- {id: a, role: seller, name: A, email: [acme@gmail.com]}") == []


def test_a_bad_address_is_a_mistake() -> None:
    for address in ("acme", "a@b", "a b@c.example", "Acme <a@b.example>", "a..b@c.example", "@", "a@b@c.example"):
        assert "`email`" in _problems(f"- {{id: a, role: seller, name: A, email: ['{address}']}}")[0][2], address


def test_an_unknown_time_zone_is_a_mistake() -> None:
    for zone in ("Mars/Olympus", "../etc/passwd", "Europe"):
        problems = _problems(f"- id: a\n  role: seller\n  name: A\n  email: [a@b.example]\n  timezone: {zone}\n")
        assert problems == [("0.yaml", 5, f"`timezone`: no time zone is called `{zone}`")]


def test_an_unknown_role_is_a_mistake() -> None:
    assert _problems("- {id: a, role: courier, name: A, email: [a@b.example]}")[0][2].startswith("`role`")


def test_an_unknown_market_is_a_mistake() -> None:
    assert "`market`" in _problems("- {id: a, role: seller, name: A, email: [a@b.example], market: de-XX}")[0][2]


def test_an_id_that_could_leave_its_folder_is_a_mistake() -> None:
    for bad in ("../a", ".a", "a/b", "a b", ""):
        assert "`id`" in _problems(f"- {{id: '{bad}', role: seller, name: A, email: [a@b.example]}}")[0][2], bad


def test_one_address_cannot_speak_for_two_sellers() -> None:
    other = "- id: b\n  role: seller\n  name: B\n  email:\n    - b@b.example\n    - Orders@ACME.example\n"
    assert _problems(_SELLER, other) == [
        ("1.yaml", 6, "`Orders@ACME.example` speaks for the seller `acme` already (rules/partners/0.yaml:1)")
    ]


def test_one_address_may_speak_for_a_seller_and_a_fulfiller() -> None:
    assert _problems(_SELLER, "- {id: b, role: fulfiller, name: B, email: [orders@acme.example]}") == []


def test_a_table_has_the_same_names_as_the_list() -> None:
    text = (
        "\ufeffid;role;name;email;contact.person;contact.postcode;warehouses.id;warehouses.name;warehouses.country\r\n"
        'lager;fulfiller;"Lager; Mitte";a@l.example, b@l.example;Ada;01067;W1|W2;Eins|Zwei;DE|AT\r\n'
        "\r\n"
        "acme;seller;Acme;o@acme.example;;;;;\r\n"
    )
    (lager, acme), mistakes = read_partners([("rules/partners/many.csv", text)])
    assert mistakes == []
    assert lager.name == "Lager; Mitte"
    assert lager.email == ("a@l.example", "b@l.example")
    assert lager.contact == Contact(person="Ada", postcode="01067")
    assert [(one.id, one.country) for one in lager.warehouses] == [("W1", "DE"), ("W2", "AT")]
    assert acme.contact is None
    assert acme.warehouses == ()


def test_mistakes_in_a_table_have_the_line_of_their_row() -> None:
    text = "id,role,name,email,colour\na,seller,A,a@a.example,\nb,seler,B,b,red\nc,seller,C,c@c.example,,,x\n"
    wrong = read_partners([("rules/partners/many.csv", text)])[1]
    assert [(one.line, one.problem.split(":")[0]) for one in wrong] == [
        (3, "`role`"),
        (3, "`email`"),
        (3, "`colour`"),
        (4, "more cells than the header has"),
    ]


def test_a_table_that_breaks_off_is_a_mistake() -> None:
    wrong = read_partners([("rules/partners/many.csv", 'id,role\n"a')])[1]
    assert wrong[0].problem.startswith("not readable as CSV")


def test_every_wrong_address_of_a_partner_is_told() -> None:
    [(_, _, problem)] = _problems("- {id: a, role: seller, name: A, email: [a@b.example, x, '@y', '@gmail.com']}")
    assert all(f"`{wrong}`" in problem for wrong in ("x", "@y", "@gmail.com"))


def test_what_is_written_in_another_form_is_told_in_words() -> None:
    wrong = "- {id: 'a b', role: courier, name: A, email: [a@b.example], language: deutsch}"
    assert [problem for _, _, problem in _problems(wrong)] == [
        "`id`: must be an id of letters, digits, dots and hyphens, such as acme",
        "`role`: must be merchant, fulfiller or seller",
        "`language`: must be a language of two small letters (ISO 639-1), such as de",
    ]


def test_a_code_that_no_language_or_country_has_is_a_mistake() -> None:
    text = (
        "- {id: a, role: fulfiller, name: A, email: [a@b.example], language: xx,\n"
        "   warehouses: [{id: W, name: One, country: XX}]}\n"
    )
    assert [problem for _, _, problem in _problems(text)] == [
        "`language`: must be a language of two small letters (ISO 639-1), such as de",
        "`warehouses[1].country`: must be a country code of two capital letters (ISO 3166), such as DE",
    ]


def test_the_country_of_contact_data_is_a_code_or_still_missing() -> None:
    text = "- {id: a, role: merchant, name: A, email: [a@b.example], contact: {city: Berlin, country: %s}}\n"
    assert "`contact.country`" in _problems(text % "XX")[0][2]
    assert _problems(text % "''") == []


def test_a_market_in_a_language_that_nobody_speaks_is_a_mistake() -> None:
    assert "`market`" in _problems("- {id: a, role: seller, name: A, email: [a@b.example], market: xx-DE}")[0][2]


def test_two_warehouses_with_one_id_are_a_mistake() -> None:
    text = (
        "- id: a\n  role: fulfiller\n  name: A\n  email: [a@b.example]\n  warehouses:\n"
        "    - {id: W, name: One, country: DE}\n    - {id: W, name: Two, country: DE}\n"
    )
    assert [problem for _, _, problem in _problems(text)] == ["`warehouses`: `W` is the id of two warehouses"]
