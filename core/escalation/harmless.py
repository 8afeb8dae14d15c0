"""Takes out of a text whatever a screen, a mail program or a hasty click could act on."""

from __future__ import annotations

import re
from typing import Final

from core.escalation.personal import EMAIL, LINK, NUMBER, PHONE, Kind
from core.escalation.placeholders import Placeholders
from core.escalation.visible import visible

_MARKUP: Final = str.maketrans({"<": "‹", ">": "›", "＜": "‹", "＞": "›", "`": "'"})
_IMAGE: Final = re.compile(r"!(?=\[)")
_TARGET: Final = re.compile(r"\](?=[(\[:])")
_ENTITY: Final = re.compile(r"&(?=#|\w{1,32};)")
_SPACES: Final = re.compile(r"[^\S\n]+")
_LINES: Final = re.compile(r" ?\n ?(?:\n ?)+")
_TAG: Final = re.compile(r"<[/!?a-z]|!\[|\]\(|&(?:#|\w{1,32};)", re.IGNORECASE)

_CONTACTS: Final = frozenset({Kind.EMAIL, Kind.PHONE})
_PLAIN: Final = frozenset({Kind.NAME, Kind.HOUSE, Kind.NUMBER})


def spoken(text: str, held: Placeholders, most: int) -> str:
    """What Claude wrote, fit for a screen: at most ``most`` characters, no links, no markup, the lead's words put back.

    Of e-mails, telephones and account numbers only those come back that the lead's record holds: nobody can be made
    to write to somebody else.
    """
    labels = {label for label in held.labels if _may_be_told(label, held)}
    text = _plain(visible(text))
    for pattern in (EMAIL, PHONE, NUMBER):
        text = pattern.sub("", text)
    text = held.restore(text, labels, _PLAIN)
    text = _cut(_tidy(_without_links(text)), most)
    text = _cut(_tidy(held.restore(text, {label for label in labels if held.kind(label) in _CONTACTS})), most)
    return "" if holds_link(text) else text


def quoted(words: str, held: Placeholders, sources: tuple[str, ...], most: int) -> str | None:
    """``words`` as they stand in one of ``sources``, letter by letter; None when they do not, or hold what is no text.

    Line breaks, letter case and the slant of apostrophes may differ; what is returned is the source's own.
    """
    wanted = held.restore(visible(words)).strip(" \n\t\"'“”„«».…")
    pieces = [_either_slant(piece) for piece in wanted.split()]
    if len(wanted) > most or sum(map(str.isalnum, wanted)) < 2:
        return None
    pattern = re.compile(r"\s+".join(pieces), re.IGNORECASE)
    match = next(filter(None, map(pattern.search, sources)), None)
    if match is None or len(match[0]) > most or _TAG.search(match[0]) or holds_link(match[0]):
        return None
    return match[0]


def holds_link(text: str) -> bool:
    """Whether something in ``text`` leads elsewhere; an e-mail address alone does not."""
    return LINK.search(EMAIL.sub(" ", text)) is not None


def _may_be_told(label: str, held: Placeholders) -> bool:
    return held.kind(label) in (Kind.NAME, Kind.HOUSE) or held.base(label) in held.of_lead


def _plain(text: str) -> str:
    text = _ENTITY.sub("& ", text.translate(_MARKUP))
    return _TARGET.sub("] ", _IMAGE.sub("", text))


def _without_links(text: str) -> str:
    while LINK.search(text):  # what closes up may make another
        text = LINK.sub("", text)
    return text


def _tidy(text: str) -> str:
    return _LINES.sub("\n\n", _SPACES.sub(" ", text)).strip()


def _cut(text: str, most: int) -> str:
    if len(text) <= most:
        return text
    kept = text[: most - 1]
    return (kept[: max(kept.rfind(" "), most // 2)]).rstrip() + "…"


def _either_slant(piece: str) -> str:
    escaped = re.escape(piece.replace("‹", "<").replace("›", ">"))
    return re.sub(r"['’‘]", "['’‘]", escaped)
