"""Real folders: what is complete is taken exactly once, what is not is left, and nothing blocks."""

import contextlib
import hashlib
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from daemon.domain.arrival import ArrivalKind, Incoming
from daemon.edges.folder_in import Folders
from daemon.edges.folder_names import free_name, move_to_failed, shown
from daemon.edges.folder_scan import FolderSpec, inbox_folders, is_left_alone
from daemon.engine.ports import Acceptance, Cursor, NoRoomError
from tests.support.desk import MemoryDesk
from tests.support.waiting import wait_until

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
DAY = "2026-11-25"


class PickyDesk(MemoryDesk):
    """Refuses every batch that holds these bytes."""

    poison = b"poison"

    def accept(self, incoming: Sequence[Incoming], cursor: Cursor | None = None) -> list[Acceptance]:
        if any(self.poison in one.raw for one in incoming):
            raise ValueError(self.poison)
        return super().accept(incoming, cursor)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    for folder in ("orders", "sellers/acme", "fulfillers", "merchants", "mail"):
        (tmp_path / "inbox" / folder).mkdir(parents=True)
    return tmp_path


@pytest.fixture
def desk() -> MemoryDesk:
    return MemoryDesk()


def doors(home: Path, desk: MemoryDesk, quiet: float = 0.2, rescan: float = 30.0) -> Folders:
    return Folders(home, lambda: inbox_folders(home), desk, lambda: NOW, quiet=quiet, rescan=rescan)


@contextlib.contextmanager
def running(folders: Folders, desk: MemoryDesk) -> Iterator[None]:
    folders.start()
    wait_until(lambda: ("folder:mail", NOW) in desk.sightings)
    try:
        yield
    finally:
        folders.stop()


def told(desk: MemoryDesk) -> list[tuple[str, str]]:
    """What was reported of files."""
    return [(what.code, what.values["name"]) for _, what, _ in desk.troubles]


def raws(desk: MemoryDesk) -> list[bytes]:
    return sorted(one.raw for one in desk.taken)


def visible(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir() if entry.is_file())


def test_a_poll_takes_a_complete_file_and_files_it_under_done(home: Path, desk: MemoryDesk) -> None:
    (home / "inbox/sellers/acme/a.csv").write_bytes(b"order;imei\n")
    assert doors(home, desk).poll() == 1
    [one] = desk.taken
    assert (one.kind, one.source, one.party) == (ArrivalKind.FILE, "folder:sellers/acme", "sellers/acme")
    assert (one.name, one.path) == ("a.csv", f"inbox/sellers/acme/done/{DAY}/a.csv")
    assert (one.size, one.digest) == (11, hashlib.sha256(b"order;imei\n").hexdigest())
    assert (home / (one.path or "")).read_bytes() == b"order;imei\n"
    assert visible(home / "inbox/sellers/acme") == []
    assert ("folder:sellers/acme", NOW) in desk.sightings


def test_a_poll_of_empty_folders_does_not_wait(home: Path, desk: MemoryDesk) -> None:
    began = time.monotonic()
    assert doors(home, desk).poll() == 0
    assert time.monotonic() - began < 0.15
    assert {source for source, _ in desk.sightings} == {"folder:orders", "folder:sellers/acme", "folder:mail"}


def test_a_dropped_mail_has_no_party_and_counts_from_its_taking(home: Path, desk: MemoryDesk) -> None:
    (home / "inbox/mail/1.eml").write_bytes(b"From: a@b.example\r\n\r\nhello")
    (home / "inbox/mail/notes.txt").write_bytes(b"not a mail")
    assert doors(home, desk).poll() == 1
    [one] = desk.taken
    assert (one.kind, one.party, one.received_at, one.identity) == (ArrivalKind.MAIL, None, NOW, None)
    assert visible(home / "inbox/mail") == ["notes.txt"]
    assert told(desk) == [("trouble_no_mail", "notes.txt")]


