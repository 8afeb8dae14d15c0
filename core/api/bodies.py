"""Bodies that are too large or never end: refused before they are parsed, whether their length is declared or not."""

from __future__ import annotations

import asyncio
from typing import Final

from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.types import Message

SCORE_BYTES, BATCH_BYTES = 1_000_000, 10_000_000
BODY_S: Final = 60.0  # from its first part to its last
SPARE_BYTES: Final = 5_000_000  # read past the bound and thrown away: many clients only listen once all is sent
_CLOSE: Final = {"Connection": "close"}  # what is still on its way is not read


def bounded(request: Request, most_bytes: int) -> Request:
    """The same request, whose body may be read up to ``most_bytes`` and for 60 seconds.

    Raises HTTPException when it declares more; the server throws away what comes of it. A body that declares no length
    is read a little further before it is refused, and cut off when it does not end by then.
    """
    length = request.headers.get("content-length", "")
    if length.isascii() and length.isdigit() and int(length[:20]) > most_bytes:
        raise _too_large(most_bytes, ended=True)
    receive, received, whole = request.receive, 0, False
    until = asyncio.get_running_loop().time() + BODY_S

    async def counted() -> Message:
        nonlocal received, whole
        if whole:  # what is waited for now is that the client goes away
            return await receive()
        try:
            async with asyncio.timeout_at(until):
                message = await receive()
        except TimeoutError:
            raise HTTPException(408, f"The body did not come within {BODY_S:g} s; send it at once.", _CLOSE) from None
        whole = not message.get("more_body", False)
        received += len(message.get("body", b""))
        if received > most_bytes and (whole or received > most_bytes + SPARE_BYTES):
            raise _too_large(most_bytes, ended=whole)
        return message if received <= most_bytes else {**message, "body": b""}

    return Request(request.scope, counted)


def _too_large(most_bytes: int, *, ended: bool) -> HTTPException:
    told = f"The body is larger than {most_bytes:,} bytes; send less at a time."
    return HTTPException(413, told, None if ended else _CLOSE)
