"""An edition's examples run once; whatever has changed is judged again."""

import errno
from collections.abc import Mapping
from pathlib import Path

import pytest

from daemon.engine import editions as engine
from daemon.engine.editions import Editions, accepted
from daemon.errors import Mistake
from daemon.rules.edition import edition
from daemon.rules.loader import load
from daemon.rules.rulebook import Rulebook

GOOD = {"rules/partners/shop.yaml": "- id: shop\n  role: seller\n  name: Shop\n  email: [shop@shop.example]\n"}
BROKEN = {"rules/partners/shop.yaml": "- id: shop\n  rolle: seller\n"}


class Loader:
    """Loads like the real one, and counts."""

    def __init__(self) -> None:
        self.calls = 0
        self.last: Rulebook | None = None

    def __call__(self, files: Mapping[str, str], last: Rulebook | None) -> Rulebook | tuple[Mistake, ...]:
        self.calls += 1
        self.last = last
        return load(files) if files == BROKEN else Rulebook(hash=edition(files))


@pytest.fixture
def loader() -> Loader:
    return Loader()


def test_an_accepted_edition_is_not_judged_again(tmp_path: Path, loader: Loader) -> None:
    assert Editions(tmp_path, loader).adopt(GOOD) == ()
    again = Editions(tmp_path, loader)
    assert again.adopt(GOOD) == ()
    assert loader.calls == 1
    assert again.current.hash == edition(GOOD)


def test_a_changed_file_is_judged_again(tmp_path: Path, loader: Loader) -> None:
    Editions(tmp_path, loader).adopt(GOOD)
    Editions(tmp_path, loader).adopt({name: f"{text}# more\n" for name, text in GOOD.items()})
    assert loader.calls == 2


def test_the_set_in_force_is_told_when_another_is_tried(tmp_path: Path, loader: Loader) -> None:
    Editions(tmp_path, loader).adopt(GOOD)
    Editions(tmp_path, loader).prepare({})
    assert loader.last == Rulebook(hash=edition(GOOD))


def test_another_version_judges_for_itself(tmp_path: Path, loader: Loader, monkeypatch: pytest.MonkeyPatch) -> None:
    Editions(tmp_path, loader).adopt(GOOD)
    monkeypatch.setattr(engine, "made_by", lambda: "another")
    Editions(tmp_path, loader).adopt(GOOD)
    assert loader.calls == 2


def test_who_judges_is_told_by_all_files_of_the_rooms_that_judge(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "__file__", str(tmp_path / "engine" / "editions.py"))
    inner = tmp_path / "reading" / "texts" / "deep.py"
    inner.parent.mkdir(parents=True)
    inner.write_text("")
    before = engine.made_by.__wrapped__()
    inner.write_text("changed")
    assert engine.made_by.__wrapped__() != before


def test_a_broken_edit_is_still_refused_and_the_last_good_set_stays(tmp_path: Path, loader: Loader) -> None:
    editions = Editions(tmp_path, loader)
    editions.adopt(GOOD)
    assert editions.adopt(BROKEN)
    assert editions.current.hash == edition(GOOD)
    assert accepted(tmp_path, edition(BROKEN)) is None


def test_a_full_disk_costs_only_the_judging_again(
    tmp_path: Path, loader: Loader, monkeypatch: pytest.MonkeyPatch
) -> None:
    Editions(tmp_path, loader).adopt(GOOD)
    for file in tmp_path.glob("*.msgpack"):
        file.unlink()

    def full(_file: Path, _data: bytes) -> None:
        raise OSError(errno.ENOSPC, "no space left")

    monkeypatch.setattr(engine, "_write", full)
    for _ in range(2):
        assert Editions(tmp_path, loader).adopt(GOOD) == ()
    assert loader.calls == 3


def test_a_damaged_ready_edition_is_judged_again(tmp_path: Path, loader: Loader) -> None:
    Editions(tmp_path, loader).adopt(GOOD)
    for file in tmp_path.glob("*.msgpack"):
        file.write_bytes(b"\xc1")
    again = Editions(tmp_path, loader)
    assert again.adopt(GOOD) == ()
    assert again.current.hash == edition(GOOD)
    assert loader.calls == 2
    assert accepted(tmp_path, edition(GOOD)) is not None


def test_the_edition_in_force_is_read_when_it_is_asked_for(
    tmp_path: Path, loader: Loader, monkeypatch: pytest.MonkeyPatch
) -> None:
    Editions(tmp_path, loader).adopt(GOOD)
    read: list[str] = []

    def noted(folder: Path, hash_: str) -> Rulebook | None:
        read.append(hash_)
        return accepted(folder, hash_)

    monkeypatch.setattr(engine, "accepted", noted)
    again = Editions(tmp_path, loader)
    again.adopt(GOOD)
    assert read == []
    assert again.current is again.current
    assert read == [edition(GOOD)]
