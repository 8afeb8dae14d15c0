"""Puts placeholders for what is personal, and the words back in their place."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from core.escalation.own_names import words_in
from core.escalation.personal import PLACEHOLDER, Kind, Personal
from core.escalation.visible import visible
from core.leads import LeadHistory

CUT: Final = " [...]"


class Placeholders:
    """The placeholders of one question. The same words get the same; ``[NAME_1.2]`` is ``[NAME_1]`` written otherwise.

    >>> from core.leads import Lead
    >>> history = LeadHistory(lead=Lead(lead_id="a", name="Ana Lima", phone="+15125550198"))
    >>> held = Placeholders(history, [])
    >>> held.hide("ANA here, at 12 Elm St, 512-555-0198. Ana")
    '[NAME_1.2] here, at [HOUSE_1] Elm St, [PHONE_1.2]. [NAME_1]'
    >>> held.restore("Dear [NAME_1], I call you at [PHONE_1.2]. [NAME_9]")
    'Dear Ana, I call you at 512-555-0198. '
    """

    def __init__(self, history: LeadHistory, texts: Iterable[str]) -> None:
        self._personal = Personal(history, texts)
        self._values: dict[str, str] = {}
        self._labels: dict[tuple[Kind, str], str] = {}
        self._numbers: dict[tuple[Kind, str], int] = {}
        lead = history.lead
        self.hide_name(visible(lead.name or ""))  # theirs are the first numbers
        for own in (lead.email, lead.phone):
            self.hide(visible(own or ""))
        self.of_lead = frozenset(self._values)

    def hide(self, text: str, most: int | None = None) -> str:
        """``text`` (visible characters only) with placeholders; what would stand after ``most`` characters is cut."""
        parts, at = [], 0
        end = len(text) if most is None or len(text) <= most else most
        for span in self._personal.spans(text[: end + 300]):
            if span.end > end:
                end = min(end, span.start)
                break
            parts += [text[at : span.start], self._label(span.kind, text[span.start : span.end])]
            at = span.end
        parts.append(text[at:end])
        return "".join(parts) + (CUT if end < len(text) else "")

    def hide_name(self, text: str, most: int | None = None) -> str:
        """``hide`` for a name: every word of it gets a placeholder, also one that is a word of every day.

        >>> from core.leads import Lead
        >>> Placeholders(LeadHistory(lead=Lead(lead_id="a", name="joy brown")), []).hide_name("joy b.")
        '[NAME_1] [NAME_3].'
        """
        hidden, parts, at = self.hide(text, most), list[str](), 0
        for match in (*PLACEHOLDER.finditer(hidden), None):
            end = len(hidden) if match is None else match.start()
            for start, stop in words_in(hidden, at, end):
                parts += [hidden[at:start], self._label(Kind.NAME, hidden[start:stop])]
                at = stop
            parts.append(hidden[at : end if match is None else match.end()])
            at = end if match is None else match.end()
        return "".join(parts)

    @property
    def labels(self) -> Iterable[str]:
        """Every placeholder so far, without brackets."""
        return self._values.keys()

    @staticmethod
    def kind(label: str) -> Kind:
        """What a placeholder of ours stands for."""
        return Kind(label.partition("_")[0])

    @staticmethod
    def base(label: str) -> str:
        """The placeholder that ``label`` is another way of writing of."""
        return label.partition(".")[0]

    def restore(self, text: str, only: Iterable[str] | None = None, kinds: frozenset[Kind] = frozenset(Kind)) -> str:
        """``text`` with the words back.

        Placeholders of other ``kinds`` stay as they are; one that is not ours, or not one of ``only``, goes.
        """
        allowed = set(self._values if only is None else only)

        def word(match: re.Match[str]) -> str:
            label = match[1] if match[1] in allowed else self.base(match[1])
            if label.partition("_")[0] not in kinds:
                return match[0]
            return self._values[label] if label in allowed else ""

        return PLACEHOLDER.sub(word, text)

    def _label(self, kind: Kind, words: str) -> str:
        label = self._labels.get((kind, words))
        if label is None:
            label = self._labels[kind, words] = self._new(kind, words)
            self._values[label] = words
        return f"[{label}]"

    def _new(self, kind: Kind, words: str) -> str:
        digits = "".join(filter(str.isdigit, words))
        key = (kind, digits[-10:] if kind is Kind.PHONE else words.casefold())
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = 1 + sum(other is kind for other, _ in self._numbers)
            return f"{kind}_{number}"
        variant = 1 + sum(label.partition(".")[0] == f"{kind}_{number}" for label in self._values)
        return f"{kind}_{number}.{variant}"
