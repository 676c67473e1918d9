"""What a mail of several orders says of which, and how much of an order a parcel holds."""

import pytest
from msgspec.structs import replace

from daemon.domain.document import Mail
from daemon.domain.finding import DeviceNamed, Doubt, Finding, Parcel, Said, Statement, Trouble
from daemon.domain.problem import ProblemKind
from daemon.reading.texts.text_findings import text_findings
from daemon.rules.actions import Action
from daemon.rules.replies import ReplyRule
from tests.unit.reading.sample import DHL_NUMBER, DHL_OTHER, IMEI, IMEI_TWO, RECEIVED, RULEBOOK, context, found_in

OURS = (
    """\
Position 1: 1 Stück, Samsung Galaxy S22 128 GB
    Artikelnummer: GS22-128
Position 2: 2 Stück, Clear Case 6.1
    Artikelnummer: CASE-01
""",
)


def _parcels(text: str, *, ours: tuple[str, ...] = ()) -> list[tuple[str, str | None, int | None]]:
    found = found_in(text, context("A-1001", ours=ours))
    return [(one.number, one.line, one.quantity) for one in found if isinstance(one, Parcel)]


def _doubts(found: tuple[Finding, ...]) -> list[str]:
    return [one.code for one in found if isinstance(one, Doubt)]


@pytest.mark.parametrize(
    ("text", "quantity"),
    [
        (f"2 von 3 Geräten sind raus, DHL {DHL_NUMBER}", 2),
        (f"we have shipped 1 of the 2 phones, DHL {DHL_NUMBER}", 1),
        (f"Beide Handys mit DHL {DHL_NUMBER}", 2),
        (f"eins der iPhones ist heute weg, DHL {DHL_NUMBER}", 1),
        (f"Deux téléphones, colis DHL {DHL_NUMBER}", 2),
        (f"2 Pakete, DHL {DHL_NUMBER}", None),
        (f"Paket 1 von 2: DHL {DHL_NUMBER}", None),
        (f"DHL {DHL_NUMBER}", None),
    ],
)
def test_pieces_are_counted_and_parcels_are_not(text: str, quantity: int | None) -> None:
    assert _parcels(text) == [(DHL_NUMBER, None, quantity)]


def test_each_parcel_holds_as_many_pieces_as_imeis_follow_it() -> None:
    text = f"DHL {DHL_NUMBER}, IMEI {IMEI}\nDHL {DHL_OTHER}, IMEI {IMEI_TWO}"
    assert _parcels(text) == [(DHL_NUMBER, None, 1), (DHL_OTHER, None, 1)]


def test_one_piece_each_holds_for_all_parcels() -> None:
    text = f"Zwei Pakete, je ein Gerät:\nDHL {DHL_NUMBER}\nDHL {DHL_OTHER}"
    assert _parcels(text) == [(DHL_NUMBER, None, 1), (DHL_OTHER, None, 1)]


def test_an_article_is_known_by_its_name_and_by_what_people_call_it() -> None:
    assert _parcels(f"Galaxy: DHL {DHL_NUMBER}, Hülle: DHL {DHL_OTHER}", ours=OURS) == [
        (DHL_NUMBER, "1", None),
        (DHL_OTHER, "2", None),
    ]


def test_articles_that_lie_together_in_a_parcel_are_each_told() -> None:
    found = _parcels(f"Telefon und Hülle in einem Paket: DHL {DHL_NUMBER}", ours=OURS)
    assert found == [(DHL_NUMBER, "1", None), (DHL_NUMBER, "2", None)]


@pytest.mark.parametrize("both", ["S22 u. Hülle", "S22/Hülle", "Hülle u S22"])
def test_a_short_and_joins_two_articles_as_well(both: str) -> None:
    assert sorted(_parcels(f"{both} raus: DHL {DHL_NUMBER}", ours=OURS)) == [
        (DHL_NUMBER, "1", None),
        (DHL_NUMBER, "2", None),
    ]


