"""A proxy between a client and a Redis that makes the way bad: slow, cut or frozen."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager


class Proxy:
    """Passes bytes on to the socket ``path``: each ``latency_s`` late, none while ``frozen``."""

    def __init__(self, path: str) -> None:
        self.path, self.latency_s, self.frozen, self.refusing, self.url = path, 0.0, False, False, ""
        self._open: set[asyncio.StreamWriter] = set()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self._thread.start()
        assert self._ready.wait(5)

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self._take, "127.0.0.1", 0)
        self.url = f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}/0"
        self._ready.set()
        await self._stop.wait()
        server.close()
        self._abort()
        await asyncio.sleep(0.05)

    def _abort(self) -> None:
        for writer in tuple(self._open):
            writer.transport.abort()

    def cut(self, *, refusing: bool) -> None:
        """End every connection; while ``refusing``, new ones end at once."""
        self.refusing = refusing
        self._loop.call_soon_threadsafe(self._abort)

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.refusing:
            writer.transport.abort()
            return
        there, to_there = await asyncio.open_unix_connection(self.path)
        self._open |= {writer, to_there}
        ways = (self._pass(reader, to_there), self._pass(there, writer))
        await asyncio.gather(*ways, return_exceptions=True)
        self._open -= {writer, to_there}

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(65_536):
                await asyncio.sleep(self.latency_s)
                while self.frozen:
                    await asyncio.sleep(0.01)
                writer.write(data)
        finally:
            writer.transport.abort()

    def close(self) -> None:
        """Cut everything and end."""
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(5)


@contextmanager
def proxied(url: str) -> Iterator[Proxy]:
    """A proxy in front of the server at ``url``, which has a socket in the file system."""
    with closing(Proxy(url.removeprefix("unix://").partition("?")[0])) as proxy:
        yield proxy
