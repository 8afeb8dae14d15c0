"""Bodies that are too large: refused before they are parsed, whether their length is declared or not."""

from __future__ import annotations

from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.types import Message

SCORE_BYTES, BATCH_BYTES = 1_000_000, 10_000_000


def bounded(request: Request, most_bytes: int) -> Request:
    """The same request, whose body may be read up to ``most_bytes``. Raises HTTPException when it declares more."""
    length = request.headers.get("content-length", "")
    if length.isascii() and length.isdigit() and int(length[:20]) > most_bytes:
        raise _too_large(most_bytes)
    receive, received = request.receive, 0

    async def counted() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > most_bytes:
            raise _too_large(most_bytes)
        return message

    return Request(request.scope, counted)


def _too_large(most_bytes: int) -> HTTPException:
    return HTTPException(413, f"The body is larger than {most_bytes:,} bytes; send less at a time.")