def test_an_article_that_is_named_once_more_does_not_leave_the_other_behind() -> None:
    found = _parcels(f"Phone and case left today, DHL {DHL_NUMBER}. The Samsung has IMEI {IMEI}", ours=OURS)
    assert sorted(found) == [(DHL_NUMBER, "1", None), (DHL_NUMBER, "2", None)]


def test_an_article_of_a_long_line_stays_behind_too() -> None:
    text = f"Das Handy ist heute Mittag gut verpackt auf die Reise gegangen, ohne die Hülle.\nDHL {DHL_NUMBER}"
    assert _parcels(text, ours=OURS) == [(DHL_NUMBER, "1", None)]


def test_contents_that_are_listed_go_line_by_line() -> None:
    text = f"Pos 1: 1 Stück\nPos 2: 2 Stück\nDHL {DHL_NUMBER}"
    assert _parcels(text) == [(DHL_NUMBER, "1", 1), (DHL_NUMBER, "2", 2)]


@pytest.mark.parametrize("text", [f"DHL {DHL_NUMBER} und …58", f"DHL {DHL_NUMBER}, the other one ends in 859"])
def test_a_shortened_number_is_held_and_never_completed(text: str) -> None:
    found = found_in(text)
    assert [one.number for one in found if isinstance(one, Parcel)] == [DHL_NUMBER]
    assert _doubts(found) == ["number_shortened"]


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        (f"IMEI1: {IMEI}\nIMEI2: {IMEI_TWO}", True),
        (f"IMEI 1 {IMEI}, IMEI 2 {IMEI_TWO}", True),
        (f"SIM 1 IMEI: {IMEI}, SIM 2 IMEI: {IMEI_TWO}", True),
        (f"IMEI {IMEI} (SIM 2: {IMEI_TWO})", True),
        (f"1. {IMEI}\n2. {IMEI_TWO}", False),
        (f"Gerät 1 {IMEI}, Gerät 2 {IMEI_TWO}", False),
    ],
)
def test_the_second_imei_of_a_telephone_goes_with_its_first(text: str, pair: bool) -> None:
    found = [(one.imei, one.second) for one in found_in(text) if isinstance(one, DeviceNamed)]
    assert found == ([(IMEI, IMEI_TWO)] if pair else [(IMEI, None), (IMEI_TWO, None)])


def test_a_problem_is_told_once_with_the_day_of_the_next_sentence() -> None:
    found = found_in("Leider geht erst später was. Neuer Versandtermin ist der 01.12.2026.")
    assert [(one.problem, str(one.until)) for one in found if isinstance(one, Trouble)] == [("delay", "2026-12-01")]


def test_a_day_that_the_next_sentence_names_for_another_order_is_not_the_new_one() -> None:
    found = found_in("A-1001 geht erst später raus. A-1002 geht am 01.12.2026 raus.", context("A-1001", "A-1002"))
    assert [(one.order, one.until) for one in found if isinstance(one, Trouble)] == [("A-1001", None)]


def test_a_day_that_the_clause_before_names_for_another_order_is_not_the_new_one() -> None:
    found = found_in("A-1001 geht morgen raus, A-1002 ist nicht lieferbar.", context("A-1001", "A-1002"))
    assert [(one.order, one.until) for one in found if isinstance(one, Trouble)] == [("A-1002", None)]


def test_a_day_that_the_next_sentence_denies_is_not_the_new_one() -> None:
    found = found_in("Leider geht erst später was. Bis Freitag sicher nichts.")
    assert [(one.problem, one.until) for one in found if isinstance(one, Trouble)] == [("delay", None)]


@pytest.mark.parametrize(
    "following",
    [
        "Die Hülle geht morgen raus.",
        "The rest ships tomorrow.",
        "La coque part demain.",
        "La custodia parte domani.",
        "La funda sale mañana.",
        "Het hoesje gaat morgen weg.",
        "Etui wyślemy jutro.",
        "Am Montag ist bei uns Inventur.",
    ],
)
def test_a_day_of_another_thing_is_not_the_new_one(following: str) -> None:
    found = found_in(f"Das Galaxy ist nicht lieferbar. {following}", context("A-1001", ours=OURS))
    assert [one.until for one in found if isinstance(one, Trouble)] == [None]


