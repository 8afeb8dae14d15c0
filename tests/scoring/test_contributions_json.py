"""The contributions of an answer are the sentences of its score, to the byte."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import orjson
from numpy.typing import NDArray

from core.features import values_of
from core.features.catalog import CATALOG, NAMES, UNKNOWN
from core.sample import generate
from core.scoring import Score, sentences
from core.scoring.contributions_json import contributions_json
from core.scoring.explain import largest_first
from core.scoring.own_column import OwnColumn
from tests.scoring.made import explained

NOW = datetime(2026, 10, 1, tzinfo=UTC)
LEADS = [values_of(item.history, NOW) for item in generate(200, seed=3, end=NOW)]
CHANCE = np.random.default_rng(8)


def _score(features: NDArray[np.float32], *own: OwnColumn) -> Score:
    sizes = CHANCE.choice([0.0, 1e-7, 1e-5, 0.0005, 0.003, 0.05, 0.7, 1.5], len(features))
    return explained(features, sizes * CHANCE.normal(size=len(features)), *own)


def _same(score: Score) -> bool:
    return _json(score) == orjson.dumps(sentences(score)).decode()


def _json(score: Score) -> str:
    return contributions_json(
        score.features, score.contributions, largest_first(score.contributions), score.own_columns
    )


def test_leads_of_all_kinds_are_told_as_their_sentences_are() -> None:
    assert all(_same(_score(features)) for features in LEADS)


def test_every_level_of_every_feature_is() -> None:
    for value in (UNKNOWN, 0, 0.3, 0.5, 0.99, 1, 1.2, 2, 3, 7, 24, 47.9, 48, 1_250, 625_000, 1e9, 1e16):
        highs = [min(value, item.high) for item in CATALOG]
        assert _same(_score(np.array(highs, dtype=np.float32))), value


def test_a_teams_own_words_may_hold_what_json_escapes() -> None:
    own = OwnColumn('Größe "in"\\\n\t<b>', "category", places={"a": 1.0}, names={"a": "„ja“ \x1f\u2028"})
    features = np.append(np.full(len(NAMES), UNKNOWN), 1.0).astype(np.float32)
    score = _score(features, own)
    score.contributions[-1] = 0.2
    assert _same(score)
    told = orjson.loads(_json(score))
    assert any(item["text"].endswith("„ja“ \x1f\u2028: raises the chance by 20 points") for item in told)