def test_a_mail_beyond_the_limit_goes_to_failed_and_is_reported(home: Path, desk: MemoryDesk) -> None:
    with (home / "inbox/mail/big.eml").open("wb") as file:
        file.truncate(26 * 1024 * 1024)
    (home / "inbox/mail/small.eml").write_bytes(b"x")
    assert doors(home, desk).poll() == 1
    assert (home / f"inbox/mail/failed/{DAY}/big.eml").exists()
    assert told(desk) == [("trouble_mail_too_large", "big.eml")]


@pytest.mark.parametrize(
    "name", [".a.csv", "~a.csv", "a.part", "a.TMP", "a.filepart", "a.crdownload", "a.csv~", "Thumbs.db", "desktop.ini"]
)
def test_unfinished_names_are_left_alone(name: str) -> None:
    assert is_left_alone(name)
    assert not is_left_alone("part.csv")


def test_links_and_pipes_are_reported_once_and_never_block(home: Path, desk: MemoryDesk) -> None:
    folder = home / "inbox/orders"
    (home / "secret").write_bytes(b"secret")
    (folder / "link.csv").symlink_to(home / "secret")
    (folder / "hard.csv").hardlink_to(home / "secret")
    os.mkfifo(folder / "pipe.csv")
    (folder / "good.csv").write_bytes(b"good")
    folders = doors(home, desk)
    began = time.monotonic()
    assert folders.poll() + folders.poll() == 1
    assert time.monotonic() - began < 2
    assert raws(desk) == [b"good"]
    assert sorted(told(desk)) == [
        ("trouble_hard_link", "hard.csv"),
        ("trouble_no_file", "pipe.csv"),
        ("trouble_symbolic_link", "link.csv"),
    ]


def test_the_same_name_twice_gets_a_number_and_both_are_kept(home: Path, desk: MemoryDesk) -> None:
    folders = doors(home, desk)
    for content in (b"one", b"two", b"two"):
        (home / "inbox/orders/a.csv").write_bytes(content)
        folders.poll()
    assert [one.name for one in desk.taken] == ["a.csv"] * 3
    done = home / f"inbox/orders/done/{DAY}"
    assert {path.name: path.read_bytes() for path in done.iterdir()} == {
        "a.csv": b"one",
        "a-1.csv": b"two",
        "a-2.csv": b"two",
    }


def test_a_large_file_stays_on_disk_and_is_known_by_its_digest(home: Path, desk: MemoryDesk) -> None:
    content = b"0123456789abcdef" * (128 * 1024)
    (home / "inbox/orders/big.csv").write_bytes(content)
    assert doors(home, desk).poll() == 1
    [one] = desk.taken
    assert (one.raw, one.size, one.digest) == (b"", len(content), hashlib.sha256(content).hexdigest())
    place = home / (one.path or "")
    assert place.read_bytes() == content
    assert place.stat().st_nlink == 1


def test_a_large_file_lies_at_its_path_when_its_arrival_becomes_known(home: Path) -> None:
    lying: list[bool] = []

    class Looking(MemoryDesk):
        def accept(self, incoming: Sequence[Incoming], cursor: Cursor | None = None) -> list[Acceptance]:
            lying.extend((home / (one.path or "")).exists() for one in incoming)
            return super().accept(incoming, cursor)

    (home / "inbox/orders/big.csv").write_bytes(b"x" * (2 * 1024 * 1024))
    doors(home, Looking()).poll()
    assert lying == [True]


def test_strange_names_are_taken_and_can_be_kept_as_text(home: Path, desk: MemoryDesk) -> None:
    folder = os.fsencode(home / "inbox/orders")
    names = [b"b\xfccher.csv", "bücher.csv".encode(), b"new\nline.csv", "\u202efdp.csv".encode(), b"n" * 251 + b".csv"]
    for name in names:
        with open(os.path.join(folder, name), "wb") as file:  # noqa: PTH118, PTH123 - bytes paths
            file.write(name)
    assert doors(home, desk).poll() == len(names)
    assert raws(desk) == sorted(names)
    for one in desk.taken:
        assert one.name.encode().isascii() or one.name == "bücher.csv"
        assert one.name.isprintable()
        assert (home / (one.path or "")).read_bytes() == one.raw


