"""Texts that would do something, if anything took them for more than text: markup, formulas, escapes, endless words."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Final

HOST: Final = "attacker.example"
SCRIPTS: Final = (
    "<script>alert(1)</script>",
    f'<img src="https://{HOST}/a.png" onerror="alert(1)">',
    "<svg onload=alert(1)>",
    f'"><iframe src="//{HOST}/f"></iframe>',
    "javascript:alert(1)",
    f"<style>@import'https://{HOST}/s.css'</style>",
    f'<a href="https://{HOST}">open</a>',
    "</script><script>alert(1)</script>",
    "<b>Ana</b><br>%{x}<extra></extra>",
)
MARKDOWN: Final = (
    f"![x](https://{HOST}/b.png)",
    f"[Ana](https://{HOST})",
    f"![][1]\n\n[1]: https://{HOST}/c.png",
    ":red[Ana] :material/delete: :rainbow[x]",
    "# Ana\n\n---\n\n> quote",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "```\ncode\n``` `x` **bold** ~~gone~~",
    f"<https://{HOST}> https://{HOST}/d.png",
    "$\\frac{1}{0}$ $$\\href{javascript:alert(1)}{x}$$",
    ":streamlit: :smile: {{ana}}",
)
FORMULAS: Final = ("=1+1", "=cmd|' /C calc'!A0", "+SUM(A1)", "-2+3", "@SUM(1)", "\t=1", "\r=1", "=HYPERLINK(0)")
TERMINAL: Final = (
    "\x1b[31mred",
    "\x1b]0;title\x07",
    "\x1b[2J\x1b[H",
    "\x9b31m",
    "\x08\x08\x08",
    "\r\nlog line",
    "\x7f",
)
WRITING: Final = (
    "\u202eevil\u202c",
    "مرحبا בית",
    "a\u200bn\u200ca\u200d",
    "\ufeffAna",
    "e\u0301" * 5,
    "Z" + "\u0335" * 40,
    "👩‍👩‍👧‍👦🏳️‍🌈",
    "\u2028\u2029",
    "\ufffe\uffff",
    "\U0010ffff",
    "ﷺ",
    "\xa0 \u3000",
)
TEMPLATES: Final = (
    "{{7*7}}",
    "${7*7}",
    "{0.__class__}",
    "%(name)s %s %n",
    "<%= 7*7 %>",
    "#{7*7}",
    "${jndi:ldap://x}",
    "'; DROP TABLE leads;--",
    "%_\\",
    "../../../etc/passwd",
    "{}",
    "%{customdata[0]}",
    "%{y:.3f}",
    "None",
    "nan",
    "__proto__",
    "constructor",
    "NULL",
)
_KINDS: Final = (SCRIPTS, MARKDOWN, FORMULAS, TERMINAL, WRITING, TEMPLATES)
LONG: Final = 300


def hostile(count: int, seed: int = 1) -> list[str]:
    """``count`` different texts, each of what is above first, then mixtures; none is blank, all can be stored."""
    found = dict.fromkeys(text for kind in _KINDS for text in kind)
    chance = random.Random(seed)
    ways: tuple[Callable[[str, str], str], ...] = (
        lambda one, two: one + two,
        lambda one, two: f"Ana {one} Lima {two}",
        lambda one, two: one.upper() + " " + two,
        lambda one, two: (one + two) * (LONG // max(1, len(one + two))),
        lambda one, two: "\u202e" + one + "\u200b" + two,
        lambda one, two: f"'\"{one}\"' {two}",
        lambda one, two: chance.choice("=+-@") + one + two,
    )
    while len(found) < count:
        one, two = (chance.choice(chance.choice(_KINDS)) for _ in range(2))
        found[chance.choice(ways)(one, two)[:LONG]] = None
    return list(found)[:count]
