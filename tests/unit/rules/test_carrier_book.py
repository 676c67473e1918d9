"""All carriers together answer as they do one by one."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.domain.identifiers import TrackingNumber
from daemon.rules import carrier_book
from daemon.rules.carrier_book import CarrierBook
from daemon.rules.carriers import Carrier, NumberForm, Recognition, carrier_named, recognise
from tests.unit.reading.sample import shipped_rules

_CARRIERS = shipped_rules().carriers
_BOOK = CarrierBook(_CARRIERS)

_LEADS = st.sampled_from(["", "1Z", "JJD0", "0034", "00340434", "H0", "RR", "CX", "32", "E", "420"])
_NUMBERS = st.builds(
    "{}{}{}".format,
    _LEADS,
    st.text("0123456789", max_size=26),
    st.sampled_from(["", "DE", "FR", "GB", "NL", "A", " 1", "ä", "٣"]),
)


def _plainly(number: str, carriers: Sequence[Carrier], *, labelled: bool) -> Recognition:
    return recognise(number, carriers, None, None, labelled=labelled)


@given(_NUMBERS, st.booleans())
def test_a_number_is_whose_it_is_among_all_carriers(number: str, labelled: bool) -> None:
    found, plain = _BOOK.recognise(number, labelled=labelled), _plainly(number, _CARRIERS, labelled=labelled)
    if plain.code == "suspect_characters":
        assert not found.ok
    else:
        assert found == plain


@given(st.lists(st.sampled_from(["DHL", "express", "UPS", "GLS", "post", "at", "_", "Paket", "1", "dpd", "ä"])))
def test_a_text_names_whom_it_names_among_all_carriers(words: list[str]) -> None:
    assert _BOOK.named(" ".join(words)) == carrier_named(" ".join(words), _CARRIERS)


def test_forms_that_do_not_fit_together_are_asked_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carrier_book, "_MEMORY", 20_000)
    cramped = CarrierBook(_CARRIERS)
    for number in ("00340434161094042557", "1Z999AA10123456784", "RR123456785DE", "nothing"):
        assert cramped.recognise(number) == _BOOK.recognise(number)


def test_a_form_that_looks_around_or_back_is_known_by_its_own_engine() -> None:
    odd = Carrier(id="odd", name="Odd", numbers=(NumberForm(pattern=r"(?!99)([0-9]{4})\1", alone=True),))
    book = CarrierBook([odd])
    assert book.recognise("12341234") == Recognition(number=TrackingNumber("12341234"), carrier=odd, ok=True, sure=True)
    assert book.recognise("12341235").code == book.recognise("99129912").code == "number_unknown_form"
