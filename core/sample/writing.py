"""What a lead writes: which of its facts it tells when, what it asks, and in which words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from core.leads import InteractionKind, Side
from core.sample.dice import Dice, logistic
from core.sample.facts import Facts
from core.sample.grammar import Phrase, write
from core.sample.manner import as_email, styled
from core.sample.person import Person
from core.sample.topics import STRONG, topics
from core.sample.words import life, money, openings, replies

_PHASES: Final = {
    "looking": replies.LOOKING,
    "toured": replies.SAW_IT,
    "offer": replies.OFFER,
    "selling": replies.SELLER_STEPS,
    "contract": replies.UNDER_CONTRACT,
    "selling contract": replies.SELLER_CONTRACT,
    "closed": replies.CLOSED,
}
_PORTALS: Final = ("Zillow", "Realtor.com", "Website")
MOST_CHARACTERS: Final = 1_200


class Writer:
    """Writes the messages of one lead; remembers what it has told and which phrases it has used."""

    def __init__(self, person: Person, facts: Facts, dice: Dice) -> None:
        self._person, self._facts, self._dice = person, facts, dice
        self._untold = topics(person, dice)
        self._used: set[int] = set()
        self.signals = 0  # telling things said so far: means, a date, a wish to see a home

    def say(self, fragments: Sequence[Phrase]) -> str:
        """One sentence of these, if possible from a fragment not used before."""
        for _ in range(4):
            phrase = self._dice.pick(fragments)
            if id(phrase) not in self._used:
                break
        self._used.add(id(phrase))
        self.signals += phrase in STRONG
        return write(phrase, self._dice, self._facts)

    def first(self, kind: InteractionKind, about_listing: bool, wordless: bool) -> str | None:
        """The first message; None where a form came without one. What is told of the household is told here."""
        person, dice = self._person, self._dice
        topics_at_home = ((life.FAMILY, person.family), (life.SCHOOLS, person.school))
        household = [self.say(fragments) for fragments, told in topics_at_home if told]
        if wordless and not household:
            return None
        parts = [] if wordless else [self.say(self._opening(about_listing))]
        parts += self._told(0 if wordless else dice.poisson(0.9))
        parts += household
        if dice.chance(0.25):
            parts += self._asked(1)
        return self._finish(parts, kind, greeting=dice.chance(0.45))

    def _opening(self, about_listing: bool) -> tuple[Phrase, ...]:
        person, dice = self._person, self._dice
        if person.side is Side.SELLER:
            return openings.SELLING
        if person.side is Side.BOTH and dice.chance(0.6):
            return openings.BOTH_SIDES
        if about_listing and person.source.name in _PORTALS:
            return openings.LISTING
        return dice.pick(openings.BY_SOURCE[person.source.name])

    def _told(self, count: int, about: str | None = None) -> list[str]:
        """The next ``count`` things the lead has to tell; first what it was asked ``about``."""
        if about:
            self._untold.sort(key=lambda topic: topic[0] != about)
        told, self._untold = self._untold[:count], self._untold[count:]
        return [self.say(fragments) for _, fragments in told]

    def _asked(self, count: int) -> list[str]:
        """``count`` questions, the deeper the more the lead knows of the trade and the more it means it."""
        deep = logistic(-1.0 + 2.0 * self._person.wish.knowledge + 0.6 * self._person.hidden.intent)
        pools = (money.MONEY_QUESTIONS, replies.QUESTIONS)
        asked = (self._dice.pick(pools) if self._dice.chance(deep) else replies.EASY_QUESTIONS for _ in range(count))
        return [self.say(pool) for pool in asked]

    def answer(self, phase: str, kind: InteractionKind, about: str | None = None) -> str:
        """An answer, in ``phase`` (early or one of those above), to a message of ours that asked ``about`` a topic."""
        dice, hidden = self._dice, self._person.hidden
        if phase == "early" and dice.chance(logistic(-1.2 - 0.7 * hidden.talk - 0.3 * hidden.intent)):
            return self._finish([self.say(replies.SHORT)], kind, greeting=False)
        parts = self._told(1 + dice.poisson(0.6 + 0.3 * logistic(hidden.talk)), about)
        if phase != "early" and (not parts or dice.chance(0.6)):
            parts.append(self.say(_PHASES[phase]))
        if phase != "closed":
            if dice.chance(self._person.wish.knowledge * 0.4):
                parts.append(self.say(life.TERMS))
            parts += self._asked(min(dice.poisson(0.35 * logistic(hidden.intent) + 0.3 * logistic(hidden.talk)), 3))
        if not parts:
            selling = self._person.side is Side.SELLER
            parts.append(self.say(replies.SELLER_STEPS if selling else replies.LOOKING))
        if dice.chance(0.35):
            parts.insert(0, self.say(replies.ACKNOWLEDGE))
        return self._finish(parts, kind, greeting=dice.chance(0.15))

    def ask_to_see(self, kind: InteractionKind) -> str:
        """A wish to see a home, or, of a seller, to have the team come by."""
        self.signals += 1
        selling = self._person.side is Side.SELLER
        parts = [self.say(replies.SELLER_VISIT if selling else replies.SHOWING_ASK)]
        parts += self._told(self._dice.whole(0, 1))
        return self._finish(parts, kind, greeting=self._dice.chance(0.25))

    def leave(self, reason: str, kind: InteractionKind) -> str | None:
        """A last word that gives the reason, where it is one that people write."""
        fragments = replies.GOODBYE.get(reason)
        return self._finish([self.say(fragments)], kind, greeting=self._dice.chance(0.2)) if fragments else None

    def _finish(self, parts: list[str], kind: InteractionKind, greeting: bool) -> str:
        person, dice = self._person, self._dice
        formal_mail = kind is InteractionKind.EMAIL and person.style == "formal"
        if greeting and not formal_mail:
            parts = [self.say(openings.HELLO), *parts]
        if person.spanish and dice.chance(0.3):
            if greeting or dice.chance(0.4):
                parts[: bool(greeting and not formal_mail)] = [self.say(replies.SPANISH_HELLO)]
            else:
                parts.append(self.say(replies.SPANISH))
        if person.style == "chatty" and dice.chance(0.35):
            parts.append(self.say(replies.CHATTY))
        if len(parts) > 1 and dice.chance(0.3):
            parts.append(self.say(replies.CLOSINGS))
        text = styled(parts, person.style, dice)[:MOST_CHARACTERS]
        if kind is InteractionKind.EMAIL:
            contact = person.contact
            return as_email(text, person.style, contact.first, contact.name, contact.phone, person.agent.name, dice)
        return text
