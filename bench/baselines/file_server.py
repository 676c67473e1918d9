"""aiosmtpd as its manual shows it, with a handler that writes each mail into a file and syncs it before the 250."""

import asyncio
import os
import signal
import sys
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

READY = "the file server listens"


class _Keeper:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's
        self._count += 1
        file = os.open(self._folder / f"{self._count}.eml", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            os.write(file, envelope.content if isinstance(envelope.content, bytes) else b"")
            os.fsync(file)
        finally:
            os.close(file)
        return "250 OK"


async def _serve(port: int, folder: Path) -> None:
    loop = asyncio.get_running_loop()
    keeper = _Keeper(folder)
    server = await loop.create_server(
        lambda: SMTP(keeper, hostname="bench.example", loop=loop), "127.0.0.1", port, backlog=256
    )
    stopping = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stopping.set)
    print(READY, flush=True)
    await stopping.wait()
    server.close()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), Path(sys.argv[2])))
