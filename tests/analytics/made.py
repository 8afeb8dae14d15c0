"""Leads as columns, drawn from a process whose every number is known."""

from __future__ import annotations

import numpy as np

from core.analytics.milestones import Milestones, Scores

SHARE_SIGNING, SHARE_CLOSING = 0.3, 0.8
PRICE_USD = 400_000.0


def drawn(leads: int, seed: int, days: float = 600.0) -> tuple[Milestones, Scores]:
    """Leads that arrive evenly over ``days``: three in ten sign after 20 to 60 days, the others are lost meanwhile.

    Four in five contracts close 30 to 45 days later. Each lead is scored on day 5 with its true chance.
    """
    dice = np.random.default_rng(seed)
    arrived = np.sort(dice.uniform(0, days, leads))
    chance = dice.beta(1.2, 2.8, leads)  # mean 0.3
    signs = dice.random(leads) < chance
    contract = np.where(signs, arrived + dice.uniform(20, 60, leads), np.nan)
    closes = signs & (dice.random(leads) < SHARE_CLOSING)
    closed = np.where(closes, contract + dice.uniform(30, 45, leads), np.nan)
    fell = np.where(signs & ~closes, contract + dice.uniform(5, 40, leads), np.nan)
    lost = np.where(signs, fell, arrived + dice.uniform(15, 90, leads))
    price = np.where(signs, PRICE_USD, np.nan)
    scores = Scores(np.arange(leads), arrived + 5.0, chance, chance * SHARE_CLOSING, np.full(leads, PRICE_USD))
    return Milestones(arrived, contract, closed, lost, price), scores
