import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from daemon.domain.identifiers import MessageId
from daemon.edges import folder_out
from daemon.edges.folder_out import FolderFilesOut, FolderMailOut, plain_name
from daemon.engine.ports import OutcomeKind, OutgoingMail

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)


def mail(number: int, content: bytes = b"Subject: x\r\n\r\n") -> OutgoingMail:
    return OutgoingMail(
        key=str(number), message_id=MessageId(f"{number}@x"), sender="a@x", recipient="b@y", content=content
    )


def files(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir())


def test_a_file_lands_in_the_outbox_of_its_party(tmp_path: Path) -> None:
    out = FolderFilesOut(workspace=tmp_path)
    assert out.write("sellers/acme", "stock-1.csv", [b"a,b\n", b"1,2\n"]) == "outbox/sellers/acme/stock-1.csv"
    assert (tmp_path / "outbox/sellers/acme/stock-1.csv").read_bytes() == b"a,b\n1,2\n"
    assert files(tmp_path / "outbox/sellers/acme") == ["stock-1.csv"]


def test_the_same_content_again_is_the_same_file(tmp_path: Path) -> None:
    out = FolderFilesOut(workspace=tmp_path)
    assert out.write("sellers/acme", "a.csv", [b"1"]) == out.write("sellers/acme", "a.csv", [b"1"])
    assert files(tmp_path / "outbox/sellers/acme") == ["a.csv"]


def test_other_content_never_replaces_what_is_there(tmp_path: Path) -> None:
    out = FolderFilesOut(workspace=tmp_path)
    out.write("sellers/acme", "a.receipt.csv", [b"1"])
    assert out.write("sellers/acme", "a.receipt.csv", [b"2"]) == "outbox/sellers/acme/a.receipt.2.csv"
    assert out.write("sellers/acme", "a.receipt.csv", [b"3"]) == "outbox/sellers/acme/a.receipt.3.csv"
    assert out.write("sellers/acme", "a.receipt.csv", [b"2"]) == "outbox/sellers/acme/a.receipt.2.csv"
    assert (tmp_path / "outbox/sellers/acme/a.receipt.csv").read_bytes() == b"1"


def test_what_a_crash_left_between_its_two_names_is_not_written_into(tmp_path: Path) -> None:
    out = FolderFilesOut(workspace=tmp_path)
    out.write("sellers/acme", "a.csv", [b"1"])
    folder = tmp_path / "outbox/sellers/acme"
    (folder / ".a.csv.part").hardlink_to(folder / "a.csv")
    assert out.write("sellers/acme", "a.csv", [b"2"]) == "outbox/sellers/acme/a.2.csv"
    out.write("sellers/acme", "a.csv", [b"1"])
    assert (folder / "a.csv").read_bytes() == b"1"
    assert files(folder) == ["a.2.csv", "a.csv"]


def test_a_folder_without_hard_links_is_served_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_self: Path, _target: Path) -> None:
        raise PermissionError("no links here")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    out = FolderFilesOut(workspace=tmp_path)
    names = [out.write("sellers/acme", "a.csv", [content]) for content in (b"1", b"2", b"1")]
    assert names == ["outbox/sellers/acme/a.csv", "outbox/sellers/acme/a.2.csv", "outbox/sellers/acme/a.csv"]
    assert files(tmp_path / "outbox/sellers/acme") == ["a.2.csv", "a.csv"]


def test_a_renewed_file_takes_the_place_of_the_last_and_leaves_no_part(tmp_path: Path) -> None:
    out = FolderFilesOut(workspace=tmp_path)
    assert out.renew("merchants/nova", "list.csv", [b"old"]) == "outbox/merchants/nova/list.csv"
    with (tmp_path / "outbox/merchants/nova/list.csv").open("rb") as reader:
        out.renew("merchants/nova", "list.csv", [b"new ", b"content"])
        assert reader.read() == b"old"
    assert (tmp_path / "outbox/merchants/nova/list.csv").read_bytes() == b"new content"
    assert files(tmp_path / "outbox/merchants/nova") == ["list.csv"]


def test_a_file_that_cannot_be_renewed_stays_as_it_was(tmp_path: Path) -> None:
    out = FolderFilesOut(workspace=tmp_path)
    out.renew("merchants/nova", "list.csv", [b"old"])

    def broken() -> Iterator[bytes]:
        yield b"new"
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        out.renew("merchants/nova", "list.csv", broken())
    assert (tmp_path / "outbox/merchants/nova/list.csv").read_bytes() == b"old"
    assert files(tmp_path / "outbox/merchants/nova") == ["list.csv"]