def test_a_name_of_full_length_still_finds_room_for_its_number(tmp_path: Path) -> None:
    name = "ä" * 125 + ".csv"
    (tmp_path / name).touch()
    other = free_name(name, [tmp_path])
    assert other.endswith("-1.csv")
    assert len(other.encode()) <= 255
    assert shown("plain name.csv") == "plain name.csv"


def test_a_growing_file_is_left_for_the_next_time(home: Path, desk: MemoryDesk) -> None:
    path = home / "inbox/orders/growing.csv"
    stop = threading.Event()

    def write() -> None:
        with path.open("wb") as file:
            while not stop.wait(0.05):
                file.write(b"row\n")
                file.flush()

    writer = threading.Thread(target=write)
    writer.start()
    wait_until(path.exists)
    (home / "inbox/orders/ready.csv").write_bytes(b"ready")
    folders = doors(home, desk)
    try:
        assert folders.poll() == 1
        assert raws(desk) == [b"ready"]
        assert path.exists()
    finally:
        stop.set()
        writer.join()
    assert folders.poll() == 1
    assert not path.exists()


def test_a_file_renamed_in_is_begun_with_within_a_moment(home: Path, desk: MemoryDesk) -> None:
    with running(doors(home, desk, quiet=5.0), desk):
        waits = []
        for number in range(10):
            source = home / f"{number}.csv"
            source.write_bytes(b"%d" % number)
            began = time.monotonic()
            source.rename(home / f"inbox/orders/{number}.csv")
            wait_until(lambda number=number: len(desk.taken) > number)  # type: ignore[misc]
            waits.append(time.monotonic() - began)
    assert sorted(waits)[5] < 0.2, waits


def test_orders_that_lie_there_at_the_start_come_before_what_a_partner_drops_just_then(
    home: Path, desk: MemoryDesk
) -> None:
    (home / "inbox/orders/early.csv").write_bytes(b"order")
    (home / "list.csv").write_bytes(b"list")
    with running(doors(home, desk, quiet=1.0), desk):
        (home / "list.csv").rename(home / "inbox/sellers/acme/list.csv")
        wait_until(lambda: len(desk.taken) > 1)
    assert [one.raw for one in desk.taken] == [b"order", b"list"]


def test_a_watch_that_died_is_started_again(home: Path, desk: MemoryDesk) -> None:
    folders = doors(home, desk, quiet=5.0, rescan=0.3)
    with running(folders, desk):
        before = set(folders._watch._threads)
        for thread in before:
            thread.stop()
        wait_until(lambda: len(folders._watch._watches) == 3 and before.isdisjoint(folders._watch._threads))
        (home / "a.csv").write_bytes(b"a")
        (home / "a.csv").rename(home / "inbox/orders/a.csv")
        wait_until(lambda: raws(desk) == [b"a"], within=4)


def test_an_upload_under_a_temporary_name_is_taken_after_its_rename(home: Path, desk: MemoryDesk) -> None:
    folder = home / "inbox/sellers/acme"
    with running(doors(home, desk, quiet=0.3), desk):
        (folder / "x.filepart").write_bytes(b"whole")
        (folder / "x.filepart").rename(folder / "x.csv")
        wait_until(lambda: raws(desk) == [b"whole"])
    assert [one.name for one in desk.taken] == ["x.csv"]


