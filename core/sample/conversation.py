"""The conversation: the bot, the agent's messages, the lead's answers and silences."""

from __future__ import annotations

import math
from typing import Final

from core.leads import Direction, Insights, InteractionKind, Side
from core.sample.dice import Dice, logistic
from core.sample.facts import Facts
from core.sample.grammar import Phrase, write
from core.sample.journey import Journey
from core.sample.manner import quoting
from core.sample.script import Script
from core.sample.topics import asked_for
from core.sample.words import team
from core.sample.words.manners import SUBJECTS
from core.sample.writing import Writer

_GAPS: Final = (1.5, 2.5, 4.0, 7.0, 11.0, 16.0, 24.0, 30.0)  # days between tries that nobody answers
_MOST_TOUCHES: Final = 26
FADED: Final = 3.6  # how far the log-odds of an answer fall when interest is gone
_WORDLESS: Final = {"Facebook Ads": 0.35, "Open House": 0.3, "Zillow": 0.12, "Realtor.com": 0.12}
IN, OUT = Direction.INBOUND, Direction.OUTBOUND
EMAIL, SMS, CHAT, CALL = InteractionKind.EMAIL, InteractionKind.SMS, InteractionKind.CHAT, InteractionKind.CALL


class Conversation:
    """Plays the conversation of one lead into a script."""

    def __init__(self, script: Script, journey: Journey, writer: Writer, facts: Facts) -> None:
        self._script, self._journey, self._writer, self._facts = script, journey, writer, facts
        self._person, self._dice = script.person, script.dice
        hidden = self._person.hidden
        self._answers = 0.3 + 0.95 * hidden.intent + hidden.talk  # log-odds of an answer while interested
        self._delay_h = 5.5 * math.exp(-0.55 * hidden.intent - 0.8 * hidden.haste)
        self._mail_share = self._dice.pick((0.15, 0.3, 0.5, 0.8))
        self._selling = self._person.side is Side.SELLER
        self._asked = False  # whether the lead's last answer holds a question
        self._sent: set[int] = set()

    def play(self, answered_on: float) -> Insights:
        """Everything from the first message to the last; the agent first writes on day ``answered_on``."""
        self._arrive()
        insights = self._bot() if self._person.source.bot else Insights()
        self._with_agent(answered_on)
        return insights

    def _arrive(self) -> None:
        source, dice = self._person.source, self._dice
        about_listing = dice.chance(source.listing)
        wordless = dice.chance(_WORDLESS.get(source.name, 0.0))
        text = self._writer.first(source.kind, about_listing, wordless)
        self._script.add(0.0, source.kind, IN, text, self._subject(source.kind))
        if about_listing and dice.chance(0.12):  # the portal's own button
            self._script.add(0.0005, InteractionKind.SHOWING_REQUEST, IN)

    def _bot(self) -> Insights:
        """The first minutes: the bot asks, the lead answers or not, and the bot measures."""
        script, dice = self._script, self._dice
        kind = SMS if self._person.contact.phone else CHAT
        day = dice.between(0.5, 3.0) / 1440
        asked = answered = 0
        for question in (team.BOT_HELLO, *dice.some(self._bot_questions(), 5)):
            asked += 1
            ours = self._pick(question)
            script.add(day, kind, OUT, self._ours(ours))
            lean = self._answers - 0.1 - 0.12 * asked - (FADED if self._journey.silent <= day else 0.0)
            if not dice.chance(logistic(lean)):
                break
            delay = min(dice.lognormal(self._delay_h * 0.12, 1.0), 9.0) / 24
            day = script.awake(day + delay)
            answered += 1
            script.add(day, kind, IN, self._writer.answer("early", kind, asked_for(ours)))
            day += dice.between(0.3, 2.0) / 1440
        insights = self._measured(asked, answered)
        return insights if dice.chance(0.9) and day <= script.last_day else Insights()

    def _bot_questions(self) -> tuple[tuple[Phrase, ...], ...]:
        return (team.ASK_TIME, team.ASK_SELLER) if self._selling else team.BOT_ASKS

    def _measured(self, asked: int, answered: int) -> Insights:
        dice, hidden = self._dice, self._person.hidden
        heard = 1.6 * answered / asked + 0.25 * answered
        engaged = logistic(-1.6 + heard + 0.5 * hidden.intent + dice.normal(0.0, 0.5))
        rapport = logistic(-0.7 + 0.35 * answered + 0.4 * hidden.intent + 0.5 * hidden.talk + dice.normal(0.0, 0.5))
        signals = self._writer.signals + dice.poisson(0.25 * math.exp(0.5 * hidden.intent) * (1 + answered) / 2)
        return Insights.model_construct(
            engagement_level=round(engaged, 2),
            buying_signals_count=signals,
            objections_resolved=dice.poisson(0.15 + 0.25 * answered * logistic(0.5 * hidden.intent)),
            rapport_building_score=round(rapport, 2),
        )

    def _with_agent(self, day: float) -> None:
        """The agent's tries and what comes back, until the lead is lost or has moved in."""
        script, dice, journey = self._script, self._dice, self._journey
        over = min(journey.lost, journey.closed + 20.0)
        unanswered, touches, mailed = 0, 0, team.SELLER_FOLLOW if self._selling else team.FIRST
        while day < over and touches < _MOST_TOUCHES:
            touches += 1
            answer_on = self._exchange(day, mailed)
            if answer_on is None:
                unanswered += 1
                day = script.working(day + _GAPS[min(unanswered - 1, len(_GAPS) - 1)] * dice.between(0.7, 1.4))
                mailed = self._next_try(day, unanswered)
                continue
            unanswered = 0
            if dice.chance(0.45):  # the agent answers the answer
                day = script.working(answer_on + dice.lognormal(self._person.agent.answers_in_h, 0.8) / 24)
                mailed = self._reply(day)
            else:
                day = script.working(answer_on + dice.between(2.5, 7.5))
                mailed = self._next_try(day, 0)
        if journey.lost < journey.contract and dice.chance(0.45):
            kind = self._channel()
            last_word = self._writer.leave(journey.reason, kind)
            if last_word:
                script.add(
                    script.awake(journey.lost - dice.between(1.0, 2.5)), kind, IN, last_word, self._subject(kind)
                )

    def _exchange(self, day: float, fragments: tuple[Phrase, ...]) -> float | None:
        """One message of ours; the day of the answer, or None."""
        script, dice = self._script, self._dice
        if self._person.contact.phone and dice.chance(0.13):
            script.add(day, CALL, OUT, self._ours(self._pick(team.CALL_NOTES)))
            day += dice.between(1.0, 6.0) / 1440
        kind = self._channel()
        ours = self._pick(fragments)
        text = self._ours(ours)
        subject = self._subject(kind)
        if kind is EMAIL:
            text = f"{text}\n\n{self._person.agent.name}\n{dice.pick(team.SIGNATURES)}"
        script.add(day, kind, OUT, text, subject)
        if not dice.chance(logistic(self._answers - self._reserve(day))):
            return None
        delay = min(dice.lognormal(self._delay_h, 1.1), 160.0) / 24
        answer_on = script.awake(day + delay)
        body = self._writer.answer(self._phase(answer_on), kind, asked_for(ours))
        self._asked = "?" in body
        if kind is EMAIL and dice.chance(0.4):
            body = quoting(body, text, script.at(day), self._person.agent.name)
        script.add(answer_on, kind, IN, body, f"Re: {subject}" if subject else None)
        return answer_on

    def _reserve(self, day: float) -> float:
        """What lowers the log-odds of an answer: having lost interest, or being under contract and busy."""
        if day >= self._journey.silent:
            return FADED
        return 1.0 if day >= self._journey.contract else 0.0

    def _phase(self, day: float) -> str:
        journey = self._journey
        if day >= journey.closed:
            return "closed"
        if day >= journey.contract:
            return "selling contract" if self._selling else "contract"
        if self._selling:
            return "selling" if day > journey.qualified else "early"
        if day >= journey.showing:
            return "offer" if self._dice.chance(0.3) else "toured"
        return "looking" if day > min(journey.qualified, 4.0) else "early"

    def _next_try(self, day: float, unanswered: int) -> tuple[Phrase, ...]:
        phase = self._phase(day)
        if day >= self._journey.contract:
            return team.AFTER_CLOSING if phase == "closed" else team.CONTRACT_NOTE
        if unanswered >= 3 and self._dice.chance(0.7):
            return team.DRIP
        if self._selling:
            return team.SELLER_FOLLOW
        after = phase in ("toured", "offer") and unanswered < 2 and self._dice.chance(0.5)
        return team.AFTER_SHOWING if after else team.CHECK_IN

    def _reply(self, day: float) -> tuple[Phrase, ...]:
        if day >= self._journey.contract:
            return self._next_try(day, 0)
        if self._selling:
            return team.SELLER_FOLLOW
        return team.ANSWER_QUESTION if self._asked else team.ANSWER

    def _channel(self) -> InteractionKind:
        contact = self._person.contact
        if contact.email and (not contact.phone or self._dice.chance(self._mail_share)):
            return EMAIL
        return SMS if contact.phone else CHAT

    def _subject(self, kind: InteractionKind) -> str | None:
        return self._ours(self._dice.pick(SUBJECTS)) if kind is EMAIL else None

    def _pick(self, fragments: tuple[Phrase, ...]) -> Phrase:
        """One of these, if possible one that was not sent before."""
        fresh = [phrase for phrase in fragments if id(phrase) not in self._sent]
        phrase = self._dice.pick(fresh or fragments)
        self._sent.add(id(phrase))
        return phrase

    def _ours(self, ours: Phrase) -> str:
        return write(ours, self._dice, self._facts)


def first_answer_on(script: Script, dice: Dice) -> float:
    """The day (mostly a part of one) of the agent's first message: soon for a quick agent, after hours next morning."""
    return script.working(dice.lognormal(script.person.agent.answers_in_h, 0.7) / 24)
