"""What a lead wrote itself: without tags, quoted replies and signatures.

Everything here runs in time proportional to the text, whatever the text.
"""

from __future__ import annotations

import html
import re
from typing import NamedTuple

_TAGS = (
    "a|abbr|b|big|blockquote|body|br|center|code|div|em|font|footer|form|h[1-6]|head|header|hr|html|i|img|input|"
    "label|li|link|meta|ol|p|pre|s|script|section|small|span|strong|style|sub|sup|table|tbody|td|tfoot|th|thead|"
    "title|tr|u|ul|o:p|!doctype|!--"
)
_MARKUP = re.compile(
    rf"<(?P<close>/?)(?P<tag>{_TAGS})(?=[\s/>-])[^<>]{{0,2000}}+>|&(?:#\d{{1,6}}|#x[0-9a-f]{{1,5}}|[a-z]{{2,8}});",
    re.IGNORECASE,
)
_MANY_BLANKS = re.compile(r"[^\S\n]{4,}")
_LINES = re.MULTILINE | re.IGNORECASE
_UNSEEN = frozenset({"head", "script", "style", "title"})
_BREAKS = frozenset({"br", "p", "div", "li", "tr", "table", "ul", "ol", "hr", "h1", "h2", "h3", "h4", "h5", "h6"})
_SAME_WIDTH = str.maketrans({"’": "'", "‘": "'", "–": "-", "—": "-", "‑": "-", "“": '"', "”": '"'})

_WROTE = re.compile(r"\bwrote:|\bescribió:|\ba écrit\s?:", re.IGNORECASE)
_ON_DATE = re.compile(r"(?:^|(?<=\s))(?:on|el|le)\s(?=[^\n]{0,25}\d)", re.IGNORECASE)
_QUOTED_LINE = re.compile(r"^[^\S\n]{0,3}(?:>|\|\s)[^\n]*", re.MULTILINE)
_NEXT_LINE_QUOTED = re.compile(r"\s*>")
_HEADERS = re.compile(
    r"^[^\S\n]{0,3}\*?from:[^\n]{0,300}\n(?:[^\n]{0,300}\n){0,3}?\*?(?:sent|to|date|subject):", _LINES
)
_LEADING_HEADERS = re.compile(r"\A\s{0,9}(?:\*?(?:from|sent|to|cc|date|subject|reply-to):[^\n]*\n){2,9}", _LINES)
_FORWARDED = re.compile(
    r"^[^\S\n]{0,3}(?:-{2,}\s?(?:original message|forwarded message)|begin forwarded message:|_{10,}[^\S\n]*$)",
    _LINES,
)
_DASHES = re.compile(r"^--[^\S\n]?$", re.MULTILINE)
_SENT_FROM = re.compile(
    r"^[^\S\n]{0,3}(?:sent (?:from|via) (?:my |the )?[^\n]{1,60}|get outlook for [^\n]{1,60})$", _LINES
)
_CLOSING = re.compile(
    r"^[^\S\n]{0,3}(?:(?:best|kind|warm|many)?\s?(?:regards|wishes|thanks)|thank you|sincerely|cheers|best|yours)"
    r"(?: (?:so much|again|in advance|truly))?\s?[,!.]?$",
    _LINES,
)
_SENT_SIGNS = ("sent ", "get outlook")
_CLOSING_SIGNS = ("regards", "wishes", "thank", "sincerely", "cheers", "best", "yours")
_REPEATS = ((_HEADERS, ("from:",)), (_FORWARDED, ("--", "__", "begin forwarded")), (_DASHES, ("--",)))
_SPEAKS = re.compile(r"[.?!]$|\b(?:i|i'm|we|we're|my|our|looking|need|want|please|budget|is|are)\b", re.IGNORECASE)


class Cleaned(NamedTuple):
    """``text`` without what the lead did not write; ``starts``/``ends`` place each character in the original.

    Both are None where every character stands where it stood.
    """

    text: str
    starts: list[int] | None = None
    ends: list[int] | None = None

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Return the offsets in the original of ``text[start:end]`` (not empty)."""
        if self.starts is None or self.ends is None:
            return start, end
        return self.starts[start], self.ends[end - 1]


def own_words(text: str) -> Cleaned:
    r"""Return what the lead wrote itself; what is left out became blanks or is gone.

    >>> own_words("Yes, 3 beds.\n> Do you need 4 beds?").text.strip()
    'Yes, 3 beds.'
    >>> own_words("<p>In <b>San Jose</b></p>").text.strip()
    'In San Jose'
    """
    plain = text if text.isascii() else text.translate(_SAME_WIDTH)
    if ("<" in plain or "&" in plain) and _MARKUP.search(plain):
        cleaned = _without_markup(plain)
    elif "    " in plain or "\t" in plain:
        cleaned = _without_long_gaps(plain)
    else:
        cleaned = Cleaned(plain)
    blanked = _without_quotes(cleaned.text)
    return cleaned if blanked is cleaned.text else Cleaned(blanked, cleaned.starts, cleaned.ends)


class _Builder:
    """Collects the text that stays, with where each character came from."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []

    def keep(self, text: str, start: int) -> None:
        self.parts.append(text)
        self.starts.extend(range(start, start + len(text)))
        self.ends.extend(range(start + 1, start + len(text) + 1))

    def put(self, text: str, start: int, end: int) -> None:
        self.parts.append(text)
        self.starts.extend([start] * len(text))
        self.ends.extend([end] * len(text))

    def done(self) -> Cleaned:
        return Cleaned("".join(self.parts), self.starts, self.ends)