def test_a_partner_may_have_his_folder_elsewhere(tmp_path: Path) -> None:
    share = tmp_path / "share"
    share.mkdir()
    out = FolderFilesOut(workspace=tmp_path / "work", elsewhere={"sellers/acme": share})
    assert out.write("sellers/acme", "a.csv", [b"1"]) == str(share / "a.csv")
    assert files(share) == ["a.csv"]


def test_a_share_that_is_not_there_is_not_made_up(tmp_path: Path) -> None:
    out = FolderFilesOut(workspace=tmp_path, elsewhere={"sellers/acme": tmp_path / "share"})
    with pytest.raises(FileNotFoundError):
        out.write("sellers/acme", "a.csv", [b"1"])


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("../../etc/passwd", "_.._etc_passwd"),
        (".hidden.csv", "hidden.csv"),
        ("~lock.csv", "lock.csv"),
        ("a\nb\0c.csv", "a_b_c.csv"),
        ("..", "_"),
        ("Bestände.csv", "Bestände.csv"),
        ("x" * 250 + ".receipt.csv", "x" * 228 + ".receipt.csv"),
        ("." + "ü" * 250, "ü" * 120),
    ],
)
def test_a_name_stays_a_name(name: str, plain: str) -> None:
    assert plain_name(name) == plain


def test_a_party_cannot_lead_out_of_the_outbox(tmp_path: Path) -> None:
    path = FolderFilesOut(workspace=tmp_path / "work").write("../../sellers", "a.csv", [b"1"])
    assert path == "outbox/_/_/sellers/a.csv"


def test_a_file_is_durable_before_it_has_its_name_and_then_its_name_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []

    def note(what: str, real: Callable[..., None]) -> Callable[..., None]:
        def noted(*args: object) -> None:
            steps.append(what)
            real(*args)

        return noted

    folder = tmp_path / "outbox/sellers/acme"
    folder.mkdir(parents=True)
    monkeypatch.setattr(os, "fsync", note("fsync", os.fsync))
    monkeypatch.setattr(Path, "hardlink_to", note("name", Path.hardlink_to))
    FolderFilesOut(workspace=tmp_path).write("sellers/acme", "a.csv", [b"1"])
    assert steps == ["fsync", "name", "fsync"]


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    out = FolderMailOut(folder=tmp_path, clock=lambda: NOW)
    monkeypatch.setattr(os, "fsync", full)
    outcome = out.send(mail(1))
    assert (outcome.kind, outcome.ours, outcome.reply) == (OutcomeKind.DEFERRED, True, "No space left on device")
    assert files(tmp_path) == []


# --- mails


def test_a_mail_lies_there_as_it_would_have_been_sent(tmp_path: Path) -> None:
    out = FolderMailOut(folder=tmp_path / "outbox" / "mail", clock=lambda: NOW)
    outcome = out.send(mail(1, b"Subject: A-1001\r\n\r\nShip.\r\n"))
    assert outcome.kind is OutcomeKind.DELIVERED
    (name,) = files(tmp_path / "outbox" / "mail")
    assert name == outcome.reply
    assert name.startswith("20261201T090000000000-000001-")
    assert name.endswith(".eml")
    assert (tmp_path / "outbox" / "mail" / name).read_bytes() == b"Subject: A-1001\r\n\r\nShip.\r\n"


def test_names_sort_in_the_order_of_sending_also_when_the_clock_stands_still(tmp_path: Path) -> None:
    names = []
    for moment in (NOW, NOW, NOW + timedelta(seconds=1)):  # a process each
        out = FolderMailOut(folder=tmp_path, clock=lambda moment=moment: moment)  # type: ignore[misc]
        names += [out.send(mail(number)).reply for number in range(12)]
    assert names == sorted(names)
    assert files(tmp_path) == names


def test_a_folder_that_can_be_written_is_fine(tmp_path: Path) -> None:
    assert FolderMailOut(folder=tmp_path / "outbox" / "mail", clock=lambda: NOW).check() is None
    assert files(tmp_path / "outbox" / "mail") == []


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_bytes(b"")
    out = FolderMailOut(folder=tmp_path / "outbox" / "mail", clock=lambda: NOW)
    assert str(out.check()).startswith(f"{tmp_path}/outbox/mail cannot be written: File exists")
    assert out.send(mail(1)).ours


def test_a_folder_that_cannot_be_synced_is_used_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.fsync

    def refuse(handle: int) -> None:
        if os.path.isdir(f"/proc/self/fd/{handle}"):  # noqa: PTH112
            raise OSError(22, "Invalid argument")
        real(handle)

    monkeypatch.setattr(os, "fsync", refuse)
    folder_out.sync_folder(tmp_path)
    assert FolderMailOut(folder=tmp_path, clock=lambda: NOW).send(mail(1)).kind is OutcomeKind.DELIVERED
