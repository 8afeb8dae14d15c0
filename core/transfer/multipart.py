"""Bodies of HTTP requests in several parts, read as the mails that they are made like."""

from __future__ import annotations

from email.message import Message
from email.utils import collapse_rfc2231_value
from typing import Final

from core.errors import InputError
from core.transfer.mime import decoded, parts_of, taken_apart

_UNREADABLE: Final = "The parts of the body cannot be read ({}); send JSON, a form, or the raw mail as message/rfc822."


def headed(body: bytes, content_type: str) -> bytes:
    """The body with its kind before it, as a mail has it.

    >>> headed(b"--x--", "multipart/mixed; boundary=x")
    b'MIME-Version: 1.0\\r\\nContent-Type: multipart/mixed; boundary=x\\r\\n\\r\\n--x--'
    """
    kind = " ".join(content_type.split()).encode("latin-1", "replace")
    return b"MIME-Version: 1.0\r\nContent-Type: " + kind + b"\r\n\r\n" + body


def fields_of_form(body: bytes, content_type: str, most: int) -> dict[str, str]:
    """The fields of a form with files; files are passed over. Raises InputError for what is none, or has too many.

    >>> fields_of_form(b'--x\\r\\nContent-Disposition: form-data; name="text"\\r\\n\\r\\nHello\\r\\n--x--',
    ...                "multipart/form-data; boundary=x", 9)
    {'text': 'Hello'}
    """
    try:
        parts = parts_of(taken_apart(headed(body, content_type)))
        told = {_name(part): _text(part) for part in parts[: most + 1] if part.get_filename() is None}
    except (LookupError, ValueError, TypeError, AttributeError, IndexError, RecursionError) as error:
        raise InputError(_UNREADABLE.format(type(error).__name__)) from error
    if len(parts) > most:
        raise InputError(f"the form has {len(parts)} parts; there may be {most}")
    told.pop("", None)
    if not told:
        raise InputError(_UNREADABLE.format("no field was found"))
    return told


def _name(part: Message[str, str]) -> str:
    return collapse_rfc2231_value(part.get_param("name", "", header="content-disposition"))


def _text(part: Message[str, str]) -> str:
    content = part.get_payload(decode=True)
    told = content if isinstance(content, bytes) else b""
    return decoded(told, part.get_content_charset() or "utf-8").replace("\x00", "").strip()
