"""The OpenAPI document, its page, and the Postman collection made from it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest
from fastapi.routing import APIRoute
from starlette.testclient import TestClient

from core.api import postman
from core.api.build import CRM_PREFIX, FAMILIES, build_api
from core.api.lead_mail import router as mail_router
from core.api.status import router as status_router
from core.api.webhooks import router as webhook_router
from core.leads import utc_now
from core.services.access import Scope, make_key
from core.services.center import CommandCenter
from tests.api.served import served, unlimited
from tests.services.centers import settings_in
from tests.services.crm.hooks import public, sign

DOCUMENT: dict[str, Any] = build_api(lambda: pytest.fail("not needed")).openapi()
OPERATIONS = {
    f"{method.upper()} {path}": operation
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
}

# What format 2.1 asks of the parts that we use, in the words of JSON schema.
COLLECTION = {
    "type": "object",
    "required": ["info", "item"],
    "additionalProperties": False,
    "properties": {
        "info": {
            "type": "object",
            "required": ["name", "schema"],
            "properties": {"name": {"type": "string"}, "schema": {"const": postman.SCHEMA}},
        },
        "item": {"type": "array", "items": {"$ref": "#/$defs/folder"}},
        "auth": {"$ref": "#/$defs/auth"},
        "variable": {"type": "array", "items": {"$ref": "#/$defs/variable"}},
    },
    "$defs": {
        "folder": {
            "type": "object",
            "required": ["item"],
            "properties": {"name": {"type": "string"}, "item": {"type": "array", "items": {"$ref": "#/$defs/item"}}},
        },
        "item": {
            "type": "object",
            "required": ["request"],
            "properties": {
                "name": {"type": "string"},
                "request": {"$ref": "#/$defs/request"},
                "response": {"type": "array", "items": {"$ref": "#/$defs/response"}},
            },
        },
        "request": {
            "type": "object",
            "properties": {
                "method": {"enum": ["GET", "POST"]},
                "auth": {"$ref": "#/$defs/auth"},
                "header": {"type": "array", "items": {"$ref": "#/$defs/header"}},
                "url": {
                    "type": "object",
                    "properties": {
                        "raw": {"type": "string"},
                        "host": {"type": "array", "items": {"type": "string"}},
                        "path": {"type": "array", "items": {"type": "string"}},
                        "query": {"type": "array", "items": {"$ref": "#/$defs/variable"}},
                        "variable": {"type": "array", "items": {"$ref": "#/$defs/variable"}},
                    },
                },
                "body": {
                    "type": "object",
                    "required": ["mode", "raw"],
                    "properties": {"mode": {"const": "raw"}, "raw": {"type": "string"}},
                },
            },
        },
        "response": {
            "type": "object",
            "properties": {
                "name": {"type": "string"},
                "code": {"type": "integer"},
                "body": {"type": ["string", "null"]},
                "originalRequest": {"$ref": "#/$defs/request"},
                "header": {"type": "array", "items": {"$ref": "#/$defs/header"}},
            },
        },
        "header": {
            "type": "object",
            "required": ["key", "value"],
            "properties": {"key": {"type": "string"}, "value": {"type": "string"}},
        },
        "variable": {
            "type": "object",
            "anyOf": [{"required": ["key"]}, {"required": ["id"]}],
            "properties": {"key": {"type": "string"}, "value": {"type": "string"}},
        },
        "auth": {
            "type": "object",
            "required": ["type"],
            "properties": {"type": {"enum": ["bearer", "noauth"]}},
        },
    },
}


@pytest.fixture
def taking(tmp_path: Path, models_dir: Path) -> Iterator[CommandCenter]:
    """A center that also takes webhooks."""
    with CommandCenter(settings_in(tmp_path / "data", jorge_ghl_webhook_keys=public()), models_dir) as opened:
        yield opened


def test_the_document_has_a_title_and_every_route_stands_in_a_group_that_is_described() -> None:
    assert DOCUMENT["info"]["title"] == "Jorge lead scoring"
    groups = {tag["name"] for tag in DOCUMENT["tags"]}
    assert all(tag["description"] for tag in DOCUMENT["tags"])
    assert {name for operation in OPERATIONS.values() for name in operation["tags"]} == groups
    assert len({operation["operationId"] for operation in OPERATIONS.values()}) == len(OPERATIONS)


def test_every_route_stands_in_the_document() -> None:
    routes = [route for family in (*FAMILIES, status_router) for route in family.routes if isinstance(route, APIRoute)]
    found = {f"{method} /v1/ml{route.path}" for route in routes for method in route.methods or ()}
    sent = (*webhook_router.routes, *mail_router.routes)
    by_programs = [route for route in sent if isinstance(route, APIRoute)]
    found |= {f"{method} {CRM_PREFIX}{route.path}" for route in by_programs for method in route.methods or ()}
    assert found == set(OPERATIONS)


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_route_tells_its_errors_with_an_example_in_the_one_shape(name: str) -> None:
    operation = OPERATIONS[name]
    told = set(operation["responses"])
    wanted = {"200"} if name.endswith("/health") else {"200", "401", "403", "429", "503"}
    wanted -= {"429"} if "/webhooks/" in name else set()  # an event is never sent away for its number
    wanted |= {"422"} if "requestBody" in operation or "parameters" in operation else set()
    wanted |= {"413"} if "requestBody" in operation else set()
    of_one_lead = "{" in name or name.endswith(("/outcomes", "/score", "/leads/email"))  # another agent's, to an agent
    wanted |= {"404"} if of_one_lead else set()
    assert told == wanted
    for status in told - {"200"}:
        answer = operation["responses"][status]
        example = answer["content"]["application/json"]["example"]
        assert set(example) == {"success", "error", "request_id"}
        assert set(example["error"]) == {"code", "message", "details"}
        assert answer["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/ErrorOut"}
    assert {status for status in told if "headers" in operation["responses"][status]} == told & {"429", "503"}


@pytest.mark.parametrize("name", OPERATIONS)
def test_the_examples_fit_their_own_schemas(name: str) -> None:
    operation = OPERATIONS[name]
    bodies = [operation["requestBody"]["content"]["application/json"]] if "requestBody" in operation else []
    for body in bodies:
        assert body["examples"]
        for example in body["examples"].values():
            valid(example["value"], body["schema"])
    for answer in operation["responses"].values():
        content = answer["content"]["application/json"]
        valid(content["example"], content["schema"])


def test_the_examples_of_errors_say_what_the_server_says(center: CommandCenter) -> None:
    told = {
        status: answer["content"]["application/json"]["example"]["error"]
        for status, answer in OPERATIONS["POST /v1/ml/score"]["responses"].items()
        if status != "200"
    }
    limited = CommandCenter(settings_in(center.data_dir, jorge_rate_limit_score_per_minute=1), center.models_dir)
    keys = [{"X-API-Key": make_key(center, scope.value, scope)} for scope in (Scope.READ, Scope.SCORE)]
    bodies: dict[str, tuple[dict[str, str], dict[str, Any]]] = {
        "401": ({}, {}),
        "403": (keys[0], {}),
        "422": (keys[1], {"lead_id": "a", "lead_data": {"budget": 1}}),
        "413": (keys[1], {"lead_id": "a" * 1_000_000}),
    }
    with limited:
        client, once = (TestClient(build_api(lambda of=of: of)) for of in (center, limited))  # type: ignore[misc]
        found = {
            status: client.post("/v1/ml/score", json=body, headers=who).json()["error"]
            for status, (who, body) in bodies.items()
        }
        once.post("/v1/ml/score", json={}, headers=keys[1])
        found["429"] = once.post("/v1/ml/score", json={}, headers=keys[1]).json()["error"]
    found["404"] = client.get("/v1/ml/leads/lead_404", headers=keys[0]).json()["error"]
    assert {status: plain(error) for status, error in found.items()} == {
        status: plain(error) for status, error in told.items() if status != "503"
    }


def plain(error: dict[str, Any]) -> dict[str, Any]:
    """Without the numbers of the limit, which depend on settings and the clock."""
    return error | {"message": re.sub(r"to \d+ a minute; wait \d+ s", "", error["message"])}


def valid(value: Any, schema: dict[str, Any]) -> None:
    jsonschema.validate(value, {**schema, "components": DOCUMENT["components"]}, jsonschema.Draft202012Validator)


def test_an_example_answer_has_every_key_of_its_schema() -> None:
    for name, operation in OPERATIONS.items():
        content = operation["responses"]["200"]["content"]["application/json"]
        schema = DOCUMENT["components"]["schemas"][content["schema"]["$ref"].rsplit("/", 1)[1]]
        assert set(content["example"]) == set(schema["properties"]), name


def test_the_page_shows_the_document_without_the_internet(quick: TestClient) -> None:
    page = quick.get("/docs")
    assert page.status_code == 200
    assert "<title>Jorge lead scoring API</title>" in page.text
    addresses = re.findall(r"""(?:src|href|url)\s*[=:]\s*["']([^"']+)""", page.text)
    assert {"/docs/swagger-ui-bundle.js", "/docs/swagger-ui.css", "/docs/favicon.png", "/openapi.json"} <= set(
        addresses
    )
    for address in addresses:
        assert address.startswith("/"), address
        assert quick.get(address).status_code == 200
    assert "//cdn" not in page.text
    assert quick.get("/docs/swagger-ui.css").headers["content-type"].startswith("text/css")
    for strange in ("/docs/redoc.standalone.js", "/docs/..%2f__init__.py"):
        assert quick.get(strange).status_code == 404
    assert quick.get("/", follow_redirects=False).headers["location"] == "/docs"


def test_the_collection_is_the_one_made_from_the_document() -> None:
    kept = json.loads(postman.FILE.read_text(encoding="utf-8"))
    assert kept == postman.collection(DOCUMENT), "make it anew with: python -m core.api.postman"


def test_the_collection_is_of_format_2_1() -> None:
    jsonschema.validate(postman.collection(DOCUMENT), COLLECTION)


def test_every_request_of_the_collection_is_answered_by_a_running_server(taking: CommandCenter) -> None:
    made = postman.collection(DOCUMENT)
    items = [item for folder in made["item"] for item in folder["item"]]
    assert {f"{item['request']['method']} {'/'.join(item['request']['url']['path'])}" for item in items} == {
        name.replace("/v1", "v1", 1).replace("{lead_id}", ":lead_id") for name in OPERATIONS
    }
    with served(taking) as url, httpx.Client(trust_env=False, timeout=20) as client:
        for item in items:
            request = item["request"]
            headers = {header["key"]: header["value"] for header in request["header"]}
            if request.get("auth", made["auth"])["type"] == "bearer":
                headers["Authorization"] = f"Bearer {unlimited(taking)}"
            address = request["url"]["raw"].replace("{{baseUrl}}", f"{url}/api")
            for place in request["url"].get("variable", []):
                address = address.replace(f":{place['key']}", place["value"])
            body = request.get("body", {}).get("raw")
            if "/webhooks/" in address:  # who sends puts in the time, and signs
                body = json.dumps(json.loads(body) | {"timestamp": utc_now().isoformat()})
                headers["x-wh-signature"] = sign(body.encode())
            answer = client.request(request["method"], address, headers=headers, content=body)
            assert answer.status_code == 200, (item["name"], answer.text)
            example = json.loads(next(told["body"] for told in item["response"] if told["code"] == 200))
            assert set(answer.json()) == set(example), item["name"]