def test_a_file_present_at_start_and_one_in_a_new_partner_folder_are_found(home: Path, desk: MemoryDesk) -> None:
    (home / "inbox/orders/early.csv").write_bytes(b"early")
    with running(doors(home, desk, rescan=0.3), desk):
        wait_until(lambda: b"early" in raws(desk))
        (home / "inbox/fulfillers/nordlager").mkdir()
        (home / "inbox/fulfillers/nordlager/a.csv").write_bytes(b"new partner")
        wait_until(lambda: b"new partner" in raws(desk))
    assert desk.taken[-1].party == "fulfillers/nordlager"


def test_a_slow_writer_is_never_read_half_way(home: Path, desk: MemoryDesk) -> None:
    path = home / "inbox/orders/slow.csv"
    pause = threading.Event()
    with running(doors(home, desk, quiet=0.5), desk):
        with path.open("wb") as file:
            for _ in range(12):
                file.write(b"row\n")
                file.flush()
                pause.wait(0.1)
        wait_until(lambda: desk.taken)
    assert raws(desk) == [b"row\n" * 12]


def test_a_folder_elsewhere_that_is_polled_needs_no_events(home: Path, desk: MemoryDesk, tmp_path: Path) -> None:
    share = tmp_path / "share"
    share.mkdir()
    spec = FolderSpec(party="sellers/acme", path=share, kind=ArrivalKind.FILE, poll=0.2)
    folders = Folders(home / "inbox", lambda: [spec], desk, lambda: NOW, quiet=0.1)
    folders.start()
    try:
        wait_until(lambda: len(desk.sightings) > 0)
        (share / "a.csv").write_bytes(b"shared")
        wait_until((share / f"done/{DAY}/a.csv").exists)
    finally:
        folders.stop()
    assert desk.taken[0].path == str(share / f"done/{DAY}/a.csv")


def test_a_missing_folder_is_trouble_and_not_seen(home: Path, desk: MemoryDesk) -> None:
    spec = FolderSpec(party="sellers/acme", path=home / "unmounted", kind=ArrivalKind.FILE)
    assert Folders(home, lambda: [spec], desk, lambda: NOW).poll() == 0
    assert desk.sightings == []
    assert desk.troubles[0][1].code == "trouble_folder"
    assert "unmounted" in desk.troubles[0][1].values["path"]


@pytest.mark.parametrize("failing", [NoRoomError(), RuntimeError("database is away")])
def test_what_could_not_be_made_durable_is_taken_later(home: Path, desk: MemoryDesk, failing: Exception) -> None:
    for number in range(5):
        (home / f"inbox/orders/{number}.csv").write_bytes(b"%d" % number)
    desk.failing = failing
    assert doors(home, desk).poll() == 0
    assert desk.troubles
    assert "folder:orders" not in {source for source, _ in desk.sightings}
    desk.failing = None
    assert doors(home, desk).poll() == 5
    assert len(visible(home / f"inbox/orders/done/{DAY}")) == 5
    assert {one.received_at for one in desk.taken} == {NOW}


def test_one_bad_file_of_a_batch_does_not_stop_the_others(home: Path) -> None:
    desk = PickyDesk()
    for number in range(4):
        (home / f"inbox/orders/{number}.csv").write_bytes(b"%d" % number)
    (home / "inbox/orders/a.csv").write_bytes(b"poison")
    assert doors(home, desk).poll() == 4
    assert "folder:orders" not in {source for source, _ in desk.sightings}
    (home / "inbox/orders/later.csv").write_bytes(b"later")
    assert doors(home, desk).poll() == 1
    desk.poison = b"cured"
    assert doors(home, desk).poll() == 1


class KilledError(BaseException):
    """As if the process had been killed here."""