def _without_long_gaps(text: str) -> Cleaned:
    built, last = _Builder(), 0
    for gap in _MANY_BLANKS.finditer(text):
        built.keep(text[last : gap.start() + 2], last)
        last = gap.end()
    built.keep(text[last:], last)
    return built.done()


def _without_markup(text: str) -> Cleaned:
    built, last, low = _Builder(), 0, text.lower()
    same = len(low) == len(text)
    for found in _MARKUP.finditer(text):
        if found.start() < last:
            continue
        built.keep(text[last : found.start()], last)
        last = found.end()
        tag = (found["tag"] or "").lower()
        if not tag:
            built.put(html.unescape(found[0]).translate(_SAME_WIDTH), found.start(), found.end())
        elif not found["close"] and "gmail_quote" in found[0]:
            return built.done()
        elif not found["close"] and (tag in _UNSEEN or tag == "blockquote"):
            last = _end_of(tag, low, last) if same else last
        elif tag in _BREAKS:
            built.put("\n", found.start(), found.end())
        elif tag in ("td", "th"):
            built.put(" ", found.start(), found.end())
    built.keep(text[last:], last)
    return built.done()


def _end_of(tag: str, low: str, start: int) -> int:
    """Where the element that opened before ``start`` ends; a quote that never closes runs to the end."""
    if tag != "blockquote":
        end = low.find(f"</{tag}", start)
        return start if end < 0 else end
    depth = 1
    for found in re.finditer(r"<(/?)blockquote\b", low[start:]):
        depth += -1 if found[1] else 1
        if depth == 0:
            return start + found.start()
    return len(low)


def _without_quotes(text: str) -> str:
    if "\n" not in text and "rote:" not in text and ">" not in text[:4]:
        return text
    return text if text.isascii() and not may_repeat(text) else without_repeats(text)


def without_repeats(text: str) -> str:
    """Blank what a text repeats of other messages, and its signature."""
    low = text.lower() if text.isascii() else None
    kept = _before_reply(text) if _shows(low, "wrote:") else text
    kept = _before_repeats(kept, low).ljust(len(text))
    kept = _LEADING_HEADERS.sub(_blanks, kept, count=1)
    if _shows(low, *_SENT_SIGNS):
        kept = _SENT_FROM.sub(_blanks, kept)
    if ">" in kept or "|" in kept:
        kept = _QUOTED_LINE.sub(_blanks, kept)
    return _without_closing(kept) if _shows(low, *_CLOSING_SIGNS) else kept


def _shows(low: str | None, *signs: str) -> bool:
    """Whether any of ``signs`` is in a text in lower case; None is one whose letters have more than two cases."""
    return low is None or any(sign in low for sign in signs)


def may_repeat(text: str) -> bool:
    r"""Whether a text in ASCII has any sign of what is left out: most that break their lines have none.

    >>> may_repeat("Hello,\nis it sold?"), may_repeat("Is it sold?\nThanks!\nAna")
    (False, True)
    """
    if ":" in text or ">" in text or "|" in text or "--" in text or "__" in text:
        return True
    return _shows(text.lower(), *_SENT_SIGNS, *_CLOSING_SIGNS)


def _blanks(found: re.Match[str]) -> str:
    return " " * len(found[0])


def _before_reply(text: str) -> str:
    """Cut at "On Tuesday Ana wrote:"; where lines marked ``>`` follow, only the introduction goes."""
    for mark in _WROTE.finditer(text):
        openings = list(_ON_DATE.finditer(text, max(0, mark.start() - 250), mark.start()))
        if openings and _NEXT_LINE_QUOTED.match(text, mark.end()):
            intro = openings[-1].start()
            text = text[:intro] + " " * (mark.end() - intro) + text[mark.end() :]
        elif openings:
            return text[: openings[-1].start()]
    return text


def _before_repeats(text: str, low: str | None) -> str:
    """Cut where a forwarded or answered message, or a signature, begins."""
    starts = [len(text)]
    for pattern, signs in _REPEATS:
        found = pattern.search(text) if _shows(low, *signs) else None
        if found and (pattern is _FORWARDED or text[: found.start()].strip()):
            starts.append(found.start())
    return text[: min(starts)]


def _without_closing(text: str) -> str:
    """Blank what follows a complimentary close: a few short lines that say nothing."""
    for close in _CLOSING.finditer(text, max(0, len(text.rstrip()) - 400)):
        lines = [line.strip() for line in text[close.end() :].splitlines() if line.strip()]
        if len(lines) <= 6 and all(len(line) <= 70 and not _SPEAKS.search(line) for line in lines):
            return text[: close.end()].ljust(len(text))
    return text
