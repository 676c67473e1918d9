"""A TCP proxy that makes a server seem far away: `python -m bench.distance PORT MILLISECONDS` says where."""

import asyncio
import contextlib
import sys
from collections.abc import Iterator

from bench.workshop import Workshop, module

READY = "far away at "
_BLOCK = 1 << 18


@contextlib.contextmanager
def far_away(shop: Workshop, port: int, milliseconds: float = 20.0) -> Iterator[int]:
    """The port at which the server seems to be a round trip of so many milliseconds away."""
    with shop.running("distance", module("bench.distance", port, milliseconds), ready="\n") as proxy:
        yield int(proxy.output.read_text().removeprefix(READY))


async def _carry(source: asyncio.StreamReader, target: asyncio.StreamWriter, delay: float) -> None:
    """Hand bytes on in order, each when its time has come; what follows does not wait for what went before."""
    loop = asyncio.get_running_loop()
    under_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

    async def arrive() -> None:
        while True:
            due, data = await under_way.get()
            await asyncio.sleep(max(0.0, due - loop.time()))
            if not data:
                target.close()
                return
            target.write(data)

    arriving = asyncio.create_task(arrive())
    with contextlib.suppress(ConnectionError):
        while data := await source.read(_BLOCK):
            under_way.put_nowait((loop.time() + delay, data))
    under_way.put_nowait((loop.time() + delay, b""))
    await arriving


async def _serve(port: int, milliseconds: float) -> None:
    async def called(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", port)
        delay = milliseconds / 2000
        await asyncio.gather(_carry(reader, back, delay), _carry(there, writer, delay), return_exceptions=True)

    server = await asyncio.start_server(called, "127.0.0.1", 0)
    print(f"{READY}{server.sockets[0].getsockname()[1]}", flush=True)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), float(sys.argv[2])))
