"""What a lead does besides writing: listings looked at and saved, homes visited."""

from __future__ import annotations

import math

from core.leads import Direction, InteractionKind, Side
from core.sample.journey import NOT_REACHED, Journey
from core.sample.script import Script, money
from core.sample.words.places import AREAS
from core.sample.writing import Writer

_MOST_VIEWS = 24
_IN, _OUT = Direction.INBOUND, Direction.OUTBOUND


def browse(script: Script, journey: Journey) -> None:
    """Listings viewed and saved on the team's site, in bursts, while the lead is interested."""
    person, dice, hidden = script.person, script.dice, script.person.hidden
    selling = 0.25 if person.side is Side.SELLER else 1.0
    mean = selling * math.exp(0.5 + 0.65 * hidden.intent + hidden.browsing)  # listings in the first weeks
    interested = min(journey.silent + 1.5, journey.contract, 75.0)
    day = dice.exponential(1.2)
    for _ in range(min(dice.poisson(min(mean * (0.6 + interested / 40.0), 30.0)), _MOST_VIEWS)):
        if dice.chance(0.4):
            day += dice.exponential(interested / 6.0 + 0.5)
        else:
            day += dice.between(0.5, 9.0) / 1440
        if day > interested:
            break
        _view(script, script.awake(day))


def _view(script: Script, day: float) -> None:
    person, dice = script.person, script.dice
    area = dice.pick(person.wish.areas) if dice.chance(0.85) else dice.pick(AREAS)
    price = round(person.means.price * math.exp(dice.normal(-0.06 * person.hidden.fit, 0.13)) / 1000) * 1000 - 100
    address = f"{dice.whole(2, 129) * 100 + dice.whole(1, 98)} {dice.pick(area.streets)}"
    kind = InteractionKind.PROPERTY_SAVE if dice.chance(0.2) else InteractionKind.PROPERTY_VIEW
    script.add(day, kind, _IN, subject=address, price=money(price), area=area.name)


def visit(script: Script, journey: Journey, writer: Writer) -> None:
    """Homes that the lead asked to see and saw."""
    dice = script.dice
    if journey.showing == NOT_REACHED:
        _asked_in_vain(script, journey, writer)
        return
    day = journey.showing
    until = min(journey.contract - 1.0, journey.silent + 3.0, day + 45.0)
    for _ in range(1 + dice.poisson(0.9)):
        if day > until and day > journey.showing:
            break
        _visit(script, day, writer)
        day += dice.lognormal(6.0, 0.7)


def _visit(script: Script, day: float, writer: Writer) -> None:
    person, dice = script.person, script.dice
    asked = max(day - dice.between(0.8, 3.5), 0.02)
    kind = InteractionKind.SMS if person.contact.phone else InteractionKind.EMAIL
    if dice.chance(0.75):
        text = writer.ask_to_see(kind)
        script.add(script.awake(asked), InteractionKind.SHOWING_REQUEST, _IN, text)
    area = dice.pick(person.wish.areas)
    price = round(person.means.price * math.exp(dice.normal(0.0, 0.09)) / 1000) * 1000 - 100
    address = f"{dice.whole(2, 129) * 100 + dice.whole(1, 98)} {dice.pick(area.streets)}"
    script.add(script.working(day), InteractionKind.SHOWING, _OUT, subject=address, price=money(price), area=area.name)


def _asked_in_vain(script: Script, journey: Journey, writer: Writer) -> None:
    """Some ask to see a home and never come."""
    dice, hidden = script.dice, script.person.hidden
    if journey.silent > 0.5 and dice.chance(0.14 + 0.05 * min(max(hidden.intent, -2.0), 2.0)):
        kind = InteractionKind.SMS if script.person.contact.phone else InteractionKind.EMAIL
        day = dice.between(0.1, min(journey.silent, 12.0))
        script.add(script.awake(day), InteractionKind.SHOWING_REQUEST, _IN, writer.ask_to_see(kind))