@pytest.mark.parametrize("is_durable", [False, True])
def test_a_claim_left_by_a_crash_is_resumed_three_times_over(
    home: Path, monkeypatch: pytest.MonkeyPatch, is_durable: bool
) -> None:
    class Dying(MemoryDesk):
        def accept(self, incoming: Sequence[Incoming], cursor: Cursor | None = None) -> list[Acceptance]:
            if is_durable:
                super().accept(incoming, cursor)
            raise KilledError

    desk: MemoryDesk = Dying()
    (home / "inbox/orders/a.csv").write_bytes(b"once")
    (home / "inbox/orders/big.csv").write_bytes(b"x" * (2 * 1024 * 1024))
    with pytest.raises(KilledError):
        doors(home, desk).poll()
    for _ in range(2):
        with contextlib.suppress(KilledError):
            doors(home, desk).poll()
    survivor = MemoryDesk(taken=desk.taken, _known=desk._known)
    doors(home, survivor).poll()
    assert sorted(one.name for one in survivor.taken) == ["a.csv", "big.csv"]
    done = home / f"inbox/orders/done/{DAY}"
    assert visible(done) == ["a.csv", "big.csv"]
    assert (done / "big.csv").stat().st_nlink == 1
    assert list((home / "inbox/orders/.taking").iterdir()) == []


def test_a_file_that_a_power_cut_left_under_both_names_is_taken_once(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> list[Acceptance]:
        raise KilledError

    dropped, desk, survivor = home / "inbox/orders/a.csv", MemoryDesk(), MemoryDesk()
    monkeypatch.setattr(desk, "accept", killed)
    dropped.write_bytes(b"once")
    with pytest.raises(KilledError):
        doors(home, desk).poll()
    (claimed,) = (home / "inbox/orders/.taking").glob("*/a.csv")
    dropped.hardlink_to(claimed)
    doors(home, survivor).poll()
    assert raws(survivor) == [b"once"]
    assert visible(home / f"inbox/orders/done/{DAY}") == ["a.csv"]
    assert not dropped.exists()


def test_a_file_written_on_after_its_claim_is_put_back(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = MemoryDesk()
    path = home / "inbox/orders/a.csv"
    path.write_bytes(b"first")
    rename: Callable[[Path, Path], Path] = Path.rename
    appended: list[bool] = []

    def rename_and_write_on(self: Path, target: Path) -> Path:
        moved = rename(self, target)
        if self == path and not appended:
            appended.append(True)
            with target.open("ab") as file:
                file.write(b" second")
        return moved

    monkeypatch.setattr(Path, "rename", rename_and_write_on)
    assert doors(home, desk).poll() == 1
    assert raws(desk) == [b"first second"]


def test_many_files_share_a_commit(home: Path) -> None:
    sizes: list[int] = []

    class Counting(MemoryDesk):
        def accept(self, incoming: Sequence[Incoming], cursor: Cursor | None = None) -> list[Acceptance]:
            sizes.append(len(incoming))
            return super().accept(incoming, cursor)

    for number in range(450):
        (home / f"inbox/orders/{number}.csv").write_bytes(b"%d" % number)
    assert doors(home, Counting()).poll() == 450
    assert sizes == [200, 200, 50]


def test_an_unreadable_file_is_reported_once_and_taken_when_it_can_be(
    home: Path, desk: MemoryDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(path: Path) -> None:
        if path.name == "a.csv":
            raise PermissionError(13, "Permission denied")

    for name in ("a.csv", "b.csv"):
        (home / "inbox/orders" / name).write_bytes(name.encode())
    with monkeypatch.context() as patch:
        patch.setattr("daemon.edges.folder_claim.probe", denied)
        folders = doors(home, desk)
        assert folders.poll() + folders.poll() == 1
    assert told(desk) == [("trouble_file", "a.csv")]
    assert doors(home, desk).poll() == 1


def test_an_undecidable_file_moves_on_to_failed(home: Path, desk: MemoryDesk) -> None:
    (home / "inbox/orders/a.csv").write_bytes(b"\x00")
    doors(home, desk).poll()
    path = desk.taken[0].path or ""
    moved = move_to_failed(home, path)
    assert moved == f"inbox/orders/failed/{DAY}/a.csv"
    assert (home / moved).read_bytes() == b"\x00"
    assert move_to_failed(home, path) == moved
