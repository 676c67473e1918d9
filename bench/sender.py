"""A load generator: `python -m bench.sender PORT JOB` sends letters over some connections and prints what came of it.

Postfix' smtp-source sends the same mail again and again, which we would recognise and take only once.
"""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench.letters import SELLER, Thread, filled
from bench.workshop import ROOT, BrokenError, module

_PER_ADDRESS = 10
"""So many connections come from one address of loopback; a listener need not let one caller have more."""


@dataclass(frozen=True, kw_only=True)
class Job:
    port: int
    mails: int
    connections: int
    recipient: str
    letter: str
    threads: str
    serial: str
    lmtp: bool = False


def send(job: Job) -> float:
    """Send from a process of its own; seconds from the first greeting to the last acknowledgement."""
    command = module("bench.sender", json.dumps(asdict(job)))
    done = subprocess.run(command, check=False, cwd=ROOT, capture_output=True, text=True, timeout=300)
    if done.returncode:
        raise BrokenError(f"not all mails were taken: {done.stdout.strip()[:300]} {done.stderr.strip()[-500:]}")
    return float(json.loads(done.stdout)["seconds"])


class _Line(asyncio.Protocol):
    """One connection: greeting, then mail after mail without a pause."""

    def __init__(self, letters: Iterator[bytes], recipient: str, *, lmtp: bool) -> None:
        self.ended: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._letters = letters
        self._hello = b"LHLO bench.example\r\n" if lmtp else b"EHLO bench.example\r\n"
        self._opening = (f"MAIL FROM:<{SELLER}>\r\n".encode(), f"RCPT TO:<{recipient}>\r\n".encode(), b"DATA\r\n")
        self._steps: list[bytes] = [self._hello]
        self._buffer = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.Transport):
            self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        *lines, self._buffer = self._buffer.split(b"\r\n")
        for line in lines:
            if line[3:4] != b"-":
                self._next(line)

    def _next(self, reply: bytes) -> None:
        if reply[:1] not in b"23" or self._transport is None:
            self._end(reply.decode("ascii", "replace"))
            return
        if not self._steps:
            mail = next(self._letters, None)
            if mail is None:
                self._end("")
                return
            self._steps = [*self._opening, mail]
        self._transport.write(self._steps.pop(0))

    def _end(self, why: str) -> None:
        if not self.ended.done():
            self.ended.set_result(why)
        if self._transport is not None:
            self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        self._end(f"the connection broke ({exc})")


def _letters(job: Job) -> Iterator[bytes]:
    mail = Path(job.letter).read_bytes()
    threads = [Thread(**one) for one in json.loads(Path(job.threads).read_text("utf-8"))]
    for number in range(job.mails):
        yield filled(mail, f"{job.serial}-{number}", threads[number % len(threads)]) + b".\r\n"


async def _send(job: Job) -> dict[str, Any]:
    loop = asyncio.get_running_loop()
    letters = _letters(job)
    lines: list[_Line] = []
    began = time.perf_counter()
    for number in range(job.connections):
        _, line = await loop.create_connection(
            lambda: _Line(letters, job.recipient, lmtp=job.lmtp),
            "127.0.0.1",
            job.port,
            local_addr=(f"127.0.0.{1 + number // _PER_ADDRESS}", 0),
        )
        lines.append(line)
    ends = await asyncio.gather(*(line.ended for line in lines))
    seconds = time.perf_counter() - began
    left = sum(1 for _ in letters)
    return {"seconds": seconds, "wrong": sorted({why for why in ends if why}), "left": left}


def main(arguments: Sequence[str]) -> int:
    done = asyncio.run(_send(Job(**json.loads(arguments[0]))))
    print(json.dumps(done))
    return int(bool(done["wrong"] or done["left"]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
