"""docs/api.md is held to the server: its commands are run, its table is compared with the routes."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess

import pytest

from core.api.build import build_api
from core.client import JorgeClient
from core.client import errors as client_errors
from core.services.center import CommandCenter
from core.settings import PROJECT_ROOT
from tests.api.served import served, unlimited

PAGE = (PROJECT_ROOT / "docs/api.md").read_text(encoding="utf-8")
SHELL = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
CALLS = [block for block in SHELL if "curl" in block]


def test_the_table_names_every_route_of_the_document() -> None:
    document = build_api(lambda: pytest.fail("not needed")).openapi()
    routes = {
        f"{method.upper()} {path.removeprefix('/v1/ml') if path.startswith('/v1/ml/') else f'/api{path}'}"
        for path, methods in document["paths"].items()
        for method in methods
    }
    named = set(re.findall(r"^\| `((?:GET|POST) [^`]+)` \|", PAGE, re.MULTILINE))
    assert named == routes


def test_the_page_names_every_method_of_the_client_and_every_error() -> None:
    [(methods, errors)] = re.findall(r"^Its methods: (.*?)\.\nIt raises (.*?) for what is no answer", PAGE, re.S | re.M)
    calls = {name for name, it in vars(JorgeClient).items() if callable(it) and not name.startswith("_")} - {"close"}
    assert set(re.findall(r"`(\w+)`", methods)) == calls
    kinds = {name for name, it in vars(client_errors).items() if isinstance(it, type) and issubclass(it, Exception)}
    assert set(re.findall(r"`(\w+)`", errors)) == kinds - {"ClientError"}


def test_every_command_of_the_page_works_as_it_stands(center: CommandCenter) -> None:
    if shutil.which("curl") is None:
        pytest.skip("there is no curl on this machine")
    with served(center) as url:
        environment = os.environ | {"JORGE": f"{url}/api/v1/ml", "TOKEN": unlimited(center), "NO_PROXY": "*"}
        answers = [
            subprocess.run(["bash", "-ec", block], env=environment, capture_output=True, text=True, timeout=60)
            for block in CALLS
        ]
    for block, answer in zip(CALLS, answers, strict=True):
        assert answer.returncode == 0, (block, answer.stderr)
    assert json.loads(answers[0].stdout)["success"] is True
    assert center.store.lead("lead_1").stage == "closed"
    assert '"succeeded":2' in answers[1].stdout
    assert '"total":1' in answers[2].stdout
    assert "jorge_ml_predictions_total" in answers[3].stdout
