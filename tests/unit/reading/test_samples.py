from msgspec.structs import replace

from daemon.reading.samples import format_mistakes
from tests.unit.reading.dropped import rulebook


def test_every_shipped_format_gives_what_its_sample_says() -> None:
    assert format_mistakes(rulebook()) == ()


def test_a_sample_that_gives_something_else_is_a_mistake() -> None:
    formats = tuple(replace(one, expect=()) for one in rulebook().formats if one.name == "tracking")
    mistakes = format_mistakes(replace(rulebook(), formats=formats))
    assert [one.file for one in mistakes] == ["tracking.yaml"]
    assert "parcel A-1001 1" in mistakes[0].problem


def test_a_sample_that_is_read_as_another_format_is_a_mistake() -> None:
    formats = tuple(replace(one, sample="Guten Tag\n") for one in rulebook().formats if one.name == "stock")
    assert "read as nothing" in format_mistakes(replace(rulebook(), formats=formats))[0].problem
