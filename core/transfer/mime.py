"""Mails and forms in several parts, taken apart in time proportional to their length, whoever wrote them."""

from __future__ import annotations

import codecs
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.policy import Compat32
from typing import Any, Final

from core.errors import InputError

LONGEST_HEADER: Final = 2_000
_MOST_PARTS: Final = 1_000
_MOST_MULTIPARTS: Final = 20  # each one open is looked for in each line
_SLOW: Final = ("idna", "punycode")  # no charsets of a text; their decoding grows with the square of the length


class _Short(Compat32):
    """Python's modern policies read headers by a grammar, which takes hours for some and endless depth for others."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, value[:LONGEST_HEADER].encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def taken_apart(raw: bytes) -> Message[str, str]:
    """What ``raw`` holds, its headers cut to LONGEST_HEADER. Raises InputError for what has too many parts."""
    multiparts = raw.lower().count(b"multipart/")
    if multiparts > _MOST_MULTIPARTS:
        raise InputError(f"the mail says multipart/ {multiparts} times; {_MOST_MULTIPARTS} is the most")
    parts = 0

    def one_more(policy: Any = None) -> Message[str, str]:
        nonlocal parts
        parts += 1
        if parts > _MOST_PARTS:
            raise InputError(f"the mail has more than {_MOST_PARTS:,} parts; send it without its attachments")
        return Message(policy)

    return message_from_bytes(raw, one_more, policy=_Short())


def parts_of(part: Message[str, str]) -> list[Message[str, str]]:
    """What a mail, a form or a part of one holds in turn."""
    inside = part.get_payload()
    return [one for one in inside if isinstance(one, Message)] if isinstance(inside, list) else []


def header_words(value: str) -> str:
    """A header as a person reads it, in one line.

    >>> header_words("=?utf-8?q?Ana_Mu=C3=B1oz?=\\r\\n <ana@example.com>")
    'Ana Muñoz <ana@example.com>'
    """
    value = " ".join(value[:LONGEST_HEADER].split())
    try:
        pieces = decode_header(value)
        return "".join(
            piece if isinstance(piece, str) else decoded(piece, charset or "raw-unicode-escape")
            for piece, charset in pieces
        )
    except (HeaderParseError, LookupError, ValueError):
        return value


def decoded(content: bytes, charset: str) -> str:
    """``content`` as text, what cannot be decoded replaced. Raises LookupError for what is no charset of a text."""
    if codecs.lookup(charset).name in _SLOW:
        raise LookupError(f"{charset} is no charset of a text")
    return content.decode(charset, "replace")
