"""Which characters the bytes of a file stand for, from its first bytes only."""

from __future__ import annotations

import codecs
import re
from typing import Final

from core.errors import FileError

ASCII_SO_FAR: Final = "ascii"  # nothing but ASCII in the beginning: UTF-8, or else cp1252, may follow
REJECT: Final = "jorge.reject"
CP1252_OR_REJECT: Final = "jorge.cp1252"

_MARKS = (  # the mark of UTF-32 begins with that of UTF-16
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_FOREIGN = (
    (b"PK\x03\x04", "a zip or Excel (.xlsx) file"),
    (b"PK\x05\x06", "an empty zip file"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word file"),
    (b"%PDF", "a PDF"),
    (b"\x1f\x8b", "a gzip file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"SQLite format 3", "a database"),
    (b"{\\rtf", "a Word (RTF) document"),
)
_WEB_PAGE = re.compile(rb"\s*<(?:!doctype|html|\?xml)", re.IGNORECASE)
_HALF_CHARACTER = re.compile(rb"\xed[\xa0-\xbf][\x80-\xbf]")  # a surrogate, encoded as if it were UTF-8
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")
_LEGACY = ["cp1252", "cp1251", "mac_roman", "cp1253", "cp1255", "cp1256", "shift_jis", "gb18030", "big5"]


def _mark_as_bad(error: UnicodeError) -> tuple[str, int]:
    """Decode each undecodable byte to half a character, which no cell may hold: its row is then rejected."""
    assert isinstance(error, UnicodeDecodeError)  # noqa: S101  (registered for decoding only)
    bad = error.object[error.start : error.end]
    return "".join(chr(0xDC00 + byte) for byte in bad), error.end


def _as_cp1252(error: UnicodeError) -> tuple[str, int]:
    """Decode a byte that is no UTF-8 as cp1252, the other encoding of Western exports."""
    assert isinstance(error, UnicodeDecodeError)  # noqa: S101
    if _HALF_CHARACTER.match(error.object, error.start):
        return _mark_as_bad(error)
    try:
        return error.object[error.start : error.start + 1].decode("cp1252"), error.start + 1
    except UnicodeDecodeError:
        return _mark_as_bad(error)


codecs.register_error(REJECT, _mark_as_bad)
codecs.register_error(CP1252_OR_REJECT, _as_cp1252)


def detect(head: bytes) -> str:
    r"""Return the Python codec for a text that begins with ``head``.

    Raises FileError when the bytes are no text: a spreadsheet, a zip, a picture, a web page.

    >>> detect("name,email\nJosé,jose@example.com\n".encode())
    'utf-8'
    >>> detect("name,email\nJosé,jose@example.com\n".encode("cp1252"))
    'cp1252'
    >>> detect(b"name,email\n")
    'ascii'
    """
    for start, kind in _FOREIGN:
        if head.startswith(start):
            raise FileError(f"The file is {kind}, not a CSV; open it in its program and save it as CSV (UTF-8).")
    for mark, codec in _MARKS:
        if head.startswith(mark):
            return codec
    if _WEB_PAGE.match(head):
        raise FileError("The file is a web page or XML, not a CSV; download the export again, signed in.")
    wide = _wide(head)
    if wide is not None:
        return wide
    if len(_CONTROL.findall(head)) * 50 > len(head):
        raise FileError("The file holds binary data, not text; export it from your CRM as CSV.")
    return _narrow(head)


def _wide(head: bytes) -> str | None:
    """UTF-16 without a mark: of Latin text every other byte is zero."""
    half = max(1, len(head) // 2)
    even, odd = head[0::2].count(0) / half, head[1::2].count(0) / half
    if odd > 0.4 and even < 0.1:
        return "utf-16-le"
    if even > 0.4 and odd < 0.1:
        return "utf-16-be"
    return None


def _narrow(head: bytes) -> str:
    if head.isascii():
        return ASCII_SO_FAR
    text = codecs.getincrementaldecoder("utf-8")("surrogateescape").decode(head)
    bad = sum("\udc80" <= character <= "\udcff" for character in text)
    good = sum(character > "\x7f" for character in text) - bad
    if bad == 0 or good > bad or _HALF_CHARACTER.search(head):
        return "utf-8"
    from charset_normalizer import from_bytes  # only files that are not UTF-8 pay for it

    guess = from_bytes(head, cp_isolation=_LEGACY).best()
    return "cp1252" if guess is None else guess.encoding


def opening(encoding: str) -> tuple[str, str]:
    """The ``encoding`` and ``errors`` to open a text with that ``detect`` named.

    >>> opening("ascii")
    ('utf-8', 'jorge.cp1252')
    """
    return ("utf-8", CP1252_OR_REJECT) if encoding == ASCII_SO_FAR else (encoding, REJECT)
