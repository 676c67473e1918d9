"""The Union's territory is not a list of country codes."""

import pytest

from daemon.domain.territory import incoterm, inside_eu


@pytest.mark.parametrize(
    ("country", "postcode"),
    [
        ("CH", "8001"),
        ("GB", "SW1A 1AA"),
        ("US", "10001"),
        ("ES", "35001"),
        ("ES", "38400"),
        ("ES", "51001"),
        ("ES", "52006"),
        ("DE", "78266"),
        ("DE", "27498"),
        ("IT", "23041"),
        ("FI", "22100"),
        ("FR", "97400"),
    ],
)
def test_outside_the_territory_goods_travel_duty_paid(country: str, postcode: str) -> None:
    assert incoterm(country, postcode) == "DDP"


@pytest.mark.parametrize(
    ("country", "postcode"),
    [
        ("DE", "10115"),
        ("ES", "28001"),
        ("IT", "20121"),
        ("FI", "00100"),
        ("MC", "98000"),
        ("GB", "BT1 5GS"),
        ("at", "1010"),
    ],
)
def test_inside_the_territory_nothing_is_due(country: str, postcode: str) -> None:
    assert inside_eu(country, postcode)
    assert incoterm(country, postcode) is None
