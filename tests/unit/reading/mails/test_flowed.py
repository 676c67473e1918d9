"""Lines that a program broke are whole again."""

import pytest

from daemon.reading.mails.flowed import unflowed
from tests.unit.reading.sample import DHL_NUMBER, eml, mail_of


@pytest.mark.parametrize(
    ("text", "joined", "whole"),
    [
        ("geht heute \nraus", False, "geht heute raus"),
        ("0034 \n0434", True, "00340434"),
        ("1 \r\n2 \r\n3", False, "1 2 3"),
        ("> alt \n> älter\nneu", False, "> alt älter\nneu"),
        ("> alt \nneu", False, "> alt \nneu"),
        (">> a \n> b", False, ">> a \n> b"),
        (" > kein Zitat", False, "> kein Zitat"),
        ("Gruß \n-- \nAcme", False, "Gruß \n-- \nAcme"),
        ("", False, ""),
    ],
)
def test_soft_line_ends_are_taken_back(text: str, joined: bool, whole: str) -> None:
    assert unflowed(text, joined=joined) == whole


def test_a_number_that_a_program_broke_is_read_in_one_piece() -> None:
    body = f"Sendungsnummer {DHL_NUMBER[:12]} \r\n{DHL_NUMBER[12:]}\r\n"
    raw = eml(body, kind="text/plain; charset=utf-8; format=flowed; delsp=yes")
    assert mail_of(raw).new_text == f"Sendungsnummer {DHL_NUMBER}"