def test_a_day_of_the_same_thing_is_the_new_one() -> None:
    found = found_in("Das Galaxy ist nicht lieferbar. Das S22 kommt am 7.12. wieder.", context("A-1001", ours=OURS))
    assert [str(one.until) for one in found if isinstance(one, Trouble)] == ["2026-12-07"]


@pytest.mark.parametrize(
    "text",
    [
        "It arrives here on Monday and will ship on 2 December.",
        "Wird Freitag verpackt und Mittwoch versendet.",
    ],
)
def test_the_day_that_counts_is_that_on_which_something_leaves(text: str) -> None:
    will_ship = ReplyRule(rule="will", about="order", says=("will ship", "wird"), then=Action(say=Statement.WILL_SHIP))
    mail = Mail(sender="orders@acme.example", new_text=text)
    found = text_findings(mail, context("A-1001"), replace(RULEBOOK, replies=(will_ship,)), RECEIVED.date())[0]
    assert [str(one.until) for one in found if isinstance(one, Said)] == ["2026-12-02"]


def test_goods_that_only_come_in_leave_on_the_day_of_the_next_sentence() -> None:
    found = found_in("The covers arrive later, on Monday. Ich verschicke sie dann am Dienstag, den 1.12.")
    assert [str(one.until) for one in found if isinstance(one, Trouble)] == ["2026-12-01"]


def test_a_heading_speaks_of_the_orders_under_it() -> None:
    found = found_in("Bestätigt:\nA-1001\nA-1002\n\nSorry, A-1003 fehlt noch.", context("A-1001", "A-1002", "A-1003"))
    assert [(one.order, one.statement) for one in found if isinstance(one, Said)] == [
        ("A-1001", Statement.ACCEPTED),
        ("A-1002", Statement.ACCEPTED),
        # Of which nothing is understood beside the others.
        ("A-1003", Statement.UNCLEAR),
    ]


def test_a_parcel_on_its_way_to_the_customer_is_no_number_of_his() -> None:
    assert _parcels(f"Auf dem Weg zum Kunden. DHL {DHL_NUMBER}") == [(DHL_NUMBER, None, None)]


def test_an_order_built_like_ours_is_another_order_and_not_ours() -> None:
    found = found_in(f"A-1001: DHL {DHL_NUMBER}\nA-0777: DHL {DHL_OTHER}")
    assert [(one.number, one.order) for one in found if isinstance(one, Parcel)] == [
        (DHL_NUMBER, "A-1001"),
        (DHL_OTHER, "A-0777"),
    ]


def test_a_subject_of_ours_gives_a_number_no_order_where_we_asked_about_two() -> None:
    found = found_in(f"DHL {DHL_NUMBER}", context("A-1001", "A-1002"), "Re: Bestellung A-1001")
    assert [one.order for one in found if isinstance(one, Parcel)] == [None]
    assert not [one for one in found if isinstance(one, Said)]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        (f"Heute raus: {DHL_NUMBER}. Sorry, richtig ist {DHL_OTHER}.", [DHL_OTHER]),
        (f"Heute raus: {DHL_NUMBER}.\nSorry, the correct number is {DHL_OTHER}", [DHL_OTHER]),
        (f"Heute raus: {DHL_NUMBER}. Sorry, richtig ist nicht {DHL_OTHER}.", [DHL_NUMBER, DHL_OTHER]),
        (f"Heute raus: {DHL_NUMBER}. Sorry, das zweite, richtig ist {DHL_OTHER}.", [DHL_NUMBER, DHL_OTHER]),
        (f"Sorry, richtig ist {DHL_OTHER}, nicht {DHL_NUMBER}.", [DHL_OTHER, DHL_NUMBER]),
    ],
)
def test_a_number_that_its_own_mail_takes_back_is_not_read(text: str, numbers: list[str]) -> None:
    corrects = ReplyRule(rule="slip", about="order", says=("sorry",), then=Action(say=Statement.CORRECTION))
    mail = Mail(sender="orders@acme.example", new_text=text)
    found = text_findings(mail, context("A-1001"), replace(RULEBOOK, replies=(corrects,)), RECEIVED.date())[0]
    assert [one.number for one in found if isinstance(one, Parcel)] == numbers
    taken_back = [one.instead for one in found if isinstance(one, Said)]
    assert taken_back == [DHL_NUMBER if len(numbers) == 1 else ""]


