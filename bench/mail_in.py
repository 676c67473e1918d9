"""Mail in: how many mails a second are acknowledged, and how many read, decided and committed behind that."""

import contextlib
import itertools
import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.baselines import file_server
from bench.dovecot import running_dovecot
from bench.letters import SHOP, SIZES, letter
from bench.measures import Figure, Measure, Pairs, Setting
from bench.sender import Job, send
from bench.slow_disk import slow_disk
from bench.workshop import free_ports, module
from bench.workspace import Workspace, make_workspace, place_orders

_MAILS = {"5 KB": 500, "100 KB": 120}
_WARM = 40
_ORDERS = 100
_serials = itertools.count()


@dataclass(frozen=True, kw_only=True)
class _House:
    """Our daemon, with the letters for it."""

    workspace: Workspace
    smtp: int
    lmtp: int
    letters: Path

    def job(self, size: str, mails: int, connections: int, **other: object) -> Job:
        plain = {"port": self.smtp, "recipient": SHOP, "serial": f"{time.time_ns():x}{next(_serials)}"}
        return Job(
            letter=str(self.letters / f"{SIZES[size]}.eml"),
            threads=str(self.letters / "threads.json"),
            mails=mails,
            connections=connections,
            **{**plain, **other},  # type: ignore[arg-type]
        )

    def take(self, size: str, connections: int, mails: int, *, lmtp: bool = False) -> tuple[float, float]:
        """Mails a second until each is acknowledged, and until each is decided."""
        began = time.perf_counter()
        seconds = send(self.job(size, mails, connections, port=self.lmtp if lmtp else self.smtp, lmtp=lmtp))
        # The sender's own start is nobody's time.
        started = time.perf_counter() - seconds
        drained = self.workspace.seconds_until_drained(max(began, started))
        return mails / seconds, mails / drained


@contextlib.contextmanager
def _house(setting: Setting, name: str = "postbote", env: Mapping[str, str] | None = None) -> Iterator[_House]:
    smtp, lmtp = free_ports(2)
    receive = f'{{via: smtp, listen: "127.0.0.1:{smtp}"}}, {{via: lmtp, listen: "127.0.0.1:{lmtp}"}}'
    workspace = make_workspace(setting.folder / name, receive=receive)
    threads = place_orders(workspace, _ORDERS)
    letters = setting.folder / f"{name}-letters"
    letters.mkdir()
    (letters / "threads.json").write_text(json.dumps([asdict(one) for one in threads]), "utf-8")
    for size in SIZES.values():
        (letters / f"{size}.eml").write_bytes(letter(size))
    with workspace.run(setting.shop, f"{name}-log", env):
        yield _House(workspace=workspace, smtp=smtp, lmtp=lmtp, letters=letters)


@contextlib.contextmanager
def _file_server(setting: Setting, name: str = "files", env: Mapping[str, str] | None = None) -> Iterator[int]:
    (port,) = free_ports(1)
    folder = setting.folder / name
    folder.mkdir()
    command = module("bench.baselines.file_server", port, folder)
    with setting.shop.running(f"{name}-log", command, ready=file_server.READY, env=env):
        yield port


def _rate(house: _House, port: int, size: str, connections: int, mails: int, **other: object) -> float:
    """Mails a second that another server acknowledges."""
    return mails / send(house.job(size, mails, connections, port=port, **other))


def _against_files(setting: Setting, size: str, floor: float, aim: float) -> list[Figure]:
    with _house(setting) as house, _file_server(setting) as port:
        return _in_turn(setting, house, port, size, 10, floor, aim)


def _in_turn(
    setting: Setting, house: _House, port: int, size: str, connections: int, floor: float, aim: float
) -> list[Figure]:
    mails = _MAILS[size]
    house.take(size, connections, _WARM)
    _rate(house, port, size, connections, _WARM)
    acknowledged, decided = Pairs(), Pairs()
    for number in range(setting.rounds):
        theirs = _rate(house, port, size, connections, mails) if number % 2 else None
        taken, drained = house.take(size, connections, mails)
        theirs = theirs or _rate(house, port, size, connections, mails)
        acknowledged.add(taken, theirs)
        decided.add(drained, theirs)
    what = f"{size}, {connections} connections"
    return [
        acknowledged.figure(f"{what}: acknowledged", "mails/s", floor=floor, aim=aim),
        decided.figure(f"{what}: until all is decided", "mails/s"),
    ]


def _short(setting: Setting) -> list[Figure]:
    return _against_files(setting, "5 KB", 1.0, 1.75)


def _long(setting: Setting) -> list[Figure]:
    return _against_files(setting, "100 KB", 1.0, 3.0)


def _against_sieve(setting: Setting) -> list[Figure]:
    figures: list[Figure] = []
    with running_dovecot(setting.shop, sieve_rules=50) as dovecot, _house(setting) as house:
        for size, floor, aim in (("5 KB", 1.25, 2.4), ("100 KB", 1.0, 3.0)):
            mails = _MAILS[size]
            user = f"sieve{SIZES[size]}"
            house.take(size, 10, _WARM, lmtp=True)
            _rate(house, dovecot.lmtp, size, 10, _WARM, recipient=user, lmtp=True)
            acknowledged, decided = Pairs(), Pairs()
            for _ in range(setting.rounds):
                theirs = _rate(house, dovecot.lmtp, size, 10, mails, recipient=user, lmtp=True)
                taken, drained = house.take(size, 10, mails, lmtp=True)
                acknowledged.add(taken, theirs)
                decided.add(drained, theirs)
            figures += [
                acknowledged.figure(f"{size}, 10 connections, LMTP: acknowledged", "mails/s", floor=floor, aim=aim),
                decided.figure(f"{size}, 10 connections, LMTP: until all is decided", "mails/s"),
            ]
            dovecot.check_filed(user, "confirmed")
    return figures


def _slow(setting: Setting) -> list[Figure]:
    env = slow_disk(setting.folder)
    with _house(setting, env=env) as house, _file_server(setting, env=env) as port:
        return [
            *_in_turn(setting, house, port, "5 KB", 10, 2.0, 3.5),
            *_in_turn(setting, house, port, "5 KB", 50, 2.8, 5.5),
        ]


def _slow_against_fast(setting: Setting) -> list[Figure]:
    env = slow_disk(setting.folder)
    pairs = Pairs()
    with _house(setting, "slow", env) as slow, _house(setting, "fast") as fast:
        for house in (slow, fast):
            house.take("5 KB", 50, _WARM)
        for _ in range(setting.rounds):
            pairs.add(slow.take("5 KB", 50, _MAILS["5 KB"])[0], fast.take("5 KB", 50, _MAILS["5 KB"])[0])
    return [pairs.figure("5 KB, 50 connections: with 2 ms a sync / without", "mails/s", floor=0.75, aim=0.9)]


MEASURES = (
    Measure(code="S1", title="short mails by SMTP", baseline="aiosmtpd + file + fsync", run=_short),
    Measure(code="S2", title="mails with a CSV file by SMTP", baseline="aiosmtpd + file + fsync", run=_long),
    Measure(code="S3", title="mails by LMTP", baseline="Dovecot LMTP with 50 Sieve rules", run=_against_sieve),
    Measure(code="S4", title="short mails, 2 ms a sync", baseline="aiosmtpd + file + fsync", run=_slow),
    Measure(code="S5", title="a slow disk", baseline="ourselves without it", run=_slow_against_fast),
)
