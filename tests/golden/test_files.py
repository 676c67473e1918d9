"""Every file of `files/` is read as the page beside it says."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from daemon.domain.document import Unreadable
from daemon.domain.finding import Finding
from daemon.reading.samples import value_of
from tests.unit.reading.dropped import read

FILES = Path(__file__).parent / "files"
PAGES = sorted(FILES.glob("*.expect.yaml"))


def _told(one: Finding) -> tuple[object, ...]:
    kind = one.__struct_config__.tag
    return kind, one.order or "-", one.line or "-", value_of(one), one.evidence.where


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name.removesuffix(".expect.yaml"))
def test_a_file_is_read_as_its_page_says(page: Path) -> None:
    expected: dict[str, Any] = yaml.safe_load(page.read_text(encoding="utf-8"))
    reading = read((FILES / page.name.removesuffix(".expect.yaml")).read_bytes(), expected["party"])
    document = reading.documents[0]
    assert document.__struct_config__.tag == expected["document"]
    name = document.code if isinstance(document, Unreadable) else getattr(document, "format", None)
    assert name == expected["format"]
    assert [row.number for row in reading.rows] == expected["rows"]
    found = [" / ".join(map(str, _told(one))) for one in reading.findings]
    assert found == expected["findings"]


def test_no_file_is_without_a_page() -> None:
    files = {path.name for path in FILES.iterdir() if not path.name.endswith(".expect.yaml")}
    assert files == {page.name.removesuffix(".expect.yaml") for page in PAGES}