def test_a_reason_before_a_new_day_takes_nothing_back() -> None:
    late = ReplyRule(rule="late", about="order", says=("versand erst",), then=Action(problem=ProblemKind.DELAY))
    sent = ReplyRule(rule="sent", about="order", says=("ist weg",), then=Action(say=Statement.SHIPPED))
    soft = ReplyRule(rule="but", about="order", says=("nicht",), otherwise=True, then=Action(say=Statement.UNCLEAR))

    def said(text: str) -> list[str]:
        mail = Mail(sender="orders@acme.example", new_text=text)
        found = text_findings(mail, context("A-1001"), replace(RULEBOOK, replies=(late, sent, soft)), RECEIVED.date())[
            0
        ]
        return sorted(one.rule for one in found if isinstance(one, Said | Trouble))

    assert said("Der Drucker will nicht. Versand erst am 30.11.2026.") == ["late"]
    assert said("Versand erst am 30.11.2026. Der Drucker will nicht.") == ["late"]
    assert said("Der Drucker will nicht. Ich hole mir Kaffee. Versand erst am 30.11.2026.") == ["late"]
    assert said("Versand erst am 30.11.2026. Der Kunde will nicht.") == ["but", "late"]
    assert said("Versand erst am 30.11.2026. Aber sicher ist das nicht.") == ["but", "late"]
    assert said("Versand erst am 30.11.2026. Wir suchen, finden es nicht.") == ["but", "late"]
    assert said("Falls das Geld nicht kommt. Versand erst am 30.11.2026.") == ["but", "late"]
    assert said("Das stimmt nicht.") == ["but"]
    assert said("Das Handy ist weg. Die Hülle nicht. Deren Versand erst am 30.11.2026.\n\nStimmt nicht.") == [
        "but",
        "late",
        "sent",
    ]


def test_a_column_of_zeros_says_nothing_of_its_head() -> None:
    follows = ReplyRule(rule="rest", about="order", says=("to follow",), then=Action(say=Statement.PARTIAL))
    rules = replace(RULEBOOK, replies=(follows,))

    def said(count: int) -> list[Statement]:
        text = f"Line  SKU  Sent  To follow\n1     AB-1  2     {count}"
        mail = Mail(sender="x@acme.example", new_text=text)
        found = text_findings(mail, context("A-1001"), rules, RECEIVED.date())[0]
        return [one.statement for one in found if isinstance(one, Said)]

    assert said(0) == []
    assert said(1) == [Statement.PARTIAL]


def test_what_is_listed_as_to_follow_is_no_contents_of_the_parcel() -> None:
    rows = [("1", "iPhone 13", "IP13"), ("2", "iPad 9", "PAD9")]
    ours = "\n".join(f"Position {at}: 1 Stück, Apple {name}\n    Artikelnummer: {sku}" for at, name, sku in rows)
    follows = ReplyRule(rule="rest", about="order", says=("follow", "partial"), then=Action(say=Statement.PARTIAL))

    def lines(heading: str) -> list[str | None]:
        text = f"Sent: {DHL_NUMBER}\nLine 1  IP13  1 pc\n{heading}\nLine 2  PAD9  1 pc"
        mail = Mail(sender="x@acme.example", new_text=text)
        state = replace(context("A-1001"), ours=(ours,))
        found = text_findings(mail, state, replace(RULEBOOK, replies=(follows,)), RECEIVED.date())[0]
        return [one.line for one in found if isinstance(one, Parcel)]

    assert lines("To follow:") == ["1"]
    assert lines("To follow:\n") == ["1"]
    assert lines("Partial delivery:") == [None]
    assert lines("And:") == ["1", "2"]
