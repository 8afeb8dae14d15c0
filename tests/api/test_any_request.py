"""Requests made up from the OpenAPI document, good ones and bad ones: no fault of ours, no answer it does not know."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.openapi import from_asgi
from schemathesis.specs.openapi.checks import positive_data_acceptance

from core.api.build import build_api
from core.services.center import CommandCenter
from core.services.scores import scoring
from tests.api.served import unlimited
from tests.services.centers import models_dir, settings_in
from tests.services.made import told

__all__ = ["models_dir"]
EXAMPLES = 30
BEYOND_A_SCHEMA = (
    "must be between 2000-01-01 and now",
    "NUL",
    "surrogate",
    "should be a valid integer",
    "must be a name such as",
)  # 1.0 is none
WEBHOOK = ("POST", "/v1/webhooks/gohighlevel")
MAIL = ("POST", "/v1/leads/email")  # most bodies of its schema hold no lead: refused in a sentence, not field by field
ROUTES = (
    ("POST", "/v1/ml/score"),
    ("POST", "/v1/ml/batch-score"),
    ("GET", "/v1/ml/score/{lead_id}"),
    ("GET", "/v1/ml/leads"),
    ("GET", "/v1/ml/leads/{lead_id}"),
    ("POST", "/v1/ml/outcomes"),
    ("GET", "/v1/ml/model/status"),
    ("GET", "/v1/ml/metrics"),
    ("GET", "/v1/ml/health"),
    WEBHOOK,
    MAIL,
)


@pytest.fixture(scope="module")
def served_center(tmp_path_factory: pytest.TempPathFactory, models_dir: Path) -> Iterator[CommandCenter]:
    with CommandCenter(settings_in(tmp_path_factory.mktemp("any")), models_dir) as center:
        scoring.score_lead(center, told("lead_12345"))
        yield center


@pytest.fixture(scope="module")
def document(served_center: CommandCenter) -> Any:
    return from_asgi("/openapi.json", build_api(lambda: served_center))


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["good", "bad"])
@pytest.mark.parametrize("route", ROUTES, ids=" ".join)
def test_any_request_gets_an_answer_that_the_document_knows(
    document: Any, served_center: CommandCenter, route: tuple[str, str], mode: GenerationMode
) -> None:
    method, path = route
    operation = document[path][method]
    if mode is GenerationMode.NEGATIVE and not (operation.body or operation.query or operation.path_parameters):
        return  # nothing to get wrong
    headers = {"Authorization": f"Bearer {unlimited(served_center)}"}

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def call(case: schemathesis.Case[Any]) -> None:
        answer = case.call_and_validate(headers=headers, excluded_checks=[positive_data_acceptance])
        if mode is GenerationMode.POSITIVE and answer.status_code == 422 and route != MAIL:
            problems = [detail["problem"] for detail in answer.json()["error"]["details"]]
            assert problems
            assert all(any(words in problem for words in BEYOND_A_SCHEMA) for problem in problems), problems

    call()


def test_every_route_of_the_document_is_tried(document: Any) -> None:
    found = {(operation.ok().method.upper(), operation.ok().path) for operation in document.get_all_operations()}
    assert found == set(ROUTES)
