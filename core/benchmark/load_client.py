"""A client that costs little: one kept connection, and only as much HTTP as this server's answers need."""

from __future__ import annotations

import asyncio
import re
from time import perf_counter
from typing import cast

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)
Answer = tuple[int, bytes]


class Connection(asyncio.Protocol):
    """Sends one request at a time. Made by ``connected``."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._received = bytearray()
        self._answer: asyncio.Future[Answer] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The connection stands."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """A part of the answer came."""
        self._received += data
        head = self._received.find(b"\r\n\r\n")
        if head < 0 or self._answer is None or self._answer.done():
            return
        told = _LENGTH.search(self._received, 0, head + 2)
        if told is None:
            self._answer.set_exception(ConnectionError("an answer without a length"))
        elif len(self._received) >= head + 4 + int(told[1]):
            body = bytes(self._received[head + 4 :])
            status = int(self._received[9:12])
            self._received.clear()
            self._answer.set_result((status, body))

    def connection_lost(self, error: Exception | None) -> None:
        """The server closed it."""
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(error or ConnectionError("the server closed the connection"))

    async def call(self, request: bytes) -> Answer:
        """Status and body of the answer to ``request``. Raises OSError when none comes."""
        if self._transport is None or self._transport.is_closing():
            raise ConnectionError("the connection is closed")
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._answer

    async def timed(self, request: bytes) -> tuple[float, int, bytes]:
        """Milliseconds to the last byte of the answer, its status and its body."""
        began = perf_counter()
        status, body = await self.call(request)
        return 1000 * (perf_counter() - began), status, body

    def close(self) -> None:
        """Close the connection."""
        if self._transport is not None:
            self._transport.close()


async def connected(port: int) -> Connection:
    """A connection to this machine's ``port``."""
    _, connection = await asyncio.get_running_loop().create_connection(Connection, "127.0.0.1", port)
    return connection


def request_to(path: str, port: int, token: str, body: bytes | None = None) -> bytes:
    """The bytes of a request: a POST of JSON when there is a ``body``, else a GET."""
    lines = [
        f"{'GET' if body is None else 'POST'} {path} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        f"Authorization: Bearer {token}",
    ]
    if body is not None:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + (body or b"")
