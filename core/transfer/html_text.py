"""The words of an HTML message, in time proportional to its length, whatever it holds."""

from __future__ import annotations

import html
import re
from typing import Final

_LOOKS_LIKE_IT: Final = re.compile(
    r"<(?:html|body|div|p|br|table|span|a|b|i|ul|ol|h[1-6]|!doctype)\b[^<>]{0,2000}>", re.IGNORECASE
)
_UNSEEN: Final = re.compile(r"<(script|style|head|title|template)\b|<!--", re.IGNORECASE)
_BREAK: Final = re.compile(r"</?(?:br|p|div|li|tr|table|ul|ol|hr|h[1-6]|blockquote)\b[^<>]{0,2000}>", re.IGNORECASE)
_CELL: Final = re.compile(r"</t[dh]\s{0,9}>", re.IGNORECASE)
_TAG: Final = re.compile(r"</?[a-z!][^<>]{0,4000}>", re.IGNORECASE)
_QUOTE: Final = re.compile(
    r"<(?P<close>/?)blockquote\b[^<>]{0,2000}>|<[a-z]{1,20}\b[^<>]{0,2000}gmail_quote[^<>]{0,2000}>", re.IGNORECASE
)
_BLANKS: Final = re.compile(r"[^\S\n]+")
_EMPTY_LINES: Final = re.compile(r"\n{3,}")


def is_html(text: str) -> bool:
    """Whether a text is written in HTML.

    >>> is_html("<p>Hello</p>"), is_html("a < b > c")
    (True, False)
    """
    return _LOOKS_LIKE_IT.search(text) is not None


def text_of_html(markup: str) -> str:
    r"""What a person reads of ``markup``; scripts, styles and comments are left out.

    >>> text_of_html("<style>p {}</style><p>Is it <b>still</b> there?</p><p>Ana &amp; Bo<br>Austin</p>")
    'Is it still there?\n\nAna & Bo\nAustin'
    """
    return _read(" ".join(_seen(markup).split()))


def message_of_html(markup: str) -> str:
    r"""As ``text_of_html``, and lines that are quoted of others begin with ``>``; below Gmail's mark all is quoted.

    >>> message_of_html("<div>Yes<br>please</div><blockquote>900k?<br>Ben</blockquote>Ana")
    'Yes\nplease\n\n> 900k?\n> Ben\n\nAna'
    """
    text, parts, position, depth = " ".join(_seen(markup).split()), [], 0, 0
    for found in _QUOTE.finditer(text):
        parts.append(_quoted(_read(text[position : found.start()]), depth))
        position = found.end()
        if "gmail_quote" in found[0].lower():
            depth = 1
            break
        depth = max(0, depth + (-1 if found["close"] else 1))
    parts.append(_quoted(_read(text[position:]), depth))
    return "\n\n".join(filter(None, parts))


def _quoted(text: str, depth: int) -> str:
    return "\n".join(f"> {line}" for line in text.split("\n")) if depth and text else text


def _read(text: str) -> str:
    text = _CELL.sub(" ", _BREAK.sub("\n", text))
    text = html.unescape(_TAG.sub("", text)).replace("\u00a0", " ")
    lines = (_BLANKS.sub(" ", line).strip() for line in text.split("\n"))
    return _EMPTY_LINES.sub("\n\n", "\n".join(lines)).strip()


def _seen(markup: str) -> str:
    """``markup`` without the parts that no browser shows."""
    kept, position, folded = [], 0, markup.lower()
    if len(folded) != len(markup):  # a letter that grows in lower case; places would no longer agree
        folded = markup
    while (found := _UNSEEN.search(markup, position)) is not None:
        kept.append(markup[position : found.start()])
        end = f"</{found[1].lower()}" if found[1] else "-->"
        closed = folded.find(end, found.end())
        close = -1 if closed < 0 else folded.find(">", closed)
        if close < 0:
            return "".join(kept)
        position = close + 1
    return "".join((*kept, markup[position:]))
